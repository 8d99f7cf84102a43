import { invalidInput, readMember, requireObject } from "../core/input.ts";
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

/** The shape of a {@link Clock}, also one of a class. */
export function requireClock(field: string, value: unknown): Clock {
  const allowed = "an object with a method now(), and optionally setTimer()";
  const clock = requireObject(field, value, allowed);
  if (!isClock(field, clock)) throw invalidInput(field, value, allowed);
  return clock;
}

function isClock(field: string, value: object): value is Clock {
  const [now, setTimer] = ["now", "setTimer"].map((name) => readMember(`${field}.${name}`, value, name));
  return typeof now === "function" && (setTimer === undefined || typeof setTimer === "function");
}
