import type { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, requireInteger, requireText } from "../core/input.ts";
import { readJsonObject } from "./json-bytes.ts";
import { refusalOf } from "./refusal.ts";

/** An item of an envelope that could be told from its neighbours. */
export interface EnvelopeItem {
  /** Its place in the envelope, from 0. */
  readonly item: number;
  /** Its type, such as `event` or `session`. */
  readonly type: string;
  /** What it carries: a view of the body, not a copy. */
  readonly payload: Uint8Array;
}

/** An item that could not be read, and why. */
export interface RefusedSentryItem {
  /** Its place in the envelope, from 0. */
  readonly item: number;
  /** Its type, or `null` if that could not be read either. */
  readonly type: string | null;
  /** Why: an `invalid-input`. */
  readonly error: IssueLifecycleError;
  /**
   * How many bytes at the end of the body were given up with it, itself included, because nobody can say where the next
   * item begins. 0 if the items after it were read.
   */
  readonly unreadBytes: number;
}

/** One item of an envelope, or what is left of it. */
export type EnvelopePart = EnvelopeItem | RefusedSentryItem;

/** The most items of one envelope that are read; SDKs send a handful. */
export const MAX_ENVELOPE_ITEMS = 1_000;

const MAX_TYPE_LENGTH = 100;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits an envelope into its items.
 *
 * An item is a line of JSON, its header, and a payload: of the `length` that the header says, in bytes, and then a line
 * end or the end of the body; or else up to the next line end. Empty lines between items are skipped, and lines may end
 * in CR LF. At the first item whose end cannot be told it stops, and says so.
 *
 * @param start - where the line after the envelope's header begins
 */
export function* envelopeParts(bytes: Uint8Array, start: number): Generator<EnvelopePart, void> {
  let at = skipLineEnds(bytes, start);
  for (let item = 0; at < bytes.length; item += 1) {
    const { part, end } = readPart(bytes, at, item);
    yield part;
    at = skipLineEnds(bytes, end);
  }
}

interface PartAndEnd {
  readonly part: EnvelopePart;
  readonly end: number;
}

function readPart(bytes: Uint8Array, start: number, item: number): PartAndEnd {
  const field = `envelope.items[${String(item)}]`;
  let type: string | null = null;
  try {
    if (item >= MAX_ENVELOPE_ITEMS) {
      throw invalidInput("envelope.items", item + 1, `at most ${String(MAX_ENVELOPE_ITEMS)} items`);
    }
    const headerEnd = lineEndAfter(bytes, start);
    const header = readJsonObject(`${field}.header`, bytes.subarray(start, headerEnd));
    if (typeof header["type"] === "string") type = header["type"];
    const payloadStart = Math.min(headerEnd + 1, bytes.length);
    const end = payloadEnd(`${field}.header.length`, bytes, payloadStart, header["length"]);
    const payload = bytes.subarray(payloadStart, end);
    return { part: itemOf(`${field}.header.type`, item, header["type"], payload), end };
  } catch (error) {
    const unreadBytes = bytes.length - start;
    return { part: { item, type, error: refusalOf(field, error), unreadBytes }, end: bytes.length };
  }
}

function itemOf(field: string, item: number, type: unknown, payload: Uint8Array): EnvelopePart {
  try {
    return { item, type: requireText(field, type, 1, MAX_TYPE_LENGTH), payload };
  } catch (error) {
    return { item, type: null, error: refusalOf(field, error), unreadBytes: 0 };
  }
}

function payloadEnd(field: string, bytes: Uint8Array, start: number, length: unknown): number {
  if (length === undefined || length === null) return lineEndAfter(bytes, start);
  const following = bytes.length - start;
  const end = start + requireInteger(field, length, 0, Number.MAX_SAFE_INTEGER);
  if (end > bytes.length) throw invalidInput(field, length, `${String(following)}, for the body ends there`);
  if (end < bytes.length && skipLineEnds(bytes, end) === end) {
    throw invalidInput(field, length, "the payload's length in bytes, up to a line end or the end of the body");
  }
  return end;
}

/** Where the line that begins at `start` ends: at its line feed, or at the end of the body. */
export function lineEndAfter(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(LINE_FEED, start);
  return end === -1 ? bytes.length : end;
}

function skipLineEnds(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) at += 1;
  return at;
}
