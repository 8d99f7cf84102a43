import Database from "better-sqlite3";
import { sql, type RawBuilder } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createIssueTracker,
  volumeCondition,
  type Alert,
  type IssueStore,
  type IssueTracker,
  type TurningPoint,
} from "../../src/index.ts";
import type { FeedPage } from "../../src/core/index.ts";
import { ISSUE_STATUSES } from "../../src/core/issue.ts";
import { NO_WATCH } from "../../src/core/watch.ts";
import { checkSchema, getMigrations, kyselyStore, migrate, sqliteDialect } from "../../src/kysely/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { DATABASES_FOR_STORIES } from "../support/databases.ts";
import { failureOf, HOUR } from "../support/scenario.ts";
import { describeSchema, manifestOf } from "../support/schema-manifest.ts";
import { tablesIn } from "../support/tables.ts";
import { everythingIn } from "./fixtures/everything.ts";
import {
  createFormerTables,
  formerFile,
  formerTable,
  recorded,
  restoreFormerTables,
  type RecordedVersion,
} from "./fixtures/former-tables.ts";

/** As JSON holds it: without members that are `undefined`. */
function asJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

/** A tracker on a store, at the time when the fixture was recorded. */
function trackerOn(store: IssueStore, alertSink?: (alert: Alert) => void, version: RecordedVersion = 6) {
  const clock = createVirtualClock(recorded(version).now);
  const alerts = { limits: { periodMs: HOUR, perIssue: 2, perProject: 3 } };
  const tracker = createIssueTracker({ store, clock, alerts, alertSink: alertSink ?? "elsewhere" });
  onTestFinished(() => tracker.close());
  return { tracker, clock };
}

async function idOf(tracker: IssueTracker, title: string): Promise<string> {
  for (const projectId of ["shop", "plain"]) {
    const { items } = await tracker.issues.list({ projectId, search: title });
    const issue = items.find((each) => each.title === title);
    if (issue !== undefined) return issue.id;
  }
  throw new Error(`no issue ${title}`);
}

test.each([6, 8, 9, 10, 14, 15, 16, 17] as const)(
  "a SQLite file of version %i has the same tables as a new one after it was opened",
  async (version) => {
    const filename = formerFile(version);
    await (await openSqliteStore({ filename })).close();
    const database = new Database(filename);
    const lines = database.prepare("select sql from sqlite_master where sql is not null").pluck().all();
    database.close();
    await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot(manifestOf(sqliteDialect));
  },
);

test("issues of version 10 stay in their order, whatever their event counts and whenever they were seen", async () => {
  const filename = formerFile(10);
  const database = new Database(filename);
  const ids = database.prepare("select id from issue_lifecycle_issues").pluck().all();
  const counts = [1_023, 1_024, 1_025, 2 ** 20 - 1, 2 ** 20, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 50 - 1];
  const classOf = (count: number): number => 58 + Math.floor(Math.log2(count));
  const change = database.prepare(
    "update issue_lifecycle_issues set event_count = ?, event_count_class = ?, last_seen_at = ?, last_seen_minute = ? where id = ?",
  );
  for (const [place, count] of counts.entries()) {
    const at = 1_700_000_000_000 + ((place * 7) % 5) * 20_000;
    change.run(count, classOf(count), at, Math.floor(at / 60_000), ids[place]);
  }
  database.close();
  const store = await openSqliteStore({ filename });
  const { tracker } = trackerOn(store, undefined, 10);
  const listed = async (sort: "event-count" | "last-seen") => {
    const pages = await Promise.all(
      ["shop", "plain"].map((projectId) => tracker.issues.list({ projectId, sort, limit: 1_000 })),
    );
    return pages.map(({ items, unreadable }) => ({ items, unreadable }));
  };
  for (const { items, unreadable } of await listed("event-count")) {
    expect(unreadable).toEqual([]);
    const listedCounts = items.map(({ eventCount }) => eventCount);
    expect(listedCounts).toEqual(listedCounts.toSorted((one, other) => other - one));
  }
  for (const { items } of await listed("last-seen")) {
    const instants = items.map(({ lastSeenAt }) => lastSeenAt);
    expect(instants).toEqual(instants.toSorted((one, other) => other - one));
  }
  await store.close();
});

