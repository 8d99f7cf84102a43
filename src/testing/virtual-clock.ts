import { IssueLifecycleError } from "../core/errors.ts";
import { requireInstant, requireInteger } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { Clock } from "../ports/clock.ts";

/**
 * A clock that stands still until it is set on. It never goes back. Timers go by it: those that are due meanwhile are called back in
 * their order, each at its own time. What they begin and others have to wait for, such as a dispatcher's next look, goes on
 * afterwards: set the clock on in steps, and wait for `tracker.settled()` between them.
 */
export interface VirtualClock extends Required<Clock> {
  /**
   * Sets the clock on by so many milliseconds.
   *
   * @throws `IssueLifecycleError` `invalid-input` for a negative or broken number
   */
  advanceBy(durationMs: number): void;
  /**
   * Sets the clock to an instant.
   *
   * @throws `IssueLifecycleError` `invalid-input` for an instant before the clock's own
   */
  advanceTo(at: Instant): void;
}

/**
 * Makes a virtual clock.
 *
 * @param startsAt - the instant it shows at first
 * @example
 * ```ts
 * import { createVirtualClock } from "issue-lifecycle/testing";
 *
 * const clock = createVirtualClock(Date.UTC(2026, 10, 23, 9));
 * clock.advanceBy(60_000);
 * clock.now(); // one minute past nine
 * ```
 */
export function createVirtualClock(startsAt: Instant): VirtualClock {
  let now = requireInstant("startsAt", startsAt);
  const timers = new Set<{ readonly at: Instant; readonly callback: () => void }>();

  function goTo(at: Instant): void {
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
      goTo(requireInstant("durationMs", now + elapsed));
    },
    advanceTo(at) {
      const next = requireInstant("at", at);
      if (next < now) {
        throw new IssueLifecycleError(
          "invalid-input",
          `at: got ${String(next)}; a clock does not go back from ${String(now)}.`,
          {
            field: "at",
          },
        );
      }
      goTo(next);
    },
  };
}
