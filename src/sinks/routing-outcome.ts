import { DeliveryError, PermanentDeliveryError } from "../core/delivery-error.ts";
import type { SinkFailure } from "./failure.ts";
import { writeProgress, type Progress } from "./progress.ts";

/** A route that was called, and what it failed with, if it did. */
export interface CalledRoute {
  readonly name: string;
  readonly failure: SinkFailure | undefined;
}

/** A route that failed. */
interface FailedRoute {
  readonly name: string;
  readonly failure: SinkFailure;
}

/**
 * Decides what came of a delivery to several routes.
 *
 * @param before - what was known of it before this attempt
 * @throws {@link DeliveryError} where a route is to be tried again, {@link PermanentDeliveryError} where none is but one has failed
 */
export function conclude(before: Progress, calls: readonly CalledRoute[]): void {
  const failed = calls.flatMap(({ name, failure }): FailedRoute[] =>
    failure === undefined ? [] : [{ name, failure }],
  );
  const after = progressAfter(before, calls, failed);
  const retried = failed.filter(({ failure }) => !failure.isPermanent);
  const gaveUp = [...after.gaveUp];
  if (retried.length === 0 && gaveUp.length === 0) return;
  const details = { memo: writeProgress(after), cause: causeOf(failed) };
  const sentences = [
    ...(retried.length > 0 ? [`Failed: ${named(retried.map(({ name }) => name))}.`] : []),
    ...(gaveUp.length > 0 ? [`Failed for good: ${named(gaveUp)}.`] : []),
    ...failed.map(({ name, failure }) => `${name}: ${failure.message}`),
  ];
  if (retried.length === 0) throw new PermanentDeliveryError(sentences.join(" "), details);
  throw new DeliveryError(sentences.join(" "), { ...details, ...longestPause(retried) });
}

function progressAfter(before: Progress, calls: readonly CalledRoute[], failed: readonly FailedRoute[]): Progress {
  const done = new Set(before.done);
  const gaveUp = new Set(before.gaveUp);
  const memos = new Map(before.memos);
  for (const { name, failure } of calls) if (failure === undefined) done.add(name);
  for (const { name, failure } of failed) {
    if (failure.isPermanent) gaveUp.add(name);
    if (failure.memo !== undefined) memos.set(name, failure.memo);
  }
  for (const name of done) memos.delete(name);
  return { done, gaveUp, memos };
}

function longestPause(failed: readonly FailedRoute[]): { readonly retryAfterMs?: number } {
  const pauses = failed.flatMap(({ failure }) => failure.retryAfterMs ?? []);
  return pauses.length > 0 ? { retryAfterMs: Math.max(...pauses) } : {};
}

function causeOf(failed: readonly FailedRoute[]): unknown {
  const errors = failed.map(({ failure }) => failure.error);
  return errors.length > 1 ? new AggregateError(errors) : errors[0];
}

function named(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
