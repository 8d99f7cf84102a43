import type { Alert } from "../core/alert.ts";
import type { AlertTally, TallyScope } from "../core/alert-limits.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue, IssueStatus } from "../core/issue.ts";
import type { IssueOrder } from "../core/issue-list.ts";
import type { Project } from "../core/project.ts";
import type { Release, ReleaseTimeline } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type {
  AlertClaim,
  AlertDiscard,
  AlertEviction,
  AlertRedrive,
  AlertSettlement,
  ClaimedAlert,
  OutboxCounts,
  OutboxEntry,
  OutboxPageRequest,
} from "./alert-outbox.ts";

/**
 * Where a tracker keeps what it knows. Batches in, batches out: a store may answer a whole batch with one round trip.
 *
 * Every MUST below is a promise to the tracker. What stands in brackets is the id of the case of the conformance suite (in
 * `issue-lifecycle/testing`) that puts a promise to the test. Texts are any JavaScript strings (lone surrogates, NUL and other control
 * characters, four-byte characters) up to the limits documented where they enter the library; a store MUST give them back [texts-kept]
 * as they were, and MUST compare them by their code units, so that no two different texts are one key [texts-kept-apart]. Instants are epoch
 * milliseconds. An empty batch MUST be accepted and do nothing [empty-batches], and one of
 * any size be accepted [batches-of-any-size].
 *
 * A store reports its own failures as {@link IssueLifecycleError}: `store-busy` or `store-conflict` (retryable) where
 * the same work may succeed later, else `store-failed` with the `cause`.
 */
export interface IssueStore {
  /**
   * Runs work in one read-write transaction.
   *
   * MUST make all of the work's writes visible at once when the work's promise is fulfilled [transaction-commits],
   * [writes-are-real], and leave none of them behind when it rejects or the process ends before [transaction-rolls-back].
   * MUST pass the work's own error on [transaction-passes-errors-on]. Two transactions that touch
   * the same issue, event or project MUST have an outcome that one of them after the other could have had
   * [race-on-an-event], [race-on-a-slug]: where the
   * database notices only at a write that another one was faster, the store MUST leave nothing behind and run the work
   * again from its beginning, and MAY give up after some tries with `store-conflict`.
   */
  transaction<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result>;

  /**
   * Runs reads that MUST all see the same state, and never that of an unfinished transaction [reads-are-consistent]. MAY run
   * the work again from its beginning.
   */
  read<Result>(work: (reader: StoreReader) => Promise<Result>): Promise<Result>;

  /**
   * The same store within a transaction that the host has begun, if the store can take part in one: what it then writes is
   * committed or rolled back with what else the host writes there, and a piece of work that fails MUST leave nothing behind in
   * it. MAY fail with `store-conflict` where another transaction was faster, instead of running the work again. Its `close`
   * ends nothing.
   *
   * @param transaction - the host's, of a kind that the store says
   */
  withTransaction?(transaction: object): IssueStore;

  /**
   * Lets go of what the store holds. Waits for what is under way; later calls MUST fail with `closed` [close-waits], but
   * closing again does nothing. Never closes what
   * a host opened itself.
   */
  close(): Promise<void>;
}

/** A project and how many issues it has had. */
export interface StoredProject {
  /** The project. */
  readonly project: Project;
  /** The highest number any of its issues has or had; 0 for none. Never falls, not even when issues are deleted. */
  readonly issueCount: number;
}

/** Names an event. */
export interface EventRef {
  /** Its project's id. */
  readonly projectId: string;
  /** Its id in the project. */
  readonly id: string;
}

/** Names a group of events. */
export interface GroupRef {
  /** Its project's id. */
  readonly projectId: string;
  /** The version of the strategy that made the key. Keys of different versions are different groups. */
  readonly strategy: string;
  /** The grouping key. */
  readonly key: string;
}

/** Names a release. */
export interface ReleaseRef {
  /** Its project's id. */
  readonly projectId: string;
  /** The release as the host writes it. */
  readonly version: string;
}

/** All that a batch of events asks for. Each list is free of repetitions. */
export interface DigestRequest {
  /** The events. */
  readonly events: readonly EventRef[];
  /** The groups they belong to. */
  readonly groups: readonly GroupRef[];
  /** The releases they name. */
  readonly releases: readonly ReleaseRef[];
}

