import { allReadable } from "../../../src/core/unreadable.ts";

import { withMethods, savingProjects, storingContents, swallowing, type Mutant } from "./harness.ts";

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
  {
    name: "lists projects by slug, capitals first",
    seenBy: "projects-listed",
    open: withMethods((inner) => ({
      findProjects: async (selection) =>
        [...(await inner.findProjects(selection))].sort((one, other) =>
          one.project.slug < other.project.slug ? -1 : 1,
        ),
    })),
  },
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
