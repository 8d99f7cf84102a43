import type { MuteRequest, VolumeBasedCondition } from "../../src/index.ts";
import { NaiveCounter } from "./naive-counter.ts";
import { appeared, isAtOrBefore, isLine, type NaiveRelease } from "./naive-releases.ts";

/** A fix claim or an occurrence in a release. They are kept in the order in which the tracker received them. */
interface NaiveHappening {
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
      readonly until: number | null;
      readonly wakes: boolean;
      readonly conditions: readonly VolumeBasedCondition[];
      readonly countedFrom: number;
    };

/** An issue in the naive model: lists of everything that ever happened to it. */
export class NaiveIssue {
  readonly number: number;
  readonly counter = new NaiveCounter();
  readonly history: string[] = [];
  readonly receivedAt: number[] = [];
  happenings: NaiveHappening[] = [];
  /** Where it left its last mark. */
  lastSeenIn: NaiveRelease | undefined;
  state: NaiveState = { kind: "open" };

  constructor(number: number) {
    this.number = number;
  }

  count(receivedAt: number): void {
    this.counter.inc(receivedAt);
    this.receivedAt.push(receivedAt);
  }

  /** Adds an entry to the history. */
  turn(state: NaiveState, kind: string): undefined {
    this.state = state;
    this.history.push(kind);
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
    const until = request.until === undefined ? null : Number(request.until);
    if (until !== null && until <= now) return "deadline-passed";
    if (this.state.kind === "resolved") return "issue-resolved";
    const conditions = request.conditions ?? [];
    const countedFrom = request.sinceMute === true ? this.counter.total : 0;
    if (conditions.some((each) => this.#isMet(each, countedFrom, now))) return "condition-already-met";
    const wakes = request.wakeOn === "deadline";
    return this.turn({ kind: "muted", at: now, until, wakes, conditions, countedFrom }, "muted");
  }

  /** The condition that ends the mute, if one does. */
  metCondition(): VolumeBasedCondition | undefined {
    const { state } = this;
    if (state.kind !== "muted") return undefined;
    return state.conditions.find((each) => this.#isMet(each, state.countedFrom, state.at));
  }

  #isMet(condition: VolumeBasedCondition, countedFrom: number, now: number): boolean {
    return Math.min(this.counter.count(condition, now), this.counter.total - countedFrom) >= condition.volume;
  }
}

/** Whether a claim's release appeared after that of a mark. One that is only announced counts as the oldest. */
function isAfter(claim: NaiveClaim, { release }: NaiveHappening): boolean {
  return release.standing === "announced" || appeared(release, claim.release);
}
