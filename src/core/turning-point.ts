import {
  CONDITION_MET_CASES,
  conditionShape,
  describeConditionMet,
  ruleOf,
  type Condition,
  type ConditionMet,
} from "./conditions/condition.ts";
import {
  describeDiscardTerms,
  describeUndiscardReason,
  undiscardReasonShape,
  type UndiscardReason,
} from "./discard.ts";
import { describeMilliseconds } from "./duration.ts";
import type { Instant } from "./instant.ts";
import { describeClaims, resolutionShape, type Resolution } from "./issue.ts";
import {
  describeMuteTerms,
  describeUnmuteReason,
  muteTermsShape,
  unmuteReasonShape,
  type MuteTerms,
  type UnmuteReason,
} from "./mute.ts";
import { describeRegressionReason, regressionReasonShape, type RegressionReason } from "./regression.ts";
import { anyText, arrayOf, count, looseUnion, nullable, optional, type Shape } from "./shape.ts";
import { asClause, nameIssue, nameReleases, nameUser, type SentenceNames } from "./wording.ts";

/** Who caused a turning point. */
export type Actor =
  | {
      /** A person, or another actor to which the host gives an id. */
      readonly kind: "user";
      /** The host's id of the user. */
      readonly id: string;
    }
  | {
      /** An event, the clock, a release, or a command without a user. */
      readonly kind: "system";
    };

/** The actor of changes that were not made by a user. */
export const SYSTEM: Actor = Object.freeze({ kind: "system" });

/** What happened at a turning point, with its details. */
export type Turn =
  | {
      /** The issue's first event. */
      readonly kind: "first-seen";
    }
  | {
      readonly kind: "resolved";
      /** The claim of this command: for `by-release` its one release. */
      readonly claim: Resolution;
    }
  | {
      /** The clock resolved the issue plainly, because it had no event for so long. */
      readonly kind: "auto-resolved";
      /** After how many milliseconds without an event its project resolves issues. */
      readonly quietForMs: number;
    }
  | { readonly kind: "muted"; readonly terms: MuteTerms }
  | { readonly kind: "unmuted"; readonly reason: UnmuteReason }
  | {
      /** From then on its events are only counted, until one of the conditions is met, or else until a command. */
      readonly kind: "discarded";
      readonly conditions: readonly Condition[];
    }
  | { readonly kind: "undiscarded"; readonly reason: UndiscardReason }
  | {
      /** An event was a regression, and opened the issue again. */
      readonly kind: "regressed";
      readonly reason: RegressionReason;
    }
  | {
      /** An event of the open issue met a condition that it is watched for. */
      readonly kind: "loud";
      readonly reason: ConditionMet;
    }
  | {
      /** A person chose the conditions that it is watched for; `null`: those of its project. */
      readonly kind: "watched";
      readonly conditions: readonly Condition[] | null;
    }
  | {
      readonly kind: "reopened";
      /** The releases whose fix claims were withdrawn, if any were. */
      readonly withdrawn?: readonly string[] | undefined;
    }
  | {
      /** The release of a fix claim was retired. A resolution without another claim waits for the next release again. */
      readonly kind: "claims-withdrawn";
      readonly releases: readonly string[];
    }
  | {
      /** The issue was resolved in the next release, which is now known to be this one. */
      readonly kind: "next-materialized";
      readonly release: string;
    }
  | {
      /** The issue was merged into another, whose id this is: that one has the state of both. */
      readonly kind: "merged";
      readonly into: string;
    }
  | {
      /** The issue is on its own again, in the state of the other one, whose id this is. */
      readonly kind: "unmerged";
      readonly from: string;
    }
  | {
      /** Another issue, whose id this is, was merged into this one. */
      readonly kind: "member-merged";
      readonly member: string;
    }
  | {
      /** An issue that had been merged into this one is on its own again. */
      readonly kind: "member-unmerged";
      readonly member: string;
    }
  | {
      /** A comment was added: {@link TurningPointDraft.comment}. */
      readonly kind: "annotated";
    };

/** The stored form of a {@link Turn}. */
export const turnShape: Shape<Turn> = looseUnion("kind", {
  "first-seen": {},
  resolved: { claim: resolutionShape },
  "auto-resolved": { quietForMs: count },
  muted: { terms: muteTermsShape },
  unmuted: { reason: unmuteReasonShape },
  discarded: { conditions: arrayOf(conditionShape) },
  undiscarded: { reason: undiscardReasonShape },
  regressed: { reason: regressionReasonShape },
  loud: { reason: looseUnion<ConditionMet, "kind">("kind", CONDITION_MET_CASES) },
  watched: { conditions: nullable(arrayOf(conditionShape)) },
  reopened: { withdrawn: optional(arrayOf(anyText)) },
  "claims-withdrawn": { releases: arrayOf(anyText) },
  "next-materialized": { release: anyText },
  merged: { into: anyText },
  unmerged: { from: anyText },
  "member-merged": { member: anyText },
  "member-unmerged": { member: anyText },
  annotated: {},
});

