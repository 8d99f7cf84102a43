import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { kyselyStore, migrate } from "../../src/kysely/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { DATABASES_FOR_STORIES } from "../support/databases.ts";
import { HOUR, START } from "../support/scenario.ts";
import { tablesIn } from "../support/tables.ts";

describe.each(DATABASES_FOR_STORIES)("an alert that this version cannot read on $name", ({ makePlace }) => {
  test.each(['{"version":3,"kind":"weekly"}', "half of a {"])(
    "delays no other alert, and waits for code that can read it: %s",
    async (unreadable) => {
      const place = await makePlace();
      onTestFinished(() => place.drop());
      const db = place.connect();
      const tables = tablesIn(place, db);
      await migrate(tables);
      const clock = createVirtualClock(START);
      const delivered: (string | undefined)[] = [];
      const alertSink = ({ issue }: { issue: { title: string } | null }): void => void delivered.push(issue?.title);
      const raising = createIssueTracker({ store: kyselyStore(tables), clock, alertSink: "elsewhere" });
      await raising.projects.save({ id: "shop" });
      await raising.digest(["A", "B", "C"].map((type) => ({ projectId: "shop", type })));
      const [first] = (await raising.alerts.list()).items;
      const { schema } = tables;
      const outbox = sql.table(`${schema === undefined ? "" : `${schema}.`}issue_lifecycle_outbox`);
      const readAll = async () =>
        (
          await sql<{
            id: Uint8Array;
            alert: string | Uint8Array;
          }>`select id, alert from ${outbox} order by id`.execute(db)
        ).rows;
      const [row] = await readAll();
      const write = (alert: unknown) => sql`update ${outbox} set alert = ${alert} where id = ${row?.id}`.execute(db);
      await write(unreadable);

      const tracker = createIssueTracker({ store: kyselyStore(tables), clock, alertSink });
      expect(await tracker.alerts.drain()).toEqual({ delivered: 2, failed: 0, dead: 0, throttled: 0, discarded: 0 });
      expect(delivered).toEqual(["B", "C"]);
      expect((await tracker.alerts.list()).items).toEqual([]);
      expect(await tracker.alerts.counts()).toMatchObject({ due: 0, waiting: 1 });

      await write(row?.alert);
      clock.advanceBy(HOUR);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1 });
      expect(delivered).toEqual(["B", "C", first?.alert.issue?.title]);
    },
  );
});

describe.each(DATABASES_FOR_STORIES)("an issue that this version cannot read on $name", ({ makePlace }) => {
  test("delays neither alerts nor evictions: they need to know only that it exists", async () => {
    const place = await makePlace();
    onTestFinished(() => place.drop());
    const db = place.connect();
    const tables = tablesIn(place, db);
    await migrate(tables);
    const delivered: (string | undefined)[] = [];
    const alertSink = ({ issue }: { issue: { title: string } | null }): void => void delivered.push(issue?.title);
    const clock = createVirtualClock(START);
    const raising = createIssueTracker({ store: kyselyStore(tables), clock, alertSink: "elsewhere" });
    await raising.projects.save({ id: "shop" });
    await raising.digest(["A", "B"].map((type) => ({ projectId: "shop", type })));
    const { schema } = tables;
    const issues = sql.table(`${schema === undefined ? "" : `${schema}.`}issue_lifecycle_issues`);
    await sql`update ${issues} set state = ${'{"status":"snoozed"}'} where number = 1`.execute(db);

    const tracker = createIssueTracker({ store: kyselyStore(tables), clock, alertSink });
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 2 });
    expect(delivered).toEqual(["A", "B"]);
    expect(await tracker.events.evict({ projectId: "shop", receivedBefore: START + HOUR })).toBe(0);
  });
});
