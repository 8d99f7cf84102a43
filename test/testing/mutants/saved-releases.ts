import { allReadable } from "../../../src/core/unreadable.ts";
import type { StoreTransaction } from "../../../src/ports/issue-store.ts";

import { isKnown, withMethods, writing, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** The members that a mark takes from its release. */
const MARKED: readonly (readonly ["version" | "line" | "number" | "releasedAt", string])[] = [
  ["version", "marks-follow-releases"],
  ["line", "marks-follow-releases"],
  ["number", "marks-follow-releases"],
  ["releasedAt", "marks-follow-releases"],
];

const replaced: readonly Mutant[] = [
  ...MARKED.map(([member, seenBy]) => ({
    name: `returns the ${member} that a mark was saved with`,
    seenBy,
    open: onTables((inner, tables) => {
      const findMarks: StoreTransaction["findMarks"] = async (requests) =>
        (await inner.findMarks(requests)).map((marks, place) =>
          allReadable(marks).map((mark) => {
            const saved = tables.ofIssue
              .get(requests[place]?.issueId ?? "")
              ?.marks.find(({ orderKey }) => orderKey === mark.orderKey);
            return saved === undefined ? mark : { ...mark, [member]: saved[member] };
          }),
        );
      return { findMarks };
    }),
  })),
  {
    name: "finds a release only by its line, too",
    seenBy: "releases-kept",
    open: withMethods((inner) => {
      const findReleases: StoreTransaction["findReleases"] = async (refs) =>
        (await inner.findReleases(refs)).map((release, place) =>
          release?.line === refs[place]?.line ? release : undefined,
        );
      return { findReleases };
    }),
  },
  {
    name: "keeps whether a release became the latest one, when it is saved again",
    seenBy: "releases-kept",
    open: withMethods((inner) => ({
      write: async ({ releases = [], ...changes }) => {
        const before = await inner.findReleases(
          releases.map(({ projectId, release }) => ({ projectId, name: release.name, line: release.line })),
        );
        const saved = releases.map(({ projectId, release }, place) => {
          const former = before[place];
          const isBoth = former?.standing === "known" && release.standing === "known";
          return { projectId, release: isBoth ? { ...release, becameLatest: former.becameLatest } : release };
        });
        await inner.write({ ...changes, releases: saved });
      },
    })),
  },
  {
    name: "removes a release only by its line, too",
    seenBy: "timelines-in-batches",
    open: withMethods((inner) => ({
      write: async ({ deletedReleases = [], ...changes }) => {
        const found = await inner.findReleases(deletedReleases);
        const own = deletedReleases.filter(({ line }, place) => found[place]?.line === line);
        await inner.write({ ...changes, deletedReleases: own });
      },
    })),
  },
  {
    name: "leaves a release where it was in the order, too, when it is saved at another place",
    seenBy: "releases-kept",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        const { releases = [] } = changes;
        const before = await inner.findReleases(
          releases.map(({ projectId, release }) => ({ projectId, name: release.name, line: release.line })),
        );
        await inner.write(changes);
        for (const [place, { projectId, release }] of releases.entries()) {
          const former = before[place];
          const order = tables.ofProject.get(projectId)?.releaseOrder;
          if (former === undefined || order === undefined || former.orderKey === release.orderKey) continue;
          const ghost = { ...release, orderKey: former.orderKey };
          if (order.some(({ orderKey }) => orderKey === ghost.orderKey)) continue;
          order.push(ghost);
          order.sort((one, other) => (one.orderKey < other.orderKey ? -1 : 1));
        }
      },
    })),
  },
  {
    name: "leaves a release in its former line, too, when it is saved in another",
    seenBy: "lines-known",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        const { releases = [] } = changes;
        const before = await inner.findReleases(
          releases.map(({ projectId, release }) => ({ projectId, name: release.name, line: release.line })),
        );
        await inner.write(changes);
        for (const [place, { projectId, release }] of releases.entries()) {
          const former = before[place];
          if (former?.standing !== "known" || former.line === release.line) continue;
          const known = tables.ofProject.get(projectId)?.lines.get(former.line)?.known;
          if (known === undefined || known.some(({ orderKey }) => orderKey === former.orderKey)) continue;
          known.push(former);
          known.sort((one, other) => (one.orderKey < other.orderKey ? -1 : 1));
        }
      },
    })),
  },
  {
    name: "keeps a line whose only release was saved in another",
    seenBy: "lines-known",
    open: () => {
      const lines = new Map<string, number>();
      return withMethods((inner) => ({
        write: async (changes) => {
          const refs = (changes.releases ?? []).map(({ projectId, release }) => ({ ...release, projectId }));
          for (const former of await inner.findReleases(refs)) {
            if (former !== undefined) lines.set(former.line, former.lineNumber);
          }
          await inner.write(changes);
          for (const { line } of changes.deletedReleases ?? []) lines.delete(line);
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
    name: "lowers the release count when releases are removed",
    seenBy: "releases-counted",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { projectId } of changes.deletedReleases ?? []) {
          const stored = tables.projects.get(projectId);
          const left = tables.ofProject.get(projectId)?.releaseOrder ?? [];
          if (stored === undefined) continue;
          const releaseCount = Math.max(0, ...left.flatMap(({ number, lineNumber }) => [number, lineNumber]));
          tables.projects.set(projectId, { ...stored, releaseCount });
        }
      },
    })),
  },
  {
    name: "forgets that a release became the latest when it is saved again",
    seenBy: "timelines-without-retired",
    open: withMethods((inner) => ({
      write: async ({ releases = [], ...changes }) => {
        const before = await inner.findReleases(releases.map(({ projectId, release }) => ({ ...release, projectId })));
        await inner.write({
          ...changes,
          releases: releases.map(({ projectId, release }, place) => ({
            projectId,
            release: isKnown(release) && before[place] !== undefined ? { ...release, becameLatest: false } : release,
          })),
        });
      },
    })),
  },
];

