import { EVENT_LEVELS } from "../../core/event-level.ts";
import { matchesCriteria, orderValue } from "../../core/issue-list.ts";
import { MAX_ISSUE_ENVIRONMENTS, type Issue } from "../../core/issue.ts";
import { allReadable } from "../../core/unreadable.ts";
import type { IssueCriteria, IssuePage, IssuePageRequest, IssuePosition } from "../../ports/issue-store.ts";
import { expectEqual } from "../assertion/assertion.ts";
import { read, write, type CaseContext } from "./case.ts";
import { BLOG, longName, MINUTE, newIssue, NOON, sampleIssue, SHOP, uuid } from "./samples.ts";

/** What an open issue may be watched for, as it is stored: a text that looks like a part of another state. */
const WATCH = { of: '{"regressedAt":1,"loudAt":1}', checkAt: 1, lookAt: 1, metAt: [] };

const STATES: readonly Issue["state"][] = [
  { status: "open" },
  { status: "muted", mute: { mutedAt: NOON, deadline: null, volume: null } },
  { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "plain" } },
  { status: "discarded", discard: { discardedAt: NOON, eventCount: 1, conditions: [], checkAt: 0 } },
  { status: "merged", into: uuid(77), as: "member", at: NOON },
  { status: "open", regressedAt: NOON },
  { status: "muted", mute: { mutedAt: NOON, deadline: null, volume: null } },
  {
    status: "resolved",
    resolvedAt: NOON,
    afterRelease: 0,
    resolution: { kind: "by-release", releases: ['"regressedAt":', '"loudAt":'] },
  },
  { status: "open", loudAt: NOON, watch: WATCH },
  { status: "open", watch: WATCH },
  { status: "open", quietFrom: NOON, regressedAt: NOON - 1, loudAt: NOON - 2 },
];

/** Environments of which some are parts of others, or of how lists are written. */
export const ENVIRONMENTS: readonly (readonly string[])[] = [
  [],
  ["production"],
  ["production", "staging"],
  ["Production", "prod", "staging"],
  ["prod", "%", "a,b", "€"],
  ["a", "b", "[]", "null"],
  ['a"', '"b', "\\", "a\0\ud800"],
  Array.from({ length: MAX_ISSUE_ENVIRONMENTS }, (_, number) => longName(number)),
];

/** Issues in all states, with many ties in every order. */
export const ISSUES: readonly Issue[] = Array.from({ length: 30 }, (_, index) =>
  sampleIssue(index + 1, {
    title: index % 4 === 0 ? `TypeError: ${String(index)} 100%` : `Timeout_${String(index)}`,
    transaction: index % 5 === 0 ? "GET /Äpfel" : index === 7 ? "C:\\temp" : "",
    level: EVENT_LEVELS[(index * 3) % EVENT_LEVELS.length] ?? "error",
    firstSeenAt: NOON - (index % 7) * MINUTE,
    lastSeenAt: NOON + (index % 3) * MINUTE + (index % 2) * 7,
    eventCount: [100, 1, 1, 63, 64, 2, 1_000, 5_001, 5_000][index % 9] ?? 1,
    environments: ENVIRONMENTS[index % 8] ?? [],
    state: STATES[index % STATES.length] ?? { status: "open" },
  }),
);

/** Stores them, and one of another project. */
export async function seed(context: CaseContext): Promise<void> {
  const elsewhere = sampleIssue(91, { projectId: BLOG.id });
  await write(context, { projects: [SHOP, BLOG], newIssues: [...ISSUES, elsewhere].map(newIssue) });
}

/** More pages than a list has, however small they are. */
const MANY_PAGES = 100;

/** The numbers of all issues that a request matches, by pages that follow each other. */
export async function pagesOf(context: CaseContext, request: Omit<IssuePageRequest, "after">): Promise<number[]> {
  const numbers: number[] = [];
  let after: IssuePosition | null = null;
  for (let pages = 0; pages < MANY_PAGES; pages++) {
    const next: IssuePageRequest = { ...request, after };
    const { entries, searchedTo }: IssuePage = await read(context, (reader) => reader.pageIssues(next));
    const page: readonly Issue[] = allReadable(entries);
    if (page.length > request.limit) expectEqual("the length of a page", page.length, request.limit);
    numbers.push(...page.map(({ number }) => number));
    const last = page.at(-1);
    const isFull = last !== undefined && page.length === request.limit;
    after = isFull ? { value: orderValue(last, request.order), number: last.number } : searchedTo;
    if (after === null) return numbers;
  }
  return numbers;
}

/** The numbers of those that it has to return, in order. */
export function expected(request: Omit<IssuePageRequest, "after" | "limit">): number[] {
  const { order, descending } = request;
  const sign = descending ? -1 : 1;
  return ISSUES.filter((issue) => meets(issue, request))
    .sort((one, other) => sign * (orderValue(one, order) - orderValue(other, order) || one.number - other.number))
    .map(({ number }) => number);
}

/** Whether an issue of their project meets criteria. */
export function meets(issue: Issue, criteria: Omit<IssueCriteria, "projectId">): boolean {
  return criteria.statuses.includes(issue.state.status) && matchesCriteria(issue, criteria);
}
