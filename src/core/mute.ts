import { isMet, NO_USERS, type Evidence, type UserCounts } from "./conditions/condition-rule.ts";
import {
  CONDITION_MET_CASES,
  conditionShape,
  describeConditionMet,
  describeUntil,
  ruleOf,
  type Condition,
  type ConditionMet,
} from "./conditions/condition.ts";
import { describePeriods, durationShape, type MuteDuration } from "./duration.ts";
import { requireBoolean, requireInstant } from "./input.ts";
import { formatInstant, type Instant } from "./instant.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { arrayOf, count, looseObject, looseUnion, nullable, oneOf, optional, type Shape } from "./shape.ts";

/** What ends a mute once its deadline has passed. */
export type WakeOn =
  /** The first event after the deadline. An issue without events stays muted. */
  | "next-event"
  /** The deadline itself, at the first `tick` after it. */
  | "deadline";

/** All values of {@link WakeOn}. */
export const WAKE_ON = ["next-event", "deadline"] as const satisfies WakeOn[];

/** The end of a mute by time. */
export interface MuteDeadline {
  /** An event received after this instant ends the mute; with `wakeOn: "deadline"` the clock ends it at this instant. */
  readonly at: Instant;
  readonly wakeOn: WakeOn;
  /** `true` if it was given as a duration: it moves with the time of the mute when that was written by a wrong clock. */
  readonly isDuration?: boolean | undefined;
}

/** The end of a mute by conditions: it ends as soon as one of them is met. */
export interface MuteVolume {
  /** At least one. If several are met at once, the first in this order is the reason. */
  readonly conditions: readonly Condition[];
  /** How many of the events do not count: 0, or with `sinceMute` its event count at the mute. */
  readonly countedFrom: number;
  /** The event count below which no condition can be met; not an instant. */
  readonly checkAt: number;
  /** The number of the mute's turning point, since which users count; only with conditions on users. */
  readonly usersSince?: number | undefined;
}

/** The terms of a mute: a mute request that was checked, with its deadline calculated. */
export interface MuteTerms {
  /** When the mute ends by time, or `null`. */
  readonly deadline: MuteDeadline | null;
  /** When it ends by what its events are like; may be empty. */
  readonly conditions: readonly Condition[];
  /** Whether only events after the mute count. */
  readonly sinceMute: boolean;
  /** When the issue is muted again after it was unmuted by an event or the clock; absent if it is not. */
  readonly again?: MuteAgain | undefined;
}

/** What mutes an issue again, on the same terms, once it was quiet. */
export interface MuteAgain {
  /** How long there must be no event. */
  readonly quietFor: MuteDuration;
  /** The duration of the mute, if it has one. */
  readonly for?: MuteDuration | undefined;
}

/** An active mute. Without deadline and volume only a command ends it. */
export interface Mute {
  readonly mutedAt: Instant;
  readonly deadline: MuteDeadline | null;
  readonly volume: MuteVolume | null;
  readonly again?: MuteAgain | undefined;
}

/** Why a mute ended. */
export type UnmuteReason =
  | { readonly kind: "by-person" }
  | {
      readonly kind: "deadline-passed";
      readonly deadline: Instant;
      /** What ended the mute: an event after the deadline, or a `tick`. */
      readonly noticedBy: "event" | "clock";
    }
  /** The condition that was met: the first in declared order. */
  | ConditionMet;

const muteDeadlineShape: Shape<MuteDeadline> = looseObject({
  at: requireInstant,
  wakeOn: oneOf(WAKE_ON),
  isDuration: optional(requireBoolean),
});

const muteAgainShape: Shape<MuteAgain> = looseObject({ quietFor: durationShape, for: optional(durationShape) });

/** The stored form of mute terms. */
export const muteTermsShape: Shape<MuteTerms> = looseObject({
  deadline: nullable(muteDeadlineShape),
  conditions: arrayOf(conditionShape),
  sinceMute: requireBoolean,
  again: optional(muteAgainShape),
});

/** The stored form of a mute in force. */
export const muteShape: Shape<Mute> = looseObject({
  mutedAt: requireInstant,
  deadline: nullable(muteDeadlineShape),
  volume: nullable(
    looseObject<MuteVolume>({
      conditions: arrayOf(conditionShape),
      countedFrom: count,
      checkAt: count,
      usersSince: optional(count),
    }),
  ),
  again: optional(muteAgainShape),
});

/** The stored form of an unmute reason. */
export const unmuteReasonShape: Shape<UnmuteReason> = looseUnion("kind", {
  "by-person": {},
  "deadline-passed": { deadline: requireInstant, noticedBy: oneOf(["event", "clock"]) },
  ...CONDITION_MET_CASES,
});

/** Whether a mute ends. */
export type UnmuteDecision =
  | { readonly kind: "unmute"; readonly reason: UnmuteReason }
  | {
      readonly kind: "stay";
      /** The mute to store: the same value, or one with a new {@link MuteVolume.checkAt}. */
      readonly mute: Mute;
    };

