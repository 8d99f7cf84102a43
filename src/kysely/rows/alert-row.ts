import { alertShape } from "../../core/alert-shape.ts";
import type { Alert } from "../../core/alert.ts";
import { ALERT_KINDS } from "../../core/alert-reason.ts";
import { IssueLifecycleError } from "../../core/errors.ts";
import type { UnreadableAt } from "../../core/page.ts";
import { isInstant } from "../../core/instant.ts";
import { SYSTEM } from "../../core/turning-point.ts";
import { corruptData } from "../../core/unreadable.ts";
import {
  DUE_AT_ONCE,
  NOTHING_THROTTLED,
  outboxPositionOf,
  type AlertTally,
  type OutboxEntry,
  type OutboxPosition,
  type OutboxState,
  type OutboxStatus,
  type TallyScope,
} from "../../ports/alert-outbox.ts";
import { integer, json, nullable, uuid, type RowOf } from "../schema/columns.ts";
import { TABLES, type TableRow } from "../schema/tables.ts";
import {
  damageIn,
  idPlace,
  idText,
  isWhole,
  NO_ID,
  placeOf,
  tolerant,
  undamaged,
  type TolerantRow,
  type Whole,
} from "./damage.ts";

/** The columns of an alert as they are read. */
export const ALERT_COLUMNS = tolerant(TABLES.outbox);

/** The columns of a due alert as it is claimed. */
export const CLAIMED_COLUMNS = {
  ...ALERT_COLUMNS,
  /** 0 if it is about an issue that was deleted. */
  has_issue: integer,
};

/** The columns of a due alert as it is claimed in no order. */
export const CLAIMED_IN_NO_ORDER_COLUMNS = {
  ...CLAIMED_COLUMNS,
  /** 1 if another alert of its issue is stored. */
  has_others: integer,
};

/** The columns of a due alert as it is claimed in order. */
export const CLAIMED_IN_ORDER_COLUMNS = {
  ...CLAIMED_COLUMNS,
  /** The first pending alert of its issue, if that has a lower turning point. */
  ...tolerant({ blocker: nullable(uuid) }),
};

/** An alert's row as it is read. */
export type StoredAlertRow = TolerantRow<typeof TABLES.outbox>;

/** An alert's row. */
export type AlertRow = TableRow<"outbox">;

/** The columns that are read of an alert to change its state: nothing that this version may be unable to read. */
const { id, issue_id, status, at, attempts, lease_token } = ALERT_COLUMNS;
export const ALERT_STATE_COLUMNS = { id, issue_id, status, at, attempts, lease_token };

/** How the states of alerts are stored. */
export const OUTBOX_STATUS_CODES: Readonly<Record<OutboxStatus, number>> = { pending: 0, dead: 1, discarded: 2 };

/**
 * How a pending alert is stored that a claim in order found blocked by an earlier one of its issue. Such claims need not look at it
 * until the earlier one is no longer pending.
 */
export const BLOCKED_CODE = 3;

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

/** The row of an alert in its state. */
export function outboxRow({ alert, state, attempts, lastError, memo }: OutboxEntry): AlertRow {
  const discarded = state.status === "discarded" ? state : undefined;
  return {
    ...alertRow(alert),
    status: OUTBOX_STATUS_CODES[state.status],
    at: outboxPositionOf({ alert, state }).at,
    attempts,
    last_error: lastError,
    memo,
    discard_reason: discarded?.reason ?? null,
    discarded_by: discarded?.by.kind === "user" ? discarded.by.id : null,
  };
}

/** The alert of a row, or what stands for one that this version cannot read, such as one that a newer version stored. */
export function alertEntryOf(row: StoredAlertRow): OutboxEntry | UnreadableAt<OutboxPosition> {
  if (!isWhole(row)) return unreadableAlert(row, damageIn(row)?.cause);
  try {
    return entryOf(row);
  } catch (error) {
    return unreadableAlert(row, error);
  }
}

function entryOf(row: Whole<StoredAlertRow>): OutboxEntry {
  if (!isInstant(row.at) || row.attempts < 0) throw new Error("It holds numbers that no alert has.");
  return {
    alert: ALERT_JSON.decode(row.alert),
    state: outboxStateOf(row),
    attempts: row.attempts,
    lastError: row.last_error,
    memo: row.memo,
  };
}

/** What stands for an alert that cannot be read, for this reason. */
export function unreadableAlert(row: StoredAlertRow, cause: unknown): UnreadableAt<OutboxPosition> {
  const id = idText(row.id);
  const error = corruptData(`Alert ${id}`, "alerts.discard() sets it aside.", cause);
  return { id, error, position: alertPositionOf(row) };
}

/** The position of an alert's row in lists. */
export function alertPositionOf(row: Pick<StoredAlertRow, "id" | "at">): OutboxPosition {
  return { at: placeOf(row.at), id: idPlace(row.id) };
}

/** Whether an alert is pending. */
export function isPending({ status }: Pick<StoredAlertRow, "status">): boolean {
  return status === OUTBOX_STATUS_CODES.pending || status === BLOCKED_CODE;
}

function outboxStateOf({ status, at, discard_reason, discarded_by }: Whole<StoredAlertRow>): OutboxState {
  switch (status) {
    case OUTBOX_STATUS_CODES.pending:
    case BLOCKED_CODE:
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

/** The columns of a tally as they are read. */
export const TALLY_COLUMNS = { ...TABLES.tallies, ...tolerant({ throttled: TABLES.tallies.throttled }) };

/** A tally's row. */
export type TallyRow = TableRow<"tallies">;

/** A tally's row as it is read. */
export type StoredTallyRow = RowOf<typeof TALLY_COLUMNS>;

/** The key of a tally's row. */
export type TallyKey = Pick<TallyRow, "project_key" | "issue_id">;

/** Stands for the whole project in a tally: no issue has this id. */
const NO_ISSUE = NO_ID;

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

/** The tally of a row. Throttled alerts that cannot be read are left out: they must not stop the others. */
export function tallyOf(row: StoredTallyRow, projectId: string): AlertTally {
  return {
    projectId,
    issueId: row.issue_id === NO_ISSUE ? null : row.issue_id,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    admitted: row.admitted,
    throttled: undamaged(row.throttled) ?? NOTHING_THROTTLED,
  };
}
