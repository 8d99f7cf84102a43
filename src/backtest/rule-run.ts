import { applyCommand, NO_COMMAND_RELEASES, type CommandContext } from "../core/command-transition.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { OPEN, type Issue } from "../core/issue.ts";
import { decideUnmute, decideUnmuteAtDeadline, type Mute, type MuteTerms, type UnmuteReason } from "../core/mute.ts";
import { muteTerms, type CheckedMuteRequest } from "../core/mute-request.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import { SYSTEM } from "../core/turning-point.ts";

/** One time that a rule would have ended its mute. */
export interface BacktestUnmute {
  readonly at: Instant;
  readonly reason: UnmuteReason;
  /** The events since the mute began, the one that ended it included. */
  readonly eventsSinceMute: number;
}

/** What a rule would have done. */
export interface RuleReport {
  readonly name: string;
  /** The times the mute would have ended, each of them an alert. */
  readonly unmutes: readonly BacktestUnmute[];
  /** How many events came while the issue was muted, those that ended a mute included. */
  readonly mutedEvents: number;
  /** Whether the issue would be muted after the last event. */
  readonly mutedAtEnd: boolean;
}

/** A rule that was checked. */
export interface CheckedRule {
  readonly name: string;
  readonly mute: CheckedMuteRequest;
}

/** Applies one rule to past events, by the functions that a tracker uses. */
export class RuleRun {
  readonly #rule: CheckedRule;
  readonly #again: boolean;
  readonly #unmutes: BacktestUnmute[] = [];
  /** The active mute; `undefined` while the issue is open. */
  #mute: Mute | undefined;
  #countAtMute = 0;
  #mutedEvents = 0;
  /** Whether the issue is not muted again. */
  #isOver = false;

  /** @param again - whether the issue is muted again after an unmute */
  constructor(rule: CheckedRule, again: boolean) {
    this.#rule = rule;
    this.#again = again;
  }

  /** Applies the time up to an event: deadlines pass, and an open issue is muted again. */
  before(at: Instant, counter: PeriodCounter): void {
    let ended = true;
    while (ended) ended = this.#applyDeadline(at, counter);
    if (this.#mute === undefined && counter.total > 0) this.#muteAgain(at, counter);
  }

  /** Applies events that were counted. The first ones open the issue, which is then muted. */
  after(at: Instant, n: number, counter: PeriodCounter): void {
    if (this.#mute === undefined) {
      if (counter.total === n) this.#muteAgain(at, counter);
      return;
    }
    this.#mutedEvents += n;
    const decision = decideUnmute(this.#mute, at, counter);
    if (decision.kind === "stay") this.#mute = decision.mute;
    else this.#unmute(at, decision.reason, counter);
  }

  report(): RuleReport {
    const { name } = this.#rule;
    const mutedAtEnd = this.#mute !== undefined;
    return { name, unmutes: this.#unmutes, mutedEvents: this.#mutedEvents, mutedAtEnd };
  }

  /** Ends the mute if its deadline is not after an instant, and mutes again at the deadline. */
  #applyDeadline(at: Instant, counter: PeriodCounter): boolean {
    const deadline = this.#mute?.deadline;
    if (this.#mute === undefined || deadline === undefined || deadline === null) return false;
    const decision = decideUnmuteAtDeadline(this.#mute, at);
    if (decision.kind === "stay") return false;
    this.#unmute(deadline.at, decision.reason, counter);
    this.#muteAgain(deadline.at, counter);
    return true;
  }

  #unmute(at: Instant, reason: UnmuteReason, counter: PeriodCounter): void {
    this.#unmutes.push({ at, reason, eventsSinceMute: counter.total - this.#countAtMute });
    this.#mute = undefined;
    this.#isOver = !this.#again;
  }

  /** Mutes the issue with the regular mute command, unless that is refused. */
  #muteAgain(now: Instant, counter: PeriodCounter): void {
    const terms = this.#isOver ? undefined : this.#termsAt(now);
    if (terms === undefined) return;
    const context: CommandContext = { now, by: SYSTEM, comment: "", counter, releases: NO_COMMAND_RELEASES };
    const outcome = applyCommand(openIssueWith(counter.total, now), { kind: "mute", terms }, context);
    if (outcome.kind !== "applied" || outcome.issue.state.status !== "muted") return;
    this.#mute = outcome.issue.state.mute;
    this.#countAtMute = counter.total;
  }

  /** The terms of a mute that begins now; `undefined` if its fixed deadline has passed. */
  #termsAt(now: Instant): MuteTerms | undefined {
    try {
      return muteTerms("mute", this.#rule.mute, now);
    } catch (error) {
      if (!IssueLifecycleError.is(error) || error.code !== "deadline-passed") throw error;
      this.#isOver = true;
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
