import type { ThrottledAlert, IssueAlert } from "../../core/alert.ts";
import type { Issue } from "../../core/issue.ts";
import type { Project } from "../../core/project.ts";
import {
  announceRelease,
  EMPTY_TIMELINE,
  registerRelease,
  type KnownRelease,
  type Release,
} from "../../core/release.ts";
import type { TurningPoint } from "../../core/turning-point.ts";
import type { AlertTally, TallyScope } from "../../ports/alert-outbox.ts";
import type { GroupRef, NewIssue, StoredEvent } from "../../ports/issue-store.ts";

/** The project of most cases, and another one. */
export const SHOP: Project = {
  id: "shop",
  slug: "Shop",
  alerts: { "new-issue": true, regression: false, unmute: true },
};
export const BLOG: Project = {
  id: "blog",
  slug: "blog",
  alerts: { "new-issue": false, regression: true, unmute: false },
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
    firstSeenAt: NOON - 5 * MINUTE,
    lastSeenAt: NOON + number,
    eventCount: 7,
    latestEventId: `event ${String(number)}`,
    lastSeenIn: "1.0.0",
    turningPointCount: 3,
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
    release: "1.0.0",
    receivedAt: NOON,
    occurredAt: NOON - 17,
    kept: false,
    data: `{"of":${JSON.stringify(id)}}`,
    ...more,
  };
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
    reason: { kind: "regression", reason: { kind: "fixed-in-release", release: "2.0.0", fixedIn: "1.5.0" } },
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
      counts: { "new-issue": 3, regression: 0, unmute: 2 },
      examples: [1, 2].map((each) => ({ id: uuid(each), friendlyId: `SHOP-${String(each)}`, title: "A title" })),
    },
    project: { id: SHOP.id, slug: SHOP.slug },
    issue: null,
    event: null,
    turningPoint: null,
    raisedAt: NOON - MINUTE,
    link: null,
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
    throttled: { counts: { "new-issue": 0, regression: 0, unmute: 0 }, examples: [] },
    ...more,
  };
}

/** Known releases in the order in which they became known, and an announced one. */
export function sampleReleases(): {
  readonly known: readonly KnownRelease[];
  readonly announced: Release;
  readonly all: readonly Release[];
} {
  let timeline = EMPTY_TIMELINE;
  const known = ["", "1.0.0", "2.0.0", "1.5.0"].map((version, index) => {
    const registration = registerRelease(timeline, version, NOON + index);
    timeline = registration.timeline;
    return registration.release;
  });
  const { head } = timeline;
  if (head === undefined) throw new Error("A timeline with releases has a head.");
  const announced = announceRelease({ ...timeline, head }, "the fix", NOON + 9);
  return { known, announced, all: [...known, announced] };
}
