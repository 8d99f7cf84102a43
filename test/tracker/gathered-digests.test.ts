import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  volumeCondition,
  type IssueStore,
  type IssueTracker,
  type NewEvent,
} from "../../src/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, HOUR, START } from "../support/scenario.ts";
import { openEmbedded } from "../support/sqlite-image.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** A store that counts the transactions that are requested of it, and can be told to fail or to wait. */
class Watched {
  readonly inner = createMemoryStore();
  requested = 0;
  /** What the next transactions fail with, instead of beginning. */
  readonly failures: Error[] = [];
  #held: { readonly begin: () => void; readonly released: Promise<undefined> } | undefined;

  /** Lets the next transaction wait when it has begun, as for a lock, while others go on. */
  holdNext(): { readonly begun: Promise<undefined>; readonly release: () => void } {
    const begun = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    this.#held = {
      begin: () => {
        begun.resolve(undefined);
      },
      released: released.promise,
    };
    return {
      begun: begun.promise,
      release: () => {
        released.resolve(undefined);
      },
    };
  }

  get store(): IssueStore {
    return {
      ...this.inner,
      transaction: async (work) => {
        this.requested++;
        const failure = this.failures.shift();
        if (failure !== undefined) throw failure;
        const held = this.#held;
        this.#held = undefined;
        if (held === undefined) return this.inner.transaction(work);
        // The store in memory has one transaction at a time: this one looks begun to its tracker, and then waits for the other ones.
        const failed = await failureOf(
          this.inner.transaction(async (transaction) => {
            await work(transaction);
            throw UNDONE;
          }),
        );
        if (failed !== UNDONE) throw failed;
        held.begin();
        await held.released;
        return this.inner.transaction(work);
      },
    };
  }
}

/** Undoes what a transaction that is held has done so far: it is done again when it is released. */
const UNDONE = new Error("undone");

interface Started {
  readonly watched: Watched;
  readonly tracker: IssueTracker;
  readonly clock: VirtualClock;
}

async function start(gatherDigests?: boolean): Promise<Started> {
  const watched = new Watched();
  const clock = createVirtualClock(START);
  const tracker = createIssueTracker({
    store: watched.store,
    clock,
    alertSink: "elsewhere",
    alerts: { quietAfterMs: null },
    ...(gatherDigests !== undefined && { gatherDigests }),
  });
  await tracker.projects.save({ id: "shop" });
  watched.requested = 0;
  return { watched, tracker, clock };
}

const event = (id: string, more: Partial<NewEvent> = {}): NewEvent => ({ projectId: "shop", id, type: "E", ...more });
const many = (count: number, more: Partial<NewEvent> = {}): NewEvent[] =>
  Array.from({ length: count }, (_, index) => event(String(index), more));

