import { writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { ALERTS } from "./alerts.ts";
import { BACKTEST } from "./backtest.ts";
import { BOARD } from "./board.ts";
import { COUNTER, COUNTER_SIZE, DECISIONS } from "./decisions.ts";
import { EVENT_LOOP } from "./event-loop.ts";
import type { Figure, Form, Section } from "./figure.ts";
import { MEMORY_SIZE } from "./memory-size.ts";
import { writePage } from "./page.ts";
import { readRecorded, tooHigh } from "./recorded.ts";
import { serverSections } from "./servers.ts";
import {
  BIG_KEYS_BESIDE,
  BIG_TEXTS,
  MEMORY,
  SQLITE_BATCHES,
  SQLITE_BATCH_SIZES,
  SQLITE_CONCURRENT,
  SQLITE_HISTORY,
  SQLITE_SINGLE,
} from "./stores.ts";

/*
 * Measures what this library promises, each figure beside a floor of the same run: from one machine to another, and from one run to
 * another, only the ratios mean anything.
 *
 *   npm run bench                     all figures; writes docs/performance.md, its pictures and bench/results.json
 *   npm run bench -- --short          fewer rounds, and less history; writes nothing
 *   npm run bench -- --short --check  fails if a ratio is twice what bench/recorded.json has, twice in a row
 *   npm run bench -- --short --record writes bench/recorded.json
 *
 * Servers that the environment names, as for the tests, are measured too.
 */
const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
  },
});
const form: Form = options.short ? { isShort: true, rounds: 7 } : { isShort: false, rounds: 21 };
const RECORDED = new URL("recorded.json", import.meta.url);
const recorded = options.check ? readRecorded(RECORDED) : new Map<string, number>();

const sections: readonly Section[] = [
  COUNTER,
  COUNTER_SIZE,
  DECISIONS,
  BACKTEST,
  SQLITE_SINGLE,
  SQLITE_CONCURRENT,
  SQLITE_BATCHES,
  SQLITE_BATCH_SIZES,
  SQLITE_HISTORY,
  MEMORY,
  MEMORY_SIZE,
  BIG_TEXTS,
  BIG_KEYS_BESIDE,
  ALERTS,
  BOARD,
  EVENT_LOOP,
  ...serverSections(),
];

const [cpu] = cpus();
const sqlite = String(new Database(":memory:").prepare("select sqlite_version()").pluck().get());
const machine =
  `Node ${process.versions.node}, SQLite ${sqlite}, ${platform()} ${arch()}, ` +
  `${String(cpus().length)} x ${cpu?.model.trim() ?? "unknown"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
console.log(machine);

function print({ title, floor }: Section, figures: readonly Figure[]): void {
  console.log(`\n${title}\n  floor: ${floor}`);
  for (const { what, value, unit, ratio, goal } of figures) {
    const shown = ratio === undefined ? "" : `${ratio.toFixed(2)}x`;
    const aim = goal === undefined ? "" : `goal ${String(goal)}${ratio === undefined ? "" : "x"}`;
    console.log(
      `  ${what.padEnd(72)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(12)} ${shown.padStart(8)}  ${aim}`,
    );
  }
}

const measured: { section: Section; figures: readonly Figure[] }[] = [];
const failures: string[] = [];
for (const section of sections) {
  let figures = await section.run(form);
  print(section, figures);
  if (options.check && tooHigh(figures, recorded).length > 0) {
    console.log(`  Twice as much as recorded: ${tooHigh(figures, recorded).join(", ")}. Once more:`);
    figures = await section.run(form);
    print(section, figures);
    failures.push(...tooHigh(figures, recorded));
  }
  measured.push({ section, figures });
}

if (options.record) {
  const ratios = measured.flatMap(({ figures }) =>
    figures.flatMap(({ id, ratio }) => (ratio === undefined ? [] : [[id, Number(ratio.toFixed(3))]])),
  );
  writeFileSync(RECORDED, `${JSON.stringify(Object.fromEntries(ratios), null, 2)}\n`);
}
if (!options.short) writePage(machine, measured);
if (failures.length > 0) {
  console.error(`\nTwice as much as recorded, twice: ${failures.join("; ")}`);
  process.exitCode = 1;
}
