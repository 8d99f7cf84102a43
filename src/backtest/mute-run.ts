import type { CalendarPeriod } from "../core/calendar.ts";
import { applyMuteAgain } from "../core/clock-transition.ts";
import { applyCommand, NO_COMMAND_RELEASES } from "../core/command-transition.ts";
import { NEVER, type Evidence } from "../core/conditions/condition-rule.ts";
import { ruleOf, type Condition } from "../core/conditions/condition.ts";
import type { MuteDuration } from "../core/duration.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { OPEN, type IssueState, type OpenState } from "../core/issue.ts";
import { decideUnmute, decideUnmuteAtDeadline, type Mute, type MuteTerms, type UnmuteReason } from "../core/mute.ts";
import { muteAgainAfter } from "../core/mute-again.ts";
import { muteTerms } from "../core/mute-request.ts";
import { SYSTEM } from "../core/turning-point.ts";
import type { AlertLog } from "./alert-log.ts";
import { firstUnmet } from "./mute-again.ts";
import type { ReceivedEvents } from "./past-events.ts";
import { PastIssue } from "./past-issue.ts";
import type { CheckedMuteRule, RuleReport, RuleRun } from "./rule-run.ts";

/** The lengths of the periods of fixed length. */
const FIXED_MS: Readonly<Partial<Record<CalendarPeriod, number>>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** The state of the issue, and when it is muted next. */
type RunState =
  | { readonly kind: "muted"; readonly mute: Mute; readonly countBefore: number }
  /** The mute command is tried again at an instant; `Infinity`: never. */
  | { readonly kind: "open"; readonly tryAt: Instant }
  /** The clock mutes it again, as the mute said. */
  | { readonly kind: "waiting"; readonly at: Instant; readonly state: OpenState };

const STAYS_OPEN: RunState = { kind: "open", tryAt: Infinity };

/** Mutes an issue by a rule, again and again. A deadline that ends a mute, and a new mute, precede the events of their instant. */
export class MuteRun implements RuleRun {
  readonly alerts: AlertLog;
  readonly #rule: CheckedMuteRule;
  readonly #again: boolean;
  readonly #issue = new PastIssue();
  #state: RunState = STAYS_OPEN;
  #now: Instant = 0;
  #mutedEvents = 0;

  /** @param again - whether the issue is muted again after an unmute, if the mute itself does not say when */
  constructor(rule: CheckedMuteRule, again: boolean, alerts: AlertLog) {
    this.#rule = rule;
    this.#again = again;
    this.alerts = alerts;
  }

