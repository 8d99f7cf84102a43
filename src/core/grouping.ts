import { invalidInput, requireObject, requireText } from "./input.ts";
import { firstLine, shorten } from "./text.ts";

/** What a grouping may look at. */
export interface GroupingInput {
  /** The class of the error, or `""` for a log message. */
  readonly type: string;
  /** What the error or log message says, or `""`. */
  readonly value: string;
  /** What was being done, such as a route; or `""`. */
  readonly transaction: string;
  /** The client's own idea of the group; empty for none. */
  readonly fingerprint: readonly string[];
}

/** Which issue an event belongs to, and what to call it. */
export interface Grouping {
  /** Events with the same key belong to the same issue. Stored whole, never shortened. */
  readonly key: string;
  /** One line for people: a longer text is cut at its first line end, and shortened to {@link MAX_TITLE_LENGTH}. */
  readonly title: string;
}

/**
 * How events are grouped. The version is stored beside each key, and keys of different versions are never compared, so
 * that a better grouping can follow: give it a version of its own.
 */
export interface GroupingStrategy {
  /** The name of this strategy and its version, such as `title/1`: 1 to 40 characters. */
  readonly version: string;
  /** Decides one event's group. Must be pure: the same input has the same group, in every process. */
  group(input: GroupingInput): Grouping;
}

/** The longest title of an issue, in UTF-16 code units; a longer one ends in "…". */
export const MAX_TITLE_LENGTH = 1_200;

const MAX_TYPE_IN_TITLE = 128;
const MAX_VALUE_IN_TITLE = 1_024;
/** In a fingerprint: what the default grouping would take without one. */
export const DEFAULT_GROUP = "{{ default }}";
const LOG_MESSAGE = "Log Message";
const SEPARATOR = " ⋄ ";

/**
 * The default grouping: by title and transaction, or by the fingerprint, in which `{{ default }}` stands for the two.
 *
 * The key is made of the whole texts, so that long messages that differ only at their end stay apart; the title shortens
 * them. A "⋄" inside a text is doubled, so that no text can pass for two parts of a fingerprint.
 */
export const titleGrouping: GroupingStrategy = {
  version: "title/1",
  group(input) {
    return { key: keyOf(input), title: titleOf(input.type, input.value) };
  },
};

/**
 * An error in one line: the first lines of its type and of its value, `TypeError: x is undefined`; only the type where the
 * value is empty. A log message is its first line.
 */
export function titleOf(type: string, value: string): string {
  const line = shorten(firstLine(value), MAX_VALUE_IN_TITLE);
  if (type === "" || type === LOG_MESSAGE) return line === "" ? "<no log message>" : line;
  const shortType = shorten(firstLine(type), MAX_TYPE_IN_TITLE);
  return value === "" ? shortType : `${shortType}: ${line}`;
}

function keyOf({ type, value, transaction, fingerprint }: GroupingInput): string {
  const defaultKey = [wholeTitle(type, value), transaction === "" ? "<no transaction>" : transaction]
    .map(asPart)
    .join(SEPARATOR);
  if (fingerprint.length === 0) return defaultKey;
  return fingerprint.map((part) => (part === DEFAULT_GROUP ? defaultKey : asPart(part))).join(SEPARATOR);
}

function wholeTitle(type: string, value: string): string {
  const line = firstLine(value);
  if (type === "" || type === LOG_MESSAGE) return `${LOG_MESSAGE}: ${line === "" ? "<no log message>" : line}`;
  return value === "" ? type : `${type}: ${line}`;
}

function asPart(text: string): string {
  return text.replaceAll("⋄", "⋄⋄");
}

/**
 * Checks a strategy given by a host.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function requireGroupingStrategy(value: unknown): asserts value is GroupingStrategy {
  const given = requireObject("grouping", value);
  requireText("grouping.version", given["version"], 1, 40);
  if (typeof given["group"] !== "function") throw invalidInput("grouping.group", given["group"], "a function");
}

/**
 * Checks what a strategy answered, which may be a host's own.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function requireGrouping(value: unknown): Grouping {
  const given = requireObject("grouping.group()", value);
  const key = requireText("grouping.group().key", given["key"], 0, Number.MAX_SAFE_INTEGER);
  const title = requireText("grouping.group().title", given["title"], 0, Number.MAX_SAFE_INTEGER);
  return { key, title: shorten(firstLine(title), MAX_TITLE_LENGTH) };
}
