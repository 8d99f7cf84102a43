import { slugKeyOf } from "../../../src/core/project.ts";
import {
  emptyProjectTables,
  tallyKeyOf,
  type MemoryTables,
  type ProjectTables,
} from "../../../src/memory/memory-tables.ts";
import type { StoredProject } from "../../../src/ports/issue-store.ts";

import { withMethods, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** What there was of a project before its erasure. */
interface Before {
  readonly stored: StoredProject;
  readonly ofProject: ProjectTables;
}

/**
 * A memory store that does something else at the end of an erasure. Only the project of most cases is erased in this way.
 *
 * @param note - reads what there was before, and returns what is done afterwards
 */
function ending(note: (tables: MemoryTables, before: Before) => () => void): Mutant["open"] {
  return onTables((inner, tables) => ({
    eraseProject: async (request) => {
      const stored = tables.projects.get(request.projectId);
      const ofProject = tables.ofProject.get(request.projectId);
      if (stored === undefined || ofProject === undefined) return inner.eraseProject(request);
      const copy = { ...ofProject, events: new Map(ofProject.events) };
      const after = note(tables, { stored, ofProject: copy });
      const step = await inner.eraseProject(request);
      if (step.next === null) after();
      return step;
    },
  }));
}

/** Leaves some tables of the project. */
function leaving(...names: readonly (keyof ProjectTables)[]): Mutant["open"] {
  return ending((tables, { stored, ofProject }) => () => {
    const left = Object.fromEntries(names.map((name) => [name, ofProject[name]]));
    tables.ofProject.set(stored.project.id, { ...emptyProjectTables(), ...left });
  });
}

/** Leaves the entries of a map that were there before. */
function leavingIn<Value>(
  mapOf: (tables: MemoryTables) => Map<string, Value>,
  isLeft: (value: Value) => boolean = () => true,
): Mutant["open"] {
  return ending((tables) => {
    const map = mapOf(tables);
    const left = [...map].filter(([, value]) => isLeft(value));
    return () => {
      for (const [key, value] of left) map.set(key, value);
    };
  });
}

/** Leaves the issues of the project, and the groups that lead to them. */
function leavingIssues(): Mutant["open"] {
  return ending((tables, { stored, ofProject }) => {
    const issues = [...tables.issues];
    const groups = new Map(Array.from(ofProject.groups, ([strategy, keys]) => [strategy, new Map(keys)]));
    return () => {
      for (const [id, issue] of issues) tables.issues.set(id, issue);
      tables.ofProject.set(stored.project.id, { ...emptyProjectTables(), groups });
    };
  });
}

/** Removes something of another project, too. */
function reaching(remove: (tables: MemoryTables) => void): Mutant["open"] {
  return ending((tables) => () => {
    remove(tables);
  });
}

/** A store in which those who look for groups find a project that was erased meanwhile, and bring it back. */
function reviving(): ReturnType<Mutant["open"]> {
  const found = new Map<string, StoredProject>();
  const erased = new Set<string>();
  return onTables((inner, tables) => ({
    eraseProject: async (request) => {
      const step = await inner.eraseProject(request);
      if (step.next === null) erased.add(request.projectId);
      return step;
    },
    load: async (request) => {
      const loaded = await inner.load(request);
      for (const [id, project] of loaded.projects) found.set(id, project);
      if (request.projectIds !== undefined) return loaded;
      const revived = (request.groups ?? []).flatMap(({ projectId }) => {
        const project = erased.has(projectId) ? found.get(projectId) : undefined;
        return project === undefined ? [] : [[projectId, project] as const];
      });
      return { ...loaded, projects: new Map([...revived, ...loaded.projects]) };
    },
    write: async (changes) => {
      const ids = new Set((changes.newIssues ?? []).map(({ issue }) => issue.projectId));
      const gone = [...ids].filter((id) => erased.has(id) && !tables.projects.has(id));
      const revived = gone.flatMap((id) => found.get(id)?.project ?? []);
      await inner.write({ ...changes, projects: [...revived, ...(changes.projects ?? [])] });
    },
  }))();
}

/** A store in which a new project has as many releases as an erased one with its id had. */
function rememberingReleaseCounts(): ReturnType<Mutant["open"]> {
  const counts = new Map<string, number>();
  return onTables((inner, tables) => ({
    eraseProject: async (request) => {
      const { projectId } = request;
      const count = tables.projects.get(projectId)?.releaseCount;
      if (count !== undefined) counts.set(projectId, count);
      return inner.eraseProject(request);
    },
    write: async (changes) => {
      await inner.write(changes);
      for (const { id } of changes.projects ?? []) {
        const stored = tables.projects.get(id);
        const releaseCount = Math.max(counts.get(id) ?? 0, stored?.releaseCount ?? 0);
        if (stored !== undefined) tables.projects.set(id, { ...stored, releaseCount });
      }
    },
  }))();
}

export const projectErasureMutants: readonly Mutant[] = [
  { name: "leaves the events of an erased project", seenBy: "project-erased", open: leaving("events") },
  { name: "leaves the issues of an erased project", seenBy: "project-erased", open: leavingIssues() },
  {
    name: "leaves the releases of an erased project",
    seenBy: "project-erased",
    open: leaving("releases", "releaseOrder", "releaseNumbers", "latestReleases", "lines"),
  },
  {
    name: "leaves the pending releases of an erased project",
    seenBy: "project-erased",
    open: leaving("pendingReleases"),
  },
  {
    name: "leaves the counters of an erased project",
    seenBy: "project-erased",
    open: leavingIn(({ counters }) => counters),
  },
  { name: "leaves the users of an erased project", seenBy: "project-erased", open: leavingIn(({ users }) => users) },
  {
    name: "leaves what belongs to the issues of an erased project",
    seenBy: "project-erased",
    open: leavingIn(({ ofIssue }) => ofIssue),
  },
  {
    name: "leaves the dead alerts of an erased project",
    seenBy: "project-erased",
    open: leavingIn(
      ({ alerts }) => alerts,
      ({ state }) => state.status === "dead",
    ),
  },
  {
    name: "leaves the discarded alerts of an erased project",
    seenBy: "project-erased",
    open: leavingIn(
      ({ alerts }) => alerts,
      ({ state }) => state.status === "discarded",
    ),
  },
  {
    name: "leaves the alerts of an erased project that are about no issue",
    seenBy: "project-erased",
    open: leavingIn(
      ({ alerts }) => alerts,
      ({ alert }) => alert.issue === null,
    ),
  },
  {
    name: "leaves the tally of an erased project",
    seenBy: "project-erased",
    open: leavingIn(
      ({ tallies }) => tallies,
      ({ issueId }) => issueId === null,
    ),
  },
  {
    name: "leaves the tallies of the issues of an erased project",
    seenBy: "project-erased",
    open: leavingIn(
      ({ tallies }) => tallies,
      ({ issueId }) => issueId !== null,
    ),
  },
  { name: "leaves an erased project", seenBy: "project-erased", open: leavingIn(({ projects }) => projects) },
  {
    name: "gives a new project the release count of an erased one with its id",
    seenBy: "project-erased",
    open: rememberingReleaseCounts,
  },
  {
    name: "keeps the slug of an erased project",
    seenBy: "project-erased-frees",
    open: ending((tables, { stored: { project } }) => () => {
      tables.projectIdsBySlug.set(slugKeyOf(project.slug), project.id);
    }),
  },
  {
    name: "erases the alerts of all projects that are about no issue",
    seenBy: "project-erased-alone",
    open: reaching(({ alerts }) => {
      for (const [id, { alert }] of alerts) if (alert.issue === null) alerts.delete(id);
    }),
  },
  {
    name: "erases the dead alerts of all projects",
    seenBy: "project-erased-alone",
    open: reaching(({ alerts }) => {
      for (const [id, { state }] of alerts) if (state.status === "dead") alerts.delete(id);
    }),
  },
  {
    name: "erases the tallies of all projects",
    seenBy: "project-erased-alone",
    open: reaching(({ tallies }) => {
      tallies.delete(tallyKeyOf({ projectId: "blog", issueId: null }));
    }),
  },
  {
    name: "erases events with the same ids in other projects",
    seenBy: "project-erased-alone",
    open: reaching(({ ofProject }) => {
      ofProject.get("blog")?.events.delete("a");
    }),
  },
  {
    name: "erases the pending releases of all projects",
    seenBy: "project-erased-alone",
    open: reaching(({ ofProject }) => {
      ofProject.get("blog")?.pendingReleases.splice(0);
    }),
  },
  {
    name: "ends an erasure after its first step",
    seenBy: "project-erasure-steps",
    open: withMethods((inner) => ({
      eraseProject: async (request) => ({ ...(await inner.eraseProject(request)), next: null }),
    })),
  },
  {
    name: "does not begin an erasure anew",
    seenBy: "project-erasure-steps",
    open: () => {
      let begun = 0;
      return withMethods((inner) => ({
        eraseProject: async (request) =>
          request.after === null && begun++ > 0 ? { removed: 0, next: null } : inner.eraseProject(request),
      }))();
    },
  },
  {
    name: "forgets an erased project before what belongs to it",
    seenBy: "project-erasure-steps",
    open: () => {
      const begun = new Set<string>();
      return withMethods((inner) => ({
        eraseProject: (request) => {
          begun.add(request.projectId);
          return inner.eraseProject(request);
        },
        findProjects: async (selection) =>
          (await inner.findProjects(selection)).filter(({ project }) => !begun.has(project.id)),
      }))();
    },
  },
  {
    name: "brings an erased project back when an event comes",
    seenBy: "race-on-an-erased-project",
    open: reviving,
  },
];
