import type { KnownRelease, Release } from "../../../src/core/release.ts";
import { allReadable } from "../../../src/core/unreadable.ts";
import type { StoreTransaction } from "../../../src/ports/issue-store.ts";

import {
  byNumber,
  changingLines,
  changingTimelines,
  isKnown,
  timelineMethods,
  withMethods,
  type Mutant,
  type Replaced,
} from "./harness.ts";

type Compare = (one: string, other: string) => number;

/** Ways to compare order keys that are not by code units. */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  "as people sort them": (one, other) => one.localeCompare(other, "en"),
  "as people sort numbers": (one, other) => one.localeCompare(other, "en", { numeric: true }),
  "without regard to case": (one, other) => {
    const [first, second] = [one.toLowerCase(), other.toLowerCase()];
    return first < second ? -1 : first > second ? 1 : 0;
  },
  "without blanks at the end": (one, other) => {
    const [first, second] = [one.trimEnd(), other.trimEnd()];
    return first < second ? -1 : first > second ? 1 : 0;
  },
  "by their lengths first": (one, other) => one.length - other.length || (one < other ? -1 : one > other ? 1 : 0),
  "by their first 16 characters": (one, other) => {
    const [first, second] = [one.slice(0, 16), other.slice(0, 16)];
    return first < second ? -1 : first > second ? 1 : 0;
  },
  "by their first 255 characters": (one, other) => {
    const [first, second] = [one.slice(0, 255), other.slice(0, 255)];
    return first < second ? -1 : first > second ? 1 : 0;
  },
};

const descending =
  (compare: Compare) =>
  (one: { readonly orderKey: string }, other: { readonly orderKey: string }): number =>
    compare(other.orderKey, one.orderKey);

/** Finds marks by another order. */
function findingMarks(inner: StoreTransaction, compare: Compare): Replaced {
  const findMarks: StoreTransaction["findMarks"] = async (requests) => {
    const all = await inner.findMarks(requests.map((each) => ({ ...each, upTo: null, limit: 100_000 })));
    return all.map((marks, place) => {
      const { upTo = null, limit = 0 } = requests[place] ?? {};
      return allReadable(marks)
        .filter(({ orderKey }) => upTo === null || compare(orderKey, upTo) <= 0)
        .sort(descending(compare))
        .slice(0, limit);
    });
  };
  return {
    findMarks,
    load: async (request) => {
      let asked: Parameters<typeof findMarks>[0] = [];
      const { details } = request;
      if (details === undefined) return inner.load(request);
      const loaded = await inner.load({
        ...request,
        details: (found) => {
          const { counters = [], marks = [] } = details(found);
          asked = marks;
          return { counters };
        },
      });
      return { ...loaded, marks: await findMarks(asked) };
    },
  };
}

/** How order keys are compared, to find marks, releases of a page, and the latest of a line; and the cases that see it. */
const COMPARED: Readonly<Record<keyof typeof COMPARISONS, readonly [marks: string, pages: string, lines: string]>> = {
  "as people sort them": ["marks-nearest", "order-keys-compared", "order-keys-compared"],
  "as people sort numbers": ["marks-nearest", "order-keys-compared", "order-keys-compared"],
  "without regard to case": ["marks-nearest", "order-keys-compared", "order-keys-compared"],
  "without blanks at the end": ["marks-nearest", "order-keys-compared", "order-keys-compared"],
  "by their lengths first": ["marks-nearest", "releases-kept", "order-keys-compared"],
  "by their first 16 characters": ["marks-nearest", "order-keys-compared", "order-keys-compared"],
  "by their first 255 characters": ["marks-nearest", "order-keys-compared", "order-keys-compared"],
};

const compared: readonly Mutant[] = Object.entries(COMPARISONS).flatMap(([how, compare]) => {
  const [marks = "", pages = "", lines = ""] = COMPARED[how] ?? [];
  return [
    {
      name: `compares order keys ${how}, to find marks`,
      seenBy: marks,
      open: withMethods((inner) => findingMarks(inner, compare)),
    },
    {
      name: `compares order keys ${how}, to list releases`,
      seenBy: pages,
      open: withMethods((inner) => ({
        pageReleases: async (projectId, before, limit) =>
          allReadable(await inner.pageReleases(projectId, null, 100_000))
            .filter(({ orderKey }) => before === null || compare(orderKey, before) < 0)
            .sort(descending(compare))
            .slice(0, limit),
      })),
    },
    {
      name: `compares order keys ${how}, to find the latest of a line`,
      seenBy: lines,
      open: changingLines((line, releases) => ({
        ...line,
        latest: releases.toReversed().filter(isKnown).sort(descending(compare))[0],
      })),
    },
  ];
});

