import {
  heldBackAlert,
  issueAlert,
  type HeldBackAlert,
  type HeldBackReason,
  type IssueAlert,
} from "../../src/core/alert.ts";
import type { DeliveryAttempt } from "../../src/ports/alert-sink.ts";
import { BUILT_AT } from "../../src/testing/index.ts";

const PROJECT = { id: "shop", slug: "shop" };
export const ISSUE = {
  id: "019b8d5c-0000-7000-8000-000000000001",
  friendlyId: "SHOP-12",
  title: "TypeError: x is undefined",
  status: "open",
  eventCount: 7,
  firstSeenAt: BUILT_AT - 86_400_000,
  lastSeenAt: BUILT_AT,
} as const;

/** An alert about an issue that came back; what a test is about is given. */
export function issueAlertOf(given: Partial<IssueAlert> = {}): IssueAlert {
  const alert = issueAlert({
    id: "019b8d5c-0000-7000-8000-0000000000a1",
    project: PROJECT,
    level: "error",
    reason: { kind: "regression", reason: { kind: "resolved-plainly", resolvedAt: BUILT_AT - 7_200_000 } },
    issue: ISSUE,
    event: { id: "event 1", release: "2.1.0", receivedAt: BUILT_AT, occurredAt: BUILT_AT - 60_000 },
    turningPoint: 3,
    raisedAt: BUILT_AT,
  });
  return { ...alert, ...given };
}

/** An alert that tells of another one before it. */
export function storyOf(text = "The issue is muted no longer."): IssueAlert {
  const { id, kind, reason, event, turningPoint, raisedAt, level } = issueAlertOf();
  return issueAlertOf({
    earlier: [{ id, kind, reason, event, level, turningPoint: turningPoint - 1, raisedAt: raisedAt - 3_600_000, text }],
  });
}

export function heldBackAlertOf(given: Partial<HeldBackReason> = {}): HeldBackAlert {
  return heldBackAlert({
    id: "019b8d5c-0000-7000-8000-0000000000a2",
    project: PROJECT,
    reason: {
      kind: "held-back",
      from: BUILT_AT,
      until: BUILT_AT + 3_600_000,
      counts: { "new-issue": 2, regression: 1, unmute: 0 },
      examples: [{ id: ISSUE.id, friendlyId: "SHOP-12", title: "TypeError: <x> is undefined" }],
      ...given,
    },
  });
}

/** A first attempt with all the time in the world; what a test is about is given. */
export function attemptOf(given: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return {
    signal: new AbortController().signal,
    until: BUILT_AT + 60_000,
    number: 1,
    isLast: false,
    memo: null,
    ...given,
  };
}

/** What a piece of work fails with. */
export async function failureOf(work: unknown): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
}

/** What a function throws. */
export function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was refused");
}

/** Whatever stands in a text's place in JSON. */
export const HOSTILE =
  "<script>alert(\"x\")</script> & 'y'\r\nBcc: evil@example.com\u0000 \ud83d\ude80 \ud800 \u202egnp.exe <!channel> @here";
