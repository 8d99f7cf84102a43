import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, type IssueStore, type IssueTracker, type NewEvent } from "../../src/index.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { RAW_STORES } from "../support/raw-stores.ts";
import { DAY, failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";
import { unreliableSink } from "../support/unreliable-sink.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** Stands in every text of the project that is erased. */
const MARKER = "zqxj";
const MARKED = `${MARKER}-shop`;
const OTHER = "other";

/** One step of a project's random life. */
type Step = (tracker: IssueTracker, clock: VirtualClock, issueIds: readonly string[]) => Promise<unknown>;

const small = fc.integer({ min: 0, max: 3 });
const ignoringRefusals = (work: Promise<unknown> | undefined): Promise<unknown> =>
  (work ?? Promise.resolve()).catch(() => undefined);

/** Commands on one of the project's issues. Some are refused. */
const COMMANDS: readonly ((tracker: IssueTracker, id: string) => Promise<unknown>)[] = [
  ({ issues }, id) => issues.resolve(id, { by: `${MARKER} ann`, comment: `${MARKER} done` }),
  ({ issues }, id) => issues.resolve(id, { in: "next-release" }),
  ({ issues }, id) => issues.resolve(id, { in: "latest-release" }),
  ({ issues }, id) => issues.mute(id, { until: START + 9 * DAY, wakeOn: "deadline", by: `${MARKER} ann` }),
  ({ issues }, id) => issues.mute(id, { conditions: [{ kind: "volume", period: "day", nrOfPeriods: 1, volume: 90 }] }),
  ({ issues }, id) => issues.annotate(id, `${MARKER} comment`),
  ({ issues }, id) => issues.watch(id, { conditions: [{ kind: "spike" }] }),
  ({ issues }, id) => issues.delete(id),
];

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(small, small, small).map(digestStep) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(), fc.constantFrom(...COMMANDS)).map(([place, command]): Step => {
      return (tracker, _, ids) => ignoringRefusals(command(tracker, ids[place % ids.length] ?? "none"));
    }),
  },
  fc.constantFrom<Step>(
    ({ alerts }) => alerts.drain(),
    (tracker, clock) => {
      clock.advanceBy(HOUR + MINUTE);
      return tracker.tick();
    },
    async ({ alerts }) => {
      const { items } = await alerts.list();
      return alerts.discard(
        items.slice(0, 2).map(({ alert }) => alert.id),
        { reason: `${MARKER} reason`, by: `${MARKER} ann` },
      );
    },
  ),
);

function digestStep([type, release, user]: readonly [number, number, number]): Step {
  return (tracker) => tracker.digest(eventsOf(MARKED, MARKER, String(type), release, user));
}

function eventsOf(projectId: string, text: string, type: string, release: number, user: number): NewEvent[] {
  return [1, 2].map((number) => ({
    projectId,
    type: `${text} type ${type}x`,
    value: `${text} value`,
    transaction: `${text} transaction`,
    environment: `${text} ${String(number)}`,
    release: release === 0 ? "" : `${text}@${String(release)}.0.0`,
    userId: `${text} ${String(user)}`,
    data: { [text]: `${text} ${"long ".repeat(300)}` },
  }));
}

function trackerOn(store: IssueStore) {
  const clock = createVirtualClock(START);
  const logged: unknown[] = [];
  const tracker = createIssueTracker({
    store,
    clock,
    // Some alerts are delivered, some fail, some die, some are throttled.
    alertSink: unreliableSink(),
    alerts: { random: () => 0, limits: { perIssue: 1, perProject: 3, periodMs: HOUR } },
    onError: (error) => logged.push(error),
  });
  return { tracker, clock, logged };
}

/** A project with something of everything, of which nothing is due any more. */
async function settleOther(tracker: IssueTracker, clock: VirtualClock): Promise<void> {
  await tracker.projects.save({ id: OTHER });
  await tracker.digest(eventsOf(OTHER, OTHER, "a", 1, 1));
  await tracker.digest(eventsOf(OTHER, OTHER, "b", 2, 2));
  await tracker.issues.resolve("OTHER-1", { in: "next-release", by: "bob" });
  for (let hour = 0; hour < 3; hour++) {
    clock.advanceBy(3 * HOUR);
    await tracker.tick();
    await tracker.alerts.drain();
  }
  const { items } = await tracker.alerts.list();
  await tracker.alerts.discard(
    items.map(({ alert }) => alert.id),
    { reason: "enough", by: "bob" },
  );
}