/** Where the code of a version left its data, and how to open it with this version. */
const placesOf = (version: RecordedVersion) => [
  {
    name: "a SQLite file",
    open: () => openSqliteStore({ filename: formerFile(version) }),
  },
  ...DATABASES_FOR_STORIES.map(({ name, makePlace }) => ({
    name,
    open: async () => {
      const place = await makePlace();
      onTestFinished(() => place.drop());
      const db = place.connect();
      const tables = tablesIn(place, db);
      await restoreFormerTables(tables, db, version);
      await migrate(tables);
      return kyselyStore(tables);
    },
  })),
];

describe.each(placesOf(8))("what the code of version 8 left in $name", ({ open }) => {
  test("is all there: issues in every state, histories, counts, releases, marks, events and alerts", async () => {
    const { tracker } = trackerOn(await open(), undefined, 8);
    expect(asJson(await everythingIn(tracker))).toEqual(asJson(recorded(8).everything));
  });

  test("has known errors that stay the issues they are by the new grouping, muted and resolved as they are", async () => {
    const { tracker } = trackerOn(await open(), undefined, 8);
    const idsOf = async () => {
      const { items } = await tracker.issues.list({ projectId: "shop", sort: "first-seen", limit: 100 });
      return new Map(items.map((issue) => [issue.title, issue.id]));
    };
    const before = await idsOf();
    for (const type of ["Plain", "ByRelease", "Forever", "Volume", "Loud", "Reopened"]) {
      const outcome = await tracker.digest({ projectId: "shop", type, transaction: "", release: "1.0.0" });
      expect(outcome).toMatchObject({ created: false, issue: { id: before.get(type) } });
      const elsewhere = await tracker.digest({ projectId: "shop", type, transaction: "/another page" });
      expect(elsewhere).toMatchObject({ created: false, issue: { id: before.get(type) } });
    }
    expect([...(await idsOf()).keys()]).toEqual([...before.keys()]);
    const forever = await tracker.issues.get(before.get("Forever") ?? "");
    expect(forever?.state.status).toBe("muted");
    expect(await tracker.digest({ projectId: "shop", type: "Deleted" })).toMatchObject({ created: true });
  });

  test("is deleted with the groups that the new grouping added", async () => {
    const { tracker } = trackerOn(await open(), undefined, 8);
    const digest = (transaction: string) => tracker.digest({ projectId: "shop", type: "Plain", transaction });
    await digest("");
    await tracker.issues.delete(await idOf(tracker, "Plain"));
    expect(await digest("/another page")).toMatchObject({ created: true });
    expect(await digest("")).toMatchObject({ created: false });
  });
});

