import type { Alert } from "../../core/alert.ts";
import type { Instant } from "../../core/instant.ts";
import type { MuteTerms } from "../../core/mute.ts";
import type { TurningPoint } from "../../core/turning-point.ts";
import type { Condition } from "../../core/conditions/condition.ts";
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
  /** How many events it stands for; 0 for other steps. */
  readonly eventCount: number;
  /** Whether it is an event of an environment that changes no states. Such an event counts in the total only. */
  readonly isElsewhere: boolean;
  /** The alerts it raised. */
  readonly alerts: readonly Alert[];
  /** The progress of the issue's mute right after it; empty if the issue has no mute with conditions. */
  readonly progress: readonly TimelineProgress[];
  /** How far its issue is from the conditions that it is watched for; empty if it is not open, or not watched. */
  readonly watched: readonly TimelineProgress[];
  /**
   * What it added to the histories of issues, its own and others: a release may be the next one of several issues, and a tick may
   * end several mutes, and begin others again. By issue, and in the order of each history.
   */
  readonly turningPoints: readonly TimelineTurningPoint[];
}

/** The progress towards a condition of a mute or of a watch. */
export interface TimelineProgress {
  readonly condition: Condition;
  /** What counts towards it: events, or users. */
  readonly count: number;
}

/** A turning point with the friendly id of its issue. */
export interface TimelineTurningPoint extends TurningPoint {
  /** Such as `SHOP-1`. */
  readonly issue: string;
  /** The terms of the mute that begins there, by a command or because the issue was unmerged from a muted one; `null` for none. */
  readonly mute: MuteTerms | null;
}
