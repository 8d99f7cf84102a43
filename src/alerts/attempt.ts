import type { Alert } from "../core/alert.ts";
import type { AlertSink, DeliveryAttempt } from "../ports/alert-sink.ts";
import type { Clock } from "../ports/clock.ts";
import { DeliveryError } from "./delivery-error.ts";

/** The result of an attempt to deliver an alert. */
export type AttemptResult =
  | { readonly kind: "delivered" }
  | { readonly kind: "failed"; readonly error: unknown }
  /** It does not count: its lease ended before the sink was called, or the tracker was stopped. */
  | { readonly kind: "not-tried" };

/** A result, and how long the sink took, in milliseconds. */
export type TimedResult = AttemptResult & { readonly durationMs: number };

/** Calls a sink, and can abort all attempts in flight. */
export class Attempts {
  readonly #sink: AlertSink;
  readonly #clock: Required<Clock>;
  readonly #inFlight = new Set<AbortController>();
  #isAborted = false;

  constructor(sink: AlertSink, clock: Required<Clock>) {
    this.#sink = sink;
    this.#clock = clock;
  }

  /**
   * Calls the sink, and waits until it has finished or its time is over.
   *
   * @param timeout - is aborted when its time is over
   */
  async begin(alert: Alert, attempt: Omit<DeliveryAttempt, "signal">, timeout: AbortSignal): Promise<TimedResult> {
    if (this.#isAborted || timeout.aborted) return { kind: "not-tried", durationMs: 0 };
    const stop = new AbortController();
    const startedAt = this.#clock.now();
    this.#inFlight.add(stop);
    try {
      const signal = AbortSignal.any([stop.signal, timeout]);
      const result = await callSink(this.#sink, alert, { ...attempt, signal });
      const isStopped = result.kind === "failed" && stop.signal.aborted;
      return {
        ...(isStopped ? { kind: "not-tried" } : result),
        durationMs: Math.max(0, this.#clock.now() - startedAt),
      };
    } finally {
      this.#inFlight.delete(stop);
    }
  }

  /**
   * Waits, to try something again that an attempt needs.
   *
   * @param timeout - is aborted when its time is over
   * @returns whether there is time left: `false` at once when the time is over, or all attempts are aborted
   */
  async wait(durationMs: number, timeout: AbortSignal): Promise<boolean> {
    if (this.#isAborted || timeout.aborted) return false;
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#clock.setTimer(durationMs, () => {
      resolve(true);
    });
    AbortSignal.any([stop.signal, timeout]).addEventListener("abort", () => {
      resolve(false);
    });
    this.#inFlight.add(stop);
    try {
      return await promise;
    } finally {
      cancel();
      this.#inFlight.delete(stop);
    }
  }

  /** Aborts all attempts in flight, and begins none until {@link Attempts.resume}. */
  abortAll(): void {
    this.#isAborted = true;
    const reason = new DeliveryError("The tracker was stopped or closed before the sink had finished.");
    for (const stop of this.#inFlight) stop.abort(reason);
  }

  resume(): void {
    this.#isAborted = false;
  }
}

/** Calls a sink, and waits until it has finished or its signal is aborted. What it does afterwards is ignored. */
async function callSink(sink: AlertSink, alert: Alert, attempt: DeliveryAttempt): Promise<AttemptResult> {
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

/** The time that an attempt has. */
export interface AttemptTimeout {
  /** Is aborted when the time is over. */
  readonly signal: AbortSignal;
  readonly cancel: () => void;
}

/** Starts the time of an attempt: by a timer, because a clock may jump. */
export function startTimeout(timeoutMs: number, clock: Required<Clock>): AttemptTimeout {
  const controller = new AbortController();
  const cancel = clock.setTimer(timeoutMs, () => {
    controller.abort(new DeliveryError(`The sink took longer than the ${String(timeoutMs)} ms of its lease.`));
  });
  return { signal: controller.signal, cancel };
}

/** Waits until a promise is settled, but not longer than this. */
export async function waitAtMost(timeoutMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
