import type { Mutant } from "./harness.ts";
import { numbers, rewriting } from "./rewriting.ts";
import { rowsOf } from "./tables.ts";

/** Columns of numbers that count something, by the paths of what is written to them or looked up in them. */
const COUNTS = {
  "numbers of issues": /(?:\.issue|\.after|^findIssues)\.number$/u,
  "event counts of issues": /^write\.(?:newIssues\.issue|updates\.after)\.eventCount$/u,
  "last event numbers of issues": /^write\.(?:newIssues\.issue|updates\.after)\.lastEventNumber$/u,
  "user counts of issues": /^write\.(?:newIssues\.issue|updates\.after)\.userCount$/u,
  "numbers of the releases in which issues were seen": /^write\.(?:newIssues\.issue|updates\.after)\.seenNumber$/u,
  "counts of turning points": /^write\.(?:newIssues\.issue|updates\.after)\.turningPointCount$/u,
  "releases after which issues were resolved": /\.state\.afterRelease$/u,
  "event counts at which mutes are looked at": /\.state\.(?:mute\.volume|watch)\.checkAt$/u,
  "numbers of events": /^write\.events\.number$/u,
  "counts of events": /^write\.events\.count$/u,
  "numbers of turning points": /^write\.turningPoints\.number$/u,
  "numbers of releases": /^write\.releases\.release\.number$/u,
  "numbers of lines": /^write\.releases\.release\.lineNumber$/u,
  "last turns of users": /^(?:write\.users\.lastTurn|countUsers\.fromTurn)$/u,
  "turning points of alerts": /^write\.alerts\.turningPoint$/u,
  "event counts of alerts": /^write\.alerts\.issue\.eventCount$/u,
  "counts of throttled alerts": /^write\.alerts\.reason\.counts\./u,
  "counts of notifications": /^writeTallies\.save\.admitted$/u,
  "counts of throttled alerts in tallies": /^writeTallies\.save\.throttled\.counts\./u,
} as const;

type CountColumn = keyof typeof COUNTS;

/** Columns of instants. */
const INSTANTS = {
  "when issues were first seen": /^write\.(?:newIssues\.issue|updates\.after)\.firstSeenAt$/u,
  "when issues were last seen": /^write\.(?:newIssues\.issue|updates\.after)\.lastSeenAt$/u,
  "when issues were resolved": /\.state\.resolvedAt$/u,
  "when mutes end": /\.state\.mute\.deadline\.at$/u,
  "when issues are muted again": /\.state\.muteAgain\.at$/u,
  "when events were received": /^write\.events\.receivedAt$/u,
  "when events occurred": /^write\.events\.occurredAt$/u,
  "when turning points happened": /^write\.turningPoints\.at$/u,
  "when releases became known": /^write\.releases\.release\.releasedAt$/u,
  "when releases were announced": /^write\.releases\.release\.announcedAt$/u,
  "when fixes were claimed": /^write\.marks\.mark\.fixedAt$/u,
  "when alerts were raised": /^write\.alerts\.raisedAt$/u,
  "when alerts would have been raised": /^write\.alerts\.quietSince$/u,
  "when alerts are due": /^(?:settle|move)\.dueAt$/u,
  "when alerts died": /^settle\.diedAt$/u,
  "when alerts were discarded": /^move\.at$/u,
  "when leases end": /\.lease\.until$/u,
  "when periods begin": /^writeTallies\.save\.startsAt$/u,
  "when periods end": /^writeTallies\.save\.endsAt$/u,
} as const;

type InstantColumn = keyof typeof INSTANTS;

/** What databases and drivers do to large numbers. */
const LIMITS = {
  "ends at 2,147,483,647": (value: number) => Math.min(value, 2 ** 31 - 1),
  "ends at 4,294,967,295": (value: number) => Math.min(value, 2 ** 32 - 1),
  "has 15 digits": (value: number) => Number(value.toPrecision(15)),
} as const;

type Limit = keyof typeof LIMITS;

/** What databases and drivers do to instants. */
const CLOCKS = {
  "drops the milliseconds of": (value: number) => Math.floor(value / 1_000) * 1_000,
  "ends in 2038 with": (value: number) => Math.min(value, (2 ** 31 - 1) * 1_000),
} as const;

type Clock = keyof typeof CLOCKS;

