import { MAX_ORIGIN_LENGTH, type NewEvent } from "../core/event.ts";
import { parseEvent } from "../core/parse-event.ts";
import type { Grouper } from "../core/grouping.ts";
import { invalidInput, requireObject } from "../core/input.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";
import { NO_LOG_MESSAGE } from "../core/title.ts";
import { cspReportOf, readCspViolation, type CspViolation } from "./csp-violation.ts";
import { readContent } from "./event-content.ts";
import { readSafely, requireContext, type CheckedContext, type SentryContext } from "./input.ts";
import { fitsInJson } from "./json-limits.ts";
import { entriesOf, memberOf, stringOf, type JsonObject } from "./json-values.ts";
import { readLevel } from "./level.ts";
import { framesOf, readFrames } from "./stack-frames.ts";
import { readAge, readTimestamp } from "./timestamp.ts";

/**
 * Reads one event of a Sentry SDK, of any language, as an event for `digest`.
 *
 * | member of the event | source in the payload |
 * | --- | --- |
 * | `id` | `event_id`: 32 hexadecimal digits, with or without dashes; any other value is refused |
 * | `type`, `value` | last exception of `exception` (`{ values }`, an array, or one exception), else the log message |
 * | `type` of a native crash | function of the newest in-app frame that says where, else of any frame; else the exception's own type and value, else its signal |
 * | `value` of a log message | `logentry` or `message`: a string, or an object with `message` or `formatted` |
 * | `type`, `value` of a CSP report | `CSPViolation`, directive and blocked origin, which are its fingerprint too |
 * | `transaction`, `release`, `environment`, `platform` | the same, if they are strings |
 * | `userId` | `user.id`, else `user.username`, `user.email` or `user.ip_address`: the first that is a number or a text that is not empty, other than `{{auto}}`; left out if it is longer than `MAX_USER_ID_LENGTH` |
 * | `mechanism` | `mechanism.type` of the last exception |
 * | `frames` | in-app frames of the last exception, else of the event, else of its only thread; all frames if the client says of none whether it is in-app |
 * | `fingerprint` | `checksum`: a string or number; else `fingerprint`: an array, or one part |
 * | `level` | `level`: a word in any case, also `critical`, `warn`, `log` and `trace`, or a number of Python's `logging` |
 * | `occurredAt` | `timestamp`: seconds or RFC 3339, UTC without a zone; left out if it cannot be read |
 * | `data` | the payload itself; left out if it is circular, nested too deep or longer than `MAX_EVENT_TEXT_LENGTH` |
 *
 * Where a string is expected, numbers and booleans are converted as JavaScript does, other values as JSON. In types, values and
 * messages `null`, `false`, `0` and empty values count as missing. A missing type is `Error`; that of an empty exception is
 * `<unknown>`. An exception without a type that is synthetic, or whose value equals the log message, is the stack trace of that log
 * message. A payload without an exception, a message and a fingerprint has the value `<no log message>`.
 *
 * A *native crash* is a synthetic exception, which an SDK made up to carry a stack trace, of a platform whose language has no
 * errors of its own, such as `native` or `cocoa`, or of none. Frames of stripped code, and those through which every crash passes,
 * such as `abort`, do not say where it was.
 *
 * Nothing that identifies an event or issue is shortened: what is longer than `digest` allows is refused. A `platform` or `mechanism`
 * that is too long is left out; of the frames the newest `MAX_FRAMES` are read, and their texts are shortened.
 *
 * @param payload - the event, parsed from JSON; or the report of a browser about a violated Content Security Policy
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

const NO_GROUPING: Grouper = { version: "none", group: () => ({ key: "", title: "", formerKeys: [] }) };

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
  const violation = readViolation(payload);
  const { type, value } = violation?.content ?? readContent(payload, field);
  const requested = readFingerprint(field, payload);
  const fingerprint = requested.length > 0 ? requested : (violation?.fingerprint ?? []);
  if (type !== "") event.type = type;
  if (value !== "") event.value = value;
  // Digest refuses an event that says nothing at all, and nothing that a client reports should be lost.
  else if (type === "" && fingerprint.length === 0) event.value = NO_LOG_MESSAGE;
  if (fingerprint.length > 0) event.fingerprint = fingerprint;
  const level = readLevel(payload["level"]);
  if (level !== undefined) event.level = level;
  addOrigin(event, payload);
  const occurredAt = readTimestamp(payload["timestamp"]) ?? readAge(payload, context.receivedAt);
  if (occurredAt !== undefined) event.occurredAt = occurredAt;
  if (context.receivedAt !== undefined) event.receivedAt = context.receivedAt;
  return event;
}

/** Adds where an event comes from: the operation, the release, the environment, the user, the platform, how it was caught, and the frames. */
function addOrigin(event: Draft, payload: JsonObject): void {
  const { transaction, release, environment, platform } = payload;
  if (typeof transaction === "string") event.transaction = transaction;
  if (typeof release === "string") event.release = release;
  if (typeof environment === "string") event.environment = environment;
  const userId = readUserId(payload["user"]);
  if (userId !== undefined) event.userId = userId;
  if (isOrigin(platform)) event.platform = platform;
  const mechanism = memberOf(memberOf(entriesOf(payload["exception"])?.at(-1), "mechanism"), "type");
  if (isOrigin(mechanism)) event.mechanism = mechanism;
  const frames = readFrames(framesOf(payload));
  if (frames.length > 0) event.frames = frames;
}

/** The members by which SDKs say who the user is, the best first. */
const USER_MEMBERS = ["id", "username", "email", "ip_address"];

/** Who the user is; `undefined` if the payload does not say, or leaves it to the server to find out. */
function readUserId(user: unknown): string | undefined {
  for (const name of USER_MEMBERS) {
    const given = memberOf(user, name);
    const id = typeof given === "number" ? String(given) : given;
    if (typeof id !== "string" || id === "" || id === "{{auto}}") continue;
    return id.length <= MAX_USER_ID_LENGTH ? id : undefined;
  }
  return undefined;
}

function isOrigin(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_ORIGIN_LENGTH;
}

/** A violation of a Content Security Policy, if the payload reports one and no exception. */
function readViolation(payload: JsonObject): CspViolation | undefined {
  if (entriesOf(payload["exception"]) !== undefined) return undefined;
  const report = cspReportOf(payload);
  return report === undefined ? undefined : readCspViolation(report);
}

const EVENT_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/iu;

/** The id as 32 lower-case digits, so that a second attempt of an SDK is a duplicate. `undefined`, `null` and `""` mean none. */
function readEventId(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" && EVENT_ID.test(value)) return value.replaceAll("-", "").toLowerCase();
  throw invalidInput(field, value, "32 hexadecimal digits, with or without the dashes of a UUID");
}

/**
 * The parts of a fingerprint as strings. A checksum is the whole fingerprint. `undefined`, `null`, `""` and `[]` mean none; another
 * value is one part.
 */
function readFingerprint(field: string, { checksum, fingerprint }: JsonObject): readonly string[] {
  if (typeof checksum === "number" || (typeof checksum === "string" && checksum !== "")) return [String(checksum)];
  if (fingerprint === undefined || fingerprint === null || fingerprint === "") return [];
  if (!Array.isArray(fingerprint)) return [stringOf(`${field}.fingerprint`, fingerprint)];
  const parts: readonly unknown[] = fingerprint;
  return parts.map((part, index) => stringOf(`${field}.fingerprint[${String(index)}]`, part));
}
