import { callback, looseObject, text, type Shape } from "./shape.ts";
import { firstLine, shorten } from "./text.ts";

/** The members of an event that a grouping strategy reads. */
export interface GroupingInput {
  /** The class of the error, or `""` for a log message. */
  readonly type: string;
  /** The error's or log message's text, or `""`. */
  readonly value: string;
  /** The operation in which it occurred, such as a route; or `""`. */
  readonly transaction: string;
  /** The group that the client requests; empty for none. */
  readonly fingerprint: readonly string[];
}

/** The group of an event. */
export interface Grouping {
  /** The grouping key: events with the same key belong to the same issue. Stored in full, never shortened. */
  readonly key: string;
  /** The title. Only its first line is used, shortened to {@link MAX_TITLE_LENGTH}. */
  readonly title: string;
}

/**
 * Decides which events belong to the same issue. The version is stored with each key, and keys of different versions are
 * never compared: a strategy that groups differently needs another version.
 */
export interface GroupingStrategy {
  /** The strategy's name and version, such as `title/1`: 1 to 40 characters. */
  readonly version: string;
  /** Returns an event's group. MUST be pure: the same input has the same group, in every process. */
  group(input: GroupingInput): Grouping;
}

/** The longest title of an issue, in UTF-16 code units; a longer one is shortened and ends in "…". */
export const MAX_TITLE_LENGTH = 1_200;

const MAX_TYPE_IN_TITLE = 128;
const MAX_VALUE_IN_TITLE = 1_024;
/** The part of a fingerprint that stands for the default grouping key. */
export const DEFAULT_GROUP = "{{ default }}";
const LOG_MESSAGE = "Log Message";
const SEPARATOR = " ⋄ ";

/**
 * The default grouping: by title and transaction, or by the fingerprint, in which `{{ default }}` stands for the two.
 *
 * The key has the full texts, so that long messages that differ only at their end are different issues; the title is
 * shortened. A "⋄" inside a text is doubled, so that one text cannot equal two parts of a fingerprint.
 */
export const titleGrouping: GroupingStrategy = {
  version: "title/1",
  group(input) {
    return { key: keyOf(input), title: titleOf(input.type, input.value) };
  },
};

/**
 * The title of an error: the first lines of its type and of its value, `TypeError: x is undefined`; only the type if the
 * value is empty. The title of a log message is its first line.
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
 * Checks a grouping strategy. It may be an object of a class, so it may have other members.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function requireGroupingStrategy(value: unknown): asserts value is GroupingStrategy {
  groupingStrategy("grouping", value);
}

const groupingStrategy = looseObject({ version: text(1, 40), group: callback() } satisfies Record<
  keyof GroupingStrategy,
  Shape<unknown>
>);

/**
 * Checks what a strategy returned.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function requireGrouping(value: unknown): Grouping {
  const { key, title } = grouping("grouping.group()", value);
  return { key, title: shorten(firstLine(title), MAX_TITLE_LENGTH) };
}

const grouping = looseObject<Grouping>({
  key: text(0, Number.MAX_SAFE_INTEGER),
  title: text(0, Number.MAX_SAFE_INTEGER),
});
