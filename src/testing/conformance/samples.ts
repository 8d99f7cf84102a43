import type { HeldBackAlert, IssueAlert } from "../../core/alert.ts";
import type { AlertTally, TallyScope } from "../../core/alert-limits.ts";
import type { Issue } from "../../core/issue.ts";
import type { Project } from "../../core/project.ts";
import { announceRelease, NO_RELEASES, registerRelease, type KnownRelease, type Release } from "../../core/release.ts";
import type { TurningPoint } from "../../core/turning-point.ts";
import type { GroupRef, NewIssue, StoredEvent } from "../../ports/issue-store.ts";

/** The project most cases are about, and another that must not be mixed up with it. */
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

/** An instant in the middle of a minute that is no round number. */
export const NOON = Date.UTC(2026, 10, 23, 12, 0, 30, 123);
export const MINUTE = 60_000;

/** A UUID with a number in it: the same for the same number, and in order. */
export function uuid(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/** An issue whose members all differ from each other, with its number in its id. */
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

/** An alert about an issue, raised at the turning point of its own number. */
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

/** An alert that says what was held back. Its id goes with those of the alerts about issues. */
export function sampleHeldBack(number: number, more: Partial<HeldBackAlert> = {}): HeldBackAlert {
  return {
    version: 2,
    id: uuid(9_000 + number),
    kind: "held-back",
    level: "warning",
    subject: `Subject ${String(number)}`,
    text: `Text ${String(number)}`,
    reason: {
      kind: "held-back",
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
    heldBack: { counts: { "new-issue": 0, regression: 0, unmute: 0 }, examples: [] },
    ...more,
  };
}

/** Releases in the order in which they became known, and one that was only announced. */
export function sampleReleases(): {
  readonly known: readonly KnownRelease[];
  readonly announced: Release;
  readonly all: readonly Release[];
} {
  let timeline = NO_RELEASES;
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
