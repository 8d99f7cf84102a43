import { CONDITION_MET_CASES, type ConditionMet } from "./conditions/condition.ts";
import { requireBoolean } from "./input.ts";
import { unmuteReasonShape, type UnmuteReason } from "./mute.ts";
import { regressionReasonShape, type RegressionReason } from "./regression.ts";
import { looseUnion, optional, type Shape } from "./shape.ts";

/** Why an alert about an issue is raised. */
export type AlertReason =
  | { readonly kind: "new-issue" }
  | { readonly kind: "regression"; readonly reason: RegressionReason }
  | {
      /** A mute or a discard ended, but not by a command. */
      readonly kind: "unmute";
      readonly reason: UnmuteReason;
      /** `true` if it was a discard; absent for a mute. */
      readonly wasDiscarded?: boolean | undefined;
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
  unmute: { reason: unmuteReasonShape, wasDiscarded: optional(requireBoolean) },
  loud: { reason: looseUnion<ConditionMet, "kind">("kind", CONDITION_MET_CASES) },
});
