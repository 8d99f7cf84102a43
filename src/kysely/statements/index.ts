import type { StoreDialect } from "../dialect.ts";
import type { LifecycleDb } from "../tables.ts";
import { alertStatements } from "./alert-statements.ts";
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
 */
export function createStatements(db: LifecycleDb, dialect: StoreDialect) {
  return {
    projects: projectStatements(db),
    issues: issueStatements(db, dialect),
    releases: releaseStatements(db),
    events: eventStatements(db),
    history: historyStatements(db),
    alerts: alertStatements(db),
  };
}
