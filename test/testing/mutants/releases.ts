import { allReadable } from "../../../src/core/unreadable.ts";

import {
  withMethods,
  writing,
  withTables,
  timelineMethods,
  changingTimelines,
  changingLines,
  countingReleases,
  byNumber,
  isKnown,
  knownAgain,
  type Mutant,
} from "./harness.ts";

export const releaseMutants: readonly Mutant[] = [
  {
    name: "repeats the last release of a page",
    seenBy: "releases-kept",
    open: withMethods((inner) => ({
      pageReleases: async (projectId, before, limit) => {
        const all = allReadable(await inner.pageReleases(projectId, null, 1_000));
        return all.filter(({ orderKey }) => before === null || orderKey <= before).slice(0, limit);
      },
    })),
  },
  {
    name: "finds releases by version",
    seenBy: "releases-kept",
    open: withMethods((inner) => {
      const all = async (projectId: string) => allReadable(await inner.pageReleases(projectId, null, 1_000));
      return {
        findReleases: async (refs) => {
          const found = [];
          for (const { projectId, name } of refs)
            found.push((await all(projectId)).find(({ version }) => version === name));
          return found;
        },
      };
    }),
  },
  {
    name: "keeps the first version of a release that is saved again",
    seenBy: "releases-kept",
    open: withMethods((inner) => ({
      write: async ({ releases = [], ...changes }) => {
        const before = await inner.findReleases(
          releases.map(({ projectId, release: { name, line } }) => ({ projectId, name, line })),
        );
        const saved = releases.map(({ projectId, release }, index) => ({
          projectId,
          release: { ...release, version: before[index]?.version ?? release.version },
        }));
        await inner.write({ ...changes, releases: saved });
      },
    })),
  },
  {
    name: "removes no release",
    seenBy: "transaction-reads-its-writes",
    open: writing(({ deletedReleases: _, ...changes }) => changes),
  },
  {
    name: "removes a release of that name from every project",
    seenBy: "releases-removed",
    open: writing(({ deletedReleases = [], ...changes }) => ({
      ...changes,
      deletedReleases: ["shop", "blog"].flatMap((projectId) => deletedReleases.map((ref) => ({ ...ref, projectId }))),
    })),
  },
  {
    name: "counts the releases that there are",
    seenBy: "releases-counted",
    open: countingReleases((_, releases) => releases.length),
  },
  {
    name: "counts releases by their numbers only",
    seenBy: "releases-counted",
    open: countingReleases((count, releases) =>
      count > 7 ? Math.max(...releases.map(({ number }) => number)) : count,
    ),
  },
  {
    name: "lowers the release count with the number of a release",
    seenBy: "releases-counted",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { projectId, release } of changes.releases ?? []) {
          const stored = tables.projects.get(projectId);
          if (stored !== undefined) tables.projects.set(projectId, { ...stored, releaseCount: release.number });
        }
      },
    })),
  },
  {
    name: "forgets the release count when a project is saved again",
    seenBy: "project-saved",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { id } of changes.projects ?? []) {
          const stored = tables.projects.get(id);
          if (stored !== undefined) tables.projects.set(id, { ...stored, releaseCount: 0 });
        }
      },
    })),
  },
  {
    name: "takes the last release in order for the latest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      latest: releases.find(isKnown),
    })),
  },
  {
    name: "takes the newest release for the latest",
    seenBy: "transaction-reads-its-writes",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      latest: byNumber(releases).findLast(isKnown),
    })),
  },
  {
    name: "looks at known releases only for what placed the newest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      placedBy: byNumber(releases).findLast(isKnown)?.placedBy,
    })),
  },
  {
    name: "takes the newest release of a line for its latest",
    seenBy: "transaction-reads-its-writes",
    open: changingLines((line, releases) => ({ ...line, latest: byNumber(releases).findLast(isKnown) })),
  },
  {
    name: "has no lines without a known release",
    seenBy: "lines-known",
    open: changingTimelines((timeline) => ({
      ...timeline,
      lines: new Map(Array.from(timeline.lines).filter(([, { latest }]) => latest !== undefined)),
    })),
  },
  {
    name: "takes a release that was the latest, and is retired, for the latest",
    seenBy: "timelines-without-retired",
    open: () => {
      const latest = new Set<string>();
      return withMethods((inner) => ({
        write: async (changes) => {
          await inner.write(changes);
          for (const { release } of changes.releases ?? []) {
            if (release.standing === "known" && release.becameLatest) latest.add(release.name);
          }
        },
        ...timelineMethods(inner, (timeline, releases) => {
          const found = byNumber(releases).findLast(({ name }) => latest.has(name));
          return found?.standing === "retired" ? { ...timeline, latest: knownAgain(found) } : timeline;
        }),
      }))();
    },
  },
  {
    name: "takes a retired release for the latest of its line",
    seenBy: "lines-known",
    open: changingLines((line, releases) => {
      const last = releases.find(({ standing }) => standing !== "announced");
      return last?.standing === "retired" ? { ...line, latest: knownAgain(last) } : line;
    }, true),
  },
  {
    name: "keeps lines by name alone, for all projects",
    seenBy: "lines-known",
    open: withMethods((inner) => ({
      findTimelines: async (requests) => {
        const [shop] = (
          await inner.findTimelines([{ projectId: "shop", lines: requests.flatMap(({ lines }) => lines) }])
        ).values();
        const timelines = await inner.findTimelines(requests);
        return new Map(
          Array.from(timelines, ([id, timeline]) => [
            id,
            timeline.count > 0 && shop ? { ...timeline, lines: shop.lines } : timeline,
          ]),
        );
      },
    })),
  },
  {
    name: "returns a timeline that others have changed meanwhile as it was before",
    seenBy: "transaction-reads-its-writes",
    open: withTables((inner, { releaseCount }) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const timelines = Array.from(
          loaded.timelines,
          ([id, timeline]) => [id, id === "shop" ? { ...timeline, count: releaseCount } : timeline] as const,
        );
        return { ...loaded, timelines: new Map(timelines) };
      },
    })),
  },
  {
    name: "lists the releases that there were when a transaction was requested",
    seenBy: "race-on-removed-releases",
    open: withTables((inner, seen) => ({
      pageReleases: async (projectId, before, limit) => {
        if (seen.releases.size === 0) return inner.pageReleases(projectId, before, limit);
        return [...seen.releases.values()]
          .filter(({ orderKey }) => before === null || orderKey < before)
          .sort((one, other) => (one.orderKey < other.orderKey ? 1 : -1))
          .slice(0, limit);
      },
    })),
  },
];
