import { hash as digestOf, randomBytes } from "node:crypto";
import Database from "better-sqlite3";
import { PeriodCounter } from "issue-lifecycle/core";

/** An event as the benchmarks make them: of one project and release, without an end user or data. */
export interface BenchEvent {
  readonly projectId: string;
  readonly id: string;
  readonly type: string;
  readonly value: string;
  readonly release: string;
  readonly receivedAt: number;
}

/** How SQLite writes in all contenders: the library's settings. */
export function openDatabase(filename: string): Database.Database {
  const database = new Database(filename);
  database.pragma("journal_mode = wal");
  database.pragma("synchronous = normal");
  database.pragma("wal_autocheckpoint = 4000");
  return database;
}

interface IssueRow {
  readonly id: Buffer;
  readonly number: number;
  readonly event_count: number;
  readonly last_event_number: number;
  readonly last_seen_at: number;
  readonly latest_event_id: string;
}

/** What a batch knows of an issue. */
interface Known {
  readonly row: IssueRow;
  count: number;
  lastNumber: number;
  lastAt: number;
  lastId: string;
  counter: PeriodCounter | undefined;
}

/**
 * The least that a program written by hand does to digest events of one project and release, with the effects of a digest, in the
 * library's tables: the event's row, the issue with its counts, its counter when the minute changes; for a new issue its group,
 * mark, turning point and alert too. It looks for nothing else: no other release, no mute, no watch, no user, no damaged row.
 */
export function digestingByHand(filename: string): { digest(events: readonly BenchEvent[]): void; close(): void } {
  const database = openDatabase(filename);
  const t = (name: string): string => `issue_lifecycle_${name}`;
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const project = database.prepare<[], { issue_count: number }>(
    `select issue_count from ${t("projects")} where key = 1`,
  );
  const release = database.prepare<[string], { order_key: string }>(
    `select order_key from ${t("project_releases")} where project_key = 1 and name = ?`,
  );
  const issueOf = database.prepare<[Buffer], IssueRow>(
    `select id, number, event_count, last_event_number, last_seen_at, latest_event_id from ${t("issues")}
     where id = (select issue_id from ${t("groups")} where project_key = 1 and hash = ?)`,
  );
  const bucketsOf = database.prepare<[Buffer], { buckets: Uint8Array }>(
    `select buckets from ${t("counters")} where issue_id = ?`,
  );
  const saveBuckets = database.prepare(
    `insert into ${t("counters")} values (?, ?) on conflict do update set buckets = excluded.buckets`,
  );
  const insertEvent = database.prepare(`insert into ${t("events")} values (1, ?, ?, ?, ?, null, ?, null, ?, ?)`);
  const updateIssue = database.prepare(
    `update ${t("issues")} set last_seen_at = ?, last_seen_minute = ?, event_count = ?, event_count_class = ?, latest_event_id = ?, last_event_number = ? where id = ?`,
  );
  const insertIssue = database.prepare(
    `insert into ${t("issues")} values (?, 1, ?, 0, null, null, null, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, null, null, 1, null, null)`,
  );
  const insertGroup = database.prepare(`insert into ${t("groups")} values (1, ?, ?, 'title/2', ?)`);
  const insertMark = database.prepare(`insert into ${t("release_marks")} values (?, ?, 1, 0, null, 1)`);
  const insertTurn = database.prepare(
    `insert into ${t("turning_points")} values (?, 1, '{"kind":"first-seen"}', ?, null, ?, '', 0)`,
  );
  const insertAlert = database.prepare(
    `insert into ${t("outbox")} values (?, ?, 1, 0, 0, 0, null, null, null, null, null, ?)`,
  );
  const saveCount = database.prepare(`update ${t("projects")} set issue_count = ? where key = 1`);

  function save({ row, count, lastNumber, lastAt, lastId, counter }: Known): void {
    if (counter !== undefined) saveBuckets.run(row.id, counter.encode());
    updateIssue.run(lastAt, seenClassOf(lastAt, count), count, classOf(count), lastId, lastNumber, row.id);
  }

  function count(known: Known, event: BenchEvent): void {
    if (Math.floor(event.receivedAt / 60_000) !== Math.floor(known.lastAt / 60_000) && known.counter === undefined) {
      const head = { newestMinute: Math.floor(known.row.last_seen_at / 60_000), total: known.count };
      const stored = bucketsOf.get(known.row.id);
      known.counter =
        stored === undefined ? PeriodCounter.ofOneMinute(head) : PeriodCounter.decode(stored.buckets, head);
    }
    known.counter?.inc(event.receivedAt);
    known.count++;
    known.lastNumber++;
    known.lastAt = event.receivedAt;
    known.lastId = event.id;
  }

  function open(first: BenchEvent, hash: Buffer, key: string, number: number, orderKey: string): Known {
    const { receivedAt: at, type, value } = first;
    const id = uuid(at);
    const title = `${type}: ${value}`;
    const searched = `${title.toLowerCase()}\n`;
    const seenIn = `${first.release}\x1a1`;
    insertIssue.run(id, number, title, searched, at, at, at, 1, 1, first.id, seenIn, hash);
    insertGroup.run(hash, id, key);
    insertMark.run(id, orderKey);
    insertTurn.run(id, at, first.id);
    insertAlert.run(uuid(at), id, alertOf(first, id, title, number));
    const row = { id, number, event_count: 1, last_event_number: 1, last_seen_at: at, latest_event_id: first.id };
    return { row, count: 1, lastNumber: 1, lastAt: at, lastId: first.id, counter: undefined };
  }

  return {
    digest(events) {
      begin.run();
      let issueCount = project.get()?.issue_count ?? 0;
      const countBefore = issueCount;
      const orderKey = release.get(events[0]?.release ?? "")?.order_key ?? "";
      const byKey = new Map<string, Known>();
      const changed = new Set<Known>();
      for (const event of events) {
        const key = `${event.type} ⋄ ${event.value}`;
        let known = byKey.get(key);
        let isNew = false;
        if (known === undefined) {
          const hash = digestOf("sha256", Buffer.from(`7:title/2${key}`, "utf16le"), "buffer");
          const row = issueOf.get(hash);
          isNew = row === undefined;
          known =
            row === undefined
              ? open(event, hash, key, ++issueCount, orderKey)
              : {
                  row,
                  count: row.event_count,
                  lastNumber: row.last_event_number,
                  lastAt: row.last_seen_at,
                  lastId: row.latest_event_id,
                  counter: undefined,
                };
          byKey.set(key, known);
        }
        if (!isNew) {
          count(known, event);
          changed.add(known);
        }
        const details = JSON.stringify({ type: event.type, value: event.value });
        const { row, lastNumber } = known;
        insertEvent.run(event.id, row.id, event.release, event.receivedAt, isNew ? 1 : 0, details, lastNumber);
      }
      for (const known of changed) save(known);
      if (issueCount > countBefore) saveCount.run(issueCount);
      commit.run();
    },
    close: () => {
      database.close();
    },
  };
}

