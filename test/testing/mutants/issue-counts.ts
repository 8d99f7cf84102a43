import type { IssueStatus } from "../../../src/core/issue.ts";
import type { IssueCountRequest } from "../../../src/ports/issue-store.ts";
import { counting, withMethods, type Mutant } from "./harness.ts";

export const issueCountMutants: readonly Mutant[] = [
  {
    name: "takes the text of a count for a pattern",
    seenBy: "issues-counted",
    open: counting((request) => ({ ...request, search: /^[%_]+$/u.test(request.search) ? "" : request.search })),
  },
  {
    name: "does not look at the environments of issues that it counts",
    seenBy: "issues-counted",
    open: counting((request) => ({ ...request, environment: null })),
  },
  {
    name: "counts one issue more than it has to",
    seenBy: "issues-counted",
    open: counting((request) => ({ ...request, limit: request.limit + 1 })),
  },
  {
    name: "stops to count when all states together have reached the limit",
    seenBy: "issues-counted",
    open: withMethods((inner) => ({
      countIssues: async (request) => {
        const { counts, searchedTo } = await inner.countIssues(request);
        let left = request.limit;
        const most = [...counts].map(([status, count]): [IssueStatus, number] => {
          const counted = Math.min(left, count);
          left -= counted;
          return [status, counted];
        });
        return { counts: new Map(most), searchedTo };
      },
    })),
  },
  {
    name: "does not count merged issues",
    seenBy: "issues-counted",
    open: withMethods((inner) => ({
      countIssues: async (request) => {
        const { counts, searchedTo } = await inner.countIssues(request);
        const zero: [IssueStatus, number][] = counts.has("merged") ? [["merged", 0]] : [];
        return { counts: new Map([...counts, ...zero]), searchedTo };
      },
    })),
  },
  {
    name: "counts issues of one project for any",
    seenBy: "issues-counted",
    open: () => {
      let counted: string | undefined;
      return counting(({ projectId, ...request }) => ({ ...request, projectId: (counted ??= projectId) }))();
    },
  },
  {
    name: "counts deleted issues",
    seenBy: "issues-counted",
    open: () => {
      const deleted = new Set<IssueStatus>();
      return withMethods((inner) => ({
        write: async (changes) => {
          const found = await inner.findIssues({ ids: changes.deletedIssues ?? [] });
          for (const issue of found) if ("state" in issue) deleted.add(issue.state.status);
          await inner.write(changes);
        },
        countIssues: async (request) => {
          const { counts, searchedTo } = await inner.countIssues(request);
          const more = [...counts].map(([status, count]): [IssueStatus, number] => [
            status,
            Math.min(request.limit, count + (deleted.has(status) ? 1 : 0)),
          ]);
          return { counts: new Map(more), searchedTo };
        },
      }))();
    },
  },
  {
    name: "counts the issue at which a step has ended twice",
    seenBy: "issues-counted-in-steps",
    open: counting(({ after, ...request }): IssueCountRequest => ({ ...request, after: after && after - 1 })),
  },
  {
    name: "ends a count where it has looked at some issues and found nothing",
    seenBy: "issues-counted-in-steps",
    open: withMethods((inner) => ({
      countIssues: async (request) => {
        const step = await inner.countIssues(request);
        return [...step.counts.values()].every((count) => count === 0) ? { ...step, searchedTo: null } : step;
      },
    })),
  },
  {
    name: "looks at all issues for a count, however few it is to look at",
    seenBy: "issue-counts-end-early",
    open: counting(({ lookAt: _, ...request }) => request),
  },
];
