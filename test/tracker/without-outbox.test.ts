import { describe, expect, test } from "vitest";
import type { Alert } from "../../src/core/index.ts";
import { createIssueTracker, createMemoryStore, type IssueStore, type IssueTrackerOptions } from "../../src/index.ts";
import type { StoreChanges, StoreTransaction } from "../../src/ports/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { failureOf, START } from "../support/scenario.ts";

/** A store without an outbox: the memory store with nothing but the methods on issues. */
function withoutOutbox(written: StoreChanges[]): IssueStore {
  const store = createMemoryStore();
  const hide = (transaction: StoreTransaction): StoreTransaction =>
    new Proxy(transaction, {
      get(target, name) {
        if (name === "outbox") return undefined;
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...parameters: unknown[]): unknown => Reflect.apply(member, target, parameters);
      },
    });
  const watch = (transaction: StoreTransaction): StoreTransaction =>
    new Proxy(hide(transaction), {
      get(target, name) {
        if (name !== "write") return Reflect.get(target, name, target);
        return async (changes: StoreChanges) => {
          written.push(changes);
          await target.write(changes);
        };
      },
    });
  return { ...store, transaction: (work) => store.transaction((transaction) => work(watch(transaction))) };
}

async function begin(options: Partial<IssueTrackerOptions> = {}) {
  const written: StoreChanges[] = [];
  const alerts: Alert[] = [];
  const store = withoutOutbox(written);
  const clock = createVirtualClock(START);
  const alertSink = (alert: Alert): void => void alerts.push(alert);
  const tracker = createIssueTracker({ store, clock, alertSink, ...options });
  await tracker.projects.save({ id: "shop" });
  return { tracker, written, alerts, store, clock };
}

describe("on a store without an outbox", () => {
  test("alerts are delivered after the commit, and never given to the store", async () => {
    const { tracker, written, alerts } = await begin();
    const outcome = await tracker.digest({ projectId: "shop", type: "E" });
    await tracker.settled();
    expect(alerts).toMatchObject([{ kind: "new-issue", issue: { friendlyId: "SHOP-1" } }]);
    if (outcome.kind !== "digested") throw new Error("a duplicate");
    await tracker.issues.mute(outcome.issue.id, { until: START + 1, wakeOn: "deadline" });
    await tracker.tick(START + 2);
    await tracker.settled();
    expect(alerts.map(({ kind }) => kind)).toEqual(["new-issue", "unmute"]);
    expect(written.filter((changes) => "alerts" in changes)).toEqual([]);
  });

  test("alerts raised in a host's transaction are reported as lost, with their subjects", async () => {
    const errors: unknown[] = [];
    const { store } = await begin();
    const joining: IssueStore = { ...store, withTransaction: () => store };
    const onError = (error: unknown): void => void errors.push(error);
    const tracker = createIssueTracker({ store: joining, alertSink: () => undefined, onError });
    await tracker.withTransaction({}).digest({ projectId: "shop", type: "E" });
    expect(errors).toMatchObject([
      { code: "no-outbox", message: expect.stringContaining('"E" in "shop" (New issue)') },
    ]);
  });

  test("nothing is delivered of a change that was rolled back", async () => {
    const { tracker, alerts, store } = await begin();
    const commit = store.transaction.bind(store);
    store.transaction = (work) =>
      commit(async (transaction) => {
        await work(transaction);
        throw new Error("disk full");
      });
    expect(await failureOf(tracker.digest({ projectId: "shop", type: "E" }))).toEqual(new Error("disk full"));
    await tracker.settled();
    expect(alerts).toEqual([]);
  });

  test("a sink that fails is reported, and affects no digest", async () => {
    const errors: unknown[] = [];
    const { tracker } = await begin({
      alertSink: () => {
        throw new Error("down");
      },
      onError: (error) => errors.push(error),
    });
    expect(await tracker.digest({ projectId: "shop", type: "E" })).toMatchObject({ created: true });
    await tracker.settled();
    expect(await tracker.digest({ projectId: "shop", type: "E" })).toMatchObject({ created: false });
  });

  test("a tracker without a sink digests as well", async () => {
    const tracker = createIssueTracker({ store: withoutOutbox([]), clock: createVirtualClock(START) });
    await tracker.projects.save({ id: "shop" });
    expect(await tracker.digest({ projectId: "shop", type: "E" })).toMatchObject({ created: true });
    await tracker.settled();
    await tracker.close();
  });
});
