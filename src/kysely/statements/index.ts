import type { StoreDialect } from "../dialect.ts";
import { ManyRows } from "../many-rows.ts";
import type { LifecycleDb } from "../tables.ts";
import { alertStatements, tallyStatements } from "./alert-statements.ts";
import { endingsOf } from "./endings.ts";
import { eventStatements } from "./event-statements.ts";
import { historyStatements } from "./history-statements.ts";
import { issueStatements } from "./issue-statements.ts";
import { projectStatements } from "./project-statements.ts";
import { releaseStatements } from "./release-statements.ts";

/** All statements of a store. */
export type Statements = ReturnType<typeof createStatements>;

/**
 * All statements of a store, to be compiled when they are first needed.
 *
 * @param db - knows the tables by their real names
 * @param mustSeeLatest - whether they are for transactions in which a plain select may show an older state than a locking one
 */
export function createStatements(db: LifecycleDb, dialect: StoreDialect, mustSeeLatest: boolean) {
  const many = new ManyRows(db, dialect.rows);
  const endings = endingsOf(dialect.locking, mustSeeLatest);
  return {
    projects: projectStatements(db, many, endings),
    issues: issueStatements(db, many, dialect, endings),
    releases: releaseStatements(db, many, endings),
    events: eventStatements(db, many),
    history: historyStatements(db, many),
    alerts: alertStatements(db, many, dialect, endings),
    tallies: tallyStatements(db, many, endings),
  };
}
