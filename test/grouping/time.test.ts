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

function timeOf(text: string): number {
  const start = performance.now();
  messagePattern(text);
  return performance.now() - start;
}

describe("no text takes long", () => {
  // On an idle machine none takes 20 ms; what is not linear takes 100 ms and more.
  test.each(PARTS.map((part) => ({ part })))("$part, again and again", ({ part }) => {
    const text = part.repeat(LENGTH / part.length);
    const times = Array.from({ length: 5 }, () => timeOf(text));
    expect(Math.min(...times)).toBeLessThan(60);
  });
});