/**
 * Decides whether a counted event ends a mute: by the deadline first, then by the conditions in declared order. Conditions
 * are evaluated at the newest time counted or at the mute, whichever is later: a window that ended by then cannot
 * be reached any more. The counter is read only if enough events were counted for a condition to be met.
 *
 * @param receivedAt - when the event was received
 * @param counter - the counter, in which the event was counted already
 * @param users - the users, for conditions on them
 */
export function decideUnmute(
  mute: Mute,
  receivedAt: Instant,
  counter: PeriodCounter,
  users: UserCounts = NO_USERS,
): UnmuteDecision {
  const { deadline, volume } = mute;
  if (deadline !== null && receivedAt > deadline.at) {
    return { kind: "unmute", reason: { kind: "deadline-passed", deadline: deadline.at, noticedBy: "event" } };
  }
  if (volume === null || counter.total < volume.checkAt) return { kind: "stay", mute };
  const { conditions, countedFrom } = volume;
  const evidence: Evidence = { counter, at: mute.mutedAt, countedFrom, firstSeenAt: mute.mutedAt, users };
  const met = firstMet(conditions, evidence);
  if (met !== undefined) return { kind: "unmute", reason: met };
  return { kind: "stay", mute: { ...mute, volume: { ...volume, checkAt: nextCheck(conditions, evidence) } } };
}

/** Decides whether the clock ends a mute, which it does only with `wakeOn: "deadline"`. */
export function decideUnmuteAtDeadline(mute: Mute, now: Instant): UnmuteDecision {
  const { deadline } = mute;
  if (deadline?.wakeOn !== "deadline" || now < deadline.at) return { kind: "stay", mute };
  return { kind: "unmute", reason: { kind: "deadline-passed", deadline: deadline.at, noticedBy: "clock" } };
}

/** The first condition met, in declared order. */
export function firstMet(conditions: readonly Condition[], evidence: Evidence): ConditionMet | undefined {
  for (const condition of conditions) {
    const rule = ruleOf(condition);
    const standing = rule.standing(evidence);
    if (isMet(standing)) return rule.reason(standing, evidence);
  }
  return undefined;
}

/** The event count below which none of the conditions can be met, none of which is met. */
export function nextCheck(conditions: readonly Condition[], evidence: Evidence): number {
  const missing = conditions.map((condition) => {
    const rule = ruleOf(condition);
    return rule.eventsUntilMet(rule.standing(evidence));
  });
  return Math.min(Number.MAX_SAFE_INTEGER, evidence.counter.total + Math.min(...missing));
}

/** The terms of a mute in force. */
export function termsOf({ deadline, volume, again }: Mute): MuteTerms {
  const sinceMute = (volume?.countedFrom ?? 0) > 0;
  return { deadline, conditions: volume?.conditions ?? [], sinceMute, ...(again !== undefined && { again }) };
}

/** Until when an issue is muted, as the end of a sentence: "until there are 100 events or more in one calendar day". */
export function describeMuteTerms({ deadline, conditions, sinceMute, again }: MuteTerms): string {
  const ends = [...describeUntil(conditions, sinceMute), ...(deadline === null ? [] : [describeDeadline(deadline)])];
  const later = again === undefined ? "" : `, and is then to be ${describeMutedAgain(again, deadline)}`;
  return `until ${ends.length === 0 ? "a person unmutes it" : ends.join(", or until ")}${later}`;
}

/** After what an issue that was unmuted is muted again: "muted again on the same terms after 1 week without events". */
export function describeMutedAgain(again: MuteAgain, deadline: MuteDeadline | null): string {
  // A deadline that was not given as a duration stays where it is.
  const unless =
    deadline === null || again.for !== undefined ? "" : `, unless ${formatInstant(deadline.at)} has passed`;
  return `muted again on the same terms after ${describePeriods(again.quietFor)} without events${unless}`;
}

function describeDeadline({ at, wakeOn }: MuteDeadline): string {
  switch (wakeOn) {
    case "next-event":
      return `the first event after ${formatInstant(at)}`;
    case "deadline":
      return formatInstant(at);
  }
}

/**
 * A mute in force as a sentence: "The issue has been muted since 2026-11-23 19:06 UTC, and stays muted until there are 100 events or more in
 * one calendar day."
 */
export function describeMute(mute: Mute): string {
  return `The issue has been muted since ${formatInstant(mute.mutedAt)}, and stays muted ${describeMuteTerms(termsOf(mute))}.`;
}

/** An unmute reason as a sentence. */
export function describeUnmuteReason(reason: UnmuteReason): string {
  switch (reason.kind) {
    case "by-person":
      return "The mute was ended by a person.";
    case "deadline-passed":
      return reason.noticedBy === "event"
        ? `An event was received after the mute's deadline of ${formatInstant(reason.deadline)}.`
        : `The mute's deadline of ${formatInstant(reason.deadline)} has passed.`;
    default:
      return describeConditionMet(reason);
  }
}
