import type { Instant } from "../core/instant.ts";

/** The source of time and timers of a tracker, which tests can replace. */
export interface Clock {
  /** The current time, in epoch milliseconds. */
  now(): Instant;
  /**
   * Calls a function once, after a time. Default: the system's timers, which measure elapsed time whatever
   * {@link Clock.now} returns.
   *
   * @param durationMs - in milliseconds; less than 2^31
   * @param callback - does not throw
   * @returns a function that cancels the timer
   */
  setTimer?(durationMs: number, callback: () => void): () => void;
}

/** The system's clock. */
export const systemClock: Required<Clock> = {
  now: () => Date.now(),
  setTimer(durationMs, callback) {
    const timer = setTimeout(callback, durationMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
