import {
  endOfBucket,
  isBeforeWindow,
  isMet,
  judgedAt,
  NEVER,
  type ConditionRule,
  type Evidence,
} from "./conditions/condition-rule.ts";
import { ruleOf, type Condition, type ConditionMet } from "./conditions/condition.ts";
import type { Instant } from "./instant.ts";
import { anyText, arrayOf, count, looseObject, nullable, type Shape } from "./shape.ts";

/** What is known about the conditions that an open issue is watched for. */
export interface WatchState {
  /** Stands for the conditions: with others nothing is known. */
  readonly of: string;
  /** The event count below which no further condition is met; not an instant. */
  readonly checkAt: number;
  /** The instant before which no condition is armed again. */
  readonly lookAt: number;
  /** For each condition `null` while it is armed, or else when it was last met. */
  readonly metAt: readonly (Instant | null)[];
}

/** The stored form of a watch's state. */
export const watchStateShape: Shape<WatchState> = looseObject({
  of: anyText,
  checkAt: count,
  lookAt: count,
  metAt: arrayOf(nullable(count)),
});

/** The conditions that an open issue is watched for: those of its project, or its own. */
export interface Watch {
  readonly conditions: readonly Condition[];
  /** Stands for the conditions. */
  readonly id: string;
}

/** A watch of conditions. */
export function watchOf(conditions: readonly Condition[]): Watch {
  return { conditions, id: watchId(conditions) };
}

/** A short text that differs for different conditions (FNV-1a). */
function watchId(conditions: readonly Condition[]): string {
  let hash = 0x811c9dc5;
  for (const unit of JSON.stringify(conditions)) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** A look at an open issue's conditions before an event is counted. */
export interface WatchLook {
  readonly watch: Watch;
  /** What was known before; `undefined` if nothing. */
  readonly state: WatchState | undefined;
  /** For each condition whether it was met before the event. */
  readonly metBefore: readonly boolean[];
}

/**
 * Whether events can change anything for the conditions of an open issue.
 *
 * @param total - the number of events after them
 * @param until - when the newest of them was received
 */
export function isLookDue(watch: Watch, state: WatchState | undefined, total: number, until: Instant): boolean {
  return state?.of !== watch.id || total >= state.checkAt || until >= state.lookAt;
}

/** Looks at the conditions before an event is counted. */
export function lookBefore(watch: Watch, state: WatchState | undefined, evidence: Evidence): WatchLook {
  return {
    watch,
    state: state?.of === watch.id ? state : undefined,
    metBefore: watch.conditions.map((condition) => isMet(ruleOf(condition).standing(evidence))),
  };
}

/** What is known about the conditions after an event, and the reason of the alert that it raises. */
export interface Watched {
  readonly state: WatchState;
  readonly reason: ConditionMet | undefined;
}

/**
 * Looks at the conditions after an event was counted. A condition is armed when it was not met before the event, and the last
 * event that met it has left its window. An armed condition that is met raises the alert; of several the first in declared order
 * is the reason.
 *
 * @param isSilent - whether the event raises another alert: then armed conditions stay armed, for the next event
 */
export function lookAfter(look: WatchLook, evidence: Evidence, isSilent: boolean): Watched {
  const at = judgedAt(evidence);
  let reason: ConditionMet | undefined;
  let [checkAt, lookAt] = [Number.MAX_SAFE_INTEGER, NEVER];
  const metAt = look.watch.conditions.map((condition, index) => {
    const rule = ruleOf(condition);
    const standing = rule.standing(evidence);
    const isArmed = isArmedBefore(look, index, rule, at);
    const isAlerted = isMet(standing) && isArmed && !isSilent;
    if (isAlerted) reason ??= rule.reason(standing, evidence);
    const staysArmed = isArmed && !isAlerted;
    // A condition that is met stays met until its bucket ends: only then, or when it is met again, is there more to know.
    if (staysArmed || !isMet(standing)) {
      checkAt = Math.min(checkAt, evidence.counter.total + Math.max(1, rule.eventsUntilMet(standing)));
    }
    if (staysArmed) return null;
    lookAt = Math.min(lookAt, endOfBucket(rule.window, at));
    return isMet(standing) ? at : (look.state?.metAt[index] ?? at);
  });
  return { state: { of: look.watch.id, checkAt, lookAt, metAt }, reason };
}

function isArmedBefore({ state, metBefore }: WatchLook, index: number, rule: ConditionRule, at: Instant): boolean {
  const metAt = state?.metAt[index];
  if (metAt === null) return true;
  return metBefore[index] !== true && (metAt === undefined || isBeforeWindow(rule.window, metAt, at));
}
