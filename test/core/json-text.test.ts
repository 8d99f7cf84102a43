import fc from "fast-check";
import { expect, test } from "vitest";
import { toJson } from "../../src/core/json-text.ts";

/** Texts of code units that JSON escapes, or that are half of a pair, among others. */
const texts = fc
  .array(fc.constantFrom("\0", "\u001f", '"', "\\", "\n", "\u007f", "a", "é", "\u2028", "\ud800", "\udc00", "😀"), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    texts,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(texts, tie("tree"), { maxKeys: 3 }),
  ),
}));

test("a value as JSON is read again as JSON.stringify's form of it is, lone surrogates included", () => {
  fc.assert(
    fc.property(tree, (value) => {
      const member = { value };
      expect(JSON.parse(toJson(member))).toEqual(JSON.parse(JSON.stringify(member)));
      expect(toJson(member).isWellFormed()).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("a value without lone surrogates is written as JSON.stringify writes it", () => {
  const value = { text: "\0é😀", none: undefined, list: [1, null, { at: true }] };
  expect(toJson(value)).toBe(JSON.stringify(value));
});
