/**
 * The rules of the issue lifecycle as pure functions and values: for unit tests of policies, for browsers, and for stores. No I/O, no clock,
 * no Node.
 *
 * Functions that take what a caller gives (texts, instants, requests, conditions, stored bytes) check it, and say that
 * they throw `invalid-input`. Functions on the core's own values, such as issues, mutes and marks, rely on their types.
 *
 * @module core
 */
export { addPeriods } from "./add-periods.ts";
export { ALERT_KINDS, type AlertKind, type AlertReason } from "./alert-reason.ts";
export {
  alertSubject,
  describeAlertReason,
  issueAlert,
  MAX_THROTTLED_EXAMPLES,
  throttledAlert,
  throttledCount,
  type Alert,
  type AlertedEvent,
  type AlertedIssue,
  type AlertSubjectParts,
  type EarlierAlert,
  type IssueAlert,
  type IssueAlertParts,
  type ThrottledAlert,
  type ThrottledExample,
  type ThrottledReason,
} from "./alert.ts";
export { CALENDAR_PERIODS, KEPT_BUCKETS, PERIODS, type CalendarPeriod, type Period } from "./calendar.ts";
export {
  COMMAND_TRANSITIONS,
  NO_COMMAND_RELEASES,
  allowedCommands,
  applyCommand,
  type AppliedCommand,
  type CommandContext,
  type CommandOutcome,
  type CommandReleases,
  type DeletedIssue,
  type RefusedCommand,
} from "./command-transition.ts";
export {
  COMMAND_KINDS,
  MAX_COMMENT_LENGTH,
  parseCommand,
  parseReopenRequest,
  parseResolveRequest,
  type CheckedCommand,
  type Command,
  type CommandKind,
  type NamedRelease,
  type ReopenRequest,
  type ResolveClaim,
  type ResolveRequest,
} from "./command.ts";
export { IssueLifecycleError, type IssueLifecycleErrorCode, type IssueLifecycleErrorDetails } from "./errors.ts";
export { EVENT_LEVELS, type EventLevel } from "./event-level.ts";
export {
  applyAutoResolve,
  applyDeadline,
  applyMuteAgain,
  type MuteAgainTransition,
  type SystemTransition,
} from "./clock-transition.ts";
export {
  EVENT_TRANSITIONS,
  applyEvent,
  needsEvidence,
  openIssue,
  type EventChange,
  type EventTransition,
  type ReceivedEvent,
  type Watching,
} from "./event-transition.ts";
export {
  MAX_EVENT_COUNT,
  MAX_EVENT_ID_LENGTH,
  MAX_EVENT_TEXT_LENGTH,
  MAX_FINGERPRINT_LENGTH,
  MAX_ORIGIN_LENGTH,
  type EventContent,
  type EventListOptions,
  type TrackedEvent,
  type JsonValue,
  type NewEvent,
} from "./event.ts";
export type { FeedEntry, FeedOptions, FeedPage } from "./feed.ts";
export { groupEvent, type EventGroups } from "./group-event.ts";
export type { ScrubOptions } from "./scrubbing.ts";
export { FILTERED } from "./secrets.ts";
export {
  DEFAULT_GROUP,
  MAX_GROUPING_KEY_LENGTH,
  MAX_TITLE_LENGTH,
  type Grouping,
  type GroupingInput,
  type GroupingStrategy,
} from "./grouping.ts";
export { MAX_MERGED_ISSUES } from "./merging.ts";
export { formatInstant, isInstant, MAX_INSTANT, type Instant, type InstantInput } from "./instant.ts";
export {
  ALL_ISSUES,
  DEFAULT_COUNT_MS,
  isSearch,
  ISSUE_ORDERS,
  MAX_ISSUE_COUNT,
  matchesCriteria,
  matchesSearch,
  orderValue,
  searchableText,
  type IssueCount,
  type IssueCountOptions,
  type IssueOrder,
  type SearchCriteria,
  type TimeRange,
} from "./issue-list.ts";
export {
  describeResolution,
  describeState,
  ISSUE_STATUSES,
  LISTED_STATUSES,
  MAX_ISSUE_ENVIRONMENTS,
  OPEN,
  type Issue,
  type IssueParts,
  type IssueResult,
  type IssueScope,
  type IssueState,
  type IssueStatus,
  type DiscardedState,
  type MergedState,
  type MutedState,
  type OpenState,
  type Resolution,
  type ResolvedState,
} from "./issue.ts";
export { conditionProgress, describeConditionProgress, type ConditionProgress } from "./condition-progress.ts";
export {
  NO_USERS,
  type ConditionRule,
  type Evidence,
  type Standing,
  type UserCounts,
  type UserWindow,
} from "./conditions/condition-rule.ts";
export {
  CONDITION_KINDS,
  describeCondition,
  describeConditionMet,
  describeWhenMet,
  parseCondition,
  ruleOf,
  type Condition,
  type ConditionInput,
  type ConditionKind,
  type ConditionMet,
} from "./conditions/condition.ts";
export type { GotLouder, LouderCondition, LouderConditionInput } from "./conditions/louder-condition.ts";
export type { SpikeCondition, SpikeConditionInput, Spiked } from "./conditions/spike-condition.ts";
export { MAX_USERS, type UsersCondition, type UsersReached } from "./conditions/users-condition.ts";
export type { MuteDuration } from "./duration.ts";
export { muteProgress, type MuteProgress } from "./mute-progress.ts";
export { MAX_MUTE_CONDITIONS, parseMuteRequest, type MuteRequest } from "./mute-request.ts";
export {
  decideUnmute,
  decideUnmuteAtDeadline,
  describeMute,
  describeUnmuteReason,
  type Mute,
  type MuteAgain,
  type MuteDeadline,
  type MuteTerms,
  type MuteVolume,
  type UnmuteDecision,
  type UnmuteReason,
  type WakeOn,
} from "./mute.ts";
export {
  describeDiscard,
  describeUndiscardReason,
  discardProgress,
  MAX_DISCARD_CONDITIONS,
  parseDiscardRequest,
  type Discard,
  type DiscardProgress,
  type DiscardRequest,
  type UndiscardReason,
} from "./discard.ts";
export { applyNextRelease, awaitsNextRelease, isNextRelease, type NextReleaseTransition } from "./next-release.ts";
export type { MuteAgainLater } from "./mute-again.ts";
export { MAX_PAGE_SIZE, type Page, type PageOptions, type SearchPage } from "./page.ts";
export { PeriodCounter, type CounterHead, type PeriodCount, type PeriodWindow } from "./period-counter.ts";
export type { StoredCounts } from "./stored-counts.ts";
export {
  friendlyIdOf,
  MAX_AUTO_RESOLVE_MS,
  MAX_ENVIRONMENT_LENGTH,
  MAX_PROJECT_ID_LENGTH,
  MAX_STATE_ENVIRONMENTS,
  mayChangeStates,
  MIN_AUTO_RESOLVE_MS,
  parseFriendlyId,
  slugKeyOf,
  type AlertSwitches,
  type FriendlyId,
  type Project,
  type ProjectInput,
} from "./project.ts";
export type { Alerting, RaisedAlert } from "./raised-alert.ts";
export {
  decideRegression,
  decidingMark,
  describeNoRegressionReason,
  describeRegressionReason,
  NO_EVIDENCE,
  type DecidingMark,
  type EventRelease,
  type NoRegressionReason,
  type Occurrence,
  type PresentClaim,
  type RegressionDecision,
  type RegressionReason,
  type ReleaseEvidence,
} from "./regression.ts";
export { quotaOpensAt, type Quota } from "./quota.ts";
export { describeRefusal, type RefusedAction } from "./refusal.ts";
export {
  markedRelease,
  markFixed,
  markSeen,
  mergeMarks,
  nearestMark,
  wasSeen,
  withdrawClaim,
  type FixedMark,
  type MarkedRelease,
  type ReleaseMark,
  type SeenMark,
} from "./release-mark.ts";
export {
  DEFAULT_RELEASE_ORDER,
  MAX_RELEASE_LENGTH,
  NAMES_WITHOUT_RELEASE,
  readRelease,
  releaseLines,
  type ReleaseLinesOptions,
  type ReleaseOrder,
  type ReleasePlace,
} from "./release-order.ts";
export { placeReleases, type PlacedRelease, type PlacedReleases } from "./release-placing.ts";
export {
  announceRelease,
  canBeAnnounced,
  compareReleases,
  EMPTY_TIMELINE,
  registerRelease,
  requireRelease,
  type AddedRelease,
  type AnnouncedRelease,
  type KnownRelease,
  type ReadRelease,
  type Release,
  type ReleaseLine,
  type ReleaseTimeline,
  type RetiredRelease,
} from "./release.ts";
export { presentClaims, type ResolutionClaim } from "./resolution-claims.ts";
export { MAX_FRAMES, MAX_FRAME_TEXT_LENGTH, type CheckedFrame, type StackFrame } from "./stack-frame.ts";
export { foldForSearch } from "./text.ts";
export { DEFAULT_GROUPING, titleGrouping } from "./title-grouping.ts";
export { countTowards, evaluateThresholds, type Threshold, type ThresholdResult } from "./threshold.ts";
export { eventFromError, type ErrorData, type ErrorEvent, type InnerError } from "./thrown-error.ts";
export { titleOf } from "./title.ts";
export {
  describeTurningPoint,
  SYSTEM,
  type Actor,
  type Turn,
  type TurningPoint,
  type TurningPointDraft,
  type TurningPointKind,
} from "./turning-point.ts";
export type { QuietAlert, QuietCause } from "./quiet-alert.ts";
export type { Unreadable } from "./unreadable.ts";
export type { SentenceNames } from "./wording.ts";
export { MAX_USER_ID_LENGTH } from "./user-id.ts";
export {
  MAX_WATCH_CONDITIONS,
  NO_WATCH,
  parseIssueWatch,
  type ProjectWatch,
  type ProjectWatchInput,
  type WatchRequest,
} from "./watch.ts";
export { watchProgress, type WatchedConditionProgress } from "./watch-progress.ts";
export {
  isLookDue,
  lookAfter,
  lookBefore,
  watchOf,
  type Watch,
  type Watched,
  type WatchLook,
  type WatchState,
} from "./watch-state.ts";
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
  type VolumeConditionInput,
  type VolumeReached,
} from "./conditions/volume-condition.ts";
