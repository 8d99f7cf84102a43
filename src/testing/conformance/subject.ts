import type { IssueStore } from "../../ports/issue-store.ts";

/** What not every store can be asked for. */
export type ConformanceCapability =
  /** A second handle on the same data, as another process or connection would have it. */
  | "second-handle"
  /** A look at the data behind the store's back. */
  | "raw-reader";

/** A store whose conformance is to be shown. */
export interface ConformanceSubject {
  /** What to call it. */
  readonly name: string;
  /** Opens a store that holds nothing. Called once per case, never two at a time. */
  readonly open: () => Promise<OpenedStore>;
  /** What it cannot do, each with the reason. The cases that need it are skipped, visibly. */
  readonly lacks?: Readonly<Partial<Record<ConformanceCapability, string>>>;
}

/** A store for one case. */
export interface OpenedStore {
  /** The store. Closed by the case, or after it. */
  readonly store: IssueStore;
  /** Opens a second handle on the same data. Needed unless the subject lacks it. */
  readonly openSecond?: () => Promise<IssueStore>;
  /** Looks at the data. Needed unless the subject lacks it. */
  readonly raw?: RawReader;
  /** Cleans up, after all handles were closed. */
  readonly dispose?: () => Promise<void>;
}

/** Looks at what a store has written, by other means than the store: so that no cache can stand in for a write. */
export interface RawReader {
  /** How many issues are stored in a project. */
  countIssues(projectId: string): Promise<number>;
  /** How many events are stored in a project, those of deleted issues included. */
  countEvents(projectId: string): Promise<number>;
  /** An issue's title, as it is stored; `undefined` if it is not. */
  titleOf(issueId: string): Promise<string | undefined>;
}
