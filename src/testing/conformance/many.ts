import { expectEqual } from "../assertion/assertion.ts";

/** More than databases take as parameters of one statement, as keys of one query, or return in one answer. */
export const MANY = 2_500;

/** A limit that is above the number of all that is stored. */
export const NO_LIMIT = 9_999;

/** The numbers from 1. */
export function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** The same items in an order of no meaning, always the same. */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  const { length } = items;
  return items.flatMap((_, index) => {
    // No number of items is a multiple of this prime, so that each place is visited once.
    const place = (index * 7_919) % length;
    return items.slice(place, place + 1);
  });
}

/** A reference that a method is given, and what it returns for it. */
export interface Lookup<Ref, Answer> {
  readonly ref: Ref;
  readonly answer: Answer | undefined;
}

/** Lookups of all items in another order than that in which they were stored, with some in between that find nothing. */
export function lookups<Item, Ref, Answer>(
  items: readonly Item[],
  find: (item: Item) => Lookup<Ref, Answer>,
  unknown: (number: number) => Ref,
): Lookup<Ref, Answer>[] {
  return shuffled(items).flatMap((item, index) => {
    const lookup = find(item);
    return index % 50 === 7 ? [{ ref: unknown(index), answer: undefined }, lookup] : [lookup];
  });
}

/** The references of lookups. */
export function refsIn<Ref>(asked: readonly Lookup<Ref, unknown>[]): Ref[] {
  return asked.map(({ ref }) => ref);
}

/** Compares what a method returned for each lookup, in their order. */
export function expectAnswers(
  what: string,
  actual: readonly unknown[],
  asked: readonly Lookup<unknown, unknown>[],
): void {
  const answers = asked.map(({ answer }) => answer);
  expectEqual(`how many ${what}`, actual.length, answers.length);
  expectEqual(what, actual, answers);
}

/** Compares what a method returned in no order with what it should find, by an id of each. */
export function expectFound<Item>(
  what: string,
  actual: readonly Item[],
  expected: readonly Item[],
  idOf: (item: Item) => string,
): void {
  const byId = (items: readonly Item[]) => new Map(items.map((item) => [idOf(item), item]));
  expectEqual(`how many ${what}`, actual.length, expected.length);
  expectEqual(what, byId(actual), byId(expected));
}
