import type { Instant } from "./instant.ts";
import { withState, type Issue, type IssueState, type Resolution, type ResolvedState } from "./issue.ts";
import type { Actor, TurningPointDraft } from "./turning-point.ts";

/** A fix claim of a resolution. */
export interface ResolutionClaim {
  /** The version of its release. */
  readonly release: string;
  /** When it was made. */
  readonly claimedAt: Instant;
}

/** The fix claims of an issue's present resolution, in the order in which they were made. */
export function presentClaims(state: IssueState): readonly ResolutionClaim[] {
  if (state.status !== "resolved" || state.resolution.kind !== "by-release") return [];
  const { releases, claimedAt } = state.resolution;
  return releases.map((release, index) => ({ release, claimedAt: claimedAt?.[index] ?? state.resolvedAt }));
}

/** The resolution of some fix claims of an issue that was resolved at an instant. */
export function claimsResolution(
  claims: readonly ResolutionClaim[],
  resolvedAt: Instant,
): Resolution & { kind: "by-release" } {
  const releases = claims.map(({ release }) => release);
  if (claims.every(({ claimedAt }) => claimedAt === resolvedAt)) return { kind: "by-release", releases };
  return { kind: "by-release", releases, claimedAt: claims.map(({ claimedAt }) => claimedAt) };
}

/** Why claims are withdrawn, and when. */
export interface Withdrawal {
  readonly at: Instant;
  readonly by: Actor;
  /** Whether the project still knows a release, so that an issue can wait for the next one. */
  readonly knowsReleases: boolean;
}

/**
 * Withdraws the claims of an issue's present resolution whose releases were retired; `undefined` if there is none. Without
 * another claim the issue waits for the next release again; in a project that knows no release it is resolved plainly.
 *
 * @param isRetired - whether the release of a claim was retired
 */
export function withdrawRetired(
  issue: Issue,
  isRetired: (release: string) => boolean,
  { at, by, knowsReleases }: Withdrawal,
): { readonly issue: Issue; readonly turningPoint: TurningPointDraft } | undefined {
  const { state } = issue;
  const claims = presentClaims(state);
  const retired = claims.filter(({ release }) => isRetired(release)).map(({ release }) => release);
  if (state.status !== "resolved" || retired.length === 0) return undefined;
  const left = claims.filter(({ release }) => !isRetired(release));
  const next: ResolvedState = { ...state, resolution: resolutionOf(left, state.resolvedAt, knowsReleases) };
  return {
    issue: withState(issue, next),
    turningPoint: { turn: { kind: "claims-withdrawn", releases: retired }, at, by, eventId: null, comment: "" },
  };
}

function resolutionOf(claims: readonly ResolutionClaim[], resolvedAt: Instant, knowsReleases: boolean): Resolution {
  if (claims.length > 0) return claimsResolution(claims, resolvedAt);
  return { kind: knowsReleases ? "by-next" : "plain" };
}
