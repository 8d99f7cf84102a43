import {
  throttledAlert,
  issueAlert,
  type ThrottledAlert,
  type ThrottledReason,
  type IssueAlert,
} from "../../src/core/alert.ts";
import type { DeliveryAttempt } from "../../src/ports/alert-sink.ts";

/** When the sample alerts are raised. */
const RAISED_AT = Date.UTC(2026, 0, 5, 9);

const PROJECT = { id: "shop", slug: "shop" };
export const ISSUE = {
  id: "019b8d5c-0000-7000-8000-000000000001",
  friendlyId: "SHOP-12",
  title: "TypeError: x is undefined",
  status: "open",
  eventCount: 7,
  firstSeenAt: RAISED_AT - 86_400_000,
  lastSeenAt: RAISED_AT,
} as const;

/** An alert about a regression. */
export function issueAlertOf(changes: Partial<IssueAlert> = {}): IssueAlert {
  const alert = issueAlert({
    id: "019b8d5c-0000-7000-8000-0000000000a1",
    project: PROJECT,
    level: "error",
    reason: { kind: "regression", reason: { kind: "resolved-plainly", resolvedAt: RAISED_AT - 7_200_000 } },
    issue: ISSUE,
    event: { id: "event 1", release: "2.1.0", receivedAt: RAISED_AT, occurredAt: RAISED_AT - 60_000 },
    turningPoint: 3,
    raisedAt: RAISED_AT,
  });
  return { ...alert, ...changes };
}

/** An alert with one earlier alert. */
export function notificationOf(text = "The issue is no longer muted."): IssueAlert {
  const { id, kind, reason, event, turningPoint, raisedAt, level, quietSince } = issueAlertOf();
  return issueAlertOf({
    earlier: [
      {
        id,
        kind,
        reason,
        event,
        level,
        quietSince,
        turningPoint: turningPoint - 1,
        raisedAt: raisedAt - 3_600_000,
        text,
      },
    ],
  });
}

/** An alert about throttled ones. */
export function throttledAlertOf(changes: Partial<ThrottledReason> = {}): ThrottledAlert {
  return throttledAlert({
    id: "019b8d5c-0000-7000-8000-0000000000a2",
    project: PROJECT,
    level: "warning",
    reason: {
      kind: "throttled",
      from: RAISED_AT,
      until: RAISED_AT + 3_600_000,
      counts: { "new-issue": 2, regression: 1, unmute: 0, loud: 0 },
      examples: [{ id: ISSUE.id, friendlyId: "SHOP-12", title: "TypeError: <x> is undefined" }],
      ...changes,
    },
  });
}

/** A first attempt without a time limit. */
export function attemptOf(changes: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return {
    signal: new AbortController().signal,
    until: RAISED_AT + 60_000,
    number: 1,
    isLast: false,
    memo: null,
    ...changes,
  };
}

/** The error of a promise. */
export async function failureOf(promise: unknown): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("The promise was not rejected.");
}

/** The error that a function throws. */
export function refusalOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("The function did not throw.");
}

/** A text with markup, control characters and mentions. */
export const HOSTILE =
  "<script>alert(\"x\")</script> & 'y'\r\nBcc: evil@example.com\u0000 \ud83d\ude80 \ud800 \u202egnp.exe <!channel> @here";