/** What a store knows of a {@link DigestRequest}; the lists go with those of the request, place by place. */
export interface DigestSnapshot {
  /** The projects that exist, by id. */
  readonly projects: ReadonlyMap<string, StoredProject>;
  /** For each event that is stored already the id of its issue, which may have been deleted since, else `undefined`. */
  readonly duplicateOf: readonly (string | undefined)[];
  /** For each group its issue, else `undefined`. */
  readonly issues: readonly (Issue | undefined)[];
  /** Each release that was heard of, else `undefined`. */
  readonly releases: readonly (Release | undefined)[];
}

/** An event as it is kept. */
export interface StoredEvent extends EventRef {
  /** The issue it belongs to. */
  readonly issueId: string;
  /** Its release; `""` for none. */
  readonly release: string;
  /** When the host received it. */
  readonly receivedAt: Instant;
  /** When it occurred by the client's clock, if the client said so. */
  readonly occurredAt: Instant | null;
  /** Whether it caused a turning point, and so is spared by eviction. */
  readonly kept: boolean;
  /** The host's data as JSON, or `null`. */
  readonly data: string | null;
}

/** A new issue with the group that opened it. */
export interface NewIssue {
  /** The issue. */
  readonly issue: Issue;
  /** Its group. */
  readonly group: GroupRef;
}

/** An issue as it was and as it is, so that a store can write only what changed. Id, project and number never do. */
export interface IssueUpdate {
  /** As the store gave it to this transaction, or as this transaction last wrote it. */
  readonly before: Issue;
  /** As it is to be. */
  readonly after: Issue;
}

/** A place between two issues in an order: where a page ended. */
export interface IssuePosition {
  /** What the order goes by: `lastSeenAt`, `number` or `eventCount`. */
  readonly value: number;
  /** The issue's number. */
  readonly number: number;
}

/** Which issues, in which order. */
export interface IssuePageRequest {
  /** The project. */
  readonly projectId: string;
  /** Only issues in one of these states. Not empty. */
  readonly statuses: readonly IssueStatus[];
  /** Only issues for which `matchesSearch` holds with this folded text; `""` for all. */
  readonly search: string;
  /** What to order by. */
  readonly order: IssueOrder;
  /** Whether the greatest comes first. */
  readonly descending: boolean;
  /** Only issues behind this position; `null` for the first page. */
  readonly after: IssuePosition | null;
  /** The most issues to give; at least 1. */
  readonly limit: number;
}

/** A look-up of one of an issue's marks. */
export interface MarkRequest {
  /** The issue. */
  readonly issueId: string;
  /** {@link Release.orderKey} of the release to look back from. */
  readonly orderKey: string;
}

/** Asks to remove some old events. */
export interface EvictionRequest {
  /** The project. */
  readonly projectId: string;
  /** Events received before this instant go, unless they are kept. */
  readonly receivedBefore: Instant;
  /** Where the step before ended; `null` to begin. */
  readonly after: string | null;
  /** The most events to look at in this step; a store in memory MAY look at all of them. */
  readonly limit: number;
}

/** What one step of an eviction did. */
export interface EvictionStep {
  /** How many events were removed. */
  readonly evicted: number;
  /** What to give the next step as `after`; `null` when all events were looked at. */
  readonly next: string | null;
}

/** What can be asked of a store. */
export interface StoreReader {
  /** The projects with these ids that exist, by id [project-saved]. */
  findProjects(ids: readonly string[]): Promise<ReadonlyMap<string, StoredProject>>;
  /** The project whose slug, in upper case, is this. */
  findProjectBySlug(slugKey: string): Promise<StoredProject | undefined>;
  /** All projects, by slug in upper case [projects-listed]. */
  listProjects(): Promise<readonly StoredProject[]>;

  /** The issues with these ids that exist, by id. A text that is no id of one MUST simply not be found [issues-kept]. */
  findIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>>;
  /** The project's issue with this number. */
  findIssueByNumber(projectId: string, number: number): Promise<Issue | undefined>;
  /**
   * A page of issues: MUST give each issue that matches throughout, once and in order, equals by number, when pages follow
   * each other's positions [pages-in-order], [pages-follow-changes], and no issue that does not match [pages-by-state], [pages-by-search].
   */
  pageIssues(request: IssuePageRequest): Promise<readonly Issue[]>;

