import { requireBoolean, requireInstant } from "./input.ts";
import type { Instant } from "./instant.ts";
import type { ResolvedState } from "./issue.ts";
import type { ReleaseMark } from "./release-mark.ts";
import { appearedBefore, type Appearance, type KnownRelease } from "./release.ts";
import { anyText, looseUnion, optional, type Shape } from "./shape.ts";
import { nameEnvironment, nameRelease } from "./wording.ts";

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
      /** The release that the event belongs to. */
      readonly release: string;
      /** `true` if the event names no release, so that it belongs to the latest one. */
      readonly assumed?: boolean | undefined;
      /** The release of the fix claim. */
      readonly fixedIn: string;
    };

/** The stored form of a regression reason. */
export const regressionReasonShape: Shape<RegressionReason> = looseUnion("kind", {
  "resolved-plainly": { resolvedAt: requireInstant },
  "fixed-in-release": { release: anyText, assumed: optional(requireBoolean), fixedIn: anyText },
});

/** Why an event of a resolved issue is not a regression. */
export type NoRegressionReason =
  | {
      /** The event occurred before the issue was resolved, or before the fix was claimed, and arrived afterwards. */
      readonly kind: "occurred-before-resolution";
    }
  | {
      /** The issue is resolved by the next release, and the event's release is not that. */
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
    }
  | {
      /** The event's release was retired. */
      readonly kind: "release-retired";
      readonly release: string;
    }
  | {
      /** It occurred in an environment that changes no states in its project. */
      readonly kind: "other-environment";
      /** `""` for none. */
      readonly environment: string;
    };

/** Whether an event is a regression, and why. */
export type RegressionDecision =
  | { readonly regression: true; readonly reason: RegressionReason }
  | { readonly regression: false; readonly reason: NoRegressionReason };

/** The release that an event belongs to. */
export type EventRelease =
  | {
      readonly kind: "release";
      readonly release: KnownRelease;
      /** Whether the event names no release: it belongs to the latest one of its issue's line. */
      readonly assumed: boolean;
    }
  | {
      /** The event names none, and the project knows none. */
      readonly kind: "none";
    }
  | {
      /** The release was retired: the event is no regression and leaves no mark. */
      readonly kind: "retired";
      readonly version: string;
    };

/** The members of an event that decide whether it is a regression. */
export interface Occurrence {
  readonly release: EventRelease;
  /** When it occurred by the client's clock; never later than when it was received. */
  readonly occurredAt: Instant;
}

/** A fix claim of the present resolution, in a known release. */
export interface PresentClaim {
  readonly release: KnownRelease;
  /** When it was made. */
  readonly claimedAt: Instant;
}

/** What happened to an issue in its releases, as far as it decides about an event. */
export interface ReleaseEvidence {
  /** The mark nearest at or before the event's release, in that release's line, by {@link nearestMark}. */
  readonly nearest: ReleaseMark | undefined;
  /** The fix claims of the present resolution in known releases of other lines. Those of the event's line are ignored. */
  readonly claims: readonly PresentClaim[];
}

/** The evidence about an issue without marks and claims. */
export const NO_EVIDENCE: ReleaseEvidence = Object.freeze({ nearest: undefined, claims: [] });

/**
 * Decides whether an event of a resolved issue is a regression.
 *
 * For an issue resolved by a release, the deciding mark does: a fix claim makes the event a regression, an occurrence does
 * not. That is the nearest mark at or before the event's release in its line; but a fix that the present resolution claims
 * in another line decides instead, if its release appeared before the event's and after the nearest mark's.
 */
export function decideRegression(
  state: ResolvedState,
  { release, occurredAt }: Occurrence,
  evidence: ReleaseEvidence,
): RegressionDecision {
  if (release.kind === "retired") return no({ kind: "release-retired", release: release.version });
  if (occurredAt < state.resolvedAt) return no({ kind: "occurred-before-resolution" });
  switch (state.resolution.kind) {
    case "plain":
      return yes({ kind: "resolved-plainly", resolvedAt: state.resolvedAt });
    case "by-next":
      return no({ kind: "awaiting-next-release" });
    case "by-release": {
      if (release.kind === "none") return no({ kind: "before-every-fix" });
      const deciding = decidingMark(release.release, evidence);
      if (deciding === undefined) return no({ kind: "before-every-fix" });
      if (deciding.last === "seen") return no({ kind: "known-to-be-broken", seenIn: deciding.version });
      if (occurredAt < deciding.fixedAt) return no({ kind: "occurred-before-resolution" });
      const { version } = release.release;
      return yes({
        kind: "fixed-in-release",
        release: version,
        ...(release.assumed && { assumed: true }),
        fixedIn: deciding.version,
      });
    }
  }
}

/** What decides about an event: an occurrence in a release, or a fix claim. */
export type DecidingMark =
  | { readonly last: "seen"; readonly version: string }
  | { readonly last: "fixed"; readonly version: string; readonly fixedAt: Instant };

/** The mark that decides about events in a release; `undefined` if there is none. */
export function decidingMark(release: KnownRelease, { nearest, claims }: ReleaseEvidence): DecidingMark | undefined {
  const seenAt = nearest === undefined ? undefined : appearanceOf(nearest);
  const between = claims.filter(
    (claim) =>
      claim.release.line !== release.line &&
      appearedBefore(claim.release, release) &&
      (seenAt === undefined || appearedBefore(seenAt, claim.release)),
  );
  const [first, ...others] = between;
  if (first === undefined) return nearest;
  const last = others.reduce((one, other) => (appearedBefore(one.release, other.release) ? other : one), first);
  return { last: "fixed", version: last.release.version, fixedAt: last.claimedAt };
}

/** When a mark's release appeared. One that is only announced is at or before a known one, so that it counts as the oldest. */
function appearanceOf({ releasedAt, number }: ReleaseMark): Appearance {
  return { releasedAt: releasedAt ?? 0, number };
}

function yes(reason: RegressionReason): RegressionDecision {
  return { regression: true, reason };
}

function no(reason: NoRegressionReason): RegressionDecision {
  return { regression: false, reason };
}

/** A regression reason as a sentence. */
export function describeRegressionReason(reason: RegressionReason): string {
  switch (reason.kind) {
    case "resolved-plainly":
      return "It had been resolved.";
    case "fixed-in-release": {
      const fixedIn = nameRelease(reason.fixedIn);
      return reason.assumed === true
        ? `An event without a release occurred while ${nameRelease(reason.release)} was the latest, and a fix was claimed in ${fixedIn}.`
        : `It occurred in ${nameRelease(reason.release)}, and a fix was claimed in ${fixedIn}.`;
    }
  }
}

/** Why an event of a resolved issue is no regression, as a sentence. */
export function describeNoRegressionReason(reason: NoRegressionReason): string {
  switch (reason.kind) {
    case "occurred-before-resolution":
      return "It occurred before the fix was claimed.";
    case "awaiting-next-release":
      return "The issue is resolved in its next release, and the event's release is not that.";
    case "known-to-be-broken":
      return `The issue is known to occur in ${nameRelease(reason.seenIn)}, and no fix is claimed in a later one up to the event's.`;
    case "before-every-fix":
      return "No fix is claimed in the event's release or in one before it.";
    case "other-environment":
      return `It occurred in ${nameEnvironment(reason.environment)}, which changes no states in this project.`;
    case "release-retired":
      return `Its release, ${nameRelease(reason.release)}, was retired.`;
  }
}
