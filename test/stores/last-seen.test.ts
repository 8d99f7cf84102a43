import fc from "fast-check";
import { expect, test } from "vitest";
import { text } from "../../src/kysely/schema/columns.ts";
import { lastSeen } from "../../src/kysely/schema/last-seen.ts";
import { anyText } from "../support/arbitraries.ts";

const seen = fc.record({
  version: fc.oneof(anyText(), fc.constantFrom("", " ", "1.0.0 ", "\u001a", "1\u001a", "\ud800", "\0")),
  number: fc.nat(),
});

test("the release in which an issue was last seen is stored with its number, and none is another one", () => {
  const property = fc.property(seen, seen, (one, other) => {
    expect(lastSeen.decode(lastSeen.encode(one))).toEqual(one);
    const isSame = one.version === other.version && one.number === other.number;
    expect(lastSeen.encode(one) === lastSeen.encode(other)).toBe(isSame);
  });
  fc.assert(property);
});

test("a version that an earlier edition stored is one without a number", () => {
  for (const version of ["1.0.0", "1.0.0 ", "\u001a", "half \ud800", ""]) {
    expect(lastSeen.decode(text.encode(version))).toEqual({ version, number: 0 });
  }
});
