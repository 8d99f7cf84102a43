import { unmuteReasonShape, type UnmuteReason } from "./mute.ts";
import { regressionReasonShape, type RegressionReason } from "./regression.ts";
import { looseUnion, type Shape } from "./shape.ts";

/** Why an alert about an issue is raised. */
export type AlertReason =
  | { readonly kind: "new-issue" }
  | { readonly kind: "regression"; readonly reason: RegressionReason }
  | {
      /** A mute ended, but not by a command. */
      readonly kind: "unmute";
      readonly reason: UnmuteReason;
    };

/** The kind of an alert about an issue. A project can switch each kind off. */
export type AlertKind = AlertReason["kind"];

/** All kinds of alerts about an issue. */
export const ALERT_KINDS = ["new-issue", "regression", "unmute"] as const satisfies AlertKind[];

/** The stored form of an alert's reason. */
export const alertReasonShape: Shape<AlertReason> = looseUnion("kind", {
  "new-issue": {},
  regression: { reason: regressionReasonShape },
  unmute: { reason: unmuteReasonShape },
});
