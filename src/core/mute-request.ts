import { addPeriods } from "./add-periods.ts";
import { CALENDAR_PERIODS, type CalendarPeriod } from "./calendar.ts";
import { IssueLifecycleError } from "./errors.ts";
import {
  invalidInput,
  orElse,
  refuseOtherMembers,
  requireArray,
  requireBoolean,
  requireInstant,
  requireInteger,
  requireObject,
  requireOneOf,
} from "./input.ts";
import { formatInstant, isInstant, type Instant } from "./instant.ts";
import { WAKE_ON, type MuteDeadline, type WakeOn } from "./mute.ts";
import { parseVolumeCondition, type VolumeBasedCondition } from "./volume-condition.ts";

/**
 * What a person asks for when muting. All members are optional: with none of them, the mute is for ever; with a deadline
 * and conditions, whichever comes first ends it.
 */
export interface MuteRequest {
  /** Mute until this instant. */
  readonly until?: Instant;
  /** Mute for so many periods from now, in calendar arithmetic: a month from 31 January ends on the last of February. */
  readonly for?: MuteDuration;
  /** What lifts the mute once the deadline has passed; default `"next-event"`. Needs `until` or `for`. */
  readonly wakeOn?: WakeOn;
  /** Mute until one of these is met; at most {@link MAX_MUTE_CONDITIONS}. */
  readonly conditions?: readonly VolumeBasedCondition[];
  /** Count only events after the mute; default `false`, which counts all events of a window. Needs `conditions`. */
  readonly sinceMute?: boolean;
}

/** "For n periods". */
export interface MuteDuration {
  /** The period. */
  readonly period: CalendarPeriod;
  /** How many; at least 1. */
  readonly nrOfPeriods: number;
}

/** The most conditions one mute may have. */
export const MAX_MUTE_CONDITIONS = 20;

/** A {@link MuteRequest} that was checked, with its deadline worked out. */
export interface MuteTerms {
  /** When it ends by time, or `null`. */
  readonly deadline: MuteDeadline | null;
  /** When it ends by volume; may be empty. */
  readonly conditions: readonly VolumeBasedCondition[];
  /** Whether only events after the mute count. */
  readonly sinceMute: boolean;
}

const MUTE_MEMBERS = ["until", "for", "wakeOn", "conditions", "sinceMute"] satisfies (keyof MuteRequest)[];

/**
 * Checks what a person asked for.
 *
 * @param request - what was asked, from anywhere
 * @param now - when; the deadline must be later
 * @throws {@link IssueLifecycleError} `invalid-input`, `condition-out-of-range` or `deadline-passed`
 */
export function parseMuteRequest(request: unknown, now: Instant): MuteTerms {
  const given = requireObject("mute", request);
  refuseOtherMembers("mute", given, MUTE_MEMBERS);
  const deadlineAt = parseDeadline(given, now);
  if (deadlineAt === undefined && given["wakeOn"] !== undefined) {
    throw invalidInput("mute.wakeOn", given["wakeOn"], "no wakeOn without until or for");
  }
  const wakeOn = requireOneOf("mute.wakeOn", orElse(given["wakeOn"], "next-event"), WAKE_ON);
  const conditions = parseConditions(given["conditions"]);
  const sinceMute = requireBoolean("mute.sinceMute", orElse(given["sinceMute"], false));
  if (sinceMute && conditions.length === 0)
    throw invalidInput("mute.sinceMute", true, "no sinceMute without conditions");
  return { deadline: deadlineAt === undefined ? null : { at: deadlineAt, wakeOn }, conditions, sinceMute };
}

function parseDeadline(given: Readonly<Record<string, unknown>>, now: Instant): Instant | undefined {
  if (given["until"] !== undefined && given["for"] !== undefined) {
    throw invalidInput("mute.for", given["for"], "until or for, not both");
  }
  if (given["for"] !== undefined) return parseDuration(given["for"], now);
  if (given["until"] === undefined) return undefined;
  const until = requireInstant("mute.until", given["until"]);
  if (until > now) return until;
  throw new IssueLifecycleError(
    "deadline-passed",
    `mute.until: got ${formatInstant(until)}; allowed is an instant after now, ${formatInstant(now)}.`,
    { field: "mute.until" },
  );
}

function parseDuration(value: unknown, now: Instant): Instant {
  const given = requireObject("mute.for", value);
  const period = requireOneOf("mute.for.period", given["period"], CALENDAR_PERIODS);
  const nrOfPeriods = requireInteger("mute.for.nrOfPeriods", given["nrOfPeriods"], 1, Number.MAX_SAFE_INTEGER);
  const until = addPeriods(now, nrOfPeriods, period);
  if (!isInstant(until)) throw invalidInput("mute.for.nrOfPeriods", nrOfPeriods, "a deadline before the year 10000");
  return until;
}

function parseConditions(value: unknown): VolumeBasedCondition[] {
  if (value === undefined) return [];
  const given = requireArray("mute.conditions", value);
  if (given.length > MAX_MUTE_CONDITIONS) {
    throw invalidInput("mute.conditions", value, `at most ${String(MAX_MUTE_CONDITIONS)} conditions`);
  }
  return given.map((each, index) => parseVolumeCondition(each, `mute.conditions[${String(index)}]`));
}
