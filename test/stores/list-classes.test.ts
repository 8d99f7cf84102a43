import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  eventCountClass,
  eventCountsIn,
  FEW_EVENTS,
  instantsIn,
  lastSeenClass,
} from "../../src/kysely/rows/list-classes.ts";

/** Counts of any magnitude, and those around powers of two. */
const counts = fc.oneof(
  fc.integer({ min: 1, max: 5_000 }),
  fc.maxSafeInteger().filter((count) => count > 0),
  fc
    .record({ power: fc.integer({ min: 1, max: 53 }), less: fc.integer({ min: 1, max: 3 }) })
    .map(({ power, less }) => Math.max(1, 2 ** power - less)),
);

describe("the classes of event counts", () => {
  test("are the counts themselves while these are small", () => {
    for (let count = 1; count <= FEW_EVENTS; count++) expect(eventCountClass(count)).toBe(count);
  });

  test("are in the order of the counts, and each has the counts that are in it", () => {
    const property = fc.property(counts, counts, (one, other) => {
      const [first, second] = [eventCountClass(one), eventCountClass(other)];
      if (one < other) expect(first).toBeLessThanOrEqual(second);
      const values = eventCountsIn(first);
      expect(one >= values.first && one <= values.last).toBe(true);
      expect(first === second).toBe(other >= values.first && other <= values.last);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test("have counts that differ by less than a five hundredth", () => {
    const property = fc.property(counts, (count) => {
      const { first, last } = eventCountsIn(eventCountClass(count));
      expect((last - first) / first).toBeLessThan(1 / 500);
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});

describe("the classes of when issues were last seen", () => {
  const instants = fc.integer({ min: 0, max: 8_640_000_000_000_000 });

  test("are the instants themselves for issues with few events", () => {
    fc.assert(
      fc.property(instants, (lastSeenAt) => {
        expect(lastSeenClass({ lastSeenAt, eventCount: FEW_EVENTS - 1 })).toBe(lastSeenAt);
      }),
    );
  });

  test("are minutes for issues with many events, below all instants", () => {
    const property = fc.property(instants, (lastSeenAt) => {
      const minute = lastSeenClass({ lastSeenAt, eventCount: FEW_EVENTS });
      const { first, last } = instantsIn(minute);
      expect(minute).toBeLessThan(0);
      expect(lastSeenAt >= first && lastSeenAt <= last).toBe(true);
      expect(last - first).toBe(59_999);
    });
    fc.assert(property);
  });
});
