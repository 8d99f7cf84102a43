import { DEFAULT_EVENT_LEVEL, EVENT_LEVELS, type EventLevel } from "./event-level.ts";
import { DEFAULT_GROUP, requireGrouping, type GroupingStrategy } from "./grouping.ts";
import {
  invalidInput,
  orElse,
  requireArray,
  requireInstant,
  requireObject,
  requireOneOf,
  requireText,
} from "./input.ts";
import type { Instant } from "./instant.ts";
import { MAX_PROJECT_ID_LENGTH } from "./project.ts";
import { MAX_RELEASE_LENGTH } from "./release.ts";
import { shorten } from "./text.ts";

/** A value that JSON can say. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [member: string]: JsonValue };

/** One occurrence of an error, as a host hands it to `digest`. */
export interface NewEvent {
  /** The project it belongs to; must have been saved before. */
  readonly projectId: string;
  /**
   * Unique in its project, 1 to {@link MAX_EVENT_ID_LENGTH} characters: an event with the same id is a duplicate and
   * changes nothing. Default: a new id, so that no two events are alike.
   */
  readonly id?: string;
  /** The class of the error, such as `TypeError`. Absent or empty for a log message. */
  readonly type?: string;
  /** What the error or log message says. */
  readonly value?: string;
  /** What was being done, such as a route or a job's name. */
  readonly transaction?: string;
  /**
   * The client's own idea of the group; {@link DEFAULT_GROUP} in it stands for type, value and transaction. At most 100
   * parts, of at most {@link MAX_FINGERPRINT_LENGTH} together, each {@link DEFAULT_GROUP} counted as what it stands for.
   */
  readonly fingerprint?: readonly string[];
  /** The version of the software it occurred in; at most {@link MAX_RELEASE_LENGTH} characters. Default `""`, for none. */
  readonly release?: string;
  /** How bad it is: what alerts that it causes say, and can be routed by. Default `"error"`. */
  readonly level?: EventLevel;
  /** When it occurred, by the client's clock. Default: when it was received. */
  readonly occurredAt?: Instant;
  /** When the host received it. Counting and all deadlines go by this. Default: the tracker's clock. */
  readonly receivedAt?: Instant;
  /** Whatever else the host wants to keep with it, such as a stack trace; as JSON at most {@link MAX_EVENT_TEXT_LENGTH}. */
  readonly data?: JsonValue;
}

/** The longest event id, in UTF-16 code units. */
export const MAX_EVENT_ID_LENGTH = 200;
/** The longest type, value, transaction, part of a fingerprint, and data written as JSON, in UTF-16 code units. */
export const MAX_EVENT_TEXT_LENGTH = 4_194_304;
/** The longest fingerprint, all its parts together, in UTF-16 code units. */
export const MAX_FINGERPRINT_LENGTH = 16_777_216;
/** The longest transaction kept with an issue, for people; a longer one ends in "…". Grouping uses it whole. */
const MAX_TRANSACTION_LENGTH = 200;
const MAX_FINGERPRINT_PARTS = 100;

/** A {@link NewEvent} that was checked and grouped. */
export interface CheckedEvent {
  /** What to call it in an error. */
  readonly field: string;
  readonly projectId: string;
  readonly id: string;
  readonly groupingKey: string;
  readonly title: string;
  readonly transaction: string;
  readonly release: string;
  readonly level: EventLevel;
  readonly receivedAt: Instant;
  /** The client's word, as it was given. */
  readonly clientOccurredAt: Instant | null;
  /** The same, but never later than `receivedAt`. */
  readonly occurredAt: Instant;
  /** The host's data as JSON. */
  readonly data: string | null;
}

/** What stands in for what an event leaves out. */
export interface EventDefaults {
  /** The instant for events that do not say when they were received. */
  readonly receivedAt: Instant;
  /** Makes an id for an event that has none. */
  readonly newId: () => string;
  /** How events are grouped. */
  readonly grouping: GroupingStrategy;
}

/**
 * Checks and groups an event from anywhere.
 *
 * @param value - the event
 * @param field - what to call it in an error
 * @param defaults - see {@link EventDefaults}
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function parseEvent(value: unknown, field: string, defaults: EventDefaults): CheckedEvent {
  const given = requireObject(field, value);
  const type = requireText(`${field}.type`, orElse(given["type"], ""), 0, MAX_EVENT_TEXT_LENGTH);
  const text = requireText(`${field}.value`, orElse(given["value"], ""), 0, MAX_EVENT_TEXT_LENGTH);
  const transaction = requireText(`${field}.transaction`, orElse(given["transaction"], ""), 0, MAX_EVENT_TEXT_LENGTH);
  const defaultLength = type.length + text.length + transaction.length;
  const fingerprint = parseFingerprint(`${field}.fingerprint`, given["fingerprint"], defaultLength);
  const projectId = requireText(`${field}.projectId`, given["projectId"], 1, MAX_PROJECT_ID_LENGTH);
  const id = requireText(
    `${field}.id`,
    given["id"] === undefined ? defaults.newId() : given["id"],
    1,
    MAX_EVENT_ID_LENGTH,
  );
  const release = requireText(`${field}.release`, orElse(given["release"], ""), 0, MAX_RELEASE_LENGTH);
  const level = requireOneOf(`${field}.level`, orElse(given["level"], DEFAULT_EVENT_LEVEL), EVENT_LEVELS);
  const receivedAt = requireInstant(`${field}.receivedAt`, orElse(given["receivedAt"], defaults.receivedAt));
  const clientOccurredAt =
    given["occurredAt"] === undefined ? null : requireInstant(`${field}.occurredAt`, given["occurredAt"]);
  const data = given["data"] === undefined ? null : toJson(`${field}.data`, given["data"]);
  const { key, title } = requireGrouping(defaults.grouping.group({ type, value: text, transaction, fingerprint }));
  return {
    field,
    projectId,
    id,
    groupingKey: key,
    title,
    transaction: shorten(transaction, MAX_TRANSACTION_LENGTH),
    release,
    level,
    receivedAt,
    clientOccurredAt,
    occurredAt: Math.min(clientOccurredAt ?? receivedAt, receivedAt),
    data,
  };
}

const NO_FINGERPRINT: readonly string[] = [];

/** @param defaultLength - what {@link DEFAULT_GROUP} stands for is that long */
function parseFingerprint(field: string, value: unknown, defaultLength: number): readonly string[] {
  if (value === undefined) return NO_FINGERPRINT;
  const parts = requireArray(field, value);
  if (parts.length > MAX_FINGERPRINT_PARTS) {
    throw invalidInput(field, value, `at most ${String(MAX_FINGERPRINT_PARTS)} parts`);
  }
  let length = 0;
  return parts.map((value, index) => {
    const part = requireText(`${field}[${String(index)}]`, value, 0, MAX_EVENT_TEXT_LENGTH);
    length += part === DEFAULT_GROUP ? defaultLength : part.length;
    if (length > MAX_FINGERPRINT_LENGTH) {
      throw invalidInput(field, parts, `parts of at most ${String(MAX_FINGERPRINT_LENGTH)} characters together`);
    }
    return part;
  });
}

function toJson(field: string, value: unknown): string {
  const json = tryStringify(value);
  if (json === undefined) throw invalidInput(field, value, "a value that JSON can say");
  if (json.length > MAX_EVENT_TEXT_LENGTH) {
    throw invalidInput(field, json, `at most ${String(MAX_EVENT_TEXT_LENGTH)} characters when written as JSON`);
  }
  return json;
}

/** Circular structures and bigints make `stringify` throw; functions and the like make it say nothing. */
function tryStringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
