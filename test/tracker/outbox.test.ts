import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, PermanentDeliveryError, type OutboxStatus } from "../../src/index.ts";
import { failureOf, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { stores } from "../support/stores.ts";

describe.each(stores())("the outbox on $name", ({ open }) => {
  let story: Scenario;

  beforeEach(async () => {
    story = await Scenario.begin(await open(), {
      alertSink: () => {
        throw new PermanentDeliveryError("no such channel");
      },
    });
    return () => story.tracker.close();
  });

  /** A tracker whose alerts are delivered, beside the one whose alerts all die. */
  const delivering = (taken: string[] = []) =>
    createIssueTracker({
      store: story.store,
      clock: story.clock,
      alertSink: ({ issue }) => void taken.push(issue?.title ?? ""),
    });

  /** Raises alerts on new issues, one a minute, and has them die. */
  async function dead(...types: string[]): Promise<string[]> {
    for (const type of types) {
      await story.event({ type });
      await story.tracker.settled();
      story.clock.advanceBy(MINUTE);
    }
    const { items } = await story.tracker.alerts.list({ status: "dead" });
    return items.slice(-types.length).map(({ alert }) => alert.id);
  }

  async function titlesOf(status: OutboxStatus): Promise<(string | undefined)[]> {
    const { items } = await story.tracker.alerts.list({ status });
    return items.map(({ alert }) => alert.issue?.title);
  }

  test("lists alerts by state, page by page, with what went wrong", async () => {
    await dead("A", "B", "C");
    const first = await story.tracker.alerts.list({ status: "dead", limit: 2 });
    expect(first.items).toMatchObject([
      { alert: { issue: { title: "A" } }, state: { diedAt: START }, attempts: 1 },
      { alert: { issue: { title: "B" } }, lastError: "PermanentDeliveryError: no such channel" },
    ]);
    const second = await story.tracker.alerts.list({ status: "dead", limit: 2, cursor: first.next ?? "" });
    expect([second.items.map(({ alert }) => alert.issue?.title), second.next]).toEqual([["C"], null]);
    expect(await story.tracker.alerts.list()).toEqual({ items: [], next: null });
    expect(await story.tracker.alerts.counts()).toEqual({ due: 0, waiting: 0, leased: 0, dead: 3, discarded: 0 });
  });

  test("delivers dead alerts again that somebody drives, with all their attempts before them", async () => {
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

  test("drives all dead alerts again once, also when they die again meanwhile", async () => {
    await dead("A", "B", "C");
    expect(await story.tracker.alerts.redrive("dead")).toBe(3);
    await story.tracker.settled();
    expect(await titlesOf("dead")).toEqual(["A", "B", "C"]);
  });

  test("has what was raised while a clock was wrong delivered by those whose clock is right", async () => {
    const ahead = createIssueTracker({ store: story.store, clock: { now: () => START + 500 * 24 * HOUR } });
    await ahead.digest({ projectId: "shop", type: "A" });
    const taken: string[] = [];
    expect(await delivering(taken).alerts.drain()).toMatchObject({ delivered: 1 });
    expect(taken).toEqual(["A"]);
  });

  test("makes an alert due that waits for too long, such as after a clock was wrong", async () => {
    const ahead = createIssueTracker({
      store: story.store,
      clock: { now: () => START + 500 * 24 * HOUR },
      alertSink: () => Promise.reject(new Error("down")),
    });
    await ahead.digest({ projectId: "shop", type: "A" });
    await ahead.settled();
    const taken: string[] = [];
    const tracker = delivering(taken);
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 0 });
    expect(await tracker.alerts.counts()).toMatchObject({ waiting: 1 });
    const { items } = await tracker.alerts.list();
    expect(await tracker.alerts.redrive(items.map(({ alert }) => alert.id))).toBe(1);
    await tracker.settled();
    expect(taken).toEqual(["A"]);
  });

  test("sets alerts aside with a reason, for nobody to hear of, until somebody drives them again", async () => {
    const [first = ""] = await dead("A", "B");
    expect(await story.tracker.alerts.discard([first], { reason: "a test of ours", by: "ann" })).toBe(1);
    expect(await story.tracker.alerts.discard([first], { reason: "once more" })).toBe(0);
    expect((await story.tracker.alerts.list({ status: "discarded" })).items).toMatchObject([
      {
        alert: { id: first },
        state: {
          status: "discarded",
          discardedAt: START + 2 * MINUTE,
          reason: "a test of ours",
          by: { kind: "user", id: "ann" },
        },
        lastError: "PermanentDeliveryError: no such channel",
      },
    ]);
    expect(await story.tracker.alerts.counts()).toMatchObject({ dead: 1, discarded: 1 });
    const taken: string[] = [];
    const tracker = delivering(taken);
    await tracker.alerts.drain();
    expect(taken).toEqual([]);
    expect(await tracker.alerts.redrive([first])).toBe(1);
    await tracker.settled();
    expect(taken).toEqual(["A"]);
  });

  test("sets pending alerts aside too", async () => {
    const quiet = createIssueTracker({ store: story.store, clock: story.clock });
    await quiet.digest({ projectId: "shop", type: "A" });
    const { items } = await quiet.alerts.list();
    expect(await quiet.alerts.discard([items[0]?.alert.id ?? ""], { reason: "noise" })).toBe(1);
    expect(await quiet.alerts.counts()).toMatchObject({ due: 0, discarded: 1 });
  });

  test("forgets what ended a while ago, and nothing else", async () => {
    const [first = ""] = await dead("A", "B", "C");
    await story.tracker.alerts.discard([first], { reason: "noise" });
    const quiet = createIssueTracker({ store: story.store, clock: story.clock });
    await quiet.digest({ projectId: "shop", type: "D" });
    // B died a minute after the start, C two minutes, and A was discarded after three.
    expect(await quiet.alerts.evict({ endedBefore: START + MINUTE })).toBe(0);
    expect(await quiet.alerts.evict({ endedBefore: START + MINUTE + 1 })).toBe(1);
    expect(await titlesOf("dead")).toEqual(["C"]);
    expect(await quiet.alerts.evict({ endedBefore: START + HOUR })).toBe(2);
    expect(await quiet.alerts.counts()).toEqual({ due: 1, waiting: 0, leased: 0, dead: 0, discarded: 0 });
  });

  test("forgets as many as there are", async () => {
    const quiet = createIssueTracker({ store: story.store, clock: story.clock });
    await quiet.digest(Array.from({ length: 1_100 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` })));
    for (let chunk = 0; chunk < 2; chunk++) {
      const { items } = await quiet.alerts.list({ limit: 1_000 });
      await quiet.alerts.discard(
        items.map(({ alert }) => alert.id),
        { reason: "noise" },
      );
    }
    expect(await quiet.alerts.evict({ endedBefore: START + 1 })).toBe(1_100);
  });

  test("refuses what makes no sense, by its name", async () => {
    const { alerts } = story.tracker;
    const calls: [Promise<unknown>, string][] = [
      [alerts.list({ limit: 0 }), "options.limit"],
      [Reflect.apply(alerts.list, alerts, [{ status: "lost" }]), "options.status"],
      [Reflect.apply(alerts.list, alerts, [{ state: "dead" }]), "options"],
      [alerts.list({ cursor: "alerts dead:1:x" }), "options.cursor"],
      [alerts.list({ status: "dead", cursor: "alerts dead:1:x" }), "options.cursor"],
      [alerts.redrive(["7"]), "ids[0]"],
      [Reflect.apply(alerts.redrive, alerts, ["all"]), "ids"],
      [alerts.redrive(Array.from({ length: 1_001 }, () => "01900000-0000-7000-8000-000000000000")), "ids"],
      [alerts.discard([], { reason: "" }), "options.reason"],
      [Reflect.apply(alerts.discard, alerts, [[]]), "options"],
      [alerts.discard([], { reason: "x", by: "" }), "options.by"],
      [Reflect.apply(alerts.evict, alerts, [{}]), "eviction.endedBefore"],
      [alerts.stop({ sinkTimeoutMs: -1 }), "options.sinkTimeoutMs"],
    ];
    for (const [call, field] of calls) expect(await failureOf(call)).toMatchObject({ code: "invalid-input", field });
  });
});
