import { requireText } from "./input.ts";

/** The line ends of Unicode and of Python's `splitlines`. */
const LINE_END = /\r\n|[\n\v\f\r\u001c-\u001e\u0085\u2028\u2029]/u;

/**
 * A line from its first character that is not a blank. It has no flag "u": with it, V8 remembers each character of a line, and runs out of
 * room for that at about the longest line that an event may have.
 */
const NON_BLANK_LINE = /[^\s\u001c-\u001e\u0085][^\n\v\f\r\u001c-\u001e\u0085\u2028\u2029]*/g;

/**
 * Characters that a text for people must not contain: control characters, which end lines or which terminals obey, line separators, lone
 * surrogates, noncharacters, and characters that change the direction of writing, which can make a text look like another one.
 */
const NOT_DISPLAYABLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

/** A text with something else for each character that cannot be displayed, line ends and tabs included. */
export function replaceUndisplayable(text: string, replacementOf: (character: string) => string): string {
  return text.replace(NOT_DISPLAYABLE, replacementOf);
}

/** A displayable text in one line: in a table or calendar, a name with a line end could forge another line. */
export function toOneLine(text: string): string {
  return replaceUndisplayable(text, () => "\uFFFD");
}

/** The text up to its first line end. */
export function firstLine(text: string): string {
  const end = LINE_END.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

/** The first `count` lines that are not blank, without blanks at their ends. */
export function nonBlankLines(text: string, count: number): string[] {
  const lines: string[] = [];
  NON_BLANK_LINE.lastIndex = 0;
  while (lines.length < count) {
    const match = NON_BLANK_LINE.exec(text);
    if (match === null) break;
    lines.push(match[0].trimEnd());
  }
  return lines;
}

/**
 * Shortens a text for people to `maxLength` UTF-16 code units: a longer one ends in "…". Never splits a surrogate pair;
 * lone surrogates become "\uFFFD".
 */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text.toWellFormed();
  const end = maxLength - 1;
  const splitsPair = isHighSurrogate(text.charCodeAt(end - 1)) && !isHighSurrogate(text.charCodeAt(end));
  return `${text.slice(0, splitsPair ? end - 1 : end).toWellFormed()}…`;
}

function isHighSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit <= 0xdbff;
}

/** Normalizes a text for searching: lower case, well-formed. */
export function foldForSearch(text: string): string {
  return requireText("text", text, 0, Number.MAX_SAFE_INTEGER).toWellFormed().toLowerCase();
}

/** A number with its noun: "1 event", "5 events". */
export function pluralize(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The bytes of a text in UTF-16 (little-endian), in which different texts are different bytes, those with lone surrogates too. */
export function utf16Of(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[2 * index] = unit & 0xff;
    bytes[2 * index + 1] = unit >> 8;
  }
  return bytes;
}
