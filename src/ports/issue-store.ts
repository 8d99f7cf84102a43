import type { Alert } from "../core/alert.ts";
import type { EventContent } from "../core/event.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue, IssueStatus } from "../core/issue.ts";
import type { IssueOrder, SearchCriteria } from "../core/issue-list.ts";
import type { UnreadableAt } from "../core/page.ts";
import type { Project } from "../core/project.ts";
import type { Release, ReleaseTimeline } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { StoredCounts } from "../core/stored-counts.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { Unreadable } from "../core/unreadable.ts";
import type { OutboxReader, OutboxTransaction } from "./alert-outbox.ts";
import type { StoredEntries, StoredPage, StoredPageRequest } from "./stored-entries.ts";

/**
 * Where a tracker stores its data. Methods take and return batches, so that a store can answer each with one round trip.
 *
 * Each MUST is a requirement that the tracker relies on. An id in brackets names the case of the conformance suite (in
 * `issue-lifecycle/testing`) that checks it; what has none cannot be observed from outside. These hold everywhere:
 *
 * - Texts are any JavaScript strings (lone surrogates, NUL and other control characters, four-byte characters) up to the
 *   limits documented where they enter the library. A store MUST return them unchanged [texts-kept], [long-texts-kept],
 *   [longest-texts-kept] and MUST compare them by code unit, so that different texts are different keys [texts-kept-apart],
 *   [long-texts-kept-apart], in each part of a key [key-parts-kept-apart].
 * - Texts that name something are at most this long, in UTF-16 code units: a project id 200; a slug 50; an event id 200; a
 *   grouping strategy 40; a grouping key 67,108,864; the name and the line of a release 260 each; an environment 200. A user is 32
 *   hexadecimal digits, an order key at most 1,000 printable ASCII characters. Ids of issues and alerts are UUIDs in lower case; any
 *   other string is the id of nothing, and MUST be treated so [ids-of-nothing].
 * - Instants are epoch milliseconds. Numbers are whole, and at most 2^53 - 1 [numbers-kept].
 * - No list that a method is given holds an entry twice: no id, reference or request, and no two changes of one thing. Several
 *   requests may be about one issue.
 * - What is not stored is not found, and can be deleted, removed, moved or set back: that does nothing. All else that a write
 *   names, and the project of whatever it or an eviction names, is stored, or is above it in the same write; a store MAY fail
 *   where it is not.
 * - An empty batch MUST be accepted and do nothing [empty-batches]; a batch of any size MUST be accepted
 *   [batches-of-any-size], [many-projects], [many-releases], [many-marks], [many-users], [many-alerts], [many-tallies], and
 *   so MUST a limit of any size [pages-of-any-size].
 * - What is stored but cannot be read (a damaged row, a row of a newer version) MUST NOT hide what can: a store returns an
 *   `Unreadable` in its place. A store that has no such rows ignores these types: it returns plain items.
 * - A store reports its own failures as `IssueLifecycleError`: `store-busy` or `store-conflict` (retryable) where
 *   the same work may succeed later, else `store-failed` with the `cause`.
 */
export interface IssueStore {
  /**
   * Runs work in one read-write transaction.
   *
   * MUST make all writes visible at once when the work's promise is fulfilled [transaction-commits], [writes-are-real], to
   * every handle on the data [handles-agree], [handles-agree-on-alerts]. MUST discard all of them when the work rejects or the
   * process ends before that [transaction-rolls-back], [issues-roll-back], [releases-roll-back], [alerts-roll-back], [feed-rolls-back]. MUST
   * rethrow the work's own error [transaction-passes-errors-on].
   *
   * Two transactions that touch the same issue, event, release or project MUST have the result of running one after the other
   * [race-on-an-event], [race-on-a-slug], [race-on-a-project]. A database may detect a conflict only at a write. The store then rolls back and
   * runs the work again. It MAY give up after some attempts with `store-conflict`.
   */
  transaction<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result>;

  /**
   * Runs reads on one snapshot. They MUST all see the same state, and never that of an unfinished transaction
   * [reads-are-consistent]. MAY run the work again.
   */
  read<Result>(work: (reader: StoreReader) => Promise<Result>): Promise<Result>;

  /**
   * This store inside a transaction that the host has begun. Optional: a store that cannot join one leaves it out. Writes
   * MUST be committed [host-commits] or rolled back [host-rolls-back] together with the host's own. Work that fails MUST leave
   * no writes behind in the host's transaction, and others MUST stay in it [host-work-fails-alone]. If the host ends the
   * transaction before the work's writes are part of it, the work MUST fail with `transaction-ended`, and MUST leave no writes
   * [host-ended], also if the work has begun [host-ends-early]. MAY make the host's end wait for the work instead, and MAY fail
   * with `store-conflict` instead of running the work again. Closing the returned store MUST do nothing
   * [host-store-closes-nothing].
   *
   * @param transaction - the host's transaction, of a type that the store documents
   */
  withTransaction?(transaction: object): IssueStore;

  /**
   * Frees the store's resources. Waits for transactions in flight; later calls MUST fail with `closed` [close-waits].
   * Closing twice does nothing. Never closes resources that the host opened.
   */
  close(): Promise<void>;
}

