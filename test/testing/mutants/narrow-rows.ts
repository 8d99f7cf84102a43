import { allReadable } from "../../../src/core/unreadable.ts";

import { withMethods, writing, type Mutant } from "./harness.ts";
import { hosted } from "./host-transactions.ts";
import { numbers, onTables, rewriting } from "./rewriting.ts";

/** Stores that get so little wrong that one case alone sees it. */
export const narrowRowMutants: readonly Mutant[] = [
  {
    name: "stores no empty list of claims that were withdrawn",
    seenBy: "history-kept",
    open: rewriting(() => ({
      given: (path, value) =>
        path === "write.turningPoints.turn.withdrawn" && Array.isArray(value) && value.length === 0 ? undefined : value,
    })),
  },
  {
    name: "lists all releases below one, whatever the limit",
    seenBy: "releases-kept",
    open: withMethods((inner) => ({
      pageReleases: async (projectId, before, limit) =>
        inner.pageReleases(projectId, before, before === null ? limit : 100_000),
    })),
  },
  {
    name: "keeps a line whose only release was removed",
    seenBy: "lines-known",
    open: () => {
      const lines = new Map<string, number>();
      return withMethods((inner) => ({
        write: async (changes) => {
          for (const former of await inner.findReleases(changes.deletedReleases ?? [])) {
            if (former !== undefined) lines.set(former.line, former.lineNumber);
          }
          await inner.write(changes);
        },
        findTimelines: async (requests) => {
          const found = await inner.findTimelines(requests);
          return new Map(
            Array.from(found, ([id, timeline]) => {
              const wanted = requests.find(({ projectId }) => projectId === id)?.lines ?? [];
              const gone = wanted.flatMap((name) => {
                const number = lines.get(name);
                return number === undefined || timeline.lines.has(name) || timeline.count === 0
                  ? []
                  : [[name, { number, latest: undefined }] as const];
              });
              return [id, { ...timeline, lines: new Map([...timeline.lines, ...gone]) }];
            }),
          );
        },
      }))();
    },
  },
  {
    name: "takes an event that is in a batch twice for one",
    seenBy: "events-inserted-once",
    open: writing(({ events = [], ...changes }) => ({
      ...changes,
      events: events.filter(
        ({ projectId, id }, place) =>
          place === events.findIndex((each) => each.projectId === projectId && each.id === id),
      ),
    })),
  },
  {
    name: "loses what was usual, where an alert says how loud an issue got",
    seenBy: "alerts-kept",
    open: rewriting(() => ({ given: numbers(/^write\.alerts\.reason\.reason\.usual$/u, () => 0) })),
  },
  {
    name: "finds an issue by its number in another project, where its own has none",
    seenBy: "issues-kept",
    open: onTables((inner, tables) => ({
      findIssues: async (selection) => {
        const found = await inner.findIssues(selection);
        if ("ids" in selection || found.length > 0) return found;
        return allReadable([...tables.issues.values()].filter(({ number }) => number === selection.number).slice(0, 1));
      },
    })),
  },
  {
    name: "does not find the events that were written in the host's transaction",
    seenBy: "host-commits",
    ...hosted({ isBlindForEvents: true }),
  },
];
