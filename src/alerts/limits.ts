import { ALERT_KINDS, type AlertKind } from "../core/alert-reason.ts";
import {
  MAX_THROTTLED_EXAMPLES,
  throttledAlert,
  type IssueAlert,
  type ThrottledAlert,
  type ThrottledReason,
} from "../core/alert.ts";
import { isAhead } from "../core/clock-recovery.ts";
import { higherLevel } from "../core/event-level.ts";
import type { Instant } from "../core/instant.ts";
import { integer, object, withDefault, type Shape } from "../core/shape.ts";
import {
  NOTHING_THROTTLED,
  type AlertTally,
  type ClaimedAlert,
  type OutboxTransaction,
  type TallyScope,
  type Throttled,
} from "../ports/alert-outbox.ts";
import type { StoreTransaction } from "../ports/issue-store.ts";
import { Progress } from "../ports/progress.ts";
import type { Notification } from "./notification.ts";

/** The most notifications in a period. Alerts above a limit are throttled, and one alert at the end of the period sums them up. */
export interface AlertLimits {
  /** The length of a period, in milliseconds. Periods are counted from 1970 on: those of an hour begin at full hours, UTC. */
  readonly periodMs: number;
  /** The most notifications about one issue. */
  readonly perIssue: number;
  /** The most notifications about all issues of a project. */
  readonly perProject: number;
}

/** The default limits. */
export const DEFAULT_LIMITS: AlertLimits = Object.freeze({ periodMs: 3_600_000, perIssue: 10, perProject: 100 });

const notificationCount = integer(1, 1_000_000);

/** Checks limits and fills in the defaults. */
export const alertLimits: Shape<AlertLimits> = object({
  periodMs: withDefault(integer(1_000, 366 * 24 * 3_600_000), DEFAULT_LIMITS.periodMs),
  perIssue: withDefault(notificationCount, DEFAULT_LIMITS.perIssue),
  perProject: withDefault(notificationCount, DEFAULT_LIMITS.perProject),
} satisfies Record<keyof AlertLimits, Shape<unknown>>);

/** The tallies of the current period, while notifications are admitted or throttled one after the other. */
export class AlertThrottle {
  readonly #limits: AlertLimits;
  readonly #now: Instant;
  readonly #tallies = new Map<string, AlertTally>();
  readonly #changed = new Set<string>();

  /**
   * Continues stored tallies.
   *
   * @param stored - the stored tallies of all scopes that {@link AlertThrottle.admit} will look at, see {@link scopesOf}
   */
  constructor(limits: AlertLimits, now: Instant, stored: readonly AlertTally[]) {
    this.#limits = limits;
    this.#now = now;
    for (const tally of stored) this.#tallies.set(keyOf(tally), tally);
  }

  /** Whether a notification is within the limits. Counts nothing. */
  isWithin(alert: IssueAlert): boolean {
    const [ofProject, ofIssue] = scopesOf(alert);
    const { perIssue, perProject } = this.#limits;
    return this.#tallyOf(ofIssue).admitted < perIssue && this.#tallyOf(ofProject).admitted < perProject;
  }

  /** Whether a notification is within the limits. Counts it as sent, or else counts its alerts as throttled. */
  admit(alert: IssueAlert): boolean {
    const [ofProject, ofIssue] = scopesOf(alert);
    const project = this.#tallyOf(ofProject);
    const issue = this.#tallyOf(ofIssue);
    if (this.isWithin(alert)) {
      this.#put({ ...project, admitted: project.admitted + 1 });
      this.#put({ ...issue, admitted: issue.admitted + 1 });
      return true;
    }
    this.#put({ ...project, throttled: countThrottled(project.throttled, alert) });
    return false;
  }

