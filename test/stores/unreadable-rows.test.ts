import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, titleGrouping, volumeCondition, type Page } from "../../src/index.ts";
import { kyselyStore, mysqlDialect } from "../../src/kysely/index.ts";
import type { StoredCountRequest, StoredKind } from "../../src/ports/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { DATABASES_FOR_STORIES, type DatabaseKind } from "../support/databases.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

type Value = string | number | bigint | Uint8Array | null;

/** A tracker whose rows can be damaged. */
async function openWorld({ makePlace }: DatabaseKind) {
  const place = await makePlace();
  onTestFinished(() => place.drop());
  const db = place.connect();
  const clock = createVirtualClock(START);
  const errors: unknown[] = [];
  const store = await openStore(tablesIn(place, db));
  const onError = (error: unknown): void => void errors.push(error);
  const tracker = createIssueTracker({ store, clock, onError, alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  const table = (name: string) =>
    sql.table(`${place.schema === undefined ? "" : `${place.schema}.`}issue_lifecycle_${name}`);
  return {
    clock,
    store,
    tracker,
    errors,
    table,
    /** Changes rows behind the tracker's back. */
    damage: async (name: string, column: string, value: Value, where = sql<boolean>`1 = 1`) => {
      await sql`update ${table(name)} set ${sql.ref(column)} = ${value} where ${where}`.execute(db);
    },
    countRows: async (name: string): Promise<number> =>
      Number((await sql<{ n: unknown }>`select count(*) as n from ${table(name)}`.execute(db)).rows[0]?.n),
    /** A tracker with the former grouping. */
    former: () => createIssueTracker({ store, clock, onError, grouping: titleGrouping, alertSink: "elsewhere" }),
    /** A tracker of another process, which delivers alerts to a list. */
    deliver: () => {
      const delivered: (string | undefined)[] = [];
      const alertSink = ({ issue }: { issue: { title: string } | null }): void => void delivered.push(issue?.title);
      const delivering = createIssueTracker({ store: kyselyStore(tablesIn(place, db)), clock, onError, alertSink });
      return { delivering, delivered };
    },
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** Events of issues "A", "B", ... numbered from 1, each a minute after the one before; the later, the more events. */
async function fill({ tracker, clock }: World, count = 5): Promise<void> {
  clock.advanceBy(count * MINUTE);
  for (let index = 0; index < count; index++) {
    const type = String.fromCharCode(65 + index);
    const events = Array.from({ length: index + 1 }, () => ({
      projectId: "shop",
      type,
      receivedAt: START + index * MINUTE,
    }));
    await tracker.digest(events);
  }
}

const numbered = (number: number) => sql<boolean>`number = ${number}`;

/** All pages of a list: the items and what cannot be read. */
async function walk<Item>(pageAfter: (cursor: string | undefined) => Promise<Page<Item>>) {
  const items: Item[] = [];
  const unreadable: Page<Item>["unreadable"][number][] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 50; pages++) {
    const page = await pageAfter(cursor);
    items.push(...page.items);
    unreadable.push(...page.unreadable);
    if (page.next === null) return { items, unreadable };
    cursor = page.next;
  }
  throw new Error("The pages do not end.");
}

const HUGE = 2n ** 60n;

/** How an issue's row can be damaged: a column, and the value that something else wrote into it. */
const DAMAGES: readonly (readonly [string, string, Value])[] = [
  ["a state that is half a JSON text", "state", '{"status":"mut'],
  ["a state of a newer version", "state", '{"status":"snoozed","until":1}'],
  ["a status of a newer version", "status", 9],
  ["a negative status", "status", -3],
  ["a status that is not that of its state", "status", 1],
  ["more events than can be counted", "event_count", HUGE],
  ["fewer events than none", "event_count", -HUGE],
  ["an event count that is not where it is indexed", "event_count", 40],
  ["a time that is no instant", "last_seen_at", HUGE],
  ["a time before all instants", "last_seen_at", -HUGE],
  ["a time that is not where it is indexed", "last_seen_at", START + HOUR],
  ["an index entry behind all others", "last_seen_minute", HUGE],
  ["an index entry before all others", "last_seen_minute", -HUGE],
  ["a class that no event count has", "event_count_class", HUGE],
  ["a deadline that it does not have", "wake_at", 1],
  ["a deadline that is no instant", "wake_at", HUGE],
  ["more users than can be counted", "user_count", HUGE],
  ["fewer users than none", "user_count", -1],
  ["a level that this version does not know", "level", 64],
  ["a first event before all instants", "first_seen_at", -HUGE],
  ["environments that are half a JSON text", "environments", '["produc'],
  ["environments that are no texts", "environments", "[7]"],
  ["a condition to watch for that a newer version knows", "watch", '[{"kind":"weather"}]'],
  ["a state whose watch cannot be read", "state", '{"status":"open","watch":{"of":7}}'],
];

const SORTS = ["last-seen", "first-seen", "event-count"] as const;
const DIRECTIONS = ["ascending", "descending"] as const;
const LIMITS = [2, 1, 50].slice(0, rounds({ quick: 1, full: 2 }));

/** The kind, if it stores ids of any length: MySQL and MariaDB store 16 bytes in any case. */
function withIdsOfAnyLength(kind: DatabaseKind): DatabaseKind[] {
  return kind.dialect === mysqlDialect ? [] : [kind];
}

describe.each(DATABASES_FOR_STORIES)("a list of several projects on $name", (kind) => {
  test("has the issues that cannot be read of all of them, however few it reads of each", async () => {
    const world = await openWorld(kind);
    await fill(world, 6);
    const others = Array.from({ length: 12 }, (_, index) => `other${String(index)}`);
    for (const id of others) {
      await world.tracker.projects.save({ id });
      await world.tracker.digest({ projectId: id, type: "Other" });
    }
    await world.damage("issues", "status", 99, sql<boolean>`title <> 'Other'`);
    for (const limit of [8, 50]) {
      const { items, unreadable } = await walk((cursor) =>
        world.tracker.issues.list({ projectIds: "all", limit, ...(cursor !== undefined && { cursor }) }),
      );
      expect(items.map(({ projectId }) => projectId).sort()).toEqual(others.toSorted());
      expect(unreadable.map(({ friendlyId }) => friendlyId).sort()).toEqual(
        [1, 2, 3, 4, 5, 6].map((number) => `SHOP-${String(number)}`),
      );
    }
    expect(await world.tracker.issues.count({ projectIds: "all" })).toEqual({ count: others.length, exact: true });
  });

  test("names on its first page a project that cannot be read, and has the issues of the others; a count is not exact", async () => {
    const world = await openWorld(kind);
    const { issues, projects, digest } = world.tracker;
    const ids = Array.from({ length: 25 }, (_, index) => `p${String(index)}`);
    for (const projectId of ids) {
      await projects.save({ id: projectId });
      await digest({ projectId, type: "E" });
    }
    await world.damage("projects", "watch", "{", sql<boolean>`slug in ('p3', 'p24')`);
    const readable = ids.filter((id) => id !== "p3" && id !== "p24");
    for (const projectIds of [ids, "all"] as const) {
      const { items, unreadable } = await walk((cursor) =>
        issues.list({ projectIds, limit: 10, ...(cursor !== undefined && { cursor }) }),
      );
      expect(items.map(({ projectId }) => projectId).sort()).toEqual(readable.toSorted());
      expect(unreadable.map(({ id, error }) => [id, error.code]).sort()).toEqual([
        ["p24", "corrupt-data"],
        ["p3", "corrupt-data"],
      ]);
      expect(unreadable[0]?.error.message).toMatch(/^Project "p\d+" cannot be read\. /u);
      const first = await issues.list({ projectIds, limit: 20 });
      const second = await issues.list({ projectIds, limit: 20, cursor: first.next ?? "" });
      expect(second.unreadable).toEqual([]);
      const back = await issues.list({ projectIds, limit: 20, cursor: second.previous ?? "" });
      expect(back.unreadable).toHaveLength(2);
      expect(await issues.count({ projectIds })).toEqual({ count: readable.length, exact: false });
      expect((await issues.counts({ projectIds })).open).toEqual({ count: readable.length, exact: false });
    }
    expect(await failureOf(issues.list({ projectId: "p3" }))).toMatchObject({ code: "corrupt-data" });
    expect(await failureOf(issues.list({ projectIds: [...ids, "nowhere"] }))).toMatchObject({
      code: "unknown-project",
    });
  });
});

describe.each(DATABASES_FOR_STORIES)("one damaged issue on $name", (kind) => {
  test.each(DAMAGES)("is reported by lists, which hold the others, page by page: %s", async (_what, column, value) => {
    const world = await openWorld(kind);
    await fill(world);
    await world.damage("issues", column, value, numbered(3));
    for (const search of ["", "c"]) {
      for (const sort of SORTS) {
        for (const direction of DIRECTIONS) {
          for (const limit of LIMITS) {
            const options = { projectId: "shop", sort, direction, limit, search };
            const { items, unreadable } = await walk((cursor) =>
              world.tracker.issues.list(cursor === undefined ? options : { ...options, cursor }),
            );
            const found = [items.map(({ title }) => title).sort(), unreadable.map(({ friendlyId }) => friendlyId)];
            expect([options, ...found]).toEqual([options, search === "" ? ["A", "B", "D", "E"] : [], ["SHOP-3"]]);
          }
        }
      }
    }
  });

  test.each(DAMAGES)("is an error that names it, and can be deleted: %s", async (_what, column, value) => {
    const world = await openWorld(kind);
    const { tracker } = world;
    await fill(world);
    const id = (await tracker.issues.get("SHOP-3"))?.id ?? "";
    await world.damage("issues", column, value, numbered(3));
    const corrupt = { code: "corrupt-data", message: expect.stringContaining(id) };
    for (const name of [id, "shop-3"]) {
      expect(await failureOf(tracker.issues.get(name))).toMatchObject(corrupt);
      expect(await failureOf(tracker.issues.history(name))).toMatchObject(corrupt);
      expect(await failureOf(tracker.issues.resolve(name))).toMatchObject(corrupt);
      expect(await failureOf(tracker.issues.annotate(name, "hm"))).toMatchObject(corrupt);
    }
    await tracker.issues.delete(column === "event_count" ? "SHOP-3" : id);
    expect(await tracker.issues.get(id)).toBeUndefined();
    expect((await tracker.issues.list({ projectId: "shop" })).unreadable).toEqual([]);
    expect(await world.countRows("issues")).toBe(4);
    expect(await world.countRows("groups")).toBe(4);
    expect(await world.countRows("turning_points")).toBe(4);
    expect(await tracker.digest({ projectId: "shop", type: "C" })).toMatchObject({ created: true });
  });

  test.each(DAMAGES)("costs a batch only its own events: %s", async (_what, column, value) => {
    const world = await openWorld(kind);
    const { tracker, errors } = world;
    await fill(world);
    const id = (await tracker.issues.get("SHOP-3"))?.id ?? "";
    await world.damage("issues", column, value, numbered(3));
    const receivedAt = START + HOUR;
    const batch = ["A", "C", "B", "C", "new"].map((type, index) => {
      return {
        projectId: "shop",
        id: `event ${String(index)}`,
        type,
        release: type === "C" ? "7.0.0" : "1.0.0",
        receivedAt,
      };
    });
    const outcomes = await tracker.digest(batch);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(["digested", "refused", "digested", "refused", "digested"]);
    const refused = {
      issueId: id,
      error: { code: "corrupt-data", message: expect.stringContaining("issues.delete()") },
    };
    expect([outcomes[1], outcomes[3]]).toMatchObject([refused, refused]);
    expect(errors).toMatchObject([refused.error]);
    expect(await tracker.events.get("shop", "event 1")).toBeUndefined();
    expect((await tracker.releases.list("shop")).items.map(({ version }) => version)).not.toContain("7.0.0");
    expect(await tracker.issues.get("SHOP-1")).toMatchObject({ eventCount: 2 });

    const [, alone] = batch;
    if (alone === undefined) throw new Error("There is no such event.");
    expect(await failureOf(tracker.digest(alone))).toMatchObject(refused.error);
    await tracker.issues.delete(id);
    expect(await tracker.digest(alone)).toMatchObject({ kind: "digested", created: true });
  });

  test("or not, leaves none of its groups by any strategy when it is deleted", async () => {
    const world = await openWorld(kind);
    await world.former().digest(["C", "D"].map((type) => ({ projectId: "shop", type })));
    await world.tracker.digest(["C", "D"].map((type) => ({ projectId: "shop", type })));
    expect([await world.countRows("groups"), await world.countRows("added_groups")]).toEqual([4, 2]);
    await world.damage("issues", "status", 9, numbered(2));
    for (const id of ["SHOP-1", "SHOP-2"]) await world.tracker.issues.delete(id);
    expect([await world.countRows("groups"), await world.countRows("added_groups")]).toEqual([0, 0]);
  });

  test("leaves the id of its event to a later event of the batch", async () => {
    const world = await openWorld(kind);
    await fill(world);
    await world.damage("issues", "status", 9, numbered(3));
    const batch = ["C", "A", "B", "C"].map((type) => ({ projectId: "shop", id: "one event", type }));
    const outcomes = await world.tracker.digest(batch);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(["refused", "digested", "duplicate", "duplicate"]);
  });

  test.each(DAMAGES)("is refused by bulk commands, which apply to the others: %s", async (_what, column, value) => {
    const world = await openWorld(kind);
    const { tracker } = world;
    await fill(world);
    const { items } = await tracker.issues.list({ projectId: "shop" });
    const ids = items.map(({ id }) => id);
    const id = items.find(({ title }) => title === "C")?.id ?? "";
    await world.damage("issues", column, value, numbered(3));
    const refusals = [{ issueId: id, code: "corrupt-data" }];
    const byIds = { projectId: "shop", ids } as const;
    const byFilter = { filter: { projectId: "shop" } } as const;
    const expected = { applied: 4, refused: 1, refusals };
    expect(await tracker.issues.bulk(byIds, { kind: "resolve" })).toMatchObject(expected);
    expect(await tracker.issues.bulk(byFilter, { kind: "reopen" })).toMatchObject(expected);
    expect(await tracker.issues.bulk(byFilter, { kind: "delete" })).toMatchObject(expected);
    expect(await tracker.issues.bulk(byIds, { kind: "delete" })).toMatchObject({ applied: 1, refused: 4 });
    expect(await world.countRows("issues")).toBe(0);
  });

  test("is listed without its friendly id where its number is damaged too", async () => {
    const world = await openWorld(kind);
    await fill(world);
    const id = (await world.tracker.issues.get("SHOP-3"))?.id ?? "";
    for (const number of [HUGE, -HUGE]) {
      await world.damage("issues", "number", number, sql<boolean>`title = ${"C"}`);
      for (const sort of SORTS) {
        for (const direction of DIRECTIONS) {
          const options = { projectId: "shop", sort, direction, limit: 1 };
          const { items, unreadable } = await walk((cursor) =>
            world.tracker.issues.list(cursor === undefined ? options : { ...options, cursor }),
          );
          expect(items).toHaveLength(4);
          expect(unreadable).toEqual([{ id, error: expect.objectContaining({ code: "corrupt-data" }) }]);
        }
      }
    }
    await world.tracker.issues.delete(id);
    expect(await world.countRows("issues")).toBe(4);
  });

  test("that belongs to no project is an error that names it, and can be deleted", async () => {
    const world = await openWorld(kind);
    await fill(world);
    const id = (await world.tracker.issues.get("SHOP-3"))?.id ?? "";
    await world.damage("issues", "project_key", 999, numbered(3));
    const corrupt = { code: "corrupt-data", message: expect.stringContaining(id) };
    expect(await failureOf(world.tracker.issues.get(id))).toMatchObject(corrupt);
    expect(await world.tracker.digest([{ projectId: "shop", type: "C" }])).toMatchObject([
      { kind: "refused", issueId: id },
    ]);
    await world.tracker.issues.delete(id);
    expect(await world.countRows("issues")).toBe(4);
  });

  test("whose counter is damaged is not muted again, and keeps no other from it, however many they are", async () => {
    const world = await openWorld(kind);
    const { tracker, clock } = world;
    const [damaged, others] = [500, 2];
    const types = Array.from({ length: damaged + others }, (_, index) => `E${String(index)}`);
    const digestAll = () => tracker.digest(types.map((type) => ({ projectId: "shop", type })));
    const again = { period: "hour", nrOfPeriods: 1 } as const;
    await digestAll();
    await tracker.issues.bulk(
      { filter: { projectId: "shop" } },
      { kind: "mute", conditions: [volumeCondition(2, "minute")], again },
    );
    clock.advanceBy(MINUTE);
    await digestAll();
    await digestAll();
    const ids = sql`select id from ${world.table("issues")} where number <= ${damaged}`;
    await world.damage("counters", "buckets", new Uint8Array([9, 9]), sql<boolean>`issue_id in (${ids})`);
    for (const mutedAgain of [others, 0]) {
      clock.advanceBy(HOUR);
      const outcome = await tracker.tick();
      expect(outcome).toMatchObject({ unmuted: 0, mutedAgain });
      expect(outcome.unreadable).toHaveLength(damaged);
      expect(await tracker.tick()).toEqual({ unmuted: 0, mutedAgain: 0, autoResolved: 0, unreadable: [] });
    }
  });

  test("whose counter is damaged refuses what needs it, and nothing else", async () => {
    const world = await openWorld(kind);
    const { tracker, clock } = world;
    clock.advanceBy(HOUR);
    await tracker.digest(["A", "B"].flatMap((type) => [0, 1, 2].map((minute) => at(type, minute))));
    const [a = "", b = ""] = await Promise.all(
      ["SHOP-1", "SHOP-2"].map(async (id) => (await tracker.issues.get(id))?.id),
    );
    await world.damage("counters", "buckets", new Uint8Array([9, 9]), sql<boolean>`issue_id = ${bytesOf(a)}`);
    const corrupt = { code: "corrupt-data", message: expect.stringContaining(a) };
    expect(await failureOf(tracker.issues.eventCounts(a, { period: "day" }))).toMatchObject(corrupt);
    expect(await tracker.issues.get(a)).toMatchObject({ eventCount: 3 });
    expect((await tracker.digest([at("A", 5), at("B", 5)])).map((outcome) => outcome.kind)).toEqual([
      "refused",
      "digested",
    ]);
    const command = { kind: "mute", conditions: [volumeCondition(100, "day")] } as const;
    const outcome = await tracker.issues.bulk({ projectId: "shop", ids: [a, b] }, command);
    expect(outcome).toMatchObject({ applied: 1, refusals: [{ issueId: a, ...corrupt }] });
    expect(await failureOf(tracker.issues.mute(a, { conditions: command.conditions }))).toMatchObject(corrupt);
    expect(await tracker.issues.resolve(a)).toMatchObject({ state: { status: "resolved" } });
    await tracker.issues.delete(a);
    expect(await tracker.digest(at("A", 6))).toMatchObject({ created: true });
  });

  test("that many others would hide is passed over by a tick, which reports it", async () => {
    const world = await openWorld(kind);
    const { tracker, clock } = world;
    await tracker.digest(Array.from({ length: 502 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` })));
    const until = START + MINUTE;
    const muted = await tracker.issues.bulk(
      { filter: { projectId: "shop" } },
      { kind: "mute", until, wakeOn: "deadline" },
    );
    expect(muted.applied).toBe(502);
    await world.damage("issues", "state", '{"status":"mut', sql<boolean>`number <> 77 and number <> 78`);
    clock.advanceBy(HOUR);
    const outcome = await tracker.tick();
    expect(outcome.unmuted).toBe(2);
    expect(outcome.unreadable).toHaveLength(500);
    expect(new Set(outcome.unreadable.map(({ friendlyId }) => friendlyId)).size).toBe(500);
    expect(await tracker.issues.get("SHOP-78")).toMatchObject({ state: { status: "open" } });
    expect(await tracker.tick()).toMatchObject({ unmuted: 0 });
  });

  test("is passed over when the next release appears", async () => {
    const world = await openWorld(kind);
    const { tracker } = world;
    await tracker.digest(["A", "B", "C"].map((type) => ({ projectId: "shop", type, release: "1.0.0" })));
    await tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve", in: "next-release" });
    await world.damage("issues", "state", "half of a {", numbered(1));
    await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    for (const id of ["SHOP-2", "SHOP-3"]) {
      const { items } = await tracker.issues.history(id);
      expect(items.map(({ turn }) => turn.kind)).toContain("next-materialized");
    }
  });

  test.each(withIdsOfAnyLength(kind))("whose id is damaged is listed, and the others with it", async () => {
    const world = await openWorld(kind);
    await fill(world);
    const id = new Uint8Array(15).fill(0xab);
    await world.damage("issues", "id", id, numbered(3));
    for (const sort of SORTS) {
      const { items, unreadable } = await walk((cursor) =>
        world.tracker.issues.list({ projectId: "shop", sort, limit: 1, ...(cursor !== undefined && { cursor }) }),
      );
      expect(items).toHaveLength(4);
      expect(unreadable).toMatchObject([{ id: "ab".repeat(15), friendlyId: "SHOP-3" }]);
    }
  });
});

const at = (type: string, minute: number) => ({ projectId: "shop", type, receivedAt: START + minute * MINUTE });

const bytesOf = (id: string): Uint8Array => Buffer.from(id.replaceAll("-", ""), "hex");

describe.each(DATABASES_FOR_STORIES)("a damaged row on $name", (kind) => {
  test("of a history leaves the other turning points, page by page", async () => {
    const world = await openWorld(kind);
    const { tracker } = world;
    await tracker.digest({ projectId: "shop", type: "A" });
    for (const comment of ["one", "two", "three", "four"]) await tracker.issues.annotate("SHOP-1", comment);
    await world.damage("turning_points", "turn", '{"kind":"promoted"}', sql<boolean>`comment = ${"two"}`);
    await world.damage("turning_points", "at", HUGE, sql<boolean>`comment = ${"three"}`);
    for (const limit of LIMITS) {
      const { items, unreadable } = await walk((cursor) =>
        tracker.issues.history("SHOP-1", { limit, ...(cursor !== undefined && { cursor }) }),
      );
      expect(items.map(({ comment }) => comment)).toEqual(["four", "one", ""]);
      expect(unreadable).toMatchObject([
        { id: "4", error: { code: "corrupt-data" } },
        { id: "3", error: { code: "corrupt-data" } },
      ]);
    }
  });

  const isRelease = (name: string) => sql<boolean>`name = ${kind.dialect === mysqlDialect ? Buffer.from(name) : name}`;

  /** The versions in a list, page by page, and the ids of what cannot be read. */
  const versionsIn = async (list: (options: object) => Promise<Page<{ readonly version: string }>>, limit: number) => {
    const { items, unreadable } = await walk((cursor) => list({ limit, ...(cursor !== undefined && { cursor }) }));
    for (const { error } of unreadable) expect(error.code).toBe("corrupt-data");
    return [items.map(({ version }) => version), unreadable.map(({ id }) => id)];
  };

  const withReleases = async () => {
    const world = await openWorld(kind);
    const releases = ["1.0.0", "2.0.0", "3.0.0"];
    await world.tracker.digest(releases.map((release) => ({ projectId: "shop", type: "A", release })));
    const ofProject = (options: object) => world.tracker.releases.list("shop", options);
    const ofIssue = (options: object) => world.tracker.issues.releases("SHOP-1", options);
    return { world, ofProject, ofIssue };
  };

  test.each<[string, string, Value]>([
    ["a date that is no instant", "at", HUGE],
    ["a standing of a newer version", "standing", 9],
    ["a number that cannot be", "number", HUGE],
  ])("of releases leaves the others and their marks, page by page: %s", async (_what, column, value) => {
    const { world, ofProject, ofIssue } = await withReleases();
    await world.damage("project_releases", column, value, isRelease("2.0.0"));
    for (const limit of LIMITS) {
      expect(await versionsIn(ofProject, limit)).toEqual([["3.0.0", "1.0.0"], ["2.0.0"]]);
      expect(await versionsIn(ofIssue, limit)).toEqual([["3.0.0", "1.0.0"], ["2.0.0"]]);
    }
  });

  test("of marks leaves the others and the releases, page by page", async () => {
    const { world, ofProject, ofIssue } = await withReleases();
    const [, second] = (await world.tracker.releases.list("shop")).items;
    const key = second?.orderKey ?? "";
    const isOfSecond = sql<boolean>`order_key = ${kind.dialect === mysqlDialect ? Buffer.from(key) : key}`;
    await world.damage("release_marks", "fixed_at", HUGE, isOfSecond);
    for (const limit of LIMITS) {
      expect(await versionsIn(ofProject, limit)).toEqual([["3.0.0", "2.0.0", "1.0.0"], []]);
      expect(await versionsIn(ofIssue, limit)).toEqual([["3.0.0", "1.0.0"], ["2.0.0"]]);
    }
  });

  test("of a mark whose release is missing is one that cannot be read, and does not vanish", async () => {
    const { world, ofIssue } = await withReleases();
    const [, second] = (await world.tracker.releases.list("shop")).items;
    await world.damage("project_releases", "order_key", "none", isRelease("2.0.0"));
    for (const limit of LIMITS) {
      expect(await versionsIn(ofIssue, limit)).toEqual([["3.0.0", "1.0.0"], [second?.orderKey]]);
    }
  });

  test("of a mark costs a batch only the events of its issue", async () => {
    const world = await openWorld(kind);
    const { tracker } = world;
    const events = (batch: string) =>
      ["A", "B"].flatMap((type) =>
        ["1.0.0", "2.0.0"].map((release) => ({ projectId: "shop", id: `${batch} ${type} ${release}`, type, release })),
      );
    await tracker.digest(events("first"));
    const a = (await tracker.issues.get("SHOP-1"))?.id ?? "";
    await world.damage("release_marks", "fixed_at", HUGE, sql<boolean>`issue_id = ${bytesOf(a)}`);
    const outcomes = await tracker.digest(events("second"));
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(["refused", "refused", "digested", "digested"]);
  });

  test("of projects leaves all of them in the list", async () => {
    const world = await openWorld(kind);
    await world.tracker.projects.save({ id: "blog" });
    await world.damage("projects", "issue_count", HUGE, sql<boolean>`slug = ${"shop"}`);
    await world.damage("projects", "release_count", HUGE, sql<boolean>`slug = ${"shop"}`);
    expect((await world.tracker.projects.list()).items.map(({ id }) => id)).toEqual(["blog", "shop"]);
    await world.damage("projects", "watch", '{"conditions":[{"kind":"weather"}]}');
    await world.damage("projects", "state_environments", "half of a [");
    await world.damage("projects", "auto_resolve_after", HUGE);
    expect((await world.tracker.projects.list()).items.map(({ id }) => id)).toEqual(["blog", "shop"]);
  });

  test.each<[string, Value]>([
    ["watch", '{"conditions":[{"kind":"weather"}]}'],
    ["watch", "half of a {"],
    ["state_environments", '{"production":true}'],
    ["auto_resolve_after", -HUGE],
  ])(
    "of a project is an error, where its %s decides, and costs no other project anything: %s",
    async (column, value) => {
      const world = await openWorld(kind);
      const { tracker } = world;
      await tracker.projects.save({ id: "blog" });
      await world.damage("projects", column, value, sql<boolean>`slug = ${"shop"}`);
      expect(await failureOf(tracker.digest({ projectId: "shop", type: "A" }))).toMatchObject({ code: "corrupt-data" });
      expect(await tracker.digest({ projectId: "blog", type: "A" })).toMatchObject({ created: true });
    },
  );

  const isEvent = (id: string) => sql<boolean>`id = ${kind.dialect === mysqlDialect ? Buffer.from(id) : id}`;

  test.each<[string, Value]>([
    ["half of its JSON", '{"type":"A'],
    ["a level of a newer version", '{"level":"disaster"}'],
    ["no event", '{"count":0}'],
    ["a list", "[]"],
  ])("of an event's details is an error of that event, which stays known until it is evicted: %s", async (_, value) => {
    const world = await openWorld(kind);
    const { tracker, clock } = world;
    const [long, short] = ["x".repeat(5_000), "short"];
    const events = [long, short, "other"].map((text, index) => ({ projectId: "shop", id: String(index), type: text }));
    await tracker.digest(events.map((event) => ({ ...event, fingerprint: ["one issue"] })));
    await world.damage("event_data", "details", value);
    await world.damage("events", "details", value, isEvent("1"));
    for (const id of ["0", "1"]) {
      expect(await failureOf(tracker.events.get("shop", id))).toMatchObject({ code: "corrupt-data" });
      expect(await tracker.digest({ projectId: "shop", id, type: "B" })).toMatchObject({ kind: "duplicate" });
    }
    expect(await tracker.events.get("shop", "2")).toMatchObject({ type: "other" });
    const { items, unreadable, next } = await tracker.events.list("SHOP-1", { limit: 2 });
    expect([items.map(({ id }) => id), unreadable.map(({ id }) => id)]).toEqual([["2"], ["1"]]);
    expect(await tracker.events.list("SHOP-1", { cursor: next ?? "" })).toMatchObject({
      items: [],
      unreadable: [{ id: "0", error: { code: "corrupt-data" } }],
    });
    expect(await failureOf(tracker.events.previous("shop", "2"))).toMatchObject({ code: "corrupt-data" });
    await world.damage("events", "kept", 0);
    clock.advanceBy(HOUR);
    expect(await tracker.events.evict({ projectId: "shop", receivedBefore: START + HOUR })).toBe(3);
    expect([await world.countRows("events"), await world.countRows("event_data")]).toEqual([0, 0]);
  });

  test("of a user is that of one who did not occur, until they occur again", async () => {
    const world = await openWorld(kind);
    const { tracker } = world;
    const digest = (userId: string) => tracker.digest({ projectId: "shop", type: "A", userId });
    for (const user of ["ann", "bob", "cid"]) await digest(user);
    await world.damage("issue_users", "last_day", HUGE);
    await world.damage("issue_users", "last_turn", -HUGE);
    await tracker.issues.mute("SHOP-1", { conditions: [{ kind: "users", users: 2 }] });
    expect(await digest("ann")).toMatchObject({ issue: { userCount: 3 }, unmuted: null });
    expect(await digest("ann")).toMatchObject({ issue: { userCount: 3 }, unmuted: null });
    expect(await digest("bob")).toMatchObject({
      issue: { userCount: 3 },
      unmuted: { kind: "users-reached", count: 2 },
    });
    expect(await digest("dora")).toMatchObject({ issue: { userCount: 4 } });
  });

  test("of events stays when the others are evicted", async () => {
    const world = await openWorld(kind);
    const { tracker } = world;
    const ids = ["a", "b", "c", "d"];
    await tracker.digest(ids.map((id) => ({ projectId: "shop", id, type: "A" })));
    await world.damage("events", "received_at", HUGE, sql<boolean>`kept = 0`);
    await world.damage(
      "events",
      "received_at",
      START,
      sql<boolean>`id = ${kind.dialect === mysqlDialect ? Buffer.from("d") : "d"}`,
    );
    expect(await tracker.events.evict({ projectId: "shop", receivedBefore: START + HOUR })).toBe(1);
    expect(await world.countRows("events")).toBe(3);
  });
});

describe.each(DATABASES_FOR_STORIES)("a damaged alert on $name", (kind) => {
  /** How an alert's row can be damaged. */
  const damages: readonly (readonly [string, string, Value])[] = [
    ["half of its JSON", "alert", '{"version":2,"id":'],
    ["a newer version", "alert", '{"version":3,"kind":"weekly"}'],
    ["a status of a newer version", "status", 9],
    ["a time that is no instant", "at", -5],
    ["a number of attempts that cannot be", "attempts", HUGE],
    ["a turn that cannot be", "turn", HUGE],
    ["an issue whose id is too short", "issue_id", new Uint8Array([1, 2, 3])],
  ];
  const usable = damages.filter(([, column]) => column !== "issue_id" || kind.dialect !== mysqlDialect);

  test.each(usable)("is listed, blocks no other, and can be discarded: %s", async (_what, column, value) => {
    const world = await openWorld(kind);
    const { tracker } = world;
    await tracker.digest(["A", "B", "C", "D"].map((type) => ({ projectId: "shop", type })));
    const ids = (await tracker.alerts.list()).items.map(({ alert }) => alert.id);
    const [first = "", second = ""] = ids;
    for (const id of [first, second]) {
      await world.damage("outbox", column, value, sql<boolean>`id = ${bytesOf(id)}`);
    }
    // Alerts in states that nobody knows are in no order: a page of them is shown at a time.
    for (const limit of column === "status" ? [2, 50] : [1, 2, 50]) {
      const { items, unreadable } = await walk((cursor) =>
        tracker.alerts.list({ limit, ...(cursor !== undefined && { cursor }) }),
      );
      expect(items.map(({ alert }) => alert.issue?.title)).toEqual(["C", "D"]);
      expect(unreadable).toEqual(
        [first, second].map((id) => ({ id, error: expect.objectContaining({ code: "corrupt-data" }) })),
      );
    }
    const { delivering, delivered } = world.deliver();
    await delivering.alerts.drain();
    expect(delivered).toEqual(expect.arrayContaining(["C", "D"]));
  });

  test("can be discarded, alone and with others, and is listed as discarded", async () => {
    const world = await openWorld(kind);
    const { tracker } = world;
    await tracker.digest(["A", "B", "C", "D"].map((type) => ({ projectId: "shop", type })));
    const ids = (await tracker.alerts.list()).items.map(({ alert }) => alert.id);
    await world.damage("outbox", "alert", "half of a {");
    await world.damage("outbox", "status", 9, sql<boolean>`id = ${bytesOf(ids[1] ?? "")}`);
    expect(await tracker.alerts.discard(ids.slice(0, 1), { reason: "damaged" })).toBe(1);
    expect(await tracker.alerts.discard(ids, { reason: "damaged" })).toBe(3);
    expect(await tracker.alerts.list()).toEqual({ items: [], unreadable: [], next: null });
    const discarded = await tracker.alerts.list({ status: "discarded" });
    expect(discarded.unreadable.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    expect(await tracker.alerts.counts()).toMatchObject({ due: 0, discarded: 4 });
    expect(await tracker.alerts.evict({ endedBefore: START + HOUR })).toBe(4);
  });

  test.each(withIdsOfAnyLength(kind))("whose id is damaged is listed, and blocks no other", async () => {
    const world = await openWorld(kind);
    const { tracker } = world;
    await tracker.digest(["A", "B", "C", "D"].map((type) => ({ projectId: "shop", type })));
    const ids = (await tracker.alerts.list()).items.map(({ alert }) => alert.id);
    for (const [index, length] of [15, 17].entries()) {
      const where = sql<boolean>`id = ${bytesOf(ids[index] ?? "")}`;
      await world.damage("outbox", "id", new Uint8Array(length).fill(index), where);
    }
    const { items, unreadable } = await walk((cursor) =>
      tracker.alerts.list({ limit: 1, ...(cursor !== undefined && { cursor }) }),
    );
    expect(items.map(({ alert }) => alert.issue?.title)).toEqual(["C", "D"]);
    expect(unreadable.map(({ id }) => id)).toEqual(["00".repeat(15), "01".repeat(17)]);
    const { delivering, delivered } = world.deliver();
    expect(await delivering.alerts.drain()).toMatchObject({ delivered: 2 });
    expect(delivered).toEqual(["C", "D"]);
  });

  test("in the sums of what was throttled stops no delivery", async () => {
    const world = await openWorld(kind);
    const { tracker, clock } = world;
    const { delivering, delivered } = world.deliver();
    await tracker.digest({ projectId: "shop", type: "A" });
    await delivering.alerts.drain();
    await world.damage("tallies", "throttled", "half of a {");
    await tracker.digest({ projectId: "shop", type: "B" });
    await delivering.alerts.drain();
    await world.damage("tallies", "throttled", "half of a {");
    clock.advanceBy(2 * HOUR);
    await tracker.digest({ projectId: "shop", type: "C" });
    await delivering.alerts.drain();
    expect(delivered).toEqual(["A", "B", "C"]);
  });
});

describe.each(DATABASES_FOR_STORIES)("damaged rows on $name", (kind) => {
  /** The sum of the steps of a count, each of one row. */
  async function countRowByRow({ store }: World, of: StoredKind): Promise<number> {
    let [sum, after]: [number, string | null] = [0, null];
    do {
      const request: StoredCountRequest = { kind: of, after, limit: 1 };
      const { count, next } = await store.read((reader) => reader.countStored(request));
      sum += count;
      after = next;
    } while (after !== null);
    return sum;
  }

  test("are counted like others", async () => {
    const world = await openWorld(kind);
    await fill(world);
    await world.tracker.digest({ projectId: "shop", type: "A", release: "1.0.0", userId: "ann" });
    const before = await world.tracker.stats();
    for (const [name, column, value] of [
      ["projects", "watch", "half of a {"],
      ["issues", "state", "half of a {"],
      ["issues", "project_key", 99],
      ["turning_points", "turn", "half of a {"],
      ["turning_points", "number", HUGE],
      ["project_releases", "standing", 9],
      ["release_marks", "fixed_at", HUGE],
      ["issue_users", "last_day", HUGE],
      ["events", "details", "half of a {"],
      ["outbox", "alert", "half of a {"],
      ["outbox", "status", 9],
    ] as const) {
      await world.damage(name, column, value);
    }
    expect(await world.tracker.stats()).toEqual(before);
    expect(before).toMatchObject({
      issues: 5,
      turningPoints: 5,
      events: 16,
      alerts: 5,
      users: 1,
      marks: 1,
      releases: 1,
    });
    for (const name of ["issues", "turningPoints", "events", "alerts", "users", "marks", "releases"] as const) {
      expect([name, await countRowByRow(world, name)]).toEqual([name, before[name]]);
    }
  });

  test.each(withIdsOfAnyLength(kind))("with ids of another length are counted like others", async () => {
    const world = await openWorld(kind);
    await fill(world);
    for (const [index, length] of [1, 15, 17].entries()) {
      const [id, where] = [new Uint8Array(length).fill(index * 100), numbered(index + 1)];
      await world.damage("issues", "id", id, where);
    }
    expect(await countRowByRow(world, "issues")).toBe(5);
  });
});
