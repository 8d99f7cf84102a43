import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { digestingByHand, type BenchEvent } from "../../bench/by-hand.ts";
import { temporaryDatabase } from "../support/files.ts";
import { START } from "../support/scenario.ts";

const COLUMNS = {
  projects: "id, issue_count, release_count",
  issues:
    "number, status, state, wake_at, title, search_text, first_seen_at, last_seen_at, last_seen_minute, event_count, event_count_class, latest_event_id, last_seen_in, turning_point_count, group_hash, user_count, last_event_number",
  groups: "hash, strategy, grouping_key",
  events: "id, release, received_at, occurred_at, kept, data_id, details, number",
  release_marks: "order_key, project_key, fixed_last, fixed_at, seen",
  turning_points: "number, turn, at, by_user, event_id, comment",
  outbox: "turn, status, at, attempts, json_remove(alert, '$.id', '$.issue.id')",
  counters: "buckets",
} as const;

/** All that a file holds, but for the ids that are random. */
function contentsOf(filename: string): unknown {
  const database = new Database(filename);
  const contents = Object.entries(COLUMNS).map(([table, columns]) => {
    const rows = database.prepare(`select ${columns} from issue_lifecycle_${table}`).raw().all();
    return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
  });
  database.close();
  return Object.fromEntries(contents);
}

/** Digests batches, of which the last one may be digested by hand. */
async function digested(batches: readonly (readonly BenchEvent[])[], isByHand: boolean): Promise<unknown> {
  const filename = temporaryDatabase();
  const tracker = createIssueTracker({
    store: await openSqliteStore({ filename }),
    clock: createVirtualClock(START),
    alertSink: "elsewhere",
    alerts: { quietAfterMs: null },
  });
  await tracker.projects.save({ id: "shop" });
  const last = batches.at(-1) ?? [];
  for (const batch of batches.slice(0, -1)) await tracker.digest(batch);
  if (!isByHand) await tracker.digest(last);
  await tracker.close();
  if (isByHand) {
    const byHand = digestingByHand(filename);
    byHand.digest(last);
    byHand.close();
  }
  return contentsOf(filename);
}

describe("the hand-written batch that benchmarks compare with", () => {
  test("has the same effects as a digest: known and new issues, within a minute and over several", async () => {
    let made = 0;
    const batch = (issues: number, count: number, stepMs: number): BenchEvent[] =>
      Array.from({ length: count }, (_, index) => ({
        projectId: "shop",
        id: `event ${String(made)}`,
        type: `E${String(index % issues)}x`,
        value: "it broke",
        release: "1.0.0",
        receivedAt: START - 3_600_000 + made++ * stepMs,
      }));
    const batches = [batch(10, 40, 5), batch(7, 100, 9_000), batch(20, 120, 9_000)];
    expect(await digested(batches, true)).toEqual(await digested(batches, false));
  });
});