/** A project and the numbers of its newest issue and release. */
export interface StoredProject {
  readonly project: Project;
  /** The highest number any of its issues has or had; 0 for none. Never falls, not even when issues are deleted. */
  readonly issueCount: number;
  /** The highest number any of its releases or lines has or had; 0 for none. Never falls. */
  readonly releaseCount: number;
}

/** Identifies an event. */
export interface EventRef {
  readonly projectId: string;
  /** Unique within the project. */
  readonly id: string;
}

/** Identifies a group of events. */
export interface GroupRef {
  readonly projectId: string;
  /** The version of the strategy that made the key. The same key of another strategy is another group. */
  readonly strategy: string;
  /** The grouping key: it may have megabytes, so a store identifies it by a hash, or by a hash with the key beside it. */
  readonly key: string;
}

/** Identifies a release by its project and name. */
export interface ReleaseRef {
  readonly projectId: string;
  /** {@link Release.name}, not its version. */
  readonly name: string;
  /** The line that it belongs to, or would belong to. Not part of its identity. */
  readonly line: string;
}

/**
 * A release that became the latest of its line, and that issues with higher numbers may still wait for: it is applied to them
 * in steps. Its project and number identify it.
 */
export interface PendingRelease extends ReleaseRef {
  /** {@link Release.number}. */
  readonly number: number;
  /** When it became the latest. */
  readonly at: Instant;
  /** The event that made it known, or `null`. */
  readonly eventId: string | null;
  /** The number of the last issue that was looked at; 0 for none. */
  readonly reached: number;
}

/** A request for a project's timeline. */
export interface TimelineRequest {
  readonly projectId: string;
  /** The lines to return with it, if they exist. Free of duplicates. */
  readonly lines: readonly string[];
}

/** Stands for an issue that is stored but cannot be read. It can be deleted by its id. */
export interface UnreadableIssue extends Unreadable {
  /** Its project; `""` if that cannot be read either. */
  readonly projectId: string;
  /** Its number in the project, if that can be read. */
  readonly number: number | undefined;
}

/** Which projects to find. */
export type ProjectSelection =
  | { readonly ids: readonly string[] }
  /** The slug in upper case. */
  | { readonly slugKey: string }
  | ProjectPageRequest;

/** Which page of all projects to read. */
export interface ProjectPageRequest {
  /** The slug key after which the page begins; `null` for the first page. */
  readonly after: string | null;
  /** The most projects to return; at least 1. */
  readonly limit: number;
}

/** Which issues to find. */
export type IssueSelection =
  { readonly ids: readonly string[] } | { readonly projectId: string; readonly number: number };

/** Which issues to load for a change. */
export type LockSelection =
  | { readonly ids: readonly string[] }
  /** Issues of a project that are resolved by the next release, and whose number is above another one: lowest number first. */
  | { readonly awaitingNextIn: string; readonly after: number; readonly limit: number }
  /** Issues of a project whose mark at this order key is a fix claim, in any order. */
  | { readonly fixedIn: { readonly projectId: string; readonly orderKey: string }; readonly limit: number }
  /** Issues for which the clock has something to do not later than this, by `wakeTimeOf`: earliest first, ties by id. */
  | { readonly wakesUntil: Instant; readonly limit: number };

/** What a digest or a command reads before it decides. Each list is free of duplicates. */
export interface LoadRequest {
  /** Projects to return, besides those of {@link LoadRequest.groups}, `formerGroups` and `issues`. */
  readonly projectIds?: readonly string[];
  /** Events that may be stored already. */
  readonly events?: readonly EventRef[];
  /** Groups whose issues to load. */
  readonly groups?: readonly GroupRef[];
  /**
   * More groups whose issues to load: those that the events have by former grouping strategies. While one has no issue, other
   * transactions may add it.
   */
  readonly formerGroups?: readonly GroupRef[];
  /** Issues to load. */
  readonly issues?: LockSelection;
  /** Releases to load. */
  readonly releases?: readonly ReleaseRef[];
  /**
   * Timelines to load, each project once. Those of projects in which a requested release is neither known nor retired are loaded
   * too, with the lines of such releases. {@link timelinesToLoad} returns all of them.
   */
  readonly timelines?: readonly TimelineRequest[];
  /**
   * Which counters and marks the work needs. A pure function of what was loaded, called once. A store MAY return more.
   * Default: none.
   */
  readonly details?: (loaded: LoadedIssues) => DetailRequest;
}

/** The counters and marks that a digest or a command needs. Each list is free of duplicates. */
export interface DetailRequest {
  /** Issues whose counters to load. */
  readonly counters?: readonly string[];
  readonly marks?: readonly MarkRequest[];
}

/** A request for some of an issue's marks. */
export interface MarkRequest {
  readonly issueId: string;
  /** {@link Release.orderKey} of the highest release to return a mark of; `null` for no bound. */
  readonly upTo: string | null;
  /** The most marks to return; at least 1. With 1, the nearest mark at or below `upTo`. */
  readonly limit: number;
}

