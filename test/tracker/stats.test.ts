import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, titleGrouping, type Page } from "../../src/index.ts";
import type { PageOptions, StoredCounts } from "../../src/core/index.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { NOTHING_THROTTLED, type StoredCountRequest, type TallyScope } from "../../src/ports/index.ts";
import { DAY, HOUR, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";
import { withoutOutbox } from "../support/without-outbox.ts";
import { replacing } from "../testing/mutants/harness.ts";

const PROJECTS = ["shop", "blog"];

/** What a scripted life knows that no query returns. */
class Life {
  readonly story: Scenario;
  /** The ids of all events that were digested and not erased, by project. */
  readonly eventIds: Readonly<Record<string, string[]>> = { shop: [], blog: [] };
  /** How many events of deleted issues are stored. */
  ofDeleted = 0;
  /** How many grouping keys issues have besides the one that opened them. */
  addedGroups = 0;

  constructor(story: Scenario) {
    this.story = story;
  }

  async digest(projectId: string, count: number, more: object = {}): Promise<void> {
    const ids = this.eventIds[projectId] ?? [];
    const events = Array.from({ length: count }, (_, index) => {
      const id = `${projectId} ${String(ids.length + index)}`;
      const userId = index % 4 === 0 ? {} : { userId: `u${String(index % 5)}` };
      return { projectId, id, type: `T${String(index % 7)}`, release: `1.${String(index % 3)}.0`, ...userId, ...more };
    });
    ids.push(...events.map(({ id }) => id));
    await this.story.tracker.digest(events);
  }

  /** Deletes an issue. */
  async delete(friendlyId: string): Promise<void> {
    const { tracker } = this.story;
    const issue = await tracker.issues.get(friendlyId);
    this.ofDeleted += issue?.eventCount ?? 0;
    await tracker.issues.delete(friendlyId);
  }

  /** Stores tallies of issues and their projects, as the delivery of alerts does. */
  async tally(...friendlyIds: readonly string[]): Promise<void> {
    const { tracker, store, clock } = this.story;
    const period = { startsAt: clock.now(), endsAt: clock.now() + DAY, admitted: 1, throttled: NOTHING_THROTTLED };
    const scopes = PROJECTS.map((projectId): TallyScope => ({ projectId, issueId: null }));
    for (const id of friendlyIds) {
      const issue = await tracker.issues.get(id);
      if (issue !== undefined) scopes.push({ projectId: issue.projectId, issueId: issue.id });
    }
    await store.transaction(async ({ outbox }) => {
      await outbox?.writeTallies({ save: scopes.map((scope) => ({ ...scope, ...period })) });
    });
  }

  /** Counts what the queries return. */
  async naiveCounts(): Promise<StoredCounts> {
    const { tracker, store } = this.story;
    const counts = {
      projects: (await tracker.projects.list()).items.length,
      issues: 0,
      turningPoints: 0,
      users: 0,
      marks: 0,
    };
    let [releases, events] = [0, this.ofDeleted];
    for (const projectId of PROJECTS) {
      if ((await tracker.projects.get(projectId)) === undefined) continue;
      for (const issue of await itemsOf((page) => tracker.issues.list({ projectId, ...page }))) {
        counts.issues++;
        counts.users += issue.userCount;
        counts.turningPoints += (await itemsOf((page) => tracker.issues.history(issue.id, page))).length;
        counts.marks += (await itemsOf((page) => tracker.issues.releases(issue.id, page))).length;
      }
      releases += (await itemsOf((page) => tracker.releases.list(projectId, page))).length;
      for (const id of this.eventIds[projectId] ?? []) {
        if ((await tracker.events.get(projectId, id)) !== undefined) events++;
      }
    }
    let alerts = 0;
    for (const status of ["pending", "dead", "discarded"] as const) {
      alerts += (await itemsOf((page) => tracker.alerts.list({ status, ...page }))).length;
    }
    const tallies = await store.transaction(async ({ outbox }) => {
      const ended = await outbox?.lockTallies({ endedAt: START + 1_000 * DAY, limit: 1_000 });
      return ended?.length ?? 0;
    });
    return { ...counts, groups: counts.issues + this.addedGroups, releases, events, alerts, tallies };
  }
}

async function itemsOf<Item>(pageOf: (options: PageOptions) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (;;) {
    const { items: found, next } = await pageOf(cursor === undefined ? {} : { cursor });
    items.push(...found);
    if (next === null) return items;
    cursor = next;
  }
}

describe.each(storesForStories())("stats on $name", ({ open }) => {
  let life: Life;
  beforeEach(async () => {
    life = new Life(await Scenario.begin(await open(), { alertSink: "elsewhere" }));
    return () => life.story.tracker.close();
  });

  const expectNaive = async (): Promise<StoredCounts> => {
    const counts = await life.story.tracker.stats();
    expect(counts).toEqual(await life.naiveCounts());
    return counts;
  };

  test("count what a naive count finds, of all projects, and less after what removes it", async () => {
    const { tracker, clock } = life.story;
    await expectNaive();
    await tracker.projects.save({ id: "blog" });
    await life.digest("shop", 40);
    await life.digest("blog", 20, { environment: "staging" });
    await tracker.issues.resolve("SHOP-1", { in: { release: "1.2.0" }, by: "ann" });
    await tracker.issues.mute("SHOP-2", { until: clock.now() + HOUR });
    await tracker.issues.discard("BLOG-2");
    await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    await tracker.releases.retire({ projectId: "shop", version: "1.0.0" });
    clock.advanceBy(2 * HOUR);
    await life.digest("shop", 30, { release: "2.0.0", data: { large: "x".repeat(9_000) } });
    await tracker.tick();
    await life.tally("SHOP-3", "SHOP-4", "BLOG-1");
    const full = await expectNaive();
    for (const [what, count] of Object.entries(full)) expect([what, count > 0]).toEqual([what, true]);

    await life.delete("SHOP-3");
    const { items } = await tracker.alerts.list();
    await tracker.alerts.discard(
      items.slice(0, 2).map(({ alert }) => alert.id),
      { reason: "noise" },
    );
    const deleted = await expectNaive();
    expect(deleted.issues).toBe(full.issues - 1);
    expect(deleted.groups).toBe(full.groups - 1);
    expect(deleted.events).toBe(full.events);

    clock.advanceBy(DAY);
    expect(await tracker.alerts.evict({ endedBefore: clock.now() })).toBe(2);
    const evicted = await tracker.events.evict({ projectId: "shop", receivedBefore: clock.now() });
    life.ofDeleted = 0;
    const left = await expectNaive();
    expect(left.events).toBe(deleted.events - evicted);
    expect(left.alerts).toBe(deleted.alerts - 2);

    await tracker.projects.erase("shop");
    await expectNaive();
    await tracker.projects.erase("blog");
    const nothing = await expectNaive();
    expect(new Set(Object.values(nothing))).toEqual(new Set([0]));
  });

  test("count the groups of issues that have several, after a change of the grouping", async () => {
    const { store, clock } = life.story;
    const former = createIssueTracker({ store, clock, grouping: titleGrouping, alertSink: "elsewhere" });
    for (const type of ["A", "B", "C"]) await former.digest({ projectId: "shop", id: `1 ${type}`, type });
    life.eventIds["shop"]?.push("1 A", "1 B", "1 C");
    await expectNaive();
    for (const type of ["A", "B"]) await life.story.tracker.digest({ projectId: "shop", id: `2 ${type}`, type });
    life.eventIds["shop"]?.push("2 A", "2 B");
    life.addedGroups = 2;
    expect((await expectNaive()).groups).toBe(5);
    await life.delete("SHOP-1");
    life.addedGroups = 1;
    await expectNaive();
  });

  test("count more than a step of each kind", { timeout: 120_000 }, async () => {
    const { tracker } = life.story;
    await tracker.projects.save({ id: "shop", alerts: { "new-issue": false } });
    const events = Array.from({ length: 2_500 }, (_, index) => ({
      projectId: index % 3 === 0 ? "shop" : "blog",
      id: String(index),
      type: `T${String(index % 1_250)}x`,
      userId: `u${String(index)}`,
      release: `build-${String(index % 1_100)}`,
    }));
    await tracker.projects.save({ id: "blog", alerts: { "new-issue": false } });
    await tracker.digest(events);
    const pairsOf = (keyOf: (event: (typeof events)[number]) => string): number => new Set(events.map(keyOf)).size;
    const issues = pairsOf(({ projectId, type }) => `${projectId} ${type}`);
    expect(await tracker.stats()).toEqual({
      projects: 2,
      issues,
      groups: issues,
      turningPoints: issues,
      users: 2_500,
      marks: pairsOf(({ projectId, type, release }) => `${projectId} ${type} ${release}`),
      releases: pairsOf(({ projectId, release }) => `${projectId} ${release}`),
      events: 2_500,
      alerts: 0,
      tallies: 0,
    });
  });
});

describe("stats", () => {
  test("have no alerts and tallies on a store without an outbox", async () => {
    const tracker = createIssueTracker({ store: withoutOutbox(createMemoryStore()), alertSink: () => undefined });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", type: "E" });
    await tracker.settled();
    expect(await tracker.stats()).toMatchObject({ projects: 1, issues: 1, events: 1, alerts: 0, tallies: 0 });
  });

  test("are counted in steps of a read each, which ask for no more than 1,000 entries, and go on where one has ended", async () => {
    const inner = createMemoryStore();
    const requests: StoredCountRequest[] = [];
    let reads = 0;
    const tracker = createIssueTracker({
      store: {
        ...inner,
        read: (work) => {
          reads++;
          return inner.read((reader) =>
            work(
              replacing(reader, {
                countStored: async (request) => {
                  requests.push(request);
                  const place = Number(request.after ?? 0);
                  return { count: 10, next: place < 2 ? String(place + 1) : null };
                },
              }),
            ),
          );
        },
      },
      alertSink: "elsewhere",
    });
    const counts = await tracker.stats();
    expect(new Set(Object.values(counts))).toEqual(new Set([30]));
    expect(reads).toBe(30);
    expect(requests.filter(({ kind }) => kind === "events")).toEqual(
      [null, "1", "2"].map((after) => ({ kind: "events", after, limit: 1_000 })),
    );
    expect(new Set(requests.map(({ kind }) => kind))).toEqual(new Set(Object.keys(counts)));
  });
});
