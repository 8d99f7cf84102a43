import { isNameless } from "./function-names.ts";
import { asObject, entriesOf, memberOf, stringOrEmpty, type JsonObject } from "./json-values.ts";
import { readSignal } from "./signal.ts";
import { crashedFunction, framesOf } from "./stack-frames.ts";

/** What an event reports: an error or a log message. */
export interface EventContent {
  /** The class of the error; `""` for a log message. */
  readonly type: string;
  /** The message of the error, or the log message; may be `""`. */
  readonly value: string;
}

const UNKNOWN = "<unknown>";
const UNTYPED = "Error";

/**
 * Reads the error or log message of a payload: the last exception of its chain, which is the outermost one, or else its log
 * message.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a type, value or message that cannot be a string
 */
export function readContent(payload: JsonObject, field: string): EventContent {
  const exceptions = entriesOf(payload["exception"]);
  if (exceptions === undefined) return { type: "", value: readLogMessage(payload, field) };
  const exception = asObject(exceptions.at(-1));
  if (exception === undefined) return { type: UNKNOWN, value: "" };
  const content = {
    type: stringOrEmpty(`${field}.exception.type`, exception["type"]),
    value: stringOrEmpty(`${field}.exception.value`, exception["value"]),
  };
  const isSynthetic = Boolean(memberOf(exception["mechanism"], "synthetic"));
  if (content.type === "") {
    // JavaScript SDKs send the stack trace of a log message as such an exception. Grouped by the function that logs, all messages
    // of one function would become one issue.
    const message = readLogMessage(payload, field);
    if (message !== "" && (isSynthetic || trim(content.value) === message)) return { type: "", value: message };
  }
  if (isSynthetic && !saysWhatHappened(payload, content)) return readCrash(payload, exception, content);
  return { type: content.type || UNTYPED, value: content.value };
}

/**
 * Platforms of languages that throw errors. Their SDKs mark an exception as synthetic if they had to make it of something else,
 * such as a thrown string: it says what happened, and the function where it was caught does not.
 */
const PLATFORMS_WITH_ERRORS: ReadonlySet<unknown> = new Set([
  ...["javascript", "node", "bun", "deno", "as3"],
  ...["cfml", "csharp", "dart", "elixir", "go", "groovy", "haskell", "java", "perl", "php", "python", "ruby"],
]);

function saysWhatHappened(payload: JsonObject, { type, value }: EventContent): boolean {
  return PLATFORMS_WITH_ERRORS.has(payload["platform"]) && (type !== "" || value !== "");
}

/**
 * Reads a native crash, of which a synthetic exception carries the stack trace. Its type is the function in which the program
 * crashed: there are only some signals. Without such a function it is the exception's own type and value, or else its signal.
 */
function readCrash(payload: JsonObject, exception: JsonObject, { type, value }: EventContent): EventContent {
  const crashed = crashedFunction(framesOf(payload));
  if (crashed !== undefined) return { type: crashed, value: "" };
  if (!isNameless(type)) return { type, value };
  const signal = readSignal(exception["mechanism"]);
  if (signal !== undefined) return { type: signal.type, value: value || signal.value };
  // Without a platform the value alone says too little: it may be an address.
  const isNamed = typeof payload["platform"] === "string" && value !== "";
  return isNamed ? { type: UNTYPED, value } : { type: UNKNOWN, value: "" };
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
