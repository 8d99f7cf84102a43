import type { Alert } from "../core/alert.ts";
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
import { isPending, positionAt, type AlertRow, type Alerts } from "./alerts.ts";
import { endOf, keyAfter } from "./bytes.ts";
import { requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { within, type KeyBounds, type Session } from "./session.ts";
import { OUTBOX_STATUS_CODES, outboxEntryOf, unreadableAlert, type AlertState } from "./stored-alert.ts";
import type { Tallies } from "./tallies.ts";

/** The reads of the outbox. */
export class KeyValueOutboxReader implements OutboxReader {
  protected readonly session: Session;
  protected readonly alerts: Alerts;

  constructor(session: Session, alerts: Alerts) {
    this.session = session;
    this.alerts = alerts;
  }

  async page({ status, after, limit }: OutboxPageRequest): Promise<(OutboxEntry | UnreadableAt<OutboxPosition>)[]> {
    const page = status === "pending" && after === null ? await this.#inUnknownStates(limit) : [];
    if (page.length >= limit) return page;
    const code = OUTBOX_STATUS_CODES[status];
    const { from, to } = within(KEYS.alertsByTime(code));
    const start = after === null ? from : keyAfter(KEYS.alertByTime(code, after.at, requireIdPart(after.id)));
    for await (const [key] of this.session.scan({ from: start, to }, { expected: limit })) {
      const entry = await this.entryAt(positionAt(key), code);
      if (entry !== undefined) page.push(entry);
      if (page.length === limit) break;
    }
    return page;
  }

  async count(now: Instant): Promise<OutboxCounts> {
    const counts = { due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 };
    for (const status of ["pending", "dead", "discarded"] as const) {
      for await (const [key, lease] of this.session.scan(within(KEYS.alertsByTime(OUTBOX_STATUS_CODES[status])))) {
        if (status !== "pending") counts[status]++;
        else if (positionAt(key).at <= now) counts.due++;
        else counts[lease.length === 0 ? "waiting" : "leased"]++;
      }
    }
    return counts;
  }

  /** The alert that a key leads to, or what stands for it; `undefined` if the key leads to nothing. */
  protected async entryAt(
    position: OutboxPosition,
    status: number,
  ): Promise<OutboxEntry | UnreadableAt<OutboxPosition> | undefined> {
    try {
      const state = await this.alerts.state(position.id);
      if (state?.status !== status || state.at !== position.at) return undefined;
      const body = await this.alerts.body(position.id);
      if (body !== undefined) return outboxEntryOf(body, state);
      return unreadableAlert(position, new Error("It has no content."));
    } catch (error) {
      if (this.session.failure === undefined) return unreadableAlert(position, error);
      throw error;
    }
  }

  /** Alerts in states that this version does not know: they are in no order, and come before all others. */
  async #inUnknownStates(limit: number): Promise<(OutboxEntry | UnreadableAt<OutboxPosition>)[]> {
    const from = endOf(KEYS.alertsByTime(Math.max(...Object.values(OUTBOX_STATUS_CODES))));
    const entries = await this.session.range({ from, to: endOf(KEYS.allAlertsByTime) }, limit);
    return entries.map(([key]) => {
      const position = { at: Number.MIN_SAFE_INTEGER, id: NO_ID };
      const { id, error } = unreadableAlert(
        positionAt(key),
        new Error("It is in a state that this version does not know."),
      );
      return { id, error, position };
    });
  }
}

const NO_ID = "00000000-0000-0000-0000-000000000000";

/** The outbox within a transaction. A leased alert is one that is not due before its lease ends. */
export class KeyValueOutbox extends KeyValueOutboxReader implements OutboxTransaction {
  readonly #tallies: Tallies;

  constructor(session: Session, alerts: Alerts, tallies: Tallies) {
    super(session, alerts);
    this.#tallies = tallies;
  }

  async claim(claim: AlertClaim): Promise<ClaimedAlert[]> {
    const claimed: ClaimedAlert[] = [];
    const due = claim.issueIds === null ? this.#due(claim) : await this.#dueOfIssues(claim, claim.issueIds);
    // All are found before any is leased: that would change what the search reads.
    const unreadable: AlertRow[] = [];
    const rows: { readonly row: AlertRow; readonly entry: OutboxEntry }[] = [];
    for await (const position of due) {
      const row = await this.alerts.row(position.id);
      if (row?.state.at !== position.at || !isPending(row.state)) continue;
      const entry = await this.entryAt(position, row.state.status);
      if (entry === undefined) continue;
      if (isUnreadable(entry)) unreadable.push(row);
      else rows.push({ row, entry });
      if (rows.length === claim.limit) break;
    }
    const { lease } = claim;
    // Newer code may be able to read them: they are not due for as long as the lease.
    for (const { id, state } of unreadable)
      await this.alerts.put(id, state, { ...state, at: lease.until, lease: null });
    for (const { row, entry } of rows) {
      const attempts = row.state.attempts + 1;
      await this.alerts.put(row.id, row.state, { ...row.state, at: lease.until, attempts, lease });
      claimed.push({ alert: entry.alert, dueAt: row.state.at, attempts, memo: entry.memo });
    }
    return claimed;
  }

  async settle(settlements: readonly AlertSettlement[]): Promise<string[]> {
    const settled: string[] = [];
    for (const settlement of settlements) {
      const row = await this.alerts.row(settlement.id);
      if (row === undefined || !isHeld(row.state, settlement)) continue;
      settled.push(row.id);
      if (settlement.outcome === "done") await this.alerts.remove(row);
      else await this.alerts.put(row.id, row.state, settledState(row.state, settlement));
    }
    return settled;
  }

