import type { Instant } from "../core/instant.ts";

/** Where a tracker reads the time. */
export interface Clock {
  /** The time now, in epoch milliseconds. */
  now(): Instant;
  /**
   * Calls back once, when so much time has passed. Default: by the system's timers, which go by time that passes and not by
   * {@link Clock.now}.
   *
   * @param durationMs - how long to wait, in milliseconds; less than 2^31
   * @param callback - what to call; does not throw
   * @returns what calls it off
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
