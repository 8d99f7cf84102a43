import { formatInstant, type Instant } from "./instant.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { countTowards } from "./threshold.ts";
import { describeReachedCondition, type VolumeBasedCondition } from "./volume-condition.ts";

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
  /** The last instant at which an event leaves the mute in force; with `wakeOn: "deadline"` the clock lifts it then. */
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
  /** No condition can be met before the event count reaches this. */
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
 * Decides whether a counted event ends a mute: by the deadline first, then by the conditions in declared order. They are
 * judged at the newest time counted, but not before the mute, whose own time was seen too: what was over then cannot be
 * met any more. Looks at the counter only when enough events came that a condition could be met.
 *
 * @param mute - the mute in force
 * @param receivedAt - when the event was received
 * @param counter - the counter, with the event counted
 */
export function decideUnmute(mute: Mute, receivedAt: Instant, counter: PeriodCounter): UnmuteDecision {
  const { deadline, volume } = mute;
  if (deadline !== null && receivedAt > deadline.at) {
    return { kind: "unmute", reason: { kind: "deadline-passed", deadline: deadline.at, noticedBy: "event" } };
  }
  if (volume === null || counter.total < volume.checkAt) return { kind: "stay", mute };
  const met = firstMet(volume, counter, mute.mutedAt);
  if (met !== undefined) return { kind: "unmute", reason: met };
  return { kind: "stay", mute: { ...mute, volume: { ...volume, checkAt: nextCheck(volume, counter) } } };
}

/** Decides whether the clock alone ends a mute: only if it was asked to wake at its deadline. */
export function decideWakeUp(mute: Mute, now: Instant): UnmuteDecision {
  const { deadline } = mute;
  if (deadline?.wakeOn !== "deadline" || now < deadline.at) return { kind: "stay", mute };
  return { kind: "unmute", reason: { kind: "deadline-passed", deadline: deadline.at, noticedBy: "clock" } };
}

/** The first condition met, in declared order, judged at `now` or at the newest time counted if that is later. */
export function firstMet(
  { conditions, countedFrom }: Pick<MuteVolume, "conditions" | "countedFrom">,
  counter: PeriodCounter,
  now: Instant,
): (UnmuteReason & { kind: "volume-reached" }) | undefined {
  for (const condition of conditions) {
    const count = countTowards(counter, condition, countedFrom, now);
    if (count >= condition.volume) return { kind: "volume-reached", condition, count, sinceMute: countedFrom > 0 };
  }
  return undefined;
}

/**
 * The event count before which no condition can be met: a window cannot gain more events than are digested, so until
 * then there is no need to look. Goes by the newest time counted: later on, a window can only hold less of what was.
 */
export function nextCheck(
  { conditions, countedFrom }: Pick<MuteVolume, "conditions" | "countedFrom">,
  counter: PeriodCounter,
): number {
  const missing = conditions.map((each) => each.volume - countTowards(counter, each, countedFrom));
  return Math.min(Number.MAX_SAFE_INTEGER, counter.total + Math.min(...missing));
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
      return `There were ${describeReachedCondition(reason.condition)}${reason.sinceMute ? ", counted from the mute" : ""}.`;
  }
}