/** The issues that were loaded and what belongs to them. */
export interface LoadedIssues {
  /**
   * By id, those that exist of the requested projects, the projects of all requested groups and former groups (whether or not
   * these have an issue), and those of the issues that {@link LoadRequest.issues} found; no others.
   */
  readonly projects: ReadonlyMap<string, StoredProject>;
  /**
   * For each requested event that is stored, the id of its issue, else `undefined`. An event whose issue was deleted MUST stay
   * stored in this respect until the next eviction in its project [events-of-deleted-issues].
   */
  readonly duplicateOf: readonly (string | undefined)[];
  /** For each requested group its issue, else `undefined`. */
  readonly grouped: readonly (Issue | UnreadableIssue | undefined)[];
  /** For each of {@link LoadRequest.formerGroups} its issue, else `undefined` [former-groups]. */
  readonly formerGrouped: readonly (Issue | UnreadableIssue | undefined)[];
  /**
   * The issues of {@link LoadRequest.issues} that exist: in the selection's order, or in any order for ids. Unreadable ones do
   * not count towards the selection's limit.
   */
  readonly issues: readonly (Issue | UnreadableIssue)[];
  /** Each requested release that is stored, else `undefined`. */
  readonly releases: readonly (Release | undefined)[];
  /**
   * The timelines of the requested projects, and of those in which a requested release is neither known nor retired, by id. They have
   * the requested lines, and those of such releases.
   */
  readonly timelines: ReadonlyMap<string, ReleaseTimeline>;
}

/** What {@link StoreTransaction.load} returns. */
export interface Loaded extends LoadedIssues {
  /** The stored counters of the requested issues, by issue id. */
  readonly counters: ReadonlyMap<string, Uint8Array>;
  /** For each requested lookup the marks found, greatest order key first. */
  readonly marks: readonly (readonly (ReleaseMark | UnreadableAt<string>)[])[];
}

/** An event as it is stored. */
export interface StoredEvent extends EventRef {
  readonly issueId: string;
  /** Its number in its issue: {@link Issue.lastEventNumber} when it was digested. 0 for one of an earlier version. */
  readonly number: number;
  /** How many events it stands for. */
  readonly count: number;
  /** Its level, type, value and transaction; `null` for one that was discarded, or of an earlier version, which did not store them. */
  readonly content: EventContent | null;
  /** Its environment; `""` for none. */
  readonly environment: string;
  /** The hash of its user; `null` for none. */
  readonly user: string | null;
  /** Its release; `""` for none. */
  readonly release: string;
  readonly receivedAt: Instant;
  /** When it occurred by the client's clock; `null` if the client did not say. */
  readonly occurredAt: Instant | null;
  /** Whether it caused a turning point: then it is not evicted, however old it is. */
  readonly kept: boolean;
  /** The host's data as JSON, or `null`. */
  readonly data: string | null;
}

/** What leads from an event to what belongs to it: all that is stored but its texts and data. */
export interface EventHead extends Pick<
  StoredEvent,
  "id" | "issueId" | "number" | "count" | "environment" | "user" | "receivedAt" | "kept"
> {
  /** Whether its content is not `null`. */
  readonly hasContent: boolean;
}

/** Which events of a project to list. */
export interface EventPageRequest {
  readonly projectId: string;
  /** Where the page before ended; `null` for the first. */
  readonly after: string | null;
  /** The most events to look at; at least 1. A store in memory MAY look at all of them. */
  readonly limit: number;
}

/** A page of the events of a project. */
export interface EventPage {
  /** Those that can be read, in any order. */
  readonly entries: readonly EventHead[];
  /** The `after` of the next page; `null` after the last. */
  readonly next: string | null;
}

/** A position in the list of an issue's events: where a page ended. The event need not be stored any more. */
export interface EventPosition {
  /** {@link StoredEvent.number}. Above 0 no two events of an issue have the same one. */
  readonly number: number;
  /** {@link StoredEvent.id}, which tells events with the number 0 apart. Means nothing with another number. */
  readonly id: string;
}

/** Which events of an issue to list, and in which order. */
export interface IssueEventPageRequest {
  /** The project of the issue. */
  readonly projectId: string;
  /** An issue that is stored. */
  readonly issueId: string;
  /** Whether the event that was digested last comes first. */
  readonly descending: boolean;
  /** Only events after this position; `null` for the first page. */
  readonly after: EventPosition | null;
  /** The most events to return; at least 1. */
  readonly limit: number;
}

/** Names a user of an issue. */
export interface IssueUserRef {
  readonly issueId: string;
  /** The hash of the user: 32 hexadecimal digits. */
  readonly user: string;
}

/** Which users of an issue to list. */
export interface UserPageRequest {
  readonly issueId: string;
  /** Where the page before ended; `null` for the first. */
  readonly after: string | null;
  /** The most users to return; at least 1. A store in memory MAY return all of them. */
  readonly limit: number;
}

/** A page of the users of an issue. */
export interface UserPage {
  readonly entries: readonly IssueUser[];
  /** The `after` of the next page; `null` after the last. */
  readonly next: string | null;
}

