import { IssueLifecycleError } from "../core/errors.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { KeyValueEngine } from "./engine.ts";
import { hashText, type TextHash } from "./key-parts.ts";
import { checkLayout, writeLayout } from "./layout.ts";
import { KeyValueOutboxReader } from "./outbox.ts";
import { KeyValueStoreReader } from "./reader.ts";
import type { Session } from "./session.ts";
import { Tables } from "./tables.ts";
import { KeyValueStoreTransaction } from "./transaction.ts";
import { Transactions, type Mode } from "./transactions.ts";

/**
 * Creates a store, with an outbox, on an ordered key-value store. Closing the store waits for its transactions and does not close the
 * engine. The page `docs/key-value-stores.md` has an engine in full.
 *
 * @throws `IssueLifecycleError` `invalid-input` for an engine without the required members. Calls of the store fail with
 *   `schema-newer` where a newer version of this library stored other keys
 * @example
 * ```ts
 * import { createIssueTracker } from "issue-lifecycle";
 * import { createKeyValueStore, type KeyValueEngine } from "issue-lifecycle/kv";
 *
 * function openTracker(engine: KeyValueEngine) {
 *   return createIssueTracker({ store: createKeyValueStore(engine) });
 * }
 * ```
 */
export function createKeyValueStore(engine: KeyValueEngine): IssueStore {
  return keyValueStoreOn(engine, hashText);
}

/** A store whose long texts are hashed by a function. */
export function keyValueStoreOn(engine: KeyValueEngine, hash: TextHash): IssueStore {
  const transactions = new Transactions(engine);
  const inFlight = new Set<Promise<unknown>>();
  let closed = false;

  async function run<Result>(mode: Mode, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (closed) throw new IssueLifecycleError("closed", "The store was closed.");
    const result = transactions.run(mode, work);
    inFlight.add(result);
    try {
      return await result;
    } finally {
      inFlight.delete(result);
    }
  }

  return {
    transaction: (work) =>
      run("write", async (session) => {
        if (!(await checkLayout(session))) await writeLayout(session);
        return work(new KeyValueStoreTransaction(new Tables(session, hash)));
      }),
    read: (work) =>
      run("read", async (session) => {
        await checkLayout(session);
        const tables = new Tables(session, hash);
        return work(new KeyValueStoreReader(tables, new KeyValueOutboxReader(session, tables.alerts)));
      }),
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
    },
  };
}
