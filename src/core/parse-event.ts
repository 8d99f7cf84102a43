import { IssueLifecycleError } from "./errors.ts";
import {
  anyJson,
  EVENT_EXAMPLE,
  MAX_EVENT_TEXT_LENGTH,
  readEvent,
  requireFingerprintLength,
  type CheckedEvent,
  type EventContent,
  type EventDefaults,
  type GivenEvent,
  type NewEvent,
} from "./event.ts";
import type { EventGroup, Grouper, GroupingInput, StrategyKey } from "./grouping.ts";
import { invalidInput, requireObject } from "./input.ts";
import type { Issue } from "./issue.ts";
import type { Scrubber } from "./scrubbing.ts";
import { ownNames } from "./shape.ts";
import { shorten } from "./text.ts";
import { titleOf } from "./title.ts";

/** The longest transaction of an issue; a longer one is shortened and ends in "…". Grouping uses the whole text. */
const MAX_TRANSACTION_LENGTH = 200;

/**
 * Checks an event, cleans it of secrets, and groups it.
 *
 * @param value - a {@link NewEvent}, unchecked
 * @param field - its name in an error
 * @param defaults - see {@link EventDefaults}
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function parseEvent(value: unknown, field: string, defaults: EventDefaults): CheckedEvent {
  const given = readEvent(field, value);
  const event = scrubbed(given, value, field, defaults.scrubber);
  const { type, value: text, transaction, level, fingerprint } = event;
  if (type === "" && text === "" && fingerprint.length === 0) throw nothingToGroupBy(field, value);
  const group = defaults.grouping.group(groupingInput(event));
  const { occurredAt } = event;
  const receivedAt = Math.min(event.receivedAt ?? defaults.receivedAt, defaults.receivedAt);
  return {
    field,
    projectId: event.projectId,
    id: event.id ?? defaults.newId(),
    content: { level, type, value: text, transaction },
    groupingKey: group.key,
    formerKeys: event === given ? group.formerKeys : formerKeysOf(given, group, defaults.grouping),
    title: group.title,
    transaction: shorten(transaction, MAX_TRANSACTION_LENGTH),
    release: event.release.trim(),
    count: event.count,
    userId: event.userId,
    environment: event.environment,
    receivedAt,
    clientOccurredAt: occurredAt ?? null,
    occurredAt: Math.min(occurredAt ?? receivedAt, receivedAt),
    data: event.data ?? null,
  };
}

/**
 * What an issue shows of an event with this content, as its newest one. What only the event's client knew, such as its frames, is not
 * stored: if the strategy cannot do without, the title is the usual one.
 */
export function shownOf(
  { type, value, transaction, level }: EventContent,
  grouping: Grouper,
): Pick<Issue, "title" | "transaction" | "level"> {
  const shown = shorten(transaction, MAX_TRANSACTION_LENGTH);
  const input = { type, value, transaction, platform: "", mechanism: "", level, frames: [], fingerprint: [] };
  try {
    return { title: grouping.group(input).title, transaction: shown, level };
  } catch {
    return { title: titleOf(type, value), transaction: shown, level };
  }
}

function groupingInput(event: GivenEvent): GroupingInput {
  const { type, value, transaction, platform, mechanism, level, frames, fingerprint } = event;
  return { type, value, transaction, platform, mechanism, level, frames, fingerprint };
}

/** An event without secrets; the same one if it has none. */
function scrubbed(event: GivenEvent, value: unknown, field: string, scrubber: Scrubber | undefined): GivenEvent {
  if (scrubber === undefined) return event;
  const clean = scrubber.scrub(event);
  if (clean !== event) requireRoom(field, clean);
  const { hook } = scrubber;
  if (hook === undefined) return clean;
  const path = `options.scrub.hook(${field})`;
  const { type, value: text, transaction, fingerprint, data } = clean;
  const parsed = data === undefined ? undefined : anyJson(`${path}.data`, JSON.parse(data));
  const toClean = {
    ...requireObject(field, value),
    projectId: event.projectId,
    type,
    value: text,
    transaction,
    fingerprint,
  };
  const result = readEvent(path, callHook(hook, { ...toClean, ...(parsed !== undefined && { data: parsed }) }, path));
  if (result.projectId !== event.projectId) throw changedByHook(`${path}.projectId`, result.projectId, event.projectId);
  if (result.id !== event.id) throw changedByHook(`${path}.id`, result.id, event.id);
  return result;
}

/** What stands for a secret may be longer than it, so that a text of the longest kind may be too long without its secrets. */
function requireRoom(field: string, event: GivenEvent): void {
  const { type, value, transaction, fingerprint, data = "" } = event;
  const texts = {
    type,
    value,
    transaction,
    data,
    fingerprint: fingerprint.reduce((one, part) => (one.length < part.length ? part : one), ""),
  };
  for (const [name, text] of Object.entries(texts)) {
    if (text.length > MAX_EVENT_TEXT_LENGTH) {
      const allowed = `at most ${String(MAX_EVENT_TEXT_LENGTH)} characters, also with what stands for its secrets`;
      throw invalidInput(`${field}.${name}`, text, allowed);
    }
  }
  requireFingerprintLength(`${field}.fingerprint`, event);
}

function callHook(hook: NonNullable<Scrubber["hook"]>, event: NewEvent, path: string): NewEvent {
  try {
    return hook(event);
  } catch (cause) {
    const message = `${path}: the hook has thrown an error, which is the cause. Nothing of the event was stored.`;
    throw new IssueLifecycleError("invalid-input", message, { field: path, cause });
  }
}

function changedByHook(field: string, got: unknown, allowed: unknown): IssueLifecycleError {
  return invalidInput(
    field,
    got,
    allowed === undefined ? "none, as in the event" : `${JSON.stringify(allowed)}, as in the event`,
  );
}

/**
 * The keys by which the event may have an issue already: those of former strategies, and those that it has with what was cleaned, by
 * which it was grouped before it was cleaned. They are only looked up.
 */
function formerKeysOf(given: GivenEvent, group: EventGroup, grouping: Grouper): readonly StrategyKey[] {
  const before = grouping.group(groupingInput(given));
  if (before.key === group.key) return group.formerKeys;
  const keys = [{ strategy: grouping.version, key: before.key }, ...before.formerKeys, ...group.formerKeys];
  const isFirst = ({ strategy, key }: StrategyKey, place: number): boolean =>
    keys.findIndex((each) => each.strategy === strategy && each.key === key) === place;
  return keys.filter(isFirst);
}

/** The error for an event that no issue could be named after. */
function nothingToGroupBy(field: string, value: unknown): IssueLifecycleError {
  const given = ownNames(field, requireObject(field, value)).join(", ");
  return new IssueLifecycleError(
    "invalid-input",
    `${field}: got an event with only ${given}; allowed is one with a type, a value or a fingerprint, as in ${EVENT_EXAMPLE}.`,
    { field },
  );
}
