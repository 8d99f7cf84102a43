import type { IssueOrder } from "../core/issue-list.ts";
import type { IssuePageRequest, IssuePosition } from "../ports/issue-store.ts";
import { BEYOND_ALL } from "./rows/damage.ts";
import {
  eventCountClass,
  eventCountsIn,
  FEW_EVENTS,
  instantsIn,
  minuteClass,
  type ClassValues,
} from "./rows/list-classes.ts";
import type { StretchParameters, StretchSorting } from "./statements/stretch-statements.ts";

/** A range of an index from which a page is read. */
export interface Stretch {
  readonly sorting: StretchSorting;
  /** Its beginning and end. */
  readonly bounds: Pick<StretchParameters, "coarse" | "value" | "number" | "reach" | "reach_number">;
}

/** A part of the index of an order in which issues are sorted by their classes. Parts of the same order have to be merged. */
export interface IndexPart {
  /** Ascending. */
  readonly ranges: readonly { readonly sorting: "indexed" | "coarse"; readonly from: number; readonly to: number }[];
  /** The class of a value. */
  readonly classOf: (value: number) => number;
  readonly valuesIn: (coarse: number) => ClassValues;
}

const FIRST = -BEYOND_ALL;
const LAST = BEYOND_ALL;

/** The part of an index whose classes are the values themselves. */
function exactPart(from: number, to: number): IndexPart {
  return {
    ranges: [{ sorting: "indexed", from, to }],
    classOf: (value) => value,
    valuesIn: (value) => ({ first: value, last: value }),
  };
}

const INDEX_PARTS: Readonly<Record<IssueOrder, readonly IndexPart[]>> = {
  "first-seen": [exactPart(FIRST, LAST)],
  "last-seen": [
    { ranges: [{ sorting: "coarse", from: FIRST, to: -1 }], classOf: minuteClass, valuesIn: instantsIn },
    exactPart(0, LAST),
  ],
  "event-count": [
    {
      ranges: [
        { sorting: "indexed", from: FIRST, to: FEW_EVENTS - 1 },
        { sorting: "coarse", from: FEW_EVENTS, to: LAST },
      ],
      classOf: eventCountClass,
      valuesIn: eventCountsIn,
    },
  ],
};

/** The parts of the index from which a page in this order is read. */
export function indexPartsOf(order: IssueOrder): readonly IndexPart[] {
  return INDEX_PARTS[order];
}

/** The values of a class of an order. */
export function valuesIn(coarse: number, order: IssueOrder): ClassValues {
  const part = INDEX_PARTS[order].find(({ ranges }) => ranges.some(({ from, to }) => coarse >= from && coarse <= to));
  return (part ?? exactPart(FIRST, LAST)).valuesIn(coarse);
}

/** The stretches of a part of the index from which a page is read, one after the other until it is full. */
export function stretchesOf(
  { ranges, classOf, valuesIn }: IndexPart,
  { after, order, descending }: Pick<IssuePageRequest, "after" | "order" | "descending">,
): Stretch[] {
  const start = after === null ? null : { ...after, coarse: classOf(after.value) };
  const [beyond, reach_number] = descending ? [LAST, FIRST] : [FIRST, LAST];
  return (descending ? ranges.toReversed() : ranges).flatMap(({ sorting, from, to }): Stretch[] => {
    const [near, reach] = descending ? [to, from] : [from, to];
    const whole = { sorting, bounds: { coarse: near, value: beyond, number: beyond, reach, reach_number } };
    if (start === null) return [whole];
    if (descending ? start.coarse < from : start.coarse > to) return [];
    if (start.coarse < from || start.coarse > to) return [whole];
    const rest = { sorting, bounds: { ...whole.bounds, coarse: start.coarse + (descending ? -1 : 1) } };
    if (sorting === "coarse" && isEndOf(valuesIn(start.coarse), start, descending)) return [rest];
    if (sorting === "coarse" || order === "first-seen") {
      return [{ sorting, bounds: { ...start, reach, reach_number } }];
    }
    // Not every database seeks a position among equal values of the index, unless the condition says that they are equal.
    return [{ sorting: "indexed-equals", bounds: { ...start, reach: start.coarse, reach_number } }, rest];
  });
}

/** The position after all issues with the values of a class. */
export function endOf({ first, last }: ClassValues, descending: boolean): IssuePosition {
  return descending
    ? { value: safe(first), number: Number.MIN_SAFE_INTEGER }
    : { value: safe(last), number: Number.MAX_SAFE_INTEGER };
}

function isEndOf(values: ClassValues, { value, number }: IssuePosition, descending: boolean): boolean {
  const end = endOf(values, descending);
  return value === end.value && number === end.number;
}

/** The nearest value that a position can hold. */
export function safe(value: number): number {
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** The parts of stretches that are not behind a position. */
export function endingAt(
  stretches: readonly Stretch[],
  { classOf }: IndexPart,
  end: IssuePosition,
  { order, descending }: Pick<IssuePageRequest, "order" | "descending">,
): Stretch[] {
  const reach = classOf(end.value);
  const isBehind = (one: number, other: number): boolean => (descending ? one < other : one > other);
  return stretches.flatMap((stretch): Stretch[] => {
    const { sorting, bounds } = stretch;
    if (isBehind(bounds.coarse, reach)) return [];
    if (isBehind(reach, bounds.reach)) return [stretch];
    if (sorting === "coarse" || order === "first-seen") return [{ sorting, bounds: { ...bounds, reach } }];
    // The last value is a stretch of its own, for the same reason as the first one.
    const isOneValue = bounds.coarse === reach;
    const number = isOneValue ? bounds.number : descending ? LAST : FIRST;
    const last = { ...bounds, coarse: reach, number, reach, reach_number: end.number };
    const before = { ...bounds, reach: reach + (descending ? 1 : -1) };
    return [...(isOneValue ? [] : [{ sorting, bounds: before }]), { sorting: "indexed-equals", bounds: last }];
  });
}