describe.each(RAW_STORES)("an erased project on $name", ({ open }) => {
  test("leaves nothing in any column of any table, and all else as it was", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 25 }), async (life) => {
        const { store, dump, close } = await open();
        try {
          const { tracker, clock } = trackerOn(store);
          await settleOther(tracker, clock);
          const before = await dump();
          await tracker.projects.save({ id: MARKED, slug: MARKER });
          const ids = new Set<string>();
          for (const step of life) {
            const found = await tracker.issues.list({ projectId: MARKED });
            for (const { id } of found.items) ids.add(id);
            await step(tracker, clock, [...ids]);
          }
          await tracker.settled();
          const during = await dump();
          expect(during.some((line) => line.includes(MARKER))).toBe(true);
          await tracker.projects.erase(MARKED);
          const after = await dump();
          expect(after.filter((line) => line.includes(MARKER))).toEqual([]);
          expect(after).toEqual(before);
        } finally {
          await close();
        }
      }),
      { numRuns: rounds({ quick: 2, full: 15 }), endOnFailure: true },
    );
  });

  test("frees its id and slug, and is known to nobody", async () => {
    const { store, close } = await open();
    onTestFinished(close);
    const { tracker } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", id: "e", type: "E", release: "1.0.0" });
    await tracker.projects.erase("shop");
    expect(await tracker.projects.get("shop")).toBeUndefined();
    expect(await failureOf(tracker.digest({ projectId: "shop", type: "E" }))).toMatchObject({
      code: "unknown-project",
    });
    expect(await failureOf(tracker.projects.erase("shop"))).toMatchObject({ code: "unknown-project", field: "id" });
    await tracker.projects.save({ id: "store", slug: "SHOP" });
    await tracker.projects.save({ id: "shop", slug: "s2" });
    expect(await tracker.releases.latest("shop")).toBeUndefined();
    const outcome = await tracker.digest({ projectId: "shop", id: "e", type: "E", release: "1.0.0" });
    expect(outcome).toMatchObject({ kind: "digested", created: true, issue: { friendlyId: "S2-1", eventCount: 1 } });
  });

  test("is erased although it is more than fits into a step", { timeout: 60_000 }, async () => {
    const { store, dump, close } = await open();
    onTestFinished(close);
    const { tracker, clock } = trackerOn(store);
    await settleOther(tracker, clock);
    const before = await dump();
    await tracker.projects.save({ id: MARKED, slug: MARKER });
    const many = Array.from({ length: 1_300 }, (_, index): NewEvent => {
      return {
        projectId: MARKED,
        type: index < 650 ? `E${String(index)}x` : "E",
        userId: String(index),
        release: `1.${String(index)}.0`,
      };
    });
    await tracker.digest(many);
    await tracker.settled();
    await tracker.projects.erase(MARKED);
    expect(await dump()).toEqual(before);
  });
});

describe("the erasure of a project", () => {
  test("that was cut short is finished by another call", async () => {
    const inner = createMemoryStore();
    let left = 1;
    const store: IssueStore = {
      ...inner,
      transaction: (work) =>
        inner.transaction((transaction) =>
          work(
            replacing(transaction, {
              eraseProject: (request) => {
                if (left-- === 0) throw new Error("the process ended");
                return transaction.eraseProject({ ...request, limit: 5 });
              },
            }),
          ),
        ),
    };
    const { tracker } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    await tracker.digest(Array.from({ length: 20 }, (_, index) => ({ projectId: "shop", type: `E${String(index)}x` })));
    await expect(tracker.projects.erase("shop")).rejects.toThrow("the process ended");
    expect(await tracker.projects.get("shop")).toMatchObject({ id: "shop" });
    left = -1;
    await tracker.projects.erase("shop");
    expect((await tracker.projects.list()).items).toEqual([]);
  });

  test("settles harmlessly what is being delivered, and delivers nothing afterwards", async () => {
    const store = createMemoryStore();
    const sent: string[] = [];
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    const logged: unknown[] = [];
    const tracker = createIssueTracker({
      store,
      clock: createVirtualClock(START),
      alerts: { concurrency: 1 },
      alertSink: async ({ issue }) => {
        sent.push(issue?.title ?? "");
        begin(undefined);
        await ended;
      },
      onError: (error) => logged.push(error),
    });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest(["A", "B", "C"].map((type) => ({ projectId: "shop", type })));
    await begun;
    await tracker.projects.erase("shop");
    end(undefined);
    await tracker.settled();
    expect(sent).toHaveLength(1);
    expect(logged).toEqual([]);
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 0, failed: 0 });
  });

  test("refuses what is no id of a project", async () => {
    const { tracker } = trackerOn(createMemoryStore());
    expect(await failureOf(tracker.projects.erase(""))).toMatchObject({ code: "invalid-input", field: "id" });
  });

  test("stops with `corrupt-data` at a store that would never end it", async () => {
    const inner = createMemoryStore();
    const store: IssueStore = {
      ...inner,
      transaction: (work) =>
        inner.transaction((transaction) =>
          work(replacing(transaction, { eraseProject: async () => ({ removed: 0, next: "more" }) })),
        ),
    };
    const { tracker } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    expect(await failureOf(tracker.projects.erase("shop"))).toMatchObject({ code: "corrupt-data" });
  });
});