  /** An issue's turning points with numbers below `before` (`null`: all), highest first, at most `limit` [history-kept]. */
  pageHistory(issueId: string, before: number | null, limit: number): Promise<readonly TurningPoint[]>;

  /** The bytes last saved for each of these issues that has some [counters-kept]. */
  findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;

  /** For each request the issue's mark with the greatest order key that is not above the one given [marks-nearest]. */
  findNearestMarks(requests: readonly MarkRequest[]): Promise<readonly (ReleaseMark | undefined)[]>;
  /** An issue's marks with order keys below `before` (`null`: all), greatest first, at most `limit` [marks-kept]. */
  pageMarks(issueId: string, before: string | null, limit: number): Promise<readonly ReleaseMark[]>;

  /** For each reference the release, if it was heard of [releases-kept]. */
  findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]>;
  /** A project's releases with order keys below `before` (`null`: all), greatest first, at most `limit`. */
  pageReleases(projectId: string, before: string | null, limit: number): Promise<readonly Release[]>;
  /** Each project's timeline; an unknown project's is empty [timelines-known]. MUST NOT cost more with more releases. */
  findTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>>;

  /** The event, unless it was evicted or its issue deleted [events-kept]. */
  findEvent(ref: EventRef): Promise<StoredEvent | undefined>;

  /**
   * A page of the outbox: alerts in one state, those first that are due, died or were discarded first, equals by id
   * [alerts-kept], [alerts-paged].
   */
  pageAlerts(request: OutboxPageRequest): Promise<readonly OutboxEntry[]>;
  /** How many alerts are in the outbox, by how they stand at an instant [alerts-counted]. */
  countAlerts(now: Instant): Promise<OutboxCounts>;
}

/**
 * What can be done in a transaction. Reads MUST see the transaction's own writes [transaction-reads-its-writes]. After a method has failed, the work must
 * fail too: some of what the method was to write may have been written, and only rolling back takes it back.
 */
export interface StoreTransaction extends StoreReader {
  /** Saves a project by its id. MUST fail with `slug-taken` if another has the same slug key [slug-taken]. */
  saveProject(project: Project): Promise<void>;

  /**
   * All that a batch of events needs, place by place as it was asked for [digest-snapshot]; what belongs to another
   * project, or was grouped by another strategy, MUST NOT be found [digest-keeps-apart].
   *
   * Until this transaction ends, no other one MUST be able to change an issue given [race-on-a-digest], and where a group has
   * no issue or a release was never heard of, none to create it: whoever comes later MUST find what this one made
   * [race-on-a-new-group].
   */
  loadForDigest(request: DigestRequest): Promise<DigestSnapshot>;

  /**
   * Like {@link StoreReader.findIssues}; until this transaction ends, no other one MUST be able to change or delete them
   * [race-on-an-issue].
   */
  lockIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>>;
  /** The project's issues resolved by the next release, lowest number first, at most `limit`; locked as above [awaiting-next]. */
  lockIssuesAwaitingNext(projectId: string, limit: number): Promise<readonly Issue[]>;
  /**
   * Muted issues that asked to wake at a deadline not later than `now`, the earliest deadline first, equals by id, at
   * most `limit`; locked as above [waking-order].
   */
  lockIssuesToWake(now: Instant, limit: number): Promise<readonly Issue[]>;
  /**
   * Like {@link StoreReader.findTimelines}; until this transaction ends, no other one MUST be able to save a release there
   * [race-on-releases].
   */
  lockTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>>;

  /**
   * Adds issues, those of one project in the order of their numbers, and raises their projects' `issueCount` to them.
   * MUST fail with `store-conflict` if an id or a group is taken, or a number is not above its project's `issueCount`
   * [issues-inserted-once].
   */
  insertIssues(issues: readonly NewIssue[]): Promise<void>;
  /** Writes issues' new values [issues-updated]. */
  updateIssues(updates: readonly IssueUpdate[]): Promise<void>;
  /**
   * Forgets issues: neither they nor anything of theirs is found any more, their groups are free, and their alerts are
   * not delivered [issues-deleted]. What they leave behind unseen, such as their events, MAY stay until the next eviction.
   */
  deleteIssues(ids: readonly string[]): Promise<void>;

