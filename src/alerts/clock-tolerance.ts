/** Clocks of different machines differ by less than this. What is further in the future was written by a clock that was ahead. */
export const CLOCK_TOLERANCE_MS = 60_000;
