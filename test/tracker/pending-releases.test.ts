import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import type { StoreTransaction } from "../../src/ports/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, MINUTE, START } from "../support/scenario.ts";
import { openEmbedded } from "../support/sqlite-image.ts";

/** As many issues as a transaction applies a release to. */
const STEP = 500;

/** A tracker with issues that come before all others where a release is applied. */
interface Crowded {
  readonly tracker: IssueTracker;
  readonly clock: VirtualClock;
  readonly errors: unknown[];
  /** Ends the failures of steps. */
  readonly steps: { fail: boolean };
}

/** A store whose steps, which apply pending releases, fail as long as they should. */
function withSteps(store: IssueStore, steps: { readonly fail: boolean }): IssueStore {
  return {
    ...store,
    transaction: (work) =>
      store.transaction((transaction) => {
        let isFirst = true;
        const load: StoreTransaction["load"] = async (request) => {
          const isStep = isFirst && Object.keys(request).join() === "timelines";
          isFirst = false;
          if (isStep && steps.fail) throw new IssueLifecycleError("store-busy", "not now", { retryable: true });
          return transaction.load(request);
        };
        return work(withMember(transaction, "load", load));
      }),
  };
}

/** A transaction with another method. */
function withMember(transaction: StoreTransaction, method: string, instead: unknown): StoreTransaction {
  return new Proxy(transaction, {
    get(target, name) {
      const member: unknown = name === method ? instead : Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** @param areWaiting - whether the first issues wait for a release that never comes: then it takes more than a step to reach others */
async function openCrowded(store: IssueStore, areWaiting: boolean): Promise<Crowded> {
  const steps = { fail: false };
  const clock = createVirtualClock(START);
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const options = { store: withSteps(store, steps), clock, onError, alerts: "none" } as const;
  const tracker = createIssueTracker(options);
  await tracker.projects.save({ id: "shop" });
  await tracker.digest(Array.from({ length: STEP }, (_, place) => ({ projectId: "shop", type: `Z${String(place)}x` })));
  await tracker.releases.register({ projectId: "shop", version: "other@1.0.0" });
  if (areWaiting) await tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve", in: "next-release" });
  steps.fail = areWaiting;
  return { tracker, clock, errors, steps };
}

const TYPES = ["A", "B", "C"];

/** What a tracker answers about an issue, without ids that are made up. */
async function answersAbout({ issues }: IssueTracker, friendlyId: string): Promise<unknown> {
  const issue = await issues.get(friendlyId);
  if (issue === undefined) return undefined;
  const { items } = await issues.list({ projectId: "shop", search: issue.title });
  const history = await issues.history(friendlyId, { limit: 2 });
  const marks = await issues.releases(friendlyId, { limit: 2 });
  return withoutIds({
    issue,
    items,
    history,
    older: history.next && (await issues.history(friendlyId, { cursor: history.next })),
    marks,
    others: marks.next && (await issues.releases(friendlyId, { cursor: marks.next })),
    isLatest: await issues.occursInLatestRelease(friendlyId),
  });
}

function withoutIds(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) => (["id", "issueId"].includes(name) ? null : member)),
  );
}

/** One thing that happens. */
type Action =
  | { readonly kind: "digest"; readonly events: readonly { readonly type: string; readonly release: string }[] }
  | {
      readonly kind: "command";
      readonly type: string;
      readonly command: "next" | "plain" | "2.0.0" | "reopen" | "mute";
    }
  | { readonly kind: "bulk" }
  | { readonly kind: "register" | "retire"; readonly version: string }
  | { readonly kind: "tick" };

const RELEASES = ["", "1.0.0", "2.0.0", "3.0.0", "4.0.0", "web@1.0.0", "web@2.0.0", "sha-a"];

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("digest" as const),
      events: fc.array(fc.record({ type: fc.constantFrom(...TYPES), release: fc.constantFrom(...RELEASES) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      type: fc.constantFrom(...TYPES),
      command: fc.constantFrom(
        "next" as const,
        "next" as const,
        "plain" as const,
        "2.0.0" as const,
        "reopen" as const,
        "mute" as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "bulk" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("register" as const, "register" as const, "retire" as const),
      version: fc.constantFrom(...RELEASES.slice(1)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "tick" as const }) },
);

const event = (type: string, release: string) => ({ type, release });

/** Stories that random ones seldom contain. */
const RARE: readonly Action[][] = [
  // In one batch an issue comes to the line of a release that became the latest of it by an earlier event.
  [
    { kind: "digest", events: [event("A", "")] },
    { kind: "command", type: "A", command: "next" },
    { kind: "digest", events: [event("B", "4.0.0"), event("A", "2.0.0")] },
    { kind: "tick" },
    { kind: "digest", events: [event("A", "4.0.0")] },
  ],
];

/** Plays an action, and returns what the tracker answers. */
async function play(
  { tracker, steps }: Crowded,
  given: Action,
  ids: ReadonlyMap<string, string>,
  turn: number,
): Promise<unknown> {
  const projectId = "shop";
  switch (given.kind) {
    case "digest":
      return tracker.digest(
        given.events.map((event, place) => ({ projectId, id: `${String(turn)} ${String(place)}`, ...event })),
      );
    case "command": {
      const id = ids.get(given.type) ?? "SHOP-0";
      const { issues } = tracker;
      if (given.command === "reopen") return issues.reopen(id);
      if (given.command === "mute") return issues.mute(id);
      if (given.command === "plain") return issues.resolve(id);
      return issues.resolve(id, { in: given.command === "next" ? "next-release" : { release: "2.0.0" } });
    }
    case "bulk":
      return tracker.issues.bulk({ projectId, ids: [...ids.values()] }, { kind: "annotate", comment: "all" });
    case "register":
      return tracker.releases.register({ projectId, version: given.version });
    case "retire":
      return withoutFailures(steps, () => tracker.releases.retire({ projectId, version: given.version }));
    case "tick":
      return withoutFailures(steps, () => tracker.tick());
  }
}

/** Does what ends with steps, which do not fail meanwhile. */
async function withoutFailures(steps: { fail: boolean }, work: () => Promise<unknown>): Promise<unknown> {
  const { fail } = steps;
  steps.fail = false;
  try {
    return await work();
  } finally {
    steps.fail = fail;
  }
}

/** The answer or the code of an error. */
async function answerOf(answer: Promise<unknown>): Promise<unknown> {
  try {
    return withoutIds(await answer);
  } catch (error) {
    if (!IssueLifecycleError.is(error)) throw error;
    return error.code;
  }
}

describe.each([
  ["memory", async () => createMemoryStore(), { quick: 15, full: 400 }],
  ["SQLite", openEmbedded, { quick: 3, full: 150 }],
] as const)("issues that a release is applied to in steps, on %s", (_name, open, numRuns) => {
  test("answer at any time as if it had been applied at once", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 16 }), async (actions) => {
        const both = [await openCrowded(await open(), true), await openCrowded(await open(), false)] as const;
        const ids = new Map<string, string>();
        for (const [turn, given] of actions.entries()) {
          for (const { clock } of both) clock.advanceBy(MINUTE);
          const crowded = await answerOf(play(both[0], given, ids, turn));
          const alone = await answerOf(play(both[1], given, ids, turn));
          expect(crowded).toEqual(alone);
          for (const type of TYPES) {
            const { items } = await both[1].tracker.issues.list({ projectId: "shop", search: type });
            const found = items.find(({ title }) => title === type);
            if (found !== undefined) ids.set(type, found.friendlyId);
          }
          for (const id of ids.values()) {
            expect(await answersAbout(both[0].tracker, id)).toEqual(await answersAbout(both[1].tracker, id));
          }
        }
        both[0].steps.fail = false;
        await both[0].tracker.tick();
        for (const id of ids.values()) {
          expect(await answersAbout(both[0].tracker, id)).toEqual(await answersAbout(both[1].tracker, id));
        }
        for (const { tracker } of both) await tracker.close();
      }),
      { numRuns: rounds(numRuns), examples: RARE.map((actions) => [actions]) },
    );
  });

  test("get it in the background after the call, and by a tick of another process after a crash", async () => {
    const store = await open();
    const crowded = await openCrowded(store, true);
    const { tracker, steps, errors } = crowded;
    onTestFinished(() => tracker.close());
    const digest = (type: string, release: string) => tracker.digest({ projectId: "shop", type, release });
    await digest("A", "1.0.0");
    const [issue] = (await tracker.issues.list({ projectId: "shop", search: "A" })).items;
    const id = issue?.id ?? "";
    const stored = async () => store.read(async (reader) => (await reader.findIssues({ ids: [id] }))[0]);
    await tracker.issues.resolve(id, { in: "next-release" });
    steps.fail = false;
    await digest("B", "2.0.0");
    await tracker.settled();
    expect(await stored()).toMatchObject({ state: { resolution: { kind: "by-release", releases: ["2.0.0"] } } });

    await tracker.issues.reopen(id);
    await tracker.issues.resolve(id, { in: "next-release" });
    steps.fail = true;
    await tracker.digest({ projectId: "shop", id: "bringer", type: "B", release: "3.0.0" });
    await tracker.settled();
    expect(errors.at(-1)).toMatchObject({ code: "store-busy" });
    expect(await stored()).toMatchObject({ state: { resolution: { kind: "by-next" } } });
    expect(await tracker.events.get("shop", "bringer")).toMatchObject({ kept: true });
    const other = createIssueTracker({ store, clock: crowded.clock, alerts: "none" });
    await other.tick();
    expect(await stored()).toMatchObject({ state: { resolution: { kind: "by-release", releases: ["3.0.0"] } } });
    expect(await store.read((reader) => reader.findPendingReleases("all"))).toEqual([]);
    const history = (await tracker.issues.history(id)).items;
    expect(history[0]).toMatchObject({ turn: { kind: "next-materialized", release: "3.0.0" }, eventId: "bringer" });
  });
});