/** The kind of a turning point. */
export type TurningPointKind = Turn["kind"];

/** A turning point that a transition returns, before it has a number in the issue's history. */
export interface TurningPointDraft {
  readonly turn: Turn;
  /** When it happened; for an event, when that was received. */
  readonly at: Instant;
  readonly by: Actor;
  /** The event that caused it, or `null`. */
  readonly eventId: string | null;
  /** The comment of its author, or `""`. */
  readonly comment: string;
}

/** One entry in an issue's history. */
export interface TurningPoint extends TurningPointDraft {
  readonly issueId: string;
  /** Its number in the issue's history, from 1, in the order in which the issue changed. */
  readonly number: number;
}

/**
 * A turning point as a sentence: "The issue was resolved by ann, with a fix claimed in release 2.1.0." It says neither when it happened nor
 * its comment. Texts of others, such as names, are in it as plain text of one line: escape it for HTML.
 *
 * @param names - names of people and issues instead of their ids
 */
export function describeTurningPoint(
  { turn, by }: Pick<TurningPointDraft, "turn" | "by">,
  names: SentenceNames = {},
): string {
  const byActor = by.kind === "system" ? "" : ` by ${nameUser(by.id, names)}`;
  return `${describeTurn(turn, byActor, names)}.`;
}

function describeTurn(turn: Turn, by: string, names: SentenceNames): string {
  switch (turn.kind) {
    case "first-seen":
      return "The issue was seen for the first time";
    case "resolved":
      return `The issue was resolved${by}${describeClaims(turn.claim)}`;
    case "auto-resolved":
      return `The issue was resolved, because it had no event for ${describeMilliseconds(turn.quietForMs)}`;
    case "muted":
      return `The issue was muted${by} ${describeMuteTerms(turn.terms)}`;
    case "unmuted":
      return turn.reason.kind === "by-person"
        ? `The issue was unmuted${by}`
        : `The issue was unmuted, because ${asClause(describeUnmuteReason(turn.reason))}`;
    case "discarded":
      return `The issue was discarded${by} ${describeDiscardTerms(turn.conditions)}`;
    case "undiscarded":
      return turn.reason.kind === "by-person"
        ? `The issue was undiscarded${by}`
        : `The issue was undiscarded, because ${asClause(describeUndiscardReason(turn.reason))}`;
    case "regressed":
      return `The issue came back: ${asClause(describeRegressionReason(turn.reason))}`;
    case "loud":
      return `The issue got loud, because ${asClause(describeConditionMet(turn.reason))}`;
    case "watched":
      return `The issue was set${by} to be watched ${describeWatched(turn.conditions)}`;
    case "reopened":
      return `The issue was reopened${by}${turn.withdrawn === undefined ? "" : `, and ${describeWithdrawn(turn.withdrawn)}`}`;
    case "claims-withdrawn":
      return `A release was retired${by}, so that ${describeWithdrawn(turn.releases)}`;
    case "next-materialized":
      return `The next release, in which a fix was claimed, turned out to be ${nameReleases([turn.release])}`;
    case "merged":
      return `The issue was merged into ${nameIssue(turn.into, names)}${by}`;
    case "unmerged":
      return `The issue was unmerged from ${nameIssue(turn.from, names)}${by}`;
    case "member-merged":
      return `This issue had ${nameIssue(turn.member, names)} merged into it${by}`;
    case "member-unmerged":
      return `This issue had ${nameIssue(turn.member, names)} unmerged from it${by}`;
    case "annotated":
      return `A comment was added${by}`;
  }
}

function describeWatched(conditions: readonly Condition[] | null): string {
  if (conditions === null) return "as its project says";
  if (conditions.length === 0) return "for nothing";
  return `for ${conditions.map((condition) => ruleOf(condition).describeTimeless(false)).join(", or for ")}`;
}

/** "the fix claimed in release 2.1.0 was withdrawn". */
function describeWithdrawn(releases: readonly string[]): string {
  const [fixes, were] = releases.length === 1 ? ["fix", "was"] : ["fixes", "were"];
  return `the ${fixes} claimed in ${nameReleases(releases)} ${were} withdrawn`;
}
