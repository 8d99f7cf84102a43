import { addPeriods } from "./add-periods.ts";
import { conditionInput, type ConditionInput } from "./conditions/condition.ts";
import { durationInput, type MuteDuration } from "./duration.ts";
import { IssueLifecycleError } from "./errors.ts";
import { invalidInput, requireBoolean, requireInstant } from "./input.ts";
import { formatInstant, type Instant, type InstantInput } from "./instant.ts";
import { WAKE_ON, type MuteTerms, type WakeOn } from "./mute.ts";
import { arrayOf, object, oneOf, optional, withDefault, type Shape, type ValueOf } from "./shape.ts";

/**
 * A request to mute an issue. All members are optional: with none of them the mute has no end; with a deadline and
 * conditions, whichever comes first ends it.
 */
export interface MuteRequest {
  /** Mute until this instant. */
  readonly until?: InstantInput;
  /** Mute for a number of calendar periods from now: a month from 31 January ends on the last day of February. */
  readonly for?: MuteDuration;
  /** What ends the mute once the deadline has passed; default `"next-event"`. Needs `until` or `for`. */
  readonly wakeOn?: WakeOn;
  /** Mute until one of these is met; at most {@link MAX_MUTE_CONDITIONS}. */
  readonly conditions?: readonly ConditionInput[];
  /** Count only events after the mute; default `false`, which counts all events of a window. Needs `conditions`. */
  readonly sinceMute?: boolean;
  /**
   * When an event or the clock has ended the mute, `tick` mutes the issue again, on the same terms, once it had no event for so
   * long; any command in between ends that. Needs `conditions` or `for`. Default: it stays open.
   */
  readonly again?: MuteDuration;
}

/** The most conditions of one mute. */
export const MAX_MUTE_CONDITIONS = 20;

const muteRequest = object(
  {
    until: optional(requireInstant),
    for: optional(durationInput("for")),
    wakeOn: optional(oneOf(WAKE_ON)),
    conditions: withDefault(
      arrayOf(conditionInput, 0, MAX_MUTE_CONDITIONS, `{ conditions: [volumeCondition(100, "day")] }`),
      [],
    ),
    sinceMute: withDefault(requireBoolean, false),
    again: optional(durationInput("again")),
  } satisfies Record<keyof MuteRequest, Shape<unknown>>,
  `{ for: { period: "week", nrOfPeriods: 1 } }`,
);

/** A {@link MuteRequest} that was checked, but whose deadline may have passed. */
export type CheckedMuteRequest = ValueOf<typeof muteRequest>;

/** Checks everything in a mute request that does not depend on the time. */
export function checkMuteRequest(field: string, value: unknown): CheckedMuteRequest {
  const request = muteRequest(field, value);
  const { until, for: duration, wakeOn, conditions, sinceMute, again } = request;
  if (until !== undefined && duration !== undefined) {
    throw invalidInput(`${field}.for`, duration, "until or for, not both");
  }
  if (until === undefined && duration === undefined && wakeOn !== undefined) {
    throw invalidInput(`${field}.wakeOn`, wakeOn, "no wakeOn without until or for");
  }
  if (sinceMute && conditions.length === 0) {
    throw invalidInput(`${field}.sinceMute`, sinceMute, "no sinceMute without conditions");
  }
  if (again !== undefined && duration === undefined && conditions.length === 0) {
    throw invalidInput(`${field}.again`, again, "no again without conditions or for");
  }
  return request;
}

/**
 * Checks a mute request and calculates its deadline.
 *
 * @param request - a {@link MuteRequest}, unchecked
 * @param now - the time of the mute; the deadline must be later
 * @throws {@link IssueLifecycleError} `invalid-input`, `condition-out-of-range` or `deadline-passed`
 */
export function parseMuteRequest(request: unknown, now: InstantInput): MuteTerms {
  return muteTerms("mute", checkMuteRequest("mute", request), requireInstant("now", now));
}

/** The terms of a mute that begins now. */
export function muteTerms(field: string, request: CheckedMuteRequest, now: Instant): MuteTerms {
  const { wakeOn = "next-event", conditions, sinceMute, again: quietFor, for: duration } = request;
  const at = deadlineOf(field, request, now);
  if (quietFor !== undefined) addPeriods(now, quietFor.nrOfPeriods, quietFor.period, `${field}.again.nrOfPeriods`);
  return {
    deadline: at === undefined ? null : { at, wakeOn, ...(duration !== undefined && { isDuration: true }) },
    conditions,
    sinceMute,
    ...(quietFor !== undefined && { again: { quietFor, ...(duration !== undefined && { for: duration }) } }),
  };
}

function deadlineOf(field: string, { until, for: duration }: CheckedMuteRequest, now: Instant): Instant | undefined {
  if (duration !== undefined) {
    return addPeriods(now, duration.nrOfPeriods, duration.period, `${field}.for.nrOfPeriods`);
  }
  if (until === undefined || until > now) return until;
  throw new IssueLifecycleError(
    "deadline-passed",
    `${field}.until: got ${formatInstant(until)}; allowed is an instant after now, ${formatInstant(now)}.`,
    { field: `${field}.until` },
  );
}
