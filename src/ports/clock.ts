import type { Instant } from "../core/instant.ts";

/** Where a tracker reads the time. */
export interface Clock {
  /** The time now, in epoch milliseconds. */
  now(): Instant;
}

/** The system's clock. */
export const systemClock: Clock = { now: () => Date.now() };
