import { addPeriods, bucketOf, bucketStart, CALENDAR_PERIODS, type CalendarPeriod } from "./calendar.ts";
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
import type { PeriodCounter } from "./period-counter.ts";
import { countOf } from "./text.ts";
import { countTowards } from "./threshold.ts";
import {
  describeVolumeCondition,
  describeWindow,
  parseVolumeCondition,
  type VolumeBasedCondition,
} from "./volume-condition.ts";

/** What lifts a mute once its deadline has passed. */
export type WakeOn =
  /** The first event after the deadline: "tell me if it did not go away by itself". A quiet issue stays muted. */
  | "next-event"
  /** The deadline itself, at the first `tick` that finds it passed. */
  | "deadline";

/** Both ways to wake. */
export const WAKE_ON = ["next-event", "deadline"] as const satisfies WakeOn[];

/** When a mute ends by time. */
export interface MuteDeadline {
  /** The last instant of the mute. */
  readonly at: Instant;
  /** See {@link WakeOn}. */
  readonly wakeOn: WakeOn;
}

/** When a mute ends by volume: as soon as one of the conditions is met. */
export interface MuteVolume {
  /** At least one. The first one met, in this order, is the reason. */
  readonly conditions: readonly VolumeBasedCondition[];
  /** Only events after this many of the issue count: 0, or the event count at the mute ("since the mute"). */
  readonly countedFrom: number;
  /** No condition can be met before the issue's event count reaches this. */
  readonly checkAt: number;
}

/** A mute in force. Without deadline and volume it is for ever. */
export interface Mute {
  /** When somebody muted the issue. */
  readonly mutedAt: Instant;
  /** Its end by time, if it has one. */
  readonly deadline: MuteDeadline | null;
  /** Its end by volume, if it has one. */
  readonly volume: MuteVolume | null;
}

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

/** Why a muted issue is muted no longer. */
export type UnmuteReason =
  | {
      /** Somebody lifted the mute. */
      readonly kind: "by-person";
    }
  | {
      /** The deadline passed. */
      readonly kind: "deadline-passed";
      /** The deadline. */
      readonly deadline: Instant;
      /** What noticed: an event after the deadline, or the clock. */
      readonly noticedBy: "event" | "clock";
    }
  | {
      /** A condition was met. */
      readonly kind: "volume-reached";
      /** The first of the conditions, in declared order, that was met. */
      readonly condition: VolumeBasedCondition;
      /** The events that counted towards it. */
      readonly count: number;
      /** Whether only events after the mute counted. */
      readonly sinceMute: boolean;
    };

/** What a muted issue does about an event that was just counted. */
export type UnmuteDecision =
  | {
      /** The mute ends. */
      readonly kind: "unmute";
      /** Why. */
      readonly reason: UnmuteReason;
    }
  | {
      /** The mute goes on. */
      readonly kind: "stay";
      /** The mute as it goes on: it may know now when to look next. */
      readonly mute: Mute;
    };

/**
 * Decides whether a counted event ends a mute: by the deadline first, then by the conditions in declared order. Looks at
 * the counter only when enough events came that a condition could be met.
 *
 * @param mute - the mute in force
 * @param receivedAt - when the event was received
 * @param counter - the issue's counter, with the event counted
 */
export function decideUnmute(mute: Mute, receivedAt: Instant, counter: PeriodCounter): UnmuteDecision {
  const { deadline, volume } = mute;
  if (deadline !== null && receivedAt > deadline.at) {
    return { kind: "unmute", reason: { kind: "deadline-passed", deadline: deadline.at, noticedBy: "event" } };
  }
  if (volume === null || counter.total < volume.checkAt) return { kind: "stay", mute };
  const met = firstMet(volume, counter);
  if (met !== undefined) return { kind: "unmute", reason: met };
  return { kind: "stay", mute: { ...mute, volume: { ...volume, checkAt: nextCheck(volume, counter) } } };
}

/** Decides whether the clock alone ends a mute: only if it was asked to wake at its deadline. */
export function decideWakeUp(mute: Mute, now: Instant): UnmuteDecision {
  const { deadline } = mute;
  if (deadline?.wakeOn !== "deadline" || now < deadline.at) return { kind: "stay", mute };
  return { kind: "unmute", reason: { kind: "deadline-passed", deadline: deadline.at, noticedBy: "clock" } };
}

