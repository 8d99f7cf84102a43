import { describe, expect, test } from "vitest";
import { titleGrouping, titleOf } from "../../src/core/grouping.ts";
import { readSentryEvent } from "../../src/sentry/index.ts";
import recorded from "../vectors/grouping.json" with { type: "json" };

interface Vector {
  readonly id: string;
  readonly inputs: { readonly cases: readonly unknown[] };
  readonly expected?: readonly unknown[];
  readonly expected_head?: readonly unknown[];
}

const LONG_TYPE = "T".repeat(129);
const LONG_VALUE = "v".repeat(1_025);

/** Where this library answers otherwise than Bugsink at HEAD, and the rule that says so. */
const OURS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  // What is no text is written as JavaScript and JSON do, not as Python does.
  "GK-05": { 1: "null ⋄ true ⋄ 1.5" },
  // What identifies is never shortened (design.md 7): a key is made of whole texts.
  "GK-09": { 1: `${LONG_TYPE}: v ⋄ <no transaction>`, 3: `E: ${LONG_VALUE} ⋄ <no transaction>` },
  "TI-01": {
    // A log message that says nothing is titled so, and "Log Message" is the name of no error.
    9: "<no log message>",
    // An exception without a type is an Error.
    10: "Error",
    // As GK-05. JSON knows one kind of number.
    14: 'E: {"a":1}',
    15: 'E: [1,"x"]',
    16: "E: true",
    18: "E: 1",
  },
};

const vectors: readonly Vector[] = recorded.vectors;
const casesOf = (prefix: string) =>
  vectors
    .filter(({ id }) => id.startsWith(prefix))
    .flatMap(({ id, inputs, expected, expected_head }) =>
      inputs.cases.map((given, index) => ({
        id: `${id}[${String(index)}]`,
        given,
        expected: OURS[id]?.[index] ?? (expected ?? expected_head)?.[index],
      })),
    );

const read = (payload: unknown) => readSentryEvent(payload, { projectId: "shop" });

describe("a Sentry payload belongs to the group that Bugsink's vectors name", () => {
  test.each(casesOf("GK"))("$id", ({ given, expected }) => {
    const { type = "", value = "", transaction = "", fingerprint = [] } = read(given);
    expect(titleGrouping.group({ type, value, transaction, fingerprint }).key).toBe(expected);
  });
});

describe("an exception has the title that Bugsink's vectors name", () => {
  test.each(casesOf("TI"))("$id", ({ given, expected }) => {
    const pair: readonly unknown[] = Array.isArray(given) ? given : [];
    const [type, value] = pair;
    const event = read({ exception: { values: [{ type, value, mechanism: {} }] } });
    expect(titleOf(event.type ?? "", event.value ?? "")).toBe(expected);
  });
});

test("a long type and value are shortened in the title only, as Bugsink's key is", () => {
  const { type = "", value = "" } = read({ exception: [{ type: LONG_TYPE, value: LONG_VALUE }] });
  expect(titleOf(type, value)).toBe(`${"T".repeat(127)}…: ${"v".repeat(1_023)}…`);
});
