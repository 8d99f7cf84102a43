import { parseCondition, type Condition, type ConditionInput, type MuteDuration } from "../../src/core/index.ts";
import type { MuteRequest } from "../../src/index.ts";
import { NaivePast, type NaiveOccurrence, type NaiveSince, type NaiveStanding } from "./naive-past.ts";
import { appeared, isAtOrBefore, isLine, type NaiveRelease } from "./naive-releases.ts";
import { DAY, HOUR, MINUTE } from "./scenario.ts";
import type { NaiveWatch } from "./naive-watch.ts";

/** A fix claim or an occurrence in a release. They are kept in the order in which the tracker received them. */
export interface NaiveHappening {
  readonly what: "fixed" | "seen";
  readonly release: NaiveRelease;
  /** When it was claimed, or when it occurred. */
  readonly at: number;
}

/** A fix claim of the present resolution. */
interface NaiveClaim {
  readonly release: NaiveRelease;
  readonly at: number;
}

export type NaiveState =
  | { readonly kind: "open" }
  | {
      readonly kind: "resolved";
      readonly by: "plain" | "release" | "next";
      readonly at: number;
      /** The number of the newest release that was known then. */
      readonly after: number;
      readonly claims: readonly NaiveClaim[];
    }
  | {
      readonly kind: "muted";
      readonly at: number;
      /** Infinite for a mute without a deadline. */
      readonly until: number;
      readonly wakes: boolean;
      readonly conditions: readonly Condition[];
      readonly since: NaiveSince;
      readonly request: MuteRequest;
    }
  | {
      readonly kind: "discarded";
      readonly at: number;
      /** How many events there were before. */
      readonly before: number;
      readonly conditions: readonly Condition[];
    }
  | { readonly kind: "merged"; readonly into: NaiveIssue };

/** A condition that is met, and what counts towards it. */
export interface NaiveMet {
  readonly condition: Condition;
  readonly standing: NaiveStanding;
}

/** The durations of the stories: months and years are not among them. */
const DURATIONS = new Map([
  ["minute", MINUTE],
  ["hour", HOUR],
  ["day", DAY],
]);

/** An issue in the naive model: lists of everything that ever happened to it. */
export class NaiveIssue {
  readonly number: number;
  readonly past = new NaivePast();
  readonly history: string[] = [];
  /** The group of its newest event that was not discarded, and when that was. */
  title = "";
  titleAt = 0;
  /** What counts its own events, and the issues that were merged into it. */
  ownPart: NaiveIssue | undefined;
  members: NaiveIssue[] = [];
  /** In the order in which they were seen. */
  readonly environments: string[] = [];
  happenings: NaiveHappening[] = [];
  /** Where it left its last mark. */
  lastSeenIn: NaiveRelease | undefined;
  state: NaiveState = { kind: "open" };
  /** What it is watched for instead of what its project's issues are. */
  own: readonly Condition[] | null = null;
  /** What is known about the conditions that it is watched for, while it is open. */
  watched: NaiveWatch | undefined;
  /** Whether its first event raised no alert, because it occurred in an environment that changes no states. */
  isUnheard = false;
  /** When a person gave the last command to the open issue, or the clock ended its mute. */
  attendedAt: number | undefined;
  /** The mute that an event or the clock ended, and when, if it begins again once the issue is quiet. */
  ended: { readonly request: MuteRequest; readonly at: number } | undefined;

  constructor(number: number) {
    this.number = number;
  }

  count(occurrence: NaiveOccurrence, environment: string, group: string): void {
    this.past.add(occurrence);
    this.see(occurrence, environment, group);
  }

  /** Shows an event that was counted. */
  see({ at }: NaiveOccurrence, environment: string, group: string): void {
    if (environment !== "" && !this.environments.includes(environment)) this.environments.push(environment);
    if (at < this.titleAt || at < this.past.last) return;
    this.title = group;
    this.titleAt = at;
  }

  /** Adds an entry to the history. Nothing is known of what it is watched for after another state, and after another watch. */
  turn(state: NaiveState, kind: string): undefined {
    this.state = state;
    this.history.push(kind);
    if (kind !== "loud" && kind !== "annotated") this.watched = undefined;
  }

  /** A person has looked at it. */
  attend(now: number): void {
    this.isUnheard = false;
    this.ended = undefined;
    this.attendedAt = this.state.kind === "open" ? now : undefined;
  }

  /** Resolves the issue if it is open, and nothing happened to it for so long. */
  autoResolve(now: number, quietMs: number, after: number): void {
    if (this.state.kind !== "open" || now - Math.max(this.past.last, this.attendedAt ?? 0) < quietMs) return;
    this.turn({ kind: "resolved", by: "plain", at: now, after, claims: [] }, "auto-resolved");
    this.isUnheard = false;
    this.ended = undefined;
    this.attendedAt = undefined;
  }

  discard(requested: readonly ConditionInput[], now: number): string | undefined {
    const conditions = requested.map((each) => this.#asKept(parseCondition(each), now));
    if (conditions.some((each) => this.past.standing(each, now).isMet)) return "condition-already-met";
    const { state } = this;
    const before = state.kind === "discarded" ? state.before : this.past.counter.total;
    return this.turn({ kind: "discarded", at: now, before, conditions }, "discarded");
  }

  /** A condition with what was usual before. */
  #asKept(condition: Condition, now: number): Condition {
    return condition.kind === "louder" ? { ...condition, usual: this.past.usualDay(now) } : condition;
  }

