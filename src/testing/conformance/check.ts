import { IssueLifecycleError, type IssueLifecycleErrorCode } from "../../core/errors.ts";
import { differencesOf, inWords } from "./differences.ts";

/** What a store did is not what the port asks for. */
export class ConformanceFailure extends Error {
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
    this.name = "ConformanceFailure";
    this.expected = expected;
    this.actual = actual;
    this.differences = differences;
  }
}

/** Fails unless two values are alike in every place. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (differencesOf(expected, actual).length > 0) throw new ConformanceFailure(what, expected, actual);
}

/** Fails unless work fails with an error of this library that has a code. */
export async function expectFailure(
  what: string,
  code: IssueLifecycleErrorCode,
  work: () => Promise<unknown>,
): Promise<void> {
  const failure = await failureOf(work);
  const actual = IssueLifecycleError.is(failure) ? failure.code : inWords(failure);
  if (actual !== code) throw new ConformanceFailure(what, code, actual);
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
