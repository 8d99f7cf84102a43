import { slugKeyOf } from "../../../src/core/project.ts";
import { allReadable } from "../../../src/core/unreadable.ts";

import type { IssueStore, ProjectPageRequest, StoredProject } from "../../../src/ports/issue-store.ts";
import { withMethods, savingProjects, storingContents, swallowing, type Mutant } from "./harness.ts";

type Page = readonly StoredProject[];

/** A memory store that makes pages of projects from all of them, which are in order. */
function paging(pageOf: (all: Page, request: ProjectPageRequest) => Page): () => IssueStore {
  return withMethods((inner) => ({
    findProjects: async (selection) => {
      if (!("limit" in selection)) return inner.findProjects(selection);
      return pageOf(await inner.findProjects({ after: null, limit: 10_000 }), selection);
    },
  }));
}

/** The first projects behind a slug key, in another order. */
function ordering(compare: (one: string, other: string) => number, keyOf = slugOf): () => IssueStore {
  return paging((all, { after, limit }) =>
    all
      .toSorted((one, other) => compare(keyOf(one), keyOf(other)))
      .slice(after === null ? 0 : all.filter((each) => compare(keyOf(each), after) <= 0).length)
      .slice(0, limit),
  );
}

const slugOf = ({ project }: StoredProject): string => project.slug;
const keyOf = (stored: StoredProject): string => slugKeyOf(slugOf(stored));
const isAfter = (stored: StoredProject, after: string | null): boolean => after === null || keyOf(stored) > after;
const byCodeUnits = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

/** Wrong pages of projects. */
const pages: readonly Mutant[] = [
  { name: "lists projects by slug, capitals first", open: ordering(byCodeUnits) },
  {
    name: "lists projects by their slugs in lower case",
    open: ordering((one, other) => byCodeUnits(one.toLowerCase(), other.toLowerCase())),
  },
  {
    name: "lists projects as a dictionary does, without regard to hyphens",
    open: ordering((one, other) => byCodeUnits(one.replaceAll("-", ""), other.replaceAll("-", "")), keyOf),
  },
  { name: "ignores after which project a page begins", open: paging((all, { limit }) => all.slice(0, limit)) },
  {
    name: "repeats the project with which a page has ended",
    open: paging((all, { after, limit }) =>
      all.filter((each) => after === null || keyOf(each) >= after).slice(0, limit),
    ),
  },
  {
    name: "leaves out the first project of the next page",
    open: paging((all, { after, limit }) =>
      all.filter((each) => isAfter(each, after)).slice(after === null ? 0 : 1, limit + (after === null ? 0 : 1)),
    ),
  },
  {
    name: "returns one project more than the limit",
    open: paging((all, { after, limit }) => all.filter((each) => isAfter(each, after)).slice(0, limit + 1)),
  },
  {
    name: "returns one project less than the limit, where it is more than one",
    open: paging((all, { after, limit }) =>
      all.filter((each) => isAfter(each, after)).slice(0, limit > 1 && limit < 1_000 ? limit - 1 : limit),
    ),
  },
  {
    name: "lists no projects after a slug key that none has",
    open: paging((all, { after, limit }) => {
      const isKnown = after === null || all.some((each) => keyOf(each) === after);
      return isKnown ? all.filter((each) => isAfter(each, after)).slice(0, limit) : [];
    }),
  },
  {
    name: "lists projects as they were when the first page was read",
    open: () => {
      let first: Page = [];
      return paging((all, { after, limit }) => {
        if (after === null) first = all;
        return first.filter((each) => isAfter(each, after)).slice(0, limit);
      })();
    },
  },
].map((wrong) => ({ ...wrong, seenBy: "projects-paged" }));

export const projectMutants: readonly Mutant[] = [
  {
    name: "forgets the issue count when a project is saved again",
    seenBy: "project-saved",
    open: withMethods((inner) => ({
      findProjects: async (selection) =>
        (await inner.findProjects(selection)).map((stored) =>
          stored.project.slug === "Store" ? { ...stored, issueCount: 0 } : stored,
        ),
    })),
  },
  ...pages,
  { name: "gives a slug away silently", seenBy: "slug-taken", open: swallowing("projects") },
  {
    name: "swaps two fields",
    seenBy: "issues-kept",
    open: withMethods((inner) => ({
      findIssues: async (selection) => {
        const found = allReadable(await inner.findIssues(selection));
        if ("ids" in selection) return found;
        return found.map((issue) => ({ ...issue, title: issue.transaction, transaction: issue.title }));
      },
    })),
  },
  {
    name: "stores no operation with events",
    seenBy: "transaction-reads-its-writes",
    open: storingContents((content) => ({ ...content, transaction: "" })),
  },
  {
    name: "forgets what a project watches for",
    seenBy: "empty-batches",
    open: savingProjects((project) => ({ ...project, watch: { conditions: [] } })),
  },
  {
    name: "takes all environments of a project for none",
    seenBy: "project-saved",
    open: savingProjects((project) => ({ ...project, stateEnvironments: project.stateEnvironments ?? [] })),
  },
  {
    name: "has room for 50 environments of a project",
    seenBy: "project-saved",
    open: savingProjects((project) => ({
      ...project,
      stateEnvironments: project.stateEnvironments?.slice(0, 50) ?? null,
    })),
  },
  {
    name: "forgets after what time a project resolves quiet issues",
    seenBy: "empty-batches",
    open: savingProjects((project) => ({ ...project, autoResolveAfterMs: null })),
  },
  {
    name: "has room for a quiet time of 24 days",
    seenBy: "project-saved",
    open: savingProjects((project) => ({
      ...project,
      autoResolveAfterMs: project.autoResolveAfterMs && Math.min(project.autoResolveAfterMs, 2 ** 31 - 1),
    })),
  },
  {
    name: "switches no alerts of loud issues off",
    seenBy: "empty-batches",
    open: savingProjects((project) => ({ ...project, alerts: { ...project.alerts, loud: true } })),
  },
];
