import type { Issue } from "../../core/issue.ts";
import { allReadable } from "../../core/unreadable.ts";
import type {
  Loaded,
  LoadRequest,
  LockSelection,
  IssueStore,
  StoreChanges,
  StoreReader,
  StoreTransaction,
} from "../../ports/issue-store.ts";
import type { ConformanceCapability, HostTransaction, RawReader } from "./subject.ts";

/** One case of the conformance suite: it checks one requirement of the port. */
export interface ConformanceCase {
  /** Its id, which the port's documentation has in brackets after the requirement. */
  readonly id: string;
  /** What a store that passes does, in one line. */
  readonly title: string;
  /** What the port requires, in its own words. */
  readonly requires: string;
  /** The capabilities that the case needs; it is skipped for a subject that lacks one of them. Default: none. */
  readonly needs?: readonly ConformanceCapability[];
  /** Checks the store; rejects if it does not do what is required. */
  readonly run: (context: CaseContext) => Promise<void>;
}

/** What a case works with. */
export interface CaseContext {
  /** An empty store. */
  readonly store: IssueStore;
  /** Whether the store has an outbox. */
  readonly hasOutbox: boolean;
  /** Opens a second handle on the same data. */
  readonly openSecond: () => Promise<IssueStore>;
  /** Reads the stored data by other means than the store. */
  readonly raw: () => RawReader;
  /** Begins a transaction of the host. */
  readonly beginHost: () => Promise<HostTransaction>;
}

type Store = Pick<CaseContext, "store">;

/** Runs work in one transaction of the store. */
export function transact<Result>(
  { store }: Store,
  work: (transaction: StoreTransaction) => Promise<Result>,
): Promise<Result> {
  return store.transaction(work);
}

/** Writes changes in a transaction of their own. */
export function write(context: Store, changes: StoreChanges): Promise<void> {
  return transact(context, (transaction) => transaction.write(changes));
}

/** Loads in a transaction of its own. */
export function load(context: Store, request: LoadRequest): Promise<Loaded> {
  return transact(context, (transaction) => transaction.load(request));
}

/** The issues of a selection, in its order. */
export async function lock(context: Store, selection: LockSelection): Promise<readonly Issue[]> {
  return allReadable((await load(context, { issues: selection })).issues);
}

/** Runs reads on one snapshot of the store. */
export function read<Result>({ store }: Store, work: (reader: StoreReader) => Promise<Result>): Promise<Result> {
  return store.read(work);
}
