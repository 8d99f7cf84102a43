import { withMethods, loading, type Mutant } from "./harness.ts";

export const digestMutants: readonly Mutant[] = [
  {
    name: "answers a digest in another order",
    seenBy: "events-evicted",
    open: loading((loaded) => ({ ...loaded, duplicateOf: [...loaded.duplicateOf].sort() })),
  },
  {
    name: "leaves out groups that have no issue",
    seenBy: "texts-kept-apart",
    open: loading((loaded) => ({ ...loaded, grouped: loaded.grouped.filter((issue) => issue !== undefined) })),
  },
  {
    name: "loads the projects of requested groups only",
    seenBy: "former-groups",
    open: loading((loaded, { formerGroups = [], groups = [], ...request }) => ({
      ...loaded,
      projects:
        formerGroups.length > 0 && groups.length === 0 && Object.keys(request).length === 0
          ? new Map()
          : loaded.projects,
    })),
  },
  {
    name: "loads projects only when they are requested",
    seenBy: "former-groups",
    open: loading((loaded, { projectIds = [] }) => ({
      ...loaded,
      projects: new Map(Array.from(loaded.projects).filter(([id]) => projectIds.includes(id))),
    })),
  },
  {
    name: "loads timelines only when they are requested",
    seenBy: "digest-snapshot",
    open: loading((loaded, { timelines = [] }) => ({
      ...loaded,
      timelines: new Map(
        Array.from(loaded.timelines).filter(([id]) => timelines.some(({ projectId }) => projectId === id)),
      ),
    })),
  },
  {
    name: "takes an announced release for a known one",
    seenBy: "digest-snapshot",
    open: loading((loaded, { releases = [], timelines = [] }) => ({
      ...loaded,
      timelines: new Map(
        Array.from(loaded.timelines).filter(
          ([id]) =>
            timelines.some(({ projectId }) => projectId === id) ||
            releases.some(({ projectId }, index) => projectId === id && loaded.releases[index] === undefined),
        ),
      ),
    })),
  },
  {
    name: "loads requested lines only",
    seenBy: "digest-snapshot",
    open: loading((loaded, { timelines = [] }) => ({
      ...loaded,
      timelines: new Map(
        Array.from(loaded.timelines, ([id, timeline]) => {
          const lines = timelines.find(({ projectId }) => projectId === id)?.lines ?? [];
          return [
            id,
            { ...timeline, lines: new Map(Array.from(timeline.lines).filter(([name]) => lines.includes(name))) },
          ];
        }),
      ),
    })),
  },
  {
    name: "requests details before it has loaded the rest",
    seenBy: "digest-snapshot",
    open: withMethods((inner) => ({
      load: async (request) => {
        const { details } = request;
        if (details === undefined) return inner.load(request);
        const nothing = {
          projects: new Map(),
          duplicateOf: [],
          grouped: [],
          formerGrouped: [],
          issues: [],
          releases: [],
          timelines: new Map(),
        };
        const requested = details(nothing);
        return inner.load({ ...request, details: () => requested });
      },
    })),
  },
  {
    name: "requests details twice",
    seenBy: "digest-snapshot",
    open: withMethods((inner) => ({
      load: ({ details, ...request }) =>
        inner.load(
          details === undefined
            ? request
            : {
                ...request,
                details: (loaded) => {
                  details(loaded);
                  return details(loaded);
                },
              },
        ),
    })),
  },
  {
    name: "loads no counters",
    seenBy: "transaction-reads-its-writes",
    open: loading((loaded) => ({ ...loaded, counters: new Map() })),
  },
  {
    name: "loads marks in the order of issues",
    seenBy: "marks-kept",
    open: loading((loaded) => ({ ...loaded, marks: loaded.marks.toReversed() })),
  },
  {
    name: "forgets the grouping strategy",
    seenBy: "texts-kept-apart",
    open: withMethods((inner) => {
      const forget = <Group extends { readonly strategy: string }>(group: Group): Group => ({
        ...group,
        strategy: "any",
      });
      return {
        write: ({ newIssues = [], ...changes }) =>
          inner.write({
            ...changes,
            newIssues: newIssues.map(({ issue, group }) => ({ issue, group: group && forget(group) })),
          }),
        load: ({ groups = [], ...request }) => inner.load({ ...request, groups: groups.map(forget) }),
      };
    }),
  },
];
