/** One line of a report: a figure, and its ratio to a floor measured in the same run. */
export interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with; `undefined` for a floor itself. */
  readonly floor?: number;
  /** The ratio that is aimed at. */
  readonly goal?: number;
}

/** Prints a section. Only the ratios mean anything: machines differ, and the same one differs from run to run. */
export function report(title: string, lines: readonly Line[]): void {
  console.log(`\n${title}`);
  for (const { what, value, unit, floor, goal } of lines) {
    const ratio = floor === undefined ? "" : `${(value / floor).toFixed(2)}x`;
    const aim = goal === undefined ? "" : `goal ${String(goal)}x`;
    console.log(`  ${what.padEnd(64)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(9)} ${ratio.padStart(8)}  ${aim}`);
  }
}

/** The middle one of several measurements, each of which is made anew. */
export async function medianOf(runs: number, measure: () => number | Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) values.push(await measure());
  values.sort((one, other) => one - other);
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** How long work takes, per operation, in microseconds. */
export async function microsecondsPer(operations: number, work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return ((performance.now() - start) * 1_000) / operations;
}