describe.each(placesOf(17))("what the code of version 17 left in $name", ({ open }) => {
  test("is all there: issues in every state, histories, counts, users, watches, releases, marks, events and alerts", async () => {
    const { tracker } = trackerOn(await open(), undefined, 17);
    expect(asJson(await everythingIn(tracker))).toEqual(asJson(recorded(17).everything));
  });

  test("is in the feed, each history in its order, before all that comes later", async () => {
    const { tracker } = trackerOn(await open(), undefined, 17);
    const found = new Map<string, TurningPoint[]>();
    let page = await tracker.feed({ limit: 7 });
    const note = (entries: FeedPage["entries"]): void => {
      for (const { issueId, turningPoint } of entries) {
        found.set(issueId, [...(found.get(issueId) ?? []), turningPoint]);
      }
    };
    for (note(page.entries); page.hasMore; note(page.entries))
      page = await tracker.feed({ cursor: page.next, limit: 7 });
    for (const { id } of (await tracker.projects.list()).items) {
      const { items } = await tracker.issues.list({ projectId: id, status: ISSUE_STATUSES, limit: 1_000 });
      for (const issue of items) {
        const history = await tracker.issues.history(issue.id, { limit: 1_000 });
        expect(found.get(issue.id) ?? []).toEqual(history.items.toReversed());
        found.delete(issue.id);
      }
    }
    expect([...found.keys()]).toEqual([]);
    await tracker.digest({ projectId: "shop", type: "Later than all" });
    expect((await tracker.feed({ cursor: page.next })).entries).toMatchObject([{ turningPoint: { number: 1 } }]);
  });

  test("has issues that can be merged and unmerged, with all that they counted", async () => {
    const { tracker } = trackerOn(await open(), undefined, 17);
    const [id, into] = [await idOf(tracker, "A"), await idOf(tracker, "Users")];
    const before = await tracker.issues.get(into);
    const own = await tracker.issues.get(id);
    const merged = await tracker.issues.merge(id, { into });
    expect(merged.eventCount).toBe((before?.eventCount ?? 0) + (own?.eventCount ?? 0));
    expect(await tracker.digest({ projectId: "shop", type: "A" })).toMatchObject({ issue: { id: into } });
    expect(await tracker.issues.unmerge(id)).toMatchObject({ eventCount: (own?.eventCount ?? 0) + 1 });
    expect(await tracker.issues.get(into)).toMatchObject({
      eventCount: before?.eventCount,
      userCount: before?.userCount,
    });
  });
});

describe.each(placesOf(15))("what the code of version 15 left in $name", ({ open }) => {
  test("is all there: issues in every state, histories, counts, users, watches, releases, marks, events and alerts", async () => {
    const { tracker } = trackerOn(await open(), undefined, 15);
    expect(asJson(await everythingIn(tracker))).toEqual(asJson(recorded(15).everything));
  });

  test("has events without numbers, which are older than all that have one", async () => {
    const { tracker } = trackerOn(await open(), undefined, 15);
    // Only that of the issue that was deleted.
    expect(await tracker.events.evict({ projectId: "shop", keepPerIssue: 1 })).toBe(1);
    for (const id of ["new 1", "new 2"]) await tracker.digest({ projectId: "shop", id, type: "A" });
    expect(await tracker.events.get("shop", "a2")).toMatchObject({ number: 0 });
    const listed: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await tracker.events.list(await idOf(tracker, "A"), { limit: 2, ...(cursor && { cursor }) });
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    expect(listed.slice(0, 2)).toEqual(["new 2", "new 1"]);
    expect(listed.length).toBe(new Set(listed).size);
    expect(listed).toHaveLength((await tracker.issues.get(await idOf(tracker, "A")))?.eventCount ?? 0);
    expect(await tracker.events.previous("shop", listed[2] ?? "")).toMatchObject({ id: listed[3], number: 0 });
    expect(await tracker.events.next("shop", listed[2] ?? "")).toMatchObject({ id: "new 1" });
    const { eventCount } = (await tracker.issues.get(await idOf(tracker, "A"))) ?? { eventCount: 0 };
    // All but the newest, and the one that opened the issue.
    expect(await tracker.events.evict({ projectId: "shop", keepPerIssue: 1 })).toBe(eventCount - 2);
    expect(await tracker.events.get("shop", "new 2")).toMatchObject({ number: 2 });
    expect(await tracker.events.get("shop", "a1")).toMatchObject({ number: 0 });
    expect(await tracker.events.get("shop", "a2")).toBeUndefined();
  });

  test("has issues whose events are discarded, and a project that resolves quiet issues", async () => {
    const { tracker, clock } = trackerOn(await open(), undefined, 15);
    expect(await tracker.digest({ projectId: "shop", type: "Noise" })).toMatchObject({ discarded: true });
    const counted = { projectId: "shop", type: "Counted", count: 4 };
    expect(await tracker.digest(counted)).toMatchObject({ undiscarded: null, discarded: true });
    clock.advanceBy(2 * HOUR);
    expect(await tracker.tick()).toMatchObject({ autoResolved: 1, unreadable: [] });
  });
});

