import { IssueLifecycleError, type IssueLifecycleErrorCode } from "../../core/errors.ts";
import { differencesOf, inWords } from "./differences.ts";

/** A value is not what a test expects. */
export class AssertionFailure extends Error {
  readonly expected: unknown;
  readonly actual: unknown;
  /** The places in which the two differ, one line each. */
  readonly differences: readonly string[];

  /**
   * Creates a failure.
   *
   * @param what - the value, in a few words
   */
  constructor(what: string, expected: unknown, actual: unknown) {
    const differences = differencesOf(expected, actual);
    super([`${what}:`, ...differences].join("\n  "));
    this.name = "AssertionFailure";
    this.expected = expected;
    this.actual = actual;
    this.differences = differences;
  }
}

/**
 * Throws unless two values are equal, with the places in which they differ. Compares plain objects, arrays, maps, sets,
 * bytes, dates and errors by what they hold; an absent member equals one that is `undefined`.
 *
 * @param what - the value, in a few words
 * @throws {@link AssertionFailure}
 */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (differencesOf(expected, actual).length > 0) throw new AssertionFailure(what, expected, actual);
}

/** Throws unless work fails with this code. */
export async function expectFailure(
  what: string,
  code: IssueLifecycleErrorCode,
  work: () => Promise<unknown>,
): Promise<void> {
  const failure = await failureOf(work);
  const actual = IssueLifecycleError.is(failure) ? failure.code : inWords(failure);
  if (actual !== code) throw new AssertionFailure(what, code, actual);
}

/** The error that work fails with; `undefined` if it does not fail. */
export async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}
