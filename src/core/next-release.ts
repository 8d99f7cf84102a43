import type { SystemTransition } from "./clock-transition.ts";
import type { Instant } from "./instant.ts";
import { withState, type Issue, type IssueState, type ResolvedState } from "./issue.ts";
import { markFixed, type FixedMark, type ReleaseMark } from "./release-mark.ts";
import type { KnownRelease } from "./release.ts";
import { SYSTEM } from "./turning-point.ts";

/** Whether an issue is resolved by the next release. */
export function awaitsNextRelease(state: IssueState): state is ResolvedState & { resolution: { kind: "by-next" } } {
  return state.status === "resolved" && state.resolution.kind === "by-next";
}

/**
 * Whether a release is the next one of an issue that waits for it: one that became the latest of its line after the issue was
 * resolved. It is at once in a line in which the issue has a mark, in any other when the issue itself occurs in it.
 */
export function isNextRelease({ state }: Pick<Issue, "state">, release: KnownRelease): boolean {
  return awaitsNextRelease(state) && release.becameLatest && release.number > state.afterRelease;
}

/** The result of {@link applyNextRelease}. */
export interface NextReleaseTransition extends SystemTransition {
  /** The issue's mark for that release: a fix claim as of when the issue was resolved. */
  readonly mark: FixedMark;
}

/**
 * Resolves an issue that waits for the next release in a release that {@link isNextRelease}; `undefined` for any other.
 *
 * @param mark - the issue's mark for the release, if there is one
 * @param at - when it became the next release
 * @param eventId - the event that brought it, or `null`
 */
export function applyNextRelease(
  issue: Issue,
  release: KnownRelease,
  at: Instant,
  eventId: string | null,
  mark?: ReleaseMark,
): NextReleaseTransition | undefined {
  const { state } = issue;
  if (state.status !== "resolved" || !isNextRelease(issue, release)) return undefined;
  const resolution = { kind: "by-release", releases: [release.version] } as const;
  const seenNumber = issue.lastSeenIn === release.version ? 0 : issue.seenNumber;
  return {
    issue: withState({ ...issue, seenNumber }, { ...state, resolution }),
    turningPoint: {
      turn: { kind: "next-materialized", release: release.version },
      at,
      by: SYSTEM,
      eventId,
      comment: "",
    },
    alert: null,
    mark: markFixed(release, mark, state.resolvedAt),
  };
}
