import { MAX_MEMO_LENGTH } from "../alerts/delivery-error.ts";
import type { DeliveryAttempt } from "../ports/alert-sink.ts";
import { memberOf } from "./sink-failure.ts";

/**
 * How far the delivery of one alert to several targets (routes of a router, recipients of an e-mail) has come. A sink keeps it
 * in the attempt's memo, so that the next attempt, in any process, continues from there.
 */
export interface DeliveryProgress {
  /** The targets that have the alert. */
  readonly delivered: ReadonlySet<string>;
  /** The targets that failed permanently. */
  readonly failed: ReadonlySet<string>;
  /** The memos of those targets that are tried again and have one of their own. */
  readonly memos: ReadonlyMap<string, string>;
}

/** The version of the memo's form. A memo of another version is ignored. */
const VERSION = 1;

/**
 * Reads the progress from an attempt's memo. A memo that is missing, damaged or of another sink counts as no progress.
 *
 * At the first attempt, also the first one after a redrive, permanent failures are forgotten: those targets are tried again.
 *
 * @param targets - the present targets; entries for others are dropped
 */
export function readProgress(
  { memo, number }: Pick<DeliveryAttempt, "memo" | "number">,
  targets: readonly string[],
): DeliveryProgress {
  const parsed = memo === null ? undefined : tryParse(memo);
  const stored = memberOf(parsed, "v") === VERSION ? parsed : undefined;
  const isTarget = (name: string): boolean => targets.includes(name);
  return {
    delivered: new Set(textsIn(memberOf(stored, "done")).filter(isTarget)),
    failed: new Set(number === 1 ? [] : textsIn(memberOf(stored, "gaveUp")).filter(isTarget)),
    memos: new Map(textMembersOf(memberOf(stored, "memos")).filter(([name]) => isTarget(name))),
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
 * Writes the progress as a memo. If it is too long, the longest memos of targets are dropped: those targets start from the
 * beginning and may repeat a delivery, which a sink may do at any time. 100 names of 10 characters, or 20 of 50, always fit.
 */
export function writeProgress({ delivered, failed, memos }: DeliveryProgress): string {
  const kept = [...memos].toSorted(([, one], [, other]) => one.length - other.length);
  for (;;) {
    const memo = JSON.stringify({
      v: VERSION,
      done: [...delivered],
      gaveUp: [...failed],
      memos: Object.fromEntries(kept),
    });
    if (memo.length <= MAX_MEMO_LENGTH || kept.pop() === undefined) return memo;
  }
}
