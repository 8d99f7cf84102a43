import { issueAlert, type Alert, type AlertedEvent, type AlertReason } from "../core/alert.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { friendlyIdOf, type Project } from "../core/project.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint, TurningPointDraft } from "../core/turning-point.ts";
import { DUE_AT_ONCE } from "../ports/alert-outbox.ts";
import type { IssueUpdate, NewIssue, StoreTransaction } from "../ports/issue-store.ts";

/** What a transition of the core asks to be written, whatever caused it. */
interface Transition {
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
  readonly alert: AlertReason | null;
}

/** What a use-case has besides its input. */
export interface Surroundings {
  /** The time by the tracker's clock, read once. */
  readonly now: Instant;
  /** Makes an id. */
  readonly newId: () => string;
  /** People do not hear of what happened before this instant, such as in a replay of old events. Default: of all. */
  readonly quietBefore?: Instant;
}

/** Gathers all that a transaction is to write, so that it is written in a few batches. */
export class Changes {
  readonly newIssues: NewIssue[] = [];
  readonly updates: IssueUpdate[] = [];
  readonly counters = new Map<string, Uint8Array>();
  readonly marks: { readonly issueId: string; readonly mark: ReleaseMark }[] = [];
  readonly #turningPoints: TurningPoint[] = [];
  readonly #alerts: Alert[] = [];
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Whether anything was gathered that people should hear of. */
  get raisesAlerts(): boolean {
    return this.#alerts.length > 0;
  }

  /**
   * Notes a turning point, and its alert if there is one and the project wants to know.
   *
   * @param event - the event that caused it, or `null`
   */
  turn(project: Project, { issue, turningPoint, alert }: Transition, event: CheckedEvent | null): void {
    const number = issue.turningPointCount;
    this.#turningPoints.push({
      issueId: issue.id,
      number,
      turn: turningPoint.turn,
      at: turningPoint.at,
      by: turningPoint.by,
      eventId: turningPoint.eventId,
      comment: turningPoint.comment,
    });
    const { newId, quietBefore = 0 } = this.#surroundings;
    if (alert === null || !project.alerts[alert.kind] || turningPoint.at < quietBefore) return;
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
        raisedAt: turningPoint.at,
      }),
    );
  }

  /** Writes all of it. */
  async writeTo(transaction: StoreTransaction): Promise<void> {
    if (this.newIssues.length > 0) await transaction.insertIssues(this.newIssues);
    if (this.updates.length > 0) await transaction.updateIssues(this.updates);
    if (this.counters.size > 0) await transaction.saveCounters(this.counters);
    if (this.marks.length > 0) await transaction.saveMarks(this.marks);
    if (this.#turningPoints.length > 0) await transaction.insertTurningPoints(this.#turningPoints);
    if (this.#alerts.length > 0) await transaction.insertAlerts(this.#alerts, DUE_AT_ONCE);
  }
}

function alertedEvent({ id, release, receivedAt, clientOccurredAt }: CheckedEvent): AlertedEvent {
  return { id, release, receivedAt, occurredAt: clientOccurredAt };
}
