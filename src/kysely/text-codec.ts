import type { StoredText } from "./tables.ts";

/*
 * Databases store text as UTF-8, which cannot say half a character (a lone surrogate), and some of them refuse NUL. Such
 * code units are written as an escape: U+001A and two characters from a private-use block, one for each byte. The escape
 * character and that block are escaped too, so that every text comes back as it was, no two texts look alike in the
 * database, and a text is part of another exactly if its stored form is.
 */
const ESCAPE = "\u001a";
const BLOCK_START = 0xe000;
const NEEDS_ESCAPE = /[\0\u001a\ue000-\ue0ff]|\p{Surrogate}/u;
const EVERY_SUCH = /[\0\u001a\ue000-\ue0ff]|\p{Surrogate}/gu;
const EVERY_ESCAPE = /\u001a([\ue000-\ue0ff])([\ue000-\ue0ff])/gu;

/** A text as it is stored. */
export function encodeText(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replace(EVERY_SUCH, escape) : text;
}

/** A stored text as it was. */
export function decodeText(stored: StoredText): string {
  const text = plainText(stored);
  return text.includes(ESCAPE) ? text.replace(EVERY_ESCAPE, unescape) : text;
}

/** A stored text as it was, where there is one. */
export function decodeOptionalText(stored: StoredText | null): string | null {
  return stored === null ? null : decodeText(stored);
}

/** A stored text that was not encoded, because it is this library's own: JSON, order keys, lease tokens. */
export function plainText(stored: StoredText): string {
  return typeof stored === "string" ? stored : Buffer.from(stored).toString("utf8");
}

function escape(character: string): string {
  const codeUnit = character.charCodeAt(0);
  return ESCAPE + String.fromCharCode(BLOCK_START + (codeUnit >> 8), BLOCK_START + (codeUnit & 0xff));
}

function unescape(_escape: string, high: string, low: string): string {
  return String.fromCharCode(((high.charCodeAt(0) - BLOCK_START) << 8) | (low.charCodeAt(0) - BLOCK_START));
}
