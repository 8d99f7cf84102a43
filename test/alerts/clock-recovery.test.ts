import { beforeEach, describe, expect, test } from "vitest";
import {
  createIssueTracker,
  type Alert,
  type AlertOptions,
  type AlertSink,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { DAY, HOUR, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const YEAR = 365 * DAY;

describe.each(storesForStories())("after a clock was ahead, on $name", ({ open }) => {
  let store: IssueStore;
  let clock: VirtualClock;
  let taken: string[];

  const down: AlertSink = () => {
    throw new Error("down");
  };
  const nameOf = ({ kind, issue }: Alert): string => (issue === null ? kind : `${kind} ${issue.title}`);
  const take: AlertSink = (alert) => void taken.push(nameOf(alert));

  function trackerAt(at: { now(): number }, alertSink: AlertSink | "elsewhere", alerts: AlertOptions = {}) {
    return createIssueTracker({ store, clock: at, alertSink, alerts, onError: () => undefined });
  }

  /** A tracker whose clock is ahead of the others'. */
  const ahead = (byMs: number, alertSink: AlertSink | "elsewhere", alerts: AlertOptions = {}): IssueTracker =>
    trackerAt(createVirtualClock(START + byMs), alertSink, alerts);

  async function raise(...types: string[]): Promise<void> {
    await trackerAt(clock, "elsewhere").digest(types.map((type) => ({ projectId: "shop", type })));
  }

  beforeEach(async () => {
    store = await open();
    clock = createVirtualClock(START);
    taken = [];
    await trackerAt(clock, "elsewhere").projects.save({ id: "shop" });
    return () => store.close();
  });

  test("an alert whose next attempt it delayed is delivered at once, with its attempts", async () => {
    await raise("A");
    await ahead(YEAR, down, { maxAgeMs: null }).alerts.drain();
    const attempts: number[] = [];
    const tracker = trackerAt(clock, (_alert, { number }) => void attempts.push(number));
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1 });
    expect(attempts).toEqual([2]);
  });

  test("an alert that it leased, and whose process ended, is delivered at once", async () => {
    await raise("A");
    const lease = { token: "ended", until: START + YEAR };
    const claim = { lease, now: START, limit: 1, issueIds: null, inOrder: false };
    await store.transaction(async ({ outbox }) => outbox?.claim(claim));
    expect(await trackerAt(clock, take).alerts.drain()).toMatchObject({ delivered: 1 });
  });

  test("it holds up no later alert of an issue where alerts are delivered in order", async () => {
    await raise("A");
    await ahead(YEAR, down, { inOrder: true, maxAgeMs: null }).alerts.drain();
    const raising = trackerAt(clock, "elsewhere");
    const { items } = await raising.issues.list({ projectId: "shop" });
    await raising.issues.resolve(items[0]?.id ?? "");
    await raise("A");
    await trackerAt(clock, take, { inOrder: true }).alerts.drain();
    expect(taken).toEqual(["new-issue A", "regression A"]);
  });

  test("pauses and leases that a right clock may have written stay", async () => {
    await raise("A", "B");
    const tracker = trackerAt(clock, ({ issue }) => {
      const retryAfterMs = issue?.title === "A" ? DAY : 0;
      throw Object.assign(new Error("busy"), { retryAfterMs });
    });
    await tracker.alerts.drain();
    // The other machine's clock is behind, but by less than a minute.
    const behind = trackerAt(createVirtualClock(START - MINUTE), take);
    expect(await behind.alerts.drain()).toMatchObject({ delivered: 0 });
    expect(await behind.alerts.counts()).toMatchObject({ waiting: 2 });
  });

  test("a few of many alerts are set back at a time, and all in the end", async () => {
    await raise(...Array.from({ length: 230 }, (_, index) => `T${String(index)}`));
    const limits = { limits: null, concurrency: 100 };
    await ahead(YEAR, down, { ...limits, maxAgeMs: null }).alerts.drain();
    expect(await trackerAt(clock, take, limits).alerts.drain()).toMatchObject({ delivered: 230 });
  });

  test("what was throttled is summed up at the end of the current period", async () => {
    await raise("A", "B", "C");
    await ahead(YEAR, take, { limits: { perProject: 1 }, maxAgeMs: null }).alerts.drain();
    const tracker = trackerAt(clock, take, { limits: { perProject: 1 } });
    await tracker.alerts.drain();
    clock.advanceBy(HOUR);
    await tracker.alerts.drain();
    expect(taken).toEqual(["new-issue A", "throttled"]);
  });

  test("limits count anew in the current period", async () => {
    await raise("A");
    await ahead(YEAR, take, { limits: { perProject: 1 }, maxAgeMs: null }).alerts.drain();
    await raise("B", "C");
    expect(await trackerAt(clock, take, { limits: { perProject: 1 } }).alerts.drain()).toMatchObject({
      delivered: 1,
      throttled: 1,
    });
  });

  test("a period that begins within a minute is continued: clocks differ a little", async () => {
    clock.advanceBy(HOUR - MINUTE);
    await raise("A", "B");
    await ahead(HOUR, take, { limits: { perProject: 1 } }).alerts.drain();
    await raise("C");
    expect(await trackerAt(clock, take, { limits: { perProject: 1 } }).alerts.drain()).toMatchObject({
      delivered: 0,
      throttled: 1,
    });
  });

  test("the current period of a tracker with longer periods stays as it is", async () => {
    await raise("A", "B");
    await trackerAt(clock, take, { limits: { perProject: 1, periodMs: 7 * DAY } }).alerts.drain();
    await trackerAt(clock, take).alerts.drain();
    const scopes = [{ projectId: "shop", issueId: null }];
    const tallies = await store.transaction(async ({ outbox }) => outbox?.lockTallies({ scopes }));
    expect(tallies).toMatchObject([{ admitted: 1, throttled: { counts: { "new-issue": 1 } } }]);
  });
});
