import { answering, lists, rewriting } from "./rewriting.ts";
import { withTables, type Mutant } from "./harness.ts";

/** How many of a batch a store takes at once. */
const CHUNK = 1_000;

type Row = Readonly<Record<string, unknown>>;
type List = readonly unknown[];

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

/** The rows of the second chunk are given what those of the first have, except for these members. */
function mixedUp(list: List, ...keys: readonly string[]): List {
  return list.map((row, place) => {
    const other = place < CHUNK ? row : list[place - CHUNK];
    if (!isRow(row) || !isRow(other)) return other;
    return { ...other, ...Object.fromEntries(keys.map((key) => [key, row[key]])) };
  });
}

/** The values of the second chunk's entries are those of the first one's. */
const mixedUpEntries = (list: List): List =>
  list.map((entry, place) => {
    const other = place < CHUNK ? entry : list[place - CHUNK];
    return Array.isArray(entry) && Array.isArray(other) ? [entry[0], other[1]] : entry;
  });

/** The answers of the second chunk come before those of the first. */
const chunksTurned = (list: List): List => [...list.slice(CHUNK), ...list.slice(0, CHUNK)];

/** Where answers stand for requests, those after the first chunk say that nothing was found. */
const firstAnswered = (none: unknown) => (list: List) => list.map((each, place) => (place < CHUNK ? each : none));

const first = (list: List): List => list.slice(0, CHUNK);
const lastLost = (list: List): List => (list.length > CHUNK ? list.slice(0, -1) : list);
const lastRepeated = (list: List): List => (list.length > CHUNK ? [...list, ...list.slice(-1)] : list);

/** What is written, or given to a method, of which only the first thousand are taken. */
const TAKEN: readonly (readonly [what: string, at: RegExp, seenBy: string])[] = [
  ["projects", /^write\.projects$/u, "many-projects"],
  ["removed releases", /^write\.deletedReleases$/u, "many-releases"],
  ["releases", /^write\.releases$/u, "many-releases"],
  ["moves of marks", /^write\.movedMarks$/u, "many-marks"],
  ["new issues", /^write\.newIssues$/u, "batches-of-any-size"],
  ["added groups", /^write\.addedGroups$/u, "batches-of-any-size"],
  ["updates", /^write\.updates$/u, "batches-of-any-size"],
  ["counters", /^write\.counters$/u, "batches-of-any-size"],
  ["removed marks", /^write\.deletedMarks$/u, "many-marks"],
  ["marks", /^write\.marks$/u, "many-marks"],
  ["latest days of users", /^write\.latestUserDays$/u, "many-users"],
  ["users", /^write\.users$/u, "many-users"],
  ["turning points", /^write\.turningPoints$/u, "pages-of-any-size"],
  ["alerts", /^write\.alerts$/u, "many-alerts"],
  ["deleted issues", /^write\.deletedIssues$/u, "batches-of-any-size"],
  ["settlements", /^settle$/u, "many-alerts"],
  ["moved alerts", /^move\.ids$/u, "many-alerts"],
  ["issues to claim alerts of", /^claim\.issueIds$/u, "many-alerts"],
  ["tallies to lock", /^lockTallies\.scopes$/u, "many-tallies"],
  ["tallies to save", /^writeTallies\.save$/u, "many-tallies"],
  ["tallies to remove", /^writeTallies\.remove$/u, "many-tallies"],
  ["projects to find", /^findProjects\.ids$/u, "many-projects"],
  ["issues to find", /^findIssues\.ids$/u, "batches-of-any-size"],
  ["counters to find", /^findCounters$/u, "batches-of-any-size"],
  ["timelines to find", /^findTimelines$/u, "many-projects"],
  ["lines to find", /^findTimelines\.lines$/u, "many-releases"],
  ["projects to load", /^load\.projectIds$/u, "many-projects"],
  ["issues to load", /^load\.issues\.ids$/u, "batches-of-any-size"],
  ["counters to load", /^load\.details\.counters$/u, "batches-of-any-size"],
  ["timelines to load", /^load\.timelines$/u, "many-projects"],
  ["lines to load", /^load\.timelines\.lines$/u, "many-releases"],
];

