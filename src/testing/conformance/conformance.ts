import { arrayOf, object, oneOf, optional } from "../../core/shape.ts";
import { AssertionFailure } from "../assertion/assertion.ts";
import { inWords } from "../assertion/differences.ts";
import type { ConformanceCase } from "./case.ts";
import { actorCases } from "./cases/actors.ts";
import { eventErasureCases } from "./cases/event-erasure.ts";
import { alertClaimCases } from "./cases/alert-claims.ts";
import { alertDecisionCases } from "./cases/alert-decisions.ts";
import { alertListCases } from "./cases/alert-lists.ts";
import { alertRaceCases } from "./cases/alert-races.ts";
import { alertSettlementCases } from "./cases/alert-settlements.ts";
import { tallyCases } from "./cases/alert-tallies.ts";
import { batchCases } from "./cases/batches.ts";
import { alertDecisionRaceCases } from "./cases/alert-decision-races.ts";
import { deletionRaceCases } from "./cases/deletion-races.ts";
import { digestCases } from "./cases/digests.ts";
import { eventCases } from "./cases/events.ts";
import { feedCases } from "./cases/feed.ts";
import { groupCases } from "./cases/groups.ts";
import { historyCases } from "./cases/history-and-counters.ts";
import { hostTransactionCases } from "./cases/host-transactions.ts";
import { idCases } from "./cases/ids.ts";
import { issueCountCases } from "./cases/issue-counts.ts";
import { issueCriteriaCases } from "./cases/issue-criteria.ts";
import { issuePageCases } from "./cases/issue-pages.ts";
import { issueDeletionCases } from "./cases/issue-deletion.ts";
import { issueEventCases } from "./cases/issue-events.ts";
import { issueCases } from "./cases/issues.ts";
import { keyPartCases } from "./cases/key-parts.ts";
import { largeMarkCases } from "./cases/large-marks.ts";
import { largeOutboxCases } from "./cases/large-outboxes.ts";
import { largePageCases } from "./cases/large-pages.ts";
import { largeProjectCases } from "./cases/large-projects.ts";
import { largeReleaseCases } from "./cases/large-releases.ts";
import { largeTallyCases } from "./cases/large-tallies.ts";
import { largeUserCases } from "./cases/large-users.ts";
import { longTextCases } from "./cases/long-texts.ts";
import { markCases } from "./cases/marks.ts";
import { numberCases } from "./cases/numbers.ts";
import { projectErasureCases } from "./cases/project-erasure.ts";
import { projectCases } from "./cases/projects.ts";
import { handleCases } from "./cases/handles.ts";
import { raceCases } from "./cases/races.ts";
import { pendingReleaseCases } from "./cases/pending-releases.ts";
import { releaseCases } from "./cases/releases.ts";
import { rollbackCases } from "./cases/rollbacks.ts";
import { selectionCases } from "./cases/selections.ts";
import { selectionRaceCases } from "./cases/selection-races.ts";
import { copyCases } from "./cases/copies.ts";
import { storedCountCases } from "./cases/stored-counts.ts";
import { textCases } from "./cases/texts.ts";
import { transactionCases } from "./cases/transactions.ts";
import { userCases } from "./cases/users.ts";
import { writeCases } from "./cases/writes.ts";
import { runCase } from "./run-case.ts";
import { checkSubject, type ConformanceSubject } from "./subject.ts";

/** All cases: one for each requirement of the port. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  ...transactionCases,
  ...rollbackCases,
  ...handleCases,
  ...hostTransactionCases,
  ...textCases,
  ...keyPartCases,
  ...longTextCases,
  ...batchCases,
  ...largeProjectCases,
  ...largeReleaseCases,
  ...largeMarkCases,
  ...largeUserCases,
  ...largePageCases,
  ...largeOutboxCases,
  ...largeTallyCases,
  ...numberCases,
  ...projectCases,
  ...projectErasureCases,
  ...idCases,
  ...issueCases,
  ...issueDeletionCases,
  ...selectionCases,
  ...groupCases,
  ...issuePageCases,
  ...issueCriteriaCases,
  ...issueCountCases,
  ...historyCases,
  ...feedCases,
  ...releaseCases,
  ...pendingReleaseCases,
  ...markCases,
  ...userCases,
  ...actorCases,
  ...eventErasureCases,
  ...issueEventCases,
  ...eventCases,
  ...storedCountCases,
  ...copyCases,
  ...writeCases,
  ...digestCases,
  ...raceCases,
  ...selectionRaceCases,
  ...deletionRaceCases,
  ...alertListCases,
  ...alertClaimCases,
  ...alertSettlementCases,
  ...alertDecisionCases,
  ...tallyCases,
  ...alertRaceCases,
  ...alertDecisionRaceCases,
];

/** The result of one case. */
export interface ConformanceResult extends Pick<ConformanceCase, "id" | "title" | "requires"> {
  readonly outcome: ConformanceOutcome;
}

/** The outcome of one case. */
export type ConformanceOutcome =
  | { readonly kind: "passed" }
  | {
      /** The subject lacks what the case needs. */
      readonly kind: "skipped";
      /** The subject's reason. */
      readonly reason: string;
    }
  | {
      readonly kind: "failed";
      /** A human-readable description of the failure. */
      readonly message: string;
      /** The expected value, where two values were compared. */
      readonly expected?: unknown;
      /** The actual value, where two values were compared. */
      readonly actual?: unknown;
      /** What was thrown. */
      readonly error: unknown;
    };

/** The results of all cases. */
export interface ConformanceReport {
  /** The subject's name. */
  readonly subject: string;
  /** One result for each case that was selected. */
  readonly results: readonly ConformanceResult[];
  /** Whether no case failed. */
  readonly conforms: boolean;
  /** The number of cases by outcome. */
  readonly counts: Readonly<Record<ConformanceOutcome["kind"], number>>;
}

/** Which cases to run. */
export interface ConformanceOptions {
  /** Only cases with these ids. Default: all. */
  readonly only?: readonly string[];
}

const optionsShape = object<ConformanceOptions>({
  only: optional(arrayOf(oneOf(CONFORMANCE_CASES.map(({ id }) => id)))),
});

/**
 * The cases that are selected.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function selectCases(options: ConformanceOptions): readonly ConformanceCase[] {
  const { only } = optionsShape("options", options);
  return only === undefined ? CONFORMANCE_CASES : CONFORMANCE_CASES.filter(({ id }) => only.includes(id));
}

/**
 * Runs the conformance cases on a store, each on a fresh store. Needs no test runner. Never rejects because of the store:
 * failures are in the report. A case that takes longer than 120 seconds has failed.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a member or a case id that does not exist
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
 *   lacks: {
 *     "raw-reader": "it stores everything in variables",
 *     "host-transactions": "nothing else writes to its variables",
 *   },
 * });
 * if (!report.conforms) throw new Error(describeConformance(report));
 * ```
 */
export async function runConformance(
  subject: ConformanceSubject,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  checkSubject(subject);
  const results: ConformanceResult[] = [];
  for (const each of selectCases(options)) {
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

/** The reason to skip a case for a subject; `undefined` to run it. */
export function skipReason({ lacks = {} }: ConformanceSubject, { needs = [] }: ConformanceCase): string | undefined {
  return needs.map((capability) => lacks[capability]).find((reason) => reason !== undefined);
}

/** Formats a report: one line per case, and for each failure what was required, expected and found. */
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