describe.each(placesOf(14))("what the code of version 14 left in $name", ({ open }) => {
  test("is all there: issues in every state, histories, counts, users, watches, releases, marks, events and alerts", async () => {
    const { tracker } = trackerOn(await open(), undefined, 14);
    expect(asJson(await everythingIn(tracker))).toEqual(asJson(recorded(14).everything));
  });

  test("has open issues that are resolved when they are quiet, and events that can be discarded", async () => {
    const { tracker, clock } = trackerOn(await open(), undefined, 14);
    const ofState = async (status: "open" | "resolved" | "discarded") =>
      (await tracker.issues.list({ projectId: "shop", status, limit: 100 })).items.length;
    const before = { open: await ofState("open"), resolved: await ofState("resolved") };
    await tracker.projects.save({ id: "shop", autoResolveAfterMs: HOUR });
    await tracker.issues.discard(await idOf(tracker, "Users"));
    clock.advanceBy(HOUR);
    expect(await tracker.digest({ projectId: "shop", type: "Users" })).toMatchObject({ discarded: true });
    const { unmuted, mutedAgain, autoResolved } = await tracker.tick();
    expect(autoResolved).toBe(before.open - mutedAgain);
    expect([await ofState("open"), await ofState("resolved"), await ofState("discarded")]).toEqual([
      unmuted,
      before.resolved + autoResolved,
      1,
    ]);
  });
});

describe.each(placesOf(10))("what the code of version 10 left in $name", ({ open }) => {
  test("is all there: issues in every state, histories, counts, users, watches, releases, marks, events and alerts", async () => {
    const { tracker } = trackerOn(await open(), undefined, 10);
    expect(asJson(await everythingIn(tracker))).toEqual(asJson(recorded(10).everything));
  });

  test("has an issue that is muted again once it is quiet, and conditions that go on", async () => {
    const { tracker, clock } = trackerOn(await open(), undefined, 10);
    clock.advanceBy(3 * HOUR);
    expect(await tracker.tick()).toMatchObject({ mutedAgain: 1, unreadable: [] });
    expect((await tracker.issues.get(await idOf(tracker, "Again")))?.state.status).toBe("muted");
    const digest = (userId: string) => tracker.digest({ projectId: "shop", type: "Users", userId });
    expect(await digest("cid")).toMatchObject({ unmuted: null, issue: { userCount: 3 } });
    expect(await digest("ann")).toMatchObject({ unmuted: null, issue: { userCount: 3 } });
  });
});

