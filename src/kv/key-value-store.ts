import { IssueLifecycleError } from "../core/errors.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { KeyValueEngine } from "./engine.ts";
import { hashText, type TextHash } from "./key-parts.ts";
import { readLayout, upgradeStep, writeLayout } from "./layout.ts";
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
  let upgrade: Promise<void> | undefined;

  /** Brings keys of an earlier version to this one, in steps of a transaction each. */
  async function upgradeKeys(): Promise<void> {
    let after: Uint8Array | null = null;
    do {
      const from: Uint8Array | null = after;
      after = await transactions.run("write", (session) => upgradeStep(new Tables(session, hash), from));
    } while (after !== null);
  }

  /** Runs work, once the stored keys are those of this version. */
  async function runUpgraded<Result>(mode: Mode, work: (session: Session) => Promise<Result>): Promise<Result> {
    const attempt = await transactions.run(mode, async (session): Promise<{ readonly result: Result } | "former"> => {
      const layout = await readLayout(session);
      if (layout === "former") return layout;
      if (layout === "none" && mode === "write") await writeLayout(session);
      return { result: await work(session) };
    });
    if (attempt !== "former") return attempt.result;
    upgrade ??= upgradeKeys().finally(() => {
      upgrade = undefined;
    });
    await upgrade;
    return runUpgraded(mode, work);
  }

  async function run<Result>(mode: Mode, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (closed) throw new IssueLifecycleError("closed", "The store was closed.");
    const result = runUpgraded(mode, work);
    inFlight.add(result);
    try {
      return await result;
    } finally {
      inFlight.delete(result);
    }
  }

  return {
    transaction: (work) => run("write", (session) => work(new KeyValueStoreTransaction(new Tables(session, hash)))),
    read: (work) =>
      run("read", (session) => {
        const tables = new Tables(session, hash);
        return work(new KeyValueStoreReader(tables, new KeyValueOutboxReader(session, tables.alerts)));
      }),
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
    },
  };
}
