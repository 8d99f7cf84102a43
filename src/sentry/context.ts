import { requireBoolean, requireInstant, requireObject, requireText } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";

/** What only the host knows of an event that a Sentry SDK sent. */
export interface SentryContext {
  /** The project the events belong to; the host finds it by the address or the key they were sent with. */
  readonly projectId: string;
  /** When the host received them. Default: left out of the events, so that the tracker's clock stands in. */
  readonly receivedAt?: Instant;
  /** Whether an event's payload becomes its `data`. Default `true`. */
  readonly keepPayload?: boolean;
}

/** A {@link SentryContext} that was checked, its defaults filled in. */
export interface CheckedContext {
  readonly projectId: string;
  readonly receivedAt: Instant | undefined;
  readonly keepPayload: boolean;
}

/**
 * Checks a context from a host.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireContext(value: unknown): CheckedContext {
  const given = requireObject("context", value);
  const receivedAt = given["receivedAt"];
  return {
    projectId: requireText("context.projectId", given["projectId"], 1, MAX_PROJECT_ID_LENGTH),
    receivedAt: receivedAt === undefined ? undefined : requireInstant("context.receivedAt", receivedAt),
    keepPayload: requireBoolean("context.keepPayload", given["keepPayload"] ?? true),
  };
}
