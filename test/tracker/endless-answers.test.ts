import { describe, expect, onTestFinished, test, vi } from "vitest";
import { raiseThrottledAlerts } from "../../src/alerts/limits.ts";
import { createIssueTracker, type IssueStore, type IssueTracker } from "../../src/index.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import type { LoadedIssues, OutboxTransaction, StoreReader, StoreTransaction } from "../../src/ports/index.ts";
import { NOTHING_THROTTLED, type AlertTally } from "../../src/ports/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { failureOf, HOUR, START } from "../support/scenario.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** What a wrong store replaces, as soon as it is wrong. */
interface Wrong {
  readonly transaction?: (inner: StoreTransaction) => Partial<StoreTransaction>;
  readonly outbox?: (inner: OutboxTransaction) => Partial<OutboxTransaction>;
  readonly reader?: (inner: StoreReader) => Partial<StoreReader>;
}

/** A tracker on a memory store that is right until it is told to be wrong. */
function startTracker() {
  const inner = createMemoryStore();
  let wrong: Wrong = {};
  const change = (transaction: StoreTransaction): StoreTransaction => {
    const { outbox } = transaction;
    return replacing(transaction, {
      ...(outbox !== undefined && { outbox: replacing(outbox, wrong.outbox?.(outbox) ?? {}) }),
      ...wrong.transaction?.(transaction),
    });
  };
  const store: IssueStore = {
    ...inner,
    transaction: (work) => inner.transaction((transaction) => work(change(transaction))),
    read: (work) => inner.read((reader) => work(replacing(reader, wrong.reader?.(reader) ?? {}))),
  };
  const clock = createVirtualClock(START);
  const tracker = createIssueTracker({ store, clock, alertSink: "elsewhere" });
  return { tracker, clock, inner, become: (how: Wrong) => (wrong = how) };
}

/** More than the tracker takes in a step of anything. */
const MANY = 1_100;

async function openMany(tracker: IssueTracker): Promise<string[]> {
  await tracker.projects.save({ id: "shop" });
  const events = Array.from({ length: MANY }, (_, index) => ({ projectId: "shop", type: `E${String(index)}x` }));
  const outcomes = await tracker.digest(events);
  return outcomes.flatMap((outcome) => (outcome.kind === "digested" ? [outcome.issue.id] : []));
}

/** Lets all alerts die. */
async function letAllDie(store: IssueStore, now: number): Promise<void> {
  await store.transaction(async ({ outbox }) => {
    const lease = { token: "t", until: now + 9 };
    const claimed = (await outbox?.claim({ lease, now, limit: MANY, issueIds: null, inOrder: false })) ?? [];
    const dead = { lease, outcome: "dead", diedAt: now, error: "it died", memo: null } as const;
    await outbox?.settle(claimed.map(({ alert }) => ({ ...dead, id: alert.id })));
  });
}

const STOPS = { code: "corrupt-data", message: expect.stringContaining("going on would never end") };

