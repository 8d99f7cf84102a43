import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { createIssueTracker, createMemoryStore, type AlertOptions, type IssueStore } from "issue-lifecycle";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { medianOf, microsecondsPer, report, type Line } from "./report.ts";

const ALERTS = 2_000;
const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
/** As many at a time as a dispatcher has by default. */
const AT_ONCE = 4;

async function inFolder(work: (filename: string) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-bench-"));
  try {
    return await work(join(folder, "bench.sqlite"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The floor: by hand, lease four rows in a transaction, and delete them in another. */
function floor(filename: string): () => void {
  const database = new Database(filename);
  database.pragma("journal_mode = wal");
  database.pragma("synchronous = normal");
  database.exec(
    "create table alerts (id integer primary key, due_at integer, alert text); create index due on alerts (due_at, id)",
  );
  const insert = database.prepare("insert into alerts values (?, 1, ?)");
  database.transaction(() => {
    for (let index = 0; index < ALERTS; index++) insert.run(index, "x".repeat(700));
  })();
  const due = database.prepare<[number], { id: number; alert: string }>(
    "select id, alert from alerts where due_at <= 1 order by due_at, id limit ?",
  );
  const lease = database.prepare("update alerts set due_at = 2 where id = ?");
  const remove = database.prepare("delete from alerts where id = ?");
  const claim = database.transaction(() => {
    const rows = due.all(AT_ONCE);
    for (const { id } of rows) lease.run(id);
    return rows;
  });
  const settle = database.transaction((rows: readonly { id: number }[]) => {
    for (const { id } of rows) remove.run(id);
  });
  return () => {
    for (let rows = claim(); rows.length > 0; rows = claim()) settle(rows);
    database.close();
  };
}

/** How long delivery takes by alert, when the sink takes no time. */
async function delivery(open: () => Promise<IssueStore>, alerts: AlertOptions = {}): Promise<number> {
  const store = await open();
  const raising = createIssueTracker({ store, alertSink: "elsewhere" });
  await raising.projects.save({ id: "shop" });
  await raising.digest(
    Array.from({ length: ALERTS }, (_, index) => ({ projectId: "shop", type: `E${String(index)}`, value: "it broke" })),
  );
  const tracker = createIssueTracker({ store, alertSink: () => undefined, alerts: { limits: null, ...alerts } });
  const taken = await microsecondsPer(ALERTS, async () => {
    await tracker.alerts.drain();
  });
  await tracker.close();
  return taken;
}

/** Delivery of alerts, beside claiming and deleting rows by hand. */
export async function benchAlerts(): Promise<void> {
  const inFile = (alerts?: AlertOptions): Promise<number> =>
    medianOf(RUNS, () => inFolder((filename) => delivery(() => openSqliteStore({ filename }), alerts)));
  const byHand = await medianOf(RUNS, () => inFolder((filename) => microsecondsPer(ALERTS, floor(filename))));
  const unlimited = { perIssue: 1_000_000, perProject: 1_000_000 };
  const inMemory = await medianOf(RUNS, () => delivery(async () => createMemoryStore()));
  const line = (what: string, value: number): Line => ({ what, value, unit: "us/alert", floor: byHand });
  report("Delivery of an alert by a sink that takes no time", [
    { what: "floor: lease four rows, delete four rows, SQLite, by hand", value: byHand, unit: "us/alert" },
    line("drain(), SQLite, four at a time", await inFile()),
    line("drain(), SQLite, four at a time, in order", await inFile({ inOrder: true })),
    line("drain(), SQLite, four at a time, limits that nothing reaches", await inFile({ limits: unlimited })),
    line("drain(), SQLite, a hundred at a time", await inFile({ concurrency: 100 })),
    line("drain(), memory store, four at a time", inMemory),
  ]);
}