  /** Saves each issue's counter: opaque, at most 2,000 bytes. */
  saveCounters(counters: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Saves marks by issue and release. */
  saveMarks(marks: readonly { readonly issueId: string; readonly mark: ReleaseMark }[]): Promise<void>;

  /**
   * Adds releases, or replaces those of the same version. Where a release's order key changes (an announced one is
   * seen at last), all marks for it MUST have the new key [marks-moved].
   */
  saveReleases(projectId: string, releases: readonly Release[]): Promise<void>;

  /** Adds events. MUST fail with `store-conflict` if one of them is stored already [events-inserted-once]. */
  insertEvents(events: readonly StoredEvent[]): Promise<void>;
  /**
   * Removes old events that are not kept, and events of deleted issues, and no others [events-evicted], in steps that
   * together look at each event once [eviction-steps].
   */
  evictEvents(request: EvictionRequest): Promise<EvictionStep>;

  /** Adds turning points. */
  insertTurningPoints(turningPoints: readonly TurningPoint[]): Promise<void>;

  /** Adds alerts that are due from an instant on. */
  insertAlerts(alerts: readonly Alert[], dueAt: Instant): Promise<void>;
  /**
   * Claims pending alerts that are due, the longest due first, equals by id, and counts the attempt [alerts-claimed]: until the
   * lease ends they are not due. MUST NOT give an alert to two claims while the first one's lease lasts [alerts-leased],
   * [race-on-alerts]. MUST give no others than alerts of the issues it was asked for, if it was [alerts-claimed-by-issue].
   * Asked for them in order, it MUST NOT give an alert while another one of its issue with a lower turning point is pending,
   * whoever holds that and whenever it is due [alerts-in-order], [race-on-ordered-alerts]; those held back do not count towards the
   * limit.
   */
  claimAlerts(claim: AlertClaim): Promise<readonly ClaimedAlert[]>;
  /**
   * Ends claims: what is done leaves the outbox, a failed or released alert is due again at its `dueAt` [alerts-settled], for a released
   * one as if it had not been claimed [alerts-released], a dead one is kept and never claimed [alerts-dead]. MUST leave alone, and not give, alerts that are not held under the lease given: another
   * claim may hold them by now [alerts-settled-by-holder]. Under a lease that has ended an alert is held until somebody else claims it.
   *
   * @returns the ids of those that were settled
   */
  settleAlerts(settlements: readonly AlertSettlement[]): Promise<readonly string[]>;
  /**
   * Sets pending and dead alerts aside: they are kept as they are, with the reason, and never claimed; whoever holds one can settle it no
   * more [alerts-discarded].
   *
   * @returns the ids of those that were discarded
   */
  discardAlerts(discard: AlertDiscard): Promise<readonly string[]>;
  /**
   * Makes alerts pending and due again, of any state or those that are in one when they are changed, with no attempt counted; whoever
   * holds one can settle it no more. Their last error and memo stay [alerts-redriven].
   *
   * @returns the ids of those there are
   */
  redriveAlerts(redrive: AlertRedrive): Promise<readonly string[]>;
  /**
   * Removes some of the dead and discarded alerts that ended before an instant, and no others [alerts-evicted].
   *
   * @returns how many were removed; fewer than the limit when there are no more
   */
  evictAlerts(eviction: AlertEviction): Promise<number>;

  /**
   * The tallies that are stored for these scopes, in any order [tallies-kept]. Until this transaction ends, no other one MUST be
   * able to change them, nor to save one of a scope that has none without either of the two failing with `store-conflict`, so
   * that it is run again [race-on-tallies].
   */
  lockAlertTallies(scopes: readonly TallyScope[]): Promise<readonly AlertTally[]>;
  /** Saves tallies by their scopes. */
  saveAlertTallies(tallies: readonly AlertTally[]): Promise<void>;
  /**
   * Removes tallies whose period is over, and gives them [tallies-ended]: each MUST be given to one transaction that commits, and
   * no more. MAY leave out those that another transaction is at.
   */
  takeEndedTallies(now: Instant, limit: number): Promise<readonly AlertTally[]>;
}
