import type { Condition } from "../../src/core/index.ts";
import { startOfBucket } from "./naive-counter.ts";
import { NaivePast, type NaiveOccurrence } from "./naive-past.ts";

/** What is known about a condition. */
interface NaiveKnowledge {
  readonly condition: Condition;
  isArmed: boolean;
  /** When the last event that met it came. */
  metAt: number | undefined;
}

/**
 * The naive model of what an open issue is watched for: looks at every condition before and after every event, and counts anew each
 * time.
 */
export class NaiveWatch {
  readonly #past: NaivePast;
  readonly #known: readonly NaiveKnowledge[];
  /** For each condition whether it was met before the event. */
  #before: readonly boolean[] = [];
  #isFresh = true;

  constructor(conditions: readonly Condition[], past = new NaivePast()) {
    this.#past = past;
    this.#known = conditions.map((condition) => ({ condition, isArmed: false, metAt: undefined }));
  }

  get conditions(): readonly Condition[] {
    return this.#known.map(({ condition }) => condition);
  }

  /** Counts an event, and returns the place of the condition that raises an alert, if one does. */
  count(event: NaiveOccurrence, raisesAnother = false): number | undefined {
    this.lookBefore(event.at);
    this.#past.add(event);
    return this.lookAfter(event.at, raisesAnother);
  }

  /** Looks before an event is counted. */
  lookBefore(at: number): void {
    this.#before = this.#known.map(({ condition }) => this.#past.standing(condition, at).isMet);
  }

  /** Looks after an event was counted, and returns the place of the condition that raises an alert, if one does. */
  lookAfter(instant: number, raisesAnother: boolean): number | undefined {
    const at = this.#past.newest(instant);
    let alert: number | undefined;
    for (const [place, known] of this.#known.entries()) {
      const { condition, metAt } = known;
      const hasLeft = metAt === undefined || isOutside(condition, metAt, at);
      if (this.#before[place] !== true && (this.#isFresh || hasLeft)) known.isArmed = true;
      if (!this.#past.standing(condition, at).isMet) {
        if (this.#isFresh && !known.isArmed) known.metAt = at;
        continue;
      }
      if (known.isArmed && raisesAnother) continue;
      if (known.isArmed) alert ??= place;
      known.isArmed = false;
      known.metAt = at;
    }
    this.#isFresh = false;
    return alert;
  }
}

/** Whether an instant is before the window of a condition. */
function isOutside(condition: Condition, instant: number, at: number): boolean {
  switch (condition.kind) {
    case "volume":
      return condition.period !== "total" && instant < startOfBucket(condition.period, at, condition.nrOfPeriods - 1);
    case "users":
      return instant < startOfBucket("day", at, (condition.days ?? 1) - 1);
    case "spike":
      return instant < startOfBucket("hour", at, 0);
    case "louder":
      return instant < startOfBucket("day", at, 0);
  }
}
