import { describe, it } from "vitest";
import type { TestRunner } from "../../src/testing/index.ts";
import { isForEveryRun, rounds } from "./effort.ts";

/**
 * Vitest, with fewer cases in the quick run: those that are not large.
 *
 * @param only - in the quick run only cases whose ids begin with this
 */
export function quickRunner(only = ""): TestRunner {
  const define = (name: string, test: () => Promise<void>): void => {
    if (isForEveryRun(name) && name.startsWith(rounds({ quick: 1, full: 0 }) > 0 ? only : "")) it(name, test);
  };
  return { describe, it: Object.assign(define, { skip: it.skip }) };
}
