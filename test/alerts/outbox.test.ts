import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, PermanentDeliveryError } from "../../src/index.ts";
import type { OutboxStatus } from "../../src/ports/index.ts";
import { failureOf, DAY, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("the outbox on $name", ({ open }) => {
  let scenario: Scenario;

  beforeEach(async () => {
    scenario = await Scenario.begin(await open(), {
      alertSink: () => {
        throw new PermanentDeliveryError("no such channel");
      },
    });
    return () => scenario.tracker.close();
  });

  /** A tracker whose sink works, beside the one whose alerts all die. */
  const delivering = (taken: string[] = []) =>
    createIssueTracker({
      store: scenario.store,
      clock: scenario.clock,
      alertSink: ({ issue }) => void taken.push(issue?.title ?? ""),
    });

  /** Raises alerts of new issues, one a minute, which die. */
  async function dead(...types: string[]): Promise<string[]> {
    for (const type of types) {
      await scenario.event({ type });
      await scenario.tracker.settled();
      scenario.clock.advanceBy(MINUTE);
    }
    const { items } = await scenario.tracker.alerts.list({ status: "dead" });
    return items.slice(-types.length).map(({ alert }) => alert.id);
  }

  async function titlesOf(status: OutboxStatus): Promise<(string | undefined)[]> {
    const { items } = await scenario.tracker.alerts.list({ status });
    return items.map(({ alert }) => alert.issue?.title);
  }

  test("lists alerts by state, page by page, with their last errors", async () => {
    await dead("A", "B", "C");
    const first = await scenario.tracker.alerts.list({ status: "dead", limit: 2 });
    expect(first.items).toMatchObject([
      { alert: { issue: { title: "A" } }, state: { diedAt: START }, attempts: 1 },
      { alert: { issue: { title: "B" } }, lastError: "PermanentDeliveryError: no such channel" },
    ]);
    const second = await scenario.tracker.alerts.list({ status: "dead", limit: 2, cursor: first.next ?? "" });
    expect([second.items.map(({ alert }) => alert.issue?.title), second.next]).toEqual([["C"], null]);
    expect(await scenario.tracker.alerts.list()).toEqual({ items: [], unreadable: [], next: null });
    expect(await scenario.tracker.alerts.counts()).toEqual({ due: 0, waiting: 0, leased: 0, dead: 3, discarded: 0 });
  });

  test("delivers dead alerts again that are redriven", async () => {
    const [first = "", second = ""] = await dead("A", "B", "C");
    const taken: string[] = [];
    const tracker = delivering(taken);
    expect(await tracker.alerts.redrive([second, "01900000-0000-7000-8000-000000000000"])).toBe(1);
    await tracker.settled();
    expect(taken).toEqual(["B"]);
    expect(await tracker.alerts.redrive([second])).toBe(0);
    expect(await tracker.alerts.redrive("dead")).toBe(2);
    await tracker.settled();
    expect(taken).toEqual(["B", "A", "C"]);
    expect(await tracker.alerts.redrive([first])).toBe(0);
  });

  test("redrives all dead alerts once, also when they die again meanwhile", async () => {
    await dead("A", "B", "C");
    expect(await scenario.tracker.alerts.redrive("dead")).toBe(3);
    await scenario.tracker.settled();
    expect(await titlesOf("dead")).toEqual(["A", "B", "C"]);
  });

  test("delivers alerts that a tracker with a wrong clock raised", async () => {
    const clock = { now: () => START + 500 * DAY };
    const ahead = createIssueTracker({ store: scenario.store, clock, alertSink: "elsewhere" });
    await ahead.digest({ projectId: "shop", type: "A" });
    const taken: string[] = [];
    expect(await delivering(taken).alerts.drain()).toMatchObject({ delivered: 1 });
    expect(taken).toEqual(["A"]);
  });

  test("redrives an alert that waits for its next attempt", async () => {
    const failing = createIssueTracker({
      store: scenario.store,
      clock: scenario.clock,
      alertSink: () => Promise.reject(new Error("down")),
      onError: () => undefined,
    });
    await failing.digest({ projectId: "shop", type: "A" });
    await failing.settled();
    const taken: string[] = [];
    const tracker = delivering(taken);
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 0 });
    expect(await tracker.alerts.counts()).toMatchObject({ waiting: 1 });
    const { items } = await tracker.alerts.list();
    expect(await tracker.alerts.redrive(items.map(({ alert }) => alert.id))).toBe(1);
    await tracker.settled();
    expect(taken).toEqual(["A"]);
  });

  test("discards alerts with a reason, until they are redriven", async () => {
    const [first = ""] = await dead("A", "B");
    expect(await scenario.tracker.alerts.discard([first], { reason: "a load test", by: "ann" })).toBe(1);
    expect(await scenario.tracker.alerts.discard([first], { reason: "once more" })).toBe(0);
    expect((await scenario.tracker.alerts.list({ status: "discarded" })).items).toMatchObject([
      {
        alert: { id: first },
        state: {
          status: "discarded",
          discardedAt: START + 2 * MINUTE,
          reason: "a load test",
          by: { kind: "user", id: "ann" },
        },
        lastError: "PermanentDeliveryError: no such channel",
      },
    ]);
    expect(await scenario.tracker.alerts.counts()).toMatchObject({ dead: 1, discarded: 1 });
    const taken: string[] = [];
    const tracker = delivering(taken);
    await tracker.alerts.drain();
    expect(taken).toEqual([]);
    expect(await tracker.alerts.redrive([first])).toBe(1);
    await tracker.settled();
    expect(taken).toEqual(["A"]);
  });

  test("discards pending alerts too", async () => {
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    await raising.digest({ projectId: "shop", type: "A" });
    const { items } = await raising.alerts.list();
    expect(await raising.alerts.discard([items[0]?.alert.id ?? ""], { reason: "noise" })).toBe(1);
    expect(await raising.alerts.counts()).toMatchObject({ due: 0, discarded: 1 });
  });

  test("evicts alerts that died or were discarded before an instant, and no others", async () => {
    const [first = ""] = await dead("A", "B", "C");
    await scenario.tracker.alerts.discard([first], { reason: "noise" });
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    await raising.digest({ projectId: "shop", type: "D" });
    // B died a minute after the start, C two minutes, and A was discarded after three.
    expect(await raising.alerts.evict({ endedBefore: START + MINUTE })).toBe(0);
    expect(await raising.alerts.evict({ endedBefore: START + MINUTE + 1 })).toBe(1);
    expect(await titlesOf("dead")).toEqual(["C"]);
    expect(await raising.alerts.evict({ endedBefore: new Date(START + HOUR) })).toBe(2);
    expect(await raising.alerts.counts()).toEqual({ due: 1, waiting: 0, leased: 0, dead: 0, discarded: 0 });
  });

  test("evicts any number of alerts", async () => {
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    await raising.digest(
      Array.from({ length: 1_100 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` })),
    );
    for (let chunk = 0; chunk < 2; chunk++) {
      const { items } = await raising.alerts.list({ limit: 1_000 });
      await raising.alerts.discard(
        items.map(({ alert }) => alert.id),
        { reason: "noise" },
      );
    }
    expect(await raising.alerts.evict({ endedBefore: START + 1 })).toBe(1_100);
  });

  test("refuses options that are out of range, unknown or of the wrong type, by their names", async () => {
    const { alerts } = scenario.tracker;
    const calls: [Promise<unknown>, string][] = [
      [alerts.list({ limit: 0 }), "options.limit"],
      [Reflect.apply(alerts.list, alerts, [{ status: "lost" }]), "options.status"],
      [Reflect.apply(alerts.list, alerts, [{ state: "dead" }]), "options"],
      [Reflect.apply(alerts.list, alerts, [null]), "options"],
      [alerts.list({ cursor: "alerts dead:1:x" }), "options.cursor"],
      [alerts.list({ status: "dead", cursor: "alerts dead:1:x" }), "options.cursor"],
      [alerts.redrive(["7"]), "ids[0]"],
      [Reflect.apply(alerts.redrive, alerts, ["all"]), "ids"],
      [alerts.redrive(Array.from({ length: 1_001 }, () => "01900000-0000-7000-8000-000000000000")), "ids"],
      [alerts.discard([], { reason: "" }), "options.reason"],
      [Reflect.apply(alerts.discard, alerts, [[]]), "options"],
      [alerts.discard([], { reason: "x", by: "" }), "options.by"],
      [Reflect.apply(alerts.discard, alerts, [[], { reason: "x", comment: "y" }]), "options"],
      // A hole, which is no id.
      [Reflect.apply(alerts.discard, alerts, [new Array(1), { reason: "x" }]), "ids[0]"],
      [Reflect.apply(alerts.evict, alerts, [{}]), "eviction.endedBefore"],
      [Reflect.apply(alerts.evict, alerts, [{ endedBefore: START, dryRun: true }]), "eviction"],
      [alerts.evict({ endedBefore: new Date(NaN) }), "eviction.endedBefore"],
      [alerts.stop({ sinkTimeoutMs: -1 }), "options.sinkTimeoutMs"],
      [Reflect.apply(alerts.stop, alerts, [{ timeoutMs: 1 }]), "options"],
    ];
    for (const [call, field] of calls) expect(await failureOf(call)).toMatchObject({ code: "invalid-input", field });
  });

  test("says in its messages what is allowed", async () => {
    const { alerts } = scenario.tracker;
    const messages: [Promise<unknown>, string][] = [
      [Reflect.apply(alerts.redrive, alerts, ["all"]), 'an array of ids, or "dead"'],
      [Reflect.apply(alerts.discard, alerts, [[]]), 'discard(ids, { reason: "a load test", by: "ann" })'],
      [Reflect.apply(alerts.evict, alerts, [START]), "evict({ endedBefore: "],
    ];
    for (const [call, message] of messages) {
      expect(await failureOf(call)).toMatchObject({ message: expect.stringContaining(message) });
    }
  });
});
