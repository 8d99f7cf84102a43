import { IssueLifecycleError } from "../core/errors.ts";
import { requireBoolean, requireInstant } from "../core/input.ts";
import type { InstantInput } from "../core/instant.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import { object, optional, text, withDefault, type Shape, type ValueOf } from "../core/shape.ts";

/** Information about received events that is not in their payload. */
export interface SentryContext {
  /** The project of the events. The host derives it from the request's URL or key. */
  readonly projectId: string;
  /** When the host received them, as epoch milliseconds or a `Date`. Default: left out of the events, so that the tracker's clock is used. */
  readonly receivedAt?: InstantInput;
  /** Whether to keep an event's payload as its `data`. Default `true`. */
  readonly keepPayload?: boolean;
}

const contextShape = object(
  {
    projectId: text(1, MAX_PROJECT_ID_LENGTH),
    receivedAt: optional(requireInstant),
    keepPayload: withDefault(requireBoolean, true),
  } satisfies Record<keyof SentryContext, Shape<unknown>>,
  `{ projectId: "shop" }`,
);

/** A checked {@link SentryContext}. */
export type CheckedContext = ValueOf<typeof contextShape>;

/**
 * Checks the context.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireContext(value: unknown): CheckedContext {
  return contextShape("context", value);
}

/** Any error as an `IssueLifecycleError`: one of this library unchanged, any other one as the cause of an `invalid-input`. */
export function invalidInputOf(field: string, error: unknown): IssueLifecycleError {
  if (isOwnError(error)) return error;
  return new IssueLifecycleError("invalid-input", `${field}: could not be read.`, { field, cause: error });
}

function isOwnError(error: unknown): error is IssueLifecycleError {
  try {
    return IssueLifecycleError.is(error);
  } catch {
    // A proxy whose traps throw.
    return false;
  }
}

/**
 * Runs a reader so that it throws nothing but `IssueLifecycleError`s. Payloads that were not parsed from JSON can throw any value
 * when they are read: they may have getters, or be proxies.
 */
export function readSafely<Result>(field: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw invalidInputOf(field, error);
  }
}
