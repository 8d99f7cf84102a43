import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, readMember, requireObject } from "../core/input.ts";
import type { Shape } from "../core/shape.ts";
import type { Clock } from "../ports/clock.ts";

/** The error for an option that may hold a secret: says what is allowed, and repeats nothing of the value. */
export function invalidSecret(field: string, allowed: string): IssueLifecycleError {
  const message = `${field}: got another value (not shown, as it may be secret); allowed is ${allowed}.`;
  return new IssueLifecycleError("invalid-input", message, { field });
}

/** Options that contain a secret: a string in their place, which may be that secret, is refused without being repeated. */
export function secretOptions<Options>(shape: Shape<Options>, example: string): Shape<Options> {
  return (field, value) => {
    if (typeof value === "string") throw invalidSecret(field, `an object, as in ${example}`);
    return shape(field, value);
  };
}

/** The shape of a {@link Clock}. */
export function requireClock(field: string, value: unknown): Clock {
  if (!isClock(field, value)) throw invalidInput(field, value, "a clock, such as { now: () => Date.now() }");
  return value;
}

function isClock(field: string, value: unknown): value is Clock {
  const clock = requireObject(field, value);
  const setTimer = readMember(`${field}.setTimer`, clock, "setTimer");
  const hasTimers = setTimer === undefined || typeof setTimer === "function";
  return hasTimers && typeof readMember(`${field}.now`, clock, "now") === "function";
}
