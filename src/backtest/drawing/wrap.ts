/** Characters that are as wide as they are high: East Asian scripts and pictographs. */
const WIDE =
  /[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]/u;

/** The width of a letter in a wide font, as a share of its size: what is estimated to fit does. */
const LETTER = 0.61;
const WIDE_LETTER = 1.05;

/** About how wide a text is, in font sizes. No font can be measured here. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += WIDE.test(letter) ? WIDE_LETTER : LETTER;
  return width;
}

/**
 * Breaks a text into lines, between words where that is possible. Nothing of it is left out but the white space at the breaks.
 *
 * @param maxWidth - in font sizes
 */
export function wrapText(text: string, maxWidth: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/u)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= maxWidth) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const parts = breakWord(word, maxWidth);
    line = parts.pop() ?? "";
    lines.push(...parts);
  }
  return [...lines, line];
}

/** Breaks a word that is longer than a line. */
function breakWord(word: string, maxWidth: number): string[] {
  const parts = [""];
  for (const letter of word) {
    const part = parts.at(-1) ?? "";
    if (part !== "" && widthOf(part + letter) > maxWidth) parts.push(letter);
    else parts[parts.length - 1] = part + letter;
  }
  return parts;
}
