import type { Instant } from "../core/instant.ts";
import type { AlertSettlement, ClaimedAlert } from "../ports/alert-outbox.ts";
import { dueBeforeExpiry } from "./age.ts";
import { describeError, memoOf, PermanentDeliveryError, retryAfterOf } from "./delivery-error.ts";

/** How often delivery is attempted, and how long the pauses between the attempts are. */
export interface RetryPolicy {
  /** After how many failed attempts an alert is dead. */
  readonly maxAttempts: number;
  /** The longest pause after the first attempt, in milliseconds. It doubles with each attempt. */
  readonly backoffMs: number;
  /** The longest pause after any attempt, in milliseconds. */
  readonly maxBackoffMs: number;
  /** The age above which an alert is discarded, in milliseconds; `null` for no limit. */
  readonly maxAgeMs: number | null;
}

/** Whether an alert is tried again after a failed attempt. */
export type RetryDecision = { readonly kind: "retry"; readonly dueAt: Instant } | { readonly kind: "dead" };

/** A failed attempt. */
export interface FailedAttempt {
  /** Which attempt it was, from 1. */
  readonly attempts: number;
  /** What the sink threw. */
  readonly error: unknown;
  readonly now: Instant;
  /** A random number from 0 to 1, so that alerts that failed together are not retried together. Any other counts as 0. */
  readonly chance: number;
}

/**
 * Decides whether and when to retry: exponential backoff with jitter, which shortens a pause by up to a half. A sink that asks
 * for a longer pause gets it. A shorter one is ignored: it would use up the attempts before the sink has recovered.
 */
export function decideRetry({ attempts, error, now, chance }: FailedAttempt, policy: RetryPolicy): RetryDecision {
  if (attempts >= policy.maxAttempts || PermanentDeliveryError.is(error)) return { kind: "dead" };
  const longest = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** (attempts - 1));
  const pauseMs = Math.ceil(longest * (1 - (chance >= 0 && chance <= 1 ? chance : 0) / 2));
  return { kind: "retry", dueAt: now + Math.max(pauseMs, retryAfterOf(error)) };
}

type WithoutLease<Settlement> = Settlement extends unknown ? Omit<Settlement, "lease"> : never;

/** The result of a delivery for one alert, without its lease. */
export type AlertResult = WithoutLease<AlertSettlement>;

/**
 * The results of a failed attempt for the alerts of a notification, which are given oldest first. Each alert has attempts of
 * its own. Those that are retried are due together, when the latest of them is, unless they are too old before that.
 */
export function resultsOfFailure(
  alerts: readonly ClaimedAlert[],
  failed: Omit<FailedAttempt, "attempts">,
  policy: RetryPolicy,
): readonly AlertResult[] {
  const { error, now } = failed;
  let together: Instant | undefined;
  return alerts.toReversed().map((claimed): AlertResult => {
    const { attempts, memo } = claimed;
    const { id } = claimed.alert;
    const decision = decideRetry({ ...failed, attempts }, policy);
    const stored = { id, error: describeError(error), memo: memoOf(error) ?? memo };
    if (decision.kind === "dead") return { ...stored, outcome: "dead", diedAt: now };
    together ??= decision.dueAt;
    return { ...stored, outcome: "failed", dueAt: dueBeforeExpiry(together, claimed, policy.maxAgeMs) };
  });
}
