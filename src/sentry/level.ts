import { EVENT_LEVELS, type EventLevel } from "../core/event-level.ts";

/** Words that SDKs and logging libraries use for the levels of this library. */
const SYNONYMS: ReadonlyMap<string, EventLevel> = new Map([
  ...EVENT_LEVELS.map((level) => [level, level] as const),
  ["critical", "fatal"],
  ["warn", "warning"],
  ["log", "info"],
  ["trace", "debug"],
]);

/** The numbers of Python's `logging`, the highest first. A number between two of them has the lower one's level. */
const NUMBERS: readonly (readonly [least: number, level: EventLevel])[] = [
  [50, "fatal"],
  [40, "error"],
  [30, "warning"],
  [20, "info"],
  [1, "debug"],
];

/** A number as a string; Python calls a level without a name `Level 45`. */
const NUMBER = /^(?:level )?(\d{1,9})$/iu;

/**
 * Reads an event's level: a word in any case, or a number of Python's `logging`, also as a string
 * (`40`, `Level 45`).
 *
 * @returns `undefined` for any other value: an unknown level is no reason to lose an event
 */
export function readLevel(value: unknown): EventLevel | undefined {
  if (typeof value === "number") return levelOfNumber(value);
  if (typeof value !== "string") return undefined;
  const number = NUMBER.exec(value)?.[1];
  return number === undefined ? SYNONYMS.get(value.toLowerCase()) : levelOfNumber(Number(number));
}

function levelOfNumber(number: number): EventLevel | undefined {
  return NUMBERS.find(([least]) => number >= least)?.[1];
}
