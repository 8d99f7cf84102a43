import { issueAlert, type Alert, type AlertedEvent } from "../core/alert.ts";
import { bucketOf } from "../core/calendar.ts";
import { isAhead } from "../core/clock-recovery.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { friendlyIdOf, type Project } from "../core/project.ts";
import type { TurningPoint, TurningPointDraft } from "../core/turning-point.ts";
import type { Alerting, RaisedAlert } from "../core/raised-alert.ts";
import type { ReleaseOrder } from "../core/release-order.ts";
import type {
  IssueGroup,
  IssueMark,
  IssueUpdate,
  IssueUser,
  LatestUserDay,
  MarkMove,
  MarkRef,
  NewIssue,
  PendingRelease,
  ProjectRelease,
  ReleaseRef,
  StoredEvent,
  StoreTransaction,
} from "../ports/issue-store.ts";

/** The clock, the ids and the rules of one operation. */
export interface OperationContext {
  /** The tracker's time, read once per operation. */
  readonly now: Instant;
  readonly newId: () => string;
  readonly releaseOrder: ReleaseOrder;
  /** No alerts are raised for what happened before this instant, such as in a replay of old events. */
  readonly quietBefore: Instant;
  /** Whether alerts are raised at all. */
  readonly raisesAlerts: boolean;
}

/** What becomes of alerts about what happened at an instant. */
export function alertingAt(
  { alerts }: Project,
  at: Instant,
  { quietBefore, raisesAlerts }: OperationContext,
): Alerting {
  return (kind) => {
    if (!raisesAlerts || !alerts[kind]) return "never";
    return at < quietBefore ? "later" : "now";
  };
}

/** The alerts that a transaction raised. */
export interface RaisedAlerts {
  readonly alerts: readonly Alert[];
  /** Whether they are in the store's outbox. Without one they have to be delivered directly after the commit. */
  readonly stored: boolean;
}

/** A transition that has a turning point. */
export interface TransitionWithTurningPoint {
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
}

/** The turning point of a transition, as it is stored. */
export function turningPointOf({ issue, turningPoint }: TransitionWithTurningPoint): TurningPoint {
  const { turn, at, by, eventId, comment } = turningPoint;
  return { issueId: issue.id, number: issue.turningPointCount, turn, at, by, eventId, comment };
}

/** No alerts. */
export const NO_ALERTS: RaisedAlerts = { alerts: [], stored: true };

/** Collects the changes of a transaction, to be written at once. */
export class Changes {
  readonly releases: ProjectRelease[] = [];
  readonly newIssues: NewIssue[] = [];
  readonly addedGroups: IssueGroup[] = [];
  readonly updates: IssueUpdate[] = [];
  readonly counters = new Map<string, Uint8Array>();
  readonly marks: IssueMark[] = [];
  readonly deletedMarks: MarkRef[] = [];
  readonly movedMarks: MarkMove[] = [];
  readonly deletedReleases: ReleaseRef[] = [];
  readonly finishedReleases: Pick<PendingRelease, "projectId" | "number">[] = [];
  readonly pendingReleases: PendingRelease[] = [];
  readonly latestUserDays: LatestUserDay[] = [];
  readonly users: IssueUser[] = [];
  readonly events: StoredEvent[] = [];
  readonly deletedIssues: string[] = [];
  readonly #turningPoints: TurningPoint[] = [];
  readonly #alerts: Alert[] = [];
  readonly #context: OperationContext;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  /** Sets back the days of an issue's users, if a clock that was ahead had counted its newest event. */
  setBackUsers(before: Issue): void {
    const { now } = this.#context;
    if (isAhead(before.lastSeenAt, now)) this.latestUserDays.push({ issueId: before.id, day: bucketOf("day", now) });
  }

  /** Adds the turning point of a transition. */
  addTurningPoint(transition: TransitionWithTurningPoint): void {
    this.#turningPoints.push(turningPointOf(transition));
  }

  /**
   * Adds an alert.
   *
   * @param event - the event that raised it, or `null`
   * @param at - when it is raised
   */
  addAlert(project: Project, issue: Issue, raised: RaisedAlert, event: CheckedEvent | null, at: Instant): void {
    if (!this.#context.raisesAlerts) return;
    this.#alerts.push(
      issueAlert({
        id: this.#context.newId(),
        level: event?.content.level ?? "info",
        reason: raised.reason,
        quietSince: raised.quietSince,
        quietCause: raised.quietCause,
        project: { id: project.id, slug: project.slug },
        issue: {
          id: issue.id,
          friendlyId: friendlyIdOf(project.slug, issue.number),
          title: issue.title,
          status: issue.state.status,
          eventCount: issue.eventCount,
          firstSeenAt: issue.firstSeenAt,
          lastSeenAt: issue.lastSeenAt,
        },
        event: event === null ? null : alertedEvent(event),
        turningPoint: raised.turningPoint,
        raisedAt: at,
      }),
    );
  }

  /** Writes the changes; the alerts only to a store with an outbox. */
  async writeTo(transaction: StoreTransaction): Promise<RaisedAlerts> {
    const { deletedReleases, releases, movedMarks, newIssues, addedGroups, updates, counters, deletedMarks, marks } =
      this;
    const { finishedReleases, pendingReleases, latestUserDays, users, events, deletedIssues } = this;
    const turningPoints = this.#turningPoints;
    const alerts = this.#alerts;
    const stored = transaction.outbox !== undefined;
    await transaction.write({
      deletedReleases,
      releases,
      finishedReleases,
      pendingReleases,
      movedMarks,
      newIssues,
      addedGroups,
      updates,
      counters,
      deletedMarks,
      marks,
      latestUserDays,
      users,
      turningPoints,
      events,
      deletedIssues,
      ...(stored && { alerts }),
    });
    return { alerts, stored };
  }
}

function alertedEvent({ id, release, receivedAt, clientOccurredAt }: CheckedEvent): AlertedEvent {
  return { id, release, receivedAt, occurredAt: clientOccurredAt };
}
