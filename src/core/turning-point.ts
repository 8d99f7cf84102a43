import { CONDITION_MET_CASES, conditionShape, type Condition, type ConditionMet } from "./conditions/condition.ts";
import { undiscardReasonShape, type UndiscardReason } from "./discard.ts";
import type { Instant } from "./instant.ts";
import { resolutionShape, type Resolution } from "./issue.ts";
import { muteTermsShape, unmuteReasonShape, type MuteTerms, type UnmuteReason } from "./mute.ts";
import { regressionReasonShape, type RegressionReason } from "./regression.ts";
import { anyText, arrayOf, count, looseUnion, nullable, optional, type Shape } from "./shape.ts";

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