describe("calls of digest that are made at the same time", () => {
  test("share a transaction, and are digested in the order of the calls", async () => {
    const { watched, tracker } = await start();
    const outcomes = await Promise.all(many(64).map((each) => tracker.digest(each)));
    expect(watched.requested).toBe(1);
    expect(outcomes.map((outcome) => outcome.kind === "digested" && outcome.issue.eventCount)).toEqual(
      Array.from({ length: 64 }, (_, index) => index + 1),
    );
  });

  test("each have a transaction where `gatherDigests` is false", async () => {
    const { watched, tracker } = await start(false);
    await Promise.all(many(64).map((each) => tracker.digest(each)));
    expect(watched.requested).toBe(64);
  });

  test("gather while a transaction is running, and are digested by the next one", async () => {
    const { watched, tracker } = await start();
    const running = watched.holdNext();
    const first = tracker.digest(event("first"));
    await running.begun;
    const others = many(64).map((each) => tracker.digest(each));
    expect(watched.requested).toBe(1);
    running.release();
    await Promise.all([first, ...others]);
    expect(watched.requested).toBe(2);
  });

  test("have at most 250 events in a transaction, or a million characters, unless one call has more", async () => {
    const { watched, tracker } = await start();
    await Promise.all(many(501).map((each) => tracker.digest(each)));
    expect(watched.requested).toBe(3);
    watched.requested = 0;
    await Promise.all([tracker.digest(many(700)), tracker.digest(event("a")), tracker.digest(event("b"))]);
    expect(watched.requested).toBe(2);
    watched.requested = 0;
    const big = many(4, { data: "x".repeat(400_000) }).map((each) => ({ ...each, id: `big ${String(each.id)}` }));
    await Promise.all(big.map((each) => tracker.digest(each)));
    expect(watched.requested).toBe(2);
  });

  test("are refused by themselves: an invalid event, and one of an unknown project, keep no other from being digested", async () => {
    const { watched, tracker } = await start();
    const results = await Promise.allSettled([
      tracker.digest(event("a")),
      tracker.digest({ projectId: "nowhere", type: "E" }),
      tracker.digest([event("b"), { projectId: "nothing", type: "E" }, { projectId: "nowhere", type: "E" }]),
      tracker.digest(event("c", { receivedAt: -1 })),
      tracker.digest(event("d")),
    ]);
    expect(results).toMatchObject([
      { value: { kind: "digested", issue: { eventCount: 1 } } },
      { reason: { code: "unknown-project", field: "event.projectId" } },
      { reason: { code: "unknown-project", field: "events[1].projectId" } },
      { reason: { code: "invalid-input", field: "event.receivedAt" } },
      { value: { kind: "digested", issue: { eventCount: 2 } } },
    ]);
    expect(watched.requested).toBe(1);
    expect(await tracker.events.get("shop", "b")).toBeUndefined();
  });

  test("are digested one by one after a failure, which only the call gets that fails alone", async () => {
    const { watched, tracker } = await start();
    const broken = new IssueLifecycleError("store-failed", "too large");
    watched.failures.push(broken, broken);
    const results = await Promise.allSettled(many(4).map((each) => tracker.digest(each)));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
    expect(results[0]).toMatchObject({ reason: broken });
    expect(results.slice(1)).toMatchObject([1, 2, 3].map((eventCount) => ({ value: { issue: { eventCount } } })));
    expect(watched.requested).toBe(5);
  });

  test("do not wait one after the other for a store that cannot be reached", async () => {
    const { watched, tracker } = await start();
    const busy = new IssueLifecycleError("store-busy", "busy", { retryable: true });
    watched.failures.push(busy, busy);
    const results = await Promise.allSettled(many(64).map((each) => tracker.digest(each)));
    expect(new Set(results.map((result) => result.status === "rejected" && result.reason))).toEqual(new Set([busy]));
    expect(watched.requested).toBe(2);
    expect(await tracker.digest(event("0"))).toMatchObject({ kind: "digested", issue: { eventCount: 1 } });
  });

  test("are not digested again after the connection was lost, when nobody knows whether they were", async () => {
    const { watched, tracker } = await start();
    const lost = new IssueLifecycleError("store-failed", "the connection was lost", { retryable: true });
    watched.failures.push(lost);
    const results = await Promise.allSettled(many(4).map((each) => tracker.digest(each)));
    expect(results).toMatchObject(many(4).map(() => ({ reason: lost })));
    expect(watched.requested).toBe(1);
  });

  test("come before a command that is requested after them, and after one that is requested before them", async () => {
    const { tracker } = await start();
    const first = await tracker.digest(event("first"));
    if (first.kind !== "digested") throw new Error("not digested");
    const { id } = first.issue;
    const results = await Promise.all([
      tracker.digest(event("a")),
      tracker.digest(event("b")),
      tracker.issues.resolve(id),
      tracker.digest(event("c")),
      tracker.issues.get(id),
    ]);
    expect(results).toMatchObject([
      { regressed: null },
      { regressed: null },
      { state: { status: "resolved" } },
      { regressed: { kind: "resolved-plainly" } },
      { eventCount: 4, state: { status: "open" } },
    ]);
  });

  test("do not wait for more than 100 ms for a transaction that waits for a lock", async () => {
    const { watched, tracker, clock } = await start();
    const stuck = watched.holdNext();
    const first = tracker.digest(event("stuck"));
    await stuck.begun;
    const other = tracker.digest(event("other", { type: "F" }));
    clock.advanceBy(99);
    expect(watched.requested).toBe(1);
    clock.advanceBy(1);
    expect(await other).toMatchObject({ kind: "digested" });
    stuck.release();
    expect(await first).toMatchObject({ kind: "digested" });
  });

  test("begin anew where the clock was set back between them, and where it went on for more than 100 ms", async () => {
    const { watched, tracker, clock } = await start();
    const digests: Promise<unknown>[] = [];
    for (const byMs of [0, 40, 60, 1, -HOUR, 0]) {
      clock.jumpBy(byMs);
      digests.push(tracker.digest(event(String(digests.length))));
    }
    await Promise.all(digests);
    expect(watched.requested).toBe(3);
  });

  test("are waited for when the tracker closes; later ones are refused", async () => {
    const { watched, tracker } = await start();
    const running = watched.holdNext();
    const digests = [tracker.digest(event("first"))];
    await running.begun;
    digests.push(...many(99).map((each) => tracker.digest(each)));
    const closing = tracker.close();
    running.release();
    await closing;
    expect((await Promise.allSettled(digests)).filter(({ status }) => status === "rejected")).toEqual([]);
    expect(await failureOf(tracker.digest(event("late")))).toMatchObject({ code: "closed" });
  });

  test("raise the alerts that they raise alone, once", async () => {
    const { tracker } = await start();
    await Promise.all(["A", "B", "A", "C", "B"].map((type, index) => tracker.digest(event(String(index), { type }))));
    const { items } = await tracker.alerts.list();
    expect(items.map(({ alert }) => alert.issue?.friendlyId).sort()).toEqual(["SHOP-1", "SHOP-2", "SHOP-3"]);
  });

  test("are the same calls when a store runs the work again after a conflict", async () => {
    const watched = new Watched();
    const { inner } = watched;
    let conflicts = 0;
    const store: IssueStore = {
      ...inner,
      transaction: async (work) => {
        const conflict = new Error("a conflict");
        const failed = await failureOf(
          inner.transaction(async (transaction) => {
            await work(transaction);
            conflicts++;
            throw conflict;
          }),
        );
        if (failed !== conflict) throw failed;
        return inner.transaction(work);
      },
    };
    const tracker = createIssueTracker({ store, clock: createVirtualClock(START) });
    await tracker.projects.save({ id: "shop" });
    conflicts = 0;
    const outcomes = await Promise.all(many(30).map((each) => tracker.digest(each)));
    expect(conflicts).toBeLessThan(4);
    expect(outcomes.map((outcome) => outcome.kind === "digested" && outcome.issue.eventCount)).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
  });
});

