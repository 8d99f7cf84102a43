import type { Instant } from "../../core/instant.ts";
import { decideRetry, type FailedAttempt, type RetryDecision, type RetryPolicy } from "../../core/retry.ts";
import { DUE_AT_ONCE, type AlertLease, type AlertSettlement, type ClaimedAlert } from "../../ports/alert-outbox.ts";
import { describeError, memoOf } from "./attempt.ts";

/** What becomes of an alert after an attempt. */
export type Ending =
  | { readonly kind: "done" }
  /** It is due again at once, and the attempt does not count. */
  | { readonly kind: "released" }
  | { readonly kind: "retry"; readonly dueAt: Instant; readonly error: unknown }
  | { readonly kind: "dead"; readonly diedAt: Instant; readonly error: unknown };

/**
 * What becomes of each alert of a story that a sink failed on, by its id. Each has its own attempts; those that are tried again are
 * so together, when the latest of them is due.
 */
export function endingsAfterFailure(
  parts: readonly ClaimedAlert[],
  { error, now, chance }: Omit<FailedAttempt, "attempts">,
  policy: RetryPolicy,
): ReadonlyMap<string, Ending> {
  let together: Instant | undefined;
  const endings = parts.toReversed().map(({ alert, attempts }): [string, Ending] => {
    const decision = decide({ error, attempts, now, chance }, policy);
    if (decision.kind === "dead") return [alert.id, { kind: "dead", diedAt: now, error }];
    together ??= decision.dueAt;
    return [alert.id, { kind: "retry", dueAt: together, error }];
  });
  return new Map(endings);
}

function decide(failed: FailedAttempt, policy: RetryPolicy): RetryDecision {
  try {
    return decideRetry(failed, policy);
  } catch {
    // What was thrown cannot even be looked at.
    return decideRetry({ ...failed, error: undefined }, policy);
  }
}

/** An alert's ending, as it is noted. */
export function settlementOf(
  { alert: { id }, memo }: ClaimedAlert,
  lease: AlertLease,
  ending: Ending,
): AlertSettlement {
  if (ending.kind === "done") return { id, lease, outcome: "done" };
  if (ending.kind === "released") return { id, lease, outcome: "released", dueAt: DUE_AT_ONCE };
  const noted = { error: describeError(ending.error), memo: memoOf(ending.error) ?? memo };
  switch (ending.kind) {
    case "retry":
      return { id, lease, outcome: "failed", dueAt: ending.dueAt, ...noted };
    case "dead":
      return { id, lease, outcome: "dead", diedAt: ending.diedAt, ...noted };
  }
}
