import { CompiledQuery } from "kysely";
import type { IssueStore } from "../ports/issue-store.ts";
import type { StoreDialect } from "./dialect.ts";
import type { HostTransaction } from "./host-kysely.ts";
import { KyselyReader } from "./kysely-reader.ts";
import { KyselyTransaction } from "./kysely-transaction.ts";
import { Session, storeConflict } from "./session.ts";
import type { Statements } from "./statements/index.ts";

const SAVEPOINT = CompiledQuery.raw("savepoint issue_lifecycle");
const RELEASE = CompiledQuery.raw("release savepoint issue_lifecycle");
const ROLL_BACK = CompiledQuery.raw("rollback to savepoint issue_lifecycle");

/** What is known of a host's transaction, whoever works in it. */
interface TransactionState {
  /** The last piece of work in it; each waits for the one before it. */
  last: Promise<unknown>;
  /** Whether the database has ended it: what is written after that would be committed at once. */
  isOver: boolean;
}

const states = new WeakMap<HostTransaction, TransactionState>();

function stateOf(transaction: HostTransaction): TransactionState {
  const state = states.get(transaction) ?? { last: Promise.resolve(), isOver: false };
  states.set(transaction, state);
  return state;
}

/**
 * A store within a host's transaction. What it writes is committed or rolled back by the host; what fails leaves nothing of
 * its own behind, so that the host may go on. Pieces of work in one transaction come one after the other.
 *
 * @param checkSettings - run once, before anything else
 */
export function storeWithin(
  transaction: HostTransaction,
  dialect: StoreDialect,
  statements: Statements,
  checkSettings: (session: Session) => Promise<void>,
): IssueStore {
  const session = new Session(transaction.withoutPlugins(), dialect);
  const state = stateOf(transaction);

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = state.last.then(async () => {
      if (state.isOver) throw storeConflict();
      await checkSettings(session);
      return work();
    });
    state.last = result.catch(() => undefined);
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
          // After some errors, as of a deadlock, the database has ended the whole transaction, and knows no savepoint any more.
          state.isOver = !(await rollBack(session));
          throw error;
        }
      }),
    read: (work) => inTurn(() => work(new KyselyReader(session, statements, dialect))),
    async close() {
      await state.last;
    },
  };
}

/** Whether it could be rolled back to the savepoint. The error that led here is the one to report. */
async function rollBack(session: Session): Promise<boolean> {
  try {
    await session.run(ROLL_BACK);
    await session.run(RELEASE);
    return true;
  } catch {
    return false;
  }
}
