import { callback, looseObject } from "../../core/shape.ts";
import { selectCases, skipReason, type ConformanceOptions } from "./conformance.ts";
import { runCase } from "./run-case.ts";
import { checkSubject, type ConformanceSubject } from "./subject.ts";

/** The parts of a test runner that are used. Those of vitest, jest, node:test, bun and mocha fit. */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly it: ((name: string, test: () => Promise<void>) => unknown) & {
    readonly skip: (name: string, test: () => Promise<void>) => unknown;
  };
}

/** Other members are ignored, because the module of a test runner has many. */
const runnerShape = looseObject<TestRunner>({ describe: callback(), it: callback() });
const skipShape = callback();

/**
 * Registers each case as a test of a test runner, named by its id and title. A case that needs what the subject lacks is
 * registered as skipped, with the reason in its name. A case may take 120 seconds: give the test runner as much, if it stops
 * tests earlier.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a runner, a subject or options with a wrong or unknown member
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 * import { createMemoryStore } from "issue-lifecycle";
 * import { registerConformance } from "issue-lifecycle/testing";
 *
 * registerConformance(
 *   { describe, it },
 *   {
 *     name: "my store",
 *     open: async () => ({ store: createMemoryStore() }),
 *     lacks: {
 *       "second-handle": "it runs in one process",
 *       "raw-reader": "it stores everything in variables",
 *       "host-transactions": "nothing else writes to its variables",
 *     },
 *   },
 * );
 * ```
 */
export function registerConformance(
  runner: TestRunner,
  subject: ConformanceSubject,
  options: ConformanceOptions = {},
): void {
  const { describe, it } = runnerShape("runner", runner);
  skipShape("runner.it.skip", it.skip);
  checkSubject(subject);
  const cases = selectCases(options);
  describe(`IssueStore conformance of ${subject.name}`, () => {
    for (const each of cases) {
      const name = `${each.id}: ${each.title}`;
      const reason = skipReason(subject, each);
      if (reason === undefined) it(name, () => runCase(subject, each));
      else it.skip(`${name} (${reason})`, () => Promise.resolve());
    }
  });
}
