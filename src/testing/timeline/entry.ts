import type { Alert } from "../../core/alert.ts";
import type { Instant } from "../../core/instant.ts";
import type { TurningPoint } from "../../core/turning-point.ts";
import type { VolumeBasedCondition } from "../../core/volume-condition.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";

/** One step of a timeline that was played: an event, a command, a release or a tick. */
export interface TimelineEntry {
  readonly at: Instant;
  /** The friendly id of its issue, such as `SHOP-1`; `null` if it is about no issue. */
  readonly issue: string | null;
  /** What was done, in words: what a command asked for, its author and the comment. */
  readonly action: string;
  /** The result, in words; `""` if nothing but a count changed. */
  readonly result: string;
  /** The outcome of an event; `null` for other steps. */
  readonly outcome: DigestOutcome | null;
  /** The alerts it raised. */
  readonly alerts: readonly Alert[];
  /** The progress of the issue's mute right after it; empty if the issue has no mute with conditions. */
  readonly progress: readonly TimelineProgress[];
  /**
   * What it added to the histories of issues, its own and others: a release may be the next one of several issues, and a tick may
   * end several mutes. By issue, and in the order of each history.
   */
  readonly turningPoints: readonly TimelineTurningPoint[];
}

/** The progress of a mute towards one of its conditions. */
export interface TimelineProgress {
  readonly condition: VolumeBasedCondition;
  /** The number of events that count towards it. */
  readonly count: number;
}

/** A turning point with the friendly id of its issue. */
export interface TimelineTurningPoint extends TurningPoint {
  /** Such as `SHOP-1`. */
  readonly issue: string;
}