describe.each(placesOf(9))("what the code of version 9 left in $name", ({ open }) => {
  test("is all there: issues in every state, histories, counts, releases, marks, groups, events and alerts", async () => {
    const { tracker } = trackerOn(await open(), undefined, 9);
    expect(asJson(await everythingIn(tracker))).toEqual(asJson(recorded(9).everything));
    const again = { projectId: "shop", type: "Former", value: "order 77", transaction: "/elsewhere" };
    const id = await idOf(tracker, "Former: order 1");
    expect(await tracker.digest(again)).toMatchObject({ created: false, issue: { id } });
  });

  test("has mutes that go on: by their conditions, which were of volume, their deadlines and the clock", async () => {
    const { tracker, clock } = trackerOn(await open(), undefined, 9);
    const digest = (type: string) => tracker.digest({ projectId: "shop", type });
    const condition = { kind: "volume", period: "hour", nrOfPeriods: 2, volume: 5 };
    expect(await tracker.issues.get(await idOf(tracker, "Volume"))).toMatchObject({
      state: { mute: { volume: { conditions: [condition, { kind: "volume", period: "total" }] } } },
    });
    for (let event = 0; event < 3; event++) expect(await digest("Volume")).toMatchObject({ unmuted: null });
    expect(await digest("Volume")).toMatchObject({ unmuted: { kind: "volume-reached", condition, count: 5 } });
    expect(await digest("Since")).toMatchObject({ unmuted: null });
    expect(await digest("NextEvent")).toMatchObject({ unmuted: { kind: "deadline-passed" } });
    expect(await digest("Forever")).toMatchObject({ unmuted: null });
    clock.advanceBy(2 * HOUR);
    expect(await tracker.tick()).toMatchObject({ unmuted: 1, unreadable: [] });
    expect((await tracker.issues.get(await idOf(tracker, "Clock")))?.state.status).toBe("open");
  });

  test("can use what is new: watches, conditions on users, environments, and what events say", async () => {
    const { tracker } = trackerOn(await open(), undefined, 9);
    const digest = (type: string, more: object) => tracker.digest({ projectId: "shop", type, ...more });
    await tracker.projects.save({ id: "shop", watch: { conditions: [volumeCondition(3, "total")] } });
    expect(await digest("Untried", { count: 2 })).toMatchObject({ loud: { kind: "volume-reached", count: 3 } });
    await tracker.issues.mute(await idOf(tracker, "Half"), { conditions: [{ kind: "users", users: 2 }] });
    expect(await digest("Half", { userId: "ann" })).toMatchObject({ unmuted: null });
    const event = { id: "new", userId: "bob", environment: "staging", level: "info", value: "half" };
    expect(await digest("Half", event)).toMatchObject({ created: true });
    expect(await digest("Half", { ...event, id: "last", value: "" })).toMatchObject({
      unmuted: { kind: "users-reached", count: 2 },
    });
    const { items } = await tracker.issues.list({ projectId: "shop", environment: "staging", sort: "first-seen" });
    expect(items).toMatchObject([
      { title: "Half: half", userCount: 1, environments: ["staging"] },
      { title: "Half", userCount: 2, environments: ["staging"], eventCount: 3 },
    ]);
    const content = { level: "info", type: "Half", value: "half", transaction: "" };
    expect(await tracker.events.get("shop", "new")).toMatchObject({ ...content, environment: "staging", count: 1 });
    expect(await tracker.events.get("shop", "a1")).toMatchObject({
      level: null,
      type: null,
      value: null,
      transaction: null,
    });
  });
});

