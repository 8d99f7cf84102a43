import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupEvent } from "../../src/core/group-event.ts";
import type { GroupingInput, GroupingStrategy } from "../../src/core/grouping.ts";
import { errorOf, isCoded } from "../core/hostile.ts";
import { APART, SAME } from "./same-and-apart.ts";

const EVENT = { type: "Error", value: "order 12 failed" };

const strategy = (version: string, replaces: readonly GroupingStrategy[] = []): GroupingStrategy => ({
  version,
  group: () => ({ key: `key of ${version}`, title: version }),
  replaces,
});

describe("strategies that replace others", () => {
  test("give the latest first, and a version that comes again once", () => {
    const oldest = strategy("a/1");
    const { formerKeys } = groupEvent(EVENT, strategy("a/3", [strategy("a/2", [oldest]), oldest, strategy("a/3")]));
    expect(Object.entries(formerKeys)).toEqual([
      ["a/2", "key of a/2"],
      ["a/1", "key of a/1"],
    ]);
  });

  test("may replace each other in a circle", () => {
    const replaced: GroupingStrategy[] = [];
    const circle = strategy("a/2", [strategy("a/1", replaced)]);
    replaced.push(circle);
    expect(groupEvent(EVENT, circle).formerKeys).toEqual({ "a/1": "key of a/1" });
  });

  test.each([
    [10, "taken"],
    [11, "refused"],
    [1_000, "refused"],
  ])("may be 10, one after the other, and no more: %d are %s", (count, what) => {
    let last = strategy("0");
    for (let version = 1; version <= count; version++) last = strategy(String(version), [last]);
    const error = errorOf(() => groupEvent(EVENT, last));
    expect(error === undefined ? "taken" : isCoded(error) && "refused").toBe(what);
  });

  test("may be objects of a class, whose method reads its fields", () => {
    class ByPrefix implements GroupingStrategy {
      readonly version = "prefix/1";
      readonly #prefix = "shop";

      group({ type }: GroupingInput) {
        return { key: `${this.#prefix} ${type}`, title: type };
      }
    }
    expect(groupEvent(EVENT, new ByPrefix()).key).toBe("shop Error");
  });
});

describe("the key", () => {
  const part = fc.constantFrom("", "a", "b", "⋄", "⋄⋄", "a ⋄ b", " ⋄ ", "⋄ a", "b ⋄ a");
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });

  test("of two fingerprints is another one, whatever their parts are", () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const [ofOne, ofOther] = [one, other].map((fingerprint) => groupEvent({ ...EVENT, fingerprint }).key);
        expect(ofOne === ofOther).toBe(one.join("\0") === other.join("\0"));
      }),
      { examples: [[["a ⋄ b"], ["a", "b"]]] },
    );
  });

  test("of a fingerprint is none that an event without one has, but for {{ default }} alone", () => {
    const withDefault = fc.array(fc.oneof(part, fc.constant("{{ default }}")), { minLength: 1, maxLength: 3 });
    const texts = fc.record({ type: part, value: fc.array(part, { maxLength: 2 }).map((lines) => lines.join("\n")) });
    fc.assert(
      fc.property(texts, texts, withDefault, (one, other, fingerprint) => {
        fc.pre(one.type + one.value !== "");
        const key = groupEvent(one).key;
        const isDefaultAlone = fingerprint.length === 1 && fingerprint[0] === "{{ default }}";
        expect(groupEvent({ ...one, fingerprint }).key === key).toBe(isDefaultAlone);
        if (!isDefaultAlone) expect(groupEvent({ ...other, fingerprint }).key).not.toBe(key);
      }),
      { numRuns: 2_000, examples: [[{ type: "a", value: "b" }, { type: "", value: "x" }, ["a", "b"]]] },
    );
  });

  test("of a type and of lines is another one, whatever separators they have", () => {
    const keyOf = (type: string, value: string): string => groupEvent({ type, value }).key;
    const keys = [
      keyOf("Error", "a ⋄ b"),
      keyOf("Error", "a\nb"),
      keyOf("Error ⋄ a", "b"),
      keyOf("Error", "a ⋄⋄ b"),
      keyOf("Error ⋄ a ⋄ b", ""),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("of an event is the same again, in any order of events", () => {
    const events = [...SAME, ...APART].flatMap(({ type, values }) => values.map((value) => ({ type, value })));
    const keys = events.map((event) => groupEvent(event).key);
    const again = events.toReversed().map((event) => groupEvent(event).key);
    expect(again.reverse()).toEqual(keys);
  });
});
