import type { CalendarPeriod } from "../core/calendar.ts";
import { applyCommand, NO_COMMAND_RELEASES, type CommandContext } from "../core/command-transition.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { OPEN, type Issue } from "../core/issue.ts";
import { decideUnmute, decideUnmuteAtDeadline, type Mute, type MuteTerms, type UnmuteReason } from "../core/mute.ts";
import { muteTerms, type CheckedMuteRequest } from "../core/mute-request.ts";
import { PeriodCounter } from "../core/period-counter.ts";
import { SYSTEM } from "../core/turning-point.ts";
import { firstUnmet } from "./mute-again.ts";
import type { ReceivedEvents } from "./past-events.ts";
import type { BacktestUnmute, UnmuteLog } from "./unmute-log.ts";

/** What a rule would have done. */
export interface RuleReport {
  readonly name: string;
  /** How many times the mute would have ended, each time with an alert. */
  readonly unmuteCount: number;
  /** The first {@link MAX_LISTED_UNMUTES} of these times. */
  readonly unmutes: readonly BacktestUnmute[];
  /** The last of these times, listed or not; `null` if the mute would not have ended. */
  readonly lastUnmute: BacktestUnmute | null;
  /** How many events came while the issue was muted, those that ended a mute included. */
  readonly mutedEvents: number;
  /** Whether the issue would be muted at the end of the backtest. */
  readonly mutedAtEnd: boolean;
}

/** A rule that was checked. */
export interface CheckedRule {
  readonly name: string;
  readonly mute: CheckedMuteRequest;
  /** The path of its mute in errors. */
  readonly field: string;
}

/** The lengths of the periods of fixed length. */
const FIXED_MS: Readonly<Partial<Record<CalendarPeriod, number>>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/**
 * Applies one rule to past events, by the functions that a tracker uses. The time of a run is the newest time that it was
 * given: a late event does not move it back. At an instant the clock comes before the events: a deadline that ends a mute, and
 * a new mute, precede the events that were received at that instant.
 */
export class RuleRun {
  readonly unmutes: UnmuteLog;
  readonly #rule: CheckedRule;
  readonly #again: boolean;
  readonly #counter = new PeriodCounter();
  /** The active mute; `undefined` while the issue is open. */
  #mute: Mute | undefined;
  #now: Instant = 0;
  #countAtMute = 0;
  #mutedEvents = 0;
  /** An instant before which the open issue cannot be muted again; `Infinity` when it never is. */
  #openUntil: Instant = Infinity;

  /** @param again - whether the issue is muted again after an unmute */
  constructor(rule: CheckedRule, again: boolean, unmutes: UnmuteLog) {
    this.#rule = rule;
    this.#again = again;
    this.unmutes = unmutes;
  }

