import { invalidInput } from "../input.ts";
import { integer, withDefault, type Shape } from "../shape.ts";
import { pluralize } from "../text.ts";
import { countTowards } from "../threshold.ts";
import { fromTheMute, judgedAt, type ConditionRule, type Evidence, type Standing } from "./condition-rule.ts";

/** How much more than usual meets a condition. */
export interface FactorOfUsual {
  /** The condition is never met by this number of events or fewer; at least 1. */
  readonly floor: number;
  /** How many times what is usual must be exceeded; a number from 1 to 1,000, such as 2.5. */
  readonly factor: number;
}

const MAX_FACTOR = 1_000;
/** The decimal digits that a number holds exactly. */
const EXACT_DIGITS = 15;

const factorShape: Shape<number> = (field, value) => {
  if (typeof value === "number" && value >= 1 && value <= MAX_FACTOR) return value;
  throw invalidInput(field, value, `a number from 1 to ${String(MAX_FACTOR)}`);
};

/** The members of a condition on what is usual, with these defaults. */
/* @__NO_SIDE_EFFECTS__ */
export function factorOfUsualMembers(floor: number, factor: number) {
  return {
    floor: withDefault(integer(1, Number.MAX_SAFE_INTEGER), floor),
    factor: withDefault(factorShape, factor),
  };
}

/** What is usual for an issue, and in which period it is exceeded. */
interface Usual {
  readonly period: "hour" | "day";
  /** One such period in words: "calendar day". */
  readonly periodInWords: string;
  /** How many events are usual. */
  readonly count: (evidence: Evidence) => number;
  /** That the factor of it is exceeded, in words: see {@link moreThanIn} and {@link moreThanCount}. */
  readonly exceeded: string;
}

/** How a condition on what is usual is judged, whatever is usual. */
export function usualRule(
  condition: FactorOfUsual,
  { period, periodInWords, count, exceeded }: Usual,
): Omit<ConditionRule, "asRequested" | "asMuted" | "reason"> {
  const window = { period, nrOfPeriods: 1 };
  const floor = `more than ${pluralize(condition.floor, "event")} in`;
  return {
    window,
    countsUsers: false,
    isSinceMute: false,
    standing: (evidence) => {
      const found = countTowards(evidence.counter, window, evidence.countedFrom, judgedAt(evidence));
      return timesUsual(condition, found, count(evidence));
    },
    // Later something else may be usual, but all of the floor has to come again.
    eventsUntilMet: ({ count: found, needed }) => Math.min(needed - found, condition.floor + 1),
    describe: () => `${floor} the current ${period}, and ${exceeded}`,
    describeTimeless: (sinceMute) => `${floor} one ${periodInWords}${fromTheMute(sinceMute)}, and ${exceeded}`,
    describeStanding: ({ count: found, needed }, sinceMute) =>
      `${String(found)} of ${pluralize(needed, "event")}${sinceMute ? " since the mute" : ""} in the current ${period} (more than ${String(condition.floor)}, and ${exceeded})`,
  };
}

/** "more than 3 times as many as on a usual day", and with a factor of 1 "more than on a usual day". */
export function moreThanIn(factor: number, usualPlace: string): string {
  return `more than ${factor === 1 ? "" : `${String(factor)} times as many as `}${usualPlace}`;
}

/** "more than 3 times the 10 of a usual day", and with a factor of 1 "more than the 10 of a usual day". */
export function moreThanCount(factor: number, usual: number, usualOf: string): string {
  return `more than ${factor === 1 ? "" : `${String(factor)} times `}the ${String(usual)} of ${usualOf}`;
}

/** That more than usual was met, as a sentence. */
export function describeMoreThanUsual(
  { floor, factor }: FactorOfUsual,
  { count, usual }: Pick<Standing, "count" | "usual">,
  period: string,
  usualOf: string,
): string {
  return (
    `There were ${pluralize(count, "event")} in one ${period}: more than ${String(floor)}, and ` +
    `${moreThanCount(factor, usual, usualOf)}.`
  );
}

/** How far a count is from being above the floor and the factor of what is usual. */
function timesUsual({ floor, factor: times }: FactorOfUsual, count: number, usual: number): Standing {
  // A product such as 1.15 * 100 is a little less than it should be, which must not count as less.
  const exceeded = Math.max(floor, Number((times * usual).toPrecision(EXACT_DIGITS)));
  return { count, needed: Math.min(Number.MAX_SAFE_INTEGER, Math.floor(exceeded) + 1), usual };
}
