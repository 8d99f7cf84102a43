import { describe, expect, test } from "vitest";
import { titleGrouping } from "../../src/core/title-grouping.ts";
import { titleOf } from "../../src/core/title.ts";
import { readSentryEvent } from "../../src/sentry/index.ts";
import { EMPTY_INPUT } from "../support/grouping.ts";
import recorded from "../vectors/grouping.json" with { type: "json" };

interface Vector {
  readonly id: string;
  readonly inputs: { readonly cases: readonly unknown[] };
  readonly expected?: readonly unknown[];
  readonly expected_head?: readonly unknown[];
}

const LONG_TYPE = "T".repeat(129);
const LONG_VALUE = "v".repeat(1_025);

/** The results that differ from those of Bugsink at HEAD, and the reasons. */
const OURS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  // Other values are converted to strings as JavaScript and JSON do, not as Python does.
  "GK-05": { 1: "null ⋄ true ⋄ 1.5" },
  // A key is made of whole texts: nothing that identifies an issue is shortened.
  "GK-09": { 1: `${LONG_TYPE}: v ⋄ <no transaction>`, 3: `E: ${LONG_VALUE} ⋄ <no transaction>` },
  "TI-01": {
    // An empty log message has a title of its own; "Log Message" could be the type of an error.
    9: "<no log message>",
    // An exception without a type is an Error.
    10: "Error",
    // As GK-05. JSON has one type of number.
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
      inputs.cases.map((input, index) => ({
        id: `${id}[${String(index)}]`,
        input,
        expected: OURS[id]?.[index] ?? (expected ?? expected_head)?.[index],
      })),
    );

const read = (payload: unknown) => readSentryEvent(payload, { projectId: "shop" });

describe("a Sentry payload has the grouping key of Bugsink's vectors", () => {
  test.each(casesOf("GK"))("$id", ({ input, expected }) => {
    const { type = "", value = "", transaction = "", fingerprint = [] } = read(input);
    expect(titleGrouping.group({ ...EMPTY_INPUT, type, value, transaction, fingerprint }).key).toBe(expected);
  });
});

describe("an exception has the title of Bugsink's vectors", () => {
  test.each(casesOf("TI"))("$id", ({ input, expected }) => {
    const pair: readonly unknown[] = Array.isArray(input) ? input : [];
    const [type, value] = pair;
    const event = read({ exception: { values: [{ type, value, mechanism: {} }] } });
    expect(titleOf(event.type ?? "", event.value ?? "")).toBe(expected);
  });
});

test("a long type and value are shortened in the title only", () => {
  const { type = "", value = "" } = read({ exception: [{ type: LONG_TYPE, value: LONG_VALUE }] });
  expect(titleOf(type, value)).toBe(`${"T".repeat(127)}…: ${"v".repeat(1_023)}…`);
});
