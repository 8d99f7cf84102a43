import { issueAlert, type Alert, type AlertedEvent, type AlertReason } from "../core/alert.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { friendlyIdOf, type Project } from "../core/project.ts";
import type { TurningPoint, TurningPointDraft } from "../core/turning-point.ts";
import type {
  IssueMark,
  IssueUpdate,
  NewIssue,
  ProjectRelease,
  StoredEvent,
  StoreTransaction,
} from "../ports/issue-store.ts";

/** The clock and the ids of one operation. */
export interface OperationContext {
  /** The tracker's time, read once per operation. */
  readonly now: Instant;
  readonly newId: () => string;
  /** No alerts are raised for what happened before this instant, such as in a replay of old events. Default: for all. */
  readonly quietBefore?: Instant;
}

/** The alerts that a transaction raised. */
export interface RaisedAlerts {
  readonly alerts: readonly Alert[];
  /** Whether they are in the store's outbox. Without one they have to be delivered directly after the commit. */
  readonly stored: boolean;
}

/** No alerts. */
export const NO_ALERTS: RaisedAlerts = { alerts: [], stored: true };

/** The part of a transition that has to be written for every kind of transition. */
interface Transition {
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
  readonly alert: AlertReason | null;
}

/** Collects the changes of a transaction, to be written at once. */
export class Changes {
  readonly releases: ProjectRelease[] = [];
  readonly newIssues: NewIssue[] = [];
  readonly updates: IssueUpdate[] = [];
  readonly counters = new Map<string, Uint8Array>();
  readonly marks: IssueMark[] = [];
  readonly events: StoredEvent[] = [];
  readonly deletedIssues: string[] = [];
  readonly #turningPoints: TurningPoint[] = [];
  readonly #alerts: Alert[] = [];
  readonly #context: OperationContext;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  /**
   * Adds a transition's turning point, and its alert if the project has alerts of this kind switched on.
   *
   * @param event - the event that caused it, or `null`
   */
  addTurningPoint(project: Project, { issue, turningPoint, alert }: Transition, event: CheckedEvent | null): void {
    const { turn, at, by, eventId, comment } = turningPoint;
    const number = issue.turningPointCount;
    this.#turningPoints.push({ issueId: issue.id, number, turn, at, by, eventId, comment });
    const { newId, quietBefore = 0 } = this.#context;
    if (alert === null || !project.alerts[alert.kind] || at < quietBefore) return;
    this.#alerts.push(
      issueAlert({
        id: newId(),
        level: event?.level ?? "info",
        reason: alert,
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
        turningPoint: number,
        raisedAt: at,
      }),
    );
  }

  /** Writes the changes; the alerts only to a store with an outbox. */
  async writeTo(transaction: StoreTransaction): Promise<RaisedAlerts> {
    const { releases, newIssues, updates, counters, marks, events, deletedIssues } = this;
    const turningPoints = this.#turningPoints;
    const alerts = this.#alerts;
    const stored = transaction.outbox !== undefined;
    await transaction.write({
      releases,
      newIssues,
      updates,
      counters,
      marks,
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
