import { IssueLifecycleError } from "../core/errors.ts";

/** Any error as a refusal: this library's own as it is, another one as the cause of an `invalid-input`. */
export function refusalOf(field: string, error: unknown): IssueLifecycleError {
  if (IssueLifecycleError.is(error)) return error;
  return new IssueLifecycleError("invalid-input", `${field}: could not be read.`, { field, cause: error });
}

/**
 * Does some reading; whatever that throws comes out as a refusal. Objects that were not read from JSON may throw
 * anything when they are looked at: they may have getters, or be proxies.
 */
export function orRefuse<Outcome>(field: string, read: () => Outcome): Outcome {
  try {
    return read();
  } catch (error) {
    throw refusalOf(field, error);
  }
}