/** What is answered wrongly where it is more than a thousand. */
const ANSWERED: readonly (readonly [what: string, at: RegExp, change: (list: List) => List, seenBy: string])[] = [
  ["lists a thousand projects", /^findProjects$/u, first, "many-projects"],
  ["has pages of a thousand issues at most", /^pageIssues\.entries$/u, first, "pages-of-any-size"],
  ["has pages of a thousand turning points at most", /^pageHistory$/u, first, "pages-of-any-size"],
  ["has pages of a thousand releases at most", /^pageReleases$/u, first, "many-releases"],
  ["has pages of a thousand alerts at most", /^page$/u, first, "many-alerts"],
  ["returns a thousand claimed alerts", /^claim$/u, first, "many-alerts"],
  ["returns a thousand tallies", /^lockTallies$/u, first, "many-tallies"],
  ["returns the ids of a thousand settled alerts", /^settle$/u, first, "many-alerts"],
  ["returns the ids of a thousand moved alerts", /^move$/u, first, "many-alerts"],
  ["finds a thousand marks of an issue", /^findMarks\[\]$/u, first, "many-marks"],
  ["finds the marks of a thousand issues", /^findMarks$/u, firstAnswered([]), "many-marks"],
  ["finds a thousand users", /^findUsers$/u, firstAnswered(undefined), "many-users"],
  ["counts the users of a thousand issues", /^countUsers$/u, firstAnswered(0), "many-users"],
  ["finds a thousand releases", /^findReleases$/u, firstAnswered(undefined), "many-releases"],
  ["looks for a thousand duplicates", /^load\.duplicateOf$/u, firstAnswered(undefined), "batches-of-any-size"],
  ["loads the issues of a thousand groups", /^load\.grouped$/u, firstAnswered(undefined), "batches-of-any-size"],
  [
    "loads the issues of a thousand former groups",
    /^load\.formerGrouped$/u,
    firstAnswered(undefined),
    "batches-of-any-size",
  ],
  ["loads a thousand releases", /^load\.releases$/u, firstAnswered(undefined), "many-releases"],
  ["loads the marks of a thousand issues", /^load\.marks$/u, firstAnswered([]), "many-marks"],
  ["loads a thousand projects", /^load\.projects$/u, first, "many-projects"],
  ["finds the users of the first chunk for the second", /^findUsers$/u, mixedUp, "many-users"],
  ["counts the users of the first chunk for the second", /^countUsers$/u, mixedUp, "many-users"],
  ["finds the marks of the first chunk for the second", /^findMarks$/u, mixedUp, "many-marks"],
  ["finds the counters of the first chunk for the second", /^findCounters$/u, mixedUpEntries, "batches-of-any-size"],
  ["finds the releases of the first chunk for the second", /^findReleases$/u, mixedUp, "many-releases"],
  ["loads the duplicates of the first chunk for the second", /^load\.duplicateOf$/u, mixedUp, "batches-of-any-size"],
  ["loads the groups of the first chunk for the second", /^load\.grouped$/u, mixedUp, "batches-of-any-size"],
  [
    "loads the former groups of the first chunk for the second",
    /^load\.formerGrouped$/u,
    mixedUp,
    "batches-of-any-size",
  ],
  ["loads the releases of the first chunk for the second", /^load\.releases$/u, mixedUp, "many-releases"],
  ["loads the marks of the first chunk for the second", /^load\.marks$/u, mixedUp, "many-marks"],
  ["loads the counters of the first chunk for the second", /^load\.counters$/u, mixedUpEntries, "batches-of-any-size"],
  ["finds the timelines of the first chunk for the second", /^findTimelines$/u, mixedUpEntries, "many-projects"],
  ["loads the timelines of the first chunk for the second", /^load\.timelines$/u, mixedUpEntries, "many-projects"],
  ["finds the lines of the first chunk for the second", /^findTimelines\.lines$/u, mixedUpEntries, "many-releases"],
  ["answers chunks of users in another order", /^findUsers$/u, chunksTurned, "many-users"],
  ["answers chunks of counts of users in another order", /^countUsers$/u, chunksTurned, "many-users"],
  ["answers chunks of marks in another order", /^findMarks$/u, chunksTurned, "many-marks"],
  ["answers chunks of releases in another order", /^findReleases$/u, chunksTurned, "many-releases"],
  ["loads chunks of duplicates in another order", /^load\.duplicateOf$/u, chunksTurned, "batches-of-any-size"],
  ["loads chunks of groups in another order", /^load\.grouped$/u, chunksTurned, "batches-of-any-size"],
  ["loads chunks of former groups in another order", /^load\.formerGrouped$/u, chunksTurned, "batches-of-any-size"],
  ["loads chunks of releases in another order", /^load\.releases$/u, chunksTurned, "many-releases"],
  ["loads chunks of marks in another order", /^load\.marks$/u, chunksTurned, "many-marks"],
  ["returns chunks of claimed alerts in another order", /^claim$/u, chunksTurned, "many-alerts"],
  ["lists chunks of projects in another order", /^findProjects$/u, chunksTurned, "many-projects"],
  ["repeats an issue where it answers in chunks", /^findIssues$/u, lastRepeated, "batches-of-any-size"],
  ["repeats a loaded issue where it answers in chunks", /^load\.issues$/u, lastRepeated, "batches-of-any-size"],
  ["repeats a claimed alert where it answers in chunks", /^claim$/u, lastRepeated, "many-alerts"],
  ["repeats a tally where it answers in chunks", /^lockTallies$/u, lastRepeated, "many-tallies"],
  ["repeats a project where it answers in chunks", /^findProjects$/u, lastRepeated, "many-projects"],
  ["loses the last claimed alert of a chunk", /^claim$/u, lastLost, "many-alerts"],
];

