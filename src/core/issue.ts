import type { IssueLifecycleError } from "./errors.ts";
import { requireInstant } from "./input.ts";
import { formatInstant, type Instant } from "./instant.ts";
import type { EventLevel } from "./event-level.ts";
import { conditionShape, type Condition } from "./conditions/condition.ts";
import { describeDiscard, discardShape, type Discard } from "./discard.ts";
import { describeMute, describeMutedAgain, muteShape, type Mute } from "./mute.ts";
import { muteAgainLaterShape, type MuteAgainLater } from "./mute-again.ts";
import { anyText, arrayOf, count, looseObject, looseUnion, oneOf, optional, withDefault, type Shape } from "./shape.ts";
import { quietAlertShape, type QuietAlert } from "./quiet-alert.ts";
import { watchStateShape, type WatchState } from "./watch-state.ts";
import { nameIssue, nameReleases, type SentenceNames } from "./wording.ts";

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
  /** When it regressed, if it is open because of that. */
  readonly regressedAt?: Instant | undefined;
  /** When it last met a condition since it is open: one that it is watched for, or that ended its mute or discard. Absent if none. */
  readonly loudAt?: Instant | undefined;
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

/** The state of an issue that counts its own events, and is a part of another one, which has the state. */
export interface MergedState {
  readonly status: "merged";
  /** The id of the other issue, the target. */
  readonly into: string;
  /** `member`: it was merged into the target. `own-part`: it counts the target's own events, and no group leads to it. */
  readonly as: "member" | "own-part";
  /** When it became a part of the target. */
  readonly at: Instant;
}

/** An issue's state. */
export type IssueState = OpenState | ResolvedState | MutedState | DiscardedState | MergedState;

/** The name of an issue's state. */
export type IssueStatus = IssueState["status"];

/** The names of all states. */
export const ISSUE_STATUSES = ["open", "resolved", "muted", "discarded", "merged"] as const satisfies IssueStatus[];

/** The states of issues that lists show unless they are asked for others: one that was merged into another is shown in that. */
export const LISTED_STATUSES: readonly IssueStatus[] = ISSUE_STATUSES.filter((status) => status !== "merged");

/** The stored form of an issue's state. */
export const issueStateShape: Shape<IssueState> = looseUnion("status", {
  open: {
    quietAlert: optional(quietAlertShape),
    watch: optional(watchStateShape),
    muteAgain: optional(muteAgainLaterShape),
    quietFrom: optional(requireInstant),
    regressedAt: optional(requireInstant),
    loudAt: optional(requireInstant),
  },
  resolved: { resolvedAt: requireInstant, afterRelease: withDefault(count, 0), resolution: resolutionShape },
  muted: { mute: muteShape },
  discarded: { discard: discardShape },
  merged: { into: anyText, as: oneOf(["member", "own-part"]), at: requireInstant },
});

/** What an issue is the sum of, since others were merged into it. */
export interface IssueParts {
  /** The id of the issue that has what this one had counted before, and counts its own events since. */
  readonly ownPart: string;
  /** The ids of the issues that were merged into it, in the order in which they were; at least one. */
  readonly members: readonly string[];
}

/** The stored form of an issue's parts. */
export const issuePartsShape: Shape<IssueParts> = looseObject<IssueParts>({
  ownPart: anyText,
  members: arrayOf(anyText),
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
  /** The level of its newest event. */
  readonly level: EventLevel;
  /** When its first event was received. */
  readonly firstSeenAt: Instant;
  /** When its newest event was received. */
  readonly lastSeenAt: Instant;
  /** The number of all events digested, evicted ones included; at least 1, of an own part at least 0. */
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
  /**
   * The issues that it is the sum of; `null` for one into which none is merged. Its counts, users, environments and marks are those of all
   * of them. `lastEventNumber` is that of its own events.
   */
  readonly parts: IssueParts | null;
  readonly state: IssueState;
}

/** Where an issue is looked for. */
export interface IssueScope {
  /**
   * The project that the issue has to belong to: an issue of another project is refused as one that does not exist, before anything is
   * written. A host with several tenants gives it in every call, from the session of the person who asks. Default: any project.
   */
  readonly projectId?: string;
}

/** What a look-up of many issues found for one of them. */
export type IssueResult<Value> =
  | { readonly kind: "found"; /** As it was given. */ readonly id: string; readonly value: Value }
  | { readonly kind: "not-found"; readonly id: string }
  | { readonly kind: "unreadable"; readonly id: string; /** `corrupt-data`. */ readonly error: IssueLifecycleError };

/** The most environments that an issue remembers: those that it was seen in first. */
export const MAX_ISSUE_ENVIRONMENTS = 50;

/** The stored form of {@link Issue.watch}. */
export const watchedConditionsShape: Shape<readonly Condition[]> = arrayOf(conditionShape);

/** The state of a new issue. */
export const OPEN: OpenState = Object.freeze({ status: "open" });

/** What an open issue has been since it is open, whatever a person looked at: that it regressed, that it got loud. */
export function signsOf({ regressedAt, loudAt }: OpenState): Pick<OpenState, "regressedAt" | "loudAt"> {
  return { ...(regressedAt !== undefined && { regressedAt }), ...(loudAt !== undefined && { loudAt }) };
}

/** The ids of the parts that an issue is the sum of, its own first; none for one into which none is merged. */
export function partIdsOf({ parts }: Pick<Issue, "parts">): readonly string[] {
  return parts === null ? [] : [parts.ownPart, ...parts.members];
}

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
    case "merged":
      return undefined;
    case "muted":
      return state.mute.deadline?.wakeOn === "deadline" ? state.mute.deadline.at : undefined;
  }
}

/** A resolution as a sentence: "The issue is resolved, with a fix claimed in release 2.1.0." */
export function describeResolution(resolution: Resolution): string {
  return `The issue is resolved${describeClaims(resolution)}.`;
}

/** The fix claims of a resolution, as the end of a sentence; `""` for a plain one. */
export function describeClaims(resolution: Resolution): string {
  switch (resolution.kind) {
    case "plain":
      return "";
    case "by-release": {
      const fixes = resolution.releases.length === 1 ? "a fix" : "fixes";
      return `, with ${fixes} claimed in ${nameReleases(resolution.releases)}`;
    }
    case "by-next":
      return ", with a fix claimed in its next release";
  }
}

/**
 * An issue's state as a sentence: "The issue has been resolved since 2026-11-23 19:06 UTC, with a fix claimed in release 2.1.0." Texts of
 * others, such as names of releases, are in it as plain text of one line: escape it for HTML.
 */
export function describeState(state: IssueState, names: SentenceNames = {}): string {
  switch (state.status) {
    case "open": {
      const { again, deadline = null } = state.muteAgain?.terms ?? {};
      const later = again && `, and is to be ${describeMutedAgain(again, deadline)}`;
      return `The issue is open${later ?? ""}.`;
    }
    case "resolved":
      return `The issue has been resolved since ${formatInstant(state.resolvedAt)}${describeClaims(state.resolution)}.`;
    case "muted":
      return describeMute(state.mute);
    case "discarded":
      return describeDiscard(state.discard);
    case "merged":
      return state.as === "member"
        ? `The issue has been part of ${nameIssue(state.into, names)} since ${formatInstant(state.at)}.`
        : `The issue is the part of ${nameIssue(state.into, names)} that counts the events of that issue alone.`;
  }
}
