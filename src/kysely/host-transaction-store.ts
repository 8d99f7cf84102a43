import { CompiledQuery } from "kysely";
import type { IssueStore } from "../ports/issue-store.ts";
import type { HostTransaction } from "./connections/host-kysely.ts";
import { Session, storeConflict } from "./connections/session.ts";
import type { SettingsCheck } from "./connections/settings.ts";
import type { StoreDialect } from "./dialects/dialect.ts";
import { KyselyReader } from "./reader.ts";
import type { Statements } from "./statements/index.ts";
import { KyselyTransaction } from "./transaction.ts";

const SAVEPOINT = CompiledQuery.raw("savepoint issue_lifecycle");
const RELEASE = CompiledQuery.raw("release savepoint issue_lifecycle");
const ROLL_BACK = CompiledQuery.raw("rollback to savepoint issue_lifecycle");

/** The state of a host's transaction, shared by all stores in it. */
interface TransactionState {
  /** The last work in it; each waits for the one before it. */
  last: Promise<unknown>;
  /** Whether the database has ended it: later writes would be committed at once. */
  hasEnded: boolean;
}

const states = new WeakMap<HostTransaction, TransactionState>();

function stateOf(transaction: HostTransaction): TransactionState {
  const state = states.get(transaction) ?? { last: Promise.resolve(), hasEnded: false };
  states.set(transaction, state);
  return state;
}

/**
 * A store within a host's transaction, which commits or rolls back its writes. Work that fails leaves no writes behind, so
 * that the host can continue. Work in one transaction runs one after the other.
 *
 * @param checkSettings - runs once, before anything else
 */
export function storeWithin(
  transaction: HostTransaction,
  dialect: StoreDialect,
  statements: Statements,
  checkSettings: SettingsCheck | undefined,
): IssueStore {
  const session = new Session(transaction.withoutPlugins(), dialect);
  const state = stateOf(transaction);

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = state.last.then(async () => {
      if (state.hasEnded) throw storeConflict();
      await checkSettings?.(session);
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
          // After some errors, such as a deadlock, the database has rolled back the transaction with its savepoints.
          state.hasEnded = !(await rollBack(session));
          throw error;
        }
      }),
    read: (work) => inTurn(() => work(new KyselyReader(session, statements, dialect))),
    async close() {
      await state.last;
    },
  };
}

/** Whether the transaction could be rolled back to the savepoint. */
async function rollBack(session: Session): Promise<boolean> {
  try {
    await session.run(ROLL_BACK);
    await session.run(RELEASE);
    return true;
  } catch {
    return false;
  }
}
