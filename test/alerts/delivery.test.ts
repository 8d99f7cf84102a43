import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, type Alert } from "../../src/index.ts";
import { failureOf, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("alerts on $name", ({ open }) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.begin(await open());
    return () => scenario.tracker.close();
  });

  test("are delivered after the change was committed: the sink sees it in the store", async () => {
    const seen: unknown[] = [];
    const tracker = createIssueTracker({
      store: scenario.store,
      clock: scenario.clock,
      alertSink: async ({ issue }) => {
        seen.push((await tracker.issues.get(issue?.id ?? ""))?.eventCount);
      },
    });
    await tracker.digest([
      { projectId: "shop", type: "E" },
      { projectId: "shop", type: "E" },
    ]);
    await tracker.settled();
    expect(seen).toEqual([2]);
  });

  test("that a sink fails on stay in the outbox with the error, are retried after a pause, and never affect a digest", async () => {
    scenario.sink.failWith(new Error("smtp is down"));
    const { issue } = await scenario.event();
    await scenario.tracker.settled();
    expect((await scenario.tracker.alerts.list()).items).toMatchObject([
      {
        alert: { issue: { id: issue.id } },
        attempts: 1,
        lastError: "Error: smtp is down",
        state: { dueAt: START + 10_000 },
      },
    ]);
    expect(await scenario.tracker.alerts.drain()).toEqual({
      delivered: 0,
      failed: 0,
      dead: 0,
      throttled: 0,
      discarded: 0,
    });
    scenario.clock.advanceBy(10_000);
    expect(await scenario.tracker.alerts.drain()).toEqual({
      delivered: 0,
      failed: 1,
      dead: 0,
      throttled: 0,
      discarded: 0,
    });
    scenario.sink.failWith();
    scenario.clock.advanceBy(20_000);
    expect(await scenario.tracker.alerts.drain()).toEqual({
      delivered: 1,
      failed: 0,
      dead: 0,
      throttled: 0,
      discarded: 0,
    });
    expect((await scenario.tracker.alerts.list()).items).toEqual([]);
    expect(scenario.sink.alerts.map(({ kind }) => kind)).toEqual(["new-issue"]);
  });

  test("are retried with the next change, under the same id, after new alerts", async () => {
    scenario.sink.failWith(new Error("down"));
    await scenario.event({ type: "A" });
    await scenario.tracker.settled();
    const [pending] = (await scenario.tracker.alerts.list()).items;
    scenario.sink.failWith();
    scenario.clock.advanceBy(MINUTE);
    await scenario.event({ type: "B" });
    const alerts = await scenario.alerts();
    expect(alerts.map(({ issue }) => issue?.title)).toEqual(["B", "A"]);
    expect(alerts[1]?.id).toBe(pending?.alert.id);
  });

  test("wait for a sink that hangs, without delaying digests or other alerts", async () => {
    const hanging = Promise.withResolvers<undefined>();
    const taken: (string | undefined)[] = [];
    const tracker = createIssueTracker({
      store: scenario.store,
      clock: scenario.clock,
      alertSink: async ({ issue }) => {
        taken.push(issue?.title);
        if (issue?.title === "A") await hanging.promise;
      },
    });
    await tracker.digest({ projectId: "shop", type: "A" });
    await expect.poll(() => taken).toEqual(["A"]);
    await tracker.digest({ projectId: "shop", type: "B" });
    await tracker.digest({ projectId: "shop", type: "B" });
    expect((await tracker.issues.list({ projectId: "shop" })).items).toHaveLength(2);
    await expect.poll(() => taken).toEqual(["A", "B"]);
    await expect
      .poll(async () => (await tracker.alerts.list()).items.map(({ alert }) => alert.issue?.title))
      .toEqual(["A"]);
    hanging.resolve(undefined);
    await tracker.settled();
    expect((await tracker.alerts.list()).items).toEqual([]);
  });

  test("of a sink that never returns do not delay closing for longer than the timeout", async () => {
    const own = await open();
    const errors: unknown[] = [];
    let release: () => void = () => undefined;
    const tracker = createIssueTracker({
      store: own,
      clock: scenario.clock,
      onError: (error) => errors.push(error),
      alertSink: () => new Promise<void>((resolve) => (release = resolve)),
    });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", type: "E" });
    expect(await failureOf(tracker.close({ sinkTimeoutMs: -1 }))).toMatchObject({ code: "invalid-input" });
    await tracker.close({ sinkTimeoutMs: 0 });
    expect(await failureOf(tracker.alerts.list())).toMatchObject({ code: "closed" });
    release();
    await tracker.settled();
    expect(errors).toEqual([]);
  });

  test("raised while a tracker closes stay due, and no error is reported", async () => {
    const errors: unknown[] = [];
    const tracker = createIssueTracker({
      store: await open(),
      clock: scenario.clock,
      onError: (error) => errors.push(error),
      alertSink: scenario.sink.deliver,
    });
    await tracker.projects.save({ id: "shop" });
    const digests = ["A", "B", "C"].map((type) => tracker.digest({ projectId: "shop", type }));
    await tracker.close();
    expect((await Promise.all(digests)).map(({ kind }) => kind)).toEqual(["digested", "digested", "digested"]);
    expect(errors).toEqual([]);
  });

  test("that another tracker raised are delivered at the next tick", async () => {
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    await raising.digest({ projectId: "shop", type: "E" });
    expect(await raising.tick()).toEqual({ unmuted: 0, mutedAgain: 0, autoResolved: 0, unreadable: [] });
    await scenario.tracker.tick();
    await scenario.tracker.settled();
    expect(scenario.sink.alerts.map(({ reason }) => reason.kind)).toEqual(["new-issue"]);
  });

  test("are delivered even if the clock is set back after the change", async () => {
    let now = START;
    const tracker = createIssueTracker({
      store: scenario.store,
      clock: { now: () => now-- },
      alertSink: scenario.sink.deliver,
    });
    await tracker.digest({ projectId: "shop", type: "E" });
    await tracker.settled();
    expect(scenario.sink.alerts.map(({ reason }) => reason.kind)).toEqual(["new-issue"]);
  });

  test("are not delivered twice by two trackers that share a store", async () => {
    const counts = new Map<string, number>();
    const count = async ({ id }: Alert): Promise<void> => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      await Promise.resolve();
    };
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    await raising.digest(Array.from({ length: 120 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` })));
    expect(await raising.alerts.drain()).toEqual({ delivered: 0, failed: 0, dead: 0, throttled: 0, discarded: 0 });
    const options = { store: scenario.store, clock: scenario.clock, alertSink: count, alerts: { limits: null } };
    const both = [1, 2].map(() => createIssueTracker(options));
    const outcomes = await Promise.all(both.map(({ alerts }) => alerts.drain()));
    expect(outcomes.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(120);
    expect([counts.size, Math.max(...counts.values())]).toEqual([120, 1]);
  });

  test("claimed by a process that ended are delivered by another after the lease", async () => {
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    await raising.digest({ projectId: "shop", type: "E" });
    const lease = { token: "dead", until: scenario.clock.now() + MINUTE };
    const claim = { lease, now: scenario.clock.now(), limit: 10, issueIds: null, inOrder: false };
    const [held] = (await scenario.store.transaction(async ({ outbox }) => outbox?.claim(claim))) ?? [];
    expect(await scenario.tracker.alerts.drain()).toMatchObject({ delivered: 0, failed: 0 });
    scenario.clock.advanceBy(MINUTE);
    expect(await scenario.tracker.alerts.drain()).toMatchObject({ delivered: 1, failed: 0 });
    const late = { id: held?.alert.id ?? "", lease, outcome: "done" as const };
    expect(await scenario.store.transaction(async ({ outbox }) => outbox?.settle([late]))).toEqual([]);
  });

  test("of a deleted issue are not delivered", async () => {
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    const outcome = await raising.digest({ projectId: "shop", type: "E" });
    if (outcome.kind !== "digested") throw new Error("not digested");
    await raising.issues.delete(outcome.issue.id);
    expect((await raising.alerts.list()).items).toEqual([]);
    expect(await scenario.tracker.alerts.drain()).toMatchObject({ delivered: 0, failed: 0 });
  });

  test("that cannot be claimed in the background are reported to onError, and stay due", async () => {
    const errors: unknown[] = [];
    const store = { ...scenario.store };
    const tracker = createIssueTracker({
      store,
      clock: scenario.clock,
      alertSink: scenario.sink.deliver,
      onError: (error) => errors.push(error),
    });
    const original = store.transaction;
    let calls = 0;
    store.transaction = (work) => (++calls === 2 ? Promise.reject(new Error("disk full")) : original(work));
    await tracker.digest({ projectId: "shop", type: "E" });
    await tracker.settled();
    expect(errors).toEqual([new Error("disk full")]);
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, failed: 0 });
  });

  test("are retried when the sink throws a value that is no error", async () => {
    const tracker = createIssueTracker({
      store: scenario.store,
      clock: scenario.clock,
      alertSink: () => {
        throw Object.create(null);
      },
    });
    await tracker.digest({ projectId: "shop", type: "E" });
    await tracker.settled();
    expect((await tracker.alerts.list()).items).toMatchObject([
      { lastError: "The sink threw a value that is not an Error." },
    ]);
  });

  test("are retried when the error cannot be read, and the others of the batch are settled", async () => {
    const unreadable = new Error();
    Object.defineProperty(unreadable, "message", {
      get: () => {
        throw new Error("no");
      },
    });
    const delivered: string[] = [];
    const tracker = createIssueTracker({
      store: scenario.store,
      clock: scenario.clock,
      alertSink: ({ issue }) => {
        if (issue?.title === "B") throw unreadable;
        delivered.push(issue?.title ?? "");
      },
    });
    await tracker.digest(["A", "B", "C"].map((type) => ({ projectId: "shop", type })));
    await tracker.settled();
    expect(delivered).toEqual(["A", "C"]);
    expect((await tracker.alerts.list()).items).toMatchObject([
      { alert: { issue: { title: "B" } }, lastError: "The sink threw something that cannot be described." },
    ]);
  });

  test("are listed up to a limit, which is checked", async () => {
    expect(await failureOf(scenario.tracker.alerts.list({ limit: 0 }))).toMatchObject({ code: "invalid-input" });
  });
});
