import { DEFAULT_EVENT_LEVEL, EVENT_LEVELS, type EventLevel } from "./event-level.ts";
import { DEFAULT_GROUP, type Grouper, type StrategyKey } from "./grouping.ts";
import { invalidInput, requireInstant } from "./input.ts";
import type { Instant, InstantInput } from "./instant.ts";
import { MAX_USER_ID_LENGTH } from "./user-id.ts";
import type { IssueScope } from "./issue.ts";
import type { PageOptions } from "./page.ts";
import { environmentInput, MAX_PROJECT_ID_LENGTH } from "./project.ts";
import { MAX_RELEASE_LENGTH } from "./release-order.ts";
import type { Scrubber } from "./scrubbing.ts";
import { arrayOf, integer, object, oneOf, optional, text, withDefault, type Shape, type ValueOf } from "./shape.ts";
import { requireFrames, type CheckedFrame, type StackFrame } from "./stack-frame.ts";

/** A JSON value. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [member: string]: JsonValue };

/** An event to digest: one occurrence of an error or a log message. */
export interface NewEvent {
  /** A saved project. */
  readonly projectId: string;
  /**
   * Unique in its project, 1 to {@link MAX_EVENT_ID_LENGTH} characters: an event with the same id is a duplicate and
   * changes nothing. Default: a new id, so that the event is never a duplicate.
   */
  readonly id?: string;
  /**
   * The class of the error, such as `TypeError`. Absent or empty for a log message. An event needs a type, a value or a
   * fingerprint: one without any of them has nothing to group it by, and is refused.
   */
  readonly type?: string;
  /** The error's or log message's text. */
  readonly value?: string;
  /** The operation in which it occurred, such as a route or a job's name. */
  readonly transaction?: string;
  /** The platform of the client, such as `javascript`, `python` or `native`. Only grouping strategies read it. */
  readonly platform?: string;
  /** How the error was caught, such as `onerror` or `signalhandler`. Only grouping strategies read it. */
  readonly mechanism?: string;
  /**
   * The in-app frames of the stack trace, which are those of your own code: the oldest call first, at most 250 of them.
   * Only grouping strategies read them.
   */
  readonly frames?: readonly StackFrame[];
  /**
   * The group that the client requests; the part {@link DEFAULT_GROUP} stands for the grouping key without a fingerprint. At
   * most 100 parts of at most {@link MAX_FINGERPRINT_LENGTH} together, where {@link DEFAULT_GROUP} counts as much as type, value
   * and transaction.
   */
  readonly fingerprint?: readonly string[];
  /**
   * The version of the software it occurred in; at most {@link MAX_RELEASE_LENGTH} characters, blanks at the ends are dropped.
   * Default `""`: none.
   */
  readonly release?: string;
  /** Its severity, which its alerts carry and can be routed by. Default `"error"`. */
  readonly level?: EventLevel;
  /** When it occurred, by the client's clock; later than `receivedAt` counts as `receivedAt`, its default. */
  readonly occurredAt?: InstantInput;
  /**
   * When the host received it: the time for counting and deadlines. Later than the tracker's clock counts as now. Default:
   * now.
   */
  readonly receivedAt?: InstantInput;
  /** How many events it stands for, such as one of a client that sends every tenth: 1 to {@link MAX_EVENT_COUNT}. Default 1. */
  readonly count?: number;
  /**
   * Your id of the user to whom it occurred, 1 to {@link MAX_USER_ID_LENGTH} characters. Only a hash of it is stored, keyed by the
   * project; an issue knows how many different users it occurred to. Default: none.
   */
  readonly userId?: string;
  /**
   * Where it occurred, such as `production` or `staging`; at most 200 characters, blanks at the ends are
   * dropped. A project can say which environments may change states. Default `""`: none.
   */
  readonly environment?: string;
  /** More data to store with it, such as a stack trace; as JSON at most {@link MAX_EVENT_TEXT_LENGTH} characters. */
  readonly data?: JsonValue;
}

/** The most events that one event can stand for. */
export const MAX_EVENT_COUNT = 1_000_000;
/** The longest event id, in UTF-16 code units. */
export const MAX_EVENT_ID_LENGTH = 200;
/** The longest type, value, transaction, part of a fingerprint, and data written as JSON, in UTF-16 code units. */
export const MAX_EVENT_TEXT_LENGTH = 4_194_304;
/** The longest fingerprint, all its parts together, in UTF-16 code units. */
export const MAX_FINGERPRINT_LENGTH = 16_777_216;
const MAX_FINGERPRINT_PARTS = 100;
/** The longest platform or mechanism, in UTF-16 code units. */
export const MAX_ORIGIN_LENGTH = 200;

/** What an event says, as it was given. */
export interface EventContent {
  readonly level: EventLevel;
  readonly type: string;
  readonly value: string;
  readonly transaction: string;
}

/** An event that was digested, as it is given back. */
export interface TrackedEvent {
  readonly projectId: string;
  readonly id: string;
  readonly issueId: string;
  /** Its number in its issue, from 1, in the order of digestion; 0 for an event of an earlier version. */
  readonly number: number;
  /** How many events it stands for. */
  readonly count: number;
  /** `null` for an event that was discarded, or of an earlier version of this library, which stored no level, type, value and transaction. */
  readonly level: EventLevel | null;
  /** `""` for none; `null` as for the level. */
  readonly type: string | null;
  /** `""` for none; `null` as for the level. */
  readonly value: string | null;
  /** `""` for none; `null` as for the level. */
  readonly transaction: string | null;
  /** `""` for none. */
  readonly environment: string;
  /** `""` for none. */
  readonly release: string;
  readonly receivedAt: Instant;
  /** When it occurred by the client's clock; `null` if the client did not say. */
  readonly occurredAt: Instant | null;
  /** Whether it caused a turning point, and so is never evicted. */
  readonly kept: boolean;
  /** The host's data; `undefined` for none. */
  readonly data: JsonValue | undefined;
}

