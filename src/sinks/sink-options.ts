import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, requireObject } from "../core/input.ts";
import type { Clock } from "../ports/clock.ts";

/** The error for an option that may hold a secret: it says what is allowed, and nothing of what was given. */
export function invalidSecret(field: string, allowed: string): IssueLifecycleError {
  return new IssueLifecycleError("invalid-input", `${field}: got something else; allowed is ${allowed}.`, { field });
}

/** Refuses an option that is there and no function. */
export function checkFunction(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") throw invalidInput(field, value, "a function");
}

/** The clock, or the fallback where there is none; what is no clock is refused. */
export function requireClock(field: string, clock: Clock | undefined, fallback: Clock): Clock {
  if (clock === undefined) return fallback;
  const { now, setTimer } = requireObject(field, clock);
  if (typeof now !== "function" || (setTimer !== undefined && typeof setTimer !== "function")) {
    throw invalidInput(field, clock, "an object with a method now()");
  }
  return clock;
}
