import { IssueLifecycleError, type IssueLifecycleErrorCode } from "../../core/errors.ts";
import { differencesOf, inWords } from "./differences.ts";

/** Something is not as a test expects it. */
export class AssertionFailure extends Error {
  /** What should have been. */
  readonly expected: unknown;
  /** What was. */
  readonly actual: unknown;
  /** Where the two differ, a line each. */
  readonly differences: readonly string[];

  /**
   * Makes a failure.
   *
   * @param what - what was looked at, in a few words
   * @param expected - what should have been
   * @param actual - what was
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
 * Fails unless two values are alike in every place, saying in which they are not. Knows plain objects, arrays, maps, sets and
 * bytes; an absent member and one that is `undefined` are the same.
 *
 * @param what - what is looked at, in a few words
 * @param actual - what is
 * @param expected - what should be
 * @throws {@link AssertionFailure}
 */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (differencesOf(expected, actual).length > 0) throw new AssertionFailure(what, expected, actual);
}

/** Fails unless work fails with an error of this library that has a code. */
export async function expectFailure(
  what: string,
  code: IssueLifecycleErrorCode,
  work: () => Promise<unknown>,
): Promise<void> {
  const failure = await failureOf(work);
  const actual = IssueLifecycleError.is(failure) ? failure.code : inWords(failure);
  if (actual !== code) throw new AssertionFailure(what, code, actual);
}

/** What work fails with; `undefined` when it does not. */
export async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}
