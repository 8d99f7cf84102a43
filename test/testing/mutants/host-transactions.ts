import { IssueLifecycleError } from "../../../src/core/errors.ts";
import { MemoryOutboxReader } from "../../../src/memory/memory-outbox.ts";
import { MemoryReader } from "../../../src/memory/memory-reader.ts";
import { memoryStoreOn } from "../../../src/memory/memory-store.ts";
import { MemoryTables } from "../../../src/memory/memory-tables.ts";
import { MemoryTransaction } from "../../../src/memory/memory-transaction.ts";
import type { IssueStore } from "../../../src/ports/issue-store.ts";

import { replacing, type Mutant } from "./harness.ts";

/** A transaction of the host on the tables of a memory store. */
interface Host {
  /** What was done in it, the last last. */
  readonly done: MemoryTransaction[];
  /** The issues that were added in it. */
  readonly added: Set<string>;
  end: "commit" | "rollback" | undefined;
}

/** What a memory store gets wrong in a transaction of the host. */
interface Flaws {
  /** What of the work's writes stays when the work has failed. By default nothing does. */
  readonly onFailure?: (failed: MemoryTransaction, host: Host, error: unknown) => void;
  readonly onCommit?: (host: Host) => void;
  readonly onRollback?: (host: Host) => void;
  /** Whether work may begin that the host's end is too early for. By default it fails. */
  readonly takesLate?: (end: "commit" | "rollback") => boolean;
  /** Whether work is not stopped that had begun when the host ended the transaction. */
  readonly goesOn?: boolean;
  /** What late work fails with. */
  readonly late?: () => Error;
  /** What work fails with that had begun when the host ended the transaction. */
  readonly lateEnd?: () => Error;
  /** Whether reads see only what was there before. */
  readonly isBlind?: boolean;
  readonly isBlindForEvents?: boolean;
  /** Whether a work's writes are not part of the host's transaction, by how much was done in it before. */
  readonly isOwn?: (before: number) => boolean;
  readonly onClose?: (host: Host, store: IssueStore) => Promise<void>;
}

const ended = (): Error => new IssueLifecycleError("transaction-ended", "The transaction had ended.");

function rollBackAll({ done }: Host): void {
  for (const transaction of done.toReversed()) transaction.rollBack();
}

/** The store in a transaction of the host. */
function storeIn(host: Host, tables: MemoryTables, store: IssueStore, flaws: Flaws): IssueStore {
  const { takesLate = () => false, late = ended, lateEnd = ended } = flaws;
  const isLate = (): boolean => host.end !== undefined && !takesLate(host.end);
  return {
    transaction: async (work) => {
      if (isLate()) throw late();
      const transaction = new MemoryTransaction(tables);
      try {
        const recording = replacing(transaction, {
          write: async (changes) => {
            for (const { issue } of changes.newIssues ?? []) host.added.add(issue.id);
            await transaction.write(changes);
          },
        });
        const result = await work(recording);
        if (isLate() && flaws.goesOn !== true) throw lateEnd();
        if (flaws.isOwn?.(host.done.length) !== true) host.done.push(transaction);
        return result;
      } catch (error) {
        if (flaws.onFailure === undefined) transaction.rollBack();
        else flaws.onFailure(transaction, host, error);
        throw error;
      }
    },
    read: async (work) => {
      if (isLate()) throw late();
      const reader = new MemoryReader(tables, new MemoryOutboxReader(tables));
      if (flaws.isBlindForEvents === true) {
        return work(replacing(reader, { findEvent: () => Promise.resolve(undefined) }));
      }
      if (flaws.isBlind !== true) return work(reader);
      return work(
        replacing(reader, {
          findIssues: async (selection) => (await reader.findIssues(selection)).filter(({ id }) => !host.added.has(id)),
        }),
      );
    },
    close: async () => flaws.onClose?.(host, store),
  };
}

