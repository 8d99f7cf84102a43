import { ALL_ISSUES, matchesCriteria, type SearchCriteria } from "../../../src/core/issue-list.ts";
import type { Issue } from "../../../src/core/issue.ts";
import { wasSeen, type ReleaseMark } from "../../../src/core/release-mark.ts";
import { allReadable } from "../../../src/core/unreadable.ts";
import type { IssueCriteria, IssueStore } from "../../../src/ports/issue-store.ts";
import { counting, withMethods, type Mutant } from "./harness.ts";

/** A memory store that lists issues by other criteria. */
function listing(change: (request: IssueCriteria) => Partial<SearchCriteria>): () => IssueStore {
  return withMethods((inner) => ({
    pageIssues: (request) => inner.pageIssues({ ...request, ...change(request) }),
  }));
}

/** A memory store that lists issues by another rule where it is asked for those with a sign. */
function listingSigns(hasSign: (issue: Issue, sign: "regressedAt" | "loudAt") => boolean): () => IssueStore {
  return withMethods((inner) => ({
    pageIssues: async (request) => {
      const { regressed, loud, limit } = request;
      if (!regressed && !loud) return inner.pageIssues(request);
      const all = await inner.pageIssues({ ...request, regressed: false, loud: false, limit: 10_000 });
      const found = allReadable(all.entries).filter(
        (issue) => (!regressed || hasSign(issue, "regressedAt")) && (!loud || hasSign(issue, "loudAt")),
      );
      return { entries: found.slice(0, limit), searchedTo: null };
    },
  }));
}

/** A memory store that lists issues by another rule where it is asked for those of a release. */
function listingReleases(isOf: (marks: readonly ReleaseMark[], seenIn: string) => boolean): () => IssueStore {
  return withMethods((inner) => ({
    pageIssues: async (request) => {
      const { seenIn, limit } = request;
      if (seenIn === null) return inner.pageIssues(request);
      const all = await inner.pageIssues({ ...request, ...ALL_ISSUES, limit: 10_000 });
      const found: Issue[] = [];
      for (const issue of allReadable(all.entries)) {
        const [marks = []] = await inner.findMarks([{ issueId: issue.id, upTo: null, limit: 10_000 }]);
        if (matchesCriteria(issue, request) && isOf(allReadable(marks), seenIn)) found.push(issue);
      }
      return { entries: found.slice(0, limit), searchedTo: null };
    },
  }));
}

export const issueCriteriaMutants: readonly Mutant[] = [
  {
    name: "does not look at the levels of issues that it lists",
    seenBy: "pages-by-criteria",
    open: listing(() => ({ levels: null })),
  },
  {
    name: "lists issues of the first level only that is asked for",
    seenBy: "pages-by-criteria",
    open: listing(({ levels }) => ({ levels: levels?.slice(0, 1) ?? null })),
  },
  {
    name: "lists issues that were first seen at the very instant before which others were",
    seenBy: "pages-by-criteria",
    open: listing(({ firstSeen: { from, before } }) => ({ firstSeen: { from, before: before + 1 } })),
  },
  {
    name: "does not list issues that were last seen at the very instant from which on others were",
    seenBy: "pages-by-criteria",
    open: listing(({ lastSeen: { from, before } }) => ({ lastSeen: { from: from === 0 ? 0 : from + 1, before } })),
  },
  {
    name: "takes when issues were first seen for when they were last seen",
    seenBy: "pages-by-criteria",
    open: listing(({ firstSeen, lastSeen }) => ({ firstSeen: lastSeen, lastSeen: firstSeen })),
  },
  {
    name: "lists issues that got loud among those that regressed",
    seenBy: "pages-by-criteria",
    open: listingSigns(({ state }) => "regressedAt" in state || "loudAt" in state),
  },
  {
    name: "looks for what issues were in the text of their states",
    seenBy: "pages-by-criteria",
    open: listingSigns(({ state }, sign) => JSON.stringify(state).includes(sign)),
  },
  {
    name: "does not look at the levels of issues that it counts",
    seenBy: "pages-by-criteria",
    open: counting((request) => ({ ...request, levels: null })),
  },
  {
    name: "does not look at when issues were last seen that it counts",
    seenBy: "pages-by-criteria",
    open: counting((request) => ({ ...request, lastSeen: ALL_ISSUES.lastSeen })),
  },
  {
    name: "does not look at the releases of issues that it lists",
    seenBy: "pages-by-release",
    open: listing(() => ({ seenIn: null })),
  },
  {
    name: "does not look at the releases of issues that it counts",
    seenBy: "pages-by-release",
    open: counting((request) => ({ ...request, seenIn: null })),
  },
  {
    name: "lists issues that are claimed to be fixed in a release among those that occurred in it",
    seenBy: "pages-by-release",
    open: listingReleases((marks, seenIn) => marks.some(({ orderKey }) => orderKey === seenIn)),
  },
  {
    name: "does not list issues of a release in which they are claimed to be fixed since",
    seenBy: "pages-by-release",
    open: listingReleases((marks, seenIn) =>
      marks.some(({ orderKey, last }) => orderKey === seenIn && last === "seen"),
    ),
  },
  {
    name: "lists issues of the releases whose order keys begin with that of the release",
    seenBy: "pages-by-release",
    open: listingReleases((marks, seenIn) => marks.some((mark) => mark.orderKey.startsWith(seenIn) && wasSeen(mark))),
  },
];
