import type { Alert } from "../core/alert.ts";
import { isUuid } from "../core/input.ts";
import { isUnreadable } from "../core/unreadable.ts";
import {
  DUE_AT_ONCE,
  type AlertClaim,
  type AlertEviction,
  type AlertMove,
  type AlertSettlement,
  type AlertTally,
  type ClaimedAlert,
  type OutboxTransaction,
  type TallyScope,
  type TallySelection,
} from "../ports/alert-outbox.ts";
import { lookupAll } from "./connections/lookup.ts";
import type { Session } from "./connections/session.ts";
import { lockAlerts, OutboxOrder } from "./outbox-order.ts";
import { BEFORE_ALL, byPosition, firstOf, KyselyOutboxReader } from "./outbox-reader.ts";
import type { ProjectKeys } from "./project-keys.ts";
import {
  alertEntryOf,
  alertRow,
  alertPositionOf,
  isPending,
  OUTBOX_STATUS_CODES,
  type ALERT_STATE_COLUMNS,
  type CLAIMED_COLUMNS,
  type StoredAlertRow,
} from "./rows/alert-row.ts";
import { hasId, placeOf, undamaged, type Damaged } from "./rows/damage.ts";
import type { RowOf } from "./schema/columns.ts";
import type { Statements } from "./statements/index.ts";
import { KyselyTallies } from "./tallies.ts";

/**
 * The outbox within one transaction of the database. A leased alert is one that is not due before its lease ends: so one
 * order, by due time, serves for claiming.
 */
export class KyselyOutbox extends KyselyOutboxReader implements OutboxTransaction {
  readonly #projectKeys: ProjectKeys;
  readonly #order: OutboxOrder;
  #openedTallies: KyselyTallies | undefined;

  constructor(session: Session, statements: Statements, projectKeys: ProjectKeys) {
    super(session, statements);
    this.#projectKeys = projectKeys;
    this.#order = new OutboxOrder(session, statements.alerts);
  }

