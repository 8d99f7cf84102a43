import { expectEqual } from "../../assertion/assertion.ts";
import { abbreviated } from "../long-text.ts";

/**
 * Texts for each kind of key. Those that are alike are next to each other: every second one is stored in one place, the others
 * in another, so that a store which takes two for one key either finds too much, or has too little.
 */
export interface KeyTexts {
  readonly projectIds: readonly string[];
  readonly slugs: readonly string[];
  readonly eventIds: readonly string[];
  readonly groupKeys: readonly string[];
  readonly strategies: readonly string[];
  readonly releaseNames: readonly string[];
  readonly lines: readonly string[];
  readonly orderKeys: readonly string[];
  readonly environments: readonly string[];
  /** Hashes of users: 32 hexadecimal digits each. */
  readonly users: readonly string[];
  readonly tokens: readonly string[];
}

/** Calls a function for each item, one after the other: a connection runs one query at a time. */
export async function oneByOne<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
}

/** Those of some items that are stored: every second one. */
export function stored<Item>(items: readonly Item[]): Item[] {
  return items.filter((_, index) => index % 2 === 0);
}

/** Those of some items that are not stored. */
export function others<Item>(items: readonly Item[]): Item[] {
  return items.filter((_, index) => index % 2 === 1);
}

/** Compares what was found by keys. A failure names the keys. */
export function expectByKey(
  what: string,
  keys: readonly unknown[],
  actual: readonly unknown[],
  expected: readonly unknown[],
): void {
  const byKey = (found: readonly unknown[]): Map<unknown, unknown> =>
    new Map(keys.map((key, index) => [abbreviated(key), abbreviated(found[index])]));
  expectEqual(`how many ${what}`, actual.length, expected.length);
  expectEqual(what, byKey(actual), byKey(expected));
}
