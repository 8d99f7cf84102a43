import { invalidInput } from "../input.ts";
import type { Shape } from "../shape.ts";
import type { Standing } from "./condition-rule.ts";

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

/** The shape of a factor. */
export const factor: Shape<number> = (field, value) => {
  if (typeof value === "number" && value >= 1 && value <= MAX_FACTOR) return value;
  throw invalidInput(field, value, `a number from 1 to ${String(MAX_FACTOR)}`);
};

/** How far a count is from being above the floor and the factor of what is usual. */
export function timesUsual({ floor, factor: times }: FactorOfUsual, count: number, usual: number): Standing {
  // A product such as 1.15 * 100 is a little less than it should be, which must not count as less.
  const exceeded = Math.max(floor, Number((times * usual).toPrecision(EXACT_DIGITS)));
  return { count, needed: Math.min(Number.MAX_SAFE_INTEGER, Math.floor(exceeded) + 1), usual };
}
