import { beforeEach, describe, expect, test } from "vitest";
import {
  createIssueTracker,
  type Alert,
  type AlertOptions,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { DAY, HOUR, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);

describe.each(storesForStories())("a backlog of alerts on $name", ({ open }) => {
  let store: IssueStore;
  let clock: VirtualClock;
  let taken: Alert[];
  let attempts: Set<number>;
  let transactions: number;

  const raising = () => createIssueTracker({ store, clock, alertSink: "elsewhere" });

  async function raise(projectId: string, types: readonly string[]): Promise<void> {
    await raising().digest(types.map((type) => ({ projectId, type })));
  }

  /** Raises alerts of one issue. */
  async function raiseOf(type: string, count: number): Promise<void> {
    for (let alert = 0; alert < count; alert++) {
      const { items } = await raising().issues.list({ projectId: "shop", search: type });
      for (const { id } of items) await raising().issues.resolve(id);
      await raise("shop", [type]);
    }
  }

  /** A tracker whose transactions are counted. */
  function delivering(alerts: AlertOptions): IssueTracker {
    const counted: IssueStore = {
      ...store,
      transaction: (work) => {
        transactions++;
        return store.transaction(work);
      },
    };
    const onDelivery: AlertOptions["onDelivery"] = (report) => {
      if (report.kind === "delivered") attempts.add(report.attempt);
    };
    const alertSink = (alert: Alert): void => void taken.push(alert);
    return createIssueTracker({ store: counted, clock, alertSink, alerts: { onDelivery, ...alerts } });
  }

  beforeEach(async () => {
    store = await open();
    clock = createVirtualClock(START);
    taken = [];
    attempts = new Set();
    transactions = 0;
    await raising().projects.save({ id: "shop" });
    await raising().projects.save({ id: "blog" });
    return () => store.close();
  });

  test.each([{ inOrder: false }, { inOrder: true }])(
    "that is throttled leaves in a few transactions, and is summed up, in order: $inOrder",
    async ({ inOrder }) => {
      await raise("shop", numbered("T", 1_500));
      const tracker = delivering({ inOrder, limits: { perProject: 4 } });
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 4, throttled: 1_496 });
      expect(transactions).toBeLessThan(7);
      expect((await tracker.alerts.counts()).due).toBe(0);
      clock.advanceBy(HOUR);
      await tracker.alerts.drain();
      expect(taken.at(-1)?.reason).toMatchObject({ kind: "throttled", counts: { "new-issue": 1_496 } });
    },
  );

  test("of one issue, in order, leaves together as soon as the first is throttled", async () => {
    await raiseOf("Loud", 30);
    const tracker = delivering({ inOrder: true, limits: { perIssue: 1 } });
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, throttled: 29 });
    expect(transactions).toBeLessThan(6);
    clock.advanceBy(HOUR);
    await tracker.alerts.drain();
    expect(taken.at(-1)?.reason).toMatchObject({ counts: { "new-issue": 0, regression: 29 } });
  });

  test("of one issue, in order, is still delivered in order where an alert was counted at an earlier attempt", async () => {
    await raiseOf("Loud", 3);
    const [first, second] = (await raising().alerts.list({ status: "pending" })).items.map(({ alert }) => alert.id);
    await raising().alerts.discard([first ?? ""], { reason: "noise" });
    const failing = createIssueTracker({
      store,
      clock,
      alertSink: () => {
        throw new Error("down");
      },
      alerts: { inOrder: true, limits: { perIssue: 1 }, backoffMs: 1_000, maxBackoffMs: 1_000 },
      onError: () => undefined,
    });
    expect(await failing.alerts.drain()).toMatchObject({ failed: 1 });
    await raising().alerts.redrive([first ?? ""]);
    clock.advanceBy(1_000);
    const tracker = delivering({ inOrder: true, limits: { perIssue: 1 } });
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, throttled: 2 });
    expect(taken.map(({ id }) => id)).toEqual([second]);
  });

  test.each([{ inOrder: false }, { inOrder: true }])(
    "of a project that is throttled does not keep those of others, whose attempts are counted once, in order: $inOrder",
    async ({ inOrder }) => {
      await raise("shop", numbered("T", 150));
      await raise("blog", numbered("B", 20));
      await raise("shop", numbered("U", 150));
      const tracker = delivering({ inOrder, limits: { perProject: 20 } });
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 40, throttled: 280, failed: 0 });
      expect(taken.filter(({ project }) => project.id === "blog").map(({ issue }) => issue?.title)).toEqual(
        numbered("B", 20),
      );
      expect(attempts).toEqual(new Set([1]));
    },
  );

  test("that is too old is discarded in a few transactions", async () => {
    await raise("shop", numbered("T", 300));
    clock.advanceBy(30 * DAY);
    await raise("shop", ["New"]);
    expect(await delivering({}).alerts.drain()).toMatchObject({ delivered: 1, discarded: 300 });
    expect(transactions).toBeLessThan(8);
    expect(taken.map(({ issue }) => issue?.title)).toEqual(["New"]);
  });
});