/** The first condition met, in declared order, judged at the newest time counted or at `now` if that is later. */
export function firstMet(
  { conditions, countedFrom }: Pick<MuteVolume, "conditions" | "countedFrom">,
  counter: PeriodCounter,
  now?: Instant,
): (UnmuteReason & { kind: "volume-reached" }) | undefined {
  for (const condition of conditions) {
    const count = countTowards(counter, condition, countedFrom, now);
    if (count >= condition.volume) return { kind: "volume-reached", condition, count, sinceMute: countedFrom > 0 };
  }
  return undefined;
}

/**
 * The event count before which no condition can be met: a window cannot gain more events than are digested, so until
 * then there is no need to look. Goes by the newest time counted, as the conditions will.
 */
export function nextCheck(
  { conditions, countedFrom }: Pick<MuteVolume, "conditions" | "countedFrom">,
  counter: PeriodCounter,
): number {
  const missing = conditions.map((each) => each.volume - countTowards(counter, each, countedFrom));
  return Math.min(Number.MAX_SAFE_INTEGER, counter.total + Math.min(...missing));
}

/** How far a muted issue is on one of its conditions. */
export interface ConditionProgress {
  /** The condition. */
  readonly condition: VolumeBasedCondition;
  /** The events that count towards it now. */
  readonly count: number;
  /** How many more are needed. */
  readonly missing: number;
  /** The first instant of the window; `null` for `total`. */
  readonly windowStartsAt: Instant | null;
  /** The instant at which the current bucket ends and the oldest one leaves the window; `null` for `total`. */
  readonly windowEndsAt: Instant | null;
  /** In words: "63 of 100 events in the current day, which ends at 2026-11-24 00:00 UTC". */
  readonly text: string;
}

/** How far a muted issue is, for people to look at. */
export interface MuteProgress {
  /** The mute's deadline, if it has one. */
  readonly deadline: MuteDeadline | null;
  /** One for each condition, in declared order. */
  readonly conditions: readonly ConditionProgress[];
}

/**
 * How far a muted issue is, at `now` or at the newest time counted if that is later.
 *
 * @param mute - the mute in force
 * @param counter - the issue's counter
 * @param now - the instant whose bucket is the current one
 */
export function muteProgress(mute: Mute, counter: PeriodCounter, now: Instant): MuteProgress {
  const judgedAt = Math.max(now, newestInstant(counter));
  const countedFrom = mute.volume?.countedFrom ?? 0;
  const conditions = mute.volume?.conditions ?? [];
  return {
    deadline: mute.deadline,
    conditions: conditions.map((condition) => conditionProgress(condition, countedFrom, counter, judgedAt)),
  };
}

function conditionProgress(
  condition: VolumeBasedCondition,
  countedFrom: number,
  counter: PeriodCounter,
  now: Instant,
): ConditionProgress {
  const count = countTowards(counter, condition, countedFrom, now);
  const since = countedFrom > 0 ? " since the mute" : "";
  const progress = `${String(count)} of ${countOf(condition.volume, "event")}${since} ${describeWindow(condition)}`;
  const missing = Math.max(0, condition.volume - count);
  if (condition.period === "total") {
    return { condition, count, missing, windowStartsAt: null, windowEndsAt: null, text: progress };
  }
  const current = bucketOf(condition.period, now);
  const windowEndsAt = bucketStart(condition.period, current + 1);
  const which = condition.nrOfPeriods === 1 ? "which" : `the current ${condition.period}`;
  return {
    condition,
    count,
    missing,
    windowStartsAt: bucketStart(condition.period, current - condition.nrOfPeriods + 1),
    windowEndsAt,
    text: `${progress}, ${which} ends at ${formatInstant(windowEndsAt)}`,
  };
}

function newestInstant(counter: PeriodCounter): Instant {
  return counter.newestMinute === undefined ? 0 : bucketStart("minute", counter.newestMinute);
}

/** A true sentence on why an issue is muted no longer. */
export function describeUnmuteReason(reason: UnmuteReason): string {
  switch (reason.kind) {
    case "by-person":
      return "The mute was lifted.";
    case "deadline-passed":
      return reason.noticedBy === "event"
        ? `An event was received after the mute's deadline of ${formatInstant(reason.deadline)}.`
        : `The mute's deadline of ${formatInstant(reason.deadline)} has passed.`;
    case "volume-reached":
      return `There were ${describeVolumeCondition(reason.condition)}${reason.sinceMute ? ", counted from the mute" : ""}.`;
  }
}
