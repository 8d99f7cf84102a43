/**
 * The issue lifecycle of an error tracker, embedded: the tracker, its domain as pure functions, the ports a host may plug
 * things into, and the store in memory.
 *
 * @module issue-lifecycle
 */

// The tracker.
export {
  createIssueTracker,
  type IssueTracker,
  type IssueTrackerOptions,
  type TransactionTracker,
} from "./tracker/tracker.ts";
export type { AlertOptions } from "./tracker/alerts/alert-options.ts";
export type { Alerts, RunningDispatcher, StopOptions } from "./tracker/alerts/alerts.ts";
export type { DeliveryOutcome, DeliveryReport } from "./tracker/alerts/delivery-report.ts";
export {
  MAX_CHOSEN_ALERTS,
  MAX_DISCARD_REASON_LENGTH,
  type AlertEvictionInput,
  type DiscardOptions,
  type Outbox,
  type OutboxListOptions,
} from "./tracker/alerts/outbox.ts";
export { MAX_LISTED_REFUSALS, type BulkOutcome, type BulkRefusal, type BulkSelection } from "./tracker/bulk.ts";
export { MAX_USER_ID_LENGTH, type CommandOptions } from "./tracker/command-context.ts";
export type { DigestedEvent, DigestOutcome, DuplicateEvent } from "./tracker/digest.ts";
export type { Events, EvictionInput } from "./tracker/events.ts";
export { MAX_SEARCH_LENGTH, type IssueFilter } from "./tracker/issue-filter.ts";
export type { EventCountOptions, IssueListOptions, IssueQueries } from "./tracker/issue-queries.ts";
export type { BulkOptions, Issues } from "./tracker/issues.ts";
export { MAX_PAGE_SIZE, type Page, type PageOptions } from "./tracker/page.ts";
export type { Projects } from "./tracker/projects.ts";
export type { ReleaseInput, Releases } from "./tracker/releases.ts";
export type { TrackedIssue } from "./tracker/tracked-issue.ts";
export type { TickOutcome } from "./tracker/wake-up.ts";

// What a host may plug in.
export type { AlertSink, DeliveryAttempt } from "./ports/alert-sink.ts";
export { systemClock, type Clock } from "./ports/clock.ts";
export { DUE_AT_ONCE, OUTBOX_STATUSES, outboxPositionOf } from "./ports/alert-outbox.ts";
export type * from "./ports/alert-outbox.ts";
export type * from "./ports/issue-store.ts";
export { createMemoryStore } from "./memory/memory-store.ts";

