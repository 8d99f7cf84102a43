import type { Selectable } from "kysely";
import { ALERT_KINDS, type Alert } from "../core/alert.ts";
import { NOTHING_HELD_BACK, type AlertTally, type TallyScope } from "../core/alert-limits.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { SYSTEM } from "../core/turning-point.ts";
import type { OutboxEntry, OutboxState, OutboxStatus } from "../ports/alert-outbox.ts";
import { decodeUuid, encodeUuid } from "./id-codec.ts";
import { decodeInteger } from "./integer-codec.ts";
import { readAlert, readHeldBack } from "./stored-json.ts";
import type { AlertTalliesTable, OutboxTable } from "./tables.ts";
import { decodeOptionalText, plainText } from "./text-codec.ts";

/** How the states of alerts are written in rows. */
export const OUTBOX_STATUS_CODES: Readonly<Record<OutboxStatus, number>> = { pending: 0, dead: 1, discarded: 2 };

/** The columns of an alert that nobody holds. */
export function encodeAlert(alert: Alert, dueAt: number) {
  return {
    id: encodeUuid(alert.id),
    issue_id: alert.issue === null ? null : encodeUuid(alert.issue.id),
    turn: alert.turningPoint ?? 0,
    status: OUTBOX_STATUS_CODES.pending,
    at: dueAt,
    attempts: 0,
    last_error: null,
    memo: null,
    lease_token: null,
    discard_reason: null,
    discarded_by: null,
    alert: JSON.stringify(alert),
  };
}

/** An alert's row. */
export type AlertRow = Selectable<OutboxTable>;

/** An alert from its row. */
function decodeAlert(row: AlertRow): OutboxEntry {
  return {
    alert: readAlert(plainText(row.alert)),
    state: decodeOutboxState(row),
    attempts: decodeInteger(row.attempts),
    lastError: decodeOptionalText(row.last_error),
    memo: decodeOptionalText(row.memo),
  };
}

/** The same; `undefined` for one that this version cannot read, such as one of a newer version. */
export function tryDecodeAlert(row: AlertRow): OutboxEntry | undefined {
  try {
    return decodeAlert(row);
  } catch (error) {
    if (IssueLifecycleError.is(error) && error.code === "corrupt-data") return undefined;
    throw error;
  }
}

function decodeOutboxState(row: AlertRow): OutboxState {
  const at = decodeInteger(row.at);
  switch (decodeInteger(row.status)) {
    case OUTBOX_STATUS_CODES.pending:
      return { status: "pending", dueAt: at };
    case OUTBOX_STATUS_CODES.dead:
      return { status: "dead", diedAt: at };
    case OUTBOX_STATUS_CODES.discarded: {
      const by = decodeOptionalText(row.discarded_by);
      const reason = decodeOptionalText(row.discard_reason) ?? "";
      return { status: "discarded", discardedAt: at, reason, by: by === null ? SYSTEM : { kind: "user", id: by } };
    }
    default:
      throw new IssueLifecycleError("corrupt-data", "The store holds an alert in a state that it does not know.");
  }
}

/** What stands for the whole project in a tally: no UUID is all zeros. */
const NO_ISSUE = new Uint8Array(16);

/** What names a tally. */
export function encodeTallyScope({ issueId }: TallyScope, project_key: number) {
  return { project_key, issue_id: issueId === null ? NO_ISSUE : encodeUuid(issueId) };
}

/** The columns of a tally. */
export function encodeTally(tally: AlertTally, project_key: number) {
  const { startsAt, endsAt, admitted, heldBack } = tally;
  return {
    ...encodeTallyScope(tally, project_key),
    starts_at: startsAt,
    ends_at: endsAt,
    admitted,
    held_back: ALERT_KINDS.every((kind) => heldBack.counts[kind] === 0) ? null : JSON.stringify(heldBack),
  };
}

/** A tally's row. */
export type TallyRow = Selectable<AlertTalliesTable>;

/** A tally from its row. */
export function decodeTally(row: TallyRow, projectId: string): AlertTally {
  return {
    projectId,
    issueId: row.issue_id.every((byte) => byte === 0) ? null : decodeUuid(row.issue_id),
    startsAt: decodeInteger(row.starts_at),
    endsAt: decodeInteger(row.ends_at),
    admitted: decodeInteger(row.admitted),
    heldBack: row.held_back === null ? NOTHING_HELD_BACK : readHeldBack(plainText(row.held_back)),
  };
}