  /** Alerts of deleted issues are removed instead. */
  async claim(claim: AlertClaim): Promise<ClaimedAlert[]> {
    const { now, limit, issueIds, inOrder } = claim;
    if (issueIds !== null) return this.#lease(await this.#withoutOrphans(await this.#dueOf(issueIds, claim)), claim);
    if (inOrder) return this.#claimInOrder(claim);
    const { due, dueBlocked } = this.statements.alerts;
    const claimed: ClaimedAlert[] = [];
    while (claimed.length < limit) {
      const values = { now, limit: limit - claimed.length };
      const [unblocked, blocked] = [lookupAll(due, values), lookupAll(dueBlocked, values)];
      await this.session.findAll([unblocked, blocked]);
      const found = firstOf(values.limit, unblocked.rows, blocked.rows, byPosition).filter(hasId);
      claimed.push(...(await this.#lease(await this.#ofIssues(found), claim)));
      if (found.length < values.limit) break;
    }
    return claimed;
  }

  /**
   * Passes over alerts that have to wait, and notes that they are blocked: so each costs one claim, and not all claims
   * until its turn. Locks without waiting, so that claims never wait for each other.
   */
  async #claimInOrder(claim: AlertClaim): Promise<ClaimedAlert[]> {
    const { now, limit } = claim;
    const claimed: ClaimedAlert[] = [];
    let position = BEFORE_ALL;
    let wanted = limit;
    while (claimed.length < limit) {
      const room = limit - claimed.length;
      const rows = await this.session.all(this.statements.alerts.dueInOrder, { now, ...position, limit: wanted });
      const found = await this.#ofIssues(rows.filter(hasId));
      await this.#order.block(found);
      const first = found.filter(({ blocker }) => blocker === null).slice(0, room);
      claimed.push(...(await this.#lease(first, claim)));
      const last = first.length === room ? first.at(-1) : rows.at(-1);
      if (last === undefined || (first.length < room && rows.length < wanted)) break;
      position = alertPositionOf(last);
      // Those that could not be noted must not take many steps.
      if (first.length === 0) wanted = Math.min(2 * wanted, Math.max(limit, LONGEST_STEP));
    }
    return claimed;
  }

  async settle(settlements: readonly AlertSettlement[]): Promise<string[]> {
    const { alerts } = this.statements;
    const ids = settlements.map(({ id }) => id);
    const rows = new Map((await lockAlerts(this.session, alerts.lock, ids)).map((row) => [row.id, row]));
    const held = settlements.flatMap((settlement) => {
      const row = rows.get(settlement.id);
      return row !== undefined && isHeld(row, settlement) ? { settlement, row } : [];
    });
    const done = held.flatMap(({ settlement: { outcome }, row: { id } }) => (outcome === "done" ? { id } : []));
    const released = held.flatMap(({ settlement, row: { id, attempts } }) =>
      settlement.outcome === "released"
        ? { id, at: settlement.dueAt, attempts: (undamaged(attempts) ?? 1) - 1, lease_token: null }
        : [],
    );
    await this.session.write(alerts.delete, done);
    await this.session.write(alerts.lease, released);
    await this.session.write(
      alerts.settle,
      held.flatMap(({ settlement }) => settledRow(settlement) ?? []),
    );
    await this.#order.unblockNext(held.flatMap(({ settlement: { outcome }, row }) => (ENDS[outcome] ? row : [])));
    return held.map(({ row }) => row.id);
  }

  async replace(alerts: readonly Alert[]): Promise<void> {
    await this.session.write(
      this.statements.alerts.replace,
      alerts.map((alert) => ({ id: alert.id, alert: alertRow(alert).alert })),
    );
  }

  async move(move: AlertMove): Promise<string[]> {
    if (move.to === "due") return this.#setBack(move);
    const { lock, discard, redrive } = this.statements.alerts;
    const existing = await this.#withoutOrphans(await lockAlerts(this.session, lock, move.ids));
    const rows = existing.filter(({ status }) => canMove(status, move));
    const moved = rows.map(({ id }) => id);
    switch (move.to) {
      case "discarded": {
        const shared = {
          status: OUTBOX_STATUS_CODES.discarded,
          at: move.at,
          lease_token: null,
          discard_reason: move.reason,
          discarded_by: move.by.kind === "user" ? move.by.id : null,
        };
        await this.session.write(
          discard,
          moved.map((id) => ({ id, ...shared })),
        );
        await this.#order.unblockNext(rows);
        return moved;
      }
      case "pending": {
        const shared = {
          status: OUTBOX_STATUS_CODES.pending,
          at: move.dueAt,
          attempts: 0,
          lease_token: null,
          discard_reason: null,
          discarded_by: null,
        };
        await this.session.write(
          redrive,
          moved.map((id) => ({ id, ...shared })),
        );
        return moved;
      }
    }
  }

  /** A damaged due time that is beyond all instants is repaired by this. */
  async #setBack({ dueAfter, limit }: Extract<AlertMove, { readonly to: "due" }>): Promise<string[]> {
    const { dueLast, dueLastBlocked, lease } = this.statements.alerts;
    const values = { due_after: dueAfter, limit };
    const last = await this.session.all(dueLast, values);
    const lastBlocked = await this.session.all(dueLastBlocked, values);
    const rows = firstOf(limit, last, lastBlocked, (one, other) => byPosition(other, one));
    const existing = await this.#withoutOrphans(rows.filter(hasId));
    const setBack = existing.map(({ id, attempts }) => {
      return { id, at: DUE_AT_ONCE, attempts: undamaged(attempts) ?? 0, lease_token: null };
    });
    await this.session.write(lease, setBack);
    return setBack.map(({ id }) => id);
  }

  async evict({ endedBefore, limit }: AlertEviction): Promise<number> {
    const { ended, delete: remove } = this.statements.alerts;
    let evicted = 0;
    for (const status of [OUTBOX_STATUS_CODES.dead, OUTBOX_STATUS_CODES.discarded]) {
      const rows = await this.session.all(ended, { status, before: endedBefore, limit: limit - evicted });
      await this.session.write(remove, rows.filter(hasId));
      evicted += rows.length;
      if (evicted === limit) break;
    }
    return evicted;
  }

  lockTallies(selection: TallySelection): Promise<readonly AlertTally[]> {
    return this.#tallies.lock(selection);
  }

  writeTallies(changes: {
    readonly save?: readonly AlertTally[];
    readonly remove?: readonly TallyScope[];
  }): Promise<void> {
    return this.#tallies.write(changes);
  }

  get #tallies(): KyselyTallies {
    this.#openedTallies ??= new KyselyTallies(this.session, this.statements.tallies, this.#projectKeys);
    return this.#openedTallies;
  }

  /** Reads the alerts themselves only of those that are chosen: an issue may have thousands. */
  async #dueOf(issueIds: readonly string[], { now, limit, inOrder }: AlertClaim): Promise<Identified[]> {
    const { ofIssues, chosen } = this.statements.alerts;
    const isDue = (row: Pick<LockedRow, "status" | "at">): boolean => isPending(row) && placeOf(row.at) <= now;
    const input = [...new Set(issueIds)].filter(isUuid).map((issue_id) => ({ issue_id }));
    const pending = (await this.session.find(ofIssues, input)).filter(isPending);
    const first = inOrder ? firstTurns(pending) : undefined;
    const ids = pending
      .filter(hasId)
      .filter((row) => isDue(row) && (first === undefined || first.get(row.issue_id) === placeOf(row.turn)))
      .sort(byPosition)
      .slice(0, limit)
      .map(({ id }) => id);
    return (await lockAlerts(this.session, chosen, ids)).filter(isDue).sort(byPosition);
  }

