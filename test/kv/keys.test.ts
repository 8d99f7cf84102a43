import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBytes, concat, endOf, keyAfter } from "../../src/kv/bytes.ts";
import {
  hashText,
  idAt,
  idPart,
  isWholePart,
  namedPart,
  numberAt,
  numberPart,
  orderedPart,
  requireIdPart,
  textAt,
  userPart,
} from "../../src/kv/key-parts.ts";
import { rounds } from "../support/effort.ts";

const RUNS = { numRuns: rounds({ quick: 200, full: 5_000 }) };

const wholeNumber = fc.oneof(
  fc.constantFrom(-1, 0, -0, 1, 255, 256, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Date.UTC(2026, 0)),
  fc.maxSafeInteger(),
);

/** Texts of all code units, often such that need an escape, and often with a long beginning in common. */
const anyText = fc
  .tuple(
    fc.constantFrom("", "a".repeat(399), "a".repeat(400), "a".repeat(401), "\uffff".repeat(134), "\0".repeat(200)),
    fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0x7ff, 0x800, 0xd800, 0xdfff, 0xffff), fc.nat(0xffff)), {
      maxLength: 6,
    }),
  )
  .map(([beginning, units]) => beginning + String.fromCharCode(...units));

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

describe("numbers in keys", () => {
  test("are ordered as numbers are, and read back", () => {
    fc.assert(
      fc.property(wholeNumber, wholeNumber, (one, other) => {
        expect(Math.sign(compareBytes(numberPart(one), numberPart(other)))).toBe(Math.sign(one - other) + 0);
        expect(numberAt(concat(Uint8Array.of(7), numberPart(one)), 1)).toBe(one + 0);
      }),
      RUNS,
    );
  });
});

describe("ids in keys", () => {
  test("are ordered as their texts are, and read back", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        const [first, second] = [requireIdPart(one), requireIdPart(other)];
        expect(Math.sign(compareBytes(first, second))).toBe(compareTexts(one, other));
        expect(idAt(concat(Uint8Array.of(7), first), 1)).toBe(one);
      }),
      RUNS,
    );
  });

  test.each(["", "shop", "0190000000007000800000000000000", "01900000-0000-7000-8000-00000000000G", "A".repeat(36)])(
    "are UUIDs in lower case only: not %j",
    (text) => {
      expect([idPart(text), userPart(text)]).toEqual([undefined, undefined]);
    },
  );
});

describe("texts in keys", () => {
  test("are ordered by code units; long ones that begin alike have one key", () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const order = Math.sign(compareBytes(orderedPart(one), orderedPart(other)));
        if (order === 0) {
          expect(one === other || (orderedPart(one).length === 401 && orderedPart(one).at(-1) === 0xff)).toBe(true);
        } else expect(order).toBe(compareTexts(one, other));
      }),
      RUNS,
    );
  });

  test("are read back, long ones up to where they are cut off", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = textAt(concat(Uint8Array.of(7), orderedPart(text)), 1);
        if (orderedPart(text).at(-1) === 0) expect(read).toBe(text);
        else expect(text.startsWith(read.slice(0, -1))).toBe(true);
      }),
      RUNS,
    );
  });

  test("have different keys where they are different, if their hashes are", () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const isSame = compareBytes(namedPart(one, hashText), namedPart(other, hashText)) === 0;
        expect(isSame).toBe(one === other);
      }),
      RUNS,
    );
  });

  test("are never the beginning of each other's keys, and never longer than 402 bytes", () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        for (const partOf of [orderedPart, (text: string) => namedPart(text, hashText)]) {
          const [first, second] = [partOf(one), partOf(other)];
          expect(first.length).toBeLessThanOrEqual(402);
          if (compareBytes(first, second) !== 0) {
            expect(compareBytes(first, second.slice(0, first.length))).not.toBe(0);
          }
        }
      }),
      RUNS,
    );
  });
});

describe("the end of a prefix", () => {
  const bytes = fc.uint8Array({ maxLength: 4 });

  test("is after all keys that begin with it, and before all later ones", () => {
    fc.assert(
      fc.property(fc.nat(0xfe), bytes, bytes, bytes, (first, rest, suffix, other) => {
        const prefix = concat(Uint8Array.of(first), rest);
        expect(compareBytes(concat(prefix, suffix), endOf(prefix))).toBeLessThan(0);
        const isLater = compareBytes(other, prefix) > 0 && compareBytes(other.slice(0, prefix.length), prefix) !== 0;
        if (isLater) expect(compareBytes(other, endOf(prefix))).toBeGreaterThanOrEqual(0);
        expect(compareBytes(keyAfter(prefix), prefix)).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });
});

describe("a part that holds a text whole", () => {
  const sameForAll = (): Uint8Array => new Uint8Array(16);
  const parts = [orderedPart, (text: string) => namedPart(text, sameForAll)];

  test("is that of no other text", () => {
    fc.assert(
      fc.property(fc.constantFrom(...parts), anyText, anyText, (partOf, one, other) => {
        const isSame = compareBytes(partOf(one), partOf(other)) === 0;
        if (isWholePart(partOf(one))) expect(isSame).toBe(one === other);
      }),
      RUNS,
    );
  });

  test("is that of each text of up to 400 bytes, and of no longer one", () => {
    for (const partOf of parts) {
      expect(["", "a", "a".repeat(400), "\uffff".repeat(133)].map((text) => isWholePart(partOf(text)))).not.toContain(
        false,
      );
      expect(["a".repeat(401), "\uffff".repeat(134)].map((text) => isWholePart(partOf(text)))).not.toContain(true);
    }
  });
});