/** A user of an issue: somebody to whom it occurred. */
export interface IssueUser extends IssueUserRef {
  /** The newest day of their events, as `bucketOf("day", at)` numbers it; -1 if none of their events may change states. */
  readonly lastDay: number;
  /** The number of turning points that the issue had at their last event that may change states; -1 for none. */
  readonly lastTurn: number;
}

/** Which users of an issue to count. */
export interface UserCountRequest {
  readonly issueId: string;
  /**
   * Only users whose `lastDay` is not before this; `null` for any. If there is a `fromTurn` too, a store MAY leave out users whose
   * `lastDay` is more than 30 days later: only a clock that was ahead writes such a day.
   */
  readonly fromDay: number | null;
  /** Only users whose `lastTurn` is not below this; `null` for any. At least one of the two is not `null`. */
  readonly fromTurn: number | null;
  /** The count to stop at; at least 1. */
  readonly limit: number;
}

/** That no user of an issue was seen after a day. */
export interface LatestUserDay {
  readonly issueId: string;
  readonly day: number;
}

/** A new issue with the group that opened it. */
export interface NewIssue {
  readonly issue: Issue;
  /**
   * `null` for the own part of an issue into which another is merged. A store MUST keep it as any other, though no group leads to it; two
   * such issues MUST NOT conflict [issues-without-group].
   */
  readonly group: GroupRef | null;
}

/** A group that belongs to a stored issue besides the one that opened it. */
export interface IssueGroup {
  readonly issueId: string;
  /** A group of the issue's project. */
  readonly group: GroupRef;
}

/** An issue before and after a change, so that a store can write only what changed. Id, project and number never change. */
export interface IssueUpdate {
  /** As the store returned it to this transaction, or as this transaction last wrote it. */
  readonly before: Issue;
  readonly after: Issue;
}

/** Names a mark of an issue. */
export interface MarkRef {
  readonly issueId: string;
  readonly orderKey: string;
}

/** A change of the order key of all marks for a release. */
export interface MarkMove {
  readonly projectId: string;
  readonly from: string;
  /** The new order key; `null` removes the marks. Never the `from` of another move of the same write. */
  readonly to: string | null;
}

/** A mark of an issue. */
export interface IssueMark {
  readonly issueId: string;
  /** Its release is stored: the one of the issue's project with the same order key. */
  readonly mark: ReleaseMark;
}

/** A release of a project. */
export interface ProjectRelease {
  readonly projectId: string;
  readonly release: Release;
}

/**
 * What a digest or a command writes. A store MUST write it as if in the order of these members [writes-in-order], so that
 * each may refer to those above it.
 */
export interface StoreChanges {
  /** Projects to save by their ids. MUST fail with `slug-taken` if another project has the same slug key [slug-taken]. */
  readonly projects?: readonly Project[];
  /** Releases to remove, if they are stored [releases-removed]. Their marks are moved or removed by `movedMarks`. */
  readonly deletedReleases?: readonly ReleaseRef[];
  /**
   * Releases to add, or to replace those of the same name [releases-kept]. No two of a project have the same order key. MUST raise their projects' `releaseCount` to
   * the highest of their numbers and line numbers, and never lower it [releases-counted].
   */
  readonly releases?: readonly ProjectRelease[];
  /** Pending releases to remove, if they are stored [pending-releases-kept]. */
  readonly finishedReleases?: readonly Pick<PendingRelease, "projectId" | "number">[];
  /** Pending releases to add, or to replace those of the same project and number [pending-releases-kept]. */
  readonly pendingReleases?: readonly PendingRelease[];
  /**
   * Marks to move to another order key, or to remove, of all issues of a project [marks-moved]. Where an issue has a mark at
   * the new key already, it MUST keep `mergeMarks(present, moved)` at that key, and nothing at the former one [marks-merged].
   */
  readonly movedMarks?: readonly MarkMove[];
  /**
   * Issues to add, those of one project in the order of their numbers; raises their projects' `issueCount`. MUST fail with
   * `store-conflict` if an id or a group is taken, or a number is not above its project's `issueCount`
   * [issues-inserted-once].
   */
  readonly newIssues?: readonly NewIssue[];
  /** Groups to add to issues. MUST fail with `store-conflict` if a group has an issue already [groups-added-once]. */
  readonly addedGroups?: readonly IssueGroup[];
  /** Issues to update [issues-updated]. */
  readonly updates?: readonly IssueUpdate[];
  /** Counters to save, by issue id: opaque, 1 to 2,000 bytes each. */
  readonly counters?: ReadonlyMap<string, Uint8Array>;
  /** Marks to remove [marks-removed]. */
  readonly deletedMarks?: readonly MarkRef[];
  /**
   * Marks to add, or to replace those of the same issue and order key [marks-kept]. A store needs only what happened
   * (`last`, `fixedAt`, `seen`) and the order key of each: the release has the rest.
   */
  readonly marks?: readonly IssueMark[];
  /**
   * Issues whose users' days are set back: a `lastDay` after the given day becomes that day [users-set-back]. Written before
   * {@link StoreChanges.users}.
   */
  readonly latestUserDays?: readonly LatestUserDay[];
  /** Users of issues to add, or to replace [users-kept]. */
  readonly users?: readonly IssueUser[];
  /** Users of issues to remove [users-erased]. */
  readonly erasedUsers?: readonly IssueUserRef[];
  /** Turning points to add. */
  readonly turningPoints?: readonly TurningPoint[];
  /** Events to add. MUST fail with `store-conflict` if one of them is stored already [events-inserted-once]. */
  readonly events?: readonly StoredEvent[];
  /** Events to remove with all that they say, kept ones and those of deleted issues too [events-erased]. */
  readonly erasedEvents?: readonly EventRef[];
  /** Alerts to add to the outbox, due at {@link DUE_AT_ONCE}. Never given to a store without an outbox. */
  readonly alerts?: readonly Alert[];
  /**
   * Ids of issues to delete. Neither they nor anything of theirs may be found afterwards, their alerts MUST NOT be delivered
   * [issues-deleted], and their tallies MUST be gone [tallies-deleted]. All their groups MUST be free [added-groups-deleted].
   * Their events are not found, but stay duplicates until the next eviction in their project.
   */
  readonly deletedIssues?: readonly string[];
}

