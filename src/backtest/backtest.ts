import { parseCommand } from "../core/command.ts";
import { applyCommand } from "../core/command-transition.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import {
  invalidInput,
  refuseOtherMembers,
  requireArray,
  requireBoolean,
  requireInstant,
  requireInteger,
  requireObject,
  requireText,
} from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import { OPEN, type Issue } from "../core/issue.ts";
import { decideUnmute, decideWakeUp, type Mute, type UnmuteReason } from "../core/mute.ts";
import { parseMuteRequest, type MuteRequest } from "../core/mute-request.ts";
import { PeriodCounter, type PeriodCount } from "../core/period-counter.ts";
import { SYSTEM } from "../core/turning-point.ts";
import { backtestSvg } from "./backtest-picture.ts";
import { backtestText } from "./backtest-text.ts";

/**
 * Past events of one issue: when each was received, or how many came in a period, as `eventCounts` of a tracker says it. A
 * condition cannot be judged by finer periods than those.
 */
export type PastEvent = Instant | PeriodCount;

/** A mute rule to be tried on past events. */
export interface BacktestRule {
  /** What to call it. */
  readonly name: string;
  /** The rule. Its `for` counts from each time it is set. */
  readonly mute: MuteRequest;
}

/** What to try, and on what. */
export interface BacktestOptions {
  /** The past events, the oldest first; one that is not in order counts as a late one. */
  readonly events: Iterable<PastEvent>;
  /** The rules, 1 to 20. */
  readonly rules: readonly BacktestRule[];
  /**
   * Whether somebody sets the rule again after it woke, as soon as it can be set (a condition that is already met cannot).
   * Default `true`, which says how often it would have woken; `false` says when it would have woken first.
   */
  readonly again?: boolean;
}

/** One time that a rule would have woken somebody. */
export interface Wake {
  /** When. */
  readonly at: Instant;
  /** Why. */
  readonly reason: UnmuteReason;
  /** The events since the rule was set, the one that woke it included. */
  readonly eventsSinceMute: number;
}

/** What a rule would have done. */
export interface RuleReport {
  /** The rule's name. */
  readonly name: string;
  /** The times it would have woken, and so the alerts there would have been. */
  readonly wakes: readonly Wake[];
  /** How many events came while it was quiet, those that woke it included. */
  readonly quietEvents: number;
  /** Whether it would be quiet at the end. */
  readonly quietAtEnd: boolean;
}

/** What the rules would have done, to be compared. */
export interface BacktestReport {
  /** How many events there were. */
  readonly eventCount: number;
  /** When the first of them came; `null` without events. */
  readonly from: Instant | null;
  /** When the last of them came. */
  readonly to: Instant | null;
  /** The events, for the picture: at most 120 equal stretches of time. */
  readonly histogram: readonly number[];
  /** One for each rule, in the rules' order. */
  readonly rules: readonly RuleReport[];
  /** A table. */
  toText(): string;
  /** The events over time and every wake, as an SVG image. */
  toSvg(): string;
}

const MAX_RULES = 20;
const BARS = 120;

/**
 * What mute rules would have done with past events: each is set after the first event, and judged by the same code as in a
 * tracker. Costs a fraction of a microsecond per event and rule.
 *
 * @throws `IssueLifecycleError` `invalid-input`, `condition-out-of-range`
 * @example
 * ```ts
 * import { volumeCondition } from "issue-lifecycle";
 * import { backtest } from "issue-lifecycle/backtest";
 *
 * const minute = 60_000;
 * const past = Array.from({ length: 500 }, (_, index) => Date.UTC(2026, 0, 5) + index * 7 * minute);
 * const report = backtest({
 *   events: past,
 *   rules: [
 *     { name: "5 an hour", mute: { conditions: [volumeCondition(5, "hour")] } },
 *     { name: "150 a day", mute: { conditions: [volumeCondition(150, "day")] } },
 *   ],
 * });
 * console.log(report.toText());
 * ```
 */
export function backtest(options: BacktestOptions): BacktestReport {
  refuseOtherMembers("options", requireObject("options", options), ["events", "rules", "again"]);
  const { events, rules, again = true } = options;
  requireBoolean("again", again);
  const runs = checkRules(rules).map((rule) => new RuleRun(rule, again));
  const counter = new PeriodCounter();
  const seen: { readonly at: Instant; readonly n: number }[] = [];
  let index = 0;
  for (const event of events) {
    const { at, n } = readEvent(event, index++);
    if (n === 0) continue;
    for (const run of runs) run.before(at, counter);
    counter.inc(at, n);
    for (const run of runs) run.after(at, n, counter);
    seen.push({ at, n });
  }
  const [from, to] = rangeOf(seen);
  const report = {
    eventCount: counter.total,
    from,
    to,
    histogram: histogramOf(seen, from ?? 0, to ?? 0),
    rules: runs.map((run) => run.report()),
  };
  return { ...report, toText: () => backtestText(report), toSvg: () => backtestSvg(report) };
}

