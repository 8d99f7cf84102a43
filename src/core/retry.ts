import { PermanentDeliveryError } from "./delivery-error.ts";
import type { Instant } from "./instant.ts";

/** How often an alert is tried, and how long the pauses between the attempts are. */
export interface RetryPolicy {
  /** How often at most; after the last attempt it is dead. */
  readonly maxAttempts: number;
  /** The longest first pause, in milliseconds. Each later one is twice as long. */
  readonly firstPauseMs: number;
  /** The longest pause of all, in milliseconds. */
  readonly longestPauseMs: number;
}

/** What is to become of an alert that a sink failed on. */
export type RetryDecision =
  | {
      /** It is tried again. */
      readonly kind: "retry";
      /** When. */
      readonly dueAt: Instant;
    }
  | {
      /** It is tried no more. */
      readonly kind: "dead";
    };

/** A failed attempt. */
export interface FailedAttempt {
  /** Which one it was, from 1. */
  readonly attempts: number;
  /** What the sink threw. */
  readonly error: unknown;
  /** The time. */
  readonly now: Instant;
  /** A number from 0 to 1, left to chance: it spreads attempts that failed at the same time. Another one is taken for 0. */
  readonly chance: number;
}

/** A week: whoever asks for more has to wait no longer. */
const LONGEST_ASKED_MS = 7 * 24 * 3_600_000;

/**
 * Decides whether and when an alert is tried again: after a pause of half its length to its whole length, as chance has it. A
 * sink that asks for a longer one gets it; asking for a shorter one would use the attempts up before it is well again.
 */
export function decideRetry({ attempts, error, now, chance }: FailedAttempt, policy: RetryPolicy): RetryDecision {
  if (attempts >= policy.maxAttempts || PermanentDeliveryError.is(error)) return { kind: "dead" };
  const longest = Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (attempts - 1));
  const pauseMs = Math.ceil(longest * (1 - (chance >= 0 && chance <= 1 ? chance : 0) / 2));
  return { kind: "retry", dueAt: now + Math.max(pauseMs, askedPause(error)) };
}

/** The pause that whatever was thrown asks for, in milliseconds; 0 for none. */
function askedPause(error: unknown): number {
  if (typeof error !== "object" || error === null || !("retryAfterMs" in error)) return 0;
  const { retryAfterMs } = error;
  if (typeof retryAfterMs !== "number" || !(retryAfterMs >= 0)) return 0;
  return Math.min(Math.ceil(retryAfterMs), LONGEST_ASKED_MS);
}