describe.each(placesOf(6))("what the code of version 6 left in $name", ({ open }) => {
  test("is all there: issues in every state, histories, counts, events and alerts", async () => {
    const { tracker } = trackerOn(await open());
    const found = asJson(await everythingIn(tracker));
    for (const [index, project] of recorded(6).everything.entries()) {
      // Releases and marks are placed anew, which the tests below show.
      const { releases: _releases, issues, ...others } = Object(project);
      expect(found).toHaveProperty([index], expect.objectContaining(others));
      const expected = Array.from(issues, (issue) => {
        const { marks: _marks, ...rest } = Object(issue);
        return rest;
      });
      expect(found).toMatchObject({ [index]: { issues: expected } });
    }
  });

  test("has releases and marks that are placed by the first event of a project", async () => {
    const { tracker } = trackerOn(await open());
    await tracker.digest({ projectId: "shop", type: "A", release: "1.0.0" });
    const { items } = await tracker.releases.list("shop");
    const ofLine = (line: string): string[] => items.filter((each) => each.line === line).map(({ name }) => name);
    expect(ofLine("version")).toEqual(["9.0.0", "2.1.0", "1.1.0", "1.0.0"]);
    expect(ofLine("dated")).toEqual(["build 99", "deadbeef", "5f3759df", "half \ud800", "build 7"]);
    expect(items).toHaveLength(9);
    const marksOf = async (title: string) => {
      const marks = (await tracker.issues.releases(await idOf(tracker, title))).items;
      return marks.map(({ version, last }) => `${version} ${last}`);
    };
    expect(await marksOf("Both")).toEqual(["2.1.0 seen"]);
    expect(await marksOf("FixedInOne")).toEqual(["2.1.0 fixed"]);
    expect(await marksOf("FixedTwice")).toEqual(["2.1.0 fixed", "1.0.0 seen"]);
    expect(await marksOf("Blank")).toEqual(["2.1.0 seen"]);
    expect((await marksOf("Announced")).toSorted()).toEqual(["1.0.0 seen", "9.0.0 fixed", "build 99 fixed"]);
    expect(await marksOf("FixedInNoneToo")).toEqual([]);
  });

  test("continues: deadlines, conditions, resolutions, and the alerts in the outbox", async () => {
    const delivered: Alert[] = [];
    const { tracker, clock } = trackerOn(await open(), (alert) => void delivered.push(alert));
    const digest = (type: string, release = "1.0.0") => tracker.digest({ projectId: "shop", type, release });
    expect(await digest("ByRelease")).toMatchObject({ regressed: { fixedIn: "1.0.0" } });
    expect(await digest("Plain")).toMatchObject({ regressed: { kind: "resolved-plainly" } });
    expect(await digest("NextEvent")).toMatchObject({ unmuted: { kind: "deadline-passed" } });
    expect(await digest("Since")).toMatchObject({ unmuted: null });
    expect(await digest("ByNext", "2.0.0")).toMatchObject({ regressed: null });
    expect(await digest("ByNext", "2.1.0")).toMatchObject({ regressed: { fixedIn: "2.1.0" } });
    expect(await digest("FixedInOne", "v2.1.0")).toMatchObject({ regressed: { fixedIn: "2.1.0" } });
    expect(await digest("FixedTwice", "2.1")).toMatchObject({ regressed: { fixedIn: "2.1.0" } });
    expect(await digest("Hash", "5f3759df")).toMatchObject({ regressed: null });
    expect(await digest("Hash", "deadbeef")).toMatchObject({ regressed: { fixedIn: "deadbeef" } });
    expect(await digest("Announced", "build 99")).toMatchObject({ regressed: { fixedIn: "build 99" } });
    expect(await digest("Waiting", "2.1.0")).toMatchObject({ regressed: null });
    expect(await digest("Waiting", "2.2.0")).toMatchObject({ regressed: { fixedIn: "2.2.0" } });
    expect(await tracker.digest({ projectId: "shop", id: "a2", type: "A" })).toMatchObject({ kind: "duplicate" });
    clock.advanceBy(2 * HOUR);
    expect(await tracker.tick()).toMatchObject({ unmuted: 1, mutedAgain: 0, unreadable: [] });
    expect((await tracker.issues.get(await idOf(tracker, "Clock")))?.state.status).toBe("open");
    await tracker.alerts.drain();
    const throttled = delivered.flatMap(({ reason }) => (reason.kind === "throttled" ? reason : []));
    expect(throttled.toSorted((one, other) => one.from - other.from)).toMatchObject([
      { counts: { "new-issue": expect.any(Number), unmute: 1, loud: 0 } },
      { examples: expect.arrayContaining([expect.objectContaining({ title: "Over" })]) },
    ]);
    expect((await tracker.alerts.list({ status: "dead" })).items).toMatchObject([
      { alert: { issue: { title: "Dead" } } },
    ]);
  });

  test("does not stay silent about issues that were fixed in no release", async () => {
    const { tracker, clock } = trackerOn(await open());
    clock.advanceBy(1_000);
    const inNone = await tracker.digest({ projectId: "plain", type: "FixedInNone" });
    expect(inNone).toMatchObject({ regressed: { kind: "resolved-plainly" } });
    const waiting = await tracker.digest({ projectId: "shop", type: "FixedInNoneToo", release: "1.0.0" });
    expect(waiting).toMatchObject({ regressed: null });
    const next = await tracker.digest({ projectId: "shop", type: "FixedInNoneToo", release: "3.0.0" });
    expect(next).toMatchObject({ regressed: { fixedIn: "3.0.0" } });
    const history = (await tracker.issues.history(await idOf(tracker, "FixedInNoneToo"))).items;
    expect(history.map(({ turn }) => turn.kind)).toContain("claims-withdrawn");
  });
});

