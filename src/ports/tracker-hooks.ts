import type { Issue } from "../core/issue.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { DeliveryReport } from "./delivery-report.ts";

/**
 * The names of a tracker's operations: its methods that change something, and `alerts.deliver`, a call of its sink.
 * `issues.resolve` is `tracker.issues.resolve`.
 */
export type OperationName =
  | "digest"
  | "tick"
  | "issues.resolve"
  | "issues.reopen"
  | "issues.mute"
  | "issues.unmute"
  | "issues.discard"
  | "issues.undiscard"
  | "issues.watch"
  | "issues.annotate"
  | "issues.merge"
  | "issues.unmerge"
  | "issues.delete"
  | "issues.bulk"
  | "releases.register"
  | "releases.retire"
  | "releases.restore"
  | "projects.save"
  | "projects.erase"
  | "events.evict"
  | "events.erase"
  | "users.erase"
  | "actors.erase"
  | "alerts.redrive"
  | "alerts.discard"
  | "alerts.evict"
  | "alerts.deliver";

/** An operation of a tracker that begins. */
export interface Operation {
  readonly name: OperationName;
  /**
   * The issue as the caller named it, by its id or its friendly id, if the method takes one; for `alerts.deliver` the id of the alert's
   * issue. Else `null`. Not checked yet.
   */
  readonly issueId: string | null;
  /** The project's id, if the method takes it as its first argument, and for `alerts.deliver`; else `null`. Not checked yet. */
  readonly projectId: string | null;
  /**
   * Whether it is done in the host's transaction, by a tracker of `withTransaction`. What it changes is not committed when it ends, and
   * may never be.
   */
  readonly inHostTransaction: boolean;
}

/** What became of the events of one project in a call of `digest`: how many there were of each kind, each counted once whatever its `count`. */
export interface EventTally {
  readonly projectId: string;
  /** Events that were counted in an issue and stored. */
  readonly digested: number;
  /** Events whose id was stored already. */
  readonly duplicate: number;
  /** Events of issues that cannot be read. */
  readonly refused: number;
  /** Events of discarded issues: counted, and not stored. */
  readonly discarded: number;
}

/** An operation of a tracker that has ended. */
export type EndedOperation = Operation & {
  /** How long it took, in milliseconds and fractions of one, by a clock that only goes forward. */
  readonly durationMs: number;
} & (
    | {
        readonly outcome: "succeeded";
        /** For `digest` one tally for each project of its events, else none. */
        readonly events: readonly EventTally[];
      }
    | {
        /**
         * The caller got an error. Of an operation of several transactions, such as `issues.bulk` and `tick`, some may have been
         * committed before: {@link TrackerHooks.committed} was called for those.
         */
        readonly outcome: "failed";
        /** What it threw: mostly an `IssueLifecycleError`; for `alerts.deliver` whatever the sink threw. */
        readonly error: unknown;
      }
  );

/** What a transaction changed about issues. An issue is in one of the three lists at most, and once. */
export interface CommittedChanges {
  /** The issues that it opened, as it left them. */
  readonly created: readonly Issue[];
  /** Other issues that it changed, as it left them. */
  readonly changed: readonly Issue[];
  /** The ids of issues that it deleted. */
  readonly deleted: readonly string[];
  /** The entries that it added to the histories of issues; those of one issue in their order. */
  readonly turningPoints: readonly TurningPoint[];
}

/**
 * Functions that a tracker calls when it does something: for metrics, traces, and hosts that act after a commit. You pass them to
 * `createIssueTracker({ hooks })`, several as an array; all are optional. `issue-lifecycle/opentelemetry` makes some.
 *
 * They are called synchronously and never awaited. What one throws, or its promise rejects with, goes to the tracker's `onError` and
 * changes nothing. They are called for what this tracker does, not for other trackers on the store. A hook may use the tracker.
 *
 * @example
 * ```ts
 * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
 *
 * const cache = new Map<string, unknown>();
 * export const tracker = createIssueTracker({
 *   store: createMemoryStore(),
 *   hooks: {
 *     committed({ changed, deleted }) {
 *       for (const { id } of changed) cache.delete(id);
 *       for (const id of deleted) cache.delete(id);
 *     },
 *   },
 * });
 * ```
 */
export interface TrackerHooks {
  /**
   * Called before each operation, which begins when the hook calls `run`, so that it runs in an asynchronous context that the hook has
   * set, as of a span. With several hooks the first one's is the outermost. If the hook has not called `run` when it returns or throws,
   * the operation begins then; a second call has no effect.
   *
   * @returns nothing, or a function that is called when the operation has ended, before its caller gets the result. An attempt of a sink
   *   ends when the sink does, which may be after the tracker has stopped waiting for it.
   */
  readonly around?: (operation: Operation, run: () => void) => ((ended: EndedOperation) => unknown) | undefined;
  /** Called when an operation has ended, once for each, before its caller gets the result. Calls of `digest` that share a transaction are one each. */
  readonly ended?: (operation: EndedOperation) => unknown;
  /**
   * Called after the commit of each transaction that changed issues or histories, once, in the order of the commits where the store
   * commits one after the other; also for parts of operations, such as the chunks of `issues.bulk`, and for what is done in the background.
   * Other transactions can read the changes by then. Calls of `digest` that share a transaction are one call.
   *
   * Not called for what is done in the host's transaction: only the host knows whether it commits; nor for a transaction of which nobody
   * knows whether it was committed, because the connection was lost meanwhile. The erasure of a project, a user, a person or an event is
   * seen here only in the issues that it changes or deletes one by one, `projects.erase` not at all.
   */
  readonly committed?: (changes: CommittedChanges) => unknown;
  /** Called with the result of each delivery, after it was stored: the same as `alerts.onDelivery`. */
  readonly delivered?: (report: DeliveryReport) => unknown;
}