/** What a program does without waiting: each of these is requested right after the one before. */
type Turn =
  | { readonly kind: "digest"; readonly events: readonly NewEvent[]; readonly isBatch: boolean }
  | { readonly kind: "command"; readonly issue: number; readonly command: CommandName }
  | { readonly kind: "register"; readonly release: string }
  | { readonly kind: "clock"; readonly byMs: number }
  | { readonly kind: "wait" };

const RELEASES = ["", "", "1.0.0", "1.1.0", "2.0.0"];
/** The store fails on an event of this transaction. */
const POISON = "poison";

const anyEvent = (poison: number): fc.Arbitrary<NewEvent> =>
  fc
    .record({
      type: fc.constantFrom("E0", "E1", "E2", "new", "newer"),
      id: fc.nat({ max: 40 }),
      release: fc.constantFrom(...RELEASES),
      what: fc.oneof(
        { weight: 14, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.constant({ projectId: "nowhere" }) },
        { weight: 1, arbitrary: fc.constant({ receivedAt: -1 }) },
        { weight: poison, arbitrary: fc.constant({ transaction: POISON }) },
        { weight: 1, arbitrary: fc.constant({ receivedAt: START - HOUR }) },
      ),
    })
    .map(({ type, id, release, what }) => ({ projectId: "shop", type, id: String(id), release, ...what }));

/** Commands, by what they are called. */
const COMMANDS = {
  resolve: (tracker, id) => tracker.issues.resolve(id),
  "resolve in the next release": (tracker, id) => tracker.issues.resolve(id, { in: "next-release" }),
  "resolve in the latest release": (tracker, id) => tracker.issues.resolve(id, { in: "latest-release" }),
  mute: (tracker, id) => tracker.issues.mute(id),
  "mute until it is loud": (tracker, id) =>
    tracker.issues.mute(id, { conditions: [volumeCondition(3, "hour")], sinceMute: true }),
  reopen: (tracker, id) => tracker.issues.reopen(id),
} as const satisfies Record<string, (tracker: IssueTracker, id: string) => Promise<unknown>>;
type CommandName = keyof typeof COMMANDS;
const COMMAND_NAMES: readonly CommandName[] = [
  "resolve",
  "resolve in the next release",
  "resolve in the latest release",
  "mute",
  "mute until it is loud",
  "reopen",
];

const digests = (poison: number): fc.Arbitrary<Turn> =>
  fc.record({
    kind: fc.constant("digest" as const),
    events: fc.array(anyEvent(poison), { minLength: 1, maxLength: 4 }),
    isBatch: fc.boolean(),
  });
const waits: fc.Arbitrary<Turn> = fc.constant({ kind: "wait" });
const clocks = (...byMs: readonly number[]): fc.Arbitrary<Turn> =>
  fc.record({ kind: fc.constant("clock" as const), byMs: fc.constantFrom(...byMs) });