describe.each(DATABASES_FOR_STORIES)("tables on $name", ({ dialect, makePlace }) => {
  const openPlace = async () => {
    const place = await makePlace();
    onTestFinished(() => place.drop());
    const db = place.connect();
    const tables = tablesIn(place, db);
    const run = (statement: RawBuilder<unknown>) => statement.execute(db);
    const table = (name: string) => formerTable(tables.schema, name);
    /** Runs a migration, and ends before its version is noted. */
    const runAgainFrom = async (version: number, usableFrom: number) => {
      const migrations = getMigrations(dialect, tables.schema === undefined ? {} : { schema: tables.schema });
      const [, next] =
        Object.entries(migrations).find(([name]) => name.includes(`_${String(version + 1).padStart(4, "0")}_`)) ?? [];
      await db.connection().execute(async (connection) => next?.up(connection));
      await run(sql`update ${table("schema")} set version = ${version}, usable_from = ${usableFrom}`);
    };
    return { db, tables, run, table, runAgainFrom };
  };

  test("of version 6 are upgraded with their releases and marks, also after a process that ended in the middle", async () => {
    const { db, tables, run, table, runAgainFrom } = await openPlace();
    await restoreFormerTables(tables, db, 6);
    expect(await failureOf(checkSchema(tables))).toMatchObject({ code: "schema-outdated" });
    await runAgainFrom(6, 5);
    await migrate(tables);
    await checkSchema(tables);
    await expect(await describeSchema(dialect, db, tables.schema)).toMatchFileSnapshot(manifestOf(dialect));
    const { releases, timelines, marks, awaiting, fixedInNone } = await kyselyStore(tables).transaction(
      async (work) => {
        const { issues } = await work.load({ issues: { awaitingNextIn: "shop", after: 0, limit: 9 } });
        const orderKey = "010.0d1795425802000.011";
        const fixed = await work.load({ issues: { fixedIn: { projectId: "plain", orderKey }, limit: 9 } });
        const [both] = await work.findIssues({ projectId: "shop", number: 19 });
        return {
          releases: await work.pageReleases("shop", null, 100),
          timelines: await work.findTimelines([{ projectId: "shop", lines: ["", "version"] }]),
          marks: await work.findMarks([{ issueId: both?.id ?? "", upTo: null, limit: 9 }]),
          awaiting: issues,
          fixedInNone: fixed.issues,
        };
      },
    );
    const placed = { line: "", lineNumber: 0, placedBy: "" };
    const known = { ...placed, standing: "known", becameLatest: false };
    expect(releases).toHaveLength(12);
    expect(releases).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...known, name: "", version: "", releasedAt: 1_795_425_800_000 }),
        expect.objectContaining({ ...known, name: "2.1.0", version: "2.1.0", number: 8 }),
        expect.objectContaining({ ...known, name: "2.1.0 ", version: "2.1.0 ", number: 10 }),
        expect.objectContaining({ ...placed, name: "build 99", orderKey: "~016", standing: "announced" }),
      ]),
    );
    expect(timelines.get("shop")).toMatchObject({ count: 12, latest: undefined, placedBy: "" });
    expect(marks).toMatchObject([
      [
        { version: "v2.1.0", number: 9, last: "seen", fixedAt: null },
        { version: "2.1.0", number: 8, last: "seen", fixedAt: null },
      ],
    ]);
    expect(awaiting).toMatchObject([{ title: "Waiting", lastSeenIn: "2.1.0", seenNumber: 0 }]);
    expect(fixedInNone).toMatchObject([{ title: "FixedInNone", lastSeenIn: undefined }]);
    // Code of version 6 stops with `schema-newer`.
    const { rows } = await sql<{ usable_from: unknown }>`select usable_from from ${table("schema")}`.execute(db);
    expect(Number(rows[0]?.usable_from)).toBe(17);
    await run(sql`select ${sql.ref("order_key")} from ${table("release_marks")}`);
  });

  test("of version 10 keep the beginnings of long grouping keys, which no look-up reads", async () => {
    const { db, tables, run, table, runAgainFrom } = await openPlace();
    await restoreFormerTables(tables, db, 10);
    const keysOf = async (): Promise<string[]> => {
      const { rows } = await sql<{ grouping_key: unknown }>`select grouping_key from ${table("groups")}`.execute(db);
      return rows.map((row) => String(row.grouping_key)).toSorted();
    };
    const before = await keysOf();
    const long = `${"日".repeat(499)}😀and more`;
    await run(sql`update ${table("groups")} set grouping_key = ${long} where grouping_key = ${before[0]}`);
    await runAgainFrom(10, 10);
    await migrate(tables);
    await checkSchema(tables);
    const shown = `${"日".repeat(499)}😀`;
    expect(await keysOf()).toEqual([shown, ...before.slice(1)].toSorted());
  });

  test("of version 9 are upgraded with their issues and events, also after a process that ended in the middle", async () => {
    const { db, tables, runAgainFrom } = await openPlace();
    await restoreFormerTables(tables, db, 9);
    expect(await failureOf(checkSchema(tables))).toMatchObject({ code: "schema-outdated" });
    await runAgainFrom(9, 9);
    await migrate(tables);
    await checkSchema(tables);
    await expect(await describeSchema(dialect, db, tables.schema)).toMatchFileSnapshot(manifestOf(dialect));
    const stored = await kyselyStore(tables).read(async (reader) => ({
      projects: await reader.findProjects({ ids: ["quiet \ud800"] }),
      issues: await reader.findIssues({ projectId: "shop", number: 1 }),
      event: await reader.findEvent({ projectId: "shop", id: "data" }),
    }));
    expect(stored).toMatchObject({
      projects: [{ project: { alerts: { regression: false, loud: true }, watch: NO_WATCH, stateEnvironments: null } }],
      issues: [{ userCount: 0, environments: [], watch: null }],
      event: { content: null, count: 1, environment: "", user: null, data: expect.stringContaining("list") },
    });
  });

  test("of version 4 are upgraded with their tallies, also after a process that ended in the middle", async () => {
    const { db, tables, run, table, runAgainFrom } = await openPlace();
    await createFormerTables(tables, db, 4);
    const throttled = { counts: { "new-issue": 2, regression: 0, unmute: 1, loud: 0 }, examples: [] };
    const noIssue = Buffer.alloc(16);
    await run(
      sql`insert into ${table("projects")} (${sql.ref("key")}, id, slug, slug_key, alert_new_issue, alert_regression, alert_unmute, issue_count, release_count) values (7, 'shop', 'shop', 'SHOP', 1, 1, 1, 0, 0)`,
    );
    for (const [id, heldBack] of [
      [noIssue, JSON.stringify(throttled)],
      [Buffer.alloc(16, 1), null],
    ]) {
      await run(sql`insert into ${table("alert_tallies")} values (7, ${id}, 1000, 2000, 5, ${heldBack})`);
    }
    expect(await failureOf(checkSchema(tables))).toMatchObject({ code: "schema-outdated" });
    await runAgainFrom(4, 3);
    await migrate(tables);
    await checkSchema(tables);
    const tallies = await kyselyStore(tables).transaction(
      async ({ outbox }) => (await outbox?.lockTallies({ endedAt: 2_000, limit: 9 })) ?? [],
    );
    expect(tallies.toSorted((one, other) => (one.issueId ?? "").localeCompare(other.issueId ?? ""))).toEqual([
      {
        projectId: "shop",
        issueId: null,
        startsAt: 1_000,
        endsAt: 2_000,
        admitted: 5,
        throttled: { ...throttled, level: "warning" },
      },
      expect.objectContaining({ issueId: "01010101-0101-0101-0101-010101010101", admitted: 5 }),
    ]);
  });
});
