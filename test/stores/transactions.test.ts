import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIssueTracker, type IssueStore } from "../../src/index.ts";
import { NO_WATCH } from "../../src/core/watch.ts";
import type { StoreChanges } from "../../src/ports/index.ts";
import { hostileText } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** The members of {@link StoreChanges} that a digest writes, in their order. */
const WRITES = [
  "releases",
  "newIssues",
  "updates",
  "counters",
  "marks",
  "users",
  "turningPoints",
  "events",
  "alerts",
] as const satisfies (keyof StoreChanges)[];

/** Where a transaction fails: before a member of its changes is written, or at its end. */
type FailurePoint = (typeof WRITES)[number] | "end";

/** The same store, but every transaction fails: at its end, or when all changes before one member are written. */
function failing(store: IssueStore, where: FailurePoint): IssueStore {
  return {
    ...store,
    transaction: (work) =>
      store.transaction(async (transaction) => {
        const write = transaction.write.bind(transaction);
        const failingWrite = async (changes: StoreChanges): Promise<void> => {
          if (where === "end" || isEmpty(changes[where])) return write(changes);
          const before = WRITES.slice(0, WRITES.indexOf(where)).map((name) => [name, changes[name] ?? []]);
          await write(Object.fromEntries(before));
          throw new Error(`failed at ${where}`);
        };
        Object.defineProperty(transaction, "write", { value: failingWrite });
        await work(transaction);
        throw new Error("failed at end");
      }),
  };
}

function isEmpty(values: Iterable<unknown> | undefined): boolean {
  return values === undefined || [...values].length === 0;
}

const STORES = storesForStories();

describe.each(STORES)("a transaction on $name", ({ open }) => {
  test.each<FailurePoint>([...WRITES, "end"])("that fails at %s leaves nothing behind", async (where) => {
    const store = await open();
    const story = await Scenario.begin(store);
    await story.tracker.digest([
      { projectId: "shop", id: "1", type: "A", release: "1.0.0" },
      { projectId: "shop", id: "2", type: "B", release: "1.0.0", receivedAt: START - 90_000 },
    ]);
    const before = (await story.tracker.issues.list({ projectId: "shop" })).items;
    await story.tracker.issues.resolve(before[0]?.id ?? "", { in: "next-release" });
    await story.alerts();
    story.clock.advanceBy(60_000);
    const everything = async () => ({
      issues: (await story.tracker.issues.list({ projectId: "shop" })).items,
      histories: await Promise.all(before.map(({ id }) => story.tracker.issues.history(id))),
      counts: await Promise.all(before.map(({ id }) => story.tracker.issues.eventCounts(id, { period: "minute" }))),
      marks: await Promise.all(before.map(({ id }) => story.tracker.issues.releases(id))),
      releases: await story.tracker.releases.list("shop"),
      projects: await store.read((reader) => reader.findProjects({ after: null, limit: 1_000 })),
      alerts: (await story.tracker.alerts.list()).items,
      events: await Promise.all(["1", "2", "3", "4", "5"].map((id) => story.tracker.events.get("shop", id))),
    });
    const state = await everything();
    const broken = await Scenario.begin(store).then(() => failing(store, where));
    const tracker = createIssueTracker({ store: broken, clock: story.clock, alertSink: "elsewhere" });
    const batch = [
      { projectId: "shop", id: "3", type: "A", release: "1.0.0", userId: "ann", environment: "staging" },
      { projectId: "shop", id: "4", type: "C", release: "2.0.0", data: "x" },
      { projectId: "shop", id: "5", type: "A", release: "2.0.0" },
    ];
    expect(await failureOf(tracker.digest(batch))).toMatchObject({ message: `failed at ${where}` });
    expect(await everything()).toEqual(state);
    if (where === "end") {
      for (const command of [
        { kind: "delete" },
        { kind: "resolve", in: { release: "9.9.9" } },
        { kind: "mute" },
      ] as const) {
        expect(
          await failureOf(tracker.issues.bulk({ projectId: "shop", ids: before.map(({ id }) => id) }, command)),
        ).toMatchObject({ message: "failed at end" });
        expect(await everything()).toEqual(state);
      }
      expect(await failureOf(tracker.projects.save({ id: "shop", slug: "other" }))).toBeInstanceOf(Error);
      expect(await failureOf(tracker.releases.register({ projectId: "shop", version: "2.0.0" }))).toBeInstanceOf(Error);
      expect(await failureOf(tracker.events.evict({ projectId: "shop", receivedBefore: START + 1 }))).toBeInstanceOf(
        Error,
      );
      expect(await everything()).toEqual(state);
    }
    expect((await story.tracker.digest(batch)).map(({ kind }) => kind)).toEqual(["digested", "digested", "digested"]);
    await story.tracker.close();
  });

  test("is not visible to readers before it ends", async () => {
    const store = await open();
    const story = await Scenario.begin(store);
    const seen: number[] = [];
    const writing = store.transaction(async (transaction) => {
      const alerts = { "new-issue": true, regression: true, unmute: true, loud: true };
      const late = {
        id: "late",
        slug: "late",
        alerts,
        watch: NO_WATCH,
        stateEnvironments: null,
        autoResolveAfterMs: null,
      };
      await transaction.write({ projects: [late] });
      await new Promise((resolve) => setImmediate(resolve));
    });
    const reading = story.tracker.projects.list().then(({ items }) => seen.push(items.length));
    await Promise.all([writing, reading]);
    expect(seen[0] === 1 || seen[0] === 2).toBe(true);
    expect((await story.tracker.projects.list()).items).toHaveLength(2);
    await story.tracker.close();
  });
});

