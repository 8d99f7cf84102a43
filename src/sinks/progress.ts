import { MAX_MEMO_LENGTH } from "../core/delivery-error.ts";
import type { DeliveryAttempt } from "../ports/alert-sink.ts";
import { memberOf } from "./failure.ts";

/** How far a delivery to several parties has come. */
export interface Progress {
  /** Those that have the alert. */
  readonly done: ReadonlySet<string>;
  /** Those that will not have it: they refused it for good. */
  readonly gaveUp: ReadonlySet<string>;
  /** What those that are to be tried again wrote down themselves. */
  readonly memos: ReadonlyMap<string, string>;
}

/** The form of memos that is written here; another one is not read. */
const VERSION = 1;

/**
 * The progress that a memo tells of. One that cannot be read, or is another sink's, tells of none.
 *
 * At a first attempt, which is also the one after somebody drove a dead alert again, nobody has given up.
 *
 * @param parties - those that there are now; what is noted of others is forgotten
 */
export function readProgress(
  { memo, number }: Pick<DeliveryAttempt, "memo" | "number">,
  parties: readonly string[],
): Progress {
  const stored = memo === null ? undefined : tryParse(memo);
  const known = memberOf(stored, "v") === VERSION ? stored : undefined;
  const isParty = (name: string): boolean => parties.includes(name);
  return {
    done: new Set(textsIn(memberOf(known, "done")).filter(isParty)),
    gaveUp: new Set(number === 1 ? [] : textsIn(memberOf(known, "gaveUp")).filter(isParty)),
    memos: new Map(textMembersOf(memberOf(known, "memos")).filter(([name]) => isParty(name))),
  };
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function textMembersOf(value: unknown): (readonly [name: string, text: string])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, text]: [string, unknown]) =>
    typeof text === "string" ? [[name, text] as const] : [],
  );
}

/**
 * Writes a progress down. Where there is no room for all, the longest memos are left out: those parties begin anew, and may do again
 * what they have done; that is safe, as any delivery may come twice. There is always room for 100 names of 10 characters, or 20 of 50.
 */
export function writeProgress({ done, gaveUp, memos }: Progress): string {
  const kept = [...memos].toSorted(([, one], [, other]) => one.length - other.length);
  for (;;) {
    const memo = JSON.stringify({ v: VERSION, done: [...done], gaveUp: [...gaveUp], memos: Object.fromEntries(kept) });
    if (memo.length <= MAX_MEMO_LENGTH || kept.pop() === undefined) return memo;
  }
}
