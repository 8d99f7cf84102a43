import { DeliveryError } from "../core/delivery-error.ts";
import { systemClock, type Clock } from "../ports/clock.ts";

/** How long some work may take. */
export interface TimeLimit {
  /** Says when nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** How long it may take by itself, in milliseconds; `undefined` for as long as the signal lets it. */
  readonly timeoutMs: number | undefined;
  /** Measures that. */
  readonly clock: Clock;
}

/**
 * Does some work, and gives up when its time is over: then the work's own signal is aborted, and what it comes to later is its own
 * affair.
 *
 * @param who - what to call it in an error
 * @throws what the work throws, or {@link DeliveryError}
 */
export async function withinTime<Result>(
  who: string,
  { signal, timeoutMs, clock }: TimeLimit,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const overtime = Promise.withResolvers<never>();
  const giveUp = (error: DeliveryError): void => {
    overtime.reject(error);
    over.abort(error);
  };
  const onAbort = (): void => {
    giveUp(new DeliveryError(`${who} did not end before the attempt's time was over.`, { cause: signal.reason }));
  };
  const onTimeout = (): void => {
    giveUp(new DeliveryError(`${who} took longer than ${String(timeoutMs)} ms.`));
  };
  const callOff = timeoutMs === undefined ? undefined : startTimer(clock, timeoutMs, onTimeout);
  signal.addEventListener("abort", onAbort);
  try {
    if (signal.aborted) onAbort();
    return await Promise.race([overtime.promise, over.signal.aborted ? overtime.promise : work(over.signal)]);
  } finally {
    callOff?.();
    signal.removeEventListener("abort", onAbort);
  }
}

function startTimer(clock: Clock, durationMs: number, callback: () => void): () => void {
  return clock.setTimer?.(durationMs, callback) ?? systemClock.setTimer(durationMs, callback);
}
