import { beforeEach, describe, expect, test } from "vitest";
import {
  createIssueTracker,
  DeliveryError,
  PermanentDeliveryError,
  type Alert,
  type AlertOptions,
  type AlertSink,
  type DeliveryAttempt,
  type DeliveryReport,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { DAY, failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const SECOND = 1_000;
const LEASE_MS = 30 * SECOND;

describe.each(storesForStories())("a dispatcher on $name", ({ open }) => {
  let store: IssueStore;
  let clock: VirtualClock;
  let reports: DeliveryReport[];
  let errors: unknown[];

  /** A tracker that delivers its alerts to a function. */
  function trackerWith(alertSink: AlertSink, more: AlertOptions = {}): IssueTracker {
    const alerts = { leaseMs: LEASE_MS, random: () => 0, limits: null, ...more };
    const onDelivery = (report: DeliveryReport): void => void reports.push(report);
    const onError = (error: unknown): void => void errors.push(error);
    return createIssueTracker({ store, clock, alertSink, alerts: { onDelivery, ...alerts }, onError });
  }

  /** A tracker that only raises alerts. */
  const raising = (): IssueTracker => createIssueTracker({ store, clock, alertSink: "elsewhere" });

  /** Raises one alert for each of some new issues. */
  async function raise(...types: string[]): Promise<void> {
    await raising().digest(types.map((type) => ({ projectId: "shop", type })));
  }

  /** Raises three alerts of a new issue, which regresses twice. */
  async function raiseThree(type: string): Promise<void> {
    const tracker = raising();
    for (let times = 0; times < 3; times++) {
      const outcome = await tracker.digest({ projectId: "shop", type });
      if (outcome.kind === "digested") await tracker.issues.resolve(outcome.issue.id);
    }
  }

  const kinds = () => reports.map(({ kind }) => kind);
  const titleOf = ({ issue }: Alert): string => issue?.title ?? "";

  beforeEach(async () => {
    store = await open();
    clock = createVirtualClock(START);
    reports = [];
    errors = [];
    await raising().projects.save({ id: "shop" });
    return () => store.close();
  });

  describe("retries", () => {
    test("after pauses that grow, and passes the number of the attempt to the sink", async () => {
      const attempts: Pick<DeliveryAttempt, "number" | "isLast">[] = [];
      const tracker = trackerWith(
        (_alert, { number, isLast }) => {
          attempts.push({ number, isLast });
          throw new Error("down");
        },
        { maxAttempts: 3 },
      );
      await raise("A");
      for (const pause of [0, 10 * SECOND - 1, 1, 20 * SECOND, DAY]) {
        clock.advanceBy(pause);
        await tracker.alerts.drain();
      }
      expect(attempts).toEqual([
        { number: 1, isLast: false },
        { number: 2, isLast: false },
        { number: 3, isLast: true },
      ]);
      expect(reports).toMatchObject([
        { kind: "failed", attempt: 1, retryAt: START + 10 * SECOND, error: new Error("down") },
        { kind: "failed", attempt: 2, retryAt: START + 30 * SECOND },
        { kind: "dead", attempt: 3, error: new Error("down") },
      ]);
      expect((await tracker.alerts.list({ status: "dead" })).items).toMatchObject([
        { attempts: 3, lastError: "Error: down", state: { status: "dead", diedAt: START + 30 * SECOND } },
      ]);
    });

    test("when the sink asks for it, and not earlier", async () => {
      let calls = 0;
      const tracker = trackerWith(() => {
        calls++;
        throw new DeliveryError("busy", { retryAfterMs: HOUR });
      });
      await raise("A");
      await tracker.alerts.drain();
      clock.advanceBy(HOUR - 1);
      await tracker.alerts.drain();
      expect(calls).toBe(1);
      clock.advanceBy(1);
      await tracker.alerts.drain();
      expect(calls).toBe(2);
    });

    test("never after a PermanentDeliveryError", async () => {
      const tracker = trackerWith(() => {
        throw new PermanentDeliveryError("no such channel");
      });
      await raise("A");
      expect(await tracker.alerts.drain()).toEqual({ delivered: 0, failed: 0, dead: 1, throttled: 0, discarded: 0 });
      expect(await tracker.alerts.counts()).toEqual({ due: 0, waiting: 0, leased: 0, dead: 1, discarded: 0 });
      expect(kinds()).toEqual(["dead"]);
    });

    test("with the memo of the sink, until it sets another", async () => {
      const memos: (string | null)[] = [];
      const next = ["half \0 😀", undefined, "more", undefined];
      const tracker = trackerWith((_alert, { memo }) => {
        memos.push(memo);
        const set = next.shift();
        throw new DeliveryError("not yet", set === undefined ? {} : { memo: set });
      });
      await raise("A");
      for (let times = 0; times < 4; times++) {
        await tracker.alerts.drain();
        clock.advanceBy(HOUR);
      }
      expect(memos).toEqual([null, "half \0 😀", "half \0 😀", "more"]);
    });

    test("whatever the sink throws, even a value that cannot be read", async () => {
      const hostile = new Proxy(new Error("no"), {
        has: () => {
          throw new Error("has");
        },
        get: () => {
          throw new Error("get");
        },
      });
      const tracker = trackerWith(() => {
        throw hostile;
      });
      await raise("A");
      expect(await tracker.alerts.drain()).toMatchObject({ failed: 1 });
      expect((await tracker.alerts.list()).items).toMatchObject([
        { lastError: expect.stringMatching(/^The sink threw something/u), state: { dueAt: START + 10 * SECOND } },
      ]);
    });

    test("not after processes ended during all attempts: the alert is dead", async () => {
      let calls = 0;
      const tracker = trackerWith(
        () => {
          calls++;
        },
        { maxAttempts: 2 },
      );
      await raise("A");
      for (const token of ["first", "second"]) {
        const lease = { token, until: clock.now() + LEASE_MS };
        const claim = { lease, now: clock.now(), limit: 1, issueIds: null, inOrder: false };
        expect(await store.transaction(async ({ outbox }) => outbox?.claim(claim))).toHaveLength(1);
        clock.advanceBy(LEASE_MS);
      }
      expect(await tracker.alerts.drain()).toEqual({ delivered: 0, failed: 0, dead: 1, throttled: 0, discarded: 0 });
      expect(calls).toBe(0);
      expect((await tracker.alerts.list({ status: "dead" })).items).toMatchObject([
        { attempts: 3, lastError: expect.stringContaining("ended during the last attempt") },
      ]);
      expect(reports).toMatchObject([{ kind: "dead", attempt: 2 }]);
    });
  });

  describe("ends an attempt", () => {
    /** A sink that finishes when its answer is resolved. */
    function hangingSink() {
      const attempts: DeliveryAttempt[] = [];
      const answers: PromiseWithResolvers<undefined>[] = [];
      const sink: AlertSink = async (_alert, attempt) => {
        attempts.push(attempt);
        const answer = Promise.withResolvers<undefined>();
        answers.push(answer);
        await answer.promise;
      };
      return { sink, attempts, answers };
    }

    test("when its lease ends, and aborts its signal", async () => {
      const { sink, attempts } = hangingSink();
      const tracker = trackerWith(sink);
      await raise("A");
      const drained = tracker.alerts.drain();
      await expect.poll(() => attempts.length).toBe(1);
      expect(attempts[0]?.until).toBe(START + LEASE_MS);
      expect(await tracker.alerts.counts()).toMatchObject({ leased: 1, due: 0 });
      clock.advanceBy(LEASE_MS - 1);
      expect(attempts[0]?.signal.aborted).toBe(false);
      clock.advanceBy(1);
      expect(attempts[0]?.signal.aborted).toBe(true);
      expect(await drained).toEqual({ delivered: 0, failed: 1, dead: 0, throttled: 0, discarded: 0 });
      expect((await tracker.alerts.list()).items).toMatchObject([
        { lastError: "DeliveryError: The sink took longer than the 30000 ms of its lease.", attempts: 1 },
      ]);
    });

    test("and ignores its late result, when another dispatcher holds the alert", async () => {
      const { sink, attempts, answers } = hangingSink();
      const slow = trackerWith(sink, { leaseMs: DAY });
      await raise("A");
      const slowly = slow.alerts.drain();
      await expect.poll(() => attempts.length).toBe(1);
      // For another machine the lease is over: its clock is ahead.
      const ahead = createVirtualClock(START + DAY);
      const taken: string[] = [];
      const fast = createIssueTracker({ store, clock: ahead, alertSink: ({ id }) => void taken.push(id) });
      expect(await fast.alerts.drain()).toMatchObject({ delivered: 1 });
      answers[0]?.resolve(undefined);
      expect(await slowly).toEqual({ delivered: 0, failed: 0, dead: 0, throttled: 0, discarded: 0 });
      expect(kinds()).toEqual(["lease-lost"]);
      expect(await slow.alerts.counts()).toEqual({ due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 });
    });

    test("and ignores an error that the sink throws later", async () => {
      const { sink, attempts, answers } = hangingSink();
      const tracker = trackerWith(sink);
      await raise("A");
      const drained = tracker.alerts.drain();
      await expect.poll(() => attempts.length).toBe(1);
      clock.advanceBy(LEASE_MS);
      await drained;
      answers[0]?.reject(new Error("too late"));
      await Promise.resolve();
      expect(errors).toMatchObject([{ message: expect.stringContaining("longer than the 30000 ms of its lease") }]);
    });

    test("and delays no other alert meanwhile, up to the concurrency", async () => {
      const { sink, attempts, answers } = hangingSink();
      const tracker = trackerWith(sink, { concurrency: 2 });
      await raise("A", "B", "C", "D");
      const drained = tracker.alerts.drain();
      await expect.poll(() => attempts.length).toBe(2);
      expect(await tracker.alerts.counts()).toMatchObject({ leased: 2, due: 2 });
      answers[1]?.resolve(undefined);
      await expect.poll(() => attempts.length).toBe(3);
      answers[2]?.resolve(undefined);
      await expect.poll(() => attempts.length).toBe(4);
      answers[3]?.resolve(undefined);
      await expect.poll(async () => tracker.alerts.counts()).toMatchObject({ leased: 1, due: 0 });
      answers[0]?.resolve(undefined);
      expect(await drained).toEqual({ delivered: 4, failed: 0, dead: 0, throttled: 0, discarded: 0 });
    });

    test("when the tracker is stopped: the attempt does not count, and the alert is due at once", async () => {
      const { sink, attempts } = hangingSink();
      const tracker = trackerWith(sink, { maxAttempts: 1 });
      await raise("A");
      const drained = tracker.alerts.drain();
      await expect.poll(() => attempts.length).toBe(1);
      await tracker.alerts.stop({ sinkTimeoutMs: 0 });
      expect(attempts[0]?.signal.aborted).toBe(true);
      expect(await drained).toEqual({ delivered: 0, failed: 0, dead: 0, throttled: 0, discarded: 0 });
      expect((await tracker.alerts.list()).items).toMatchObject([{ attempts: 0, lastError: null }]);
      expect(await createIssueTracker({ store, clock, alertSink: () => undefined }).alerts.drain()).toMatchObject({
        delivered: 1,
      });
    });

    test("before it has begun, when the transaction took all of the lease: the attempt does not count", async () => {
      let isSlow = true;
      const slow: IssueStore = {
        ...store,
        transaction: async (work) => {
          const result = await store.transaction(work);
          if (isSlow) clock.advanceBy(LEASE_MS);
          isSlow = false;
          return result;
        },
      };
      let calls = 0;
      const alertSink: AlertSink = () => {
        calls++;
      };
      const tracker = createIssueTracker({
        store: slow,
        clock,
        alertSink,
        alerts: { leaseMs: LEASE_MS, maxAttempts: 1 },
      });
      await raise("A");
      expect(await tracker.alerts.dispatchOnce()).toMatchObject({ delivered: 0, dead: 0 });
      expect(calls).toBe(0);
      expect(await tracker.alerts.dispatchOnce()).toMatchObject({ delivered: 1 });
    });

    test("and stores the result of an alert that it claimed again by a commit that is acknowledged late", async () => {
      const { sink, attempts, answers } = hangingSink();
      const acknowledged = Promise.withResolvers<undefined>();
      let now = START;
      let isLate = false;
      let transactions = 0;
      const late: IssueStore = {
        ...store,
        transaction: async (work) => {
          transactions++;
          const result = await store.transaction(work);
          transactions--;
          if (isLate) {
            isLate = false;
            await acknowledged.promise;
          }
          return result;
        },
      };
      const tracker = createIssueTracker({
        store: late,
        clock: { now: () => now, setTimer: () => () => undefined },
        alertSink: sink,
        alerts: { leaseMs: LEASE_MS, onDelivery: (report) => void reports.push(report) },
      });
      await raise("A");
      const drained = tracker.alerts.drain();
      // The dispatcher has claimed a second time, and waits for the sink.
      await expect.poll(() => [attempts.length, transactions]).toEqual([1, 0]);
      now += LEASE_MS;
      isLate = true;
      tracker.alerts.wake();
      await expect.poll(() => isLate).toBe(false);
      answers[0]?.resolve(undefined);
      // The result is refused, because the alert has another lease.
      await expect.poll(() => transactions).toBe(0);
      acknowledged.resolve(undefined);
      await drained;
      expect(kinds()).toEqual(["delivered"]);
      expect(attempts).toHaveLength(1);
      expect(await tracker.alerts.counts()).toMatchObject({ due: 0, waiting: 0, leased: 0 });
    });

    test("whose result could not be stored, while other alerts are delivered", async () => {
      const { sink, attempts, answers } = hangingSink();
      let isDown = false;
      const failing: IssueStore = {
        ...store,
        transaction: (work) => (isDown ? Promise.reject(new Error("disk full")) : store.transaction(work)),
      };
      const onError = (error: unknown): void => void errors.push(error);
      const tracker = createIssueTracker({ store: failing, clock, alertSink: sink, onError });
      await tracker.digest(["A", "B"].map((type) => ({ projectId: "shop", type })));
      await expect.poll(() => attempts.length).toBe(2);
      isDown = true;
      answers[0]?.resolve(undefined);
      await expect.poll(() => errors.length).toBeGreaterThan(0);
      isDown = false;
      await tracker.digest({ projectId: "shop", type: "C" });
      await expect.poll(() => attempts.length).toBe(3);
      for (const answer of answers) answer.resolve(undefined);
      await tracker.settled();
      expect(await tracker.alerts.counts()).toMatchObject({ due: 0, leased: 1 });
    });
  });

  describe("that is started", () => {
    test("delivers the alerts of other trackers, at the next poll", async () => {
      const taken: string[] = [];
      const tracker = trackerWith((alert) => void taken.push(titleOf(alert)), { pollMs: MINUTE });
      await using _running = tracker.alerts.start();
      await tracker.settled();
      await raise("A");
      clock.advanceBy(MINUTE - 1);
      await tracker.settled();
      expect(taken).toEqual([]);
      clock.advanceBy(1);
      await tracker.settled();
      expect(taken).toEqual(["A"]);
    });

    test("delivers the alerts of its own tracker at once", async () => {
      const taken: string[] = [];
      const tracker = trackerWith((alert) => void taken.push(titleOf(alert)));
      await using _running = tracker.alerts.start();
      await tracker.digest({ projectId: "shop", type: "A" });
      await tracker.settled();
      expect(taken).toEqual(["A"]);
    });

    test("retries when the first of its alerts is due, and not earlier", async () => {
      const times: number[] = [];
      const tracker = trackerWith(
        () => {
          times.push(clock.now() - START);
          if (times.length < 3) throw new Error("down");
        },
        { pollMs: HOUR },
      );
      await using _running = tracker.alerts.start();
      await tracker.digest({ projectId: "shop", type: "A" });
      await tracker.settled();
      for (let second = 0; second < 40; second++) {
        clock.advanceBy(SECOND);
        await tracker.settled();
      }
      expect(times).toEqual([0, 10 * SECOND, 30 * SECOND]);
    });

    test("uses one transaction per poll while nothing is due: no busy loop", async () => {
      let transactions = 0;
      const counting: IssueStore = {
        ...store,
        transaction: (work) => {
          transactions++;
          return store.transaction(work);
        },
      };
      const tracker = createIssueTracker({
        store: counting,
        clock,
        alertSink: () => undefined,
        alerts: { pollMs: SECOND },
      });
      await using _running = tracker.alerts.start();
      await tracker.settled();
      for (let poll = 0; poll < 10; poll++) {
        clock.advanceBy(SECOND);
        await tracker.settled();
      }
      expect(transactions).toBe(11);
    });

    test("continues after the store has failed, and reports the error", async () => {
      let isDown = false;
      const failing: IssueStore = {
        ...store,
        transaction: (work) => (isDown ? Promise.reject(new Error("no database")) : store.transaction(work)),
      };
      const taken: string[] = [];
      const alertSink: AlertSink = (alert) => void taken.push(titleOf(alert));
      const onError = (error: unknown): void => void errors.push(error);
      const tracker = createIssueTracker({ store: failing, clock, alertSink, onError, alerts: { pollMs: SECOND } });
      isDown = true;
      await using _running = tracker.alerts.start();
      await tracker.settled();
      await raise("A");
      clock.advanceBy(SECOND);
      await tracker.settled();
      expect(errors).toEqual([new Error("no database"), new Error("no database")]);
      isDown = false;
      clock.advanceBy(SECOND);
      await tracker.settled();
      expect(taken).toEqual(["A"]);
    });

    test("stops, waits for in-flight deliveries, and can be started again", async () => {
      const answer = Promise.withResolvers<undefined>();
      const taken: string[] = [];
      const tracker = trackerWith(
        async (alert) => {
          taken.push(titleOf(alert));
          if (titleOf(alert) === "A") await answer.promise;
        },
        { pollMs: SECOND, concurrency: 1 },
      );
      const running = tracker.alerts.start();
      await tracker.settled();
      await raise("A", "B");
      clock.advanceBy(SECOND);
      await expect.poll(() => taken).toEqual(["A"]);
      const stopped = running.stop();
      const drained = tracker.alerts.drain();
      answer.resolve(undefined);
      await stopped;
      expect(await drained).toMatchObject({ delivered: 1 });
      await raise("C");
      clock.advanceBy(HOUR);
      await tracker.settled();
      expect(taken).toEqual(["A", "B"]);
      tracker.alerts.start();
      await tracker.settled();
      await raise("D");
      clock.advanceBy(SECOND);
      await tracker.settled();
      expect(taken).toEqual(["A", "B", "C", "D"]);
      await tracker.alerts.stop();
    });

    test("and stopped, delivers the alerts of its own tracker, as before", async () => {
      const taken: string[] = [];
      const tracker = trackerWith((alert) => void taken.push(titleOf(alert)));
      await tracker.alerts.start().stop();
      await tracker.digest({ projectId: "shop", type: "A" });
      await tracker.settled();
      expect(taken).toEqual(["A"]);
    });

    test("cannot be started after it was closed", async () => {
      const own = createIssueTracker({ store: await open(), clock, alertSink: () => undefined });
      await own.close();
      expect(() => own.alerts.start()).toThrow(expect.objectContaining({ code: "closed" }));
    });

    test("needs a sink", async () => {
      const tracker = raising();
      expect(() => tracker.alerts.start()).toThrow(expect.objectContaining({ code: "invalid-input" }));
      await tracker.alerts.stop();
      expect(await tracker.alerts.dispatchOnce()).toEqual({
        delivered: 0,
        failed: 0,
        dead: 0,
        throttled: 0,
        discarded: 0,
      });
    });
  });

  describe("delivers", () => {
    test("once, and no more than the concurrency, by dispatchOnce()", async () => {
      const taken: string[] = [];
      const tracker = trackerWith((alert) => void taken.push(titleOf(alert)), { concurrency: 2 });
      await raise("A", "B", "C");
      expect(await tracker.alerts.dispatchOnce()).toMatchObject({ delivered: 2 });
      expect(taken).toEqual(["A", "B"]);
      expect(await tracker.alerts.dispatchOnce()).toMatchObject({ delivered: 1 });
      expect(await tracker.alerts.dispatchOnce()).toMatchObject({ delivered: 0 });
    });

    test("no more than the concurrency at a time, whatever is called", async () => {
      let now = 0;
      let most = 0;
      const tracker = trackerWith(
        async () => {
          most = Math.max(most, ++now);
          await new Promise(setImmediate);
          now--;
        },
        { concurrency: 2 },
      );
      await raise("A", "B", "C", "D", "E", "F", "G", "H");
      const { alerts } = tracker;
      await Promise.all([
        alerts.dispatchOnce(),
        alerts.drain(),
        alerts.dispatchOnce(),
        alerts.drain(),
        alerts.dispatchOnce(),
      ]);
      expect(most).toBe(2);
      expect(await alerts.counts()).toMatchObject({ due: 0, leased: 0 });
    });

    test("the alerts of one issue that are due at the same time as one notification", async () => {
      const taken: Alert[] = [];
      const tracker = trackerWith((alert) => void taken.push(alert));
      await raiseThree("A");
      await raise("B");
      expect(await tracker.alerts.drain()).toEqual({ delivered: 4, failed: 0, dead: 0, throttled: 0, discarded: 0 });
      expect(taken).toMatchObject([
        {
          kind: "regression",
          issue: { title: "A" },
          turningPoint: 5,
          earlier: [{ kind: "new-issue" }, { kind: "regression" }],
        },
        { kind: "new-issue", issue: { title: "B" }, earlier: [] },
      ]);
      expect(kinds()).toEqual(["delivered", "delivered"]);
    });

    test("a whole notification again, when the sink fails", async () => {
      const taken: Alert[] = [];
      let isDown = true;
      const tracker = trackerWith((alert) => {
        if (isDown) throw new Error("down");
        taken.push(alert);
      });
      await raise("A");
      await tracker.alerts.drain();
      await raiseThree("A");
      expect(await tracker.alerts.drain()).toMatchObject({ failed: 2 });
      isDown = false;
      clock.advanceBy(10 * SECOND);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 3 });
      expect(taken).toMatchObject([{ earlier: [{ kind: "new-issue" }, { kind: "regression" }] }]);
    });

    test("a notification whose oldest alerts are at their last attempt: these die, and the others are retried", async () => {
      const tracker = trackerWith(
        () => {
          throw new Error("down");
        },
        { maxAttempts: 2 },
      );
      await raise("A");
      await tracker.alerts.drain();
      clock.advanceBy(10 * SECOND);
      const { items } = await tracker.issues.list({ projectId: "shop" });
      await raising().issues.resolve(items[0]?.id ?? "");
      await raise("A");
      expect(await tracker.alerts.drain()).toEqual({ delivered: 0, failed: 1, dead: 1, throttled: 0, discarded: 0 });
      expect(reports.slice(1)).toMatchObject([
        { kind: "dead", alert: { kind: "new-issue" }, attempt: 2 },
        { kind: "failed", alert: { kind: "regression" }, attempt: 1 },
      ]);
    });

    test("the alerts of one issue one by one, with inOrder: each after the earlier ones were delivered", async () => {
      const taken: string[] = [];
      let failures = 1;
      const tracker = trackerWith(
        (alert) => {
          if (titleOf(alert) === "A" && failures-- > 0) throw new Error("down");
          taken.push(`${titleOf(alert)} ${String(alert.turningPoint)}`);
        },
        { inOrder: true },
      );
      await raiseThree("A");
      await raise("B");
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, failed: 1 });
      expect(taken).toEqual(["B 1"]);
      clock.advanceBy(10 * SECOND);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 3 });
      expect(taken).toEqual(["B 1", "A 1", "A 3", "A 5"]);
    });

    test("the next alert of an issue, with inOrder, when the earlier ones are dead or discarded", async () => {
      const taken: (number | null)[] = [];
      const tracker = trackerWith(
        ({ turningPoint }) => {
          if (turningPoint === 1) throw new PermanentDeliveryError("no");
          taken.push(turningPoint);
        },
        { inOrder: true },
      );
      await raiseThree("A");
      const { items } = await tracker.alerts.list();
      await tracker.alerts.discard([items.find(({ alert }) => alert.turningPoint === 3)?.alert.id ?? ""], {
        reason: "known",
      });
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, dead: 1 });
      expect(taken).toEqual([5]);
    });

    test("with the link of linkTo, and without one when linkTo fails", async () => {
      const links: (string | null)[] = [];
      const results: unknown[] = [
        "https://shop.test/issues/1",
        null,
        undefined,
        "javascript:alert(1)",
        7,
        "https://",
        new Error("no"),
      ];
      const tracker = trackerWith(({ link }) => void links.push(link), {
        concurrency: 1,
        linkTo: () => {
          const next = results.shift();
          if (next instanceof Error) throw next;
          return Reflect.apply((link: string) => link, undefined, [next]);
        },
      });
      await raise("A", "B", "C", "D", "E", "F", "G");
      await tracker.alerts.drain();
      expect(links).toEqual(["https://shop.test/issues/1", null, null, null, null, null, null]);
      expect(kinds().filter((kind) => kind === "link-failed")).toHaveLength(4);
      expect(kinds().filter((kind) => kind === "delivered")).toHaveLength(7);
    });

    test("when onDelivery throws, which is reported to onError", async () => {
      const tracker = trackerWith(() => undefined, {
        onDelivery: () => {
          throw new Error("no metrics");
        },
      });
      await raise("A");
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1 });
      expect(errors).toEqual([new Error("no metrics")]);
    });

    test("when hooks reject: no rejection is left unhandled", async () => {
      const rejecting = async (): Promise<never> => {
        await Promise.resolve();
        throw new Error("later");
      };
      const tracker = createIssueTracker({
        store,
        clock,
        alertSink: () => undefined,
        onError: (error) => {
          errors.push(error);
        },
        alerts: Reflect.apply((hooks: AlertOptions) => hooks, undefined, [
          { onDelivery: rejecting, linkTo: rejecting },
        ]),
      });
      await raise("A");
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1 });
      await expect.poll(() => errors).toEqual([new Error("later"), new Error("later")]);
    });

    test("again an alert whose result could not be stored, and drain() rejects", async () => {
      let calls = 0;
      const failing: IssueStore = {
        ...store,
        transaction: (work) => (++calls === 3 ? Promise.reject(new Error("disk full")) : store.transaction(work)),
      };
      const taken: string[] = [];
      const alertSink: AlertSink = (alert) => void taken.push(titleOf(alert));
      const tracker = createIssueTracker({ store: failing, clock, alertSink, alerts: { leaseMs: LEASE_MS } });
      await raise("A");
      expect(await failureOf(tracker.alerts.drain())).toEqual(new Error("disk full"));
      clock.advanceBy(LEASE_MS);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1 });
      expect(taken).toEqual(["A", "A"]);
    });

    test("when the clock jumps, back or ahead", async () => {
      let now = START;
      const taken: string[] = [];
      const tracker = createIssueTracker({
        store,
        clock: { now: () => now },
        alertSink: (alert) => void taken.push(titleOf(alert)),
        alerts: { quietAfterMs: null },
      });
      for (const [type, jump] of Object.entries({ A: -HOUR, B: DAY, C: -DAY, D: 400 * DAY, E: -300 * DAY })) {
        await tracker.digest({ projectId: "shop", type });
        now += jump;
        await tracker.alerts.drain();
      }
      await tracker.settled();
      expect(taken).toEqual(["A", "B", "C", "D", "E"]);
    });
  });

  test("refuses options that are out of range, unknown or of the wrong type, by their names", () => {
    const bad: Record<string, unknown>[] = [
      { concurrency: 0 },
      { leaseMs: 10 },
      { pollMs: 1 },
      { maxAttempts: 0 },
      { backoffMs: 0 },
      { maxBackoffMs: 5, backoffMs: 10 },
      { inOrder: "yes" },
      { limits: { perIssue: 0 } },
      { limits: { perHour: 5 } },
      { quietAfterMs: -1 },
      { maxAgeMs: 999 },
      { linkTo: "https://shop.test" },
      { onDelivery: 1 },
      { random: 0.5 },
      { retries: 3 },
    ];
    for (const wrong of [{ now: 5 }, { now: () => 1, setTimer: 5 }]) {
      expect(() => Reflect.apply(createIssueTracker, undefined, [{ store, clock: wrong }])).toThrow(
        expect.objectContaining({ code: "invalid-input", field: "options.clock" }),
      );
    }
    for (const alerts of [null, [], "all"]) {
      expect(() => Reflect.apply(createIssueTracker, undefined, [{ store, alerts }])).toThrow(
        expect.objectContaining({ code: "invalid-input", field: "options.alerts" }),
      );
    }
    for (const alerts of bad) {
      const name = Object.keys(alerts)[0] ?? "";
      expect(() => Reflect.apply(createIssueTracker, undefined, [{ store, alerts }])).toThrow(
        expect.objectContaining({ code: "invalid-input", message: expect.stringContaining(name) }),
      );
    }
  });
});
