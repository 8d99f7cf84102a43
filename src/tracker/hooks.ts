import { invalidInput, isArray } from "../core/input.ts";
import { arrayOf, callback, object, optional, type Shape } from "../core/shape.ts";
import type { TrackerHooks } from "../ports/tracker-hooks.ts";

type Hook<Name extends keyof TrackerHooks> = NonNullable<TrackerHooks[Name]>;

/** Checked hooks: of each kind those that the host gave, in its order. */
export type CheckedHooks = { readonly [Name in keyof TrackerHooks]-?: readonly Hook<Name>[] };

const EXAMPLE = "{ committed: ({ changed }) => refresh(changed) }";

const hooksShape = object(
  {
    around: optional(callback<Hook<"around">>()),
    ended: optional(callback<Hook<"ended">>()),
    committed: optional(callback<Hook<"committed">>()),
    delivered: optional(callback<Hook<"delivered">>()),
  } satisfies Record<keyof TrackerHooks, Shape<unknown>>,
  EXAMPLE,
);
const hookList = arrayOf(hooksShape);

/** Checks hooks: one object, or an array of them. */
export function requireHooks(field: string, value: unknown): CheckedHooks {
  if (typeof value !== "object" || value === null) {
    throw invalidInput(field, value, `an object with hooks, as in ${EXAMPLE}, or an array of such`);
  }
  const all = isArray(value) ? hookList(field, value) : [hooksShape(field, value)];
  return {
    around: all.flatMap(({ around }) => around ?? []),
    ended: all.flatMap(({ ended }) => ended ?? []),
    committed: all.flatMap(({ committed }) => committed ?? []),
    delivered: all.flatMap(({ delivered }) => delivered ?? []),
  };
}

/** No hooks. */
export const NO_HOOKS: CheckedHooks = { around: [], ended: [], committed: [], delivered: [] };