/** The class of a count, as the library's index has it. */
function classOf(count: number): number {
  if (count < 1_024) return count;
  const doublings = Math.floor(Math.log2(count)) - 9;
  return 512 * doublings + Math.floor(count / 2 ** doublings);
}

/** The class of the instant an issue was last seen at, likewise. */
function seenClassOf(at: number, count: number): number {
  return count < 1_024 ? at : Math.floor(at / 60_000) - 2 ** 38;
}

/** A UUID of version 7, as bytes. */
function uuid(at: number): Buffer {
  const id = randomBytes(16);
  id.writeUIntBE(at, 0, 6);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x70;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return id;
}

function alertOf(event: BenchEvent, id: Buffer, title: string, number: number): string {
  const at = event.receivedAt;
  const issueId = id.toString("hex");
  const issue = { id: issueId, friendlyId: `SHOP-${String(number)}`, title, status: "open", eventCount: 1 };
  return JSON.stringify({
    version: 2,
    id: issueId,
    kind: "new-issue",
    level: "error",
    subject: `"${title}" in "shop" (New issue)`,
    text: "This issue was not seen before.",
    reason: { kind: "new-issue" },
    project: { id: "shop", slug: "shop" },
    issue: { ...issue, firstSeenAt: at, lastSeenAt: at },
    event: { id: event.id, release: event.release, receivedAt: at, occurredAt: null },
    turningPoint: 1,
    quietSince: null,
    raisedAt: at,
    link: null,
    earlier: [],
  });
}
