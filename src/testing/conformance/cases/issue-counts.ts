import { ALL_ISSUES } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue, type IssueStatus } from "../../../core/issue.ts";
import { foldForSearch } from "../../../core/text.ts";
import type { IssueCountRequest, IssueCriteria, IssueCountStep } from "../../../ports/issue-store.ts";
import { AssertionFailure, expectEqual } from "../../assertion/assertion.ts";
import { read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { ISSUES, meets, seed } from "../listed-issues.ts";
import { NO_LIMIT } from "../many.ts";
import { SHOP } from "../samples.ts";

type Criteria = Omit<IssueCriteria, "projectId">;

const OF_ALL = { statuses: ISSUE_STATUSES, ...ALL_ISSUES } as const;

/** What to count: by states, by a text, by an environment, by all of them. */
const COUNTED: readonly Criteria[] = [
  OF_ALL,
  ...ISSUE_STATUSES.map((status) => ({ ...OF_ALL, statuses: [status] })),
  { ...OF_ALL, statuses: ["muted", "open"] },
  { ...OF_ALL, search: foldForSearch("timeout_") },
  { ...OF_ALL, search: "%" },
  { ...OF_ALL, search: "nothing of it" },
  { ...OF_ALL, environment: "staging" },
  { ...OF_ALL, environment: "prod" },
  { ...OF_ALL, statuses: ["open", "resolved"], search: foldForSearch("TIMEOUT"), environment: "staging" },
];

function expectedOf(issues: readonly Issue[], criteria: Criteria, limit: number): [IssueStatus, number][] {
  return criteria.statuses.map((status) => {
    const { length } = issues.filter((issue) => meets(issue, { ...criteria, statuses: [status] }));
    return [status, Math.min(length, limit)];
  });
}

async function step(
  context: CaseContext,
  request: Omit<IssueCountRequest, "projectId">,
  projectId: string = SHOP.id,
): Promise<IssueCountStep> {
  return read(context, (reader) => reader.countIssues({ ...request, projectId }));
}

function countsIn({ counts }: Pick<IssueCountStep, "counts">, { statuses }: Criteria) {
  return statuses.map((status) => [status, counts.get(status)]);
}

/** Expects the counts of issues of which these are stored, each in one step. */
async function expectCounts(context: CaseContext, issues: readonly Issue[]): Promise<void> {
  for (const criteria of COUNTED) {
    for (const limit of [1, 3, NO_LIMIT]) {
      const found = await step(context, { ...criteria, after: null, limit });
      const what = `counts of ${JSON.stringify(criteria)}, at most ${String(limit)}`;
      expectEqual(what, countsIn(found, criteria), expectedOf(issues, criteria, limit));
      expectEqual(`whether the ${what} are all`, found.searchedTo, null);
    }
  }
}

/** Adds up the steps of a count. */
async function countInSteps(context: CaseContext, criteria: Criteria, lookAt: number) {
  const counts = new Map<IssueStatus, number>();
  let after: number | null = null;
  for (let steps = 0; steps <= ISSUES.length; steps++) {
    const found: IssueCountStep = await step(context, { ...criteria, after, limit: NO_LIMIT, lookAt });
    for (const status of criteria.statuses) {
      counts.set(status, (counts.get(status) ?? 0) + (found.counts.get(status) ?? 0));
    }
    after = found.searchedTo;
    if (after === null) return countsIn({ counts }, criteria);
  }
  throw new AssertionFailure("the steps of a count", `at most ${String(ISSUES.length)}`, "more");
}

/** Counts of issues. */
export const issueCountCases: readonly ConformanceCase[] = [
  {
    id: "issues-counted",
    title: "issues are counted by state, text and environment, each state up to a limit, as they are now",
    requires: "countIssues() counts each issue that matches, in its state, and no other, up to the limit.",
    async run(context) {
      await seed(context);
      await expectCounts(context, ISSUES);
      const elsewhere = await step(context, { ...OF_ALL, after: null, limit: 9 }, "no project");
      expectEqual("the counts of no project", countsIn(elsewhere, OF_ALL), expectedOf([], OF_ALL, 9));
      const [first, second, third] = ISSUES;
      if (first === undefined || second === undefined || third === undefined) return;
      const after: Issue = { ...first, title: "Timeout_", environments: ["staging"], state: second.state };
      await write(context, { updates: [{ before: first, after }] });
      await write(context, { deletedIssues: [third.id] });
      await expectCounts(context, [after, second, ...ISSUES.slice(3)]);
    },
  },
  {
    id: "issues-counted-in-steps",
    title: "the steps of a count go on where they ended, and count each issue once",
    requires: "The steps of countIssues() with `lookAt`, each after the `searchedTo` before, count each issue once.",
    async run(context) {
      await seed(context);
      for (const criteria of COUNTED.filter(({ search }) => search !== "%")) {
        for (const lookAt of [1, 4, ISSUES.length, 1_000]) {
          const what = `counts of ${JSON.stringify(criteria)}, ${String(lookAt)} at a time`;
          const counts = await countInSteps(context, criteria, lookAt);
          expectEqual(what, counts, expectedOf(ISSUES, criteria, NO_LIMIT));
        }
      }
    },
  },
  {
    id: "issue-counts-end-early",
    title: "a step of a count for which few issues are looked at ends long before the last one, and says where",
    requires: "countIssues() with `lookAt` ends, among many more issues, long before all were looked at.",
    async run(context) {
      await seed(context);
      const criteria = { ...OF_ALL, search: "t" };
      const { counts, searchedTo } = await step(context, { ...criteria, after: null, limit: NO_LIMIT, lookAt: 1 });
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      expectEqual("whether a step ends early", total < ISSUES.length / 2, true);
      expectEqual("whether it says where", searchedTo !== null, true);
    },
  },
];
