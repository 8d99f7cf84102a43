import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeText, unescapeText } from "../../src/kysely/schema/text-codec.ts";

/** Texts with what has to be escaped, alone, side by side and among other characters. */
const texts = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "\0",
        "\u001a",
        "\ue000",
        "\ue0ff",
        "\ud800",
        "\udc00",
        "😀",
        "a",
        "é",
        "\ue100",
        "\0\ud800",
        "\u001a\ue000\ue000",
      ),
      fc.integer({ min: 1, max: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.map(([part, times]) => part.repeat(times)).join(""));

/** The stored form of a text, character by character. */
function escapedOneByOne(text: string): string {
  return Array.from(text, (character) => {
    if (!/^(?:[\0\u001a\ue000-\ue0ff]|\p{Surrogate})$/u.test(character)) return character;
    const unit = character.charCodeAt(0);
    return `\u001a${String.fromCharCode(0xe000 + (unit >> 8), 0xe000 + (unit & 0xff))}`;
  }).join("");
}

describe("the stored form of a text", () => {
  test("has an escape for each NUL, lone surrogate and character of escapes, and can be read again", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const stored = escapeText(text);
        expect(stored).toBe(escapedOneByOne(text));
        expect(stored.isWellFormed() && !stored.includes("\0")).toBe(true);
        expect(unescapeText(stored)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });
});
