import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, type Alert } from "../../src/index.ts";
import { failureOf, MINUTE, Scenario, START } from "../support/scenario.ts";
import { stores } from "../support/stores.ts";

describe.each(stores())("alerts on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  test("are delivered after the change was committed: the sink sees it in the store", async () => {
    const seen: unknown[] = [];
    const tracker = createIssueTracker({
      store: story.store,
      clock: story.clock,
      alertSink: async ({ issue }) => {
        seen.push((await tracker.issues.get(issue?.id ?? ""))?.eventCount);
      },
    });
    await tracker.digest([{ projectId: "shop" }, { projectId: "shop" }]);
    await tracker.settled();
    expect(seen).toEqual([2]);
  });

  test("that a sink fails on stay, with the error, are tried again after a pause, and never affect a digest", async () => {
    story.sink.failWith(new Error("smtp is down"));
    const { issue } = await story.event();
    await story.tracker.settled();
    expect((await story.tracker.alerts.list()).items).toMatchObject([
      {
        alert: { issue: { id: issue.id } },
        attempts: 1,
        lastError: "Error: smtp is down",
        state: { dueAt: START + 10_000 },
      },
    ]);
    expect(await story.tracker.alerts.drain()).toEqual({ delivered: 0, failed: 0, dead: 0, heldBack: 0 });
    story.clock.advanceBy(10_000);
    expect(await story.tracker.alerts.drain()).toEqual({ delivered: 0, failed: 1, dead: 0, heldBack: 0 });
    story.sink.failWith();
    story.clock.advanceBy(20_000);
    expect(await story.tracker.alerts.drain()).toEqual({ delivered: 1, failed: 0, dead: 0, heldBack: 0 });
    expect((await story.tracker.alerts.list()).items).toEqual([]);
    expect(story.sink.alerts.map(({ kind }) => kind)).toEqual(["new-issue"]);
  });

  test("are tried again with the next change, under the same id, after what is new", async () => {
    story.sink.failWith(new Error("down"));
    await story.event({ type: "A" });
    await story.tracker.settled();
    const [pending] = (await story.tracker.alerts.list()).items;
    story.sink.failWith();
    story.clock.advanceBy(MINUTE);
    await story.event({ type: "B" });
    const alerts = await story.alerts();
    expect(alerts.map(({ issue }) => issue?.title)).toEqual(["B", "A"]);
    expect(alerts[1]?.id).toBe(pending?.alert.id);
  });

  test("wait for a sink that hangs, without holding up digests or other alerts", async () => {
    const hanging = Promise.withResolvers<undefined>();
    const taken: (string | undefined)[] = [];
    const tracker = createIssueTracker({
      store: story.store,
      clock: story.clock,
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

  test("of a sink that never returns do not hold up closing for longer than was asked", async () => {
    const own = await open();
    const errors: unknown[] = [];
    let release: () => void = () => undefined;
    const tracker = createIssueTracker({
      store: own,
      clock: story.clock,
      onError: (error) => errors.push(error),
      alertSink: () => new Promise<void>((resolve) => (release = resolve)),
    });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop" });
    expect(await failureOf(tracker.close({ sinkTimeoutMs: -1 }))).toMatchObject({ code: "invalid-input" });
    await tracker.close({ sinkTimeoutMs: 0 });
    expect(await failureOf(tracker.alerts.list())).toMatchObject({ code: "closed" });
    release();
    await tracker.settled();
    expect(errors).toEqual([]);
  });

  test("raised while a tracker closes stay due, and nothing is reported", async () => {
    const errors: unknown[] = [];
    const tracker = createIssueTracker({
      store: await open(),
      clock: story.clock,
      onError: (error) => errors.push(error),
      alertSink: story.sink.deliver,
    });
    await tracker.projects.save({ id: "shop" });
    const digests = ["A", "B", "C"].map((type) => tracker.digest({ projectId: "shop", type }));
    await tracker.close();
    expect((await Promise.all(digests)).map(({ kind }) => kind)).toEqual(["digested", "digested", "digested"]);
    expect(errors).toEqual([]);
  });

  test("left behind are delivered at the next tick", async () => {
    const quiet = createIssueTracker({ store: story.store, clock: story.clock });
    await quiet.digest({ projectId: "shop" });
    expect(await quiet.tick()).toEqual({ unmuted: 0 });
    await story.tracker.tick();
    await story.tracker.settled();
    expect(story.sink.alerts.map(({ reason }) => reason.kind)).toEqual(["new-issue"]);
  });

  test("are delivered though the clock is set back after the change", async () => {
    let now = START;
    const tracker = createIssueTracker({
      store: story.store,
      clock: { now: () => now-- },
      alertSink: story.sink.deliver,
    });
    await tracker.digest({ projectId: "shop" });
    await tracker.settled();
    expect(story.sink.alerts.map(({ reason }) => reason.kind)).toEqual(["new-issue"]);
  });

  test("are not delivered twice by two trackers that share a store", async () => {
    const counts = new Map<string, number>();
    const count = async ({ id }: Alert): Promise<void> => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      await Promise.resolve();
    };
    const quiet = createIssueTracker({ store: story.store, clock: story.clock });
    await quiet.digest(Array.from({ length: 120 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` })));
    expect(await quiet.alerts.drain()).toEqual({ delivered: 0, failed: 0, dead: 0, heldBack: 0 });
    const options = { store: story.store, clock: story.clock, alertSink: count, alerts: { limits: null } };
    const both = [1, 2].map(() => createIssueTracker(options));
    const outcomes = await Promise.all(both.map(({ alerts }) => alerts.drain()));
    expect(outcomes.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(120);
    expect([counts.size, Math.max(...counts.values())]).toEqual([120, 1]);
  });

  test("claimed by a process that ended are delivered by another when the lease is over", async () => {
    const quiet = createIssueTracker({ store: story.store, clock: story.clock });
    await quiet.digest({ projectId: "shop" });
    const lease = { token: "dead", until: story.clock.now() + MINUTE };
    const claim = { lease, now: story.clock.now(), limit: 10, issueIds: null, inOrder: false };
    const [held] = await story.store.transaction((transaction) => transaction.claimAlerts(claim));
    expect(await story.tracker.alerts.drain()).toMatchObject({ delivered: 0, failed: 0 });
    story.clock.advanceBy(MINUTE);
    expect(await story.tracker.alerts.drain()).toMatchObject({ delivered: 1, failed: 0 });
    const late = { id: held?.alert.id ?? "", lease, outcome: "done" as const };
    expect(await story.store.transaction((transaction) => transaction.settleAlerts([late]))).toEqual([]);
  });

  test("of a deleted issue are not delivered", async () => {
    const quiet = createIssueTracker({ store: story.store, clock: story.clock });
    const outcome = await quiet.digest({ projectId: "shop" });
    if (outcome.kind !== "digested") throw new Error("not digested");
    await quiet.issues.delete(outcome.issue.id);
    expect((await quiet.alerts.list()).items).toEqual([]);
    expect(await story.tracker.alerts.drain()).toMatchObject({ delivered: 0, failed: 0 });
  });

  test("whose delivery the store fails are reported, for nobody waits for them", async () => {
    const errors: unknown[] = [];
    const store = { ...story.store };
    const tracker = createIssueTracker({
      store,
      clock: story.clock,
      alertSink: story.sink.deliver,
      onError: (error) => errors.push(error),
    });
    const original = store.transaction;
    let calls = 0;
    store.transaction = (work) => (++calls === 2 ? Promise.reject(new Error("disk full")) : original(work));
    await tracker.digest({ projectId: "shop" });
    await tracker.settled();
    expect(errors).toEqual([new Error("disk full")]);
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1, failed: 0 });
  });

  test("that throw what is no error are still noted", async () => {
    const tracker = createIssueTracker({
      store: story.store,
      clock: story.clock,
      alertSink: () => {
        throw Object.create(null);
      },
    });
    await tracker.digest({ projectId: "shop" });
    await tracker.settled();
    expect((await tracker.alerts.list()).items).toMatchObject([
      { lastError: "The sink threw something that is no Error." },
    ]);
  });

  test("that throw an error which cannot be read are noted too, and the others of the batch are settled", async () => {
    const unreadable = new Error();
    Object.defineProperty(unreadable, "message", {
      get: () => {
        throw new Error("no");
      },
    });
    const delivered: string[] = [];
    const tracker = createIssueTracker({
      store: story.store,
      clock: story.clock,
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

  test("are listed up to a limit that is checked", async () => {
    expect(await failureOf(story.tracker.alerts.list({ limit: 0 }))).toMatchObject({ code: "invalid-input" });
  });
});