/** A memory store that can join transactions of the host, and how these begin. */
export function hosted(flaws: Flaws = {}): Pick<Mutant, "open" | "beginHost"> {
  const hosts = new WeakMap<object, Host>();
  return {
    open: () => {
      const tables = new MemoryTables();
      const store = memoryStoreOn(tables);
      return {
        ...store,
        withTransaction: (transaction) => {
          const host = hosts.get(transaction);
          if (host === undefined) throw new Error("This is no transaction of the host.");
          return storeIn(host, tables, store, flaws);
        },
      };
    },
    beginHost: async () => {
      const host: Host = { done: [], added: new Set(), end: undefined };
      const transaction = {};
      hosts.set(transaction, host);
      const { onCommit = () => undefined, onRollback = rollBackAll } = flaws;
      return {
        transaction,
        commit: async () => {
          if (host.end !== undefined) return;
          host.end = "commit";
          onCommit(host);
        },
        rollback: async () => {
          if (host.end !== undefined) return;
          host.end = "rollback";
          onRollback(host);
        },
      };
    },
  };
}

const FLAWS: readonly (readonly [name: string, flaws: Flaws, seenBy: string])[] = [
  [
    "writes on a connection of its own in a transaction of the host",
    { onRollback: () => undefined },
    "host-rolls-back",
  ],
  ["loses what it wrote when the host commits", { onCommit: rollBackAll }, "host-commits"],
  [
    "loses the first work of a transaction of the host when that commits",
    { onCommit: ({ done }) => done[0]?.rollBack() },
    "host-commits",
  ],
  [
    "leaves the writes of work that fails in the host's transaction",
    { onFailure: () => undefined },
    "host-work-fails-alone",
  ],
  [
    "leaves the writes of work that fails with an error of its own in the host's transaction",
    {
      onFailure: (failed, _, error) => {
        if (IssueLifecycleError.is(error)) failed.rollBack();
      },
    },
    "host-work-fails-alone",
  ],
  [
    "leaves the writes of work that the store refuses in the host's transaction",
    {
      onFailure: (failed, _, error) => {
        if (!IssueLifecycleError.is(error)) failed.rollBack();
      },
    },
    "host-work-fails-alone",
  ],
  [
    "undoes all work in the host's transaction when some fails",
    {
      onFailure: (failed, host) => {
        failed.rollBack();
        rollBackAll(host);
        host.done.length = 0;
      },
    },
    "host-work-fails-alone",
  ],
  [
    "ends the host's transaction when work fails",
    {
      onFailure: (failed, host) => {
        failed.rollBack();
        host.end = "commit";
      },
    },
    "host-work-fails-alone",
  ],
  ["takes work when the host has ended its transaction", { takesLate: () => true }, "host-ended"],
  ["takes work when the host has committed", { takesLate: (end) => end === "commit" }, "host-ended"],
  ["takes work when the host has rolled back", { takesLate: (end) => end === "rollback" }, "host-ended"],
  [
    "takes a transaction of the host that has ended for a failure of the store",
    { late: () => new IssueLifecycleError("store-failed", "There is no transaction.") },
    "host-ended",
  ],
  ["goes on with work that had begun when the host ended its transaction", { goesOn: true }, "host-ends-early"],
  [
    "leaves what work wrote that had begun when the host ended its transaction",
    {
      onFailure: (failed, host) => {
        if (host.end === undefined) failed.rollBack();
      },
    },
    "host-ends-early",
  ],
  [
    "takes the host's end, when work has begun, for a failure of the store",
    { lateEnd: () => new IssueLifecycleError("store-failed", "There is no transaction.") },
    "host-ends-early",
  ],
  ["does not see what was written in the host's transaction", { isBlind: true }, "host-commits"],
  ["joins a transaction of the host for its first work only", { isOwn: (before) => before > 0 }, "host-rolls-back"],
  ["joins a transaction of the host from its second work on", { isOwn: (before) => before === 0 }, "host-rolls-back"],
  [
    "closes itself with the store in the host's transaction",
    { onClose: (_, store) => store.close() },
    "host-store-closes-nothing",
  ],
  [
    "commits the host's transaction when the store in it is closed",
    {
      onClose: async (host) => {
        host.end = "commit";
      },
    },
    "host-store-closes-nothing",
  ],
  [
    "rolls back the host's transaction when the store in it is closed",
    {
      onClose: async (host) => {
        rollBackAll(host);
        host.done.length = 0;
      },
    },
    "host-store-closes-nothing",
  ],
];

export const hostTransactionMutants: readonly Mutant[] = FLAWS.map(([name, flaws, seenBy]) => ({
  name,
  seenBy,
  ...hosted(flaws),
}));
