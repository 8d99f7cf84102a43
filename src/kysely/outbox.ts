import { isUuid } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { UnreadableAt } from "../core/page.ts";
import { isUnreadable } from "../core/unreadable.ts";
import {
  DUE_AT_ONCE,
  type AlertClaim,
  type AlertEviction,
  type AlertMove,
  type AlertSettlement,
  type AlertTally,
  type ClaimedAlert,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxPageRequest,
  type OutboxPosition,
  type OutboxReader,
  type OutboxTransaction,
  type TallyScope,
  type TallySelection,
} from "../ports/alert-outbox.ts";
import type { Session } from "./connections/session.ts";
import type { ProjectKeys } from "./project-keys.ts";
import {
  alertEntryOf,
  alertPositionOf,
  OUTBOX_STATUS_CODES,
  unreadableAlert,
  type ALERT_STATE_COLUMNS,
  type StoredAlertRow,
} from "./rows/alert-row.ts";
import { BEYOND_ALL, hasId, placeOf, undamaged, type Damaged } from "./rows/damage.ts";
import type { Statements } from "./statements/index.ts";
import { KyselyTallies } from "./tallies.ts";

/** The position before all others. */
const BEFORE_ALL: OutboxPosition = { at: -BEYOND_ALL, id: "00000000-0000-0000-0000-000000000000" };

/** The reads of the outbox. Alerts of deleted issues are still stored, and are left out. */
export class KyselyOutboxReader implements OutboxReader {
  protected readonly session: Session;
  protected readonly statements: Statements;

  constructor(session: Session, statements: Statements) {
    this.session = session;
    this.statements = statements;
  }

  async page(request: OutboxPageRequest): Promise<readonly (OutboxEntry | UnreadableAt<OutboxPosition>)[]> {
    const { status, after, limit } = request;
    // What is beyond all positions cannot be told apart by positions.
    if (after !== null && after.at >= Number.MAX_SAFE_INTEGER) return [];
    const page = (await this.#rowsOf(OUTBOX_STATUS_CODES[status], request)).map(alertEntryOf);
    if (status !== "pending" || after !== null) return page;
    return [...(await this.#inUnknownStates(limit)), ...page].slice(0, limit);
  }

  /** Alerts in states that this version does not know: they are in no order, and come before all others. */
  async #inUnknownStates(limit: number): Promise<UnreadableAt<OutboxPosition>[]> {
    const { belowKnownStates, aboveKnownStates } = this.statements.alerts;
    const rows = await this.session.all(aboveKnownStates, { limit });
    rows.push(...(await this.session.all(belowKnownStates, { limit })));
    return rows.map((row) => {
      const cause = new Error("It is in a state that this version does not know.");
      return { ...unreadableAlert(row, cause), position: { ...BEFORE_ALL, at: Number.MIN_SAFE_INTEGER } };
    });
  }

  async count(now: Instant): Promise<OutboxCounts> {
    const row = await this.session.first(this.statements.alerts.count, { now });
    return {
      due: row?.due ?? 0,
      waiting: row?.waiting ?? 0,
      leased: row?.leased ?? 0,
      dead: row?.dead ?? 0,
      discarded: row?.discarded ?? 0,
    };
  }

  async #rowsOf(status: number, { after, limit }: OutboxPageRequest): Promise<StoredAlertRow[]> {
    const found: StoredAlertRow[] = [];
    let position = after ?? BEFORE_ALL;
    while (found.length < limit) {
      const values = { status, ...position, limit: limit - found.length };
      const rows = await this.session.all(this.statements.alerts.page, values);
      found.push(...(await this.withIssues(rows)));
      const last = rows.at(-1);
      if (last === undefined || rows.length < values.limit) break;
      position = alertPositionOf(last);
      if (position.at >= Number.MAX_SAFE_INTEGER) break;
    }
    return found;
  }

  /** The alerts whose issue exists, if they are about one. The issue of one whose issue's id is damaged is taken to exist. */
  protected async withIssues<Row extends Pick<StoredAlertRow, "issue_id">>(rows: readonly Row[]): Promise<Row[]> {
    const ids = new Set(rows.flatMap(({ issue_id }) => undamaged(issue_id) ?? []));
    const found = await this.session.find(
      this.statements.issues.existing,
      Array.from(ids, (id) => ({ id })),
    );
    const existing = new Set(found.map(({ id }) => id));
    return rows.filter(({ issue_id }) => {
      const id = undamaged(issue_id);
      return id === null || id === undefined || existing.has(id);
    });
  }
}

/**
 * The outbox within one transaction of the database. A leased alert is one that is not due before its lease ends: so one
 * order, by due time, serves for claiming.
 */
export class KyselyOutbox extends KyselyOutboxReader implements OutboxTransaction {
  readonly #projectKeys: ProjectKeys;
  #openedTallies: KyselyTallies | undefined;

  constructor(session: Session, statements: Statements, projectKeys: ProjectKeys) {
    super(session, statements);
    this.#projectKeys = projectKeys;
  }

