import type { ConformanceCase } from "./case.ts";
import { alertClaimCases } from "./cases/alert-claims.ts";
import { alertDecisionCases } from "./cases/alert-decisions.ts";
import { alertListCases } from "./cases/alert-lists.ts";
import { alertRaceCases } from "./cases/alert-races.ts";
import { alertSettlementCases } from "./cases/alert-settlements.ts";
import { tallyCases } from "./cases/alert-tallies.ts";
import { digestCases } from "./cases/digests.ts";
import { eventCases } from "./cases/events.ts";
import { historyCases } from "./cases/history-and-counters.ts";
import { issuePageCases } from "./cases/issue-pages.ts";
import { issueCases } from "./cases/issues.ts";
import { projectCases } from "./cases/projects.ts";
import { raceCases } from "./cases/races.ts";
import { releaseCases } from "./cases/releases-and-marks.ts";
import { textCases } from "./cases/texts.ts";
import { transactionCases } from "./cases/transactions.ts";
import { invalidInput } from "../../core/input.ts";
import { AssertionFailure } from "../assertion/assertion.ts";
import { inWords } from "../assertion/differences.ts";
import { runCase } from "./run-case.ts";
import type { ConformanceSubject } from "./subject.ts";

/** All that a store is asked to show, in the order of the port. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  ...transactionCases,
  ...textCases,
  ...projectCases,
  ...issueCases,
  ...issuePageCases,
  ...historyCases,
  ...releaseCases,
  ...eventCases,
  ...digestCases,
  ...alertListCases,
  ...alertClaimCases,
  ...alertSettlementCases,
  ...alertDecisionCases,
  ...tallyCases,
  ...raceCases,
  ...alertRaceCases,
];

/** What came of one case. */
export interface ConformanceResult {
  /** See {@link ConformanceCase.id}. */
  readonly id: string;
  /** See {@link ConformanceCase.title}. */
  readonly title: string;
  /** See {@link ConformanceCase.requires}. */
  readonly requires: string;
  /** What came of it. */
  readonly outcome: ConformanceOutcome;
}

/** What can come of a case. */
export type ConformanceOutcome =
  | {
      /** The store does what is asked for. */
      readonly kind: "passed";
    }
  | {
      /** The store cannot be asked. */
      readonly kind: "skipped";
      /** Why, in the words of the subject. */
      readonly reason: string;
    }
  | {
      /** The store does something else. */
      readonly kind: "failed";
      /** What, for people. */
      readonly message: string;
      /** What should have been, where two values were compared. */
      readonly expected?: unknown;
      /** What was. */
      readonly actual?: unknown;
      /** What was thrown. */
      readonly error: unknown;
    };

/** What came of all cases. */
export interface ConformanceReport {
  /** The subject's name. */
  readonly subject: string;
  /** One result for each case that was asked for. */
  readonly results: readonly ConformanceResult[];
  /** Whether no case failed. */
  readonly conforms: boolean;
  /** How many cases passed, failed and were skipped. */
  readonly counts: Readonly<Record<ConformanceOutcome["kind"], number>>;
}

/** Which cases to run. */
export interface ConformanceOptions {
  /** Only cases with these ids. Default: all. */
  readonly only?: readonly string[];
}

/**
 * Puts a store to the test, case by case, each on a fresh store; needs no test runner. Never rejects because of the store:
 * whatever it does is in the report.
 *
 * @throws `IssueLifecycleError` `invalid-input` for an id that no case has
 *
 * @example
 * ```ts
 * import { createMemoryStore } from "issue-lifecycle";
 * import { describeConformance, runConformance } from "issue-lifecycle/testing";
 *
 * const report = await runConformance({
 *   name: "my store",
 *   open: async () => {
 *     const store = createMemoryStore();
 *     return { store, openSecond: async () => store };
 *   },
 *   lacks: { "raw-reader": "it keeps everything in variables" },
 * });
 * if (!report.conforms) throw new Error(describeConformance(report));
 * ```
 */
export async function runConformance(
  subject: ConformanceSubject,
  { only }: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const unknown = only?.find((id) => !CONFORMANCE_CASES.some((each) => each.id === id));
  if (unknown !== undefined) throw invalidInput("options.only", unknown, "ids of cases");
  const results: ConformanceResult[] = [];
  for (const each of CONFORMANCE_CASES) {
    if (only !== undefined && !only.includes(each.id)) continue;
    const { id, title, requires } = each;
    results.push({ id, title, requires, outcome: await outcomeOf(subject, each) });
  }
  const count = (kind: ConformanceOutcome["kind"]): number =>
    results.filter(({ outcome }) => outcome.kind === kind).length;
  const counts = { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
  return { subject: subject.name, results, conforms: counts.failed === 0, counts };
}

async function outcomeOf(subject: ConformanceSubject, each: ConformanceCase): Promise<ConformanceOutcome> {
  const reason = skipReason(subject, each);
  if (reason !== undefined) return { kind: "skipped", reason };
  try {
    await runCase(subject, each);
    return { kind: "passed" };
  } catch (error) {
    const message = error instanceof Error ? error.message : inWords(error);
    if (!(error instanceof AssertionFailure)) return { kind: "failed", message, error };
    return { kind: "failed", message, expected: error.expected, actual: error.actual, error };
  }
}

/** Why a case cannot be put to a subject, if it cannot. */
export function skipReason({ lacks = {} }: ConformanceSubject, { needs }: ConformanceCase): string | undefined {
  return needs === undefined ? undefined : lacks[needs];
}

/** A report for people: a line per case, and for each failure what was required, expected and found. */
export function describeConformance({ subject, results, counts }: ConformanceReport): string {
  const lines = results.flatMap(({ id, title, requires, outcome }) => {
    switch (outcome.kind) {
      case "passed":
        return [`ok      ${id}: ${title}`];
      case "skipped":
        return [`skipped ${id}: ${title} (${outcome.reason})`];
      case "failed":
        return [`FAILED  ${id}: ${title}`, `  requires: ${requires}`, `  ${outcome.message.replaceAll("\n", "\n  ")}`];
    }
  });
  const { passed, failed, skipped } = counts;
  const sum = `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
  return [`Conformance of ${subject}`, ...lines, sum].join("\n");
}
