import { alertReasonShape, type AlertReason } from "./alert-reason.ts";
import { requireInstant } from "./input.ts";
import type { Instant } from "./instant.ts";
import { count, looseObject, oneOf, optional, type Shape } from "./shape.ts";

/**
 * Why an alert was not raised: its event was `old` when it arrived, or occurred in an `environment` that changes no states, and
 * the issue has not been seen in any other.
 */
export type QuietCause = "old" | "environment";

const QUIET_CAUSES = ["old", "environment"] as const satisfies QuietCause[];

/** The first alert of an open issue that was not raised. */
export interface QuietAlert {
  readonly reason: AlertReason;
  /** When its event was received. */
  readonly since: Instant;
  /** The number of its turning point. */
  readonly turningPoint: number;
  /** Why it was not raised; absent for `old`. */
  readonly cause?: QuietCause | undefined;
}

/** The stored form of a quiet alert. */
export const quietAlertShape: Shape<QuietAlert> = looseObject({
  reason: alertReasonShape,
  since: requireInstant,
  turningPoint: count,
  cause: optional(oneOf(QUIET_CAUSES)),
});
