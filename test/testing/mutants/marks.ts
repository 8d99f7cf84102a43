import type { ReleaseMark } from "../../../src/core/release-mark.ts";
import { allReadable } from "../../../src/core/unreadable.ts";

import { withMethods, writing, loading, withTables, marksAt, type Mutant } from "./harness.ts";

export const markMutants: readonly Mutant[] = [
  {
    name: "keeps the first mark of a release",
    seenBy: "marks-kept",
    open: withMethods((inner) => ({
      write: async ({ marks = [], ...changes }) => {
        await inner.write(changes);
        for (const { issueId, mark } of marks) {
          const [known = []] = await inner.findMarks([{ issueId, upTo: null, limit: 1_000 }]);
          if (!allReadable(known).some(({ orderKey }) => orderKey === mark.orderKey)) {
            await inner.write({ marks: [{ issueId, mark }] });
          }
        }
      },
    })),
  },
  {
    name: "looks for marks below a release, not at it",
    seenBy: "transaction-reads-its-writes",
    open: withMethods((inner) => ({
      findMarks: async (requests) => {
        const found = await inner.findMarks(requests.map((request) => ({ ...request, limit: request.limit + 1 })));
        return found.map((marks, index) =>
          allReadable(marks)
            .filter(({ orderKey }) => orderKey !== requests[index]?.upTo)
            .slice(0, requests[index]?.limit),
        );
      },
    })),
  },
  {
    name: "returns one mark, however many are requested",
    seenBy: "transaction-reads-its-writes",
    open: withMethods((inner) => ({
      findMarks: (requests) => inner.findMarks(requests.map((request) => ({ ...request, limit: 1 }))),
    })),
  },
  {
    name: "stores the release with a mark",
    seenBy: "marks-follow-releases",
    open: () => {
      const marks = new Map<string, ReleaseMark>();
      const keyOf = (issueId: string, orderKey: string): string => `${issueId} ${orderKey}`;
      return withMethods((inner) => ({
        write: async (changes) => {
          await inner.write(changes);
          for (const { issueId, mark } of changes.marks ?? []) marks.set(keyOf(issueId, mark.orderKey), mark);
        },
        findMarks: async (requests) =>
          (await inner.findMarks(requests)).map((found, index) =>
            allReadable(found).map((mark) => {
              const stored = marks.get(keyOf(requests[index]?.issueId ?? "", mark.orderKey));
              return stored === undefined ? mark : { ...mark, releasedAt: stored.releasedAt };
            }),
          ),
      }))();
    },
  },
  {
    name: "leaves marks where they are",
    seenBy: "transaction-reads-its-writes",
    open: writing(({ movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: movedMarks.filter(({ to }) => to === null),
    })),
  },
  {
    name: "leaves the marks of a retired release",
    seenBy: "marks-moved",
    open: writing(({ movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: movedMarks.filter(({ to }) => to !== null),
    })),
  },
  {
    name: "moves marks in every project",
    seenBy: "marks-moved",
    open: writing(({ movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: ["shop", "blog"].flatMap((projectId) => movedMarks.map((move) => ({ ...move, projectId }))),
    })),
  },
  {
    name: "keeps the mark that was there, where one is moved to it",
    seenBy: "marks-merged",
    open: withMethods((inner) => ({
      write: async ({ movedMarks = [], ...changes }) => {
        const { projects = [], deletedReleases = [], releases = [], ...others } = changes;
        await inner.write({ projects, deletedReleases, releases });
        for (const move of movedMarks) {
          for (const { issueId, mark } of await marksAt(inner, move.projectId, move.to)) {
            if ((await marksAt(inner, move.projectId, move.from)).some((moved) => moved.issueId === issueId)) {
              await inner.write({ deletedMarks: [{ issueId, orderKey: move.from }], marks: [{ issueId, mark }] });
            }
          }
          await inner.write({ movedMarks: [move] });
        }
        await inner.write(others);
      },
    })),
  },
  {
    name: "lets a moved mark replace the one that was there",
    seenBy: "marks-merged",
    open: withMethods((inner) => ({
      write: async ({ movedMarks = [], ...changes }) => {
        const { projects = [], deletedReleases = [], releases = [], ...others } = changes;
        await inner.write({ projects, deletedReleases, releases });
        for (const move of movedMarks) {
          const present = await marksAt(inner, move.projectId, move.to);
          const moved = await marksAt(inner, move.projectId, move.from);
          const replaced = present.filter(({ issueId }) => moved.some((each) => each.issueId === issueId));
          await inner.write({
            deletedMarks: replaced.map(({ issueId, mark }) => ({ issueId, orderKey: mark.orderKey })),
          });
          await inner.write({ movedMarks: [move] });
        }
        await inner.write(others);
      },
    })),
  },
  {
    name: "removes no marks",
    seenBy: "transaction-reads-its-writes",
    open: writing(({ deletedMarks: _, ...changes }) => changes),
  },
  {
    name: "removes the marks of all issues for a release",
    seenBy: "marks-removed",
    open: writing(({ deletedMarks = [], movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: [...movedMarks, ...deletedMarks.map(({ orderKey: from }) => ({ projectId: "shop", from, to: null }))],
    })),
  },
  {
    name: "saves marks before it moves others",
    seenBy: "writes-in-order",
    open: withMethods((inner) => ({
      write: async ({ movedMarks, ...changes }) => {
        await inner.write(changes);
        await inner.write({ movedMarks: movedMarks ?? [] });
      },
    })),
  },
  {
    name: "removes marks after it saves them",
    seenBy: "writes-in-order",
    open: withMethods((inner) => ({
      write: async ({ deletedMarks, ...changes }) => {
        await inner.write(changes);
        await inner.write({ deletedMarks: deletedMarks ?? [] });
      },
    })),
  },
  {
    name: "removes releases after it adds them",
    seenBy: "writes-in-order",
    open: withMethods((inner) => ({
      write: async ({ deletedReleases, ...changes }) => {
        await inner.write(changes);
        await inner.write({ deletedReleases: deletedReleases ?? [] });
      },
    })),
  },
  {
    name: "selects issues that occurred after a fix, too",
    seenBy: "fixed-in",
    open: withMethods((inner) => ({
      load: async (request) => {
        const { issues } = request;
        if (issues === undefined || !("fixedIn" in issues)) return inner.load(request);
        const { projectId, orderKey } = issues.fixedIn;
        const ids = (await marksAt(inner, projectId, orderKey)).map(({ issueId }) => issueId);
        return inner.load({ ...request, issues: { ids: ids.slice(0, issues.limit) } });
      },
    })),
  },
  {
    name: "selects as many fixed issues as there are",
    seenBy: "fixed-in",
    open: loading(
      (loaded) => loaded,
      (request) =>
        request.issues !== undefined && "fixedIn" in request.issues
          ? { ...request, issues: { ...request.issues, limit: 1_000 } }
          : request,
    ),
  },
  {
    name: "returns a release that others have moved meanwhile as it was before",
    seenBy: "race-on-marks",
    open: withTables((inner, seen) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        if (request.timelines !== undefined) return loaded;
        const releases = loaded.releases.map((release) => release && (seen.releases.get(release.name) ?? release));
        return { ...loaded, releases };
      },
    })),
  },
];
