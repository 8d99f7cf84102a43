import type { Alert } from "../../core/alert.ts";
import type { Instant } from "../../core/instant.ts";
import type { VolumeBasedCondition } from "../../core/volume-condition.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";

/** One thing that happened on a timeline. */
export interface TimelineEntry {
  /** When. */
  readonly at: Instant;
  /** The issue it happened to, such as `SHOP-1`; `null` where it is about none. */
  readonly issue: string | null;
  /** What was done: an event, a command, a release. */
  readonly what: string;
  /** What came of it, in words; `""` for nothing worth a word. */
  readonly came: string;
  /** The outcome of an event. */
  readonly outcome: DigestOutcome | null;
  /** The alerts it raised. */
  readonly alerts: readonly Alert[];
  /** How far a mute was on its conditions, right after it. */
  readonly progress: readonly TimelineProgress[];
}

/** How far a mute was on one condition. */
export interface TimelineProgress {
  /** The condition. */
  readonly condition: VolumeBasedCondition;
  /** The events that counted towards it. */
  readonly count: number;
}