/** Which events of an issue to list, and in which order. */
export interface EventListOptions extends PageOptions, IssueScope {
  /** Default `"descending"`: the event that was digested last comes first. */
  readonly direction?: "ascending" | "descending";
}

/** A {@link NewEvent} that was checked and grouped. */
export interface CheckedEvent {
  /** Its name in errors, such as `events[3]`. */
  readonly field: string;
  readonly projectId: string;
  readonly id: string;
  readonly content: EventContent;
  readonly groupingKey: string;
  /** Its keys by the strategies that the present one replaces, the latest first. */
  readonly formerKeys: readonly StrategyKey[];
  readonly title: string;
  /** Shortened. */
  readonly transaction: string;
  readonly release: string;
  readonly count: number;
  readonly userId: string | undefined;
  readonly environment: string;
  readonly receivedAt: Instant;
  /** When it occurred by the client's clock, as given. */
  readonly clientOccurredAt: Instant | null;
  /** When it occurred, never later than `receivedAt`. */
  readonly occurredAt: Instant;
  /** The data as JSON. */
  readonly data: string | null;
}

/** The defaults for members that an event leaves out, and the grouping. */
export interface EventDefaults {
  /** The tracker's time. No event is received later. */
  readonly receivedAt: Instant;
  /** Creates an id for an event without one. */
  readonly newId: () => string;
  readonly grouping: Grouper;
  /** What cleans events of secrets. Default: nothing. */
  readonly scrubber?: Scrubber | undefined;
}

const TEXT = withDefault(text(0, MAX_EVENT_TEXT_LENGTH), "");
const ORIGIN = withDefault(text(0, MAX_ORIGIN_LENGTH), "");
const NO_FINGERPRINT: readonly string[] = [];
const NO_FRAMES: readonly CheckedFrame[] = [];
/** What to give instead of members that other libraries have. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map([
  ["message", `"value"`],
  ["name", `"type"`],
  ["error", "...eventFromError(error)"],
  ["exception", "...eventFromError(error)"],
  ["stack", "...eventFromError(error)"],
  ["timestamp", `"occurredAt"`],
]);
/** An event, for messages. */
export const EVENT_EXAMPLE = `{ projectId: "shop", type: "TypeError", value: "x is undefined" }`;

const newEvent = object(
  {
    projectId: text(1, MAX_PROJECT_ID_LENGTH),
    id: optional(text(1, MAX_EVENT_ID_LENGTH)),
    type: TEXT,
    value: TEXT,
    transaction: TEXT,
    platform: ORIGIN,
    mechanism: ORIGIN,
    frames: withDefault(requireFrames, NO_FRAMES),
    fingerprint: withDefault(
      arrayOf(text(0, MAX_EVENT_TEXT_LENGTH), 0, MAX_FINGERPRINT_PARTS, `{ fingerprint: ["checkout"] }`),
      NO_FINGERPRINT,
    ),
    release: withDefault(text(0, MAX_RELEASE_LENGTH), ""),
    level: withDefault(oneOf(EVENT_LEVELS), DEFAULT_EVENT_LEVEL),
    count: withDefault(integer(1, MAX_EVENT_COUNT), 1),
    userId: optional(text(1, MAX_USER_ID_LENGTH)),
    environment: withDefault(environmentInput, ""),
    occurredAt: optional(requireInstant),
    receivedAt: optional(requireInstant),
    data: optional(requireJson),
  } satisfies Record<keyof NewEvent, Shape<unknown>>,
  EVENT_EXAMPLE,
  REPLACEMENTS,
);

/** An event whose members were checked, each by itself. */
export type GivenEvent = ValueOf<typeof newEvent>;

/**
 * Checks the members of an event.
 *
 * @param field - its name in an error
 * @param value - a {@link NewEvent}, unchecked
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function readEvent(field: string, value: unknown): GivenEvent {
  const event = newEvent(field, value);
  requireFingerprintLength(`${field}.fingerprint`, event);
  return event;
}

/** {@link DEFAULT_GROUP} counts as the texts of the event, because a grouping key may repeat them for it. */
export function requireFingerprintLength(field: string, { type, value, transaction, fingerprint }: GivenEvent): void {
  const defaultLength = type.length + value.length + transaction.length;
  let length = 0;
  for (const part of fingerprint) length += part === DEFAULT_GROUP ? defaultLength : part.length;
  if (length > MAX_FINGERPRINT_LENGTH) {
    throw invalidInput(field, fingerprint, `parts of at most ${String(MAX_FINGERPRINT_LENGTH)} characters together`);
  }
}

function requireJson(field: string, value: unknown): string {
  const json = tryStringify(value);
  if (json === undefined) throw invalidInput(field, value, "a JSON value");
  if (json.length > MAX_EVENT_TEXT_LENGTH) {
    throw invalidInput(field, json, `at most ${String(MAX_EVENT_TEXT_LENGTH)} characters when written as JSON`);
  }
  return json;
}

/** The value as JSON; `undefined` if it has none, such as a function, a BigInt or a circular structure. */
function tryStringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** What `JSON.parse` has returned is a JSON value: only the type has to be narrowed. */
export const anyJson: Shape<JsonValue> = (field, value) => {
  if (isJsonValue(value)) return value;
  throw invalidInput(field, value, "a JSON value");
};

function isJsonValue(value: unknown): value is JsonValue {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol" && typeof value !== "bigint";
}
