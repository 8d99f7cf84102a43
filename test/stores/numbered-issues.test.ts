import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberedIssues } from "../../src/memory/numbered-issues.ts";
import { rounds } from "../support/effort.ts";

/** Numbers that are put, so many from one on in steps; or removed. */
interface Run {
  readonly from: number;
  readonly count: number;
  readonly step: number;
  readonly isRemoved: boolean;
}

const run: fc.Arbitrary<Run> = fc.record({
  from: fc.oneof(fc.nat({ max: 4_000 }), fc.constant(Number.MAX_SAFE_INTEGER - 5_000)),
  count: fc.integer({ min: 1, max: 2_500 }),
  step: fc.constantFrom(-1, 1, 2, 7),
  isRemoved: fc.boolean(),
});

test("issues by number are those of a naive map, whatever was put and removed, in blocks of at most 1,000", () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 8 }), fc.nat({ max: 6_000 }), (runs, around) => {
      const issues = new NumberedIssues();
      const naive = new Map<number, string>();
      for (const [round, { from, count, step, isRemoved }] of runs.entries()) {
        for (let index = 0; index < count; index++) {
          const number = from + index * step;
          if (number < 0 || number > Number.MAX_SAFE_INTEGER) break;
          const id = `${String(round)} ${String(number)}`;
          issues.put(number, isRemoved ? undefined : id);
          if (isRemoved) naive.delete(number);
          else naive.set(number, id);
        }
      }
      const sorted = [...naive].sort(([one], [other]) => one - other);
      const idsOf = (entries: readonly (readonly [number, string])[]): string[] => entries.map(([, id]) => id);
      expect(issues.blocks.flat()).toEqual(sorted.map(([number, id]) => ({ number, id })));
      expect(issues.blocks.every(({ length }) => length > 0 && length <= 1_000)).toBe(true);
      expect([...issues.above(around)]).toEqual(idsOf(sorted.filter(([number]) => number > around)));
      expect([...issues.below(around)]).toEqual(idsOf(sorted.filter(([number]) => number < around).reverse()));
      expect(issues.get(around)).toBe(naive.get(around));
    }),
    { numRuns: rounds({ quick: 20, full: 1_000 }) },
  );
});
