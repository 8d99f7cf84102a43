import { CompiledQuery } from "kysely";
import { expect, test } from "vitest";
import { createIssueTracker, type NewEvent } from "../../src/index.ts";
import { kyselyStore, migrate } from "../../src/kysely/index.ts";
import { FEW_EVENTS } from "../../src/kysely/rows/list-classes.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { SQLITE } from "../support/databases.ts";
import { text } from "../scale/rows.ts";
import { START } from "../support/scenario.ts";
import { tablesIn } from "../support/tables.ts";

/** Issues that were seen in the same minute, some of them with many events. */
const EVENTS: readonly NewEvent[] = Array.from({ length: 40 }, (_, index) => ({
  projectId: "shop",
  type: `E${String(index)}x`,
  receivedAt: START + (index % 7) * 100,
  count: index % 4 === 0 ? FEW_EVENTS + index : 1,
}));

/** A plan of SQLite, as lines; and the bounds of the classes that its query reads. */
interface Plan {
  readonly lines: readonly string[];
  readonly bounds: readonly number[];
}

/** The plans of all queries of issues in the pages of lists. */
async function plansOf(options: {
  readonly sort: "last-seen" | "event-count" | "first-seen";
  readonly search: string;
}) {
  const place = await SQLITE.makePlace();
  await migrate(tablesIn(place));
  const queries: CompiledQuery[] = [];
  const db = place.connect({ log: ({ query }) => void queries.push(query) });
  const tracker = createIssueTracker({
    store: kyselyStore(tablesIn(place, db)),
    clock: createVirtualClock(START + 60_000),
    alertSink: "elsewhere",
  });
  await tracker.projects.save({ id: "shop" });
  await tracker.digest(EVENTS);
  queries.length = 0;
  let found = 0;
  for (const direction of ["ascending", "descending"] as const) {
    let cursor: string | null | undefined;
    do {
      const list = { projectId: "shop", direction, limit: 7, ...options };
      const page = await tracker.issues.list({ ...list, ...(cursor && { cursor }) });
      found += page.items.length;
      cursor = page.next;
    } while (cursor !== null);
  }
  expect(found).toBe(2 * EVENTS.length);
  const plans: Plan[] = [];
  for (const { sql, parameters } of queries.filter((query) => query.sql.includes('from "issue_lifecycle_issues"'))) {
    const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await db.executeQuery(explain);
    const [, , from, to] = parameters.map(Number);
    const lines = rows.map((row) => text(row, "detail"));
    plans.push({ lines, bounds: [from ?? Number.NaN, to ?? Number.NaN] });
  }
  await place.drop();
  return plans;
}

const INDEXES = {
  "last-seen": "in_order_of_last_seen",
  "event-count": "by_event_count",
  "first-seen": "by_number",
} as const;

test.each(
  (["last-seen", "event-count", "first-seen"] as const).flatMap((sort) =>
    ["", "e"].map((search) => ({ sort, search })),
  ),
)(
  "SQLite reads pages by an index, and sorts no issues with few events: $sort, searching for '$search'",
  async (list) => {
    const plans = await plansOf(list);
    const ofLists = plans.filter(({ lines }) => lines.some((line) => line.includes(INDEXES[list.sort])));
    expect(ofLists.length).toBeGreaterThan(10);
    for (const { lines, bounds } of plans) {
      const reads = lines.filter((line) => /^(SEARCH|SCAN) issue_lifecycle_issues/u.test(line));
      for (const read of reads)
        expect(read).toMatch(/^SEARCH .* USING (COVERING )?INDEX .*\(project_key=\? AND status[=<>]\?/u);
      const sorts = lines.filter((line) => line.startsWith("USE TEMP B-TREE"));
      if (sorts.length === 0) continue;
      // Issues with many events in the same class are sorted by value and number.
      expect(sorts).toEqual(["USE TEMP B-TREE FOR LAST 2 TERMS OF ORDER BY"]);
      if (list.sort === "last-seen") expect(Math.max(...bounds)).toBeLessThan(0);
      else expect(Math.min(...bounds)).toBeGreaterThanOrEqual(FEW_EVENTS);
    }
  },
);
