/** Where a line ends: the characters Unicode and Python's `splitlines` agree on. */
const LINE_END = /\r\n|[\n\v\f\r\u001c-\u001e\u0085\u2028\u2029]/u;

/** The text up to its first line end. */
export function firstLine(text: string): string {
  const end = LINE_END.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

/**
 * A text for people, at most `maxLength` characters (UTF-16 code units) long: a longer one ends in "…". Never splits a
 * character in two, and half characters that were there already become "\uFFFD".
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

/** A text as searches compare it: without regard to upper and lower case. */
export function foldForSearch(text: string): string {
  return text.toWellFormed().toLowerCase();
}

/** "1 event" or "5 events": the number with its noun, in the plural unless it is one. */
export function countOf(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
