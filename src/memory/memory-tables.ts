import type { Issue } from "../core/issue.ts";
import type { KnownRelease, Release } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { AlertTally, TallyScope } from "../core/alert-limits.ts";
import type { AlertLease, OutboxEntry, OutboxStatus } from "../ports/alert-outbox.ts";
import type { GroupRef, StoredEvent, StoredProject } from "../ports/issue-store.ts";
import { WaitingList } from "./waiting-list.ts";

/** What is kept of one project. */
export interface ProjectTables {
  /** Issue ids by grouping strategy and key. */
  readonly groups: Map<string, Map<string, string>>;
  /** The issues, in the order of their numbers. */
  readonly numbered: NumberedIssue[];
  /** Issues resolved by the next release, by number. */
  readonly awaitingNext: WaitingList;
  /** Releases by version. */
  readonly releases: Map<string, Release>;
  /** The same releases, in order. */
  readonly releaseOrder: Release[];
  /** Events by id, in the order of their coming. */
  readonly events: Map<string, StoredEvent>;
}

/** An issue's place among those of its project. */
export interface NumberedIssue {
  readonly number: number;
  readonly id: string;
}

/** What is kept beside an issue. */
export interface IssueTables {
  /** The groups that belong to it. */
  readonly groups: readonly GroupRef[];
  /** Its history, oldest first. */
  readonly turningPoints: TurningPoint[];
  /** Its marks, in release order. */
  readonly marks: ReleaseMark[];
}

/** An alert in the outbox. */
export interface AlertRow extends OutboxEntry {
  /** The lease it was claimed under last, as long as that can settle it; else `null`. */
  readonly lease: AlertLease | null;
}

/** All that a memory store keeps. Values are replaced, never changed. */
export class MemoryTables {
  readonly projects = new Map<string, StoredProject>();
  readonly projectIdsBySlug = new Map<string, string>();
  readonly ofProject = new Map<string, ProjectTables>();
  readonly issues = new Map<string, Issue>();
  readonly ofIssue = new Map<string, IssueTables>();
  readonly counters = new Map<string, Uint8Array>();
  /** Muted issues that asked to wake at their deadline, by deadline. */
  readonly toWake = new WaitingList();
  /** Alerts by id, in the order of their coming. */
  readonly alerts = new Map<string, AlertRow>();
  /** The same, by state, in the order of their due times and ends. */
  readonly alertOrder: Readonly<Record<OutboxStatus, WaitingList>> = {
    pending: new WaitingList(),
    dead: new WaitingList(),
    discarded: new WaitingList(),
  };
  /** The pending alerts of an issue, by turning point. */
  readonly pendingOf = new Map<string, WaitingList>();
  /** By {@link tallyKeyOf}. */
  readonly tallies = new Map<string, AlertTally>();
  /** Their keys, by the ends of their periods. */
  readonly tallyOrder = new WaitingList();
}

/** The tables of a project that has nothing yet. */
export function emptyProjectTables(): ProjectTables {
  return {
    groups: new Map(),
    numbered: [],
    awaitingNext: new WaitingList(),
    releases: new Map(),
    releaseOrder: [],
    events: new Map(),
  };
}

/** What a tally is kept by. */
export function tallyKeyOf({ projectId, issueId }: TallyScope): string {
  return JSON.stringify([projectId, issueId]);
}

/** What {@link ProjectTables.numbered} is sorted by. */
export function numberOf({ number }: NumberedIssue): number {
  return number;
}

/** The last known release in order that passes a test. */
export function lastKnown(
  order: readonly Release[],
  passes: (release: KnownRelease) => boolean,
): KnownRelease | undefined {
  for (let index = order.length - 1; index >= 0; index--) {
    const release = order[index];
    if (release?.standing === "known" && passes(release)) return release;
  }
  return undefined;
}
