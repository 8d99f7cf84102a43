import type { Issue } from "../core/issue.ts";
import type { KnownRelease, Release } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { AlertLease, AlertTally, OutboxEntry, OutboxStatus, TallyScope } from "../ports/alert-outbox.ts";
import type { IssueUser, PendingRelease, StoredEvent, StoredProject } from "../ports/issue-store.ts";
import type { StoredGroup } from "../ports/stored-entries.ts";
import { DueQueue } from "./due-queue.ts";
import { NumberedIssues } from "./numbered-issues.ts";

/** The rows of one project. */
export interface ProjectTables {
  /** Issue ids by grouping strategy and key. */
  readonly groups: Map<string, Map<string, string>>;
  /** Issue ids by the hashes of strategy and key: of groups that were copied from a store that keeps no more of them. */
  readonly hashedGroups: Map<string, string>;
  /** The issues by number, ascending. */
  readonly numbered: NumberedIssues;
  /** The issues that are resolved by the next release, by number, ascending. */
  readonly awaitingNext: NumberedIssues;
  /** Releases by name. */
  readonly releases: Map<string, Release>;
  /** The same releases by order key, ascending. */
  readonly releaseOrder: Release[];
  /** The same releases by number, ascending. */
  readonly releaseNumbers: Release[];
  /** The known releases that became the latest of their lines, by number, ascending. */
  readonly latestReleases: KnownRelease[];
  /** The pending releases by number, ascending. */
  readonly pendingReleases: PendingRelease[];
  /** The releases of each line. */
  readonly lines: Map<string, LineTables>;
  /** Events by id, in insertion order. */
  readonly events: Map<string, StoredEvent>;
}

/** The releases of a line. */
interface LineTables {
  readonly number: number;
  /** Its known releases by order key, ascending. */
  readonly known: KnownRelease[];
  /** How many releases it has, of any standing. */
  readonly count: number;
}

/** The rows of one issue. */
export interface IssueTables {
  readonly groups: IssueGroupRow[];
  /** Its history, oldest first. */
  readonly turningPoints: TurningPoint[];
  /** Their positions in the feed. */
  readonly positions: number[];
  /** Its marks by order key, ascending. */
  readonly marks: ReleaseMark[];
}

/** A group of an issue: with its key, or the hash of strategy and key. */
export type IssueGroupRow = Omit<StoredGroup, "issueId">;

/** The users of one issue. */
export interface UserTables {
  readonly rows: Map<string, IssueUser>;
  /** The users, those whose last day is the newest first: each by that day, negated. */
  readonly byDay: DueQueue;
  /** The users, those whose last turn is the highest first: each by that turn, negated. */
  readonly byTurn: DueQueue;
}

/** A row of the outbox. */
export interface AlertRow extends OutboxEntry {
  /** The lease of the last claim while it can still settle the alert, else `null`. */
  readonly lease: AlertLease | null;
}

/** The tables of a memory store. Values are replaced, never changed. */
export class MemoryTables {
  readonly projects = new Map<string, StoredProject>();
  readonly projectIdsBySlug = new Map<string, string>();
  /** The keys of {@link MemoryTables.projectIdsBySlug}, in order. */
  readonly slugKeys: string[] = [];
  readonly ofProject = new Map<string, ProjectTables>();
  readonly issues = new Map<string, Issue>();
  readonly ofIssue = new Map<string, IssueTables>();
  readonly counters = new Map<string, Uint8Array>();
  /** The users of the issues that have some. */
  readonly users = new Map<string, UserTables>();
  /** The issues of turning points, by their positions in the feed. Transactions run one after the other, so each is given at once. */
  readonly feed = new NumberedIssues();
  /** The highest position in the feed that was given, also by a transaction that failed. */
  lastPosition = 0;
  /** Ids of issues for which the clock has something to do, by the time of that. */
  readonly toWake = new DueQueue();
  /** Alerts by id, in insertion order. */
  readonly alerts = new Map<string, AlertRow>();
  /** Ids of alerts by state, each by the instant of its {@link OutboxPosition}. */
  readonly alertOrder: Readonly<Record<OutboxStatus, DueQueue>> = {
    pending: new DueQueue(),
    dead: new DueQueue(),
    discarded: new DueQueue(),
  };
  /** Ids of pending alerts, those that are due last first: each by when it is due, negated. */
  readonly lastDue = new DueQueue();
  /** Ids of the pending alerts that can be claimed in order, the first one of each issue, by when they are due. */
  readonly dueInOrder = new DueQueue();
  /** Ids of pending alerts by issue, each by turning point. */
  readonly pendingOf = new Map<string, DueQueue>();
  /** Ids of the other alerts by issue. */
  readonly endedOf = new Map<string, DueQueue>();
  /** Tallies by {@link tallyKeyOf}. */
  readonly tallies = new Map<string, AlertTally>();
  /** How far a copy into this store has come; nothing, if none is made. */
  readonly copyProgress = new Map<"progress", string>();
  /** Their keys, by the ends of their periods. */
  readonly tallyOrder = new DueQueue();
  /** Their keys, those whose period ends last first: each by that end, negated. */
  readonly lastTallies = new DueQueue();
}

/** The tables of a new project. */
export function emptyProjectTables(): ProjectTables {
  return {
    groups: new Map(),
    hashedGroups: new Map(),
    numbered: new NumberedIssues(),
    awaitingNext: new NumberedIssues(),
    releases: new Map(),
    releaseOrder: [],
    releaseNumbers: [],
    latestReleases: [],
    pendingReleases: [],
    lines: new Map(),
    events: new Map(),
  };
}

/** The tables of an issue's first user. */
export function emptyUserTables(): UserTables {
  return { rows: new Map(), byDay: new DueQueue(), byTurn: new DueQueue() };
}

/** The key of a tally in {@link MemoryTables.tallies}. */
export function tallyKeyOf({ projectId, issueId }: TallyScope): string {
  return JSON.stringify([projectId, issueId]);
}

/** The sort key of lists by number. */
export function numberOf({ number }: { readonly number: number }): number {
  return number;
}

/** The sort key of releases and marks. */
export function orderKeyOf({ orderKey }: { readonly orderKey: string }): string {
  return orderKey;
}

/** The values of the keys that a map has. */
export function valuesAt<Value>(map: ReadonlyMap<string, Value>, keys: readonly string[]): Value[] {
  return keys.flatMap((key) => {
    const value = map.get(key);
    return value === undefined ? [] : [value];
  });
}