describe.each(STORES)("texts on $name", ({ open }) => {
  test("are returned unchanged, and no two different ones are one key", async () => {
    const store = await open();
    const story = await Scenario.begin(store);
    const nonEmpty = hostileText.filter((text) => text !== "");
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(nonEmpty, { minLength: 2, maxLength: 6 }), nonEmpty, async (texts, other) => {
        const projectId = `p${other}`.slice(0, 200);
        const slug = `s${String(counter++)}`;
        await story.tracker.projects.save({ id: projectId, slug }).catch(() => undefined);
        const { items: projects } = await story.tracker.projects.list({ limit: 1_000 });
        expect(projects.map(({ id }) => id)).toContain(projectId);
        const ids = texts.map((text) => text.slice(0, 100));
        const outcomes = await story.tracker.digest(
          texts.map((text, index) => ({
            projectId,
            id: `${slug}/${String(index)}/${ids[index] ?? ""}`,
            fingerprint: [slug, text],
            value: text,
            transaction: text,
            release: `${slug}${text}`.slice(0, 250),
            data: text,
            environment: text.slice(0, 200),
            userId: text.slice(0, 200),
          })),
        );
        const issues = outcomes.flatMap((each) => (each.kind === "digested" ? each.issue : []));
        expect(new Set(issues.map(({ id }) => id)).size).toBe(texts.length);
        for (const [index, text] of texts.entries()) {
          const issue = issues[index];
          const event = await story.tracker.events.get(projectId, `${slug}/${String(index)}/${ids[index] ?? ""}`);
          expect(event).toMatchObject({
            projectId,
            issueId: issue?.id,
            data: text,
            level: "error",
            type: "",
            value: text,
            transaction: text,
            environment: text.slice(0, 200).trim(),
            release: `${slug}${text}`.slice(0, 250).trim(),
          });
          const stored = await story.tracker.issues.get(issue?.id ?? "");
          expect(stored).toEqual(issue);
          await story.tracker.issues.annotate(issue?.id ?? "", `x${text}`, { by: text.slice(0, 200) });
          expect((await story.tracker.issues.history(issue?.id ?? "")).items[0]).toMatchObject({
            comment: `x${text}`,
            by: { id: text.slice(0, 200) },
          });
        }
      }),
      { numRuns: rounds({ quick: 6, full: 60 }) },
    );
    await story.tracker.close();
  });

  test("are found by any part of them", async () => {
    const story = await Scenario.begin(await open());
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, hostileText, async (before, part, after) => {
        const title = `${before}${part}${after}`;
        const { issue } = await story.event({ type: `T${title}`, fingerprint: [`${title}${String(counter++)}`] });
        const { items } = await story.tracker.issues.list({ projectId: "shop", search: part, limit: 1_000 });
        const isWhole = issue.title.includes(part.toWellFormed());
        expect(!isWhole || items.some(({ id }) => id === issue.id)).toBe(true);
        await story.tracker.issues.delete(issue.id);
      }),
      { numRuns: rounds({ quick: 6, full: 60 }) },
    );
    await story.tracker.close();
  });
});

let counter = 0;
