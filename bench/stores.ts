import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import {
  createIssueTracker,
  createMemoryStore,
  volumeCondition,
  type IssueStore,
  type IssueTracker,
  type NewEvent,
} from "issue-lifecycle";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { medianOf, microsecondsPer, report, type Line } from "./report.ts";

/** Which issues the events belong to. */
type Mode = "hot issue" | "zipf 1,000" | "all new";
const MODES: readonly Mode[] = ["hot issue", "zipf 1,000", "all new"];
const EXISTING = Number(process.env["BENCH_EXISTING"] ?? 10_000);
const SINGLE = 3_000;
const BATCH = 1_000;
const BATCHES = 10;
const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);

let counter = 0;
const idOf = (): string => randomUUID().replaceAll("-", "");

function typeOf(mode: Mode): string {
  switch (mode) {
    case "hot issue":
      return "E5";
    case "zipf 1,000":
      return `E${String(Math.floor(Math.exp(Math.random() * Math.log(1_000))))}`;
    case "all new":
      return `new ${String(counter++)}`;
  }
}

function eventsOf(mode: Mode, count: number, startsAt: number): NewEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    projectId: "shop",
    id: idOf(),
    type: typeOf(mode),
    value: "cannot read properties of undefined",
    release: "1.0.0",
    receivedAt: startsAt + index * 5,
  }));
}

/** The floor: by hand, insert the event's id and update one row, in a transaction. */
function floor(filename: string, mode: Mode, perTransaction: number, count: number): () => void {
  const database = new Database(filename);
  database.pragma("journal_mode = wal");
  database.pragma("synchronous = normal");
  database.exec(
    "create table ids (project integer, id text, primary key (project, id)) without rowid; create table issues (id integer primary key, count integer, at integer, more text)",
  );
  const insert = database.prepare("insert into ids values (1, ?)");
  const update = database.prepare("update issues set count = count + 1, at = ? where id = ?");
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const seed = database.prepare("insert into issues values (?, 1, 1, ?)");
  begin.run();
  for (let index = 0; index < EXISTING; index++) {
    insert.run(idOf());
    seed.run(index, "x".repeat(200));
  }
  commit.run();
  const rows = Array.from({ length: count }, (_, index) => ({
    id: idOf(),
    issue: mode === "hot issue" ? 5 : index % 1_000,
  }));
  return () => {
    for (let start = 0; start < count; start += perTransaction) {
      begin.run();
      for (const { id, issue } of rows.slice(start, start + perTransaction)) {
        insert.run(id);
        update.run(start, issue);
      }
      commit.run();
    }
    database.close();
  };
}

async function seeded(store: IssueStore): Promise<IssueTracker> {
  // The events are of a day of their own: they are no replay.
  const tracker = createIssueTracker({ store, alertSink: "elsewhere", alerts: { quietAfterMs: null } });
  await tracker.projects.save({ id: "shop" });
  const startsAt = Date.UTC(2026, 10, 23);
  for (let start = 0; start < EXISTING; start += BATCH) {
    await tracker.digest(
      Array.from({ length: BATCH }, (_, index) => ({
        projectId: "shop",
        id: idOf(),
        type: `E${String(start + index)}`,
        value: "cannot read properties of undefined",
        release: "1.0.0",
        receivedAt: startsAt,
      })),
    );
  }
  return tracker;
}

const LATER = Date.UTC(2026, 10, 23, 1);

async function inFolder(work: (filename: string) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-bench-"));
  try {
    return await work(join(folder, "bench.sqlite"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const floorSingle = (mode: Mode) =>
  medianOf(RUNS, () => inFolder((file) => microsecondsPer(SINGLE, floor(file, mode, 1, SINGLE))));
const floorBatch = (mode: Mode) =>
  medianOf(RUNS, () => inFolder((file) => microsecondsPer(BATCH * BATCHES, floor(file, mode, BATCH, BATCH * BATCHES))));

function single(
  mode: Mode,
  prepare: (tracker: IssueTracker) => Promise<unknown> = () => Promise.resolve(),
): Promise<number> {
  return medianOf(RUNS, () =>
    inFolder(async (filename) => {
      const tracker = await seeded(await openSqliteStore({ filename }));
      await prepare(tracker);
      const events = eventsOf(mode, SINGLE, LATER);
      const taken = await microsecondsPer(SINGLE, async () => {
        for (const event of events) await tracker.digest(event);
      });
      await tracker.close();
      return taken;
    }),
  );
}

async function batchesInto(open: (filename: string) => Promise<IssueStore>, mode: Mode): Promise<number> {
  return medianOf(RUNS, () =>
    inFolder(async (filename) => {
      const tracker = await seeded(await open(filename));
      const batches = Array.from({ length: BATCHES }, (_, index) => eventsOf(mode, BATCH, LATER + index * BATCH * 5));
      const taken = await microsecondsPer(BATCH * BATCHES, async () => {
        for (const batch of batches) await tracker.digest(batch);
      });
      await tracker.close();
      return taken;
    }),
  );
}

/** Mutes the hot issue until three conditions that will not be met. */
async function muteHotIssue(tracker: IssueTracker): Promise<void> {
  const { items } = await tracker.issues.list({ projectId: "shop", search: "E5:" });
  const conditions = [
    volumeCondition(1e9, "minute", 60),
    volumeCondition(1e9, "day", 30),
    volumeCondition(1e9, "total"),
  ];
  for (const { id } of items) await tracker.issues.mute(id, { conditions });
}

/** Digests into SQLite and into memory. */
export async function benchStores(): Promise<void> {
  const goals = { "hot issue": 1.8, "zipf 1,000": 2.2, "all new": 3.5 } as const;
  const lines: Line[] = [];
  for (const mode of MODES) {
    const bare = await floorSingle(mode);
    lines.push({ what: `floor by hand, ${mode}`, value: bare, unit: "us" });
    lines.push({ what: `digest, ${mode}`, value: await single(mode), unit: "us", floor: bare, goal: goals[mode] });
  }
  const unwatched = await single("hot issue");
  const watched = await single("hot issue", muteHotIssue);
  lines.push({
    what: "digest, hot issue, 3 conditions (to none)",
    value: watched,
    unit: "us",
    floor: unwatched,
    goal: 1.05,
  });
  report(`SQLite, one event a transaction, ${String(EXISTING)} issues there (us an event)`, lines);

  const batchLines: Line[] = [];
  for (const mode of MODES) {
    const bare = await floorBatch(mode);
    batchLines.push({ what: `floor by hand, ${mode}`, value: bare, unit: "us" });
    const taken = await batchesInto((filename) => openSqliteStore({ filename }), mode);
    batchLines.push({ what: `digest, ${mode}`, value: taken, unit: "us", floor: bare });
    batchLines.push({
      what: `memory store, ${mode}`,
      value: await batchesInto(async () => createMemoryStore(), mode),
      unit: "us",
    });
  }
  report(`Batches of ${String(BATCH)} (us an event)`, batchLines);
}
