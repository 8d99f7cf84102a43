import { callback, object, optional, text, type Shape } from "../../core/shape.ts";
import type { IssueStore } from "../../ports/issue-store.ts";

/** What a store, or what opens it, may lack. */
export type ConformanceCapability =
  /** A second handle on the same data, such as another process or connection has. */
  | "second-handle"
  /** A reader of the stored data that does not go through the store. */
  | "raw-reader"
  /** The outbox: `StoreTransaction.outbox` and `StoreReader.outbox`. */
  | "outbox"
  /** Joining a transaction that the host has begun: `IssueStore.withTransaction`. */
  | "host-transactions";

/** A store to check. */
export interface ConformanceSubject {
  /** Its name in reports. */
  readonly name: string;
  /** Opens an empty store. Called once per case, never for two cases at a time. */
  readonly open: () => Promise<OpenedStore>;
  /** What it lacks, each with the reason. The cases that need it are skipped, and the report says why. Default: nothing. */
  readonly lacks?: Readonly<Partial<Record<ConformanceCapability, string>>>;
}

/** A store for one case. */
export interface OpenedStore {
  /** The store. The suite closes it when the case has ended. */
  readonly store: IssueStore;
  /** Opens a second handle on the same data. Required unless the subject lacks `"second-handle"`. */
  readonly openSecond?: () => Promise<IssueStore>;
  /** Reads the stored data. Required unless the subject lacks `"raw-reader"`. */
  readonly raw?: RawReader;
  /**
   * Begins a transaction as a host does, on a connection that the store can join. Required unless the subject lacks
   * `"host-transactions"`. A case has one at a time, and uses nothing else of the store until it has ended.
   */
  readonly beginHost?: () => Promise<HostTransaction>;
  /** Cleans up after all handles were closed. */
  readonly dispose?: () => Promise<void>;
}

/** A transaction of the host. */
export interface HostTransaction {
  /** What the host passes to `withTransaction`. */
  readonly transaction: object;
  /** Commits it. */
  commit(): Promise<void>;
  /** Rolls it back. */
  rollback(): Promise<void>;
}

/** Reads what a store has written by other means than the store, so that no cache can stand in for a write. */
export interface RawReader {
  /** The number of issues stored in a project. */
  countIssues(projectId: string): Promise<number>;
  /** The number of events stored in a project, those of deleted issues included. */
  countEvents(projectId: string): Promise<number>;
  /** An issue's stored title; `undefined` if the issue is not stored. */
  titleOf(issueId: string): Promise<string | undefined>;
}

/** The longest name and reason, in UTF-16 code units. */
const MAX_TEXT_LENGTH = 1_000;

const reason = optional(text(1, MAX_TEXT_LENGTH));

const lacks = object({
  "second-handle": reason,
  "raw-reader": reason,
  outbox: reason,
  "host-transactions": reason,
} satisfies Record<ConformanceCapability, Shape<unknown>>);

const subjectShape = object(
  { name: text(1, MAX_TEXT_LENGTH), open: callback(), lacks: optional(lacks) } satisfies Record<
    keyof ConformanceSubject,
    Shape<unknown>
  >,
  '{ name: "my store", open: async () => ({ store }) }',
);

/** Returns the subject, if its members are right; a misspelt capability would otherwise not be skipped. */
export function checkSubject(subject: ConformanceSubject): ConformanceSubject {
  subjectShape("subject", subject);
  return subject;
}
