import { invalidInput, requireInstant, requireInteger } from "../core/input.ts";
import { MAX_INSTANT, type Instant, type InstantInput } from "../core/instant.ts";
import type { Clock } from "../ports/clock.ts";
import { formatTime } from "./format-time.ts";

/**
 * A clock that moves only when a test advances it. It fires timers in the order of their times, with
 * the clock at each timer's time. Work that a timer starts, such as a dispatcher's next look at the outbox, continues
 * afterwards: advance the clock in steps, and await `tracker.settled()` between them.
 */
export interface VirtualClock extends Required<Clock> {
  /**
   * Advances the clock by a number of milliseconds.
   *
   * @throws `IssueLifecycleError` `invalid-input` unless it is a whole number of at least 0
   */
  advanceBy(durationMs: number): void;
  /**
   * Advances the clock to an instant.
   *
   * @throws `IssueLifecycleError` `invalid-input` for an instant before the clock's time
   */
  advanceTo(at: InstantInput): void;
  /**
   * Makes the clock show another time at once, as when a wrong clock is set right. Timers keep the time that they still have to
   * wait.
   *
   * @param durationMs - how far: negative to jump back
   * @throws `IssueLifecycleError` `invalid-input` unless it is a whole number that leads to an instant
   */
  jumpBy(durationMs: number): void;
}

/**
 * Creates a virtual clock.
 *
 * @param startsAt - its first time
 * @example
 * ```ts
 * import { createVirtualClock } from "issue-lifecycle/testing";
 *
 * const clock = createVirtualClock(Date.UTC(2026, 10, 23, 9));
 * clock.advanceBy(60_000);
 * clock.now(); // one minute past nine
 * ```
 */
export function createVirtualClock(startsAt: InstantInput): VirtualClock {
  let now = requireInstant("startsAt", startsAt);
  const timers = new Set<{ at: Instant; readonly callback: () => void }>();

  function moveTo(at: Instant): void {
    for (;;) {
      const [next] = [...timers].filter((timer) => timer.at <= at).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      timers.delete(next);
      now = Math.max(now, next.at);
      next.callback();
    }
    now = Math.max(now, at);
  }

  return {
    now: () => now,
    setTimer(durationMs, callback) {
      const timer = { at: now + durationMs, callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advanceBy(durationMs) {
      const elapsed = requireInteger("durationMs", durationMs, 0, Number.MAX_SAFE_INTEGER - now);
      moveTo(requireInstant("durationMs", now + elapsed));
    },
    advanceTo(at) {
      const next = requireInstant("at", at);
      if (next < now) {
        throw invalidInput("at", new Date(next), `an instant from the clock's time on, which is ${formatTime(now)}`);
      }
      moveTo(next);
    },
    jumpBy(durationMs) {
      const jump = requireInteger("durationMs", durationMs, -MAX_INSTANT, MAX_INSTANT);
      now = requireInstant("durationMs", now + jump);
      for (const timer of timers) timer.at += jump;
    },
  };
}
