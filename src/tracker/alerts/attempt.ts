import { DeliveryError, MAX_MEMO_LENGTH } from "../../core/delivery-error.ts";
import type { Alert } from "../../core/alert.ts";
import { shorten } from "../../core/text.ts";
import type { AlertSink, DeliveryAttempt } from "../../ports/alert-sink.ts";

/** What came of calling a sink. */
export type AttemptResult =
  | { readonly kind: "delivered" }
  | { readonly kind: "failed"; readonly error: unknown }
  /** There was no time for it, or the tracker is closing: it does not count. */
  | { readonly kind: "not-tried" };

/** Calls a sink, and waits until it has ended or its signal is aborted. What it comes to later is its own affair. */
export async function callSink(sink: AlertSink, alert: Alert, attempt: DeliveryAttempt): Promise<AttemptResult> {
  const { signal } = attempt;
  const aborted = Promise.withResolvers<AttemptResult>();
  const onAbort = (): void => {
    aborted.resolve({ kind: "failed", error: signal.reason });
  };
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([aborted.promise, resultOf(sink, alert, attempt)]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function resultOf(sink: AlertSink, alert: Alert, attempt: DeliveryAttempt): Promise<AttemptResult> {
  try {
    await sink(alert, attempt);
    return { kind: "delivered" };
  } catch (error) {
    return { kind: "failed", error };
  }
}

/** Why an attempt is over although its sink is not. */
export function timeIsUp(leaseMs: number): DeliveryError {
  return new DeliveryError(`The sink took longer than the ${String(leaseMs)} ms of its lease.`);
}

/** Why the attempts under way are over when a tracker is closed. */
export function closing(): DeliveryError {
  return new DeliveryError("The tracker was closed before the sink had ended.");
}

const MAX_ERROR_LENGTH = 1_000;

/** What went wrong, for people. Never fails itself, whatever a sink throws: an error may have a message that cannot be read. */
export function describeError(error: unknown): string {
  try {
    if (error instanceof Error) return shorten(`${error.name}: ${error.message}`, MAX_ERROR_LENGTH);
    if (typeof error === "string") return shorten(error, MAX_ERROR_LENGTH);
  } catch {
    return "The sink threw something that cannot be described.";
  }
  return "The sink threw something that is no Error.";
}

/** What a sink wants to know at the next attempt, if it says so. */
export function memoOf(error: unknown): string | undefined {
  try {
    if (typeof error !== "object" || error === null || !("memo" in error)) return undefined;
    const { memo } = error;
    return typeof memo === "string" && memo.length <= MAX_MEMO_LENGTH ? memo : undefined;
  } catch {
    return undefined;
  }
}