  /** Lets time pass up to an instant: deadlines pass, and an open issue is muted again. */
  advanceTo(at: Instant): void {
    while (this.#mute === undefined ? this.#muteBy(at) : this.#passDeadline(this.#mute, at));
    this.#now = Math.max(this.#now, at);
  }

  /** Counts events, after time has passed up to them. The first one opens the issue, which is then muted. */
  receive({ at, until, n }: ReceivedEvents): void {
    const isLate = at < this.#now;
    let left = n;
    if (this.#counter.total === 0) {
      this.#counter.inc(at);
      this.#openUntil = this.#now;
      this.#muteBy(this.#now);
      left--;
    }
    while (left > 0) left -= this.#receiveSome(at, until, left, isLate);
  }

  report(): RuleReport {
    return {
      name: this.#rule.name,
      unmuteCount: this.unmutes.count,
      unmutes: this.unmutes.listed,
      lastUnmute: this.unmutes.last,
      mutedEvents: this.#mutedEvents,
      mutedAtEnd: this.#mute !== undefined,
    };
  }

  /**
   * Counts so many of the events that only the last of them can end the mute, because a condition gains at most one event by each.
   *
   * @returns how many these are
   */
  #receiveSome(at: Instant, until: Instant, left: number, isLate: boolean): number {
    if (this.#mute === undefined || isLate) return this.#receiveAll(at, until, left);
    const { volume, deadline } = this.#mute;
    if (deadline !== null && until > deadline.at) return this.#receiveAll(at, until, 1);
    if (volume === null) return this.#receiveAll(at, until, left);
    const skipped = this.#skipAlike(at, left);
    if (skipped > 0) return skipped;
    return this.#receiveAll(at, until, Math.min(left, Math.max(1, volume.checkAt - this.#counter.total)));
  }

  /**
   * Within a count all mutes that count from their own beginning end alike. Once the list is full, all of them but the last are
   * counted at once.
   *
   * @returns the number of their events
   */
  #skipAlike(at: Instant, left: number): number {
    const { last } = this.unmutes;
    const { sinceMute, conditions } = this.#rule.mute;
    if (!sinceMute || !this.unmutes.isFull || last?.at !== at || this.#countAtMute < this.#counter.total) return 0;
    const each = Math.min(...conditions.map(({ volume }) => volume));
    const alike = Math.ceil(left / each) - 1;
    if (alike < 1 || last.eventsSinceMute !== each) return 0;
    this.#counter.inc(at, alike * each);
    this.#mutedEvents += alike * each;
    this.unmutes.add(last, alike);
    this.#muteAt(at);
    return alike * each;
  }

  #receiveAll(at: Instant, until: Instant, n: number): number {
    this.#counter.inc(at, n);
    if (this.#mute === undefined) return n;
    this.#mutedEvents += n;
    const decision = decideUnmute(this.#mute, until, this.#counter);
    if (decision.kind === "stay") this.#mute = decision.mute;
    else this.#unmute(decision.reason);
    return n;
  }

  /** Ends the mute if the clock ends it, and returns whether it did. */
  #passDeadline(mute: Mute, upTo: Instant): boolean {
    const decision = decideUnmuteAtDeadline(mute, upTo);
    if (decision.kind === "stay" || mute.deadline === null) return false;
    this.#now = mute.deadline.at;
    this.#unmute(decision.reason);
    this.#skipDeadlines(upTo);
    return true;
  }

  /** Without events one deadline follows the other. When no more are listed, they are only counted, up to the last. */
  #skipDeadlines(upTo: Instant): void {
    const { for: duration } = this.#rule.mute;
    const periodMs = duration && FIXED_MS[duration.period];
    const deadline = this.#mute?.mutedAt === this.#now ? this.#mute.deadline?.at : undefined;
    if (!this.unmutes.isFull || duration === undefined || periodMs === undefined || deadline === undefined) return;
    const stepMs = periodMs * duration.nrOfPeriods;
    const skipped = Math.floor((upTo - deadline) / stepMs);
    if (skipped < 1) return;
    this.unmutes.skip(stepMs, deadline, skipped);
    this.#muteAt(deadline + (skipped - 1) * stepMs);
  }

  #unmute(reason: UnmuteReason): void {
    const eventsSinceMute = this.#counter.total - this.#countAtMute;
    this.unmutes.add({ at: this.#now, reason, eventsSinceMute });
    this.#mute = undefined;
    this.#openUntil = this.#again ? this.#now : Infinity;
    this.#muteBy(this.#now);
  }

  /** Mutes the open issue as soon as that is possible, at `upTo` at the latest, and returns whether it is muted then. */
  #muteBy(upTo: Instant): boolean {
    if (upTo < this.#openUntil) return false;
    const { conditions, sinceMute } = this.#rule.mute;
    this.#openUntil = sinceMute ? this.#now : firstUnmet(conditions, this.#counter, this.#now);
    return upTo >= this.#openUntil && this.#muteAt(this.#openUntil);
  }

  /** Mutes the issue with the regular mute command, and returns whether that was accepted. */
  #muteAt(now: Instant): boolean {
    this.#now = now;
    const terms = this.#termsAt(now);
    if (terms === undefined) return false;
    const { total } = this.#counter;
    const context: CommandContext = {
      now,
      by: SYSTEM,
      comment: "",
      counter: this.#counter,
      releases: NO_COMMAND_RELEASES,
    };
    const outcome = applyCommand(openIssueWith(total, now), { kind: "mute", terms }, context);
    if (outcome.kind !== "applied" || outcome.issue.state.status !== "muted") return false;
    this.#mute = outcome.issue.state.mute;
    this.#countAtMute = total;
    return true;
  }

  /** The terms of a mute that begins now; `undefined` if its fixed deadline has passed: then it never begins again. */
  #termsAt(now: Instant): MuteTerms | undefined {
    try {
      return muteTerms(this.#rule.field, this.#rule.mute, now);
    } catch (error) {
      if (!IssueLifecycleError.is(error) || error.code !== "deadline-passed") throw error;
      this.#openUntil = Infinity;
      return undefined;
    }
  }
}

/** An open issue with `eventCount` events; the mute command uses nothing else of it. */
function openIssueWith(eventCount: number, at: Instant): Issue {
  return {
    id: "",
    projectId: "",
    number: 1,
    title: "",
    transaction: "",
    firstSeenAt: at,
    lastSeenAt: at,
    eventCount,
    latestEventId: "",
    lastSeenIn: undefined,
    seenNumber: 0,
    turningPointCount: 1,
    state: OPEN,
  };
}
