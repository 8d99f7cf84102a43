import { requireInstant } from "./input.ts";
import type { Instant } from "./instant.ts";
import { conditionShape, type Condition } from "./conditions/condition.ts";
import { discardShape, type Discard } from "./discard.ts";
import { muteShape, type Mute } from "./mute.ts";
import { muteAgainLaterShape, type MuteAgainLater } from "./mute-again.ts";
import { anyText, arrayOf, count, looseUnion, optional, withDefault, type Shape } from "./shape.ts";
import { quietAlertShape, type QuietAlert } from "./quiet-alert.ts";
import { watchStateShape, type WatchState } from "./watch-state.ts";

/** How an issue is resolved, which decides what is a regression. */
export type Resolution =
  | {
      /** Without a release: any later event is a regression. */
      readonly kind: "plain";
    }
  | {
      readonly kind: "by-release";
      /** The releases in which a fix is claimed, in the order of the claims; at least one. */
      readonly releases: readonly string[];
      /** When each of these claims was made; absent if it was when the issue was resolved. */
      readonly claimedAt?: readonly Instant[] | undefined;
    }
  | {
      /** In the issue's next release. No event is a regression before that. */
      readonly kind: "by-next";
    };

/** The stored form of a resolution. */
export const resolutionShape: Shape<Resolution> = looseUnion("kind", {
  plain: {},
  "by-release": { releases: arrayOf(anyText), claimedAt: optional(arrayOf(requireInstant)) },
  "by-next": {},
});

/** The state of an issue that is neither resolved nor muted nor discarded. */
export interface OpenState {
  readonly status: "open";
  /** The alert that was not raised, because its event was old when it arrived, or occurred in another environment. */
  readonly quietAlert?: QuietAlert | undefined;
  /** What is known about the conditions that it is watched for. */
  readonly watch?: WatchState | undefined;
  /** What mutes it again once it is quiet. */
  readonly muteAgain?: MuteAgainLater | undefined;
  /** When a person last gave a command to it, or the clock ended its mute: it is not quiet before. Absent if neither did. */
  readonly quietFrom?: Instant | undefined;
}

/** The state of an issue that is claimed to be fixed, and had no regression since. */
export interface ResolvedState {
  readonly status: "resolved";
  /** When it was resolved; a release that is added later does not change it. */
  readonly resolvedAt: Instant;
  /**
   * The highest number that a release of its project had when it was resolved: only one with a higher number can be its next
   * release. 0 where that is not known.
   */
  readonly afterRelease: number;
  readonly resolution: Resolution;
}

/** The state of an issue whose events raise no alerts until the mute ends. */
export interface MutedState {
  readonly status: "muted";
  readonly mute: Mute;
}

/** The state of an issue whose events are only counted until the discard ends. */
export interface DiscardedState {
  readonly status: "discarded";
  readonly discard: Discard;
}

/** An issue's state. */
export type IssueState = OpenState | ResolvedState | MutedState | DiscardedState;

/** The name of an issue's state. */
export type IssueStatus = IssueState["status"];

/** The names of all states. */
export const ISSUE_STATUSES = ["open", "resolved", "muted", "discarded"] as const satisfies IssueStatus[];

/** The stored form of an issue's state. */
export const issueStateShape: Shape<IssueState> = looseUnion("status", {
  open: {
    quietAlert: optional(quietAlertShape),
    watch: optional(watchStateShape),
    muteAgain: optional(muteAgainLaterShape),
    quietFrom: optional(requireInstant),
  },
  resolved: { resolvedAt: requireInstant, afterRelease: withDefault(count, 0), resolution: resolutionShape },
  muted: { mute: muteShape },
  discarded: { discard: discardShape },
});

/** A group of similar events, with a state. Immutable: every change creates a new value. */
export interface Issue {
  /** A UUID. */
  readonly id: string;
  readonly projectId: string;
  /** Its number in the project, from 1, in the order in which issues were opened. Never reused. */
  readonly number: number;
  /** The title of its newest event, in one line. */
  readonly title: string;
  /** The transaction of its newest event, or `""`. */
  readonly transaction: string;
  /** When its first event was received. */
  readonly firstSeenAt: Instant;
  /** When its newest event was received. */
  readonly lastSeenAt: Instant;
  /** The number of all events digested, evicted ones included; at least 1. */
  readonly eventCount: number;
  /**
   * The number of the event that was digested last: its events have the numbers 1, 2, 3 ... in the order of their digestion. 0 while it has
   * only events of an earlier version, which gave them none.
   */
  readonly lastEventNumber: number;
  /** The number of different users of its events. Only events with a `userId` have a user. */
  readonly userCount: number;
  /** The environments in which it occurred, in the order in which they were seen; at most {@link MAX_ISSUE_ENVIRONMENTS}. */
  readonly environments: readonly string[];
  /** The conditions that it is watched for instead of its project's; `null` for those. */
  readonly watch: readonly Condition[] | null;
  /** The event with the newest `receivedAt`; `""` if that was erased, and no other one is stored. */
  readonly latestEventId: string;
  /** The release in which it was last seen; `undefined` if that is not known, never `""`. */
  readonly lastSeenIn: string | undefined;
  /**
   * The number of that release when its mark was known to be an occurrence; 0 if the mark has to be loaded, because a fix may be
   * claimed in the release since.
   */
  readonly seenNumber: number;
  /** The number of turning points in its history. */
  readonly turningPointCount: number;
  readonly state: IssueState;
}

/** The most environments that an issue remembers: those that it was seen in first. */
export const MAX_ISSUE_ENVIRONMENTS = 50;

/** The stored form of {@link Issue.watch}. */
export const watchedConditionsShape: Shape<readonly Condition[]> = arrayOf(conditionShape);

/** The state of a new issue. */
export const OPEN: OpenState = Object.freeze({ status: "open" });

/** The issue in another state, after one more turning point. */
export function withState<State extends IssueState>(issue: Issue, state: State): Issue & { readonly state: State } {
  return { ...issue, state, turningPointCount: issue.turningPointCount + 1 };
}

/**
 * When the clock has something to do for an issue: when its mute ends by the clock, or when it may be muted again. `undefined` if it
 * never has.
 */
export function wakeTimeOf(state: IssueState): Instant | undefined {
  switch (state.status) {
    case "open":
      return state.muteAgain?.at;
    case "resolved":
    case "discarded":
      return undefined;
    case "muted":
      return state.mute.deadline?.wakeOn === "deadline" ? state.mute.deadline.at : undefined;
  }
}
