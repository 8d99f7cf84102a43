import { requireInstant } from "./input.ts";
import type { Instant } from "./instant.ts";
import type { ResolvedState } from "./issue.ts";
import type { ReleaseMark } from "./release-mark.ts";
import { anyText, looseUnion, type Shape } from "./shape.ts";

/** Why an event is a regression. */
export type RegressionReason =
  | {
      /** The issue was resolved without a release. */
      readonly kind: "resolved-plainly";
      readonly resolvedAt: Instant;
    }
  | {
      /** A fix was claimed in a release at or before the event's, and the issue did not occur in between. */
      readonly kind: "fixed-in-release";
      /** The event's release. */
      readonly release: string;
      /** The release of the fix claim. */
      readonly fixedIn: string;
    };

/** The stored form of a regression reason. */
export const regressionReasonShape: Shape<RegressionReason> = looseUnion("kind", {
  "resolved-plainly": { resolvedAt: requireInstant },
  "fixed-in-release": { release: anyText, fixedIn: anyText },
});

/** Why an event of a resolved issue is not a regression. */
export type NoRegressionReason =
  | {
      /** The event occurred before the issue was resolved, and arrived afterwards. */
      readonly kind: "occurred-before-resolution";
    }
  | {
      /** The issue is resolved by the next release, which is not known yet. */
      readonly kind: "awaiting-next-release";
    }
  | {
      /** The issue occurred before in this release, or in one before it without a fix claim in between. */
      readonly kind: "known-to-be-broken";
      /** The release of that occurrence. */
      readonly seenIn: string;
    }
  | {
      /** No fix is claimed in the event's release or in one before it. */
      readonly kind: "before-every-fix";
    };

/** Whether an event is a regression, and why. */
export type RegressionDecision =
  | { readonly regression: true; readonly reason: RegressionReason }
  | { readonly regression: false; readonly reason: NoRegressionReason };

/** The members of an event that decide whether it is a regression. */
export interface Occurrence {
  readonly release: string;
  /** When it occurred by the client's clock; never later than when it was received. */
  readonly occurredAt: Instant;
}

/**
 * Decides whether an event of a resolved issue is a regression.
 *
 * For an issue resolved by a release, the nearest mark at or before the event's release decides: a fix claim makes the
 * event a regression, an occurrence does not. So the decision takes one lookup, however many releases there are.
 *
 * @param nearest - the mark nearest at or before the event's release, by {@link nearestMark}; only used for an
 *   issue resolved by a release
 */
export function decideRegression(
  state: ResolvedState,
  event: Occurrence,
  nearest: ReleaseMark | undefined,
): RegressionDecision {
  if (event.occurredAt < state.resolvedAt) return no({ kind: "occurred-before-resolution" });
  switch (state.resolution.kind) {
    case "plain":
      return yes({ kind: "resolved-plainly", resolvedAt: state.resolvedAt });
    case "by-next":
      return no({ kind: "awaiting-next-release" });
    case "by-release":
      if (nearest === undefined) return no({ kind: "before-every-fix" });
      if (nearest.last === "seen") return no({ kind: "known-to-be-broken", seenIn: nearest.version });
      if (event.occurredAt < nearest.fixedAt) return no({ kind: "occurred-before-resolution" });
      return yes({ kind: "fixed-in-release", release: event.release, fixedIn: nearest.version });
  }
}

function yes(reason: RegressionReason): RegressionDecision {
  return { regression: true, reason };
}

function no(reason: NoRegressionReason): RegressionDecision {
  return { regression: false, reason };
}
