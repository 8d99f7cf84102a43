import { asObject, entriesOf, memberOf, stringOrEmpty, type JsonObject } from "./json-values.ts";

/** What an event reports: an error or a log message. */
export interface EventContent {
  /** The class of the error; `""` for a log message. */
  readonly type: string;
  /** The message of the error, or the log message; may be `""`. */
  readonly value: string;
}

const UNKNOWN = "<unknown>";

/**
 * Reads the error or log message of a payload: the last exception of its chain, which is the outermost one, or else its log
 * message.
 *
 * A *synthetic* exception is one that an SDK made up to carry a stack trace. Its type is the function in which the program
 * crashed.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a type, value or message that cannot be a string
 */
export function readContent(payload: JsonObject, field: string): EventContent {
  const exceptions = entriesOf(payload["exception"]);
  if (exceptions === undefined) return { type: "", value: readLogMessage(payload, field) };
  const exception = asObject(exceptions.at(-1));
  if (exception === undefined) return { type: UNKNOWN, value: "" };
  const type = stringOrEmpty(`${field}.exception.type`, exception["type"]);
  const value = stringOrEmpty(`${field}.exception.value`, exception["value"]);
  const isSynthetic = Boolean(memberOf(exception["mechanism"], "synthetic"));
  if (type === "") {
    // JavaScript SDKs send the stack trace of a log message as such an exception. Grouped by the function that logs, all messages
    // of one function would become one issue.
    const message = readLogMessage(payload, field);
    if (message !== "" && (isSynthetic || trim(value) === message)) return { type: "", value: message };
  }
  if (isSynthetic) return { type: crashedFunction(payload, exception) ?? UNKNOWN, value: "" };
  return { type: type || "Error", value };
}

/**
 * The log message of a payload, trimmed; `""` if there is none.
 *
 * Reads `logentry`, or else `message`. Each may be a string or an object; of an object the template (`message`) is preferred to
 * the formatted text (`formatted`), so that messages that differ only in their parameters belong to one issue.
 */
function readLogMessage(payload: JsonObject, field: string): string {
  return messageOf(`${field}.logentry`, payload["logentry"]) || messageOf(`${field}.message`, payload["message"]);
}

function messageOf(field: string, entry: unknown): string {
  const parts = asObject(entry);
  if (parts === undefined) return trim(stringOrEmpty(field, entry));
  const template = trim(stringOrEmpty(`${field}.message`, parts["message"]));
  return template || trim(stringOrEmpty(`${field}.formatted`, parts["formatted"]));
}

/** Whitespace by Unicode and by Python, whose SDKs trim with `str.strip()`. */
const WHITESPACE = /[\s\u001c-\u001f\u0085]/u;

/** Trims character by character: a pattern would take quadratic time for a megabyte of spaces. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITESPACE.test(text.charAt(start))) start += 1;
  while (end > start && WHITESPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** The names that SDKs send for functions without a known name. */
const NAMELESS: ReadonlySet<string> = new Set(["", "<unknown>", "<redacted>", "?"]);

/**
 * The function in which the program crashed: that of the newest in-app frame with a function name, or else of the newest frame with
 * one. The frames are the exception's, or else the event's, or else those of the event's only thread.
 */
function crashedFunction(payload: JsonObject, exception: JsonObject): string | undefined {
  const frames = framesOf(exception) ?? framesOf(payload) ?? framesOfOnlyThread(payload) ?? [];
  const named = frames.filter((frame) => functionOf(frame) !== undefined);
  return functionOf(named.findLast((frame) => Boolean(memberOf(frame, "in_app"))) ?? named.at(-1));
}

function functionOf(frame: unknown): string | undefined {
  const name = memberOf(frame, "function");
  return typeof name === "string" && !NAMELESS.has(name) ? name : undefined;
}

/** The frames of a stack trace, from the oldest call to the newest. */
function framesOf(holder: unknown): readonly unknown[] | undefined {
  const frames = memberOf(memberOf(holder, "stacktrace"), "frames");
  return Array.isArray(frames) && frames.length > 0 ? frames : undefined;
}

function framesOfOnlyThread(payload: JsonObject): readonly unknown[] | undefined {
  const threads = entriesOf(payload["threads"]);
  return threads?.length === 1 ? framesOf(threads[0]) : undefined;
}
