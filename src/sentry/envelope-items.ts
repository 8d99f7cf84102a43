import type { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, requireInteger, requireText } from "../core/input.ts";
import { invalidInputOf } from "./input.ts";
import { parseJsonObject } from "./json-limits.ts";
import type { JsonObject } from "./json-values.ts";

/** An item of an envelope. */
export interface EnvelopeItem {
  /** Its place in the envelope, from 0. */
  readonly index: number;
  /** Such as `event` or `session`. */
  readonly type: string;
  /** Its header as it was sent. */
  readonly header: JsonObject;
  /** A view of the body, not a copy. */
  readonly payload: Uint8Array;
}

/** An item that could not be read. */
export interface RefusedSentryItem {
  /** Its place in the envelope, from 0. */
  readonly index: number;
  /** Its type; `null` if that could not be read either. */
  readonly type: string | null;
  /** An `invalid-input`. */
  readonly error: IssueLifecycleError;
  /**
   * The number of bytes at the end of the body, from this item on, that were not read because the start of the next item is
   * unknown. 0 if the items after this one were read, and for reports of a browser, which are not read byte by byte.
   */
  readonly unreadBytes: number;
}

/** The most items of one envelope that are read; SDKs send a handful. */
export const MAX_ENVELOPE_ITEMS = 1_000;

/** The longest header of an item, in bytes; SDKs send about a hundred. */
const MAX_ITEM_HEADER_BYTES = 65_536;
const MAX_TYPE_LENGTH = 100;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits an envelope into its items.
 *
 * An item is a header, one line of JSON, and a payload. The payload has the `length` in bytes that the header says, followed by a
 * line end or the end of the body; without a `length` it ends at the next line end. Empty lines between items are skipped, and
 * lines may end in CR LF. At an item whose end is unknown the splitting stops: the item is refused, with all bytes after it.
 *
 * @param start - the index after the envelope's header
 */
export function* envelopeItems(bytes: Uint8Array, start: number): Generator<EnvelopeItem | RefusedSentryItem, void> {
  let at = skipLineEnds(bytes, start);
  for (let index = 0; at < bytes.length; index += 1) {
    const { item, end } = readItem(bytes, at, index);
    yield item;
    at = skipLineEnds(bytes, end);
  }
}

interface ItemAndEnd {
  readonly item: EnvelopeItem | RefusedSentryItem;
  readonly end: number;
}

function readItem(bytes: Uint8Array, start: number, index: number): ItemAndEnd {
  const field = `envelope.items[${String(index)}]`;
  let type: string | null = null;
  try {
    if (index >= MAX_ENVELOPE_ITEMS) {
      throw invalidInput("envelope.items", index + 1, `at most ${String(MAX_ENVELOPE_ITEMS)} items`);
    }
    const headerEnd = findLineEnd(bytes, start);
    if (headerEnd - start > MAX_ITEM_HEADER_BYTES) {
      throw invalidInput(`${field}.header`, headerEnd - start, `at most ${String(MAX_ITEM_HEADER_BYTES)} bytes`);
    }
    const header = parseJsonObject(`${field}.header`, bytes.subarray(start, headerEnd));
    if (typeof header["type"] === "string") type = header["type"];
    const payloadStart = Math.min(headerEnd + 1, bytes.length);
    const end = findPayloadEnd(`${field}.header.length`, bytes, payloadStart, header["length"]);
    const payload = bytes.subarray(payloadStart, end);
    return { item: makeItem(`${field}.header.type`, index, header, payload), end };
  } catch (error) {
    const unreadBytes = bytes.length - start;
    return { item: { index, type, error: invalidInputOf(field, error), unreadBytes }, end: bytes.length };
  }
}

function makeItem(
  field: string,
  index: number,
  header: JsonObject,
  payload: Uint8Array,
): EnvelopeItem | RefusedSentryItem {
  try {
    return { index, type: requireText(field, header["type"], 1, MAX_TYPE_LENGTH), header, payload };
  } catch (error) {
    return { index, type: null, error: invalidInputOf(field, error), unreadBytes: 0 };
  }
}

function findPayloadEnd(field: string, bytes: Uint8Array, start: number, length: unknown): number {
  if (length === undefined || length === null) return findLineEnd(bytes, start);
  const rest = bytes.length - start;
  const end = start + requireInteger(field, length, 0, Number.MAX_SAFE_INTEGER);
  if (end > bytes.length)
    throw invalidInput(field, length, `at most ${String(rest)}, the bytes that follow in the body`);
  if (end < bytes.length && skipLineEnds(bytes, end) === end) {
    throw invalidInput(field, length, "the payload's length in bytes, up to a line end or the end of the body");
  }
  return end;
}

/** The index of the line feed that ends the line at `start`, or of the end of the body. */
export function findLineEnd(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(LINE_FEED, start);
  return end === -1 ? bytes.length : end;
}

function skipLineEnds(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) at += 1;
  return at;
}