/** A position in an ordered list of issues: where a page ended. */
export interface IssuePosition {
  /** The value that the order goes by: `lastSeenAt`, `number` or `eventCount`. */
  readonly value: number;
  /** The issue's number. */
  readonly number: number;
}

/**
 * Which issues of a project to list or to count: those for which `matchesCriteria` holds [pages-by-environment]
 * [pages-by-criteria], and whose marks say what `seenIn` asks for [pages-by-release].
 */
export interface IssueCriteria extends SearchCriteria {
  readonly projectId: string;
  /** Only issues in one of these states. Not empty. */
  readonly statuses: readonly IssueStatus[];
}

/** Which issues to list, and in which order. */
export interface IssuePageRequest extends IssueCriteria {
  readonly order: IssueOrder;
  /** Whether the greatest comes first; of issues with equal values then the one with the highest number. */
  readonly descending: boolean;
  /** Only issues after this position; `null` for the first page. */
  readonly after: IssuePosition | null;
  /** The most issues to return; at least 1. */
  readonly limit: number;
  /**
   * About how many issues to look at for this page, at least 1; a store MAY look at some times as many, as of each state. Left out
   * for as many as it takes.
   */
  readonly lookAt?: number;
}

/** A page of issues. */
export interface IssuePage {
  /** Its issues, in order. */
  readonly entries: readonly (Issue | (UnreadableIssue & UnreadableAt<IssuePosition>))[];
  /**
   * For a page that ends because enough issues were looked at: the position up to which all were. `null` for one that is full, or
   * at the end of the list.
   */
  readonly searchedTo: IssuePosition | null;
}

/** One step of a count of issues. Steps go by the numbers of issues, which never change. */
export interface IssueCountRequest extends IssueCriteria {
  /** Only issues with higher numbers; `null` for the first step. */
  readonly after: number | null;
  /** The most issues to count in each state; at least 1. */
  readonly limit: number;
  /** About how many issues to look at in this step, as for a page; left out for as many as it takes. */
  readonly lookAt?: number;
}

/** The result of one step of a count of issues. */
export interface IssueCountStep {
  /** For each requested state how many of its issues match; the limit, if there are as many or more. */
  readonly counts: ReadonlyMap<IssueStatus, number>;
  /** For a step that ends because enough issues were looked at: the number up to which all were. Else `null`. */
  readonly searchedTo: number | null;
}

/** One step of an eviction. */
export interface EvictionRequest {
  readonly projectId: string;
  /** Events received before this instant are removed, unless they are kept; 0 for none. */
  readonly receivedBefore: Instant;
  /** How many of each issue's newest events stay; others are removed, unless they are kept. At least 1; `null` for all. */
  readonly keepNewest: number | null;
  /** Where the previous step ended; `null` for the first. */
  readonly after: string | null;
  /** The most events to look at in this step; a store in memory MAY look at all of them. */
  readonly limit: number;
}

/** The result of one step of an eviction. */
export interface EvictionStep {
  /** How many events were removed. */
  readonly evicted: number;
  /** The `after` of the next step; `null` when all events were looked at. */
  readonly next: string | null;
}

/** One step of the erasure of a project. */
export interface ProjectErasureRequest {
  readonly projectId: string;
  /** Where the previous step ended; `null` for the first. */
  readonly after: string | null;
  /** About how many rows to remove in this step; at least 1. */
  readonly limit: number;
}

/** The result of one step of the erasure of a project. */
export interface ProjectErasureStep {
  /** How many rows were removed, of whatever kind. More than 0 in a step whose `next` is the `after` of its request. */
  readonly removed: number;
  /** The `after` of the next step; `null` when the project is gone, or never was there. */
  readonly next: string | null;
}

/** One step of the replacement of a user, as the author of what is stored. */
export interface ActorReplacementRequest {
  /** The host's id of the user. */
  readonly user: string;
  /** What stands in its place. */
  readonly by: string;
  /** Where the previous step ended; `null` for the first. */
  readonly after: string | null;
  /** The most entries to look at in this step; at least 1. A store in memory MAY look at all of them. */
  readonly limit: number;
}

