/**
 * The issue lifecycle of an error tracker, embedded in a host: the tracker and the store in memory.
 *
 * The rules as pure functions are in `issue-lifecycle/core`, the interface of a store in `issue-lifecycle/store`.
 *
 * @module issue-lifecycle
 */
export { createIssueTracker, type IssueTracker, type TransactionTracker } from "./tracker/tracker.ts";
export type { IssueTrackerOptions } from "./tracker/tracker-options.ts";
export type { BulkOutcome, BulkRefusal, BulkSelection } from "./tracker/bulk.ts";
export type { CommandOptions } from "./tracker/commands.ts";
export type { DigestedEvent, DigestOutcome, DuplicateEvent, RefusedEvent } from "./tracker/digest.ts";
export type { Events, EvictionInput } from "./tracker/events.ts";
export type { IssueFilter } from "./tracker/issue-filter.ts";
export type { IssueListOptions } from "./tracker/issue-list.ts";
export type { EventCountOptions, IssueQueries } from "./tracker/issue-queries.ts";
export type { BulkOptions, Issues } from "./tracker/issues.ts";
export type { Projects } from "./tracker/projects.ts";
export type { ReleaseInput, Releases } from "./tracker/releases.ts";
export type { TrackedIssue } from "./tracker/tracked-issue.ts";
export type { TickOutcome } from "./tracker/tick.ts";

export type { Alerts, RunningDispatcher, StopOptions } from "./alerts/alerts.ts";
export { DeliveryError, PermanentDeliveryError, type DeliveryErrorDetails } from "./alerts/delivery-error.ts";
export type { DeliveryOutcome } from "./alerts/delivery-outcome.ts";
export type { AlertLimits } from "./alerts/limits.ts";
export type { AlertOptions } from "./alerts/options.ts";
export type { AlertEvictionInput, DiscardOptions, Outbox, OutboxListOptions } from "./alerts/outbox.ts";

export type { AlertSink, DeliveryAttempt } from "./ports/alert-sink.ts";
export type { Clock } from "./ports/clock.ts";
export type { DeliveryReport } from "./ports/delivery-report.ts";
export type { IssueStore } from "./ports/issue-store.ts";
export { createMemoryStore } from "./memory/memory-store.ts";

export type { Alert } from "./core/alert.ts";
export type { ResolveRequest } from "./core/command.ts";
export { IssueLifecycleError, type IssueLifecycleErrorCode } from "./core/errors.ts";
export type { EventLevel } from "./core/event-level.ts";
export type { NewEvent } from "./core/event.ts";
export type { GroupingStrategy } from "./core/grouping.ts";
export type { IssueState } from "./core/issue.ts";
export type { MuteRequest } from "./core/mute-request.ts";
export type { Page } from "./core/page.ts";
export { eventFromError } from "./core/thrown-error.ts";
export { DEFAULT_GROUPING, titleGrouping } from "./core/title-grouping.ts";
export type { TurningPoint } from "./core/turning-point.ts";
export type { ConditionInput } from "./core/conditions/condition.ts";
export { volumeCondition } from "./core/conditions/volume-condition.ts";
