import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  type AlertOptions,
  type Clock,
  type IssueStore,
  type IssueTracker,
  type IssueTrackerOptions,
} from "../../src/index.ts";
import type { StoreTransaction } from "../../src/ports/index.ts";
import { createRecordingSink, createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { DAY, failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const SECOND = 1_000;

/** A clock that notes for how long its timers were set, and which of them are still to come. */
class TimerClock {
  readonly virtual = createVirtualClock(START);
  readonly durations: number[] = [];
  readonly pending = new Set<object>();
  readonly clock: Required<Clock> = {
    now: () => this.virtual.now(),
    setTimer: (durationMs, callback) => {
      const timer = {};
      this.durations.push(durationMs);
      this.pending.add(timer);
      const cancel = this.virtual.setTimer(durationMs, () => {
        this.pending.delete(timer);
        callback();
      });
      return () => {
        this.pending.delete(timer);
        cancel();
      };
    },
  };
}

/** A store in whose transactions some methods are others. */
function storeWith(
  store: IssueStore,
  change: (transaction: StoreTransaction) => Partial<StoreTransaction>,
): IssueStore {
  return {
    ...store,
    transaction: (work) =>
      store.transaction((transaction) => {
        const changed = change(transaction);
        return work(
          new Proxy(transaction, {
            get(target, name) {
              const member: unknown = Reflect.get(changed, name) ?? Reflect.get(target, name, target);
              return typeof member === "function" ? member.bind(target) : member;
            },
          }),
        );
      }),
  };
}

let timers: TimerClock;
let clock: VirtualClock;
let errors: unknown[];
let opened: IssueTracker[];

beforeEach(() => {
  timers = new TimerClock();
  clock = timers.virtual;
  errors = [];
  opened = [];
});

afterEach(async () => {
  for (const tracker of opened) await tracker.close();
});

/** A tracker on the clock, whose random numbers are all 0.5 unless said otherwise. */
async function open(
  store: IssueStore = createMemoryStore(),
  more: Partial<IssueTrackerOptions> = {},
  alerts: AlertOptions = {},
): Promise<IssueTracker> {
  const tracker = createIssueTracker({
    store,
    clock: timers.clock,
    alerts: { random: () => 0.5, ...alerts },
    gatherDigests: false,
    onError: (error) => void errors.push(error),
    ...more,
  });
  opened.push(tracker);
  await tracker.projects.save({ id: "shop" });
  return tracker;
}

/** Lets time pass in steps of a second, and what is due be done in each. */
async function pass(tracker: IssueTracker, durationMs: number): Promise<void> {
  for (let passed = 0; passed < durationMs; passed += SECOND) {
    clock.advanceBy(SECOND);
    await tracker.settled();
  }
}

/** A store whose ticks can be made to wait or to fail, and that counts them. */
function tickingStore() {
  const ticks = { begun: 0, now: 0, most: 0, fail: false, gate: Promise.resolve() };
  const store = storeWith(createMemoryStore(), (transaction) => ({
    async load(request) {
      if (request.issues === undefined || !("wakesUntil" in request.issues)) return transaction.load(request);
      ticks.begun++;
      ticks.now++;
      ticks.most = Math.max(ticks.most, ticks.now);
      await ticks.gate;
      ticks.now--;
      if (ticks.fail) throw new IssueLifecycleError("store-busy", "not now", { retryable: true });
      return transaction.load(request);
    },
  }));
  return { store, ticks };
}

describe.each(storesForStories())("a started tracker on $name", ({ open: openStore }) => {
  test("ends mutes by the clock, delivers the alert, and evicts, until it is stopped", async () => {
    const sink = createRecordingSink();
    const tracker = await open(await openStore(), { alertSink: sink.deliver });
    await tracker.digest(["a", "b", "c"].map((id) => ({ projectId: "shop", id, type: "E" })));
    const inAnHour = { until: START + HOUR, wakeOn: "deadline" } as const;
    await tracker.issues.mute("SHOP-1", inAnHour);
    await tracker.settled();
    sink.clear();

    tracker.start({ evict: { keepPerIssue: 1 }, evictEveryMs: 30 * MINUTE });
    await tracker.settled();
    await pass(tracker, 2 * MINUTE);
    const isStored = async () =>
      Promise.all(["a", "b", "c"].map(async (id) => (await tracker.events.get("shop", id)) !== undefined));
    // The first one caused a turning point.
    expect(await isStored()).toEqual([true, false, true]);
    expect((await tracker.issues.get("SHOP-1"))?.state.status).toBe("muted");

    clock.advanceTo(START + HOUR);
    await tracker.settled();
    await pass(tracker, MINUTE + 10 * SECOND);
    expect((await tracker.issues.get("SHOP-1"))?.state.status).toBe("open");
    expect(sink.alerts.map(({ kind }) => kind)).toEqual(["unmute"]);

    await tracker.stop();
    await tracker.issues.mute("SHOP-1", { until: clock.now() + HOUR, wakeOn: "deadline" });
    await pass(tracker, 10 * SECOND);
    clock.advanceBy(DAY);
    await tracker.settled();
    expect((await tracker.issues.get("SHOP-1"))?.state.status).toBe("muted");
    expect(errors).toEqual([]);
  });

  test("delivers alerts of other trackers between ticks", async () => {
    const sink = createRecordingSink();
    const store = await openStore();
    const tracker = await open(store, { alertSink: sink.deliver }, { pollMs: SECOND });
    tracker.start({ tickEveryMs: HOUR });
    await tracker.settled();
    const other = createIssueTracker({ store, clock: timers.clock, alertSink: "elsewhere" });
    await other.digest({ projectId: "shop", type: "E" });
    expect(sink.alerts).toEqual([]);
    await pass(tracker, 2 * SECOND);
    expect(sink.alerts.map(({ kind }) => kind)).toEqual(["new-issue"]);
  });

  test("evicts of each project what its policy says", async () => {
    const tracker = await open(await openStore());
    for (const id of ["blog", "wiki", "docs"]) await tracker.projects.save({ id });
    const projects = ["shop", "blog", "wiki", "docs"];
    for (const projectId of projects) {
      await tracker.digest([0, 1, 2, 3].map((place) => ({ projectId, id: String(place), type: "E" })));
    }
    clock.advanceBy(2 * DAY);
    for (const projectId of projects) await tracker.digest({ projectId, id: "4", type: "E" });

    tracker.start({
      evictEveryMs: HOUR,
      evict({ id }) {
        if (id === "blog") throw new Error("no policy");
        if (id === "shop") return { olderThanMs: DAY };
        return id === "wiki" ? null : { keepPerIssue: 3 };
      },
    });
    await pass(tracker, 4 * MINUTE);
    const stored = await Promise.all(
      projects.map(async (projectId) => {
        const events = await Promise.all([0, 1, 2, 3, 4].map((place) => tracker.events.get(projectId, String(place))));
        return events.flatMap((event) => event?.id ?? []).join("");
      }),
    );
    expect(stored).toEqual(["04", "01234", "01234", "0234"]);
    expect(errors).toEqual([new Error("no policy")]);
  });
});

describe("the periods of a started tracker", () => {
  test("are one after another: a tick and an eviction at the start, then each a period later", async () => {
    const tracker = await open();
    tracker.start({ evict: { olderThanMs: DAY }, evictEveryMs: HOUR });
    expect(timers.durations).toEqual([3 * SECOND, 3 * MINUTE]);
    await pass(tracker, 3 * SECOND);
    expect(timers.durations.slice(2)).toEqual([MINUTE]);
    await pass(tracker, 3 * MINUTE);
    expect(timers.durations.slice(3).sort((one, other) => one - other)).toEqual([MINUTE, MINUTE, MINUTE, HOUR]);
    expect(timers.pending.size).toBe(2);
  });

  test("are a minute and six hours, unless the options say others", async () => {
    const tracker = await open();
    tracker.start({ evict: { olderThanMs: DAY } });
    expect(timers.durations).toEqual([6 * SECOND, 36 * MINUTE].map((tenth) => tenth / 2));
  });

  test("differ between processes: the first one is up to a tenth, the others are a tenth shorter or longer at most", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        async (chances) => {
          timers = new TimerClock();
          clock = timers.virtual;
          const left = [...chances];
          const tracker = await open(createMemoryStore(), {}, { random: () => left.shift() ?? 0.5 });
          tracker.start();
          for (let run = 1; run < chances.length; run++) {
            clock.advanceBy(timers.durations.at(-1) ?? 0);
            await tracker.settled();
          }
          const [first = 0, ...others] = chances;
          expect(timers.durations).toEqual([
            Math.round(first * 6 * SECOND),
            ...others.map((chance) => Math.round(MINUTE * (0.9 + 0.2 * chance))),
          ]);
          await tracker.stop();
        },
      ),
      { numRuns: rounds({ quick: 10, full: 200 }) },
    );
  });

  test("do without a random number that is none, and report one that fails", async () => {
    const results = [Number.NaN, 2, -1];
    const random = (): number => {
      const next = results.shift();
      if (next === undefined) throw new Error("no entropy");
      return next;
    };
    const tracker = await open(createMemoryStore(), {}, { random });
    tracker.start();
    for (let run = 0; run < 3; run++) await pass(tracker, 54 * SECOND);
    expect(timers.durations).toEqual([0, 54 * SECOND, 54 * SECOND, 54 * SECOND]);
    expect(errors).toEqual([new Error("no entropy")]);
  });
});