/** One step of making histories forget events. */
export interface EventForgettingRequest {
  readonly projectId: string;
  /** The ids of the events; free of duplicates. */
  readonly ids: readonly string[];
  /** Where the previous step ended; `null` for the first. */
  readonly after: string | null;
  /** The most turning points to look at in this step; at least 1. A store in memory MAY look at all of them. */
  readonly limit: number;
}

/** The result of one step of making histories forget events. */
export interface EventForgettingStep {
  /** The `after` of the next step; `null` when all was looked at. */
  readonly next: string | null;
}

/** The result of one step of the replacement of a user. */
export interface ActorReplacementStep {
  /** How many turning points and alerts were changed. */
  readonly changed: number;
  /** The `after` of the next step; `null` when all was looked at. */
  readonly next: string | null;
}

/** Which entries of the feed to return. */
export interface FeedPageRequest {
  /** Only entries with positions above this one; 0 for all. */
  readonly after: number;
  /** The most entries to return; at least 1. */
  readonly limit: number;
}

/** A turning point with its position in the feed. */
export interface FeedEntry {
  /** From 1. */
  readonly position: number;
  readonly turningPoint: TurningPoint;
}

/** Stands for a turning point in the feed that cannot be read. */
export interface UnreadableFeedEntry extends UnreadableAt<number> {
  readonly issueId: string;
}

/** A page of the feed. */
export interface FeedPage {
  /** The entries, lowest position first. */
  readonly entries: readonly (FeedEntry | UnreadableFeedEntry)[];
  /** Whether turning points without a position are stored. MAY be `false` for a page that is full. */
  readonly isBehind: boolean;
  /** The highest position that was ever given; 0 for none. MAY be that of the last entry for a page that is full. */
  readonly last: number;
}

/** The result of one step that gives positions in the feed. */
export interface FeedPlacing {
  /** How many turning points were given a position. */
  readonly placed: number;
  /** The highest position that was ever given; 0 for none. */
  readonly last: number;
}

/** What is counted. */
export type StoredKind = keyof StoredCounts;

/** One step of a count. */
export interface StoredCountRequest {
  readonly kind: StoredKind;
  /** Where the previous step ended; `null` for the first. */
  readonly after: string | null;
  /** About how many entries to count in this step; at least 1. A store in memory MAY count all of them. */
  readonly limit: number;
}

/** The result of one step of a count. */
export interface StoredCountStep {
  /** How many entries were counted. */
  readonly count: number;
  /** The `after` of the next step; `null` when all were counted. */
  readonly next: string | null;
}

/** The reads of a store. */
export interface StoreReader {
  /** The alerts, in a store that has an outbox. */
  readonly outbox?: OutboxReader;

  /**
   * The selected projects that exist [project-saved]. A page MUST have the first `limit` of all projects whose slug keys are after
   * `after`, in the order of their code units, also where no project has that slug key, or no longer [projects-paged]. So pages that
   * follow each other, each after the slug key of the last project of the page before, have each project that keeps its slug once, and a
   * page with fewer than `limit` is the last one. SHOULD read no more than about `limit` projects for a page.
   */
  findProjects(selection: ProjectSelection): Promise<readonly StoredProject[]>;

  /** The selected issues that exist, in any order. A string that is not an issue's id MUST find nothing [issues-kept]. */
  findIssues(selection: IssueSelection): Promise<readonly (Issue | UnreadableIssue)[]>;

  /**
   * One page of issues. When pages follow each other, each after the position of the last entry of a full page, or else after its
   * `searchedTo`, they MUST return each issue that matches throughout exactly once and in order, ties by number [pages-in-order],
   * [pages-in-steps], [pages-follow-changes], and no issue that does not match [pages-by-state], [pages-by-search]. A page MUST begin
   * after any position, also one where no issue is, or before or after all of them [pages-from-any-position]. With `lookAt` a page MUST end, in a project with many more issues, long before all were looked at [pages-end-early]. Unreadable issues in a
   * state that cannot be read come first in a first page of all states but `merged`, and MAY be left out of others.
   */
  pageIssues(request: IssuePageRequest): Promise<IssuePage>;

  /**
   * Counts issues by their states. MUST count each issue that matches, in its state, and no other, up to the limit [issues-counted].
   * Steps that follow each other, each after the `searchedTo` of the one before, MUST together count each issue that matches
   * throughout exactly once [issues-counted-in-steps]. With `lookAt` a step MUST end, in a project with many more issues, long before
   * all were looked at [issue-counts-end-early]. SHOULD read, where `isSearch` does not hold, no more than about `limit` entries of
   * an index for each state, and no issue. Issues that cannot be read MAY be counted.
   */
  countIssues(request: IssueCountRequest): Promise<IssueCountStep>;

  /** An issue's turning points with numbers below `before` (`null`: all), highest first, at most `limit` [history-kept]. */
  pageHistory(
    issueId: string,
    before: number | null,
    limit: number,
  ): Promise<readonly (TurningPoint | UnreadableAt<number>)[]>;

  /** The bytes last saved for each of these issues that has some [counters-kept]. */
  findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;

