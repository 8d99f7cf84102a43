import type { EventLevel } from "./event-level.ts";
import { invalidInput } from "./input.ts";
import { anyText, arrayOf, callback, looseObject, text, withDefault, type Shape } from "./shape.ts";
import type { CheckedFrame } from "./stack-frame.ts";
import { firstLine, shorten } from "./text.ts";

/** The members of an event that a grouping strategy reads. What the event leaves out is `""`, or an empty array. */
export interface GroupingInput {
  /** The class of the error, or `""` for a log message. */
  readonly type: string;
  /** The error's or log message's text. */
  readonly value: string;
  /** The operation in which it occurred, such as a route. */
  readonly transaction: string;
  /** The platform of the client, such as `javascript`. */
  readonly platform: string;
  /** How the error was caught, such as `onerror`. */
  readonly mechanism: string;
  readonly level: EventLevel;
  /** The in-app frames of the stack trace, the oldest call first. */
  readonly frames: readonly CheckedFrame[];
  /** The group that the client requests. */
  readonly fingerprint: readonly string[];
}

/** The group of an event. */
export interface Grouping {
  /**
   * The grouping key: events with the same key belong to the same issue. Never shortened, and at most {@link MAX_GROUPING_KEY_LENGTH}
   * characters.
   */
  readonly key: string;
  /** The title. Only its first line is used, shortened to {@link MAX_TITLE_LENGTH}. */
  readonly title: string;
}

/**
 * Decides which events belong to the same issue. The version is stored with each key, and keys of different versions are
 * never compared: a strategy that groups differently needs another version.
 */
export interface GroupingStrategy {
  /** The strategy's name and version, such as `title/2`: 1 to 40 characters. */
  readonly version: string;
  /** Returns an event's group. MUST be pure: the same input has the same group, in every process. */
  group(input: GroupingInput): Grouping;
  /**
   * The strategies whose issues this one takes over, the latest first; those that they replace follow them. An event whose key
   * by one of them has an issue belongs to that issue, and from then on its new key leads there too, unless it has an issue
   * already. Default: none.
   */
  readonly replaces?: readonly GroupingStrategy[];
}

/**
 * The longest grouping key, in UTF-16 code units. A longer one is refused. The strategies of this library make none that is longer of
 * any event within its limits.
 */
export const MAX_GROUPING_KEY_LENGTH = 67_108_864;
/** The longest title of an issue, in UTF-16 code units; a longer one is shortened and ends in "…". */
export const MAX_TITLE_LENGTH = 1_200;
/** The part of a fingerprint that stands for the default grouping key. */
export const DEFAULT_GROUP = "{{ default }}";
/** The most strategies that one may replace, those that they replace included. */
const MAX_REPLACED = 10;

/** A grouping key with the version of the strategy that made it. */
export interface StrategyKey {
  readonly strategy: string;
  readonly key: string;
}

/** The group of an event, with its keys by former strategies. */
export interface EventGroup extends Grouping {
  readonly formerKeys: readonly StrategyKey[];
}

/** A strategy that was checked, with those that it replaces. */
export interface Grouper {
  /** The strategy's version. */
  readonly version: string;
  /**
   * Returns an event's group, by the strategy and by those that it replaces.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` if a strategy returns anything else
   */
  group(input: GroupingInput): EventGroup;
}

/**
 * Checks a grouping strategy and those that it replaces. They may be objects of a class, so they may have other members.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function requireGrouper(field: string, value: unknown): Grouper {
  const [strategy, ...replaced] = strategiesOf(field, value);
  if (strategy === undefined) throw invalidInput(field, value, "a grouping strategy");
  const { version } = strategy;
  return {
    version,
    group: remembering((input) => {
      const { key, title } = strategy.group(input);
      return {
        key,
        title: shorten(firstLine(title), MAX_TITLE_LENGTH),
        formerKeys: replaced.map((former) => ({ strategy: former.version, key: former.group(input).key })),
      };
    }),
  };
}

/** The most groups that are remembered, and the longest texts of an event whose group is. */
const MAX_REMEMBERED = 1_000;
const MAX_REMEMBERED_LENGTH = 500;

/**
 * Remembers the groups of short texts: most events repeat those of an event before, and a strategy is pure. A batch of known issues
 * takes a tenth less time by it.
 */
function remembering(group: (input: GroupingInput) => EventGroup): (input: GroupingInput) => EventGroup {
  const remembered = new Map<string, EventGroup>();
  return (input) => {
    const { type, value, transaction, platform, mechanism, level, frames, fingerprint } = input;
    const length = type.length + value.length + transaction.length + platform.length + mechanism.length;
    if (length > MAX_REMEMBERED_LENGTH || frames.length > 0 || fingerprint.length > 0) return group(input);
    const lengths = `${String(type.length)} ${String(value.length)} ${String(transaction.length)} ${String(platform.length)}`;
    const name = `${lengths} ${level} ${type}${value}${transaction}${platform}${mechanism}`;
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const made = group(input);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(name, made);
    return made;
  };
}

/** A strategy whose version was checked, and whose groups are. */
type CheckedStrategy = Pick<GroupingStrategy, "version" | "group">;

/** A strategy and those that it replaces, each version once: the latest first, and each before those that it replaces. */
function strategiesOf(field: string, value: unknown): CheckedStrategy[] {
  const strategies = new Map<string, CheckedStrategy>();
  const waiting = [{ field, value }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { version, group, replaces } = groupingStrategy(next.field, next.value);
    if (strategies.has(version)) continue;
    if (strategies.size > MAX_REPLACED) {
      throw invalidInput(
        `${field}.replaces`,
        value,
        `at most ${String(MAX_REPLACED)} strategies, with those that they replace`,
      );
    }
    const { field: path, value: given } = next;
    strategies.set(version, { version, group: (input) => grouping(`${path}.group()`, group.call(given, input)) });
    waiting.push(...replaces.map((each, index) => ({ field: `${path}.replaces[${String(index)}]`, value: each })));
  }
  return [...strategies.values()];
}

const anything: Shape<unknown> = (_, value) => value;
const NONE: readonly unknown[] = [];

const groupingStrategy = looseObject({
  version: text(1, 40),
  group: callback<GroupingStrategy["group"]>(),
  replaces: withDefault(arrayOf(anything, 0, MAX_REPLACED), NONE),
} satisfies Record<keyof GroupingStrategy, Shape<unknown>>);

/** What a strategy returns. */
const grouping = looseObject<Grouping>({ key: text(0, MAX_GROUPING_KEY_LENGTH), title: anyText });