  /** Conditions with what is usual by the events that there are now. */
  asUsual(conditions: readonly Condition[], now: number): readonly Condition[] {
    return conditions.map((each) => this.#asKept(each, now));
  }

  /** What happened last in a release. */
  lastIn(release: NaiveRelease): NaiveHappening | undefined {
    return this.happenings.findLast((each) => each.release === release);
  }

  /** The deciding mark for an event in a release: walks through all that ever happened. */
  deciding(release: NaiveRelease): NaiveHappening | undefined {
    const nearest = this.happenings
      .filter((each) => isLine(each.release, release) && isAtOrBefore(each.release, release))
      .reduce<NaiveHappening | undefined>(
        (best, each) => (best === undefined || isAtOrBefore(best.release, each.release) ? each : best),
        undefined,
      );
    const [last] = this.#presentClaims()
      .filter((claim) => claim.release.standing === "known" && !isLine(claim.release, release))
      .filter((claim) => appeared(claim.release, release) && (nearest === undefined || isAfter(claim, nearest)))
      .sort((one, other) => (appeared(one.release, other.release) ? 1 : -1));
    return last === undefined ? nearest : { what: "fixed", ...last };
  }

  #presentClaims(): readonly NaiveClaim[] {
    return this.state.kind === "resolved" ? this.state.claims : [];
  }

  /** Whether an event leaves no mark, because it occurred before the issue was resolved or the fix was claimed. */
  isTooOld(release: NaiveRelease, occurredAt: number): boolean {
    if (this.state.kind === "resolved" && occurredAt < this.state.at) return true;
    const deciding = this.deciding(release);
    return deciding?.what === "fixed" && occurredAt < deciding.at;
  }

  /** Whether a release became the latest after the issue was resolved, and that waits for one. */
  waitsFor(release: NaiveRelease): boolean {
    return this.state.kind === "resolved" && this.state.by === "next" && release.number > this.state.after;
  }

  /** Makes a release the fix that the issue waited for. */
  materialize(release: NaiveRelease): void {
    if (this.state.kind !== "resolved") return;
    const { at } = this.state;
    this.happenings.push({ what: "fixed", release, at });
    this.turn({ ...this.state, by: "release", claims: [{ release, at }] }, "next-materialized");
  }

  /** Withdraws a fix claim, unless the issue occurred in the release since. */
  withdraw(release: NaiveRelease): void {
    if (this.lastIn(release)?.what !== "fixed") return;
    this.happenings = this.happenings.filter((each) => each.release !== release || each.what === "seen");
  }

  mute(request: MuteRequest, now: number): string | undefined {
    const until = request.for === undefined ? Number(request.until ?? Infinity) : now + durationMs(request.for);
    if (until <= now) return "deadline-passed";
    if (this.state.kind === "discarded") return "issue-discarded";
    if (this.state.kind === "resolved") return "issue-resolved";
    const countedFrom = request.sinceMute === true ? this.past.counter.total : 0;
    const since = { occurrences: this.past.length, countedFrom };
    const conditions = (request.conditions ?? [])
      .map((each) => parseCondition(each))
      .map((each) => this.#asKept(each, now));
    if (conditions.some((each) => this.past.standing(each, now, since).isMet)) return "condition-already-met";
    const wakes = request.wakeOn === "deadline";
    return this.turn({ kind: "muted", at: now, until, wakes, conditions, since, request }, "muted");
  }

  /** Ends the mute, by an event or the clock. */
  unmute(at: number): void {
    if (this.state.kind !== "muted") return;
    const { request } = this.state;
    this.turn({ kind: "open" }, "unmuted");
    if (request.again !== undefined) this.ended = { request, at };
  }

  /** Begins the mute that ended again, if the issue had no event for so long since, and its conditions are not met now. */
  muteAgain(now: number): void {
    const { ended } = this;
    if (ended?.request.again === undefined) return;
    if (Math.max(ended.at, this.past.last) + durationMs(ended.request.again) > now) return;
    if (this.mute(ended.request, now) === undefined) this.ended = undefined;
  }

  /** The condition that ends the mute or the discard, if one does. */
  metCondition(): NaiveMet | undefined {
    const { state } = this;
    if (state.kind !== "muted" && state.kind !== "discarded") return undefined;
    const since = state.kind === "muted" ? state.since : undefined;
    return state.conditions
      .map((condition) => ({ condition, standing: this.past.standing(condition, state.at, since) }))
      .find(({ standing }) => standing.isMet);
  }
}

function durationMs({ period, nrOfPeriods }: MuteDuration): number {
  return nrOfPeriods * (DURATIONS.get(period) ?? Number.NaN);
}

/** Whether a claim's release appeared after that of a mark. One that is only announced counts as the oldest. */
function isAfter(claim: NaiveClaim, { release }: NaiveHappening): boolean {
  return release.standing === "announced" || appeared(release, claim.release);
}