  /**
   * For each request the marks at or below its order key, greatest first, at most its limit [marks-nearest]. MUST return
   * them as they were last saved, but with version, line, number and date of their releases as these are stored now
   * [marks-follow-releases]. A release that was saved with another date, or became known, needs no change of its marks.
   */
  findMarks(requests: readonly MarkRequest[]): Promise<readonly (readonly (ReleaseMark | UnreadableAt<string>)[])[]>;

  /** For each reference the user, if the issue has it [users-kept]. */
  findUsers(refs: readonly IssueUserRef[]): Promise<readonly (IssueUser | undefined)[]>;

  /**
   * An issue's users, in pages that together MUST have each user that is stored throughout once, in any order [users-paged]; none for an
   * issue that is not stored.
   */
  pageUsers(request: UserPageRequest): Promise<UserPage>;

  /** For each request the number of users, but not more than its limit [users-counted]. SHOULD read no more than about `limit` users. */
  countUsers(requests: readonly UserCountRequest[]): Promise<readonly number[]>;

  /** For each reference the release, if it is stored [releases-kept]. */
  findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]>;

  /**
   * A project's releases with order keys below `before` (`null`: all), greatest first, at most `limit` [releases-kept],
   * [order-keys-compared].
   */
  pageReleases(
    projectId: string,
    before: string | null,
    limit: number,
  ): Promise<readonly (Release | UnreadableAt<string>)[]>;

  /**
   * Each project's timeline as it is now [timelines-in-batches]; an unknown project's is empty [timelines-known]:
   *
   * - `count` is the project's `releaseCount`.
   * - `latest` is the known release with the highest number among those with `becameLatest`.
   * - `placedBy` is that of the release with the highest number, whatever its standing.
   * - `lines` has the requested lines that any release belongs to, each with its known release with the greatest order key
   *   [lines-known]. Announced and retired releases MUST NOT be the latest ones [timelines-without-retired].
   *
   * MUST NOT cost more with more releases.
   */
  findTimelines(requests: readonly TimelineRequest[]): Promise<ReadonlyMap<string, ReleaseTimeline>>;

  /**
   * The pending releases of these projects, or of all: those of a project in the order of their numbers
   * [pending-releases-kept]. Usually there are none: SHOULD cost next to nothing then.
   */
  findPendingReleases(projectIds: readonly string[] | "all"): Promise<readonly PendingRelease[]>;

  /**
   * A project's events, in pages that together MUST have each event that is stored throughout once, those of deleted issues too
   * [events-paged].
   */
  pageEvents(request: EventPageRequest): Promise<EventPage>;

  /**
   * One page of an issue's events, whole, in the order of their numbers; those with the number 0 in any order that does not change
   * [issue-events-listed]. When pages follow each other, each after the position of the last entry of the page before, they MUST return
   * each event that is stored throughout exactly once, whatever is added, evicted or erased meanwhile [issue-events-follow-changes].
   * SHOULD read no more than about `limit` events.
   */
  pageIssueEvents(request: IssueEventPageRequest): Promise<readonly (StoredEvent | UnreadableAt<EventPosition>)[]>;

  /** The event, unless it was evicted or its issue deleted [events-kept], [events-of-deleted-issues]. */
  findEvent(ref: EventRef): Promise<StoredEvent | undefined>;

  /**
   * Counts what is stored of a kind, of all projects: events of deleted issues and alerts that have ended too, and what cannot be
   * read. Its steps together MUST count each entry exactly once [stored-counted], whatever their limits [stored-counted-in-steps].
   * Where entries are added or removed between steps, the sum MUST be at least the number of those that were stored all the time,
   * and at most that of those that were stored at any time, and MUST NOT depend on whether the entry at which a step has ended is
   * still stored [stored-counted-meanwhile]. SHOULD read no more than about `limit` entries in a step.
   */
  countStored(request: StoredCountRequest): Promise<StoredCountStep>;

  /**
   * The turning points of all issues with positions above `after`, lowest first, at most `limit`, as they are stored now [feed-paged];
   * none of a deleted issue [feed-of-deleted-issues]. {@link StoreTransaction.placeInFeed} says what positions are. SHOULD read no more
   * than about `limit` turning points.
   */
  pageFeed(request: FeedPageRequest): Promise<FeedPage>;

  /**
   * The entries of a kind, of all projects, for a copy: what {@link StoreReader.countStored} counts, each whole [stored-paged]. Its pages
   * together MUST have each entry that is stored throughout exactly once, in any order, whatever their limits [stored-paged-in-steps].
   * MUST fail with `corrupt-data` where an entry cannot be read: a copy must not leave it out.
   */
  pageStored(request: StoredPageRequest): Promise<StoredPage>;

  /**
   * The text that {@link StoreTransaction.putStored} was last given; `null` for none [copy-progress-kept]. Two transactions that read the
   * same text MUST NOT both put another one [race-on-a-copy]: lock it, or fail one of them with `store-conflict`.
   */
  findCopyProgress(): Promise<string | null>;
}

