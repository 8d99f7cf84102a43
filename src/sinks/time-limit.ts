import { DeliveryError } from "../alerts/delivery-error.ts";
import { systemClock, type Clock } from "../ports/clock.ts";

/** How long some work may take. */
export interface TimeLimit {
  /** Aborted when the delivery attempt ends. */
  readonly signal: AbortSignal;
  /** The limit in milliseconds; `undefined` if only the signal limits the time. */
  readonly timeoutMs: number | undefined;
  /** Measures `timeoutMs`. */
  readonly clock: Clock;
}

/**
 * Runs some work with a time limit. When the limit is reached, the promise is rejected at once and the work's own signal is
 * aborted; the work's later result is ignored.
 *
 * @param name - names the work in errors
 * @throws what the work throws, or {@link DeliveryError} when the limit is reached
 */
export async function withTimeLimit<Result>(
  name: string,
  { signal, timeoutMs, clock }: TimeLimit,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const expiry = Promise.withResolvers<never>();
  const expire = (error: DeliveryError): void => {
    expiry.reject(error);
    controller.abort(error);
  };
  const onAbort = (): void => {
    expire(new DeliveryError(`${name} did not finish before the delivery attempt ended.`, { cause: signal.reason }));
  };
  const onTimeout = (): void => {
    expire(new DeliveryError(`${name} took longer than ${String(timeoutMs)} ms.`));
  };
  const cancelTimer = timeoutMs === undefined ? undefined : startTimer(clock, timeoutMs, onTimeout);
  signal.addEventListener("abort", onAbort);
  try {
    if (signal.aborted) onAbort();
    return await Promise.race([expiry.promise, controller.signal.aborted ? expiry.promise : work(controller.signal)]);
  } finally {
    cancelTimer?.();
    signal.removeEventListener("abort", onAbort);
  }
}

function startTimer(clock: Clock, durationMs: number, callback: () => void): () => void {
  return clock.setTimer?.(durationMs, callback) ?? systemClock.setTimer(durationMs, callback);
}
