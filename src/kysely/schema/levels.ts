import { DEFAULT_EVENT_LEVEL, type EventLevel } from "../../core/event-level.ts";
import { coded, nullable, type Column, type StoredInteger } from "./columns.ts";

/** How levels are stored: any of them are found by the sum of their codes. */
export const LEVEL_CODES: Readonly<Record<EventLevel, number>> = { fatal: 1, error: 2, warning: 4, info: 8, debug: 16 };

/** What `null` stands for: most issues have this level, and those of earlier versions. */
export const LEVEL_OF_NULL = LEVEL_CODES[DEFAULT_EVENT_LEVEL];

const stored = nullable(coded("the level of an issue", LEVEL_CODES));

/** The level of an issue. */
export const issueLevel: Column<StoredInteger | null, number | null, EventLevel> = {
  ...stored,
  encode: (level) => (level === DEFAULT_EVENT_LEVEL ? null : stored.encode(level)),
  decode: (value) => stored.decode(value) ?? DEFAULT_EVENT_LEVEL,
};
