import { AssertionFailure } from "../assertion/assertion.ts";

/** More steps than any walk of the cases needs. */
export const MAX_STEPS = 1_000;

/**
 * Does steps of a walk through what is stored, each from where the one before ended, until one is the last.
 *
 * @param what - what the steps are of, for the message
 * @param step - does one step; returns where it ended, `null` for the last
 * @param from - where the first step begins
 * @returns how many steps there were
 */
export async function walkSteps(
  what: string,
  step: (after: string | null) => Promise<string | null>,
  from: string | null = null,
): Promise<number> {
  let after = from;
  for (let steps = 1; ; steps++) {
    after = await step(after);
    if (after === null) return steps;
    if (steps === MAX_STEPS) throw new AssertionFailure(`the steps of ${what}`, `at most ${String(MAX_STEPS)}`, steps);
  }
}
