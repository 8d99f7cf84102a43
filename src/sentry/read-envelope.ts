import type { NewEvent } from "../core/event.ts";
import { invalidInput } from "../core/input.ts";
import { requireContext, type CheckedContext, type SentryContext } from "./context.ts";
import { envelopeParts, lineEndAfter, type EnvelopeItem, type RefusedSentryItem } from "./envelope-parts.ts";
import { readJsonObject } from "./json-bytes.ts";
import { readEvent } from "./read-event.ts";
import { orRefuse, refusalOf } from "./refusal.ts";

/** An item that is no event and was left alone. */
export interface SkippedSentryItem {
  /** Its place in the envelope, from 0. */
  readonly item: number;
  /** Its type, such as `session`, `transaction` or `attachment`. */
  readonly type: string;
  /** How long its payload is, in bytes. */
  readonly bytes: number;
}

/** What was found in an envelope. Each of its items stands in exactly one of the lists, unless it was given up. */
export interface SentryEnvelope {
  /** The envelope's own header as it was sent, such as `dsn`, `sdk` and `sent_at`. Nothing in it was checked. */
  readonly header: Readonly<Record<string, unknown>>;
  /** The events, in their order, ready to be digested. */
  readonly events: readonly NewEvent[];
  /** The items of other types, in their order. */
  readonly skipped: readonly SkippedSentryItem[];
  /** The items that could not be read, in their order; the last one may stand for the rest of the body. */
  readonly refused: readonly RefusedSentryItem[];
}

/**
 * Reads an envelope, the form in which Sentry SDKs send everything.
 *
 * Items of type `event` are read as by `readSentryEvent`, others skipped. If the envelope has one event and that has no
 * id, the `event_id` of the envelope's header is its id. An item that cannot be read is refused by itself, and the
 * others are read. Where the body is damaged so that nobody can tell where the next item begins, all the rest is given
 * up as one refused item, and what came before is kept: at an item header that is no JSON, a `length` that does not end
 * at a line end, the end of a body that was cut off before it, and after {@link MAX_ENVELOPE_ITEMS} items. Bytes that
 * are no UTF-8 become "\uFFFD"; JSON nested deeper than `MAX_JSON_NESTING` is refused.
 *
 * The size of the body is the host's to limit. It takes time in proportion to it.
 *
 * @param body - the body of the request, decompressed. Give bytes where it may hold attachments: lengths count bytes,
 *   and a text that was made of bytes may have other ones
 * @param context - see {@link SentryContext}
 * @throws `IssueLifecycleError` `invalid-input`, and nothing else, whatever it is given: for a body whose first
 *   line is no JSON object, and for one without items, which is most likely a single event
 */
export function readSentryEnvelope(body: Uint8Array | string, context: SentryContext): SentryEnvelope {
  return orRefuse("envelope", () => {
    const known = requireContext(context);
    const bytes = requireBytes(body);
    const headerEnd = lineEndAfter(bytes, 0);
    const header = readJsonObject("envelope.header", bytes.subarray(0, headerEnd));
    const parts = [...envelopeParts(bytes, headerEnd)];
    if (parts.length === 0) throw invalidInput("envelope.items", parts, "one item or more (see readSentryEvent)");
    const isOnlyEvent = parts.filter((part) => part.type === "event").length === 1;
    const spareId = isOnlyEvent ? header["event_id"] : undefined;
    const events: NewEvent[] = [];
    const skipped: SkippedSentryItem[] = [];
    const refused: RefusedSentryItem[] = [];
    for (const part of parts) {
      const outcome = "payload" in part && part.type === "event" ? readItem(part, known, spareId) : part;
      if ("event" in outcome) events.push(outcome.event);
      else if ("error" in outcome) refused.push(outcome);
      else skipped.push({ item: outcome.item, type: outcome.type, bytes: outcome.payload.length });
    }
    return { header, events, skipped, refused };
  });
}

interface ReadItem {
  readonly event: NewEvent;
}

function readItem(item: EnvelopeItem, context: CheckedContext, spareId: unknown): ReadItem | RefusedSentryItem {
  const field = `envelope.items[${String(item.item)}].payload`;
  try {
    return { event: readEvent(field, readJsonObject(field, item.payload), context, spareId) };
  } catch (error) {
    return { item: item.item, type: item.type, error: refusalOf(field, error), unreadBytes: 0 };
  }
}

/** Any view of bytes will do, also one of another realm, as test runners have them. */
function requireBytes(body: unknown): Uint8Array {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  throw invalidInput("envelope", body, "bytes or a string");
}