/** What the rows after the first thousand are given in place of their own, except for these members. */
const MIXED: readonly (readonly [what: string, at: RegExp, keys: readonly string[], seenBy: string])[] = [
  ["projects", /^write\.projects$/u, ["id", "slug"], "many-projects"],
  ["users", /^write\.users$/u, ["issueId", "user"], "many-users"],
  ["days of users", /^write\.latestUserDays$/u, ["issueId"], "many-users"],
  ["turning points", /^write\.turningPoints$/u, ["issueId", "number"], "pages-of-any-size"],
  ["events", /^write\.events$/u, ["projectId", "id", "issueId"], "batches-of-any-size"],
  ["issues of events", /^write\.events$/u, ["projectId", "id", "content", "data", "receivedAt"], "batches-of-any-size"],
  ["groups", /^write\.addedGroups$/u, ["group"], "batches-of-any-size"],
  ["alerts", /^write\.alerts$/u, ["id", "issue", "turningPoint"], "many-alerts"],
  ["marks", /^write\.marks$/u, ["issueId"], "many-marks"],
  ["settlements", /^settle$/u, ["id", "lease"], "many-alerts"],
  ["tallies", /^writeTallies\.save$/u, ["projectId", "issueId"], "many-tallies"],
];

/** As {@link MIXED}, of the issues, releases and targets within the rows. */
const MIXED_WITHIN: readonly (readonly [
  what: string,
  at: RegExp,
  part: string,
  keys: readonly string[],
  seenBy: string,
])[] = [
  ["new issues", /^write\.newIssues$/u, "issue", ["id", "projectId", "number"], "many-projects"],
  ["updates", /^write\.updates$/u, "after", ["id", "projectId", "number"], "batches-of-any-size"],
  ["releases", /^write\.releases$/u, "release", ["name", "number", "orderKey", "becameLatest"], "many-releases"],
];

