import { foldForSearch } from "../../../core/text.ts";
import { ISSUE_ORDERS, matchesSearch, orderValue } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES, MAX_ISSUE_ENVIRONMENTS, type Issue, type IssueStatus } from "../../../core/issue.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { IssuePage, IssuePageRequest, IssuePosition } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { BLOG, longName, MINUTE, newIssue, NOON, sampleIssue, SHOP } from "../samples.ts";

const STATES: readonly Issue["state"][] = [
  { status: "open" },
  { status: "muted", mute: { mutedAt: NOON, deadline: null, volume: null } },
  { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "plain" } },
  { status: "discarded", discard: { discardedAt: NOON, eventCount: 1, conditions: [], checkAt: 0 } },
];

/** Environments of which some are parts of others, or of how lists are written. */
const ENVIRONMENTS: readonly (readonly string[])[] = [
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
const ISSUES: readonly Issue[] = Array.from({ length: 30 }, (_, index) =>
  sampleIssue(index + 1, {
    title: index % 4 === 0 ? `TypeError: ${String(index)} 100%` : `Timeout_${String(index)}`,
    transaction: index % 5 === 0 ? "GET /Äpfel" : index === 7 ? "C:\\temp" : "",
    lastSeenAt: NOON + (index % 3) * MINUTE + (index % 2) * 7,
    eventCount: [100, 1, 1, 63, 64, 2, 1_000, 5_001, 5_000][index % 9] ?? 1,
    environments: ENVIRONMENTS[index % 8] ?? [],
    state: STATES[index % STATES.length] ?? { status: "open" },
  }),
);

async function seed(context: CaseContext): Promise<void> {
  const elsewhere = sampleIssue(91, { projectId: BLOG.id });
  await write(context, { projects: [SHOP, BLOG], newIssues: [...ISSUES, elsewhere].map(newIssue) });
}

/** More pages than a list has, however small they are. */
const MANY_PAGES = 100;

/** The numbers of all issues that a request matches, by pages that follow each other. */
async function pagesOf(context: CaseContext, request: Omit<IssuePageRequest, "after">): Promise<number[]> {
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

function expected(request: Omit<IssuePageRequest, "after">): number[] {
  const { statuses, search, environment, order, descending } = request;
  const sign = descending ? -1 : 1;
  return ISSUES.filter((issue) => statuses.includes(issue.state.status) && matchesSearch(issue, search))
    .filter(({ environments }) => environment === null || environments.includes(environment))
    .sort((one, other) => sign * (orderValue(one, order) - orderValue(other, order) || one.number - other.number))
    .map(({ number }) => number);
}

const ALL: readonly IssueStatus[] = ISSUE_STATUSES;

/** Lists of issues. */
export const issuePageCases: readonly ConformanceCase[] = [
  {
    id: "pages-in-order",
    title: "pages that follow each other return every issue once, in every order and direction, ties by number",
    requires:
      "pageIssues() returns each issue that matches exactly once and in order, ties by number, when pages follow each other's positions.",
    async run(context) {
      await seed(context);
      for (const order of ISSUE_ORDERS) {
        for (const descending of [true, false]) {
          for (const limit of [1, 4, 100]) {
            const request = {
              projectId: SHOP.id,
              statuses: ALL,
              search: "",
              environment: null,
              order,
              descending,
              limit,
            };
            const what = `by ${order}, ${descending ? "descending" : "ascending"}, ${String(limit)} a page`;
            expectEqual(what, await pagesOf(context, request), expected(request));
          }
        }
      }
    },
  },
  {
    id: "pages-follow-changes",
    title: "pages go by the present values of issues, also when the issue that a page ended with was deleted",
    requires: "pageIssues() returns issues by their present values, after a position and not after an issue.",
    async run(context) {
      const issues = [1, 2, 3, 4].map((number) => sampleIssue(number));
      const [first, second, third] = issues;
      if (first === undefined || second === undefined || third === undefined) return;
      const moved: Issue = {
        ...first,
        title: "Brand new",
        lastSeenAt: NOON + 99,
        eventCount: 500,
        state: { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "plain" } },
      };
      await write(context, {
        projects: [SHOP],
        newIssues: issues.map(newIssue),
        updates: [{ before: first, after: moved }],
      });
      const page = async (more: Partial<IssuePageRequest>): Promise<number[]> => {
        const request = {
          projectId: SHOP.id,
          statuses: ALL,
          search: "",
          environment: null,
          descending: true,
          after: null,
          limit: 9,
        } as const;
        const found = await read(context, (reader) => reader.pageIssues({ ...request, order: "last-seen", ...more }));
        return allReadable(found.entries).map(({ number }) => number);
      };
      expectEqual("by last seen", await page({}), [1, 4, 3, 2]);
      expectEqual("by event count", await page({ order: "event-count" }), [1, 4, 3, 2]);
      expectEqual("that are open", await page({ statuses: ["open"] }), [4, 3, 2]);
      expectEqual("that are resolved", await page({ statuses: ["resolved"] }), [1]);
      expectEqual("with the new title", await page({ search: "brand" }), [1]);
      expectEqual("with the old title", await page({ search: "title 1" }), []);
      await write(context, { deletedIssues: [third.id] });
      const after = { value: third.lastSeenAt, number: third.number };
      expectEqual("after a deleted issue", await page({ after }), [2]);
      for (const order of ISSUE_ORDERS) {
        const left = await page({ order });
        expectEqual(
          `without the deleted issue, by ${order}`,
          left.toSorted((one, other) => one - other),
          [1, 2, 4],
        );
      }
    },
  },
  {
    id: "pages-by-state",
    title: "pages hold only issues in the requested states",
    requires: "pageIssues() returns only issues in one of the requested states.",
    async run(context) {
      await seed(context);
      for (const statuses of [["open"], ["muted"], ["resolved"], ["discarded"], ["muted", "open"]] as const) {
        for (const order of ISSUE_ORDERS) {
          const request = {
            projectId: SHOP.id,
            statuses,
            search: "",
            environment: null,
            order,
            descending: true,
            limit: 3,
          };
          expectEqual(`${statuses.join(" and ")} by ${order}`, await pagesOf(context, request), expected(request));
        }
      }
    },
  },
  {
    id: "pages-by-search",
    title: "pages hold only issues whose title or transaction contains the text, which is not a pattern",
    requires: "pageIssues() returns only issues for which `matchesSearch` holds with the folded text.",
    async run(context) {
      await seed(context);
      for (const text of [
        "typeERROR",
        "100%",
        "Timeout_",
        "ÄPFEL",
        "_",
        "%",
        "nothing of it",
        "0 100",
        "c:\\temp",
        "c:temp",
      ]) {
        const search = foldForSearch(text);
        const request = {
          projectId: SHOP.id,
          statuses: ALL,
          search,
          environment: null,
          order: "last-seen",
          descending: true,
          limit: 5,
        } as const;
        expectEqual(`with ${JSON.stringify(text)}`, await pagesOf(context, request), expected(request));
      }
    },
  },
  {
    id: "pages-by-environment",
    title: "pages hold only issues that occurred in the environment, whose name is no part of another's",
    requires: "pageIssues() returns only issues whose `environments` include the requested one.",
    async run(context) {
      await seed(context);
      const names = [...new Set(ENVIRONMENTS.flat().slice(0, 24)), longName(MAX_ISSUE_ENVIRONMENTS - 1)];
      const others = ["", ",", '","', "PROD", "prod%", "a\0", "b\\u0022", longName(MAX_ISSUE_ENVIRONMENTS)];
      for (const environment of [...names, ...others]) {
        const request = { projectId: SHOP.id, statuses: ALL, search: "", environment, limit: 5 } as const;
        const lastSeen = { ...request, order: "last-seen", descending: true } as const;
        expectEqual(`in ${JSON.stringify(environment)}`, await pagesOf(context, lastSeen), expected(lastSeen));
      }
      const open = { projectId: SHOP.id, statuses: ["open"], environment: "staging", limit: 1 } as const;
      for (const order of ISSUE_ORDERS) {
        const request = { ...open, search: foldForSearch("timeout"), order, descending: false } as const;
        expectEqual(`open ones by ${order}, with a text`, await pagesOf(context, request), expected(request));
      }
      const [, second] = ISSUES;
      if (second === undefined) return;
      await write(context, { updates: [{ before: second, after: { ...second, environments: ["new"] } }] });
      const request = { projectId: SHOP.id, statuses: ALL, search: "", order: "first-seen", after: null } as const;
      const found = await read(context, (reader) =>
        reader.pageIssues({ ...request, environment: "new", descending: false, limit: 5 }),
      );
      expectEqual(
        "in the environment of an update",
        allReadable(found.entries).map(({ number }) => number),
        [second.number],
      );
    },
  },
  {
    id: "pages-in-steps",
    title: "pages for which some issues are looked at go on where they ended, also where they found nothing",
    requires:
      "pageIssues() with `lookAt` returns each issue that matches exactly once and in order, when pages follow each other's `searchedTo`.",
    async run(context) {
      await seed(context);
      const lists = [
        { statuses: ALL, search: foldForSearch("100%"), environment: null, limit: 5 },
        { statuses: ALL, search: "nothing of it", environment: null, limit: 5 },
        { statuses: ["open"], search: foldForSearch("timeout"), environment: "production", limit: 1 },
      ] as const;
      for (const list of lists) {
        for (const order of ISSUE_ORDERS) {
          for (const descending of [true, false]) {
            for (const lookAt of [1, 4, ISSUES.length, 1_000]) {
              const request = { ...list, projectId: SHOP.id, order, descending, lookAt };
              const what = `${list.search} by ${order}, ${descending ? "descending" : "ascending"}, ${String(lookAt)} at a time`;
              expectEqual(what, await pagesOf(context, request), expected(request));
            }
          }
        }
      }
    },
  },
  {
    id: "pages-end-early",
    title: "a page for which few issues are looked at ends long before the list, and says where",
    requires: "pageIssues() with `lookAt` ends, among many more issues, long before all were looked at.",
    async run(context) {
      await seed(context);
      const request = { projectId: SHOP.id, statuses: ALL, search: "t", environment: null, after: null } as const;
      for (const order of ISSUE_ORDERS) {
        for (const descending of [true, false]) {
          const { entries, searchedTo } = await read(context, (reader) =>
            reader.pageIssues({ ...request, order, descending, limit: ISSUES.length + 1, lookAt: 1 }),
          );
          const isEarly = entries.length < ISSUES.length / 2;
          const what = `by ${order}, ${descending ? "descending" : "ascending"}`;
          expectEqual(`whether a page ends early, ${what}`, isEarly, true);
          expectEqual(`whether it says where, ${what}`, searchedTo !== null, true);
        }
      }
    },
  },
];
