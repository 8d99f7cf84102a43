import { EVENT_LEVELS } from "../core/event-level.ts";
import { parseEvent, type NewEvent } from "../core/event.ts";
import type { GroupingStrategy } from "../core/grouping.ts";
import { invalidInput, requireObject } from "../core/input.ts";
import { readContent } from "./event-content.ts";
import { readSafely, requireContext, type CheckedContext, type SentryContext } from "./input.ts";
import { fitsInJson } from "./json-limits.ts";
import { stringOf, type JsonObject } from "./json-values.ts";
import { readTimestamp } from "./timestamp.ts";

/**
 * Reads one event of a Sentry SDK, of any language, as an event for `digest`.
 *
 * | member of the event | source in the payload |
 * | --- | --- |
 * | `id` | `event_id`: 32 hexadecimal digits, with or without dashes; any other value is refused |
 * | `type`, `value` | last exception of `exception` (`{ values }`, an array, or one exception), else the log message |
 * | `type`, if synthetic | function of the newest in-app frame that names one, else of any frame, else `<unknown>` |
 * | `value`, of a log message | `logentry` or `message`: a string, or an object with `message` or `formatted` |
 * | `transaction`, `release` | the same, if they are strings |
 * | `fingerprint` | `fingerprint`: an array, or one part |
 * | `level` | `level`, if it is one of `EVENT_LEVELS` |
 * | `occurredAt` | `timestamp`: seconds or RFC 3339, UTC without a zone; left out if it cannot be read |
 * | `data` | the payload itself; left out if it is circular, nested too deep or longer than `MAX_EVENT_TEXT_LENGTH` |
 *
 * Where a string is expected, numbers and booleans are converted as JavaScript does, other values as JSON. In types, values and
 * messages `null`, `false`, `0` and empty values count as missing. A missing type is `Error`; that of an empty exception is
 * `<unknown>`. An exception without a type that is synthetic, or whose value equals the log message, is the stack trace of that log
 * message.
 *
 * Nothing that identifies an event or issue is shortened: what is longer than `digest` allows is refused.
 *
 * @param payload - the event, parsed from JSON
 * @throws `IssueLifecycleError` `invalid-input`, and nothing else, whatever it is given: for a payload that is not an object or
 *   is not an error (a transaction), for an id of another form, and for texts that are too long
 */
export function readSentryEvent(payload: unknown, context: SentryContext): NewEvent {
  return readSafely("payload", () => readEvent("payload", payload, requireContext(context)));
}

/**
 * Reads one event, as {@link readSentryEvent} does.
 *
 * @param field - names the payload in an error
 * @param fallbackId - the `event_id` to use if the payload has none
 */
export function readEvent(field: string, payload: unknown, context: CheckedContext, fallbackId?: unknown): NewEvent {
  const members = requireObject(field, payload);
  refuseOtherTypes(`${field}.type`, members["type"]);
  const event = composeEvent(field, members, context, fallbackId);
  // Refuses what digest would refuse. `data` is left out, and the event is not grouped, as neither is needed here.
  parseEvent(event, field, { receivedAt: 0, newId: () => "new", grouping: NO_GROUPING });
  return context.keepPayload && fitsInJson(members) ? { ...event, data: members } : event;
}

const NO_GROUPING: GroupingStrategy = { version: "none", group: () => ({ key: "", title: "" }) };

/** Types of payloads that SDKs send as events, but that contain no error: each would open an issue without a text. */
const OTHER_TYPES: ReadonlySet<unknown> = new Set(["transaction", "profile", "replay_event", "feedback", "check_in"]);

function refuseOtherTypes(field: string, type: unknown): void {
  if (OTHER_TYPES.has(type)) throw invalidInput(field, type, "an error or a log message");
}

type Draft = { -readonly [Member in keyof NewEvent]: NewEvent[Member] };

function composeEvent(field: string, payload: JsonObject, context: CheckedContext, fallbackId: unknown): NewEvent {
  const event: Draft = { projectId: context.projectId };
  const id =
    readEventId(`${field}.event_id`, payload["event_id"]) ?? readEventId("envelope.header.event_id", fallbackId);
  if (id !== undefined) event.id = id;
  const { type, value } = readContent(payload, field);
  if (type !== "") event.type = type;
  if (value !== "") event.value = value;
  const { transaction, release } = payload;
  if (typeof transaction === "string") event.transaction = transaction;
  if (typeof release === "string") event.release = release;
  const fingerprint = readFingerprint(`${field}.fingerprint`, payload["fingerprint"]);
  if (fingerprint.length > 0) event.fingerprint = fingerprint;
  const level = EVENT_LEVELS.find((each) => each === payload["level"]);
  if (level !== undefined) event.level = level;
  const occurredAt = readTimestamp(payload["timestamp"]);
  if (occurredAt !== undefined) event.occurredAt = occurredAt;
  if (context.receivedAt !== undefined) event.receivedAt = context.receivedAt;
  return event;
}

const EVENT_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/iu;

/** The id as 32 lower-case digits, so that a second attempt of an SDK is a duplicate. `undefined`, `null` and `""` mean none. */
function readEventId(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" && EVENT_ID.test(value)) return value.replaceAll("-", "").toLowerCase();
  throw invalidInput(field, value, "32 hexadecimal digits, with or without the dashes of a UUID");
}

/** The parts of a fingerprint as strings. `undefined`, `null`, `""` and `[]` mean none; another value is one part. */
function readFingerprint(field: string, value: unknown): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  if (!Array.isArray(value)) return [stringOf(field, value)];
  const parts: readonly unknown[] = value;
  return parts.map((part, index) => stringOf(`${field}[${String(index)}]`, part));
}
