/** A figure: what something costs, beside a floor that was measured in the same run. */
export interface Figure {
  /** What it is recorded by, such as `sqlite/one/hot`. */
  readonly id: string;
  /** In words. */
  readonly what: string;
  /** The middle one of the measurements. */
  readonly value: number;
  readonly unit: string;
  /** That of the floor, in the same unit; none for a figure that is no ratio. */
  readonly floor?: number;
  /** The ratio that is aimed at, at most; for a figure that is no ratio the value. */
  readonly goal?: number;
  /** The ratio. By rounds, it is the middle one of the ratios of each. */
  readonly ratio?: number;
}

/** Figures of one kind, that are measured together. */
export interface Section {
  readonly title: string;
  /** What the floor is. */
  readonly floor: string;
  /** What explains the figures: a paragraph of the page. */
  readonly says?: string;
  readonly run: (form: Form) => Promise<readonly Figure[]>;
}

/** How much is measured. */
export interface Form {
  readonly isShort: boolean;
  /** How many rounds of a comparison. */
  readonly rounds: number;
}

/** A figure with its ratio. */
export function figure(parts: Omit<Figure, "ratio">): Figure {
  return parts.floor === undefined ? parts : { ...parts, ratio: parts.value / parts.floor };
}

/** The middle one of some values. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Something whose cost is compared with that of others, such as a store with a tracker on it. */
export interface Contender {
  /** Does a round's work. What it needs is ready. */
  readonly work: () => unknown;
  /** Makes ready what the next round needs. */
  readonly prepare?: () => unknown;
  /** How many operations a round has. Default 1. */
  readonly operations?: number;
  readonly close?: () => unknown;
}

/**
 * Measures contenders in turns, a round of each: the machine's moods then meet all of them alike. The first is the floor.
 *
 * @returns for each contender the middle one of its times, in microseconds per operation, and of its ratios to the floor
 */
export async function compare(
  rounds: number,
  contenders: readonly Contender[],
): Promise<readonly { readonly value: number; readonly ratio: number }[]> {
  const times = contenders.map((): number[] => []);
  // One round more than counts, to warm up.
  for (let round = -1; round < rounds; round++) {
    for (const [index, { work, prepare, operations = 1 }] of contenders.entries()) {
      await prepare?.();
      const start = performance.now();
      await work();
      const taken = ((performance.now() - start) * 1_000) / operations;
      if (round >= 0) times[index]?.push(taken);
    }
  }
  for (const { close } of contenders) await close?.();
  const [floor = []] = times;
  return times.map((taken) => ({
    value: medianOf(taken),
    ratio: medianOf(taken.map((each, round) => each / (floor[round] ?? Number.NaN))),
  }));
}

/** Measures contenders beside a floor, as {@link compare} does, and makes a figure of each. */
export async function figuresBeside(
  rounds: number,
  unit: string,
  floor: Contender,
  contenders: readonly (readonly [Pick<Figure, "id" | "what" | "goal">, Contender])[],
): Promise<Figure[]> {
  const [first, ...measured] = await compare(rounds, [floor, ...contenders.map(([, contender]) => contender)]);
  return contenders.map(([parts], index) => ({
    ...parts,
    unit,
    value: measured[index]?.value ?? Number.NaN,
    floor: first?.value ?? Number.NaN,
    ratio: measured[index]?.ratio ?? Number.NaN,
  }));
}
