import { alertShape } from "../../core/alert-shape.ts";
import { ALERT_KINDS, type Alert } from "../../core/alert.ts";
import { IssueLifecycleError } from "../../core/errors.ts";
import { SYSTEM } from "../../core/turning-point.ts";
import {
  DUE_AT_ONCE,
  NOTHING_THROTTLED,
  type AlertTally,
  type OutboxEntry,
  type OutboxState,
  type OutboxStatus,
  type TallyScope,
} from "../../ports/alert-outbox.ts";
import { json } from "../schema/columns.ts";
import type { TableRow } from "../schema/tables.ts";

/** An alert's row. */
export type AlertRow = TableRow<"outbox">;

/** How the states of alerts are stored. */
export const OUTBOX_STATUS_CODES: Readonly<Record<OutboxStatus, number>> = { pending: 0, dead: 1, discarded: 2 };

const ALERT_JSON = json("an alert", alertShape);

/** The row of a new alert. */
export function alertRow(alert: Alert): AlertRow {
  return {
    id: alert.id,
    issue_id: alert.issue?.id ?? null,
    turn: alert.turningPoint ?? 0,
    status: OUTBOX_STATUS_CODES.pending,
    at: DUE_AT_ONCE,
    attempts: 0,
    last_error: null,
    memo: null,
    lease_token: null,
    discard_reason: null,
    discarded_by: null,
    alert: ALERT_JSON.encode(alert),
  };
}

/** The alert of a row; `undefined` for one that this version cannot read, such as one that a newer version stored. */
export function tryReadAlert(row: AlertRow): OutboxEntry | undefined {
  try {
    return {
      alert: ALERT_JSON.decode(row.alert),
      state: outboxStateOf(row),
      attempts: row.attempts,
      lastError: row.last_error,
      memo: row.memo,
    };
  } catch (error) {
    if (IssueLifecycleError.is(error) && error.code === "corrupt-data") return undefined;
    throw error;
  }
}

function outboxStateOf({ status, at, discard_reason, discarded_by }: AlertRow): OutboxState {
  switch (status) {
    case OUTBOX_STATUS_CODES.pending:
      return { status: "pending", dueAt: at };
    case OUTBOX_STATUS_CODES.dead:
      return { status: "dead", diedAt: at };
    case OUTBOX_STATUS_CODES.discarded: {
      const by = discarded_by === null ? SYSTEM : { kind: "user" as const, id: discarded_by };
      return { status: "discarded", discardedAt: at, reason: discard_reason ?? "", by };
    }
    default:
      throw new IssueLifecycleError("corrupt-data", `The store holds an alert in the unknown state ${String(status)}.`);
  }
}

/** A tally's row. */
export type TallyRow = TableRow<"tallies">;

/** The key of a tally's row. */
export type TallyKey = Pick<TallyRow, "project_key" | "issue_id">;

/** Stands for the whole project in a tally: no issue has this id. */
const NO_ISSUE = "00000000-0000-0000-0000-000000000000";

/** The key of a tally's row. */
export function tallyKey({ issueId }: TallyScope, project_key: number): TallyKey {
  return { project_key, issue_id: issueId ?? NO_ISSUE };
}

/** The row of a tally. */
export function tallyRow(tally: AlertTally, project_key: number): TallyRow {
  const { startsAt, endsAt, admitted, throttled } = tally;
  const isEmpty = ALERT_KINDS.every((kind) => throttled.counts[kind] === 0);
  return {
    ...tallyKey(tally, project_key),
    starts_at: startsAt,
    ends_at: endsAt,
    admitted,
    throttled: isEmpty ? null : throttled,
  };
}

/** The tally of a row. */
export function tallyOf(row: TallyRow, projectId: string): AlertTally {
  return {
    projectId,
    issueId: row.issue_id === NO_ISSUE ? null : row.issue_id,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    admitted: row.admitted,
    throttled: row.throttled ?? NOTHING_THROTTLED,
  };
}