  /** Alerts of deleted issues are removed instead. */
  async claim(claim: AlertClaim): Promise<ClaimedAlert[]> {
    const { limit, issueIds } = claim;
    if (issueIds !== null) return this.#lease(await this.#removeOrphans(await this.#dueOf(issueIds, claim)), claim);
    const claimed: ClaimedAlert[] = [];
    while (claimed.length < limit) {
      const wanted = limit - claimed.length;
      const { due, dueInOrder } = this.statements.alerts;
      const rows = await this.session.all(claim.inOrder ? dueInOrder : due, { now: claim.now, limit: wanted });
      claimed.push(...(await this.#lease(await this.#removeOrphans(rows.filter(hasId)), claim)));
      if (rows.length < wanted) break;
    }
    return claimed;
  }

  async settle(settlements: readonly AlertSettlement[]): Promise<string[]> {
    const { alerts } = this.statements;
    const rows = new Map((await this.#lock(settlements.map(({ id }) => id))).map((row) => [row.id, row]));
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
    return held.map(({ row }) => row.id);
  }

  async move(move: AlertMove): Promise<string[]> {
    if (move.to === "due") return this.#setBack(move);
    const rows = await this.#removeOrphans(await this.#lock(move.ids));
    const moved = rows.filter(({ status }) => canMove(status, move)).map(({ id }) => id);
    const { discard, redrive } = this.statements.alerts;
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
    const { dueLast, lease } = this.statements.alerts;
    const rows = (await this.session.all(dueLast, { due_after: dueAfter, limit })).filter(hasId);
    const existing = await this.#removeOrphans(rows);
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

  async #dueOf(issueIds: readonly string[], { now, limit, inOrder }: AlertClaim): Promise<Identified[]> {
    const { ofIssues, anyOfIssues } = this.statements.alerts;
    const input = [...new Set(issueIds)].filter(isUuid).map((issue_id) => ({ issue_id }));
    const found = (await this.session.find(ofIssues, input)).filter(hasId);
    const due = found.filter((row) => isPending(row) && placeOf(row.at) <= now);
    const first = inOrder ? firstTurns((await this.session.find(anyOfIssues, input)).filter(isPending)) : undefined;
    return due
      .filter(({ issue_id, turn }) => first === undefined || first.get(issue_id) === placeOf(turn))
      .sort(byPosition)
      .slice(0, limit);
  }

  /** The alerts whose issue exists, if they are about one. Removes the others. */
  async #removeOrphans<Row extends Pick<Identified, "id" | "issue_id">>(rows: readonly Row[]): Promise<readonly Row[]> {
    const existing = await this.withIssues(rows);
    const exists = new Set(existing);
    await this.session.write(
      this.statements.alerts.delete,
      rows.filter((row) => !exists.has(row)).map(({ id }) => ({ id })),
    );
    return existing;
  }

  /** Alerts that this version cannot read are not due for as long as the lease: newer code may be able to read them. */
  async #lease(rows: readonly Identified[], { lease }: AlertClaim): Promise<ClaimedAlert[]> {
    const claimed: ClaimedAlert[] = [];
    const leased = rows.map((row) => {
      const { id } = row;
      const entry = alertEntryOf(row);
      if (isUnreadable(entry)) {
        return { id, at: lease.until, attempts: undamaged(row.attempts) ?? 0, lease_token: null };
      }
      const { alert, memo } = entry;
      const attempts = entry.attempts + 1;
      claimed.push({ alert, dueAt: placeOf(row.at), attempts, memo });
      return { id, at: lease.until, attempts, lease_token: lease.token };
    });
    await this.session.write(this.statements.alerts.lease, leased);
    return claimed;
  }

  /** Locks alerts by id, so that transactions wait for each other instead of running into a deadlock. */
  async #lock(ids: readonly string[]): Promise<LockedRow[]> {
    const input = [...new Set(ids)]
      .filter(isUuid)
      .sort()
      .map((id) => ({ id }));
    return (await this.session.find(this.statements.alerts.lock, input)).filter(hasId);
  }
}

/** A row whose id can be read. */
type Identified = StoredAlertRow & { readonly id: string };

/** What is read of a row to change its state. */
type LockedRow = Pick<Identified, keyof typeof ALERT_STATE_COLUMNS>;

function isPending({ status }: Pick<StoredAlertRow, "status">): boolean {
  return status === OUTBOX_STATUS_CODES.pending;
}

function isHeld(row: LockedRow, { lease }: AlertSettlement): boolean {
  return isPending(row) && row.at === lease.until && row.lease_token === lease.token;
}

function canMove(status: number | Damaged, move: Exclude<AlertMove, { readonly to: "due" }>): boolean {
  if (move.to === "discarded") return status !== OUTBOX_STATUS_CODES.discarded;
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
function firstTurns(rows: readonly StoredAlertRow[]): ReadonlyMap<StoredAlertRow["issue_id"], number> {
  const first = new Map<StoredAlertRow["issue_id"], number>();
  for (const { issue_id, turn } of rows) {
    first.set(issue_id, Math.min(placeOf(turn), first.get(issue_id) ?? placeOf(turn)));
  }
  return first;
}

function byPosition(one: StoredAlertRow, other: StoredAlertRow): number {
  const [first, second] = [alertPositionOf(one), alertPositionOf(other)];
  return first.at - second.at || (first.id < second.id ? -1 : 1);
}
