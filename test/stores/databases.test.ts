import { sql, type Kysely } from "kysely";
import { afterAll } from "vitest";
import { registerConformance, type RawReader } from "../../src/testing/index.ts";
import { beginHost } from "../support/begin-host.ts";
import { quickRunner } from "../support/conformance-runner.ts";
import { DATABASES, SQLITE, type Place } from "../support/databases.ts";
import { emptyTables, openStore, tablesIn } from "../support/tables.ts";

/** Reads the tables through a separate instance. */
function rawReader(db: Kysely<object>, { schema }: Place): RawReader {
  const table = (name: string) => sql.table(schema === undefined ? name : `${schema}.${name}`);
  const count = async (name: string, projectId: string): Promise<number> => {
    const projects = table("issue_lifecycle_projects");
    const counted = sql<{
      n: unknown;
    }>`select count(*) as n from ${table(name)} where project_key = (select ${sql.ref("key")} from ${projects} where id = ${projectId})`;
    const { rows } = await counted.execute(db);
    return Number(rows[0]?.n);
  };
  return {
    countIssues: (projectId) => count("issue_lifecycle_issues", projectId),
    countEvents: (projectId) => count("issue_lifecycle_events", projectId),
    titleOf: async (issueId) => {
      const id = Buffer.from(issueId.replaceAll("-", ""), "hex");
      const { rows } = await sql<{
        title: string;
      }>`select title from ${table("issue_lifecycle_issues")} where id = ${id}`.execute(db);
      return rows[0]?.title;
    },
  };
}

/** A place, with the handles on it so far. */
interface Used {
  readonly place: Place;
  readonly handles: Kysely<object>[];
}

for (const { name, makePlace } of DATABASES) {
  /** Those that hold nothing again. */
  const free: Used[] = [];
  afterAll(async () => {
    for (const { place } of free) await place.drop();
  }, 60_000);
  // In the quick run the SQLite store stands for the others on SQLite, but takes part in no transaction of a host.
  registerConformance(quickRunner(name === SQLITE.name ? "host-" : ""), {
    name: `a host's Kysely instance on ${name}`,
    open: async () => {
      const used = free.pop() ?? { place: await makePlace(), handles: [] };
      const { place, handles } = used;
      let opened = 0;
      const connect = (): Kysely<object> => (handles[opened++] ??= place.connect());
      const reading = connect();
      const open = () => openStore(tablesIn(place, connect()));
      return {
        store: await open(),
        openSecond: open,
        raw: rawReader(reading, place),
        beginHost: () => beginHost(reading),
        dispose: async () => {
          // A file goes with its test.
          if (place.schema === undefined) return place.drop();
          await emptyTables(tablesIn(place, reading));
          free.push(used);
        },
      };
    },
  });
}
