import type { NewEvent } from "../core/event.ts";
import { invalidInput } from "../core/input.ts";
import { isSingleEvent, readHeader } from "./envelope-header.ts";
import { envelopeItems, type EnvelopeItem, type RefusedSentryItem } from "./envelope-items.ts";
import { invalidInputOf, readSafely, requireContext, type CheckedContext, type SentryContext } from "./input.ts";
import { parseJsonObject } from "./json-limits.ts";
import type { JsonObject } from "./json-values.ts";
import { readEvent } from "./read-event.ts";
import { readViolationEvent } from "./read-security-report.ts";
import { requireBody } from "./request-body.ts";

/** An item that is not an event. */
export interface SkippedSentryItem {
  /** Its place in the envelope, from 0. */
  readonly index: number;
  /** Such as `session`, `transaction` or `attachment`. */
  readonly type: string;
  /** Its header as it was sent, with members such as `filename`. It is not checked. */
  readonly header: Readonly<Record<string, unknown>>;
  /** Its payload: a view of the body, not a copy. It changes with the body, and keeps it in memory. */
  readonly payload: Uint8Array;
}

/** The content of an envelope. Each item is in one of the three lists, unless it is among the unread bytes of a refused one. */
export interface SentryEnvelope {
  /** The envelope's own header as it was sent, with members such as `dsn`, `sdk` and `sent_at`. It is not checked. */
  readonly header: Readonly<Record<string, unknown>>;
  /** The events, ready for `digest`. */
  readonly events: readonly NewEvent[];
  /** The items of other types. */
  readonly skipped: readonly SkippedSentryItem[];
  /** The items that could not be read. The last one may stand for the rest of the body: see `unreadBytes`. */
  readonly refused: readonly RefusedSentryItem[];
}

/**
 * Reads an envelope: the format in which Sentry SDKs send everything.
 *
 * Items of type `event` are read as by {@link readSentryEvent}, reports about a Content Security Policy (`security` and
 * `raw_security`) too, others are skipped. An envelope may have no items. If the envelope has exactly one event and that
 * has no id, it gets the `event_id` of the envelope's header. An item that cannot be read is refused, and the others are read.
 * Where the start of the next item is unknown, the rest of the body is one refused item: at an item header that is not JSON, at
 * a `length` that does not lead to a line end, in a truncated body, and after {@link MAX_ENVELOPE_ITEMS} items. Bytes that are
 * not UTF-8 become "\uFFFD"; JSON nested deeper than {@link MAX_JSON_NESTING} is refused.
 *
 * Takes time in proportion to the size of the body. Limit that before you call it.
 *
 * @param body - the body of the request, decompressed. Pass bytes if it may contain attachments: lengths count bytes, and
 *   decoding to a string can change them
 * @throws `IssueLifecycleError` `invalid-input`, and nothing else, whatever it is given: for a body whose first line is not a
 *   JSON object, and for a single event
 */
export function readSentryEnvelope(body: Uint8Array | string, context: SentryContext): SentryEnvelope {
  return readSafely("envelope", () => {
    const checked = requireContext(context);
    const bytes = requireBody("envelope", body);
    const { header, items, fallbackId } = openEnvelope(bytes);
    const lists: ItemLists = { events: [], skipped: [], refused: [] };
    for (const item of items) readItem(item, checked, fallbackId, lists);
    return { header, ...lists };
  });
}

/** The items of an envelope, of which nothing but the headers was read. */
interface OpenedEnvelope {
  readonly header: JsonObject;
  readonly items: readonly (EnvelopeItem | RefusedSentryItem)[];
  /** The `event_id` for an event that has none. */
  readonly fallbackId: unknown;
}

/**
 * Splits an envelope.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a body whose first line is not a JSON object, and for a single event
 */
export function openEnvelope(bytes: Uint8Array): OpenedEnvelope {
  const { header, end } = readHeader(bytes);
  const items = [...envelopeItems(bytes, end)];
  if (items.length === 0 && isSingleEvent(header)) {
    throw invalidInput("envelope.items", items, "an envelope; for a single event use readSentryEvent()");
  }
  const hasOneEvent = items.filter(isEvent).length === 1;
  return { header, items, fallbackId: hasOneEvent ? header["event_id"] : undefined };
}

/** The lists to one of which each item of an envelope goes. */
export interface ItemLists {
  readonly events: NewEvent[];
  readonly skipped: SkippedSentryItem[];
  readonly refused: RefusedSentryItem[];
}

/** Reads an item, and adds what it is to one of the lists. */
export function readItem(
  item: EnvelopeItem | RefusedSentryItem,
  context: CheckedContext,
  fallbackId: unknown,
  { events, skipped, refused }: ItemLists,
): void {
  const result = "payload" in item && isEvent(item) ? readEventItem(item, context, fallbackId) : item;
  if ("event" in result) events.push(result.event);
  else if ("error" in result) refused.push(result);
  else skipped.push(result);
}

/** The types of items that are events. Sentry's own servers pass a browser's report on as it is (`raw_security`), or as an event. */
const EVENT_TYPES: ReadonlySet<string | null> = new Set(["event", "security", "raw_security"]);

/** Whether an item is an event. */
export function isEvent({ type }: EnvelopeItem | RefusedSentryItem): boolean {
  return EVENT_TYPES.has(type);
}

function readEventItem(
  { index, type, payload }: EnvelopeItem,
  context: CheckedContext,
  fallbackId: unknown,
): { readonly event: NewEvent } | RefusedSentryItem {
  const field = `envelope.items[${String(index)}].payload`;
  try {
    const read = type === "raw_security" ? readViolationEvent : readEvent;
    return { event: read(field, parseJsonObject(field, payload), context, fallbackId) };
  } catch (error) {
    return { index, type, error: invalidInputOf(field, error), unreadBytes: 0 };
  }
}
