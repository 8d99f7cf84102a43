import type { StoreDialect } from "../dialects/dialect.ts";
import type { LifecycleDb } from "../schema/tables.ts";
import { alertStatements, tallyStatements } from "./alert-statements.ts";
import { countStatements } from "./count-statements.ts";
import { entryStatements } from "./entry-statements.ts";
import { endingsOf } from "./endings.ts";
import { eventStatements, historyStatements } from "./event-statements.ts";
import { feedStatements } from "./feed-statements.ts";
import { issueStatements } from "./issue-statements.ts";
import { ManyRows } from "./many-rows.ts";
import { markStatements } from "./mark-statements.ts";
import { projectStatements } from "./project-statements.ts";
import { releaseStatements } from "./release-statements.ts";
import { userStatements } from "./user-statements.ts";

/** All statements of a store. */
export type Statements = ReturnType<typeof createStatements>;

/**
 * Creates all statements of a store. Each is compiled when it is first used.
 *
 * @param db - compiles with the tables' real names
 * @param mustSeeLatest - whether they are for transactions in which a plain select may show an older state than a locking one
 */
export function createStatements(db: LifecycleDb, dialect: StoreDialect, mustSeeLatest: boolean) {
  const many = new ManyRows(db, dialect.rows);
  const endings = endingsOf(dialect.locking, mustSeeLatest);
  return {
    projects: projectStatements(db, many, endings),
    issues: issueStatements(db, many, dialect, endings),
    releases: releaseStatements(db, many, endings),
    users: userStatements(db, many, dialect, endings),
    marks: markStatements(db, many, endings),
    events: eventStatements(db, many, endings),
    history: historyStatements(db, many),
    feed: feedStatements(db, many, endings),
    alerts: alertStatements(db, many, dialect, endings),
    tallies: tallyStatements(db, many, endings),
    counts: countStatements(db),
    entries: entryStatements(db, many, endings),
  };
}
