import type { Alert } from "../../core/alert.ts";
import type { Instant } from "../../core/instant.ts";
import type { VolumeBasedCondition } from "../../core/volume-condition.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";

/** One step of a timeline that was played: an event, a command, a release or a tick. */
export interface TimelineEntry {
  readonly at: Instant;
  /** The friendly id of its issue, such as `SHOP-1`; `null` if it is about no issue. */
  readonly issue: string | null;
  /** What was done, in words. */
  readonly action: string;
  /** The result, in words; `""` if nothing but a count changed. */
  readonly result: string;
  /** The outcome of an event; `null` for other steps. */
  readonly outcome: DigestOutcome | null;
  /** The alerts it raised. */
  readonly alerts: readonly Alert[];
  /** The progress of the issue's mute right after it; empty if the issue has no mute with conditions. */
  readonly progress: readonly TimelineProgress[];
}

/** The progress of a mute towards one of its conditions. */
export interface TimelineProgress {
  readonly condition: VolumeBasedCondition;
  /** The number of events that count towards it. */
  readonly count: number;
}
