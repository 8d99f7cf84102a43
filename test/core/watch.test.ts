import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyEvent,
  isLookDue,
  lookBefore,
  NO_EVIDENCE,
  openIssue,
  parseCondition,
  PeriodCounter,
  volumeCondition,
  watchOf,
  watchProgress,
  type Alerting,
  type Condition,
  type Issue,
  type ReceivedEvent,
  type UserCounts,
  type Watch,
} from "../../src/core/index.ts";
import { bucketOf } from "../../src/core/calendar.ts";
import { startInstant, stepMs, watchCondition } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { NaiveWatch } from "../support/naive-watch.ts";
import type { NaiveOccurrence } from "../support/naive-past.ts";
import { DAY, HOUR, MINUTE, START } from "../support/scenario.ts";

/** Applies events to an open issue as a tracker does: it looks only when a look is due. */
class WatchedIssue {
  readonly #watch: Watch;
  readonly #counter = new PeriodCounter();
  readonly #events: NaiveOccurrence[] = [];
  readonly #users: UserCounts = {
    count: ({ fromDay }) => {
      const counted = this.#events.filter(({ at }) => fromDay === null || bucketOf("day", at) >= fromDay);
      return new Set(counted.flatMap(({ user }) => user ?? [])).size;
    },
  };
  issue: Issue | undefined;
  looks = 0;

  constructor(conditions: readonly Condition[]) {
    this.#watch = watchOf(conditions);
  }

  /** The place of the condition that raises an alert, if one does. */
  receive({ at, n, user }: NaiveOccurrence, alerting: Alerting = () => "now"): number | undefined {
    const { issue } = this;
    const state = issue?.state.status === "open" ? issue.state.watch : undefined;
    const isDue =
      issue === undefined || at < issue.firstSeenAt || isLookDue(this.#watch, state, this.#counter.total + n, at);
    const evidence = {
      counter: this.#counter,
      at,
      countedFrom: 0,
      firstSeenAt: issue?.firstSeenAt ?? at,
      users: this.#users,
    };
    const isOld = alerting("loud") === "later";
    const look = isDue && !isOld ? lookBefore(this.#watch, state, evidence) : undefined;
    if (look !== undefined) this.looks++;
    this.#counter.inc(at, n);
    this.#events.push({ at, n, user });
    const event: ReceivedEvent = { ...EVENT, receivedAt: at, occurredAt: at, alerting, count: n, isOld };
    const watching = { look, users: this.#users };
    const transition =
      issue === undefined
        ? openIssue({ id: "i", projectId: "p", number: 1 }, event, this.#counter, watching)
        : applyEvent(issue, event, this.#counter, NO_EVIDENCE, watching);
    this.issue = transition.issue;
    if (transition.change.kind !== "loud") return undefined;
    const { reason } = transition.change;
    expect(transition).toMatchObject({
      turningPoint: { turn: { kind: "loud", reason } },
      alert: { reason: { kind: "loud", reason }, turningPoint: transition.issue.turningPointCount },
    });
    return this.#watch.conditions.indexOf(reason.condition);
  }

  receiveAll(events: readonly Partial<NaiveOccurrence>[]): (number | undefined)[] {
    return events.map((event) => this.receive({ at: START, n: 1, user: null, ...event }));
  }

  get progress() {
    return this.issue && watchProgress(this.#watch, this.issue, this.#counter, START, this.#users);
  }
}

const EVENT = { id: "e", title: "E", transaction: "", release: { kind: "none" } } as const;

/** How many of them raised an alert. */
const alerts = (places: readonly (number | undefined)[]): number => places.filter((each) => each !== undefined).length;

const every = (stepMsOf: number, count: number, from = START): { at: number }[] =>
  Array.from({ length: count }, (_, index) => ({ at: from + index * stepMsOf }));

const conditions = fc.array(watchCondition, { minLength: 1, maxLength: 4 });
const events = fc.array(
  fc.record({
    step: stepMs,
    n: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 9 })),
    user: fc.constantFrom(null, "ann", "bob", "cleo", "dan", "eve"),
  }),
  { maxLength: 60 },
);

describe("rule 17: an open issue that is watched", () => {
  test("alerts as a model that looks at every condition before and after every event", () => {
    fc.assert(
      fc.property(startInstant, conditions, events, (start, watched, given) => {
        const real = new WatchedIssue(watched);
        const naive = new NaiveWatch(watched);
        let at = start;
        const first = { at, n: 1, user: null };
        expect(real.receive(first)).toBe(naive.count(first, true));
        for (const { step, n, user } of given) {
          at = Math.max(0, at + step);
          const event = { at, n, user };
          expect(real.receive(event)).toBe(naive.count(event));
        }
      }),
      { numRuns: rounds({ quick: 300, full: 5_000 }) },
    );
  });

  test("alerts once when it meets a condition, whatever follows in the window", () => {
    const issue = new WatchedIssue([volumeCondition(5, "hour")]);
    expect(issue.receiveAll(every(MINUTE, 40))).toEqual(
      every(MINUTE, 40).map((_, index) => (index === 4 ? 0 : undefined)),
    );
  });

  test("alerts once a day for one event a day against 1 a day", () => {
    const issue = new WatchedIssue([volumeCondition(1, "day")]);
    issue.receive({ at: START - DAY, n: 1, user: null });
    expect(alerts(issue.receiveAll(every(DAY, 5)))).toBe(5);
  });

  test("alerts once for each milestone, also for events that stand for several", () => {
    const milestones = [10, 100, 1_000].map((volume) => volumeCondition(volume, "total"));
    expect(alerts(new WatchedIssue(milestones).receiveAll(every(MINUTE, 2_000)))).toBe(3);
    const many = new WatchedIssue(milestones);
    expect(many.receiveAll([{}, { n: 50 }, { n: 5_000 }, {}, {}])).toEqual([undefined, 0, 1, undefined, undefined]);
  });

  test("is not asked about milestones that were passed before it was watched", () => {
    const issue = new WatchedIssue([volumeCondition(1_000, "day")]);
    issue.receiveAll(every(MINUTE, 20));
    const later = new WatchedIssue([volumeCondition(10, "total"), volumeCondition(25, "total")]);
    later.receive({ at: START, n: 20, user: null }, () => "later");
    later.issue = issue.issue;
    expect(later.receiveAll(every(MINUTE, 10))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      1,
      ...new Array<undefined>(5).fill(undefined),
    ]);
  });

  test("at a steady 100 an hour alerts at most 27 times in two days about 100 in 60 minutes", () => {
    const steady = new WatchedIssue([volumeCondition(100, "minute", 60)]);
    expect(alerts(steady.receiveAll(every(HOUR / 100, 4_800)))).toBeLessThanOrEqual(27);
  });

  test("alerts again when it was quieter for a whole window, and not while the last event that met it is in the window", () => {
    const issue = new WatchedIssue([volumeCondition(3, "minute", 10)]);
    const bursts = [0, 5, 16, 40].flatMap((minute) => every(1_000, 3, START + minute * MINUTE));
    const found = issue.receiveAll(bursts).flatMap((place, index) => (place === undefined ? [] : index));
    // The bursts at 0, 16 and 40 minutes; that at 5 comes while the first is in the window, and is in that of 14.
    expect(found).toEqual([2, 8, 11]);
  });

  test("of several conditions that are met at once, the first in declared order is the reason, and there is one alert", () => {
    const issue = new WatchedIssue([
      volumeCondition(9, "day"),
      volumeCondition(5, "hour"),
      volumeCondition(5, "total"),
    ]);
    expect(issue.receiveAll([{}, { n: 4 }, {}, {}])).toEqual([undefined, 1, undefined, undefined]);
  });

  test("rule 16: raises its alert at the next event when its event raises another", () => {
    const issue = new WatchedIssue([volumeCondition(1, "total")]);
    expect(issue.receiveAll([{}, {}, {}])).toEqual([undefined, 0, undefined]);
  });

  test("rule 14: does not look at old events", () => {
    const issue = new WatchedIssue([volumeCondition(3, "total")]);
    const event = { at: START, n: 1, user: null };
    const old: Alerting = () => "later";
    expect([issue.receive(event, old), issue.receive(event, old), issue.receive(event, old)]).toEqual(
      new Array(3).fill(undefined),
    );
    expect(issue.issue?.state).toMatchObject({ quietAlert: { reason: { kind: "new-issue" } } });
    expect(issue.issue?.turningPointCount).toBe(1);
  });

  test("looks at few of its events", () => {
    const issue = new WatchedIssue([
      volumeCondition(1_000, "hour"),
      volumeCondition(5_000, "day"),
      parseCondition({ kind: "louder", floor: 500 }),
    ]);
    issue.receiveAll(every(1_000, 900));
    expect(issue.looks).toBeLessThan(20);
  });

  test("forgets what is known about its conditions when they change", () => {
    const issue = new WatchedIssue([volumeCondition(3, "day")]);
    issue.receiveAll(every(MINUTE, 4));
    expect(issue.progress).toMatchObject([{ count: 4, needed: 3, missing: 0, isArmed: false }]);
    const other = new WatchedIssue([volumeCondition(6, "day")]);
    other.issue = issue.issue;
    expect(other.progress).toMatchObject([{ isArmed: true }]);
    expect(watchOf([volumeCondition(3, "day")]).id).not.toBe(watchOf([volumeCondition(6, "day")]).id);
  });
});