const moves: readonly Mutant[] = [
  {
    name: "finds marks of the release's own line only",
    seenBy: "marks-nearest",
    open: onTables((inner, tables) => {
      const findMarks: StoreTransaction["findMarks"] = async (requests) => {
        const all = await inner.findMarks(requests.map((each) => ({ ...each, limit: 100_000 })));
        return all.map((marks, place) => {
          const { upTo = null, issueId = "", limit = 0 } = requests[place] ?? {};
          const { projectId = "" } = tables.issues.get(issueId) ?? {};
          const release = tables.ofProject.get(projectId)?.releaseOrder.find(({ orderKey }) => orderKey === upTo);
          return allReadable(marks)
            .filter(({ line }) => release === undefined || line === release.line)
            .slice(0, limit);
        });
      };
      return { findMarks };
    }),
  },
  {
    name: "finds no mark for a release that is announced",
    seenBy: "marks-follow-releases",
    open: withMethods((inner) => ({
      findMarks: async (requests) =>
        (await inner.findMarks(requests)).map((marks) =>
          allReadable(marks).filter(({ releasedAt }) => releasedAt !== null),
        ),
    })),
  },
  {
    name: "forgets whether an issue occurred in a release when its mark is moved",
    seenBy: "marks-merged",
    open: onTables((inner, tables) => ({
      write: async ({ movedMarks = [], ...changes }) => {
        for (const { from } of movedMarks) {
          for (const { marks } of tables.ofIssue.values()) {
            const place = marks.findIndex(({ orderKey }) => orderKey === from);
            const mark = marks[place];
            if (mark?.last === "fixed") marks.splice(place, 1, { ...mark, seen: false });
          }
        }
        await inner.write({ ...changes, movedMarks });
      },
    })),
  },
  {
    name: "moves the marks of issues that are not deleted, resolved or muted",
    seenBy: "marks-moved",
    open: onTables((inner, tables) => ({
      write: async ({ movedMarks = [], ...changes }) => {
        const left = Array.from(tables.ofIssue, ([issueId, { marks }]) => ({ issueId, marks: [...marks] })).filter(
          ({ issueId }) => tables.issues.get(issueId)?.state.status !== "open",
        );
        await inner.write({ ...changes, movedMarks });
        for (const { issueId, marks } of left) {
          const own = movedMarks.filter(({ from }) => marks.some(({ orderKey }) => orderKey === from));
          if (own.length > 0) {
            await inner.write({
              deletedMarks: own.flatMap(({ to }) => (to === null ? [] : [{ issueId, orderKey: to }])),
              marks: marks.map((mark) => ({ issueId, mark })),
            });
          }
        }
      },
    })),
  },
  {
    name: "saves only the marks of releases that are known",
    seenBy: "marks-follow-releases",
    open: withMethods((inner) => ({
      write: async ({ marks = [], ...changes }) => {
        await inner.write({ ...changes, marks: marks.filter(({ mark }) => mark.releasedAt !== null) });
      },
    })),
  },
  {
    name: "saves a mark without the date of its fix, where the issue occurred after it",
    seenBy: "marks-merged",
    open: writing(({ marks = [], ...changes }) => ({
      ...changes,
      marks: marks.map(({ issueId, mark }) => ({
        issueId,
        mark: mark.last === "seen" ? { ...mark, fixedAt: null } : mark,
      })),
    })),
  },
];

export const savedReleaseMutants: readonly Mutant[] = [...replaced, ...moves];