/**
 * The reads and writes of a transaction. Reads MUST see the transaction's own writes [transaction-reads-its-writes]. After
 * a method has failed, the work must fail too: the method may have written a part, which only a rollback takes back.
 */
export interface StoreTransaction extends StoreReader {
  /** The alerts, in a store that has an outbox. */
  readonly outbox?: OutboxTransaction;

  /**
   * Loads all that a digest or a command needs, and locks it [digest-snapshot]. What belongs to another project, or was
   * grouped by another strategy, MUST NOT be returned [digest-keeps-apart].
   *
   * Until this transaction ends, another transaction MUST NOT
   *
   * - change or delete an issue that was returned, or what belongs to it [race-on-an-issue], [race-on-a-digest],
   *   [race-on-a-former-group], [race-on-belongings], [race-on-deletions],
   * - add an issue to a group of `groups` without one: it MUST find this transaction's issue instead [race-on-a-new-group],
   *   [race-on-an-added-group],
   * - save or remove a release or a pending release in a project whose timeline was returned [race-on-releases],
   *   [race-on-removed-releases], [race-on-pending-releases],
   * - give a release that was returned another order key, so that a mark that this transaction saves for it is lost. A store
   *   that does not exclude this MUST fail with `store-conflict` when the mark is saved [race-on-marks].
   *
   * Issues found by a selection other than ids MUST match it when they are returned [race-on-selected-issues], and be in its
   * order [awaiting-next],
   * [waking-order], [fixed-in].
   */
  load(request: LoadRequest): Promise<Loaded>;

  /** Writes changes. See {@link StoreChanges} for what MUST hold. */
  write(changes: StoreChanges): Promise<void>;

  /**
   * Removes the events for which {@link isEvicted} holds, and no others: those that are old [events-evicted], or not among the newest of
   * their issue [events-evicted-by-number], unless they are kept; and all events of deleted issues. Works in steps that together look at
   * each event once [eviction-steps], [race-on-evicted-events].
   */
  evictEvents(request: EvictionRequest): Promise<EvictionStep>;

  /**
   * Removes a part of a project. After its last step nothing of the project MUST be stored: neither issues and all that belongs to
   * them, nor events (those of deleted issues too), releases, pending releases, tallies or alerts in any state, those about no issue
   * too, nor the project itself [project-erased]; and its id and slug MUST be free [project-erased-frees]. MUST NOT change anything of
   * other projects [project-erased-alone]. MUST work in steps, and MUST be able to begin anew after any of them
   * [project-erasure-steps]. What other transactions write for the project meanwhile MUST be removed too, or else they MUST find no
   * project, or fail with `store-conflict` [race-on-an-erased-project]. The erasure of a project that is not stored MUST do nothing.
   */
  eraseProject(request: ProjectErasureRequest): Promise<ProjectErasureStep>;

  /**
   * Puts another user in the place of one, as the author of turning points and of discarded alerts, in all projects; MUST NOT change
   * anything else [actor-replaced]. Works in steps, which together MUST look at each turning point and each alert, and MUST return how many
   * they have changed [actor-replacement-steps]. What is written meanwhile MAY be missed.
   */
  replaceActor(request: ActorReplacementRequest): Promise<ActorReplacementStep>;

  /**
   * Makes the turning points of a project's issues that name one of these events name none; MUST NOT change anything else
   * [events-forgotten]. Works in steps, which together MUST look at each turning point [event-forgetting-steps]. What is written meanwhile
   * MAY be missed.
   */
  forgetEvents(request: EventForgettingRequest): Promise<EventForgettingStep>;

  /**
   * Gives up to `limit` turning points that have none a position in the feed. When it has given fewer, all that were committed before
   * it began have one [feed-placed].
   *
   * Positions are whole numbers above all that were ever given, also to what was deleted since [feed-positions-new]. A turning point
   * keeps its position, and those of an issue have them in the order of their numbers [feed-in-order]. When an entry can be read, all
   * entries with lower positions MUST be readable, and no other MUST ever come to be below it, whatever transactions run at the same
   * time and in whichever order they commit [race-on-the-feed]: a reader that has read up to a position has missed nothing. So a
   * position must not be given by a transaction that others can overtake: lock what says which one is the next, see what is committed
   * after that, and hold the lock until the commit.
   *
   * A store whose transactions run one after the other MAY give positions in `write`; then there is nothing left to do here.
   */
  placeInFeed(limit: number): Promise<FeedPlacing>;

  /**
   * Adds entries that {@link StoreReader.pageStored} of any store has returned, as if in the order of the members of
   * {@link StoredEntries}; and keeps a text, or forgets it (`null`), which is no entry [copy-progress-kept]. Afterwards each method
   * MUST answer as that of the other store does [stored-put], [stored-alerts-put]: numbers that were given there MUST NOT be given
   * again, events of deleted issues are duplicates, and groups lead to their issues, also those with long keys [stored-groups-put]. Only
   * leases end: an alert that is leased there is pending here, and due when that lease ends. None of the entries is stored yet; a store
   * MAY fail where one is. What an entry names is stored, or is above it, but for the issues of events and alerts.
   */
  putStored(entries: StoredEntries, progress: string | null): Promise<void>;
}
