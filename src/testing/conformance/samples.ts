import type { ThrottledAlert, IssueAlert } from "../../core/alert.ts";
import type { Issue } from "../../core/issue.ts";
import type { Project } from "../../core/project.ts";
import { DEFAULT_RELEASE_ORDER, readRelease } from "../../core/release-order.ts";
import {
  announceRelease,
  EMPTY_TIMELINE,
  registerRelease,
  type AnnouncedRelease,
  type KnownRelease,
  type ReadRelease,
  type Release,
  type ReleaseTimeline,
  type RetiredRelease,
} from "../../core/release.ts";
import type { TurningPoint } from "../../core/turning-point.ts";
import type { AlertTally, TallyScope } from "../../ports/alert-outbox.ts";
import type {
  GroupRef,
  IssueUser,
  NewIssue,
  ProjectRelease,
  ReleaseRef,
  StoredEvent,
} from "../../ports/issue-store.ts";

/** Selects all projects of a case that has no more. */
export const ALL_PROJECTS = { after: null, limit: 1_000 } as const;

/** The project of most cases, and another one. */
export const SHOP: Project = {
  id: "shop",
  slug: "Shop",
  alerts: { "new-issue": true, regression: false, unmute: true, loud: false },
  watch: { conditions: [{ kind: "volume", period: "hour", nrOfPeriods: 1, volume: 1_000 }] },
  stateEnvironments: ["production", ""],
  autoResolveAfterMs: 7 * 86_400_000,
};
export const BLOG: Project = {
  id: "blog",
  slug: "blog",
  alerts: { "new-issue": false, regression: true, unmute: false, loud: true },
  watch: { conditions: [] },
  stateEnvironments: null,
  autoResolveAfterMs: null,
};

/** An instant that is not the start of a second. */
export const NOON = Date.UTC(2026, 10, 23, 12, 0, 30, 123);
export const MINUTE = 60_000;