describe("a release that is applied in steps", () => {
  test("takes transactions of at most as many issues as a step, whatever waits", async () => {
    const store = createMemoryStore();
    const sizes: number[] = [];
    const noting: IssueStore = {
      ...store,
      transaction: (work) =>
        store.transaction((transaction) => {
          const write: StoreTransaction["write"] = (changes) => {
            sizes.push(changes.turningPoints?.length ?? 0);
            return transaction.write(changes);
          };
          return work(withMember(transaction, "write", write));
        }),
    };
    const tracker = createIssueTracker({ store: noting, clock: createVirtualClock(START), alerts: "none" });
    await tracker.projects.save({ id: "shop" });
    const events = Array.from({ length: 1_600 }, (_, place) => ({ projectId: "shop", type: `T${String(place)}x` }));
    await tracker.digest(events.map((event) => ({ ...event, release: "1.0.0" })));
    await tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve", in: "next-release" });
    sizes.length = 0;
    await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    await tracker.settled();
    expect(sizes).toEqual([STEP, STEP, STEP, 100]);
    const { items } = await tracker.issues.list({ projectId: "shop", search: "T1599x" });
    expect(items).toMatchObject([{ state: { resolution: { kind: "by-release", releases: ["2.0.0"] } } }]);
    await tracker.close();
  });

  test("is applied to the end before its project's releases are edited, and left where the tracker is closed", async () => {
    const store = createMemoryStore();
    const { tracker, clock, steps } = await openCrowded(store, true);
    await tracker.digest({ projectId: "shop", type: "A", release: "1.0.0" });
    const [issue] = (await tracker.issues.list({ projectId: "shop", search: "A" })).items;
    await tracker.issues.resolve(issue?.id ?? "", { in: "next-release" });
    await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    steps.fail = false;
    await tracker.releases.retire({ projectId: "shop", version: "2.0.0" });
    const kinds = (await tracker.issues.history(issue?.id ?? "")).items.map(({ turn }) => turn.kind);
    expect(kinds).toEqual(["claims-withdrawn", "next-materialized", "resolved", "first-seen"]);
    await tracker.releases.register({ projectId: "shop", version: "3.0.0" });
    await tracker.close();
    expect(await failureOf(tracker.tick())).toMatchObject({ code: "closed" });
    expect(clock.now()).toBe(START);
  });

  test("keeps a tick from nothing else while it cannot be applied", async () => {
    const { tracker, clock } = await openCrowded(createMemoryStore(), true);
    onTestFinished(() => tracker.close());
    await tracker.digest(["A", "B"].map((type) => ({ projectId: "shop", type, release: "1.0.0" })));
    const [muted] = (await tracker.issues.list({ projectId: "shop", search: "B" })).items;
    const until = clock.now() + MINUTE;
    await tracker.issues.mute(muted?.id ?? "", { until, wakeOn: "deadline" });
    clock.advanceTo(until);
    expect(await failureOf(tracker.tick())).toMatchObject({ code: "store-busy", message: "not now" });
    expect(await tracker.issues.get(muted?.id ?? "")).toMatchObject({ state: { status: "open" } });
  });
});
