import { describe, expect, test } from "vitest";
import { bucketOf, bucketStart, type CalendarPeriod, type Period } from "../../src/core/calendar.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import { evaluateThresholds } from "../../src/core/threshold.ts";
import { parseVolumeCondition, type VolumeBasedCondition } from "../../src/core/conditions/volume-condition.ts";
import { readJson } from "../support/json.ts";

/** Period, number of periods, volume, name. */
type ThresholdRow = readonly [Period, number, number, string];
type FinalCounts = Record<string, Record<string, number>>;

interface Sequence {
  readonly id: string;
  readonly start_epoch_s: number;
  readonly thresholds: Record<string, ThresholdRow[]>;
  readonly events_delta_s_and_n: [number, number][];
  readonly result_order: Record<string, string[]>;
  readonly expected_fixed: Record<string, string[]>;
  readonly final_counts: FinalCounts;
}

const { sequences } = readJson<{ sequences: Sequence[] }>(new URL("period-counter.json", import.meta.url));

/** Sequences that ours answers differently, each with the rule it follows instead. */
const DIFFERS: Record<string, string> = {
  "PCR-03 th2": "rule 2: 28 hours are refused, 24 are kept",
  "PCR-15 th2": "rule 2: 44 days are refused, 30 are kept",
  "PCR-15 th1": "rule 4: a late event is judged at the newest month seen, not at its own",
  "PCR-17 th0": "rule 2: 25 hours are refused, 24 are kept",
  "PCR-19 th0": "rule 4: a late event is judged at the newest hour seen, not at its own",
  "PCR-19 th1": "rule 4: a late event is judged at the newest month seen, not at its own",
  "PCR-19 th2": "rule 4: a late event is judged at the newest hour seen, not at its own",
};

describe("sequences that were run through Bugsink's counter", () => {
  test.each(sequences)("$id gives the same answers, except for documented differences", (sequence) => {
    const actual = new Map<string, string>();
    const expected = new Map<string, string>();
    for (const [purpose, names] of Object.entries(sequence.result_order)) {
      names.forEach((name, index) => expected.set(name, sequence.expected_fixed[purpose]?.[index] ?? ""));
    }
    for (const [, , , name] of thresholdsOf(sequence)) actual.set(name, "");
    const counter = new PeriodCounter();
    let now = sequence.start_epoch_s;
    for (const [delta, n] of sequence.events_delta_s_and_n) {
      now += delta;
      counter.inc(now * 1_000, n);
      for (const row of thresholdsOf(sequence)) actual.set(row[3], (actual.get(row[3]) ?? "") + answer(counter, row));
    }
    for (const [name, bits] of expected) {
      const reason = DIFFERS[`${sequence.id} ${name}`];
      expect([name, actual.get(name) === bits]).toEqual([name, reason === undefined]);
    }
    expectCounts(counter, sequence.final_counts);
  });
});

function thresholdsOf({ thresholds }: Sequence): ThresholdRow[] {
  return Object.values(thresholds).flat();
}

function answer(counter: PeriodCounter, [period, nrOfPeriods, volume]: ThresholdRow): string {
  let condition: VolumeBasedCondition;
  try {
    condition = parseVolumeCondition({ period, nrOfPeriods, volume });
  } catch {
    return "refused";
  }
  return evaluateThresholds(counter, [{ condition }])[0]?.met === true ? "1" : "0";
}

/** Compares buckets that Bugsink still had with ours; it does not evict a late bucket until the next new one. */
function expectCounts(counter: PeriodCounter, counts: FinalCounts): void {
  expect(counter.total).toBe(counts["total"]?.[""]);
  const newest = bucketStart("minute", counter.newestMinute ?? 0);
  for (const period of ["year", "month", "day", "hour", "minute"] as const) {
    const series = counter.series(period, { year: 5, month: 12, day: 30, hour: 24, minute: 60 }[period], newest);
    for (const { startsAt, count } of series)
      expect([period, startsAt, count]).toEqual([period, startsAt, counts[period]?.[nameOf(period, startsAt)] ?? 0]);
  }
}

function nameOf(period: CalendarPeriod, at: number): string {
  const date = new Date(at);
  const fields = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ];
  return fields.slice(0, { year: 1, month: 2, week: 0, day: 3, hour: 4, minute: 5 }[period]).join("-");
}

interface CounterVector {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly inputs: { readonly events: [string, number?][]; readonly thresholds: Record<string, ThresholdRow[]> };
  readonly expected_seed: {
    readonly outputs: Record<string, [boolean, unknown][]>[];
    readonly counts_after: FinalCounts;
  };
  readonly expected_fixed?: { readonly outputs: Record<string, [boolean, unknown][]>[] };
}

const { vectors } = readJson<{ vectors: CounterVector[] }>(new URL("lifecycle.json", import.meta.url));

/** Thresholds of single vectors that ours answers differently. */
const VECTOR_DIFFERS: Record<string, string> = {
  "PC-11 48h": "rule 2: 48 hours are refused, 24 are kept",
  "PC-13 24": "rule 2: 24 months are refused, 12 are kept",
  "PC-15 2h": "rule 4: judged at the newest hour seen, 12, whose two hours do not hold the late event",
  "PC-17 60m": "rule 4: judged at the newest minute seen, whose sixty minutes do not hold all of them",
  "PC-17 2h": "rule 4: judged at the newest hour seen, whose two hours do not hold all of them",
  "PC-19 zero": "a condition of 0 events is refused: it would always be met",
  "PC-23 t": "instants are numbers: there are no time zones to refuse",
};

describe("single counter vectors", () => {
  test.each(vectors.filter(({ group }) => group === "period_counter"))("$id: $title", ({ id, inputs, ...vector }) => {
    const counter = new PeriodCounter();
    const { outputs } = vector.expected_fixed ?? vector.expected_seed;
    const differing = new Set<string>();
    inputs.events.forEach(([at, n], index) => {
      counter.inc(Date.parse(at), n ?? 1);
      for (const [purpose, rows] of Object.entries(inputs.thresholds)) {
        for (const row of rows) {
          const expected = outputs[index]?.[purpose]?.find(
            ([, name]) => JSON.stringify(name) === JSON.stringify(row[3]),
          )?.[0];
          if (answer(counter, row) !== (expected === true ? "1" : "0")) differing.add(`${id} ${row[3]}`);
        }
      }
    });
    expect([...differing]).toEqual(Object.keys(VECTOR_DIFFERS).filter((each) => each.startsWith(id)));
  });
});

describe("vectors on stepping back by buckets", () => {
  const stepping = readJson<{
    vectors: {
      id: string;
      group: string;
      inputs: { cases: { tuple: number[]; n: number }[] };
      expected_seed: number[][];
      intended?: number[][];
    }[];
  }>(new URL("lifecycle.json", import.meta.url)).vectors.filter(({ group }) => group === "prev_tuple");

  test.each(stepping)("$id", ({ inputs, intended, expected_seed }) => {
    const expected = intended ?? expected_seed;
    inputs.cases.forEach(({ tuple, n }, index) => {
      const period = (["year", "month", "day", "hour", "minute"] as const)[tuple.length - 1];
      if (period === undefined) {
        expect(expected[index]).toEqual([]); // total has no buckets to step back by
        return;
      }
      const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = tuple;
      const start = bucketStart(period, bucketOf(period, Date.UTC(year, month - 1, day, hour, minute)) - n);
      expect(nameOf(period, start)).toBe(expected[index]?.join("-"));
    });
  });
});
