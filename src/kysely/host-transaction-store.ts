import { CompiledQuery } from "kysely";
import type { IssueStore } from "../ports/issue-store.ts";
import type { StoreDialect } from "./dialect.ts";
import type { QueryRunner } from "./host-kysely.ts";
import { KyselyReader } from "./kysely-reader.ts";
import { KyselyTransaction } from "./kysely-transaction.ts";
import { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";

const SAVEPOINT = CompiledQuery.raw("savepoint issue_lifecycle");
const RELEASE = CompiledQuery.raw("release savepoint issue_lifecycle");
const ROLL_BACK = CompiledQuery.raw("rollback to savepoint issue_lifecycle");

/**
 * A store within a host's transaction. What it writes is committed or rolled back by the host; what fails leaves nothing of
 * its own behind, so that the host may go on. Pieces of work have the connection one after the other.
 */
export function storeWithin(runner: QueryRunner, dialect: StoreDialect, statements: Statements): IssueStore {
  const session = new Session(runner, dialect);
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  return {
    transaction: (work) =>
      inTurn(async () => {
        await session.run(SAVEPOINT);
        try {
          const result = await work(new KyselyTransaction(session, statements, dialect));
          await session.run(RELEASE);
          return result;
        } catch (error) {
          await rollBack(session);
          throw error;
        }
      }),
    read: (work) => inTurn(() => work(new KyselyReader(session, statements, dialect))),
    async close() {
      await last;
    },
  };
}

/** After some errors the database has ended the whole transaction, and knows no savepoint any more. */
async function rollBack(session: Session): Promise<void> {
  try {
    await session.run(ROLL_BACK);
    await session.run(RELEASE);
  } catch {
    // The error that led here is the one to report.
  }
}
