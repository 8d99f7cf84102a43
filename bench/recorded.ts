import { readFileSync } from "node:fs";
import type { Figure } from "./figure.ts";

/** How much more than recorded fails: machines differ, and the same one differs from hour to hour. */
const FACTOR = 2;

/** The figures whose ratio is too high, or that were not recorded, in words. */
export function tooHigh(figures: readonly Figure[], recorded: ReadonlyMap<string, number>): string[] {
  return figures.flatMap(({ id, ratio }) => {
    if (ratio === undefined) return [];
    const known = recorded.get(id);
    if (known === undefined) return [`${id} is not recorded`];
    return ratio <= FACTOR * known ? [] : [`${id} is ${ratio.toFixed(2)}x, recorded ${known.toFixed(2)}x`];
  });
}

/** The recorded ratios, by the ids of their figures. */
export function readRecorded(file: URL): ReadonlyMap<string, number> {
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof parsed !== "object" || parsed === null) throw new Error(`There are no ratios in ${file.pathname}.`);
  return new Map(Object.entries(parsed).map(([id, ratio]) => [id, Number(ratio)]));
}