function mixedUpWithin(list: List, part: string, keys: readonly string[]): List {
  const parts = mixedUp(
    list.map((row) => (isRow(row) ? row[part] : row)),
    ...keys,
  );
  return list.map((row, place) => (isRow(row) ? { ...row, [part]: parts[place] } : row));
}

/** The most rows that what is done to one thing affects. */
const AFFECTED: readonly Mutant[] = [
  {
    name: "moves the marks of a thousand issues",
    seenBy: "many-marks",
    open: withTables((inner, { tables }) => ({
      write: async ({ movedMarks = [], ...changes }) => {
        const left = movedMarks.flatMap(({ from }) =>
          Array.from(tables.ofIssue, ([issueId, { marks }]) => ({
            issueId,
            mark: marks.find(({ orderKey }) => orderKey === from),
          }))
            .filter(({ mark }) => mark !== undefined)
            .slice(CHUNK),
        );
        await inner.write({ ...changes, movedMarks });
        for (const { issueId, mark } of left) if (mark !== undefined) await inner.write({ marks: [{ issueId, mark }] });
      },
    })),
  },
  {
    name: "sets a thousand users of an issue back",
    seenBy: "many-users",
    open: withTables((inner, { tables }) => ({
      write: async ({ latestUserDays = [], ...changes }) => {
        const left = latestUserDays.flatMap(({ issueId, day }) =>
          Array.from(tables.users.get(issueId)?.rows.values() ?? [])
            .filter(({ lastDay }) => lastDay > day)
            .slice(CHUNK),
        );
        await inner.write({ ...changes, latestUserDays });
        await inner.write({ users: left });
      },
    })),
  },
  {
    name: "counts a thousand users of an issue",
    seenBy: "many-users",
    open: rewriting(() => ({
      answered: (path, value) => (path === "countUsers" && typeof value === "number" ? Math.min(value, CHUNK) : value),
    })),
  },
  {
    name: "selects a thousand issues that wait",
    seenBy: "batches-of-any-size",
    open: answering(/^load\.issues$/u, first),
  },
  {
    name: "removes a thousand of the alerts that ended, and says that there are no more",
    seenBy: "many-alerts",
    open: rewriting(() => ({
      given: (path, value) => (path === "evict.limit" && typeof value === "number" ? Math.min(value, CHUNK) : value),
    })),
  },
  {
    name: "removes the events of a thousand in a step, and says that it looked at all",
    seenBy: "batches-of-any-size",
    open: withTables((inner, { tables }) => ({
      evictEvents: async (request) => {
        const events = tables.ofProject.get(request.projectId)?.events ?? new Map<string, never>();
        const kept = [...events.entries()].slice(CHUNK);
        const step = await inner.evictEvents(request);
        const restored = kept.filter(([id]) => !events.has(id));
        for (const [id, event] of restored) events.set(id, event);
        return { ...step, evicted: step.evicted - restored.length };
      },
    })),
  },
];

export const batchMutants: readonly Mutant[] = [
  ...TAKEN.map(([what, at, seenBy]) => ({
    name: `takes a thousand ${what}`,
    seenBy,
    open: rewriting(() => ({ given: lists(at, first) })),
  })),
  ...ANSWERED.map(([name, at, change, seenBy]) => ({ name, seenBy, open: answering(at, (list) => change(list)) })),
  ...MIXED.map(([what, at, keys, seenBy]) => ({
    name: `writes the ${what} of the first chunk for the second`,
    seenBy,
    open: rewriting(() => ({ given: lists(at, (list) => mixedUp(list, ...keys)) })),
  })),
  ...MIXED_WITHIN.map(([what, at, part, keys, seenBy]) => ({
    name: `writes the ${what} of the first chunk for the second`,
    seenBy,
    open: rewriting(() => ({ given: lists(at, (list) => mixedUpWithin(list, part, keys)) })),
  })),
  ...AFFECTED,
];
