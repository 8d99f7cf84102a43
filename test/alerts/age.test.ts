import { beforeEach, describe, expect, test } from "vitest";
import {
  createIssueTracker,
  type Alert,
  type AlertOptions,
  type DeliveryReport,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { DAY, HOUR, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const SECOND = 1_000;

describe.each(storesForStories())("alerts that are too old on $name", ({ open }) => {
  let store: IssueStore;
  let clock: VirtualClock;
  let reports: DeliveryReport[];
  let taken: Alert[];
  let isDown: boolean;

  const raising = (): IssueTracker => createIssueTracker({ store, clock, alertSink: "elsewhere" });

  function delivering(alerts: AlertOptions = {}): IssueTracker {
    return createIssueTracker({
      store,
      clock,
      alertSink: (alert) => {
        if (isDown) throw new Error("down");
        taken.push(alert);
      },
      alerts: { random: () => 0, onDelivery: (report) => void reports.push(report), ...alerts },
      onError: () => undefined,
    });
  }

  async function raise(...types: string[]): Promise<void> {
    await raising().digest(types.map((type) => ({ projectId: "shop", type })));
  }

  const delivered = () => taken.map(({ kind, issue }) => (issue === null ? kind : `${kind} ${issue.title}`));
  const discarded = async () => (await raising().alerts.list({ status: "discarded" })).items;

  beforeEach(async () => {
    store = await open();
    clock = createVirtualClock(START);
    reports = [];
    taken = [];
    isDown = false;
    await raising().projects.save({ id: "shop" });
    return () => store.close();
  });

  test("are discarded with the reason after 7 days, and not sent", async () => {
    await raise("A");
    clock.advanceBy(1);
    await raise("B");
    clock.advanceBy(7 * DAY);
    expect(await delivering().alerts.drain()).toEqual({ delivered: 1, failed: 0, dead: 0, throttled: 0, discarded: 1 });
    expect(delivered()).toEqual(["new-issue B"]);
    const reason = "It is too old: it was raised more than 7 days ago.";
    expect(await discarded()).toMatchObject([
      {
        alert: { issue: { title: "A" } },
        state: { status: "discarded", discardedAt: START + 7 * DAY + 1, reason, by: { kind: "system" } },
      },
    ]);
    expect(reports).toMatchObject([
      { kind: "discarded", alert: { issue: { title: "A" } }, reason },
      { kind: "delivered", alert: { issue: { title: "B" } } },
    ]);
    expect(await delivering().alerts.drain()).toMatchObject({ delivered: 0, discarded: 0 });
  });

  test("are those older than maxAgeMs; with null none is, nor by default where alerts of older events are wanted", async () => {
    await raise("A");
    clock.advanceBy(90 * MINUTE + 1);
    await delivering({ maxAgeMs: 90 * MINUTE }).alerts.drain();
    expect(await discarded()).toMatchObject([
      { state: { reason: "It is too old: it was raised more than 90 minutes ago." } },
    ]);
    for (const [type, options] of [
      ["B", { maxAgeMs: null }],
      ["C", { quietAfterMs: null }],
      ["D", { quietAfterMs: 8 * DAY }],
    ] as const) {
      await raise(type);
      clock.advanceBy(400 * DAY);
      expect(await delivering(options).alerts.drain()).toMatchObject({ delivered: 1, discarded: 0 });
    }
  });

  test("hold up no later alert of their issue where alerts are delivered in order", async () => {
    await raise("A");
    const { items } = await raising().issues.list({ projectId: "shop" });
    await raising().issues.resolve(items[0]?.id ?? "");
    clock.advanceBy(2 * HOUR);
    await raise("A");
    const tracker = delivering({ inOrder: true, maxAgeMs: HOUR });
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, discarded: 1 });
    expect(delivered()).toEqual(["regression A"]);
  });

  test("are not counted by the limits", async () => {
    await raise("A");
    clock.advanceBy(2 * HOUR);
    await raise("B");
    const tracker = delivering({ maxAgeMs: HOUR, limits: { perProject: 1 } });
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, discarded: 1, throttled: 0 });
  });

  test("may be ones that sum up throttled alerts", async () => {
    await raise("A", "B");
    await delivering({ limits: { perProject: 1 } }).alerts.drain();
    clock.advanceBy(8 * DAY);
    expect(await delivering().alerts.drain()).toMatchObject({ delivered: 0, discarded: 1 });
    expect(await discarded()).toMatchObject([{ alert: { kind: "throttled" } }]);
  });

  test("are discarded as soon as they are too old while their sink fails, not at the next attempt", async () => {
    isDown = true;
    await raise("A");
    const tracker = delivering({ maxAgeMs: 15 * SECOND });
    for (const pause of [0, 10 * SECOND, 5 * SECOND]) {
      clock.advanceBy(pause);
      await tracker.alerts.drain();
    }
    expect(reports).toMatchObject([{ kind: "failed" }, { kind: "failed", retryAt: START + 15 * SECOND + 1 }]);
    clock.advanceBy(1);
    expect(await tracker.alerts.drain()).toMatchObject({ failed: 0, discarded: 1 });
    expect(await discarded()).toMatchObject([{ attempts: 3, lastError: "Error: down" }]);
  });

  test("are delivered when a person redrives them, with retries", async () => {
    await raise("A");
    clock.advanceBy(8 * DAY);
    const tracker = delivering();
    await tracker.alerts.drain();
    isDown = true;
    expect(await tracker.alerts.redrive((await discarded()).map(({ alert }) => alert.id))).toBe(1);
    await tracker.settled();
    expect(await tracker.alerts.counts()).toMatchObject({ waiting: 1 });
    isDown = false;
    clock.advanceBy(10 * SECOND);
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, discarded: 0 });
    expect(delivered()).toEqual(["new-issue A"]);
  });

  test("stay wanted after they were redriven and their process stopped before they were delivered", async () => {
    await raise("A");
    clock.advanceBy(8 * DAY);
    const begun = Promise.withResolvers<undefined>();
    const hanging = createIssueTracker({
      store,
      clock,
      alertSink: (_alert, { signal }) =>
        new Promise((_resolve, reject) => {
          begun.resolve(undefined);
          signal.addEventListener("abort", () => {
            reject(new Error("stopped"));
          });
        }),
      onError: () => undefined,
    });
    await hanging.alerts.drain();
    await hanging.alerts.redrive((await discarded()).map(({ alert }) => alert.id));
    await begun.promise;
    await hanging.alerts.stop({ sinkTimeoutMs: 0 });
    expect(await delivering().alerts.drain()).toMatchObject({ delivered: 1, discarded: 0 });
  });
});
