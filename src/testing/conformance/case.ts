import type { IssueStore, StoreTransaction } from "../../ports/issue-store.ts";
import type { ConformanceCapability, RawReader } from "./subject.ts";

/** One promise of the port, put to the test. */
export interface ConformanceCase {
  /** Its id: the one that stands in the port's documentation beside the promise. */
  readonly id: string;
  /** What is shown, in one line. */
  readonly title: string;
  /** What a store must do, in the port's words. */
  readonly requires: string;
  /** What a store must be able to do for the case to make sense. */
  readonly needs?: ConformanceCapability;
  /** Shows it, or throws. */
  readonly run: (context: CaseContext) => Promise<void>;
}

/** What a case works with. */
export interface CaseContext {
  /** A store that holds nothing. */
  readonly store: IssueStore;
  /** Opens a second handle. */
  readonly openSecond: () => Promise<IssueStore>;
  /** A look behind the store's back. */
  readonly raw: () => RawReader;
}

/** Runs work in one transaction of a store. */
export function write<Result>(
  { store }: Pick<CaseContext, "store">,
  work: (transaction: StoreTransaction) => Promise<Result>,
): Promise<Result> {
  return store.transaction(work);
}