describe("a started tracker", () => {
  test("reports what fails, and goes on a period later", async () => {
    const { store, ticks } = tickingStore();
    const tracker = await open(store);
    ticks.fail = true;
    tracker.start();
    await pass(tracker, 4 * SECOND);
    expect(errors).toMatchObject([{ code: "store-busy" }]);
    await pass(tracker, 2 * MINUTE);
    expect(errors).toHaveLength(3);
    ticks.fail = false;
    await pass(tracker, 2 * MINUTE);
    expect(errors).toHaveLength(3);
    expect(ticks.begun).toBe(5);
  });

  test("goes on where the clock fails", async () => {
    const tracker = await open(undefined, {
      clock: { ...timers.clock, now: () => (clock.now() < START + MINUTE ? Number.NaN : clock.now()) },
    });
    tracker.start();
    clock.advanceBy(3 * SECOND);
    await tracker.settled();
    expect(errors).toMatchObject([{ code: "invalid-input", field: "clock.now()" }]);
    clock.advanceBy(MINUTE);
    await tracker.settled();
    expect(errors).toHaveLength(1);
  });

  test("reports an issue that cannot be read once, not at every tick", async () => {
    const error = new IssueLifecycleError("corrupt-data", "damaged");
    const id = "00000000-0000-7000-8000-000000000000";
    const store = storeWith(createMemoryStore(), (transaction) => ({
      async load(request) {
        const loaded = await transaction.load(request);
        if (request.issues === undefined || !("wakesUntil" in request.issues)) return loaded;
        return { ...loaded, issues: [...loaded.issues, { id, projectId: "shop", number: 1, error }] };
      },
    }));
    const tracker = await open(store);
    tracker.start();
    await pass(tracker, 5 * MINUTE);
    expect(errors).toEqual([error]);
  });

  test("never ticks twice at a time, not even where it was stopped and started meanwhile", async () => {
    const { store, ticks } = tickingStore();
    const tracker = await open(store);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    ticks.gate = promise.then(() => undefined);
    tracker.start();
    clock.advanceBy(3 * SECOND);
    clock.advanceBy(10 * MINUTE);
    const stopped = tracker.stop();
    tracker.start();
    clock.advanceBy(10 * MINUTE);
    await Promise.resolve();
    expect(timers.pending.size).toBe(0);
    resolve(undefined);
    await stopped;
    await pass(tracker, 2 * MINUTE);
    expect(ticks).toMatchObject({ begun: 3, most: 1, now: 0 });
  });

  test("has the options of the last call of start, and is stopped by one stop", async () => {
    const { store, ticks } = tickingStore();
    const tracker = await open(store);
    tracker.start();
    tracker.start({ tickEveryMs: 10 * SECOND });
    await tracker.settled();
    await pass(tracker, MINUTE);
    expect(ticks.begun).toBe(6);
    expect(timers.pending.size).toBe(1);
    await tracker.stop();
    expect(timers.pending.size).toBe(0);
    await pass(tracker, 5 * MINUTE);
    expect(ticks.begun).toBe(6);
  });

  test("is stopped at the end of a block, after what is in flight", async () => {
    const { store, ticks } = tickingStore();
    const tracker = await open(store);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    ticks.gate = promise.then(() => undefined);
    const order: string[] = [];
    const serve = async (): Promise<void> => {
      await using _work = tracker.start();
      clock.advanceBy(3 * SECOND);
    };
    const served = serve().then(() => order.push("stopped"));
    await new Promise((next) => setImmediate(next));
    order.push("ticked");
    resolve(undefined);
    await served;
    expect(order).toEqual(["ticked", "stopped"]);
    expect(ticks).toMatchObject({ begun: 1, now: 0 });
    expect(timers.pending.size).toBe(0);
  });

  test("ends an eviction after its present step", async () => {
    let steps = 0;
    let stopped: Promise<void> | undefined;
    const store = storeWith(createMemoryStore(), () => ({
      async evictEvents() {
        steps++;
        if (steps === 3) stopped = tracker.stop();
        return { evicted: 1, next: String(steps) };
      },
    }));
    const tracker = await open(store);
    tracker.start({ evict: { olderThanMs: DAY }, evictEveryMs: HOUR });
    await pass(tracker, 3 * MINUTE);
    await stopped;
    expect(steps).toBe(3);
    expect(errors).toEqual([]);
  });

  test("is stopped by close, and cannot be started afterwards", async () => {
    for (const alertSink of [undefined, () => undefined]) {
      const { store, ticks } = tickingStore();
      const tracker = await open(store, alertSink && { alertSink });
      tracker.start();
      await tracker.settled();
      await tracker.close();
      clock.advanceBy(DAY);
      expect(ticks.begun).toBe(0);
      expect(() => tracker.start()).toThrow(expect.objectContaining({ code: "closed" }));
      expect(timers.pending.size).toBe(0);
    }
    opened = [];
  });

  test("can be stopped without having been started, and be started again", async () => {
    const { store, ticks } = tickingStore();
    const tracker = await open(store);
    await tracker.stop();
    tracker.start();
    await tracker.stop();
    tracker.start();
    await pass(tracker, 4 * SECOND);
    expect(ticks.begun).toBe(1);
  });

  test("calls hooks for its ticks and evictions, too", async () => {
    const names: string[] = [];
    const tracker = await open(undefined, { hooks: { ended: ({ name }) => names.push(name) } });
    names.length = 0;
    tracker.start({ evict: { olderThanMs: DAY }, evictEveryMs: MINUTE });
    await pass(tracker, 30 * SECOND);
    expect(names.sort()).toEqual(["events.evict", "tick"]);
  });

  test("delivers alerts where it is started before an earlier stop has ended", async () => {
    const store = createMemoryStore();
    const sink = createRecordingSink();
    const tracker = await open(store, { alertSink: sink.deliver });
    const other = createIssueTracker({ store, clock: timers.clock, alertSink: "elsewhere" });
    tracker.start();
    const stopped = tracker.stop();
    tracker.start({ tickEveryMs: HOUR });
    await stopped;
    await other.digest({ projectId: "shop", type: "E" });
    await pass(tracker, MINUTE);
    expect(sink.alerts).toHaveLength(1);
  });

  test("reports a clock whose timers fail, and rejects nothing that nobody awaits", async () => {
    const tracker = await open(undefined, {
      clock: {
        ...timers.clock,
        setTimer: () => {
          throw new Error("no timers");
        },
      },
    });
    tracker.start();
    await tracker.stop();
    expect(errors).toMatchObject([{ message: "no timers" }]);
  });

  test("reports a clock whose timers cannot be cancelled", async () => {
    const cancel = (): void => {
      throw new Error("no way back");
    };
    const tracker = await open(undefined, { clock: { ...timers.clock, setTimer: () => cancel } });
    tracker.start();
    await tracker.stop();
    expect(errors).toMatchObject([{ message: "no way back" }]);
  });

  test.each([
    [{ evict: {} }, "options.evict"],
    [{ evict: { keepPerIssue: 0 } }, "options.evict.keepPerIssue"],
    [{ evict: { olderThanMs: 0.5 } }, "options.evict.olderThanMs"],
    [{ evict: { olderThan: 1 } }, "options.evict"],
    [{ evict: "old" }, "options.evict"],
    [{ evict: null }, "options.evict"],
    [{ tickEveryMs: 999 }, "options.tickEveryMs"],
    [{ evictEveryMs: 8 * DAY }, "options.evictEveryMs"],
    [{ tickMs: MINUTE }, "options"],
    ["fast", "options"],
  ])("refuses the options %j, and begins nothing", async (options, field) => {
    const tracker = await open(undefined, { alertSink: () => undefined });
    await tracker.settled();
    expect(() => Reflect.apply(tracker.start, tracker, [options])).toThrow(
      expect.objectContaining({ code: "invalid-input", field }),
    );
    expect(timers.pending.size).toBe(0);
    expect(await failureOf(Reflect.apply(tracker.stop, tracker, [{ timeoutMs: 1 }]))).toMatchObject({
      field: "options",
    });
  });

  test("reports a policy that says nothing, in the words of an option", async () => {
    const tracker = await open();
    tracker.start({ evict: () => ({}), evictEveryMs: HOUR });
    await pass(tracker, 4 * MINUTE);
    expect(errors).toMatchObject([{ code: "invalid-input", field: "options.evict(project)" }]);
  });

  test("refuses a policy that is asynchronous, also one that rejects", async () => {
    const tracker = await open();
    const evict = Reflect.apply(() => () => Promise.reject(new Error("late")), undefined, []);
    Reflect.apply(tracker.start, tracker, [{ evict, evictEveryMs: HOUR }]);
    await pass(tracker, 4 * MINUTE);
    expect(errors).toMatchObject([{ code: "invalid-input", field: "options.evict(project)" }]);
  });
});

test("a tracker in a host's transaction has neither start nor stop", async () => {
  const tracker = await open({ ...createMemoryStore(), withTransaction: () => createMemoryStore() });
  expect(Object.keys(tracker.withTransaction({}))).not.toEqual(expect.arrayContaining(["start"]));
  expect(Object.keys(tracker.withTransaction({}))).not.toEqual(expect.arrayContaining(["stop"]));
});