  /** Deadlines pass, and an open issue is muted again. */
  advanceTo(at: Instant): void {
    while (this.#state.kind === "muted" ? this.#passDeadline(this.#state.mute, at) : this.#muteBy(at));
    this.#now = Math.max(this.#now, at);
  }

  /** The first event opens the issue, which is then muted. */
  receive(received: ReceivedEvents): void {
    let left = received.n;
    const isLate = received.at < this.#now;
    if (this.#issue.eventCount === 0) {
      const first = received.kind === "event" ? left : 1;
      this.#issue.count(received.at, first, userOf(received));
      this.#tryFrom(this.#now);
      left -= first;
    }
    if (received.kind === "event" && left > 0) left -= this.#receiveAll(received, left);
    while (left > 0) left -= this.#receiveSome(received, left, isLate);
    if (isLate && this.#state.kind === "open" && this.#state.tryAt < Infinity) this.#tryFrom(this.#now);
  }

  report(): RuleReport {
    return {
      name: this.#rule.name,
      kind: "mute",
      alertCount: this.alerts.count,
      alerts: this.alerts.listed,
      lastAlert: this.alerts.last,
      mutedEvents: this.#mutedEvents,
      mutedAtEnd: this.#state.kind === "muted",
    };
  }

  /**
   * Counts so many of the events that only the last of them can end the mute, because each brings a condition nearer by one at most.
   *
   * @returns how many these are
   */
  #receiveSome(received: ReceivedEvents, left: number, isLate: boolean): number {
    if (this.#state.kind !== "muted" || isLate) return this.#receiveAll(received, left);
    const { volume, deadline } = this.#state.mute;
    if (deadline !== null && received.until > deadline.at) return this.#receiveAll(received, 1);
    if (volume === null) return this.#receiveAll(received, left);
    const skipped = this.#skipAlike(received.at, volume.conditions, left);
    if (skipped > 0) return skipped;
    if (this.#issue.eventCount + left < volume.checkAt) return this.#receiveAll(received, left);
    const missing = missingAt(volume.conditions, this.#issue.evidenceAt(received.at, volume.countedFrom));
    return this.#receiveAll(received, Math.min(left, Math.max(1, missing)));
  }

  /**
   * Within a count all mutes that count from their own beginning end alike, by their lowest volume, until a condition of another kind
   * is met. Once the list is full, all of them but the last are counted at once.
   *
   * @returns the number of their events
   */
  #skipAlike(at: Instant, conditions: readonly Condition[], left: number): number {
    const { last } = this.alerts;
    if (!this.#rule.mute.sinceMute || !this.alerts.isFull || last?.at !== at || this.#eventsSinceMute > 0) return 0;
    const each = Math.min(
      ...conditions.map((condition) => (condition.kind === "volume" ? condition.volume : Infinity)),
    );
    const evidence = this.#issue.evidenceAt(at, this.#issue.eventCount);
    const others = conditions.filter(({ kind }) => kind !== "volume");
    const room = Math.min(left, missingAt(others, evidence));
    const alike = Math.ceil(room / each) - 1;
    if (alike < 1 || last.eventCount !== each) return 0;
    this.#issue.count(at, alike * each, undefined);
    this.#mutedEvents += alike * each;
    this.alerts.add(last, alike);
    this.#muteAt(at);
    return alike * each;
  }

  get #eventsSinceMute(): number {
    return this.#state.kind === "muted" ? this.#issue.eventCount - this.#state.countBefore : 0;
  }

  #receiveAll(received: ReceivedEvents, n: number): number {
    this.#issue.count(received.at, n, userOf(received));
    if (this.#state.kind !== "muted") return n;
    this.#mutedEvents += n;
    const decision = decideUnmute(this.#state.mute, received.until, this.#issue.counter, this.#issue.users);
    if (decision.kind === "stay") this.#state = { ...this.#state, mute: decision.mute };
    else this.#unmute(this.#state.mute, decision.reason, received.at);
    return n;
  }

  /** Ends the mute if the clock ends it, and returns whether it did. */
  #passDeadline(mute: Mute, upTo: Instant): boolean {
    const decision = decideUnmuteAtDeadline(mute, upTo);
    if (decision.kind === "stay" || mute.deadline === null) return false;
    this.#now = mute.deadline.at;
    this.#unmute(mute, decision.reason, this.#now);
    this.#skipDeadlines(upTo);
    return true;
  }

  /** Without events one deadline follows the other. When no more are listed, they are only counted, up to the last. */
  #skipDeadlines(upTo: Instant): void {
    if (this.#state.kind !== "muted" || this.#state.mute.mutedAt !== this.#now || !this.alerts.isFull) return;
    const { for: duration, again } = this.#rule.mute;
    const [mutedMs, openMs] = [fixedMs(duration), again === undefined ? 0 : fixedMs(again)];
    const { deadline } = this.#state.mute;
    if (mutedMs === undefined || openMs === undefined || deadline?.wakeOn !== "deadline") return;
    const stepMs = mutedMs + openMs;
    const skipped = Math.floor((upTo - deadline.at) / stepMs);
    if (skipped < 1) return;
    this.alerts.skip(stepMs, deadline.at, skipped);
    this.#muteAt(deadline.at + (skipped - 1) * stepMs + openMs);
  }

  /** @param at - when the clock or the event that ended the mute did that, which is before now for a late event */
  #unmute(mute: Mute, reason: UnmuteReason, at: Instant): void {
    this.alerts.add({ at: this.#now, reason, eventCount: this.#eventsSinceMute });
    const muteAgain = muteAgainAfter(mute, at);
    if (muteAgain !== undefined) this.#state = waiting({ ...OPEN, muteAgain });
    else if (this.#again) this.#tryFrom(this.#now);
    else this.#state = STAYS_OPEN;
  }

  /** The issue is open, and muted as soon as the command is accepted. */
  #tryFrom(tryAt: Instant): void {
    this.#state = { kind: "open", tryAt };
    this.#muteBy(tryAt);
  }

  /** Mutes the open issue as soon as that is possible, at `upTo` at the latest, and returns whether anything changed. */
  #muteBy(upTo: Instant): boolean {
    if (this.#state.kind === "waiting") return this.#muteQuietBy(upTo, this.#state);
    if (this.#state.kind === "muted" || upTo < this.#state.tryAt) return false;
    const { conditions, sinceMute } = this.#rule.mute;
    this.#issue.users.beginMute();
    const evidence = this.#issue.evidenceAt(this.#now, sinceMute ? this.#issue.eventCount : 0);
    const tryAt = firstUnmet(conditions, evidence);
    this.#state = { kind: "open", tryAt };
    return upTo >= tryAt && this.#muteAt(tryAt);
  }

  /** Lets the clock look whether the issue was quiet for long enough. */
  #muteQuietBy(upTo: Instant, { at, state }: RunState & { readonly kind: "waiting" }): boolean {
    if (upTo < at) return false;
    this.#now = Math.max(this.#now, at);
    this.#issue.users.beginMute();
    const issue = this.#issue.inState(state);
    const transition = applyMuteAgain(issue, this.#now, this.#issue.counter, this.#issue.users);
    this.#enter(transition?.issue.state ?? OPEN);
    this.#skipDeadlines(upTo);
    return true;
  }

  /** Mutes the issue with the regular mute command, and returns whether that was accepted. */
  #muteAt(now: Instant): boolean {
    this.#now = now;
    const terms = this.#termsAt(now);
    if (terms === undefined) {
      this.#state = STAYS_OPEN;
      return false;
    }
    this.#issue.users.beginMute();
    const { counter, users } = this.#issue;
    const context = { now, by: SYSTEM, comment: "", counter, users, releases: NO_COMMAND_RELEASES };
    const outcome = applyCommand(this.#issue.inState(OPEN), { kind: "mute", terms }, context);
    if (outcome.kind === "applied") this.#enter(outcome.issue.state);
    return outcome.kind === "applied";
  }

  #enter(state: IssueState): void {
    if (state.status === "muted") {
      this.#state = { kind: "muted", mute: state.mute, countBefore: this.#issue.eventCount };
    } else {
      this.#state = state.status === "open" ? waiting(state) : STAYS_OPEN;
    }
  }

  /** The terms of a mute that begins now; `undefined` if its fixed deadline has passed: then it never begins again. */
  #termsAt(now: Instant): MuteTerms | undefined {
    try {
      return muteTerms(this.#rule.field, this.#rule.mute, now);
    } catch (error) {
      if (!IssueLifecycleError.is(error) || error.code !== "deadline-passed") throw error;
      return undefined;
    }
  }
}

/** How many more events at the instant of the evidence meet one of the conditions. */
function missingAt(conditions: readonly Condition[], evidence: Evidence): number {
  const missing = conditions.map((condition) => {
    const { needed, count } = ruleOf(condition).standing(evidence);
    return needed - count;
  });
  return Math.min(Infinity, ...missing);
}

function userOf(received: ReceivedEvents): string | undefined {
  return received.kind === "event" ? received.userId : undefined;
}

/** An open issue that the clock mutes again, or that stays open. */
function waiting(state: OpenState): RunState {
  return { kind: "waiting", at: state.muteAgain?.at ?? NEVER, state };
}

function fixedMs(duration: MuteDuration | undefined): number | undefined {
  const ms = duration && FIXED_MS[duration.period];
  return ms === undefined || duration === undefined ? undefined : ms * duration.nrOfPeriods;
}
