import type { Instant } from "./instant.ts";
import type { ResolvedState } from "./issue.ts";
import type { ReleaseMark } from "./release-mark.ts";

/** Why an event is a regression. */
export type RegressionReason =
  | {
      /** The issue was resolved plainly, so any later event contradicts that. */
      readonly kind: "resolved-plainly";
      /** When it was resolved. */
      readonly resolvedAt: Instant;
    }
  | {
      /** The issue was said to be fixed in a release at or before the event's, and was not seen in between. */
      readonly kind: "fixed-in-release";
      /** The event's release. */
      readonly release: string;
      /** The release whose fix claim decided. */
      readonly fixedIn: string;
    };

/** Why an event of a resolved issue is no regression. */
export type NoRegressionReason =
  | {
      /** It occurred before the issue was resolved, and only arrived afterwards. */
      readonly kind: "occurred-before-resolution";
    }
  | {
      /** The fix is promised for the next release, which has not appeared. */
      readonly kind: "awaiting-next-release";
    }
  | {
      /** The nearest marked release is one in which the issue was seen: it is known to be broken there. */
      readonly kind: "known-to-be-broken";
      /** The release that decided. */
      readonly seenIn: string;
    }
  | {
      /** Nothing was claimed for the event's release or any before it. */
      readonly kind: "before-every-fix";
    };

/** Whether an event contradicts a resolution, and why or why not. */
export type RegressionVerdict =
  | {
      /** It does. */
      readonly regression: true;
      /** Why. */
      readonly reason: RegressionReason;
    }
  | {
      /** It does not. */
      readonly regression: false;
      /** Why not. */
      readonly reason: NoRegressionReason;
    };

/** What a regression check has to know of an event. */
export interface Occurrence {
  /** The event's release. */
  readonly release: string;
  /** When it occurred: the client's word, never later than when it was received. */
  readonly occurredAt: Instant;
}

/**
 * Whether an event contradicts its issue's resolution.
 *
 * Resolved by a release, the nearest marked release at or before the event's decides: a fix claim makes the
 * event a regression, an occurrence does not. That is the end of a walk through all releases in which fix claims open
 * resolved stretches and occurrences end them, at the cost of one look-up.
 *
 * @param state - the resolution
 * @param event - the event
 * @param nearest - the mark nearest at or before the event's release, by {@link nearestMark}; only looked at for
 *   an issue resolved by a release
 */
export function judgeRegression(
  state: ResolvedState,
  event: Occurrence,
  nearest: ReleaseMark | undefined,
): RegressionVerdict {
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

function yes(reason: RegressionReason): RegressionVerdict {
  return { regression: true, reason };
}

function no(reason: NoRegressionReason): RegressionVerdict {
  return { regression: false, reason };
}
