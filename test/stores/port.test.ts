import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, volumeCondition } from "../../src/index.ts";
import type { Issue } from "../../src/core/index.ts";
import { allReadable } from "../../src/core/unreadable.ts";
import type { LockSelection, NewIssue, OutboxTransaction } from "../../src/ports/index.ts";
import { failureOf, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** Promises of the port that a tracker alone does not exercise. */
describe.each(storesForStories())("the store on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  /** Issues that a selection finds, locked. */
  const selected = async (selection: LockSelection): Promise<readonly Issue[]> =>
    allReadable((await story.store.transaction((transaction) => transaction.load({ issues: selection }))).issues);

  const inOutbox = <Result>(work: (outbox: OutboxTransaction) => Promise<Result>): Promise<Result> =>
    story.store.transaction(async ({ outbox }) => {
      if (outbox === undefined) throw new Error("no outbox");
      return work(outbox);
    });

  const another = (like: Issue, id: number, number: number, key: string): NewIssue => ({
    issue: { ...like, id: `01900000-0000-7000-8000-${String(id).padStart(12, "0")}`, number },
    group: { projectId: "shop", strategy: "title/1", key },
  });

  test.each<[string, (like: Issue) => NewIssue[]]>([
    ["a number that was assigned before", (like) => [another(like, 1, 1, "x")]],
    ["a number twice", (like) => [another(like, 1, 3, "x"), another(like, 2, 3, "y")]],
    ["numbers out of order", (like) => [another(like, 1, 4, "x"), another(like, 2, 3, "y")]],
    ["an id that is taken", (like) => [{ ...another(like, 1, 3, "x"), issue: { ...like, number: 3 } }]],
    ["a group twice", (like) => [another(like, 1, 3, "x"), another(like, 2, 4, "x")]],
  ])("refuses issues with %s, and leaves nothing behind", async (_what, make) => {
    const { issue } = await story.event();
    const { issue: second } = await story.event({ type: "second" });
    await story.tracker.issues.delete(second.id);
    const { friendlyId: _, ...like } = issue;
    const inserting = story.store.transaction((transaction) => transaction.write({ newIssues: make(like) }));
    expect(await failureOf(inserting)).toMatchObject({ code: "store-conflict", retryable: true });
    expect((await story.tracker.issues.list({ projectId: "shop" })).items).toEqual([issue]);
    expect((await story.event({ type: "third" })).issue.friendlyId).toBe("SHOP-3");
  });

  test("refuses an event that is stored already", async () => {
    const { eventId } = await story.event();
    const stored = await story.store.read((reader) => reader.findEvent({ projectId: "shop", id: eventId }));
    if (stored === undefined) throw new Error("not stored");
    const inserting = story.store.transaction((transaction) => transaction.write({ events: [stored] }));
    expect(await failureOf(inserting)).toMatchObject({ code: "store-conflict" });
  });

  test("returns issues that wait for the next release by number, and those to wake by deadline", async () => {
    const issues = [];
    for (const type of ["A", "B", "C"]) issues.push((await story.event({ type, release: "1.0.0" })).issue.id);
    const [a = "", b = "", c = ""] = issues;
    for (const id of [c, a, b]) await story.tracker.issues.resolve(id, { in: "next-release" });
    const waiting = await selected({ awaitingNextIn: "shop", after: 0, limit: 2 });
    expect(waiting.map(({ id }) => id)).toEqual([a, b]);
    for (const id of issues) await story.tracker.issues.reopen(id);
    const hours = new Map([
      [a, 2],
      [b, 3],
      [c, 1],
    ]);
    for (const [id, hour] of hours)
      await story.tracker.issues.mute(id, { until: START + hour * HOUR, wakeOn: "deadline" });
    const due = async (wakesUntil: number, limit: number): Promise<string[]> =>
      (await selected({ wakesUntil, limit })).map(({ id }) => id);
    expect(await due(START + 2 * HOUR, 5)).toEqual([c, a]);
    expect(await due(START + 2 * HOUR - 1, 5)).toEqual([c]);
    expect(await due(START + 9 * HOUR, 2)).toEqual([c, a]);
  });

  test("rolls back what a failed transaction changed in the lists of waiting issues and in marks", async () => {
    const { issue } = await story.event({ release: "1.0.0" });
    const { issue: muted } = await story.event({ type: "M", release: "1.0.0" });
    await story.tracker.issues.resolve(issue.id, { in: "next-release" });
    await story.tracker.issues.mute(muted.id, { until: START + HOUR, wakeOn: "deadline" });
    const failing = createIssueTracker({
      store: {
        ...story.store,
        transaction: (work) =>
          story.store.transaction(async (transaction) => {
            await work(transaction);
            throw new Error("at the end");
          }),
      },
      clock: story.clock,
    });
    const commands = [
      () => failing.issues.reopen(issue.id),
      () => failing.issues.resolve(issue.id, { in: { release: "1.0.0" } }),
      () => failing.issues.resolve(muted.id, { in: "next-release" }),
      () => failing.issues.unmute(muted.id),
      () => failing.tick(START + HOUR),
      () => failing.digest({ projectId: "shop", type: "E", release: "2.0.0" }),
      () => failing.issues.delete(issue.id),
      () => failing.issues.delete(muted.id),
    ];
    for (const command of commands) expect(await failureOf(command())).toEqual(new Error("at the end"));
    const waiting = await selected({ awaitingNextIn: "shop", after: 0, limit: 5 });
    expect(waiting.map(({ id }) => id)).toEqual([issue.id]);
    const waking = await selected({ wakesUntil: START + HOUR, limit: 5 });
    expect(waking.map(({ id }) => id)).toEqual([muted.id]);
    expect((await story.tracker.issues.releases(issue.id)).items).toMatchObject([{ version: "1.0.0", last: "seen" }]);
    expect(await story.tracker.tick(START + HOUR)).toEqual({
      unmuted: 1,
      mutedAgain: 0,
      autoResolved: 0,
      unreadable: [],
    });
    expect((await story.event({ release: "2.0.0" })).regressed).toMatchObject({ fixedIn: "2.0.0" });
  });

  test("settles an alert only for the lease that holds it", async () => {
    const quiet = createIssueTracker({ store: story.store, clock: story.clock, alertSink: "elsewhere" });
    await quiet.digest({ projectId: "shop", type: "E" });
    const leases = ["first", "second"].map((token, index) => ({ token, until: START + (index + 1) * MINUTE }));
    const [first, second] = leases;
    if (first === undefined || second === undefined) throw new Error("two leases");
    const claim = (lease: typeof first, now: number) =>
      inOutbox((outbox) => outbox.claim({ lease, now, limit: 5, issueIds: null, inOrder: false }));
    const settle = (lease: typeof first, id: string) =>
      inOutbox((outbox) => outbox.settle([{ id, lease, outcome: "done" }]));
    const [claimed] = await claim(first, START);
    const id = claimed?.alert.id ?? "";
    expect(await claim(second, START + MINUTE - 1)).toEqual([]);
    expect(await claim(second, START + MINUTE)).toMatchObject([{ alert: { id }, attempts: 2 }]);
    expect(await settle(first, id)).toEqual([]);
    expect(await settle({ ...second, token: "first" }, id)).toEqual([]);
    expect(await settle({ ...first, until: second.until }, id)).toEqual([]);
    expect((await quiet.alerts.list()).items).toMatchObject([{ state: { dueAt: START + 2 * MINUTE } }]);
    expect(await settle(second, id)).toEqual([id]);
    expect((await quiet.alerts.list()).items).toEqual([]);
  });

  test("accepts a batch with very many releases", async () => {
    const events = Array.from({ length: 3_000 }, (_, index) => ({
      projectId: "shop",
      type: "E",
      release: `build-${String(index)}`,
      receivedAt: START + index,
    }));
    await story.tracker.digest(events);
    expect((await story.tracker.releases.latest("shop"))?.version).toBe("build-2999");
  });

  test("returns mutes and their conditions unchanged", async () => {
    const { issue } = await story.event();
    const conditions = [volumeCondition(5, "hour", 2), volumeCondition(9, "total")];
    const muted = await story.tracker.issues.mute(issue.id, { conditions, sinceMute: true, until: START + HOUR });
    expect(await story.tracker.issues.get(issue.id)).toEqual(muted);
  });
});

/** A store in memory counts all at once, and looks at no position. */
const WITH_STEPS = storesForStories().slice(1);

describe.each(WITH_STEPS)("the counts of the store on $name", ({ open }) => {
  test.each(["", "x", " ", "x y", "1", "zz"])("refuse to go on after %j, where no step has ended", async (after) => {
    const store = await open();
    onTestFinished(() => store.close());
    for (const kind of ["turningPoints", "alerts"] as const) {
      const step = store.read((reader) => reader.countStored({ kind, after, limit: 1 }));
      expect(await failureOf(step)).toMatchObject({ code: "invalid-input", field: "after" });
    }
  });
});
