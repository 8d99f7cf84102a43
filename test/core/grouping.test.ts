import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requireGrouper, type GroupingInput, type GroupingStrategy } from "../../src/core/grouping.ts";
import { rounds } from "../support/effort.ts";
import { EMPTY_INPUT } from "../support/grouping.ts";

/** A strategy by everything that it sees, and how often it was asked. */
function exactStrategy() {
  let asked = 0;
  const strategy: GroupingStrategy = {
    version: "exact/1",
    group: (input) => {
      asked++;
      return { key: JSON.stringify(input), title: "t" };
    },
  };
  return { grouper: requireGrouper("grouping", strategy), asked: () => asked };
}

describe("a strategy's groups", () => {
  test("are those that it returns for exactly this event, also where texts repeat or could be cut elsewhere", () => {
    const text = fc.string({ unit: fc.constantFrom("1", " ", "a"), maxLength: 3 });
    const input: fc.Arbitrary<GroupingInput> = fc.record({
      type: text,
      value: text,
      transaction: text,
      platform: text,
      mechanism: text,
      level: fc.constantFrom("error" as const, "info" as const),
      frames: fc.array(fc.record({ function: text, module: text, file: text }), { maxLength: 1 }),
      fingerprint: fc.array(text, { maxLength: 1 }),
    });
    const { grouper } = exactStrategy();
    fc.assert(
      fc.property(input, (each) => {
        expect(grouper.group(each).key).toBe(JSON.stringify(each));
      }),
      { numRuns: rounds({ quick: 5_000, full: 100_000 }) },
    );
  });

  test("are remembered for short texts, and for as many as there is room", () => {
    const { grouper, asked } = exactStrategy();
    const groupOf = (value: string): string => grouper.group({ ...EMPTY_INPUT, value }).key;
    expect(groupOf("a")).toBe(groupOf("a"));
    expect(asked()).toBe(1);
    for (let index = 0; index < 3_000; index++) groupOf(String(index));
    expect(asked()).toBe(3_001);
    groupOf("a".repeat(501));
    groupOf("a".repeat(501));
    expect(asked()).toBe(3_003);
  });

  test("are not remembered where the strategy fails", () => {
    let fails = true;
    const strategy: GroupingStrategy = {
      version: "failing/1",
      group: () => {
        if (fails) throw new Error("no");
        return { key: "k", title: "t" };
      },
    };
    const grouper = requireGrouper("grouping", strategy);
    expect(() => grouper.group(EMPTY_INPUT)).toThrow("no");
    fails = false;
    expect(grouper.group(EMPTY_INPUT).key).toBe("k");
  });
});
