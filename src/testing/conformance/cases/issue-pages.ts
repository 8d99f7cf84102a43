import { foldForSearch } from "../../../core/text.ts";
import { ALL_ISSUES, ISSUE_ORDERS, orderValue, type IssueOrder } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES, MAX_ISSUE_ENVIRONMENTS, type Issue, type IssueStatus } from "../../../core/issue.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { IssuePageRequest, IssuePosition } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type ConformanceCase } from "../case.ts";
import { ENVIRONMENTS, expected, ISSUES, pagesOf, seed } from "../listed-issues.ts";
import { longName, newIssue, NOON, sampleIssue, SHOP } from "../samples.ts";

/** Positions beside those of issues, and before and after all. */
function positionsAround(order: IssueOrder): IssuePosition[] {
  const beside = ISSUES.slice(6, 9).flatMap((issue) => {
    const value = orderValue(issue, order);
    const numbers = order === "first-seen" ? [] : [-1, 0, 1].map((by) => ({ value, number: issue.number + by }));
    return [...numbers, ...[-1, 1].map((by) => ({ value: value + by, number: issue.number + by }))];
  });
  const ends = [Number.MIN_SAFE_INTEGER, -1, 0, Number.MAX_SAFE_INTEGER].map((each) => ({ value: each, number: each }));
  return [...beside, ...ends];
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
              ...ALL_ISSUES,
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
    id: "pages-from-any-position",
    title:
      "pages begin after any position: where no issue is, between issues with equal values, and before and after all",
    requires: "pageIssues() returns the issues after any position, also one where no issue is.",
    async run(context) {
      await seed(context);
      const statuses = ["open"] as const;
      for (const order of ISSUE_ORDERS) {
        for (const descending of [true, false]) {
          for (const after of positionsAround(order)) {
            const request = { projectId: SHOP.id, statuses, ...ALL_ISSUES, order, descending };
            const { entries } = await read(context, (reader) => reader.pageIssues({ ...request, after, limit: 9 }));
            const behind = expected(request).filter((number) => {
              const issue = ISSUES[number - 1];
              const distance =
                issue === undefined ? 0 : orderValue(issue, order) - after.value || number - after.number;
              return descending ? distance < 0 : distance > 0;
            });
            expectEqual(
              `by ${order}, ${descending ? "descending" : "ascending"}, after ${JSON.stringify(after)}`,
              allReadable(entries).map(({ number }) => number),
              behind.slice(0, 9),
            );
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
          ...ALL_ISSUES,
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
      for (const statuses of [
        ["open"],
        ["muted"],
        ["resolved"],
        ["discarded"],
        ["merged"],
        ["muted", "open"],
      ] as const) {
        for (const order of ISSUE_ORDERS) {
          const request = {
            projectId: SHOP.id,
            statuses,
            ...ALL_ISSUES,
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
          ...ALL_ISSUES,
          search,
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
        const request = { projectId: SHOP.id, statuses: ALL, ...ALL_ISSUES, environment, limit: 5 } as const;
        const lastSeen = { ...request, order: "last-seen", descending: true } as const;
        expectEqual(`in ${JSON.stringify(environment)}`, await pagesOf(context, lastSeen), expected(lastSeen));
      }
      const open = { projectId: SHOP.id, statuses: ["open"], ...ALL_ISSUES, environment: "staging", limit: 1 } as const;
      for (const order of ISSUE_ORDERS) {
        const request = { ...open, search: foldForSearch("timeout"), order, descending: false } as const;
        expectEqual(`open ones by ${order}, with a text`, await pagesOf(context, request), expected(request));
      }
      const [, second] = ISSUES;
      if (second === undefined) return;
      await write(context, { updates: [{ before: second, after: { ...second, environments: ["new"] } }] });
      const request = { projectId: SHOP.id, statuses: ALL, ...ALL_ISSUES, order: "first-seen", after: null } as const;
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
        { statuses: ALL, ...ALL_ISSUES, search: foldForSearch("100%"), limit: 5 },
        { statuses: ALL, ...ALL_ISSUES, search: "nothing of it", limit: 5 },
        { statuses: ["open"], ...ALL_ISSUES, search: foldForSearch("timeout"), environment: "production", limit: 1 },
        { statuses: ["open"], ...ALL_ISSUES, levels: ["error", "debug"], limit: 2 },
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
      const request = { projectId: SHOP.id, statuses: ALL, ...ALL_ISSUES, search: "t", after: null } as const;
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
