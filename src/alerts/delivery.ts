import type { Alert } from "../core/alert.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { AlertLease } from "../ports/alert-outbox.ts";
import type { Clock } from "../ports/clock.ts";
import type { AttemptResult, Attempts, TimedResult } from "./attempt.ts";
import type { ClaimedNotification } from "./claim.ts";
import type { DeliveryReport } from "../ports/delivery-report.ts";
import type { HeldAlerts } from "./held-alerts.ts";
import { withLink } from "./notification.ts";
import type { CheckedAlertOptions } from "./options.ts";
import { resultsOfFailure, type AlertResult } from "./retry.ts";

/** The dependencies of a delivery. */
export interface DeliveryParts {
  readonly attempts: Attempts;
  readonly held: HeldAlerts;
  readonly clock: Clock;
  readonly options: CheckedAlertOptions;
  readonly report: (report: DeliveryReport) => void;
}

/**
 * Attempts to deliver a claimed notification: calls the sink, decides what follows, stores and reports it.
 *
 * @param timeout - is aborted when the lease is over
 * @returns the results that were stored
 */
export async function deliverNotification(
  notification: ClaimedNotification,
  lease: AlertLease,
  timeout: AbortSignal,
  parts: DeliveryParts,
): Promise<readonly AlertResult[]> {
  const { attempts, held, options, report } = parts;
  const { latest } = notification;
  held.add(notification.parts, lease);
  try {
    const alert = withLink(notification.alert, options.linkTo, (error) => {
      report({ kind: "link-failed", alert: notification.alert, error });
    });
    const attempt = {
      until: lease.until,
      number: latest.attempts,
      isLast: latest.attempts >= options.maxAttempts,
      memo: latest.memo,
    };
    const result = await attempts.begin(alert, attempt, timeout);
    const results = resultsOf(notification, result, parts);
    const stored = await settle(notification, results, timeout, parts);
    const isStored = new Set(stored.map(({ id }) => id));
    for (const each of reportsOf({ ...notification, alert }, result, results, isStored)) report(each);
    return stored;
  } finally {
    held.remove(notification.parts);
  }
}

/** The pauses between attempts to store a result: they double, up to the longest one. */
const SETTLEMENT_PAUSES_MS = { first: 500, longest: 10_000 } as const;

/**
 * Stores results. If the store cannot do it now, tries again as long as the lease lasts: after that the alert would be delivered a
 * second time.
 */
async function settle(
  notification: ClaimedNotification,
  results: readonly AlertResult[],
  timeout: AbortSignal,
  { attempts, held }: DeliveryParts,
): Promise<readonly AlertResult[]> {
  for (let pauseMs: number = SETTLEMENT_PAUSES_MS.first; ; pauseMs *= 2) {
    try {
      return await held.settle(notification, results);
    } catch (error) {
      const mayPass = IssueLifecycleError.is(error) && error.retryable;
      if (!mayPass || !(await attempts.wait(Math.min(pauseMs, SETTLEMENT_PAUSES_MS.longest), timeout))) throw error;
    }
  }
}

function resultsOf(
  { parts }: ClaimedNotification,
  result: AttemptResult,
  { clock, options }: DeliveryParts,
): readonly AlertResult[] {
  switch (result.kind) {
    case "delivered":
      return parts.map(({ alert: { id } }) => ({ id, outcome: "done" }));
    case "not-tried":
      return parts.map(({ alert: { id }, dueAt }) => ({ id, outcome: "released", dueAt }));
    case "failed":
      return resultsOfFailure(parts, { error: result.error, now: clock.now(), chance: options.random() }, options);
  }
}

/** One report for the notification, and one for each older alert that died while the notification is retried. */
function reportsOf(
  { alert, latest, parts }: ClaimedNotification,
  attempt: TimedResult,
  results: readonly AlertResult[],
  isStored: ReadonlySet<string>,
): readonly DeliveryReport[] {
  if (attempt.kind === "not-tried") return [];
  const byId = new Map(results.map((result) => [result.id, result]));
  const ofLatest = byId.get(latest.alert.id);
  return parts.flatMap((part): DeliveryReport[] => {
    const result = byId.get(part.alert.id);
    if (part === latest) {
      if (!isStored.has(alert.id)) return [{ kind: "lease-lost", alert, attempt: part.attempts }];
      return reportOf(alert, part.attempts, attempt, result);
    }
    const diedAlone = result?.outcome === "dead" && ofLatest?.outcome !== "dead" && isStored.has(result.id);
    return diedAlone ? reportOf(part.alert, part.attempts, attempt, result) : [];
  });
}

function reportOf(
  alert: Alert,
  attempt: number,
  { durationMs, ...timed }: TimedResult,
  result: AlertResult | undefined,
): DeliveryReport[] {
  const error = timed.kind === "failed" ? timed.error : undefined;
  switch (result?.outcome) {
    case "done":
      return [{ kind: "delivered", alert, attempt, durationMs }];
    case "failed":
      return [{ kind: "failed", alert, attempt, durationMs, error, retryAt: result.dueAt }];
    case "dead":
      return [{ kind: "dead", alert, attempt, durationMs, error }];
    case "released":
    case undefined:
      return [];
  }
}
