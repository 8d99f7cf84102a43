import { IssueLifecycleError } from "../core/errors.ts";

/** The error for a store that returns again what was changed, removed or passed: to go on would never end. */
export function storeRepeats(what: string): IssueLifecycleError {
  return new IssueLifecycleError(
    "corrupt-data",
    `The store returned ${what} again, after it had been told that this is done: going on would never end. ` +
      "The conformance suite in issue-lifecycle/testing shows what is wrong with the store.",
  );
}

/** Work in steps, each of which the store chooses by what is left to do. */
export class Progress {
  readonly #what: string;
  #previous: ReadonlySet<string> = new Set();

  /** @param what - what the steps are about, for the message: "issues to wake" */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * Notes what a step has done.
   *
   * @throws {@link IssueLifecycleError} `corrupt-data` if the step before has done some of it already
   */
  step(done: readonly string[]): void {
    if (done.some((name) => this.#previous.has(name))) throw storeRepeats(this.#what);
    this.#previous = new Set(done);
  }
}
