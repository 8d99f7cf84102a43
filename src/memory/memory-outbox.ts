import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";
import {
  outboxPositionOf,
  type AlertClaim,
  type AlertDiscard,
  type AlertEviction,
  type AlertRedrive,
  type AlertSettlement,
  type ClaimedAlert,
  type OutboxPosition,
  type OutboxState,
} from "../ports/alert-outbox.ts";
import type { Journal } from "./journal.ts";
import type { AlertRow, MemoryTables } from "./memory-tables.ts";
import { WaitingList } from "./waiting-list.ts";

/** Changes the outbox. */
export class MemoryOutbox {
  readonly #tables: MemoryTables;
  readonly #journal: Journal;

  constructor(tables: MemoryTables, journal: Journal) {
    this.#tables = tables;
    this.#journal = journal;
  }

  insert(alerts: readonly Alert[], dueAt: Instant): void {
    for (const alert of alerts) {
      this.#put({ alert, state: { status: "pending", dueAt }, attempts: 0, lastError: null, memo: null, lease: null });
    }
  }

  claim(claim: AlertClaim): ClaimedAlert[] {
    const { lease } = claim;
    const rows = claim.issueIds === null ? this.#due(claim) : this.#dueOfIssues(claim, claim.issueIds);
    return rows.map((row) => {
      const attempts = row.attempts + 1;
      this.#put({ ...row, state: { status: "pending", dueAt: lease.until }, attempts, lease });
      return { alert: row.alert, attempts, memo: row.memo };
    });
  }

  settle(settlements: readonly AlertSettlement[]): string[] {
    const settled: string[] = [];
    for (const settlement of settlements) {
      const { id, lease } = settlement;
      const row = this.#tables.alerts.get(id);
      if (row?.lease?.token !== lease.token || row.lease.until !== lease.until) continue;
      settled.push(id);
      if (settlement.outcome === "done") {
        this.#remove(row);
        continue;
      }
      this.#put({ ...row, ...changedBy(settlement, row), state: stateAfter(settlement), lease: null });
    }
    return settled;
  }

  discard({ ids, discardedAt, reason, by }: AlertDiscard): string[] {
    const rows = this.#rows(ids).filter(({ state }) => state.status !== "discarded");
    for (const row of rows) this.#put({ ...row, state: { status: "discarded", discardedAt, reason, by }, lease: null });
    return rows.map(({ alert }) => alert.id);
  }

  redrive({ ids, status, dueAt }: AlertRedrive): string[] {
    const rows = this.#rows(ids).filter(({ state }) => status === null || state.status === status);
    for (const row of rows) this.#put({ ...row, state: { status: "pending", dueAt }, attempts: 0, lease: null });
    return rows.map(({ alert }) => alert.id);
  }

  evict({ endedBefore, limit }: AlertEviction): number {
    const { dead, discarded } = this.#tables.alertOrder;
    const ended = [dead, discarded].flatMap((list) => list.first(limit, endedBefore - 1));
    const rows = this.#rows(ended.slice(0, limit));
    for (const row of rows) this.#remove(row);
    return rows.length;
  }

  removeOfIssues(issueIds: ReadonlySet<string>): void {
    for (const row of this.#tables.alerts.values()) {
      if (row.alert.issue !== null && issueIds.has(row.alert.issue.id)) this.#remove(row);
    }
  }

  #due({ now, limit, inOrder }: AlertClaim): AlertRow[] {
    const { pending } = this.#tables.alertOrder;
    for (let wanted = limit; ; wanted *= 2) {
      const due = this.#rows(pending.first(wanted, now));
      const claimable = due.filter((row) => !inOrder || this.#isFirst(row));
      if (claimable.length >= limit || due.length < wanted) return claimable.slice(0, limit);
    }
  }

  #dueOfIssues({ now, limit, inOrder }: AlertClaim, issueIds: readonly string[]): AlertRow[] {
    const ids = [...new Set(issueIds)].flatMap((id) => this.#tables.pendingOf.get(id)?.first(Infinity, Infinity) ?? []);
    return this.#rows(ids)
      .filter((row) => outboxPositionOf(row).at <= now && (!inOrder || this.#isFirst(row)))
      .sort(byPosition)
      .slice(0, limit);
  }

  /** Whether no pending alert of its issue was raised before it. */
  #isFirst({ alert }: AlertRow): boolean {
    return alert.issue === null || this.#tables.pendingOf.get(alert.issue.id)?.first(1, Infinity)[0] === alert.id;
  }

  #rows(ids: readonly string[]): AlertRow[] {
    return ids.flatMap((id) => this.#tables.alerts.get(id) ?? []);
  }

  #put(row: AlertRow): void {
    const { alerts, alertOrder } = this.#tables;
    const { id } = row.alert;
    const before = alerts.get(id)?.state.status;
    if (before !== undefined && before !== row.state.status)
      this.#journal.putWaiting(alertOrder[before], id, undefined);
    this.#journal.set(alerts, id, row);
    this.#journal.putWaiting(alertOrder[row.state.status], id, outboxPositionOf(row).at);
    this.#putPending(row, row.state.status === "pending");
  }

  #remove(row: AlertRow): void {
    const { alerts, alertOrder } = this.#tables;
    this.#journal.delete(alerts, row.alert.id);
    this.#journal.putWaiting(alertOrder[row.state.status], row.alert.id, undefined);
    this.#putPending(row, false);
  }

  #putPending({ alert }: AlertRow, isPending: boolean): void {
    if (alert.issue === null) return;
    const { pendingOf } = this.#tables;
    const known = pendingOf.get(alert.issue.id);
    const list = known ?? new WaitingList();
    if (known === undefined) {
      if (!isPending) return;
      this.#journal.set(pendingOf, alert.issue.id, list);
    }
    this.#journal.putWaiting(list, alert.id, isPending ? alert.turningPoint : undefined);
    if (list.size === 0) this.#journal.delete(pendingOf, alert.issue.id);
  }
}

function changedBy(
  settlement: Exclude<AlertSettlement, { readonly outcome: "done" }>,
  { attempts }: AlertRow,
): Partial<AlertRow> {
  if (settlement.outcome === "released") return { attempts: attempts - 1 };
  return { lastError: settlement.error, memo: settlement.memo };
}

function stateAfter(settlement: Exclude<AlertSettlement, { readonly outcome: "done" }>): OutboxState {
  switch (settlement.outcome) {
    case "released":
    case "failed":
      return { status: "pending", dueAt: settlement.dueAt };
    case "dead":
      return { status: "dead", diedAt: settlement.diedAt };
  }
}

/** Those first that are due, died or were discarded first; equals by id. */
export function byPosition(one: AlertRow, other: AlertRow): number {
  return comparePositions(outboxPositionOf(one), outboxPositionOf(other));
}

/** As {@link byPosition}. */
export function comparePositions(one: OutboxPosition, other: OutboxPosition): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
