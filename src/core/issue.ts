import type { Instant } from "./instant.ts";
import type { Mute } from "./mute.ts";

/** What an issue is resolved by, which is also what would contradict it. */
export type Resolution =
  | {
      /** Fixed, without naming a release: any later event is a regression. */
      readonly kind: "plain";
    }
  | {
      /** Fixed in these releases, in the order in which they were claimed. */
      readonly kind: "by-release";
      /** At least one release. */
      readonly releases: readonly string[];
    }
  | {
      /** Fixed in the next latest release, whichever that will be. */
      readonly kind: "by-next";
    };

/** Nobody has said anything about the issue, or it came back. */
export interface OpenState {
  /** Tells it from the other states. */
  readonly status: "open";
}

/** Somebody said that the issue is fixed, and no event has contradicted that. */
export interface ResolvedState {
  /** Tells it from the other states. */
  readonly status: "resolved";
  /** When it was said first. */
  readonly resolvedAt: Instant;
  /** See {@link Resolution}. */
  readonly resolution: Resolution;
}

/** Nobody wants to hear of the issue, for ever or until something happens. */
export interface MutedState {
  /** Tells it from the other states. */
  readonly status: "muted";
  /** Since when, and until what. */
  readonly mute: Mute;
}

/** An issue's state: exactly one of three. */
export type IssueState = OpenState | ResolvedState | MutedState;

/** The names of the states. */
export type IssueStatus = IssueState["status"];

/** All states' names. */
export const ISSUE_STATUSES = ["open", "resolved", "muted"] as const satisfies IssueStatus[];

/** A group of like events, with a state. Never changed in place: every change makes another value. */
export interface Issue {
  /** A UUID. */
  readonly id: string;
  /** The project it belongs to. */
  readonly projectId: string;
  /** Its running number in the project, from 1, in the order in which issues were first digested. Never used again. */
  readonly number: number;
  /** What its newest event says it is, in one line for people. */
  readonly title: string;
  /** The transaction its newest event names, or `""`. */
  readonly transaction: string;
  /** When its first event was received. */
  readonly firstSeenAt: Instant;
  /** When its newest event was received. */
  readonly lastSeenAt: Instant;
  /** All events ever digested, evicted ones included. */
  readonly eventCount: number;
  /** The event with the newest `receivedAt`. */
  readonly latestEventId: string;
  /** A release whose mark is known to say "seen" last, which spares looking; `undefined` when none is known to. */
  readonly lastSeenIn: string | undefined;
  /** How many turning points its history has. */
  readonly turningPointCount: number;
  /** See {@link IssueState}. */
  readonly state: IssueState;
}

/** The state of an issue nobody has said anything about. */
export const OPEN: OpenState = Object.freeze({ status: "open" });
