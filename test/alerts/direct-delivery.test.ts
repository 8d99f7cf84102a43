import { beforeEach, describe, expect, test } from "vitest";
import { createAlerts, type AlertDelivery } from "../../src/alerts/alerts.ts";
import { alertOptions, type AlertOptions } from "../../src/alerts/options.ts";
import type { Alert } from "../../src/core/alert.ts";
import {
  createIssueTracker,
  createMemoryStore,
  DeliveryError,
  PermanentDeliveryError,
  type AlertSink,
  type DeliveryAttempt,
  type DeliveryReport,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { alertOf } from "../support/sample-alerts.ts";
import { failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";
import { withoutOutbox } from "../support/without-outbox.ts";

const NOTHING = { delivered: 0, failed: 0, dead: 0, throttled: 0, discarded: 0 };

describe("on a store without an outbox", () => {
  let store: IssueStore;
  let clock: VirtualClock;
  let reports: DeliveryReport[];
  let errors: unknown[];

  const onDelivery = (report: DeliveryReport): void => void reports.push(report);
  const onError = (error: unknown): void => void errors.push(error);

  function trackerWith(alertSink: AlertSink, alerts: AlertOptions = {}): IssueTracker {
    return createIssueTracker({ store, clock, alertSink, onError, alerts: { onDelivery, ...alerts } });
  }

  function deliveryWith(sink: AlertSink, alerts: AlertOptions = {}): AlertDelivery {
    const options = alertOptions("options.alerts", { onDelivery, ...alerts });
    const newId = () => crypto.randomUUID();
    return createAlerts({ store, sink, clock, newId, options, onError });
  }

  /** A sink that finishes when its answer is resolved. */
  function hangingSink() {
    const calls: { readonly alert: Alert; readonly attempt: DeliveryAttempt }[] = [];
    const answers: PromiseWithResolvers<undefined>[] = [];
    const sink: AlertSink = async (alert, attempt) => {
      const answer = Promise.withResolvers<undefined>();
      calls.push({ alert, attempt });
      answers.push(answer);
      await answer.promise;
    };
    return { sink, calls, answers };
  }

  beforeEach(async () => {
    store = withoutOutbox(createMemoryStore());
    clock = createVirtualClock(START);
    reports = [];
    errors = [];
    await createIssueTracker({ store, clock, alertSink: "elsewhere" }).projects.save({ id: "shop" });
    return () => store.close();
  });

  describe("a tracker", () => {
    test("delivers alerts in process after the commit: the sink sees the change in the store", async () => {
      const seen: unknown[] = [];
      const tracker = trackerWith(async ({ kind, issue }) => {
        seen.push([kind, (await tracker.issues.get(issue?.id ?? ""))?.eventCount]);
      });
      await tracker.digest([
        { projectId: "shop", type: "E" },
        { projectId: "shop", type: "E" },
      ]);
      await tracker.settled();
      expect(seen).toEqual([["new-issue", 2]]);
      expect(reports).toMatchObject([{ kind: "delivered", attempt: 1 }]);
    });

    test("delivers the alerts of regressions and of mutes that end by the clock", async () => {
      const taken: string[] = [];
      const tracker = trackerWith(({ kind }) => void taken.push(kind));
      const outcome = await tracker.digest({ projectId: "shop", type: "E" });
      if (outcome.kind !== "digested") throw new Error("a duplicate");
      await tracker.issues.resolve(outcome.issue.id);
      await tracker.digest({ projectId: "shop", type: "E" });
      await tracker.issues.mute(outcome.issue.id, { until: START + MINUTE, wakeOn: "deadline" });
      clock.advanceBy(HOUR);
      await tracker.tick();
      await tracker.settled();
      expect(taken).toEqual(["new-issue", "regression", "unmute"]);
    });

    test("digests though the sink throws, hangs or is slow, and never retries", async () => {
      const { sink, answers } = hangingSink();
      let calls = 0;
      const tracker = trackerWith((alert, attempt) => {
        calls++;
        if (alert.issue?.title === "A") throw new Error("smtp is down");
        return sink(alert, attempt);
      });
      for (const type of ["A", "B"]) {
        expect(await tracker.digest({ projectId: "shop", type })).toMatchObject({ kind: "digested" });
      }
      answers[0]?.resolve(undefined);
      await tracker.settled();
      clock.advanceBy(HOUR);
      await tracker.tick();
      await tracker.settled();
      expect(calls).toBe(2);
      expect(errors).toMatchObject([{ message: expect.stringContaining("smtp is down") }]);
    });

    test("without a sink drops alerts", async () => {
      const tracker = createIssueTracker({ store, clock, onError });
      await tracker.digest({ projectId: "shop", type: "E" });
      await tracker.settled();
      expect(errors).toEqual([]);
    });

    test("starts, wakes, drains and stops without anything to deliver, and without a timer", async () => {
      let timers = 0;
      const counting = {
        now: () => START,
        setTimer: () => {
          timers++;
          return () => {
            timers--;
          };
        },
      };
      const tracker = createIssueTracker({ store, clock: counting, alertSink: () => undefined, onError });
      await using _running = tracker.alerts.start();
      tracker.alerts.wake();
      expect(await tracker.alerts.drain()).toEqual(NOTHING);
      expect(await tracker.alerts.dispatchOnce()).toEqual(NOTHING);
      await tracker.settled();
      expect([timers, errors]).toEqual([0, []]);
      await tracker.alerts.stop();
    });

    test("refuses the methods on stored alerts with a code, after their options", async () => {
      const { alerts } = trackerWith(() => undefined);
      const calls = [
        () => alerts.counts(),
        () => alerts.list(),
        () => alerts.redrive("dead"),
        () => alerts.redrive([]),
        () => alerts.discard([], { reason: "a load test" }),
        () => alerts.evict({ endedBefore: START }),
      ];
      for (const call of calls) {
        expect(await failureOf(call())).toMatchObject({ code: "no-outbox", retryable: false });
      }
      expect(await failureOf(alerts.list({ limit: 0 }))).toMatchObject({ code: "invalid-input" });
    });
  });

  describe("direct delivery", () => {
    test("calls the sink once for the alerts of an issue, with its only attempt", async () => {
      const { sink, calls, answers } = hangingSink();
      const delivery = deliveryWith(sink, { leaseMs: MINUTE });
      delivery.deliverDirectly([alertOf(2), alertOf(1), alertOf(1, { issue: 2 })]);
      expect(calls.map(({ alert }) => [alert.turningPoint, alert.issue?.friendlyId])).toEqual([
        [2, "SHOP-1"],
        [1, "SHOP-2"],
      ]);
      expect(calls[0]?.alert).toMatchObject({ earlier: [{ turningPoint: 1 }] });
      expect(calls[0]?.attempt).toMatchObject({ number: 1, isLast: true, memo: null, until: START + MINUTE });
      for (const answer of answers) answer.resolve(undefined);
      await delivery.settled();
      expect(reports).toMatchObject([{ kind: "delivered" }, { kind: "delivered" }]);
    });

    test("aborts the sink's signal when its time is over, and reports the failure", async () => {
      const { sink, calls } = hangingSink();
      const delivery = deliveryWith(sink, { leaseMs: MINUTE });
      delivery.deliverDirectly([alertOf(1)]);
      clock.advanceBy(MINUTE - 1);
      expect(calls[0]?.attempt.signal.aborted).toBe(false);
      clock.advanceBy(1);
      expect(calls[0]?.attempt.signal.aborted).toBe(true);
      await delivery.settled();
      expect(errors).toMatchObject([{ message: expect.stringContaining("longer than the 60000 ms") }]);
    });

    test.each([
      ["throws", () => Reflect.apply(fail, undefined, [new PermanentDeliveryError("no such channel")])],
      ["rejects", () => Promise.reject(new PermanentDeliveryError("no such channel"))],
    ])("reports an error with its alert and its cause when the sink %s", async (_name, sink: AlertSink) => {
      const delivery = deliveryWith(sink);
      const alert = alertOf(1);
      delivery.deliverDirectly([alert]);
      await delivery.settled();
      expect(errors).toHaveLength(1);
      expect(errors[0]).toBeInstanceOf(DeliveryError);
      expect(errors[0]).toMatchObject({
        message:
          `Alert ${alert.id} of project "shop", "Title 1" in "shop" (New issue), was not delivered after 1 attempt ` +
          "(PermanentDeliveryError: no such channel). It is lost.",
        cause: new PermanentDeliveryError("no such channel"),
      });
      expect(reports).toMatchObject([{ kind: "dead", alert: { id: alert.id }, attempt: 1 }]);
    });

    test("continues when onDelivery and linkTo throw", async () => {
      const taken: (string | null)[] = [];
      const delivery = deliveryWith(({ link }) => void taken.push(link), {
        linkTo: () => Reflect.apply(fail, undefined, [new Error("no link")]),
        onDelivery: () => Reflect.apply(fail, undefined, [new Error("no metrics")]),
      });
      delivery.deliverDirectly([alertOf(1)]);
      await delivery.settled();
      expect(taken).toEqual([null]);
      expect(errors).toEqual([new Error("no metrics"), new Error("no metrics")]);
    });

    test("delivers up to the concurrency at a time, in order, and settled() waits for all", async () => {
      const { sink, calls, answers } = hangingSink();
      const delivery = deliveryWith(sink, { concurrency: 2 });
      delivery.deliverDirectly([1, 2, 3, 4].map((issue) => alertOf(1, { issue })));
      expect(calls).toHaveLength(2);
      let isSettled = false;
      const settled = delivery.settled().then(() => (isSettled = true));
      for (let done = 0; done < 4; done++) {
        await expect.poll(() => answers.length).toBeGreaterThan(done);
        expect(isSettled).toBe(false);
        answers[done]?.resolve(undefined);
      }
      await settled;
      expect(calls.map(({ alert }) => alert.issue?.friendlyId)).toEqual(["SHOP-1", "SHOP-2", "SHOP-3", "SHOP-4"]);
    });

    test("reports alerts of which too many wait for the sink", async () => {
      const { sink, answers } = hangingSink();
      const delivery = deliveryWith(sink, { concurrency: 1 });
      delivery.deliverDirectly([alertOf(1, { issue: 0 })]);
      delivery.deliverDirectly(Array.from({ length: 10_001 }, (_, index) => alertOf(1, { issue: index + 1 })));
      expect(errors).toMatchObject([{ message: expect.stringContaining("More than 10000 notifications wait") }]);
      const closed = delivery.close({ sinkTimeoutMs: 0 });
      answers[0]?.resolve(undefined);
      await closed;
      expect(reports.filter(({ kind }) => kind === "dead").length).toBeGreaterThanOrEqual(10_001);
    });

    test("ends when the tracker is closed: waits, then aborts, and reports what is lost", async () => {
      const { sink, calls } = hangingSink();
      const delivery = deliveryWith(sink, { concurrency: 1 });
      delivery.deliverDirectly([alertOf(1, { issue: 1 }), alertOf(1, { issue: 2 })]);
      await delivery.close({ sinkTimeoutMs: 0 });
      expect(calls).toHaveLength(1);
      expect(calls[0]?.attempt.signal.aborted).toBe(true);
      delivery.deliverDirectly([alertOf(1, { issue: 3 })]);
      await delivery.settled();
      expect(calls).toHaveLength(1);
      expect(errors).toHaveLength(3);
      expect(errors).toMatchObject([1, 2, 3].map(() => ({ message: expect.stringContaining("was closed") })));
      expect(await failureOf(delivery.close({ sinkTimeoutMs: -1 }))).toMatchObject({ code: "invalid-input" });
    });
  });
});

function fail(error: Error): never {
  throw error;
}
