import { shorten } from "../core/text.ts";

/**
 * Characters that are no part of a text for people: control characters, half characters, line ends of other systems, and those that
 * turn the direction of what follows, by which a text can show as another one.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;

/**
 * A text from anywhere as it is shown to people, shortened to some length: with its lines and tabs, and `\u202e` written out
 * instead of what cannot be shown.
 */
export function visibleText(text: string, maxLength: number): string {
  return shorten(text.replaceAll(/\r\n?/gu, "\n").replaceAll(INVISIBLE, writtenOut), maxLength);
}

/** The same in one line. */
export function visibleLine(text: string, maxLength: number): string {
  return visibleText(text, maxLength).replaceAll(/[\n\t]/gu, " ");
}

function writtenOut(character: string): string {
  if (character === "\n" || character === "\t") return character;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
