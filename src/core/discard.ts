import { conditionProgress, type ConditionProgress } from "./condition-progress.ts";
import { NO_USERS, type Evidence } from "./conditions/condition-rule.ts";
import {
  CONDITION_MET_CASES,
  conditionInput,
  conditionShape,
  describeConditionMet,
  describeUntil,
  ruleOf,
  type Condition,
  type ConditionInput,
  type ConditionMet,
} from "./conditions/condition.ts";
import { invalidInput, requireInstant } from "./input.ts";
import { formatInstant, type Instant, type InstantInput } from "./instant.ts";
import { firstMet, nextCheck } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { arrayOf, count, looseObject, looseUnion, object, withDefault, type Shape } from "./shape.ts";

/** A request to discard the events of an issue. */
export interface DiscardRequest {
  /**
   * Discard events until one of these is met; at most {@link MAX_DISCARD_CONDITIONS}, none of them on users, because the users of
   * discarded events are not stored. Default: for ever.
   */
  readonly conditions?: readonly ConditionInput[];
}

/** The most conditions that end a discard. */
export const MAX_DISCARD_CONDITIONS = 20;

/** A discard in force: the events are counted, and nothing else of them is stored. Without conditions only a command ends it. */
export interface Discard {
  /** When the command was given that says what ends it. */
  readonly discardedAt: Instant;
  /** How many events the issue had before it began: those after them are discarded. */
  readonly eventCount: number;
  /** What ends it, in declared order. */
  readonly conditions: readonly Condition[];
  /** The event count below which no condition can be met; not an instant. */
  readonly checkAt: number;
}

/** The stored form of a discard. */
export const discardShape: Shape<Discard> = looseObject<Discard>({
  discardedAt: requireInstant,
  eventCount: count,
  conditions: arrayOf(conditionShape),
  checkAt: count,
});

/** Why a discard ended. */
export type UndiscardReason =
  | { readonly kind: "by-person" }
  /** The condition that was met: the first in declared order. */
  | ConditionMet;

/** The stored form of the reason why a discard ended. */
export const undiscardReasonShape: Shape<UndiscardReason> = looseUnion("kind", {
  "by-person": {},
  ...CONDITION_MET_CASES,
});

const discardRequest = object(
  {
    conditions: withDefault(
      arrayOf(conditionInput, 0, MAX_DISCARD_CONDITIONS, `{ conditions: [volumeCondition(1_000, "day")] }`),
      [],
    ),
  } satisfies Record<keyof DiscardRequest, Shape<unknown>>,
  `{ conditions: [volumeCondition(1_000, "day")] }`,
);

/**
 * Checks a discard request and returns its conditions.
 *
 * @param request - a {@link DiscardRequest}, unchecked
 * @throws {@link IssueLifecycleError} `invalid-input` or `condition-out-of-range`
 */
export function parseDiscardRequest(request: unknown): readonly Condition[] {
  const { conditions } = discardRequest("discard", request);
  const place = conditions.findIndex((condition) => ruleOf(condition).countsUsers);
  if (place >= 0) {
    const allowed = "a condition on events, because the users of discarded events are not stored";
    throw invalidInput(`discard.conditions[${String(place)}]`, conditions[place], allowed);
  }
  return conditions;
}

/** The condition that ends a discard, after an event was counted; `undefined` while it goes on. */
export function endOfDiscard(discard: Discard, counter: PeriodCounter): ConditionMet | undefined {
  const { conditions, checkAt } = discard;
  if (conditions.length === 0 || counter.total < checkAt) return undefined;
  return firstMet(conditions, evidenceOf(discard, counter));
}

/** A discard that goes on after an event was counted: the same value, or one that knows when to look next. */
export function continueDiscard(discard: Discard, counter: PeriodCounter): Discard {
  const { conditions, checkAt } = discard;
  if (conditions.length === 0 || counter.total < checkAt) return discard;
  return { ...discard, checkAt: nextCheck(conditions, evidenceOf(discard, counter)) };
}

/** Conditions are judged at the newest time counted or at the discard, whichever is later. */
function evidenceOf({ discardedAt }: Discard, counter: PeriodCounter): Evidence {
  return { counter, at: discardedAt, countedFrom: 0, firstSeenAt: discardedAt, users: NO_USERS };
}

/** How many events of an issue were discarded, and how close the discard is to its end. */
export interface DiscardProgress {
  /** How many events were discarded. */
  readonly discarded: number;
  /** One for each condition, in declared order. */
  readonly conditions: readonly ConditionProgress[];
}

/**
 * How many events were discarded, and how close the discard is to its end, at `now` or at the newest time counted if that is later.
 *
 * @param counter - the counter
 */
export function discardProgress(discard: Discard, counter: PeriodCounter, now: InstantInput): DiscardProgress {
  const evidence = { ...evidenceOf(discard, counter), at: requireInstant("now", now) };
  return {
    discarded: counter.total - discard.eventCount,
    conditions: discard.conditions.map((condition) => conditionProgress(condition, evidence)),
  };
}

/** The reason why a discard ended, as a sentence. */
export function describeUndiscardReason(reason: UndiscardReason): string {
  return reason.kind === "by-person" ? "The discard was ended by a person." : describeConditionMet(reason);
}

/** Until when an issue is discarded, as the end of a sentence: "until a person undiscards it". */
export function describeDiscardTerms(conditions: readonly Condition[]): string {
  return `until ${conditions.length === 0 ? "a person undiscards it" : describeUntil(conditions, false).join(", or until ")}`;
}

/**
 * A discard in force as a sentence: "The issue has been discarded since 2026-11-23 19:06 UTC, and stays discarded until a person undiscards
 * it."
 */
export function describeDiscard({ discardedAt, conditions }: Discard): string {
  const since = formatInstant(discardedAt);
  return `The issue has been discarded since ${since}, and stays discarded ${describeDiscardTerms(conditions)}.`;
}