const commands: fc.Arbitrary<Turn> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      issue: fc.nat({ max: 2 }),
      command: fc.constantFrom(...COMMAND_NAMES),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("register" as const), release: fc.constantFrom("1.0.0", "1.2.0") }),
  },
);

/** Programs, by what they do. */
const PROGRAMS: readonly (readonly [what: string, turns: fc.Arbitrary<Turn | readonly Turn[]>])[] = [
  [
    "that waits for nothing",
    fc.oneof(
      { weight: 9, arbitrary: digests(0) },
      { weight: 4, arbitrary: commands },
      { weight: 2, arbitrary: clocks(1, 50, 500) },
      { weight: 1, arbitrary: waits },
    ),
  ],
  // A clock that is set back is recovered from by the time of the transaction, which its calls share.
  [
    "on which the store fails at times, and whose clock is set back",
    fc.oneof(
      { weight: 9, arbitrary: digests(1) },
      { weight: 2, arbitrary: fc.tuple(waits, clocks(1, 500, HOUR, -HOUR)) },
      { weight: 1, arbitrary: fc.tuple(waits, commands) },
      { weight: 1, arbitrary: waits },
    ),
  ],
];

/** A store that fails on poisoned events, whatever else is in their transaction. */
function poisoned(inner: IssueStore): IssueStore {
  return {
    ...inner,
    transaction: (work) =>
      inner.transaction((transaction) =>
        work(
          replacing(transaction, {
            write: async (changes) => {
              await transaction.write(changes);
              if (changes.events?.some(({ content }) => content?.transaction === POISON) === true) {
                throw new IssueLifecycleError("store-failed", "The store fails on this event.");
              }
            },
          }),
        ),
      ),
  };
}

/** Plays a program, and returns what its calls returned and what is stored then. Issues have their friendly ids for ids. */
async function play(store: IssueStore, turns: readonly Turn[], gatherDigests: boolean): Promise<unknown> {
  const clock = createVirtualClock(START);
  const alerts = { quietAfterMs: null };
  const tracker = createIssueTracker({
    store: poisoned(store),
    clock,
    gatherDigests,
    alertSink: "elsewhere",
    alerts,
  });
  await tracker.projects.save({ id: "shop" });
  const ids: string[] = [];
  for (const type of ["E0", "E1", "E2"]) {
    const outcome = await tracker.digest(event(type, { type }));
    if (outcome.kind === "digested") ids.push(outcome.issue.id);
  }
  const results: Promise<unknown>[] = [];
  for (const turn of turns) {
    switch (turn.kind) {
      case "digest":
        if (turn.isBatch) results.push(tracker.digest(turn.events));
        else results.push(...turn.events.map((each) => tracker.digest(each)));
        break;
      case "command":
        results.push(COMMANDS[turn.command](tracker, ids[turn.issue] ?? ""));
        break;
      case "register":
        results.push(tracker.releases.register({ projectId: "shop", version: turn.release }));
        break;
      case "clock":
        clock.jumpBy(turn.byMs);
        break;
      case "wait":
        await Promise.allSettled(results);
        break;
    }
  }
  const settled = await Promise.allSettled(results);
  const { items } = await tracker.issues.list({ projectId: "shop", status: ["open", "resolved", "muted"], limit: 100 });
  const histories = await Promise.all(items.map(async ({ id }) => tracker.issues.history(id)));
  const raised = await tracker.alerts.list({ limit: 1_000 });
  await tracker.close();
  const text = JSON.stringify({ settled, items, histories }, (_, value: unknown) =>
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  );
  const named = items.reduce((all, { id, friendlyId }) => all.replaceAll(id, friendlyId), text);
  return { ...JSON.parse(named), raised: raised.items.map(({ alert }) => alert.subject).sort() };
}

describe.each([
  ["memory", async () => createMemoryStore(), rounds({ quick: 60, full: 3_000 })],
  ["SQLite", openEmbedded, rounds({ quick: 15, full: 500 })],
] as const)("gathered digests on %s", (_, open, numRuns) => {
  test.each(PROGRAMS)(
    "have the outcomes, errors, order, alerts and data of one by one, for any program %s",
    async (_what, anyTurns) => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyTurns, { maxLength: 30 }), async (parts) => {
          const turns = parts.flat();
          expect(await play(await open(), turns, true)).toEqual(await play(await open(), turns, false));
        }),
        { numRuns },
      );
    },
  );
});
