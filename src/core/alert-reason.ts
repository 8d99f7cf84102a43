import { CONDITION_MET_CASES, type ConditionMet } from "./conditions/condition.ts";
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
    }
  | {
      /** An open issue met a condition that it is watched for. */
      readonly kind: "loud";
      readonly reason: ConditionMet;
    };

/** The kind of an alert about an issue. A project can switch each kind off. */
export type AlertKind = AlertReason["kind"];

/** All kinds of alerts about an issue. */
export const ALERT_KINDS = ["new-issue", "regression", "unmute", "loud"] as const satisfies AlertKind[];

/** The stored form of an alert's reason. */
export const alertReasonShape: Shape<AlertReason> = looseUnion("kind", {
  "new-issue": {},
  regression: { reason: regressionReasonShape },
  unmute: { reason: unmuteReasonShape },
  loud: { reason: looseUnion<ConditionMet, "kind">("kind", CONDITION_MET_CASES) },
});
