import { alertReasonShape, type AlertReason } from "./alert-reason.ts";
import { requireInstant } from "./input.ts";
import type { Instant } from "./instant.ts";
import { count, looseObject, type Shape } from "./shape.ts";

/** The first alert of an open issue that was not raised, because its event was old when it arrived. */
export interface QuietAlert {
  readonly reason: AlertReason;
  /** When its event was received. */
  readonly since: Instant;
  /** The number of its turning point. */
  readonly turningPoint: number;
}

/** The stored form of a quiet alert. */
export const quietAlertShape: Shape<QuietAlert> = looseObject({
  reason: alertReasonShape,
  since: requireInstant,
  turningPoint: count,
});