function asKnown(release: Release): KnownRelease {
  if (release.standing === "known") return release;
  const releasedAt = release.standing === "announced" ? release.announcedAt : release.releasedAt;
  return { ...release, standing: "known", releasedAt, becameLatest: true };
}

const byDate = (releases: readonly Release[]): KnownRelease[] =>
  releases.filter(isKnown).sort((one, other) => one.releasedAt - other.releasedAt);

const becameLatest = (releases: readonly Release[]): KnownRelease[] =>
  releases.filter(isKnown).filter((release) => release.becameLatest);

const timelines: readonly Mutant[] = [
  {
    name: "takes an announced release for the latest of its line",
    seenBy: "lines-known",
    open: changingLines((line, releases) => {
      const last = releases.find(({ standing }) => standing !== "retired");
      return { ...line, latest: last && asKnown(last) };
    }, true),
  },
  {
    name: "takes an announced release for the project's latest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => {
      const last = byNumber(releases).findLast(
        (release) => release.standing === "announced" || (isKnown(release) && release.becameLatest),
      );
      return { ...timeline, latest: last && asKnown(last) };
    }),
  },
  {
    name: "takes the last in order of those that became the latest for the project's latest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => ({ ...timeline, latest: becameLatest(releases)[0] })),
  },
  {
    name: "takes the last by date of those that became the latest for the project's latest",
    seenBy: "timelines-in-batches",
    open: changingTimelines((timeline, releases) => ({ ...timeline, latest: byDate(becameLatest(releases)).at(-1) })),
  },
  {
    name: "takes the latest of the newest line for the project's latest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      latest: becameLatest(releases).sort(
        (one, other) => other.lineNumber - one.lineNumber || other.number - one.number,
      )[0],
    })),
  },
  {
    name: "takes the last by date for the latest of its line",
    seenBy: "lines-known",
    open: changingLines((line, releases) => ({ ...line, latest: byDate(releases).at(-1) })),
  },
  {
    name: "takes for the latest of a line only what became the latest",
    seenBy: "timelines-in-batches",
    open: changingLines((line, releases) => ({ ...line, latest: becameLatest(releases)[0] })),
  },
  {
    name: "compares versions, to find the latest of a line",
    seenBy: "timelines-in-batches",
    open: changingLines((line, releases) => ({
      ...line,
      latest: releases.filter(isKnown).sort((one, other) => (one.version < other.version ? 1 : -1))[0],
    })),
  },
  {
    name: "has the number of a line's latest release for the number of the line",
    seenBy: "lines-known",
    open: changingLines((line) => ({ ...line, number: line.latest?.number ?? line.number })),
  },
  {
    name: "has the lowest number of a line's releases for the number of the line",
    seenBy: "timelines-in-batches",
    open: changingLines(
      (line, releases) => ({ ...line, number: Math.min(line.number, ...releases.map(({ number }) => number)) }),
      true,
    ),
  },
  {
    name: "looks at the last release in order for what placed the newest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => ({ ...timeline, placedBy: releases[0]?.placedBy })),
  },
  {
    name: "looks at the latest release for what placed the newest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline) => ({ ...timeline, placedBy: timeline.latest?.placedBy })),
  },
  {
    name: "looks at no announced release for what placed the newest",
    seenBy: "timelines-in-batches",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      placedBy: byNumber(releases).findLast(({ standing }) => standing !== "announced")?.placedBy,
    })),
  },
  {
    name: "looks at no retired release for what placed the newest",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      placedBy: byNumber(releases).findLast(({ standing }) => standing !== "retired")?.placedBy,
    })),
  },
  {
    name: "takes what it saved last for the newest release",
    seenBy: "timelines-known",
    open: () => {
      const last = new Map<string, string>();
      return withMethods((inner) => ({
        write: async (changes) => {
          await inner.write(changes);
          for (const { projectId, release } of changes.releases ?? []) last.set(projectId, release.placedBy);
        },
        ...timelineMethods(inner, (timeline, releases) => ({
          ...timeline,
          placedBy: releases.length === 0 ? undefined : (last.get("shop") ?? timeline.placedBy),
        })),
      }))();
    },
  },
  {
    name: "has the highest number that there is for the number of releases",
    seenBy: "releases-counted",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      count: Math.max(0, ...releases.flatMap(({ number, lineNumber }) => [number, lineNumber])),
    })),
  },
  {
    name: "returns all lines, requested or not",
    seenBy: "timelines-known",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      lines: new Map([
        ...releases.map(({ line, lineNumber }) => [line, { number: lineNumber, latest: undefined }] as const),
        ...timeline.lines,
      ]),
    })),
  },
];

export const releaseOrderMutants: readonly Mutant[] = [...compared, ...timelines];
