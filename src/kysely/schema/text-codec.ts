/*
 * Databases store text as UTF-8, which has no lone surrogates, and some of them refuse NUL. Such code units are stored as an
 * escape sequence: U+001A and two characters from a private-use block, one for each byte. The escape character and that
 * block are escaped too, so that every text is returned unchanged, no two texts have the same stored form, and a text
 * contains another exactly if its stored form does.
 *
 * No text of more than some thousand characters gets here: the large texts of events are stored as JSON, which has escapes of its own.
 */
const ESCAPE = "\u001a";
const BLOCK_START = 0xe000;
const NEEDS_ESCAPE = /[\0\u001a\ue000-\ue0ff\p{Surrogate}]/u;
const TO_ESCAPE = /[\0\u001a\ue000-\ue0ff\p{Surrogate}]/gu;
const ESCAPED = /\u001a[\ue000-\ue0ff]{2}/gu;

/** The stored form of a text. */
export function escapeText(text: string): string {
  // Most texts need none, and to look is faster.
  return NEEDS_ESCAPE.test(text) ? text.replace(TO_ESCAPE, escape) : text;
}

/** The text of a stored form. */
export function unescapeText(stored: string): string {
  return stored.includes(ESCAPE) ? stored.replace(ESCAPED, unescape) : stored;
}

function escape(character: string): string {
  const codeUnit = character.charCodeAt(0);
  return ESCAPE + String.fromCharCode(BLOCK_START + (codeUnit >> 8), BLOCK_START + (codeUnit & 0xff));
}

function unescape(escaped: string): string {
  return String.fromCharCode(((escaped.charCodeAt(1) - BLOCK_START) << 8) | (escaped.charCodeAt(2) - BLOCK_START));
}
