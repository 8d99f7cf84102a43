import { EVENT_LEVELS } from "../core/event-level.ts";
import { parseEvent, type NewEvent } from "../core/event.ts";
import type { GroupingStrategy } from "../core/grouping.ts";
import { invalidInput, requireObject } from "../core/input.ts";
import { requireContext, type CheckedContext, type SentryContext } from "./context.ts";
import { readEventId } from "./event-id.ts";
import { readFingerprint } from "./fingerprint.ts";
import type { JsonObject } from "./json-object.ts";
import { fitsInJson } from "./plain-json.ts";
import { orRefuse } from "./refusal.ts";
import { readTimestamp } from "./timestamp.ts";
import { whatHappened } from "./what-happened.ts";

/**
 * Reads one event that a Sentry SDK sent, of any language. What comes out, `digest` accepts.
 *
 * | of the event | is made of the payload's |
 * | --- | --- |
 * | `id` | `event_id`: 32 hexadecimal digits, dashes and case aside. Another form is refused; without one, none |
 * | `type`, `value` | last exception of `exception` (`{ values }`, a list, or one exception), else the log message |
 * | `type`, if synthetic | function of the newest in-app frame that says its own, else of any frame; or `<unknown>` |
 * | `value`, of a log message | `logentry` or `message`: a text, or an object with `message` or `formatted` |
 * | `transaction`, `release` | members of these names, if they are texts |
 * | `fingerprint` | `fingerprint`: a list, or one part |
 * | `level` | `level`, if it is one of `EVENT_LEVELS` |
 * | `occurredAt` | `timestamp`: seconds or RFC 3339, UTC without a zone; ignored if unreadable or no instant |
 * | `data` | whole, the same object; none if it is circular, nested too deep or longer than `MAX_EVENT_TEXT_LENGTH` |
 *
 * Where the SDK should have sent a text and did not, numbers and booleans are written as JavaScript does and anything
 * else as JSON. In types, values and messages `null`, `false`, `0` and what is empty count as not there. A type that is
 * not there is `Error`; an exception that says nothing at all is `<unknown>`. An exception without a type that is
 * synthetic, or says just what the log message says, is the stack trace of that log message.
 *
 * Nothing that identifies is shortened: what is longer than an event allows is refused.
 *
 * @param payload - the event, parsed from JSON
 * @param context - see {@link SentryContext}
 * @throws `IssueLifecycleError` `invalid-input`, and nothing else, whatever it is given: for a payload that is no
 *   object, or is a transaction or another thing that is no error, an id of another form, and texts that are too long
 */
export function readSentryEvent(payload: unknown, context: SentryContext): NewEvent {
  return orRefuse("payload", () => readEvent("payload", payload, requireContext(context)));
}

/**
 * As {@link readSentryEvent}, for a part of something larger.
 *
 * @param field - what to call the payload in an error
 * @param spareId - the id that stands in where the payload has none
 */
export function readEvent(field: string, payload: unknown, context: CheckedContext, spareId?: unknown): NewEvent {
  const given = requireObject(field, payload);
  requireError(`${field}.type`, given["type"]);
  const event = composeEvent(field, given, context, spareId);
  // The rules for what an event may hold are the core's. No need to group it for that, and `data` is left out.
  parseEvent(event, field, { receivedAt: 0, newId: () => "new", grouping: UNGROUPED });
  return context.keepPayload && fitsInJson(given) ? { ...event, data: given } : event;
}

const UNGROUPED: GroupingStrategy = { version: "none", group: () => ({ key: "", title: "" }) };

/** What SDKs send in the form of an event, and what would open an issue without a word in it. */
const NO_ERRORS: ReadonlySet<unknown> = new Set(["transaction", "profile", "replay_event", "feedback", "check_in"]);

function requireError(field: string, type: unknown): void {
  if (NO_ERRORS.has(type)) throw invalidInput(field, type, "an error or a log message");
}

type Draft = { -readonly [Member in keyof NewEvent]: NewEvent[Member] };

function composeEvent(field: string, payload: JsonObject, context: CheckedContext, spareId: unknown): NewEvent {
  const event: Draft = { projectId: context.projectId };
  const id = readEventId(`${field}.event_id`, payload["event_id"]) ?? readEventId("envelope.header.event_id", spareId);
  if (id !== undefined) event.id = id;
  const { type, value } = whatHappened(payload, field);
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
