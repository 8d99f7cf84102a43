import { allReadable } from "../../../src/core/unreadable.ts";

import { withMethods, listingEnvironments, type Mutant } from "./harness.ts";

export const issuePageMutants: readonly Mutant[] = [
  {
    name: "skips ties at the end of a page",
    seenBy: "pages-in-order",
    open: withMethods((inner) => ({
      pageIssues: (request) => {
        const { after, descending } = request;
        if (after === null) return inner.pageIssues(request);
        return inner.pageIssues({ ...request, after: { ...after, number: descending ? 0 : Number.MAX_SAFE_INTEGER } });
      },
    })),
  },
  {
    name: "lists nothing after a position before the number of any issue",
    seenBy: "pages-from-any-position",
    open: withMethods((inner) => ({
      pageIssues: async (request) =>
        (request.after?.number ?? 1) < 1 ? { entries: [], searchedTo: null } : inner.pageIssues(request),
    })),
  },
  {
    name: "searches the titles that issues were opened with",
    seenBy: "pages-follow-changes",
    open: () => {
      const titles = new Map<string, string>();
      return withMethods((inner) => ({
        write: async (changes) => {
          await inner.write(changes);
          for (const { issue } of changes.newIssues ?? []) titles.set(issue.id, issue.title);
        },
        pageIssues: async (request) => {
          const page = await inner.pageIssues({ ...request, search: "", limit: 1_000 });
          const found = page.entries.filter(({ id }) => (titles.get(id) ?? "").toLowerCase().includes(request.search));
          return { ...page, entries: found.slice(0, request.limit) };
        },
      }))();
    },
  },
  {
    name: "selects by the first state only",
    seenBy: "pages-in-order",
    open: withMethods((inner) => ({
      pageIssues: (request) => inner.pageIssues({ ...request, statuses: request.statuses.slice(0, 1) }),
    })),
  },
  {
    name: "takes a search for a pattern",
    seenBy: "pages-by-search",
    open: withMethods((inner) => ({
      pageIssues: (request) =>
        inner.pageIssues({ ...request, search: /^[%_]+$/u.test(request.search) ? "" : request.search }),
    })),
  },
  {
    name: "takes an environment for any that contains it",
    seenBy: "pages-by-environment",
    open: listingEnvironments((environments, environment) => environments.some((each) => each.includes(environment))),
  },
  {
    name: "takes upper and lower case of environments for the same",
    seenBy: "pages-by-environment",
    open: listingEnvironments((environments, environment) =>
      environments.some((each) => each.toLowerCase() === environment.toLowerCase()),
    ),
  },
  {
    name: "looks for an environment in the text of the list",
    seenBy: "pages-by-environment",
    open: listingEnvironments((environments, environment) =>
      JSON.stringify(environments).includes(JSON.stringify(environment)),
    ),
  },
  {
    name: "looks at the first environment only",
    seenBy: "pages-by-environment",
    open: listingEnvironments(([first], environment) => first === environment),
  },
  {
    name: "leaves issues of other environments out of a page that is full",
    seenBy: "pages-by-environment",
    open: withMethods((inner) => ({
      pageIssues: async (request) => {
        const { environment } = request;
        const page = await inner.pageIssues({ ...request, environment: null });
        const found = allReadable(page.entries).filter(
          ({ environments }) => environment === null || environments.includes(environment),
        );
        return { ...page, entries: found };
      },
    })),
  },
  {
    name: "ends a list where it has looked at some issues and found nothing",
    seenBy: "pages-in-steps",
    open: withMethods((inner) => ({
      pageIssues: async (request) => {
        const page = await inner.pageIssues(request);
        return page.entries.length === 0 ? { ...page, searchedTo: null } : page;
      },
    })),
  },
  {
    name: "skips ties of the last issue that was looked at",
    seenBy: "pages-in-steps",
    open: withMethods((inner) => ({
      pageIssues: async (request) => {
        const { entries, searchedTo } = await inner.pageIssues(request);
        const number = request.descending ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
        return { entries, searchedTo: searchedTo && { ...searchedTo, number } };
      },
    })),
  },
  {
    name: "looks at all issues, however few it is to look at",
    seenBy: "pages-end-early",
    open: withMethods((inner) => ({
      pageIssues: ({ lookAt: _, ...request }) => inner.pageIssues(request),
    })),
  },
];