// The domain: values and pure decisions.
export {
  AlertTallies,
  heldBackReason,
  NOTHING_HELD_BACK,
  scopesOf,
  type AlertLimits,
  type AlertTally,
  type HeldBack,
  type TallyScope,
} from "./core/alert-limits.ts";
export { tellStories, type Story, type StoryPart } from "./core/alert-story.ts";
export {
  ALERT_KINDS,
  alertSubject,
  describeAlertReason,
  describeRegressionReason,
  heldBackAlert,
  heldBackCount,
  issueAlert,
  MAX_HELD_BACK_EXAMPLES,
  type Alert,
  type AlertedEvent,
  type AlertedIssue,
  type AlertKind,
  type AlertReason,
  type AlertSubjectParts,
  type EarlierAlert,
  type HeldBackAlert,
  type HeldBackExample,
  type HeldBackReason,
  type IssueAlert,
  type IssueAlertParts,
} from "./core/alert.ts";
export { addPeriods } from "./core/add-periods.ts";
export { CALENDAR_PERIODS, KEPT_BUCKETS, PERIODS, type CalendarPeriod, type Period } from "./core/calendar.ts";
export {
  allowedCommands,
  applyCommand,
  type AppliedCommand,
  type CommandContext,
  type CommandOutcome,
  type DeletedIssue,
  type RefusedCommand,
} from "./core/command-transition.ts";
export {
  COMMAND_KINDS,
  MAX_COMMENT_LENGTH,
  parseCommand,
  type CheckedCommand,
  type Command,
  type CommandKind,
  type NamedRelease,
  type ResolveClaim,
  type ResolveRequest,
} from "./core/command.ts";
export {
  DeliveryError,
  MAX_MEMO_LENGTH,
  PermanentDeliveryError,
  type DeliveryErrorDetails,
} from "./core/delivery-error.ts";
export { IssueLifecycleError, type IssueLifecycleErrorCode, type IssueLifecycleErrorDetails } from "./core/errors.ts";
export {
  materializeNext,
  openIssue,
  receiveEvent,
  wakeUp,
  type EventChange,
  type EventTransition,
  type MaterializedNext,
  type ReceivedEvent,
  type SystemTransition,
} from "./core/event-transition.ts";
export { EVENT_LEVELS, type EventLevel } from "./core/event-level.ts";
export {
  MAX_EVENT_ID_LENGTH,
  MAX_EVENT_TEXT_LENGTH,
  MAX_FINGERPRINT_LENGTH,
  type JsonValue,
  type NewEvent,
} from "./core/event.ts";
export {
  DEFAULT_GROUP,
  MAX_TITLE_LENGTH,
  titleGrouping,
  titleOf,
  type Grouping,
  type GroupingInput,
  type GroupingStrategy,
} from "./core/grouping.ts";
export { formatInstant, isInstant, MAX_INSTANT, type Instant } from "./core/instant.ts";
export { ISSUE_ORDERS, matchesSearch, orderValue, searchedText, type IssueOrder } from "./core/issue-list.ts";
export {
  ISSUE_STATUSES,
  OPEN,
  type Issue,
  type IssueState,
  type IssueStatus,
  type MutedState,
  type OpenState,
  type Resolution,
  type ResolvedState,
} from "./core/issue.ts";
export { decideRetry, type FailedAttempt, type RetryDecision, type RetryPolicy } from "./core/retry.ts";
export { muteProgress, type ConditionProgress, type MuteProgress } from "./core/mute-progress.ts";
export {
  MAX_MUTE_CONDITIONS,
  parseMuteRequest,
  type MuteDuration,
  type MuteRequest,
  type MuteTerms,
} from "./core/mute-request.ts";
export {
  decideUnmute,
  decideWakeUp,
  describeUnmuteReason,
  type Mute,
  type MuteDeadline,
  type MuteVolume,
  type UnmuteDecision,
  type UnmuteReason,
  type WakeOn,
} from "./core/mute.ts";
export { PeriodCounter, type CounterHead, type PeriodCount, type PeriodWindow } from "./core/period-counter.ts";
export {
  friendlyIdOf,
  MAX_PROJECT_ID_LENGTH,
  parseFriendlyId,
  slugKeyOf,
  type AlertSwitches,
  type FriendlyId,
  type Project,
  type ProjectInput,
} from "./core/project.ts";
export {
  judgeRegression,
  type NoRegressionReason,
  type Occurrence,
  type RegressionReason,
  type RegressionVerdict,
} from "./core/regression.ts";
export {
  markFixed,
  markSeen,
  nearestMark,
  wasSeen,
  type FixedMark,
  type MarkedRelease,
  type ReleaseMark,
  type SeenMark,
} from "./core/release-mark.ts";
export { readSemver, splitPackageVersion, type PackageVersion, type SemverPrecedence } from "./core/release-version.ts";
export {
  announceRelease,
  compareReleases,
  MAX_RELEASE_LENGTH,
  NO_RELEASES,
  registerRelease,
  UNPLACED_KEYS_FROM,
  type AnnouncedRelease,
  type KnownRelease,
  type Release,
  type ReleaseRegistration,
  type ReleaseScheme,
  type ReleaseTimeline,
} from "./core/release.ts";
export { foldForSearch } from "./core/text.ts";
export { countTowards, judgeThresholds, type Threshold, type ThresholdAnswer } from "./core/threshold.ts";
export {
  SYSTEM,
  type Actor,
  type Turn,
  type TurningPoint,
  type TurningPointDraft,
  type TurningPointKind,
} from "./core/turning-point.ts";
export {
  describeReachedCondition,
  describeVolumeCondition,
  describeWindow,
  equalVolumeConditions,
  parseVolumeCondition,
  toSnakeCase,
  volumeCondition,
  type SnakeCaseCondition,
  type VolumeBasedCondition,
} from "./core/volume-condition.ts";