  async replace(alerts: readonly Alert[]): Promise<void> {
    for (const alert of alerts) await this.alerts.replace(alert);
  }

  async move(move: AlertMove): Promise<string[]> {
    const moved: string[] = [];
    for (const { id, state } of await this.#movable(move)) {
      await this.alerts.put(id, state, movedState(state, move));
      moved.push(id);
    }
    return moved;
  }

  async evict({ endedBefore, limit }: AlertEviction): Promise<number> {
    let evicted = 0;
    for (const status of [OUTBOX_STATUS_CODES.dead, OUTBOX_STATUS_CODES.discarded]) {
      const bounds = { from: KEYS.alertsByTime(status), to: KEYS.alertsAt(status, endedBefore) };
      const entries = evicted === limit ? [] : await this.session.range(bounds, limit - evicted);
      for (const [key] of entries) {
        const { id } = positionAt(key);
        const row = await this.alerts.row(id);
        if (row === undefined) await this.alerts.removeDamaged(id);
        else if (row.state.status === status) await this.alerts.remove(row);
        await this.session.remove(key);
        evicted++;
      }
    }
    return evicted;
  }

  lockTallies(selection: TallySelection): Promise<AlertTally[]> {
    return this.#tallies.select(selection);
  }

  async writeTallies({
    save = [],
    remove = [],
  }: {
    readonly save?: readonly AlertTally[];
    readonly remove?: readonly TallyScope[];
  }): Promise<void> {
    for (const tally of save) await this.#tallies.save(tally);
    for (const scope of remove) await this.#tallies.remove(scope);
  }

  /** The positions of pending alerts that are due and do not have to wait, earliest due first. */
  async *#due({ now, limit, inOrder }: AlertClaim): AsyncGenerator<OutboxPosition> {
    const bounds: KeyBounds = inOrder
      ? { from: KEYS.alertsToClaim, to: endOf(KEYS.alertsToClaimAt(now)) }
      : { from: KEYS.alertsByTime(PENDING), to: endOf(KEYS.alertsAt(PENDING, now)) };
    for await (const [key] of this.session.scan(bounds, { expected: limit })) yield positionAt(key);
  }

  async #dueOfIssues({ now, inOrder }: AlertClaim, issueIds: readonly string[]): Promise<OutboxPosition[]> {
    const positions: OutboxPosition[] = [];
    for (const issueId of new Set(issueIds)) {
      const pending = await (inOrder ? this.alerts.firstOf(issueId) : this.alerts.pendingOf(issueId));
      for (const { id, dueAt } of pending) if (dueAt <= now) positions.push({ at: dueAt, id });
    }
    return positions.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
  }

  async #movable(move: AlertMove): Promise<AlertRow[]> {
    if (move.to === "due") return this.#dueLast(move.dueAfter, move.limit);
    const rows: AlertRow[] = [];
    for (const id of move.ids) {
      const row = (await this.alerts.row(id)) ?? (move.to === "discarded" ? await this.alerts.repaired(id) : undefined);
      if (row !== undefined && canMove(row.state, move)) rows.push(row);
    }
    return rows;
  }

  /** The pending alerts that are due after an instant, those that are due last first. */
  async #dueLast(dueAfter: Instant, limit: number): Promise<AlertRow[]> {
    const bounds = { from: endOf(KEYS.alertsAt(PENDING, dueAfter)), to: endOf(KEYS.alertsByTime(PENDING)) };
    const rows: AlertRow[] = [];
    for await (const [key] of this.session.scan(bounds, { reverse: true, expected: limit })) {
      const row = await this.alerts.row(positionAt(key).id);
      if (row?.state.at === positionAt(key).at && isPending(row.state)) rows.push(row);
      if (rows.length === limit) break;
    }
    return rows;
  }
}

const PENDING = OUTBOX_STATUS_CODES.pending;

function isHeld(state: AlertState, { lease }: AlertSettlement): boolean {
  return isPending(state) && state.lease?.token === lease.token && state.lease.until === lease.until;
}

function canMove({ status }: AlertState, move: Exclude<AlertMove, { readonly to: "due" }>): boolean {
  if (move.to === "discarded") return status !== OUTBOX_STATUS_CODES.discarded;
  return move.from === null || status === OUTBOX_STATUS_CODES[move.from];
}

function settledState(
  state: AlertState,
  settlement: Exclude<AlertSettlement, { readonly outcome: "done" }>,
): AlertState {
  switch (settlement.outcome) {
    case "released":
      return { ...state, at: settlement.dueAt, attempts: state.attempts - 1, lease: null };
    case "failed":
      return { ...state, at: settlement.dueAt, lastError: settlement.error, memo: settlement.memo, lease: null };
    case "dead": {
      const { diedAt: at, error: lastError, memo } = settlement;
      return { ...state, status: OUTBOX_STATUS_CODES.dead, at, lastError, memo, lease: null };
    }
  }
}

function movedState(state: AlertState, move: AlertMove): AlertState {
  switch (move.to) {
    case "due":
      return { ...state, at: DUE_AT_ONCE, lease: null };
    case "pending":
      return { ...state, status: PENDING, at: move.dueAt, attempts: 0, lease: null, reason: "", user: null };
    case "discarded": {
      const { at, reason, by } = move;
      const user = by.kind === "user" ? by.id : null;
      return { ...state, status: OUTBOX_STATUS_CODES.discarded, at, lease: null, reason, user };
    }
  }
}
