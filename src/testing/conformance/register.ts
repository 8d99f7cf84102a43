import { CONFORMANCE_CASES, skipReason } from "./conformance.ts";
import { runCase } from "./run-case.ts";
import type { ConformanceSubject } from "./subject.ts";

/** What is used of a test runner: vitest, jest, node:test, bun and mocha have it. */
export interface TestRunner {
  /** Groups tests. */
  readonly describe: (name: string, define: () => void) => unknown;
  /** Defines a test. */
  readonly it: ((name: string, test: () => Promise<void>) => unknown) & {
    /** Defines a test that is skipped. */
    readonly skip: (name: string, test: () => Promise<void>) => unknown;
  };
}

/**
 * Registers the cases as tests of a test runner: one for each, named by its id and title. What the subject lacks is skipped
 * by the runner, with the reason in the name.
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
 *     lacks: { "second-handle": "it lives in one process", "raw-reader": "it keeps everything in variables" },
 *   },
 * );
 * ```
 */
export function registerConformance({ describe, it }: TestRunner, subject: ConformanceSubject): void {
  describe(`IssueStore conformance of ${subject.name}`, () => {
    for (const each of CONFORMANCE_CASES) {
      const name = `${each.id}: ${each.title}`;
      const reason = skipReason(subject, each);
      if (reason === undefined) it(name, () => runCase(subject, each));
      else it.skip(`${name} (${reason})`, () => Promise.resolve());
    }
  });
}