  /** The tallies to save. */
  get changed(): readonly AlertTally[] {
    return [...this.#changed].flatMap((key) => this.#tallies.get(key) ?? []);
  }

  /**
   * A stored tally of another period, left by a clock that was wrong, contributes only what was throttled in it. One that is
   * about to begin was written by a clock that differs a little, and is continued.
   */
  #tallyOf(scope: TallyScope): AlertTally {
    const known = this.#tallies.get(keyOf(scope));
    if (known !== undefined && !isAhead(known.startsAt, this.#now) && this.#now < known.endsAt) return known;
    const throttled = known?.throttled ?? NOTHING_THROTTLED;
    return { ...scope, ...periodAt(this.#now, this.#limits.periodMs), admitted: 0, throttled };
  }

  #put(tally: AlertTally): void {
    this.#tallies.set(keyOf(tally), tally);
    this.#changed.add(keyOf(tally));
  }
}

/** The period at an instant. */
export function periodAt(now: Instant, periodMs: number): Pick<AlertTally, "startsAt" | "endsAt"> {
  const startsAt = Math.floor(now / periodMs) * periodMs;
  return { startsAt, endsAt: startsAt + periodMs };
}

/** The scopes whose tallies decide whether an alert is throttled: its project and its issue. */
function scopesOf({ project, issue }: Pick<IssueAlert, "project" | "issue">): [TallyScope, TallyScope] {
  return [
    { projectId: project.id, issueId: null },
    { projectId: project.id, issueId: issue.id },
  ];
}

function keyOf({ projectId, issueId }: TallyScope): string {
  return JSON.stringify([projectId, issueId]);
}

function countThrottled(throttled: Throttled, alert: IssueAlert): Throttled {
  const { examples } = throttled;
  const { id, friendlyId, title } = alert.issue;
  const isNamed = examples.length >= MAX_THROTTLED_EXAMPLES || examples.some((example) => example.id === id);
  const counts: Record<AlertKind, number> = { ...throttled.counts };
  let { level } = throttled;
  for (const each of [...alert.earlier, alert]) {
    counts[each.kind]++;
    level = higherLevel(level, each.level);
  }
  return { counts, examples: isNamed ? examples : [...examples, { id, friendlyId, title }], level };
}

/** The reason of the alert that sums up a tally's period; `undefined` if nothing was throttled in it. */
export function throttledReason({ startsAt, endsAt, throttled }: AlertTally): ThrottledReason | undefined {
  if (ALERT_KINDS.every((kind) => throttled.counts[kind] === 0)) return undefined;
  const { counts, examples } = throttled;
  return { kind: "throttled", from: startsAt, until: endsAt, counts, examples };
}

/** What may be sent, and how much of it is sent now. */
export interface Admission {
  readonly limits: AlertLimits | null;
  readonly now: Instant;
  /** The most notifications to send now. */
  readonly room: number;
}

/** What follows for claimed notifications. */
export interface Admitted {
  /** To send now. */
  readonly toSend: readonly Notification<ClaimedAlert>[];
  /** Above a limit. */
  readonly throttled: readonly Notification<ClaimedAlert>[];
  /** Within the limits, but there is no room for them. They are not counted. */
  readonly left: readonly Notification<ClaimedAlert>[];
}

/**
 * Applies limits to claimed notifications, and counts them in the stored tallies. Those that were counted at an earlier attempt, and
 * those about no issue, are neither counted again nor throttled.
 */
export async function admit(
  outbox: OutboxTransaction,
  notifications: readonly Notification<ClaimedAlert>[],
  { limits, now, room }: Admission,
): Promise<Admitted> {
  const counted = limits === null ? [] : notifications.flatMap((each) => countedAlertOf(each) ?? []);
  if (limits === null || counted.length === 0) {
    return { toSend: notifications.slice(0, room), throttled: [], left: notifications.slice(room) };
  }
  const scopes = new Map(counted.flatMap(scopesOf).map((scope) => [keyOf(scope), scope]));
  const tallies = new AlertThrottle(limits, now, await outbox.lockTallies({ scopes: [...scopes.values()] }));
  const toSend: Notification<ClaimedAlert>[] = [];
  const throttled: Notification<ClaimedAlert>[] = [];
  const left: Notification<ClaimedAlert>[] = [];
  for (const notification of notifications) {
    const alert = countedAlertOf(notification);
    const isFull = toSend.length >= room;
    if (isFull && (alert === undefined || tallies.isWithin(alert))) left.push(notification);
    else if (alert === undefined || tallies.admit(alert)) toSend.push(notification);
    else throttled.push(notification);
  }
  await outbox.writeTallies({ save: tallies.changed });
  return { toSend, throttled, left };
}

/** The alert of a notification that the limits count. */
function countedAlertOf({ alert, parts }: Notification<ClaimedAlert>): IssueAlert | undefined {
  return alert.issue === null || parts.some(({ attempts }) => attempts > 1) ? undefined : alert;
}

/** How many tallies are in memory at a time. */
const CHUNK = 500;

/** The clock and ids for raising throttled alerts. */
interface RaiseContext {
  readonly now: Instant;
  readonly newId: () => string;
}

/** Removes tallies whose period has ended, and raises an alert for each project in which alerts were throttled. */
export async function raiseThrottledAlerts(
  transaction: StoreTransaction,
  outbox: OutboxTransaction,
  { now, newId }: RaiseContext,
): Promise<void> {
  const progress = new Progress("tallies that ended");
  for (;;) {
    const ended = await outbox.lockTallies({ endedAt: now, limit: CHUNK });
    if (ended.length > 0) {
      await outbox.writeTallies({ remove: ended.map(({ projectId, issueId }) => ({ projectId, issueId })) });
      const alerts = await throttledAlertsOf(transaction, ended, newId);
      if (alerts.length > 0) await transaction.write({ alerts });
    }
    if (ended.length < CHUNK) return;
    progress.step(ended.map(keyOf));
  }
}

async function throttledAlertsOf(
  transaction: StoreTransaction,
  ended: readonly AlertTally[],
  newId: () => string,
): Promise<readonly ThrottledAlert[]> {
  const summaries = ended.flatMap((tally) => {
    const reason = throttledReason(tally);
    return reason === undefined ? [] : [{ projectId: tally.projectId, level: tally.throttled.level, reason }];
  });
  if (summaries.length === 0) return [];
  const ids = [...new Set(summaries.map(({ projectId }) => projectId))];
  const stored = await transaction.findProjects({ ids });
  const projects = new Map(stored.map(({ project: { id, slug } }) => [id, { id, slug }]));
  return summaries.flatMap(({ projectId, level, reason }) => {
    const project = projects.get(projectId);
    return project === undefined ? [] : [throttledAlert({ id: newId(), project, level, reason })];
  });
}
