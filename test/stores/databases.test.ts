import { sql, type Kysely } from "kysely";
import { describe, it } from "vitest";
import { kyselyStore, migrate } from "../../src/kysely/index.ts";
import { registerConformance, type RawReader } from "../../src/testing/index.ts";
import { DATABASES, type Place } from "../support/databases.ts";

/** Looks at the tables by a handle of its own. */
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

for (const { name, makePlace } of DATABASES) {
  registerConformance(
    { describe, it },
    {
      name: `a host's Kysely instance on ${name}`,
      open: async () => {
        const place = await makePlace();
        const { dialect } = place;
        const tables = place.schema === undefined ? { dialect } : { dialect, schema: place.schema };
        const open = async () => {
          const db = place.connect();
          await migrate({ db, ...tables });
          return kyselyStore({ db, ...tables });
        };
        return {
          store: await open(),
          openSecond: open,
          raw: rawReader(place.connect(), place),
          dispose: () => place.drop(),
        };
      },
    },
  );
}