/** For each column of counts, what is done to large numbers, and the case that sees it. */
const COUNTED: Readonly<Record<CountColumn, Readonly<Partial<Record<Limit, string>>>>> = {
  "numbers of issues": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "event counts of issues": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "last event numbers of issues": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "user counts of issues": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "numbers of the releases in which issues were seen": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "counts of turning points": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "releases after which issues were resolved": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "event counts at which mutes are looked at": {
    "ends at 2,147,483,647": "issues-kept",
    "ends at 4,294,967,295": "issues-kept",
    "has 15 digits": "issues-kept",
  },
  "numbers of events": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "counts of events": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "numbers of turning points": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "numbers of releases": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "numbers of lines": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "last turns of users": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "turning points of alerts": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "event counts of alerts": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "counts of throttled alerts": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "counts of notifications": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
  "counts of throttled alerts in tallies": {
    "ends at 2,147,483,647": "numbers-kept",
    "ends at 4,294,967,295": "numbers-kept",
    "has 15 digits": "numbers-kept",
  },
};

/** For each column of instants, what is done to them, and the case that sees it. */
const TIMED: Readonly<Record<InstantColumn, Readonly<Partial<Record<Clock, string>>>>> = {
  "when issues were first seen": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when issues were last seen": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when issues were resolved": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when mutes end": { "drops the milliseconds of": "issues-kept", "ends in 2038 with": "numbers-kept" },
  "when issues are muted again": { "drops the milliseconds of": "issues-kept", "ends in 2038 with": "numbers-kept" },
  "when events were received": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when events occurred": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when turning points happened": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when releases became known": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when releases were announced": { "drops the milliseconds of": "releases-kept", "ends in 2038 with": "numbers-kept" },
  "when fixes were claimed": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when alerts were raised": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when alerts would have been raised": {
    "drops the milliseconds of": "numbers-kept",
    "ends in 2038 with": "numbers-kept",
  },
  "when alerts are due": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
  "when alerts died": { "drops the milliseconds of": "alerts-kept", "ends in 2038 with": "numbers-kept" },
  "when alerts were discarded": {
    "drops the milliseconds of": "alerts-discarded",
    "ends in 2038 with": "numbers-kept",
  },
  "when leases end": { "drops the milliseconds of": "alerts-released", "ends in 2038 with": "numbers-kept" },
  "when periods begin": { "drops the milliseconds of": "tallies-kept", "ends in 2038 with": "numbers-kept" },
  "when periods end": { "drops the milliseconds of": "numbers-kept", "ends in 2038 with": "numbers-kept" },
};

export const numberMutants: readonly Mutant[] = [
  ...rowsOf(COUNTED).map(({ row: column, column: limit, seenBy }) => ({
    name: `${limit} in the ${column}`,
    seenBy,
    open: rewriting(() => ({ given: numbers(COUNTS[column], LIMITS[limit]) })),
  })),
  ...rowsOf(TIMED).map(({ row: column, column: clock, seenBy }) => ({
    name: `${clock} ${column}`,
    seenBy,
    open: rewriting(() => ({ given: numbers(INSTANTS[column], CLOCKS[clock]) })),
  })),
  {
    name: "stops to count attempts at 127",
    seenBy: "alerts-claimed-often",
    open: rewriting(() => ({
      answered: numbers(/^(?:claim|page)\.attempts$/u, (attempts) => Math.min(attempts, 127)),
    })),
  },
  {
    name: "stops to count attempts at 9",
    seenBy: "alerts-claimed-often",
    open: rewriting(() => ({ answered: numbers(/^(?:claim|page)\.attempts$/u, (attempts) => Math.min(attempts, 9)) })),
  },
  {
    name: "takes the number of an issue for a text, where it looks for one by it",
    seenBy: "numbers-kept",
    open: rewriting(() => ({ given: (path, value) => (path === "findIssues.number" ? String(value) : value) })),
  },
  {
    name: "has no days of users below 0",
    seenBy: "users-kept",
    open: rewriting(() => ({ given: numbers(/^write\.users\.lastDay$/u, (day) => Math.max(0, day)) })),
  },
  {
    name: "has no turns of users below 0",
    seenBy: "users-kept",
    open: rewriting(() => ({ given: numbers(/^write\.users\.lastTurn$/u, (turn) => Math.max(0, turn)) })),
  },
  {
    name: "has 16 bits for the days of users",
    seenBy: "numbers-kept",
    open: rewriting(() => ({ given: numbers(/^write\.users\.lastDay$/u, (day) => Math.min(day, 32_767)) })),
  },
  {
    name: "stores fractions of conditions as whole numbers",
    seenBy: "issues-kept",
    open: rewriting(() => ({ given: numbers(/\.(?:factor|usual)$/u, Math.round) })),
  },
];
