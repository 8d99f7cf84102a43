// All checks of one library on one kind of database: node orms/run.ts drizzle postgres
import { createIssueTracker } from "issue-lifecycle";
import { kyselyStore, migrate } from "issue-lifecycle/kysely";
import { sql } from "kysely";
import { LIBRARY_CHECKS, type LibraryHost } from "./checks.ts";
import { makePlace, type Place } from "./place.ts";

/** What a file in `libraries` exports. */
interface LibraryModule {
  open(place: Place): Promise<LibraryHost>;
}

const [name = "", kind = ""] = process.argv.slice(2);
const { open }: LibraryModule = await import(`./libraries/${name}.mjs`);
const place = await makePlace(kind);
const failures: unknown[] = [];
try {
  const { db } = place.tables;
  await migrate(place.tables);
  await sql`create table orders (id bigint primary key)`.execute(db);
  const library = await open(place);
  for (const { title, run } of LIBRARY_CHECKS) {
    await place.clear();
    const store = kyselyStore(place.tables);
    const tracker = createIssueTracker({ store, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    try {
      await run({ library, store, tracker });
      console.log(`ok: ${title}`);
    } catch (error) {
      failures.push(error);
      console.log(`FAILED: ${title}\n`, error);
    }
    await tracker.close();
  }
  await library.close();
} finally {
  await place.drop();
}
if (failures.length > 0) throw new AggregateError(failures, `${String(failures.length)} checks failed`);