/** A UUID for a number: equal for equal numbers, and in their order. */
export function uuid(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/** An issue with its number in its id; no two of its members are equal. */
export function sampleIssue(number: number, more: Partial<Issue> = {}): Issue {
  return {
    id: uuid(number),
    projectId: SHOP.id,
    number,
    title: `Title ${String(number)}`,
    transaction: `POST /${String(number)}`,
    level: "warning",
    firstSeenAt: NOON - 5 * MINUTE,
    lastSeenAt: NOON + number,
    eventCount: 7,
    lastEventNumber: 6,
    userCount: 4,
    environments: ["production", "staging"],
    watch: null,
    latestEventId: `event ${String(number)}`,
    lastSeenIn: "1.0.0",
    seenNumber: number % 2,
    turningPointCount: 3,
    parts: null,
    state: { status: "open" },
    ...more,
  };
}

/** The group of a sample issue. */
export function sampleGroup(issue: Pick<Issue, "projectId" | "number">): GroupRef {
  return { projectId: issue.projectId, strategy: "sample/1", key: `key ${String(issue.number)}` };
}

/** A new issue with its group. */
export function newIssue(issue: Issue): NewIssue {
  return { issue, group: sampleGroup(issue) };
}

/** An event of an issue. */
export function sampleEvent(
  issue: Pick<Issue, "id" | "projectId">,
  id: string,
  more: Partial<StoredEvent> = {},
): StoredEvent {
  return {
    projectId: issue.projectId,
    id,
    issueId: issue.id,
    number: 5,
    count: 3,
    content: { level: "warning", type: "TypeError", value: `the value of ${id}`, transaction: "GET /" },
    environment: "production",
    user: userHash(1),
    release: "1.0.0",
    receivedAt: NOON,
    occurredAt: NOON - 17,
    kept: false,
    data: `{"of":${JSON.stringify(id)}}`,
    ...more,
  };
}

/** A name of 200 characters, which differs from those for other numbers at its end. */
export function longName(number: number): string {
  return `\u20ac${String(number).padStart(199, "\u00e4")}`;
}

/** The hash of a user for a number. */
export function userHash(number: number): string {
  return `f0${number.toString(16).padStart(30, "0")}`;
}

/** A user of an issue. */
export function sampleUser(issueId: string, number: number, more: Partial<IssueUser> = {}): IssueUser {
  return { issueId, user: userHash(number), lastDay: 20_000 + number, lastTurn: number, ...more };
}

/** A turning point of an issue. */
export function sampleTurningPoint(issueId: string, number: number): TurningPoint {
  return {
    issueId,
    number,
    turn: { kind: "annotated" },
    at: NOON + number,
    by: number % 2 === 0 ? { kind: "system" } : { kind: "user", id: `user ${String(number)}` },
    eventId: number % 3 === 0 ? `event ${String(number)}` : null,
    comment: `comment ${String(number)}`,
  };
}

/** An alert about an issue, raised at the turning point of its number. */
export function sampleAlert(issue: Issue, number: number, more: Partial<IssueAlert> = {}): IssueAlert {
  return {
    version: 2,
    id: uuid(9_000 + number),
    kind: "regression",
    level: "fatal",
    subject: `Subject ${String(number)}`,
    text: `Text ${String(number)}`,
    reason: {
      kind: "regression",
      reason: { kind: "fixed-in-release", release: "2.0.0", assumed: true, fixedIn: "1.5.0" },
    },
    project: { id: issue.projectId, slug: SHOP.slug },
    issue: {
      id: issue.id,
      friendlyId: `SHOP-${String(issue.number)}`,
      title: issue.title,
      status: issue.state.status,
      eventCount: issue.eventCount,
      firstSeenAt: issue.firstSeenAt,
      lastSeenAt: issue.lastSeenAt,
    },
    event: { id: "event 1", release: "2.0.0", receivedAt: NOON - 4, occurredAt: NOON - 21 },
    turningPoint: number,
    quietSince: NOON - 2 * MINUTE,
    raisedAt: NOON - 3,
    link: null,
    earlier: [],
    ...more,
  };
}

/** An alert that sums up what was throttled. Its id is in one order with those of {@link sampleAlert}. */
export function sampleThrottled(number: number, more: Partial<ThrottledAlert> = {}): ThrottledAlert {
  return {
    version: 2,
    id: uuid(9_000 + number),
    kind: "throttled",
    level: "warning",
    subject: `Subject ${String(number)}`,
    text: `Text ${String(number)}`,
    reason: {
      kind: "throttled",
      from: NOON - 2 * MINUTE,
      until: NOON - MINUTE,
      counts: { "new-issue": 3, regression: 0, unmute: 2, loud: 1 },
      examples: [1, 2].map((each) => ({ id: uuid(each), friendlyId: `SHOP-${String(each)}`, title: "A title" })),
    },
    project: { id: SHOP.id, slug: SHOP.slug },
    issue: null,
    event: null,
    turningPoint: null,
    quietSince: null,
    raisedAt: NOON - MINUTE,
    link: null,
    earlier: [],
    ...more,
  };
}

/** A tally of a period that began at noon. */
export function sampleTally(scope: TallyScope, more: Partial<AlertTally> = {}): AlertTally {
  return {
    projectId: scope.projectId,
    issueId: scope.issueId,
    startsAt: NOON,
    endsAt: NOON + MINUTE,
    admitted: 3,
    throttled: { counts: { "new-issue": 0, regression: 0, unmute: 0, loud: 0 }, examples: [], level: "debug" },
    ...more,
  };
}

/** Releases of every standing, in several lines. No two of their members are equal, except where the order says so. */
export interface SampleReleases {
  /**
   * The known ones in the order in which they became known: `1.0.0`; `build 7`, of a second line, which comes after the first;
   * `v2.0`, the project's latest; and `1.5.0`, which never was the latest.
   */
  readonly known: readonly [KnownRelease, KnownRelease, KnownRelease, KnownRelease];
  /** In the line of `1.0.0`, after all known ones. */
  readonly announced: AnnouncedRelease;
  /** The only one of its line, which is ordered by date: its order key changes when it becomes known. */
  readonly alone: AnnouncedRelease;
  /** In the line of `1.0.0`, after all others. */
  readonly retired: RetiredRelease;
  /** All of them, by number. */
  readonly all: readonly Release[];
}

/** Makes the sample releases. */
export function sampleReleases(): SampleReleases {
  let timeline = EMPTY_TIMELINE;
  const add = <Added extends Release>(added: {
    readonly release: Added;
    readonly timeline: ReleaseTimeline;
  }): Added => {
    timeline = added.timeline;
    return added.release;
  };
  const known: SampleReleases["known"] = [
    add(registerRelease(timeline, readSample("1.0.0"), NOON)),
    add(registerRelease(timeline, readSample("build 7"), NOON + 1)),
    add(registerRelease(timeline, readSample("v2.0"), NOON + 2)),
    add(registerRelease(timeline, readSample("1.5.0"), NOON + 3)),
  ];
  const announced = add(announceRelease(timeline, readSample("3.0.0"), NOON + 4));
  const alone = add(announceRelease(timeline, readSample("api@the fix"), NOON + 5));
  const test = add(registerRelease(timeline, readSample("999.9.9"), NOON + 6));
  const { becameLatest: _, ...others } = test;
  const retired: RetiredRelease = { ...others, standing: "retired" };
  return { known, announced, alone, retired, all: [...known, announced, alone, retired] };
}

/** A release text, read by the default order. */
export function readSample(version: string): ReadRelease {
  const place = readRelease(DEFAULT_RELEASE_ORDER, version);
  if (place === null) throw new Error(`${version} names no release.`);
  return { version, place, placedBy: DEFAULT_RELEASE_ORDER.version };
}

/** Known releases of one line with these order keys, numbered from 1. Each is named by its order key. */
export function releasesAt(...orderKeys: readonly string[]): KnownRelease[] {
  return orderKeys.map((orderKey, index) => ({
    version: `version ${orderKey}`,
    name: `name ${orderKey}`,
    line: "the line",
    lineNumber: 1,
    number: index + 1,
    orderKey,
    placedBy: "sample/1",
    standing: "known",
    releasedAt: NOON + index,
    becameLatest: index === 0,
  }));
}

/** Releases as those of a project. */
export function inProject(projectId: string, releases: readonly Release[]): ProjectRelease[] {
  return releases.map((release) => ({ projectId, release }));
}

/** The reference of a release in a project. */
export function refOf(projectId: string, { name, line }: Pick<Release, "name" | "line">): ReleaseRef {
  return { projectId, name, line };
}

/** A release text that is read by the default order, as the reference of a release in a project. */
export function refTo(projectId: string, version: string): ReleaseRef {
  return refOf(projectId, readSample(version).place);
}
