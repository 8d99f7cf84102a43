/*
 * Databases store text as UTF-8, which has no lone surrogates, and some of them refuse NUL. Such code units are stored as an
 * escape sequence: U+001A and two characters from a private-use block, one for each byte. The escape character and that
 * block are escaped too, so that every text is returned unchanged, no two texts have the same stored form, and a text
 * contains another exactly if its stored form does.
 */
const ESCAPE = "\u001a";
const BLOCK_START = 0xe000;
const NEEDS_ESCAPE = /[\0\u001a\ue000-\ue0ff]|\p{Surrogate}/u;
/** What has to be escaped, a thousand at once if they are side by side: a large text may have millions. */
const EVERY_RUN = /[\0\u001a\ue000-\ue0ff\p{Surrogate}]{1,1000}/gu;
const EVERY_ESCAPED_RUN = /(?:\u001a[\ue000-\ue0ff]{2}){1,1000}/gu;
const ESCAPED_LENGTH = 3;

/** The stored form of a text. */
export function escapeText(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replace(EVERY_RUN, (run) => eachIn(run, 1, escape)) : text;
}

/** The text of a stored form. */
export function unescapeText(stored: string): string {
  return stored.includes(ESCAPE)
    ? stored.replace(EVERY_ESCAPED_RUN, (run) => eachIn(run, ESCAPED_LENGTH, unescape))
    : stored;
}

function escape(character: string): string {
  const codeUnit = character.charCodeAt(0);
  return ESCAPE + String.fromCharCode(BLOCK_START + (codeUnit >> 8), BLOCK_START + (codeUnit & 0xff));
}

function unescape(escaped: string): string {
  return String.fromCharCode(((escaped.charCodeAt(1) - BLOCK_START) << 8) | (escaped.charCodeAt(2) - BLOCK_START));
}

/** Replaces the parts of a run, which are all equally long; equal ones in one go. */
function eachIn(run: string, length: number, replace: (part: string) => string): string {
  const first = run.slice(0, length);
  const count = run.length / length;
  if (first.repeat(count) === run) return replace(first).repeat(count);
  let replaced = "";
  for (let start = 0; start < run.length; start += length) replaced += replace(run.slice(start, start + length));
  return replaced;
}
