import { describe, expect, test } from "vitest";
import { messagePattern } from "../../src/core/message-pattern.ts";

const LENGTH = 10_000;

/** Parts of texts that begin values without ending them. */
const PARTS = [
  ...["'", '"', "`", "“", "'\\", '"\\', "'[\\", '"{', '"{"', "'[", "'a'b", "'s ", "'s \\", "'\"\\", "a'"],
  ...[":", "a:", "::", "-", "a-", "1-", "R2-M1-", "1:", "ff:", "[::", "1/", "/a", "a/", "a/b.", "../", "\\", "\\\\a\\"],
  ...["1", "1 ", "1,", "1.", "1_", "a_1_b", "1a", "a1", "a1.1.", "0x", "1h", "eyJa.", "A+/1", "v1.2.3-"],
  ...["a@", "a.", "a.b.", "*.a.", "a.com:", "a://", "http://[a]", "data:a;", "Mon, ", "2026-", "10:00:", "E1126 "],
  ...[")=(", "row contains (", "row contains ((", "code ", "status code ", "status a b c ", "got ", "GET a ", "(1, '"],
  ...["<*> ", "😀", "\ud800", " ", "\t", "name 'a' ", "'a' and ", "column 'a', ", '"a": '],
];

function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Reads each character of a text so many times, for comparison. */
function readOften(text: string): number {
  let sum = 0;
  for (let round = 0; round < 400; round++) {
    for (let index = 0; index < text.length; index++) sum = (sum + text.charCodeAt(index)) | 0;
  }
  return sum;
}

describe("no text takes long", () => {
  // None takes more than twice as long as the reading; what is not linear takes ten times as long and more.
  test.each(PARTS.map((part) => ({ part })))("$part, again and again", ({ part }) => {
    const text = part.repeat(LENGTH / part.length);
    const times = Array.from({ length: 5 }, () => {
      const floor = timeOf(() => readOften(text));
      return { floor, taken: timeOf(() => messagePattern(text)) };
    });
    const taken = Math.min(...times.map((each) => each.taken));
    expect(taken / Math.min(...times.map(({ floor }) => floor))).toBeLessThan(6);
  });
});
