import fc from "fast-check";
import { CALENDAR_PERIODS, KEPT_BUCKETS } from "../../src/core/calendar.ts";
import type { Condition } from "../../src/core/conditions/condition.ts";
import type { VolumeBasedCondition } from "../../src/core/conditions/volume-condition.ts";

const MINUTE = 60_000;

/** Milliseconds between events: mostly short, sometimes long, sometimes negative. */
export const stepMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 2 * MINUTE }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 * 60 * MINUTE }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 * 24 * 60 * MINUTE }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 800 * 24 * 60 * MINUTE }) },
  { weight: 2, arbitrary: fc.integer({ min: -3 * 60 * MINUTE, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: -800 * 24 * 60 * MINUTE, max: 0 }) },
);

/** Instants near the end of a year, a month or a leap day, near 0, or anywhere. */
export const startInstant = fc.oneof(
  fc.constantFrom(
    Date.UTC(2023, 11, 31, 23, 58),
    Date.UTC(2024, 1, 28, 23, 59),
    Date.UTC(2024, 1, 29),
    Date.UTC(2026, 2, 29, 0, 59),
  ),
  fc.integer({ min: 0, max: 3 * 24 * 60 * MINUTE }),
  fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2040, 0) }),
);

/** Any window that is kept. */
export const keptWindow = fc
  .oneof(
    ...CALENDAR_PERIODS.map((period) =>
      fc.tuple(fc.constant(period), fc.integer({ min: 1, max: KEPT_BUCKETS[period] })),
    ),
  )
  .map(([period, nrOfPeriods]) => ({ period, nrOfPeriods }));

/** Any volume condition that a test can meet. */
export const condition: fc.Arbitrary<VolumeBasedCondition> = fc.oneof(
  fc
    .record({ window: keptWindow, volume: fc.integer({ min: 1, max: 12 }) })
    .map(({ window, volume }) => ({ kind: "volume" as const, ...window, volume })),
  fc
    .integer({ min: 1, max: 12 })
    .map((volume) => ({ kind: "volume" as const, period: "total" as const, nrOfPeriods: 1, volume })),
);

/** Any condition of a watch that a test can meet. */
export const watchCondition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: condition },
  fc.record({
    kind: fc.constant("users" as const),
    users: fc.integer({ min: 1, max: 4 }),
    days: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 30 })),
  }),
  fc.record({
    kind: fc.constant("spike" as const),
    floor: fc.integer({ min: 1, max: 4 }),
    factor: fc.constantFrom(1, 1.5, 3),
  }),
  fc.record({
    kind: fc.constant("louder" as const),
    floor: fc.integer({ min: 1, max: 6 }),
    factor: fc.constantFrom(1, 2.5),
  }),
);

/** Any condition of a mute that a test can meet. */
export const muteCondition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 6, arbitrary: watchCondition },
  fc.record({ kind: fc.constant("users" as const), users: fc.integer({ min: 1, max: 4 }) }),
);

/** How many code points are surrogates, and where they begin. */
const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * Any code point. fast-check's own unit "binary" is the same, but keeps a map of all million of them, which takes each process of
 * the tests a second to make.
 */
const codePoint = fc.nat(0x10ffff - SURROGATES.count).map(
  (index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count),
  (text) => {
    const code = typeof text === "string" ? text.codePointAt(0) : undefined;
    if (code === undefined || text !== String.fromCodePoint(code)) throw new Error("not one code point");
    if (code < SURROGATES.from) return code;
    if (code < SURROGATES.from + SURROGATES.count) throw new Error("a surrogate");
    return code - SURROGATES.count;
  },
);

/** Texts of any code points. */
export function anyText(constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: codePoint });
}

/** Texts that often break code: control characters, NUL, lone surrogates, four-byte characters, prototype names. */
export const hostileText = fc.oneof(
  anyText(),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "\0",
    "\u001a",
    "\ue000\ue0ff",
    "\ud800",
    "\udfff",
    "a\0b",
    "😀",
    "' OR 1=1 --",
    "⋄",
    " ⋄ ",
    "{{ default }}",
  ),
);
