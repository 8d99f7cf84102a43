import type { Instant } from "../../core/instant.ts";
import { decideRetry, type RetryDecision, type RetryPolicy } from "../../core/retry.ts";
import type { AlertLease, AlertSettlement, ClaimedAlert } from "../../ports/alert-outbox.ts";
import { describeError, memoOf, type AttemptResult } from "./attempt.ts";
import type { ClaimedStory } from "./claim-stories.ts";

/** What becomes of an alert after an attempt. */
export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "retry"; readonly dueAt: Instant; readonly error: unknown }
  | { readonly kind: "dead"; readonly diedAt: Instant; readonly error: unknown };

/**
 * What becomes of each alert of a story, by its id. Each has its own attempts; those that are tried again are so together, when the
 * latest of them is due.
 */
export function endingsOf(
  { parts }: ClaimedStory,
  result: AttemptResult,
  { policy, now, chance }: { readonly policy: RetryPolicy; readonly now: Instant; readonly chance: number },
): ReadonlyMap<string, Ending> {
  if (result.kind === "delivered") return new Map(parts.map(({ alert }) => [alert.id, { kind: "done" }]));
  const { error } = result;
  let together: Instant | undefined;
  const endings = parts.toReversed().map(({ alert, attempts }): [string, Ending] => {
    const decision = decide(error, { attempts, now, chance }, policy);
    if (decision.kind === "dead") return [alert.id, { kind: "dead", diedAt: now, error }];
    together ??= decision.dueAt;
    return [alert.id, { kind: "retry", dueAt: together, error }];
  });
  return new Map(endings);
}

function decide(
  error: unknown,
  failed: { readonly attempts: number; readonly now: Instant; readonly chance: number },
  policy: RetryPolicy,
): RetryDecision {
  try {
    return decideRetry({ ...failed, error }, policy);
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
  const noted = { error: describeError(ending.error), memo: memoOf(ending.error) ?? memo };
  switch (ending.kind) {
    case "retry":
      return { id, lease, outcome: "failed", dueAt: ending.dueAt, ...noted };
    case "dead":
      return { id, lease, outcome: "dead", diedAt: ending.diedAt, ...noted };
  }
}
