import { IssueLifecycleError } from "../core/errors.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { Database } from "./database.ts";
import type { StoreDialect } from "./dialect.ts";
import { KyselyReader } from "./kysely-reader.ts";
import { KyselyTransaction } from "./kysely-transaction.ts";
import type { Session } from "./session.ts";
import { settingsCheck } from "./settings.ts";
import { createStatements } from "./statements/index.ts";
import type { LifecycleDb } from "./tables.ts";
import type { Access } from "./transactions.ts";

/** A store in a database that this library has connections of its own to. */
export function storeOn(database: Database, compiler: LifecycleDb, dialect: StoreDialect): IssueStore {
  const statements = createStatements(compiler, dialect, false);
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  const checkSettings = settingsCheck(compiler, dialect);

  async function run<Result>(access: Access, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (closed) throw new IssueLifecycleError("closed", "The store was closed.");
    const result = database.inTransaction(access, async (session) => {
      await checkSettings(session);
      return work(session);
    });
    underWay.add(result);
    try {
      return await result;
    } finally {
      underWay.delete(result);
    }
  }

  return {
    transaction: (work) => run("writing", (session) => work(new KyselyTransaction(session, statements, dialect))),
    read: (work) => run("reading", (session) => work(new KyselyReader(session, statements, dialect))),
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
    },
  };
}