  /** The due alerts whose issue exists, if they are about one. Removes the others, and all others of their issues. */
  async #ofIssues<Row extends ClaimedRow>(rows: readonly Row[]): Promise<readonly Row[]> {
    // The issue of one whose issue's id is damaged is taken to exist.
    const existing = rows.filter(({ has_issue, issue_id }) => has_issue !== 0 || undamaged(issue_id) === undefined);
    await this.#removeOrphans(rows, existing);
    return existing;
  }

  /** The same for rows that do not say whether their issue exists. */
  async #withoutOrphans<Row extends LockedRow>(rows: readonly Row[]): Promise<readonly Row[]> {
    const existing = await this.withIssues(rows);
    await this.#removeOrphans(rows, existing);
    return existing;
  }

  async #removeOrphans<Row extends LockedRow>(rows: readonly Row[], existing: readonly Row[]): Promise<void> {
    if (existing.length === rows.length) return;
    const exists = new Set(existing);
    const gone = new Set(rows.flatMap((row) => (exists.has(row) ? [] : (undamaged(row.issue_id) ?? []))));
    await this.session.write(
      this.statements.alerts.deleteOfIssues,
      Array.from(gone, (issue_id) => ({ issue_id })),
    );
  }

  /** Alerts that this version cannot read are not due for as long as the lease: newer code may be able to read them. */
  async #lease(
    rows: readonly (Identified & { readonly has_others?: number })[],
    { lease }: AlertClaim,
  ): Promise<ClaimedAlert[]> {
    const claimed: ClaimedAlert[] = [];
    const leased = rows.map((row) => {
      const { id } = row;
      const entry = alertEntryOf(row);
      if (isUnreadable(entry)) {
        return { id, at: lease.until, attempts: undamaged(row.attempts) ?? 0, lease_token: null };
      }
      const { alert, memo } = entry;
      const attempts = entry.attempts + 1;
      claimed.push({ alert, dueAt: placeOf(row.at), attempts, memo, ...(row.has_others === 0 && { isAlone: true }) });
      return { id, at: lease.until, attempts, lease_token: lease.token };
    });
    await this.session.write(this.statements.alerts.lease, leased);
    return claimed;
  }
}

/** A row whose id can be read. */
type Identified = StoredAlertRow & { readonly id: string };

/** What is read of a row to change its state. */
type LockedRow = Pick<Identified, keyof typeof ALERT_STATE_COLUMNS>;

/** A due alert as it is claimed. */
type ClaimedRow = RowOf<typeof CLAIMED_COLUMNS> & { readonly id: string };

/** The most alerts that one step of a claim in order reads, unless more are claimed. */
const LONGEST_STEP = 500;

/** Whether an alert is no longer pending after a settlement. */
const ENDS: Readonly<Record<AlertSettlement["outcome"], boolean>> = {
  done: true,
  dead: true,
  released: false,
  failed: false,
};

function isHeld(row: LockedRow, { lease }: AlertSettlement): boolean {
  return isPending(row) && row.at === lease.until && row.lease_token === lease.token;
}

function canMove(status: number | Damaged, move: Exclude<AlertMove, { readonly to: "due" }>): boolean {
  if (move.to === "discarded") return status !== OUTBOX_STATUS_CODES.discarded;
  if (move.from === "pending") return isPending({ status });
  return move.from === null || status === OUTBOX_STATUS_CODES[move.from];
}

/** The changed columns of an alert that stays in the outbox after an attempt; `undefined` for others. */
function settledRow(settlement: AlertSettlement) {
  switch (settlement.outcome) {
    case "done":
    case "released":
      return undefined;
    case "failed":
    case "dead": {
      const { id, error, memo } = settlement;
      const at = settlement.outcome === "failed" ? settlement.dueAt : settlement.diedAt;
      const status = settlement.outcome === "failed" ? OUTBOX_STATUS_CODES.pending : OUTBOX_STATUS_CODES.dead;
      return { id, status, at, last_error: error, memo, lease_token: null };
    }
  }
}

/** The lowest turn of each issue. */
function firstTurns(
  rows: readonly Pick<StoredAlertRow, "issue_id" | "turn">[],
): ReadonlyMap<StoredAlertRow["issue_id"], number> {
  const first = new Map<StoredAlertRow["issue_id"], number>();
  for (const { issue_id, turn } of rows) {
    first.set(issue_id, Math.min(placeOf(turn), first.get(issue_id) ?? placeOf(turn)));
  }
  return first;
}
