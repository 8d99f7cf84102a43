import { bucketOf } from "../core/calendar.ts";
import type { Evidence } from "../core/conditions/condition-rule.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue, IssueState } from "../core/issue.ts";
import { PeriodCounter } from "../core/period-counter.ts";
import { PastUsers } from "./past-users.ts";

/** The issue of past events: what conditions are judged by. */
export class PastIssue {
  readonly counter = new PeriodCounter();
  readonly users = new PastUsers();
  #firstSeenAt: Instant = Infinity;
  #lastSeenAt: Instant = 0;

  /** The number of all events. */
  get eventCount(): number {
    return this.counter.total;
  }

  /** Counts `n` events, of one user or of none. */
  count(at: Instant, n: number, userId: string | undefined): void {
    this.counter.inc(at, n);
    this.#firstSeenAt = Math.min(this.#firstSeenAt, at);
    this.#lastSeenAt = Math.max(this.#lastSeenAt, at);
    if (userId !== undefined) this.users.add(userId, bucketOf("day", at));
  }

  /**
   * What conditions are judged by at an instant.
   *
   * @param countedFrom - how many of the first events do not count
   */
  evidenceAt(at: Instant, countedFrom = 0): Evidence {
    const firstSeenAt = this.eventCount === 0 ? at : this.#firstSeenAt;
    return { counter: this.counter, at, countedFrom, firstSeenAt, users: this.users };
  }

  /** The issue in a state; commands and the clock use nothing else of it. */
  inState(state: IssueState): Issue {
    return {
      id: "",
      projectId: "",
      number: 1,
      title: "",
      transaction: "",
      level: "error",
      firstSeenAt: this.#firstSeenAt,
      lastSeenAt: this.#lastSeenAt,
      eventCount: this.eventCount,
      lastEventNumber: 0,
      userCount: 0,
      environments: [],
      watch: null,
      latestEventId: "",
      lastSeenIn: undefined,
      seenNumber: 0,
      turningPointCount: 1,
      parts: null,
      state,
    };
  }
}