function checkRules(rules: readonly BacktestRule[]): readonly BacktestRule[] {
  const { length } = requireArray("rules", rules);
  if (length < 1 || length > MAX_RULES) throw invalidInput("rules", rules, `1 to ${String(MAX_RULES)} rules`);
  for (const [index, rule] of rules.entries()) {
    const given = requireObject(`rules[${String(index)}]`, rule);
    refuseOtherMembers(`rules[${String(index)}]`, given, ["name", "mute"]);
    requireText(`rules[${String(index)}].name`, given["name"], 1, 100);
    // At the beginning of time every deadline is still to come.
    parseMuteRequest(given["mute"], -1);
  }
  return rules;
}

function readEvent(event: unknown, index: number): { at: Instant; n: number } {
  const field = `events[${String(index)}]`;
  if (typeof event === "number") return { at: requireInstant(field, event), n: 1 };
  const { startsAt, count } = requireObject(field, event);
  return {
    at: requireInstant(`${field}.startsAt`, startsAt),
    n: requireInteger(`${field}.count`, count, 0, Number.MAX_SAFE_INTEGER),
  };
}

/** A rule, while events pass it by. */
class RuleRun {
  readonly #rule: BacktestRule;
  readonly #again: boolean;
  readonly #wakes: Wake[] = [];
  /** The mute in force, or nothing while the rule is awake. */
  #mute: Mute | undefined;
  #mutedAtCount = 0;
  #quietEvents = 0;
  #isOver = false;

  constructor(rule: BacktestRule, again: boolean) {
    this.#rule = rule;
    this.#again = again;
  }

  /** What the clock does before an event comes. */
  before(at: Instant, counter: PeriodCounter): void {
    let woke = true;
    while (woke) woke = this.#wakesByClock(at, counter);
    if (this.#mute === undefined && counter.total > 0) this.#set(at, counter);
  }

  /** What an event does that was counted. */
  after(at: Instant, n: number, counter: PeriodCounter): void {
    if (this.#mute === undefined) {
      if (counter.total === n) this.#set(at, counter);
      return;
    }
    this.#quietEvents += n;
    const decision = decideUnmute(this.#mute, at, counter);
    if (decision.kind === "stay") this.#mute = decision.mute;
    else this.#wake(at, decision.reason, counter);
  }

  report(): RuleReport {
    const { name } = this.#rule;
    return { name, wakes: this.#wakes, quietEvents: this.#quietEvents, quietAtEnd: this.#mute !== undefined };
  }

  /** Whether a deadline up to an instant woke the rule. It is then set again at once, to a later deadline. */
  #wakesByClock(at: Instant, counter: PeriodCounter): boolean {
    const deadline = this.#mute?.deadline;
    if (this.#mute === undefined || deadline === undefined || deadline === null) return false;
    const decision = decideWakeUp(this.#mute, at);
    if (decision.kind === "stay") return false;
    this.#wake(deadline.at, decision.reason, counter);
    this.#set(deadline.at, counter);
    return true;
  }

  #wake(at: Instant, reason: UnmuteReason, counter: PeriodCounter): void {
    this.#wakes.push({ at, reason, eventsSinceMute: counter.total - this.#mutedAtCount });
    this.#mute = undefined;
    this.#isOver = !this.#again;
  }

  /** Sets the rule, by the command a person would give, if it can be set. */
  #set(at: Instant, counter: PeriodCounter): void {
    if (this.#isOver) return;
    const command = this.#command(at);
    if (command === undefined) return;
    const context = { now: at, by: SYSTEM, comment: "", counter, latestRelease: undefined };
    const outcome = applyCommand(issueWith(counter.total, at), command, context);
    if (outcome.kind !== "applied" || outcome.issue.state.status !== "muted") return;
    this.#mute = outcome.issue.state.mute;
    this.#mutedAtCount = counter.total;
  }

  /** The command, unless its fixed deadline is over: then it cannot be given any more. */
  #command(at: Instant) {
    try {
      return parseCommand({ ...this.#rule.mute, kind: "mute" }, at);
    } catch (error) {
      if (!IssueLifecycleError.is(error) || error.code !== "deadline-passed") throw error;
      this.#isOver = true;
      return undefined;
    }
  }
}

/** An open issue with so many events: all that a mute looks at. */
function issueWith(eventCount: number, at: Instant): Issue {
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
    turningPointCount: 1,
    state: OPEN,
  };
}

function rangeOf(seen: readonly { readonly at: Instant }[]): [Instant | null, Instant | null] {
  let [from, to]: [Instant | null, Instant | null] = [null, null];
  for (const { at } of seen) {
    if (from === null || at < from) from = at;
    if (to === null || at > to) to = at;
  }
  return [from, to];
}

function histogramOf(
  seen: readonly { readonly at: Instant; readonly n: number }[],
  from: Instant,
  to: Instant,
): number[] {
  const bars = new Array<number>(seen.length === 0 ? 0 : BARS).fill(0);
  for (const { at, n } of seen) {
    const bar = Math.min(BARS - 1, Math.floor(((at - from) / Math.max(1, to - from)) * BARS));
    bars[bar] = (bars[bar] ?? 0) + n;
  }
  return bars;
}
