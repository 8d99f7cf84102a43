import { alertShape } from "../core/alert-shape.ts";
import { requireInstant } from "../core/input.ts";
import { anyText, count, looseObject, nullable, type Shape } from "../core/shape.ts";
import { SYSTEM } from "../core/turning-point.ts";
import type { UnreadableAt } from "../core/page.ts";
import { corruptData } from "../core/unreadable.ts";
import type { AlertLease, OutboxEntry, OutboxPosition, OutboxState, OutboxStatus } from "../ports/alert-outbox.ts";
import { jsonBytes, readJson } from "./values.ts";

/** The state of an alert, stored apart from the alert, which never changes. */
export interface AlertState {
  /** The issue that it is about; `null` for none. */
  readonly issueId: string | null;
  readonly turningPoint: number;
  /** See {@link OUTBOX_STATUS_CODES}. */
  readonly status: number;
  /** When it is due, died or was discarded. */
  readonly at: number;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly memo: string | null;
  /** The lease of the last claim while it can still settle the alert, else `null`. */
  readonly lease: AlertLease | null;
  /** Why it was discarded; `""` if it was not. */
  readonly reason: string;
  /** The user who discarded it; `null` for the system. */
  readonly user: string | null;
}

/** How the states of alerts are stored. */
export const OUTBOX_STATUS_CODES: Readonly<Record<OutboxStatus, number>> = { pending: 0, dead: 1, discarded: 2 };

const stateShape: Shape<AlertState> = looseObject<AlertState>({
  issueId: nullable(anyText),
  turningPoint: count,
  status: count,
  at: requireInstant,
  attempts: count,
  lastError: nullable(anyText),
  memo: nullable(anyText),
  lease: nullable(looseObject<AlertLease>({ token: anyText, until: requireInstant })),
  reason: anyText,
  user: nullable(anyText),
});

/** The state of an alert, of its value. */
export function readAlertState(bytes: Uint8Array): AlertState {
  return readJson("an alert's state", bytes, stateShape);
}

/** The value of the state of an alert that another user has discarded, if `user` has. One that cannot be read stays as it is. */
export function withDiscardedBy(bytes: Uint8Array, user: string, by: string): Uint8Array | undefined {
  try {
    const state = readAlertState(bytes);
    return state.user === user ? jsonBytes({ ...state, user: by }) : undefined;
  } catch {
    return undefined;
  }
}

/** The alert of a value and its state. */
export function outboxEntryOf(bytes: Uint8Array, state: AlertState): OutboxEntry {
  const { attempts, lastError, memo } = state;
  return { alert: readJson("an alert", bytes, alertShape), state: outboxStateOf(state), attempts, lastError, memo };
}

function outboxStateOf({ status, at, reason, user }: AlertState): OutboxState {
  switch (status) {
    case OUTBOX_STATUS_CODES.pending:
      return { status: "pending", dueAt: at };
    case OUTBOX_STATUS_CODES.dead:
      return { status: "dead", diedAt: at };
    case OUTBOX_STATUS_CODES.discarded:
      return {
        status: "discarded",
        discardedAt: at,
        reason,
        by: user === null ? SYSTEM : { kind: "user", id: user },
      };
    default:
      throw new Error("It is in a state that this version does not know.");
  }
}

/** What stands for an alert that cannot be read. */
export function unreadableAlert(position: OutboxPosition, cause: unknown): UnreadableAt<OutboxPosition> {
  const { id } = position;
  return { id, error: corruptData(`Alert ${id}`, "alerts.discard() sets it aside.", cause), position };
}
