import type { Instant } from "./instant.ts";
import type { Resolution } from "./issue.ts";
import type { MuteTerms } from "./mute-request.ts";
import type { UnmuteReason } from "./mute.ts";
import type { RegressionReason } from "./regression.ts";

/** Who caused a turning point. */
export type Actor =
  | {
      /** A person, or whatever else the host gives an id. */
      readonly kind: "user";
      /** The host's id of the user. */
      readonly id: string;
    }
  | {
      /** An event, the clock, a release, or a command without a user. */
      readonly kind: "system";
    };

/** The actor that is nobody. */
export const SYSTEM: Actor = Object.freeze({ kind: "system" });

/** What turned, with what there is to know about it. */
export type Turn =
  | {
      /** The issue's first event. */
      readonly kind: "first-seen";
    }
  | {
      /** Somebody said it is fixed. */
      readonly kind: "resolved";
      /** What was claimed: for `by-release` the one release of this claim. */
      readonly claim: Resolution;
    }
  | {
      /** Somebody muted it. */
      readonly kind: "muted";
      /** Until what. */
      readonly terms: MuteTerms;
    }
  | {
      /** The mute ended. */
      readonly kind: "unmuted";
      /** Why. */
      readonly reason: UnmuteReason;
    }
  | {
      /** An event contradicted the resolution, and reopened it. */
      readonly kind: "regressed";
      /** Why. */
      readonly reason: RegressionReason;
    }
  | {
      /** Somebody reopened it. */
      readonly kind: "reopened";
    }
  | {
      /** The next release, in which it was said to be fixed, appeared. */
      readonly kind: "next-materialized";
      /** That release. */
      readonly release: string;
    }
  | {
      /** Somebody wrote a comment. */
      readonly kind: "annotated";
    };

/** The kinds of turning points. */
export type TurningPointKind = Turn["kind"];

/** A turning point as a transition makes it, before it has its place in a history. */
export interface TurningPointDraft {
  /** What turned. */
  readonly turn: Turn;
  /** When. For an event that is when it was received. */
  readonly at: Instant;
  /** Who caused it. */
  readonly by: Actor;
  /** The event that caused it, or `null`. */
  readonly eventId: string | null;
  /** What its author had to say, or `""`. */
  readonly comment: string;
}

/** One entry in an issue's history. */
export interface TurningPoint extends TurningPointDraft {
  /** The issue it belongs to. */
  readonly issueId: string;
  /** Its place in the issue's history, from 1, in the order in which things happened to the issue. */
  readonly number: number;
}
