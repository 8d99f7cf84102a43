import { IssueLifecycleError } from "../core/errors.ts";
import { requireInstant, requireInteger } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { Clock } from "../ports/clock.ts";

/** A clock that stands still until it is set on. It never goes back. */
export interface VirtualClock extends Clock {
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
  return {
    now: () => now,
    advanceBy(durationMs) {
      now = requireInstant(
        "durationMs",
        now + requireInteger("durationMs", durationMs, 0, Number.MAX_SAFE_INTEGER - now),
      );
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
      now = next;
    },
  };
}
