import { isMet } from "../core/conditions/condition-rule.ts";
import { ruleOf } from "../core/conditions/condition.ts";
import type { Instant } from "../core/instant.ts";
import { isLookDue, lookAfter, lookBefore, watchOf, type Watch, type WatchState } from "../core/watch-state.ts";
import type { AlertLog } from "./alert-log.ts";
import type { ReceivedEvents } from "./past-events.ts";
import { PastIssue } from "./past-issue.ts";
import type { CheckedWatchRule, RuleReport, RuleRun } from "./rule-run.ts";

/** Watches an issue that stays open. */
export class WatchRun implements RuleRun {
  readonly alerts: AlertLog;
  readonly #name: string;
  readonly #watch: Watch;
  readonly #issue = new PastIssue();
  #state: WatchState | undefined;
  #now: Instant = 0;
  #countAtAlert = 0;

  constructor({ name, watch }: CheckedWatchRule, alerts: AlertLog) {
    this.#name = name;
    this.#watch = watchOf(watch.conditions);
    this.alerts = alerts;
  }

  /** Nothing happens to an open issue without events. */
  advanceTo(at: Instant): void {
    this.#now = Math.max(this.#now, at);
  }

  receive(received: ReceivedEvents): void {
    if (this.#watch.conditions.length === 0) return;
    const { kind, at, n } = received;
    if (kind === "event") {
      this.#receiveAtOnce(at, n, received.userId);
      return;
    }
    for (let left = n; left > 0;) left -= this.#receiveSome(at, left);
  }

  report(): RuleReport {
    return {
      name: this.#name,
      kind: "watch",
      alertCount: this.alerts.count,
      alerts: this.alerts.listed,
      lastAlert: this.alerts.last,
      mutedEvents: 0,
      mutedAtEnd: false,
    };
  }

  /** Counts so many of the events that only the first of them can change anything, and returns how many these are. */
  #receiveSome(at: Instant, left: number): number {
    const unchanged =
      this.#state === undefined || at >= this.#state.lookAt ? 0 : this.#eventsUntilMet(this.#state, at) - 1;
    if (unchanged === 0) {
      this.#receiveAtOnce(at, 1, undefined);
      return 1;
    }
    const some = Math.min(left, unchanged);
    this.#issue.count(at, some, undefined);
    return some;
  }

  /** How many more events at an instant meet a condition that is not met, or not alerted yet; at least 1. */
  #eventsUntilMet({ metAt }: WatchState, at: Instant): number {
    const evidence = this.#issue.evidenceAt(at);
    const missing = this.#watch.conditions.map((condition, index) => {
      const standing = ruleOf(condition).standing(evidence);
      const isAlerted = isMet(standing) && metAt[index] !== null;
      return isAlerted ? Infinity : Math.max(1, standing.needed - standing.count);
    });
    return Math.min(...missing);
  }

  /** Counts an event. The one that opens the issue raises the alert that it is new, and therefore none of the watch. */
  #receiveAtOnce(at: Instant, n: number, userId: string | undefined): void {
    const opens = this.#issue.eventCount === 0;
    const evidence = this.#issue.evidenceAt(at);
    // An event before the first one makes usual days quieter.
    const isDue = isLookDue(this.#watch, this.#state, this.#issue.eventCount + n, at) || at < evidence.firstSeenAt;
    const look = isDue ? lookBefore(this.#watch, this.#state, evidence) : undefined;
    this.#issue.count(at, n, userId);
    if (look === undefined) return;
    const watched = lookAfter(look, this.#issue.evidenceAt(at), opens);
    this.#state = watched.state;
    const { reason } = watched;
    if (reason === undefined) return;
    this.alerts.add({ at: this.#now, reason, eventCount: this.#issue.eventCount - this.#countAtAlert });
    this.#countAtAlert = this.#issue.eventCount;
  }
}
