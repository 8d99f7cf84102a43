/**
 * Characters of which long texts are made, each with one that differs from it in its last byte only. A column can be too short
 * in characters, in code units, or in bytes of its encoding: of the first there are most characters, of the third most bytes
 * of UTF-8, and the last two have no form of their own in most databases.
 */
const FILLERS: readonly Filler[] = [
  { fill: "a", other: "`" },
  { fill: "\u00e9", other: "\u00e8" },
  { fill: "\u20ac", other: "\u20ad" },
  { fill: "\u{1f600}", other: "\u{1f601}" },
  { fill: "\0", other: "\u0001" },
  { fill: "\ud800", other: "\ud801" },
];

/** A character, and one that looks like it to a store that compares too little. */
interface Filler {
  readonly fill: string;
  readonly other: string;
}

/** Makes a text of a length. */
export type MakeText = (length: number) => string;

/** For each filler two functions, whose texts of one length differ at their ends only. Lengths are even. */
export const LONG_TEXTS: readonly MakeText[] = FILLERS.flatMap(({ fill, other }) =>
  [fill, other].map((end) => (length: number) => fill.repeat(length / fill.length - 1) + end),
);

/** As {@link LONG_TEXTS}, of printable ASCII. */
export const LONG_ASCII_TEXTS: readonly MakeText[] = ["A", "B"].map(
  (end) => (length: number) => "A".repeat(length - 1) + end,
);

/** Those of {@link LONG_TEXTS} that need most bytes in UTF-8 for their length. */
export const WIDE_TEXTS = LONG_TEXTS.slice(4, 6);

/** Texts of a length, and those that a store takes for them which cuts one character off. */
export function longKeys(length: number, make: readonly MakeText[] = LONG_TEXTS): string[] {
  return make
    .map((text) => text(length))
    .flatMap((text, index) => (index % 2 === 0 ? [text] : [text, text.slice(0, -1)]));
}

/** The longest text that is printed as it is. */
const MAX_PRINTED = 60;

/**
 * A value in which long texts are replaced by their lengths, their ends and a checksum, so that a failure can be printed. Two
 * values are equal if their abbreviated forms are.
 */
export function abbreviated(value: unknown): unknown {
  if (typeof value === "string") return value.length > MAX_PRINTED ? abbreviatedText(value) : value;
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map(abbreviated);
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, each]: [unknown, unknown]) => [abbreviated(key), abbreviated(each)]));
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, abbreviated(each)]));
}

function abbreviatedText(text: string): string {
  let checksum = 0;
  for (let index = 0; index < text.length; index++) checksum = (Math.imul(checksum, 31) + text.charCodeAt(index)) | 0;
  const ends = `${text.slice(0, 8)}...${text.slice(-8)}`;
  return `${ends} (${String(text.length)} characters, checksum ${(checksum >>> 0).toString(16)})`;
}