describe("a tracker stops with `corrupt-data` where a store's answer would make it loop for ever:", () => {
  test("tick, where issues that it has woken are still to be woken", async () => {
    const { tracker, clock, become } = startTracker();
    const ids = await openMany(tracker);
    await tracker.issues.bulk({ projectId: "shop", ids }, { kind: "mute", until: START + HOUR, wakeOn: "deadline" });
    clock.advanceBy(2 * HOUR);
    become({
      transaction: (inner) => ({
        write: ({ updates: _, turningPoints: __, alerts: ___, ...changes }) => inner.write(changes),
      }),
    });
    expect(await failureOf(tracker.tick())).toMatchObject(STOPS);
  });

  test("events.evict, where a step ends where another one has ended", async () => {
    const { tracker, become } = startTracker();
    await openMany(tracker);
    let step = 0;
    become({ transaction: () => ({ evictEvents: async () => ({ evicted: 0, next: String(step++ % 3) }) }) });
    expect(await failureOf(tracker.events.evict({ projectId: "shop", receivedBefore: START }))).toMatchObject(STOPS);
  });

  test("tick, where issues that it has resolved are on the next page again", async () => {
    const { tracker, clock, become } = startTracker();
    await openMany(tracker);
    await tracker.projects.save({ id: "shop", autoResolveAfterMs: HOUR });
    clock.advanceBy(HOUR);
    become({
      transaction: (inner) => ({
        pageIssues: (request) => inner.pageIssues({ ...request, after: null }),
        write: ({ updates: _, turningPoints: __, ...changes }) => inner.write(changes),
      }),
    });
    expect(await failureOf(tracker.tick())).toMatchObject(STOPS);
  });

  test("tick, where a page of projects is the one before again", async () => {
    const { tracker, become } = startTracker();
    for (let place = 0; place < MANY; place++) await tracker.projects.save({ id: `p${String(place)}` });
    become({
      reader: (inner) => ({
        findProjects: (selection) =>
          inner.findProjects("limit" in selection ? { ...selection, after: null } : selection),
      }),
    });
    expect(await failureOf(tracker.tick())).toMatchObject(STOPS);
  });

  test("users.erase, where a page of events, of alerts or of issues, or a step of forgetting, ends where another one has ended", async () => {
    const { tracker, become } = startTracker();
    await openMany(tracker);
    await tracker.digest({ projectId: "shop", type: "mine", userId: "ann" });
    let step = 0;
    const wrong: readonly Wrong[] = [
      { reader: () => ({ pageEvents: async () => ({ entries: [], next: String(step++ % 3) }) }) },
      { transaction: () => ({ forgetEvents: async () => ({ next: String(step++ % 3) }) }) },
      { outbox: (inner) => ({ page: (request) => inner.page({ ...request, after: null }) }) },
      { transaction: (inner) => ({ pageIssues: (request) => inner.pageIssues({ ...request, after: null }) }) },
    ];
    for (const how of wrong) {
      become(how);
      expect(await failureOf(tracker.users.erase("shop", "ann"))).toMatchObject(STOPS);
      become({});
      await tracker.digest({ projectId: "shop", type: "mine", userId: "ann" });
    }
  });

  test("actors.erase, where a step ends where another one has ended", async () => {
    const { tracker, become } = startTracker();
    let step = 0;
    become({ transaction: () => ({ replaceActor: async () => ({ changed: 0, next: String(step++ % 3) }) }) });
    expect(await failureOf(tracker.actors.erase("ann"))).toMatchObject(STOPS);
  });

  test("stats, where a step ends where another one has ended", async () => {
    const { tracker, become } = startTracker();
    let step = 0;
    become({ reader: () => ({ countStored: async () => ({ count: 0, next: String(step++ % 3) }) }) });
    expect(await failureOf(tracker.stats())).toMatchObject(STOPS);
  });

  test("a count of a text, where a step ends where another one has ended", async () => {
    const { tracker, become } = startTracker();
    await openMany(tracker);
    become({ reader: () => ({ countIssues: async () => ({ counts: new Map(), searchedTo: 7 }) }) });
    // A count that takes long would end before it sees the same step again.
    onTestFinished(() => void vi.restoreAllMocks());
    vi.spyOn(performance, "now").mockReturnValue(0);
    expect(await failureOf(tracker.issues.count({ projectId: "shop", search: "e" }))).toMatchObject(STOPS);
    expect(await failureOf(tracker.issues.counts({ projectId: "shop", search: "e" }))).toMatchObject(STOPS);
  });

  test("projects.erase, where a step that has removed nothing is to be done again", async () => {
    const { tracker, become } = startTracker();
    await openMany(tracker);
    become({ transaction: () => ({ eraseProject: async () => ({ removed: 0, next: "again" }) }) });
    expect(await failureOf(tracker.projects.erase("shop"))).toMatchObject(STOPS);
  });

  test("bulk, where a page of issues comes again", async () => {
    const { tracker, become } = startTracker();
    await openMany(tracker);
    become({ transaction: (inner) => ({ pageIssues: (request) => inner.pageIssues({ ...request, after: null }) }) });
    const bulk = tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve" });
    expect(await failureOf(bulk)).toMatchObject(STOPS);
  });

  test("a correction of releases, where a page of releases comes again", async () => {
    const { tracker, become } = startTracker();
    await tracker.projects.save({ id: "shop" });
    const events = Array.from({ length: MANY }, (_, index) => ({
      projectId: "shop",
      type: "E",
      release: `1.${String(index)}.0`,
    }));
    await tracker.digest(events);
    become({
      transaction: (inner) => ({ pageReleases: (projectId, _, limit) => inner.pageReleases(projectId, null, limit) }),
    });
    const retire = tracker.releases.retire({ projectId: "shop", version: "1.7.0" });
    expect(await failureOf(retire)).toMatchObject(STOPS);
  });

  test("digest, where releases that were placed anew are still in another order", async () => {
    const { tracker, become } = startTracker();
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", type: "E", release: "1.0.0" });
    const misplace = <Timelines extends Pick<LoadedIssues, "timelines">>(loaded: Timelines): Timelines => {
      const misplaced = Array.from(
        loaded.timelines,
        ([id, timeline]) => [id, { ...timeline, placedBy: "another/1" }] as const,
      );
      return { ...loaded, timelines: new Map(misplaced) };
    };
    become({
      transaction: (inner) => ({
        load: async ({ details = () => ({}), ...request }) =>
          misplace(await inner.load({ ...request, details: (loaded) => details(misplace(loaded)) })),
      }),
    });
    expect(await failureOf(tracker.digest({ projectId: "shop", type: "E", release: "2.0.0" }))).toMatchObject(STOPS);
    const register = tracker.releases.register({ projectId: "shop", version: "1.0.0" });
    expect(await failureOf(register)).toMatchObject(STOPS);
  });

  test("alerts.redrive, where a page of dead alerts comes again", async () => {
    const { tracker, become, inner, clock } = startTracker();
    await openMany(tracker);
    await letAllDie(inner, clock.now());
    become({
      reader: ({ outbox }) => ({
        ...(outbox !== undefined && {
          outbox: replacing(outbox, { page: (request) => outbox.page({ ...request, after: null }) }),
        }),
      }),
      outbox: () => ({ move: async (move) => ("ids" in move ? move.ids : []) }),
    });
    expect(await failureOf(tracker.alerts.redrive("dead"))).toMatchObject(STOPS);
  });

  test("but not alerts.redrive, where another process was faster with some of them", async () => {
    const { tracker, become, inner, clock } = startTracker();
    await openMany(tracker);
    await letAllDie(inner, clock.now());
    let isFirst = true;
    become({
      outbox: (outbox) => ({
        move: async (request) => {
          const given = "ids" in request && isFirst ? { ...request, ids: request.ids.slice(1) } : request;
          isFirst = false;
          return outbox.move(given);
        },
      }),
    });
    expect(await tracker.alerts.redrive("dead")).toBe(MANY - 1);
  });

  test("alerts.evict, where more alerts are removed than had ended", async () => {
    const { tracker, become } = startTracker();
    await openMany(tracker);
    become({ outbox: () => ({ evict: async ({ limit }) => limit }) });
    expect(await failureOf(tracker.alerts.evict({ endedBefore: START }))).toMatchObject(STOPS);
  });

  test("the delivery of alerts, where tallies that were removed have still ended", async () => {
    const { inner } = startTracker();
    const tallies = Array.from({ length: 500 }, (_, index): AlertTally => {
      const scope = { projectId: "shop", issueId: String(index) };
      return { ...scope, startsAt: 0, endsAt: START, admitted: 1, throttled: NOTHING_THROTTLED };
    });
    const raising = inner.transaction(async (transaction) => {
      if (transaction.outbox === undefined) throw new Error("no outbox");
      const outbox = replacing(transaction.outbox, { lockTallies: async () => tallies });
      await raiseThrottledAlerts(transaction, outbox, { now: START, newId: () => "id" });
    });
    expect(await failureOf(raising)).toMatchObject(STOPS);
  });
});
