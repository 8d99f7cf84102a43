import { v5 as uuidv5 } from "uuid";
import { IssueLifecycleError } from "../core/errors.ts";
import { isUuid } from "../core/input.ts";
import { bytesOfHex, concat, hexOf } from "./bytes.ts";

/*
 * Values as parts of keys. No part is the beginning of another one of its kind, so that keys of several parts are in the order of
 * these parts.
 */

/** The length of a number in a key. */
export const NUMBER_BYTES = 8;

/** A number in a key: 8 bytes whose order is that of numbers. */
export function numberPart(value: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(NUMBER_BYTES));
  // -0 becomes 0.
  bytes.setFloat64(0, value + 0);
  return inverted(bytes, bytes.getUint32(0) >= SIGN);
}

/** The number at a place of a key. */
export function numberAt(key: Uint8Array, place: number): number {
  const bytes = new DataView(key.slice(place, place + NUMBER_BYTES).buffer);
  inverted(bytes, bytes.getUint32(0) < SIGN);
  return bytes.getFloat64(0);
}

/** The sign bit of the first half of a number. */
const SIGN = 0x80000000;

/** Inverts the sign bit; of a negative number all bits, because greater ones come before smaller ones there. */
function inverted(bytes: DataView<ArrayBuffer>, isNegative: boolean): Uint8Array {
  bytes.setUint32(0, bytes.getUint32(0) ^ (isNegative ? 0xffffffff : SIGN));
  if (isNegative) bytes.setUint32(4, bytes.getUint32(4) ^ 0xffffffff);
  return new Uint8Array(bytes.buffer);
}

/** The length of a UUID or of a user's hash in a key. */
export const ID_BYTES = 16;

/** A UUID in a key: its 16 bytes, whose order is that of the texts; `undefined` for a text that is no UUID in lower case. */
export function idPart(id: string): Uint8Array | undefined {
  return isUuid(id) ? bytesOfHex(id.replaceAll("-", "")) : undefined;
}

/**
 * The part of an id that is written.
 *
 * @throws `IssueLifecycleError` `store-failed` for a text that is no UUID
 */
export function requireIdPart(id: string): Uint8Array {
  const part = idPart(id);
  if (part !== undefined) return part;
  throw new IssueLifecycleError(
    "store-failed",
    `The store has nothing with the id ${JSON.stringify(id)}: it is no UUID.`,
  );
}

/** The UUID at a place of a key. */
export function idAt(key: Uint8Array, place: number): string {
  const hex = hexOf(key.slice(place, place + ID_BYTES));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A user's hash in a key; `undefined` for a text that is none. */
export function userPart(user: string): Uint8Array | undefined {
  return user.length === 2 * ID_BYTES ? bytesOfHex(user) : undefined;
}

/** The longest text in a key, in bytes. */
const MAX_TEXT_BYTES = 400;
const END_OF_TEXT = 0;
/** In place of the end of a text that is not whole. No text has this byte. */
const CUT_OFF = 0xff;

/** The beginning of a text as bytes in the order of its code units, and whether it is the whole text. */
function textBytes(text: string): { readonly bytes: Uint8Array; readonly isWhole: boolean } {
  // A code unit has at most 3 bytes.
  const bytes = new Uint8Array(MAX_TEXT_BYTES + 3);
  let length = 0;
  for (let index = 0; index < text.length && length <= MAX_TEXT_BYTES; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 2) {
      // 0 is the end of a text.
      bytes[length++] = 1;
      bytes[length++] = unit + 1;
    } else if (unit < 0x80) {
      bytes[length++] = unit;
    } else if (unit < 0x800) {
      bytes[length++] = 0xc0 | (unit >> 6);
      bytes[length++] = 0x80 | (unit & 0x3f);
    } else {
      bytes[length++] = 0xe0 | (unit >> 12);
      bytes[length++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[length++] = 0x80 | (unit & 0x3f);
    }
  }
  const isWhole = length <= MAX_TEXT_BYTES;
  return { bytes: bytes.slice(0, isWhole ? length : MAX_TEXT_BYTES), isWhole };
}

/**
 * A text in a key whose order is that of the texts' code units. Of a long text it is the beginning: so long texts that begin alike
 * have the same part, which is after those of all shorter texts that they begin with.
 */
export function orderedPart(text: string): Uint8Array {
  const { bytes, isWhole } = textBytes(text);
  return concat(bytes, Uint8Array.of(isWhole ? END_OF_TEXT : CUT_OFF));
}

/** The text of an {@link orderedPart} at the end of a key, or its beginning, if it is long. */
export function textAt(key: Uint8Array, place: number): string {
  const units: number[] = [];
  const byteAt = (index: number): number => key[index] ?? 0;
  for (let index = place; index < key.length - 1;) {
    const first = byteAt(index);
    if (first === 1) {
      units.push(byteAt(index + 1) - 1);
      index += 2;
    } else if (first < 0x80) {
      units.push(first);
      index += 1;
    } else if (first < 0xe0) {
      units.push(((first & 0x1f) << 6) | (byteAt(index + 1) & 0x3f));
      index += 2;
    } else {
      units.push(((first & 0xf) << 12) | ((byteAt(index + 1) & 0x3f) << 6) | (byteAt(index + 2) & 0x3f));
      index += 3;
    }
  }
  return units.map((unit) => String.fromCharCode(unit)).join("");
}

/** Makes 16 bytes of a text, seldom the same for two. */
export type TextHash = (text: string) => Uint8Array;

/** A text in a key, in no particular order. Long texts with the same hash have the same part. */
export function namedPart(text: string, hash: TextHash): Uint8Array {
  const { bytes, isWhole } = textBytes(text);
  return isWhole ? concat(bytes, Uint8Array.of(END_OF_TEXT)) : concat(Uint8Array.of(CUT_OFF), hash(text));
}

/** Whether the part of a text holds it whole, so that no other text has this part. */
export function isWholePart(part: Uint8Array): boolean {
  return part[0] !== CUT_OFF && part.at(-1) === END_OF_TEXT;
}

/** The namespace of long texts. */
const LONG_TEXTS = "0b8f5a1e-0a53-5c0e-8d0c-6a7f4c2e9d11";

/** The bytes of a UUID of version 5. */
export const hashText: TextHash = (text) => {
  const units = new Uint8Array(2 * text.length);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    units[2 * index] = unit & 0xff;
    units[2 * index + 1] = unit >> 8;
  }
  return uuidv5(units, LONG_TEXTS, new Uint8Array(ID_BYTES));
};
