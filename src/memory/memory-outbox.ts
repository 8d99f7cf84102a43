import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import type { Actor } from "../core/turning-point.ts";
import {
  compareOutboxPositions,
  DUE_AT_ONCE,
  outboxPositionOf,
  type AlertClaim,
  type AlertEviction,
  type AlertMove,
  type AlertSettlement,
  type AlertTally,
  type ClaimedAlert,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxPageRequest,
  type OutboxReader,
  type OutboxState,
  type OutboxTransaction,
  type TallyScope,
  type TallySelection,
} from "../ports/alert-outbox.ts";
import { eachWithPauses } from "../ports/pause.ts";
import { DueQueue } from "./due-queue.ts";
import type { Journal } from "./journal.ts";
import { tallyKeyOf, valuesAt, type AlertRow, type MemoryTables } from "./memory-tables.ts";

/** Reads the outbox. */
export class MemoryOutboxReader implements OutboxReader {
  protected readonly tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.tables = tables;
  }

  async page({ status, after, limit }: OutboxPageRequest): Promise<readonly OutboxEntry[]> {
    const first: AlertRow[] = [];
    await eachWithPauses(this.tables.alerts.values(), (row) => {
      if (row.state.status !== status) return;
      if (after === null || compareOutboxPositions(outboxPositionOf(row), after) > 0) addTo(first, row, limit);
    });
    return first.map(({ alert, state, attempts, lastError, memo }) => ({ alert, state, attempts, lastError, memo }));
  }

  async count(now: Instant): Promise<OutboxCounts> {
    const counts = { due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 };
    await eachWithPauses(this.tables.alerts.values(), ({ state, lease }) => {
      if (state.status !== "pending") counts[state.status]++;
      else if (state.dueAt <= now) counts.due++;
      else counts[lease === null ? "waiting" : "leased"]++;
    });
    return counts;
  }
}

/** Changes the outbox. */
export class MemoryOutbox extends MemoryOutboxReader implements OutboxTransaction {
  readonly #journal: Journal;

  constructor(tables: MemoryTables, journal: Journal) {
    super(tables);
    this.#journal = journal;
  }

  /** Adds alerts, due at once. */
  add(alerts: readonly Alert[]): void {
    const state: OutboxState = { status: "pending", dueAt: DUE_AT_ONCE };
    for (const alert of alerts) this.#put({ alert, state, attempts: 0, lastError: null, memo: null, lease: null });
  }

  /** Adds alerts in their states. */
  restore(entries: readonly OutboxEntry[]): void {
    for (const entry of entries) this.#put({ ...entry, lease: null });
  }

  /** Removes all alerts and the tallies of some issues. */
  removeOfIssues(issues: readonly Issue[]): void {
    const { pendingOf, endedOf } = this.tables;
    for (const { projectId, id } of issues) {
      const ids = [pendingOf, endedOf].flatMap((queues) => queues.get(id)?.first(Infinity, Infinity) ?? []);
      for (const row of this.#rows(ids)) this.#remove(row);
      this.#removeTally({ projectId, issueId: id });
    }
  }

  /** Removes a project's alerts about no issue, and its own tally. */
  async removeOfProject(projectId: string): Promise<void> {
    await eachWithPauses([...this.tables.alerts.values()], (row) => {
      if (row.alert.issue === null && row.alert.project.id === projectId) this.#remove(row);
    });
    this.#removeTally({ projectId, issueId: null });
    this.tables.tallyOrder.removeOutdated();
    this.tables.lastTallies.removeOutdated();
  }

  /** Puts an actor in the place of another, who has discarded alerts. Returns how many alerts that were. */
  async replaceActor(isReplaced: (actor: Actor) => boolean, by: Actor): Promise<number> {
    let changed = 0;
    await eachWithPauses([...this.tables.alerts.values()], (row) => {
      if (row.state.status !== "discarded" || !isReplaced(row.state.by)) return;
      this.#put({ ...row, state: { ...row.state, by } });
      changed++;
    });
    return changed;
  }

  async claim(claim: AlertClaim): Promise<readonly ClaimedAlert[]> {
    const { lease } = claim;
    const rows = claim.issueIds === null ? this.#due(claim) : this.#dueOfIssues(claim, claim.issueIds);
    return rows.map((row) => {
      const attempts = row.attempts + 1;
      this.#put({ ...row, state: { status: "pending", dueAt: lease.until }, attempts, lease });
      return { alert: row.alert, dueAt: outboxPositionOf(row).at, attempts, memo: row.memo };
    });
  }

  async settle(settlements: readonly AlertSettlement[]): Promise<readonly string[]> {
    const settled: string[] = [];
    for (const settlement of settlements) {
      const { id, lease } = settlement;
      const row = this.tables.alerts.get(id);
      if (row?.lease?.token !== lease.token || row.lease.until !== lease.until) continue;
      settled.push(id);
      if (settlement.outcome === "done") this.#remove(row);
      else this.#put({ ...row, ...settle(row, settlement), lease: null });
    }
    return settled;
  }

  async move(move: AlertMove): Promise<readonly string[]> {
    const rows = this.#movable(move);
    for (const row of rows) this.#put({ ...row, ...moved(move), lease: null });
    return rows.map(({ alert }) => alert.id);
  }

  async evict({ endedBefore, limit }: AlertEviction): Promise<number> {
    const { dead, discarded } = this.tables.alertOrder;
    const ended = [dead, discarded].flatMap((queue) => queue.first(limit, endedBefore - 1));
    const rows = this.#rows(ended.slice(0, limit));
    for (const row of rows) this.#remove(row);
    return rows.length;
  }

  async replace(alerts: readonly Alert[]): Promise<void> {
    for (const alert of alerts) {
      const row = this.tables.alerts.get(alert.id);
      if (row !== undefined) this.#put({ ...row, alert });
    }
  }

  async lockTallies(selection: TallySelection): Promise<readonly AlertTally[]> {
    return valuesAt(this.tables.tallies, this.#tallyKeys(selection));
  }

  async writeTallies({
    save = [],
    remove = [],
  }: {
    readonly save?: readonly AlertTally[];
    readonly remove?: readonly TallyScope[];
  }): Promise<void> {
    const { tallies } = this.tables;
    for (const tally of save) {
      this.#journal.set(tallies, tallyKeyOf(tally), tally);
      this.#orderTally(tally, tally.endsAt);
    }
    for (const scope of remove) this.#removeTally(scope);
  }

  #removeTally(scope: TallyScope): void {
    this.#journal.delete(this.tables.tallies, tallyKeyOf(scope));
    this.#orderTally(scope, undefined);
  }

  #orderTally(scope: TallyScope, endsAt: Instant | undefined): void {
    const { tallyOrder, lastTallies } = this.tables;
    this.#journal.enqueue(tallyOrder, tallyKeyOf(scope), endsAt);
    this.#journal.enqueue(lastTallies, tallyKeyOf(scope), endsAt === undefined ? undefined : -endsAt);
  }

  #tallyKeys(selection: TallySelection): readonly string[] {
    if ("scopes" in selection) return selection.scopes.map(tallyKeyOf);
    const { tallyOrder, lastTallies } = this.tables;
    return "endedAt" in selection
      ? tallyOrder.first(selection.limit, selection.endedAt)
      : lastTallies.first(selection.limit, -selection.endsAfter - 1);
  }

  #movable(move: AlertMove): AlertRow[] {
    switch (move.to) {
      case "due":
        return this.#rows(this.tables.lastDue.first(move.limit, -move.dueAfter - 1));
      case "pending":
        return this.#rows(move.ids).filter(({ state }) => move.from === null || move.from === state.status);
      case "discarded":
        return this.#rows(move.ids).filter(({ state }) => state.status !== "discarded");
    }
  }

  #due({ now, limit, inOrder }: AlertClaim): AlertRow[] {
    const { dueInOrder, alertOrder } = this.tables;
    return this.#rows((inOrder ? dueInOrder : alertOrder.pending).first(limit, now));
  }

  #dueOfIssues({ now, limit, inOrder }: AlertClaim, issueIds: readonly string[]): AlertRow[] {
    const ids = [...new Set(issueIds)].flatMap((id) => this.tables.pendingOf.get(id)?.first(Infinity, Infinity) ?? []);
    return this.#rows(ids)
      .filter((row) => outboxPositionOf(row).at <= now && (!inOrder || this.#isFirst(row)))
      .sort(byPosition)
      .slice(0, limit);
  }

  /** Whether no pending alert of its issue has a lower turning point. */
  #isFirst({ alert }: AlertRow): boolean {
    return alert.issue === null || this.#firstOf(alert.issue.id) === alert.id;
  }

  #rows(ids: readonly string[]): AlertRow[] {
    return valuesAt(this.tables.alerts, ids);
  }

  #put(row: AlertRow): void {
    const { alerts, alertOrder } = this.tables;
    const { id } = row.alert;
    const before = alerts.get(id)?.state.status;
    if (before !== undefined && before !== row.state.status) this.#journal.enqueue(alertOrder[before], id, undefined);
    this.#journal.set(alerts, id, row);
    const { at } = outboxPositionOf(row);
    this.#journal.enqueue(alertOrder[row.state.status], id, at);
    const isPending = row.state.status === "pending";
    this.#putPending(row, isPending ? at : undefined);
    this.#putEnded(row, isPending ? undefined : at);
  }

  #remove(row: AlertRow): void {
    const { alerts, alertOrder } = this.tables;
    this.#journal.delete(alerts, row.alert.id);
    this.#journal.enqueue(alertOrder[row.state.status], row.alert.id, undefined);
    this.#putPending(row, undefined);
    this.#putEnded(row, undefined);
  }

  /** Notes an alert of an issue that is not pending any more, or forgets it. */
  #putEnded({ alert }: AlertRow, at: Instant | undefined): void {
    if (alert.issue !== null) this.#orderInIssue(this.tables.endedOf, alert.issue.id, alert.id, at);
  }

  /** Orders an alert among the pending ones, or removes it from them. */
  #putPending({ alert }: AlertRow, dueAt: Instant | undefined): void {
    const { dueInOrder, lastDue } = this.tables;
    this.#journal.enqueue(lastDue, alert.id, dueAt === undefined ? undefined : -dueAt);
    if (alert.issue === null) {
      this.#journal.enqueue(dueInOrder, alert.id, dueAt);
      return;
    }
    const before = this.#firstOf(alert.issue.id);
    const place = dueAt === undefined ? undefined : alert.turningPoint;
    this.#orderInIssue(this.tables.pendingOf, alert.issue.id, alert.id, place);
    const first = this.#firstOf(alert.issue.id);
    if (before !== undefined && before !== first) this.#journal.enqueue(dueInOrder, before, undefined);
    const row = first === undefined ? undefined : this.tables.alerts.get(first);
    if (row !== undefined) this.#journal.enqueue(dueInOrder, row.alert.id, outboxPositionOf(row).at);
  }

  /** Orders an alert among others of its issue, or removes it from them. */
  #orderInIssue(queues: Map<string, DueQueue>, issueId: string, id: string, place: number | undefined): void {
    const known = queues.get(issueId);
    const queue = known ?? new DueQueue();
    if (known === undefined) {
      if (place === undefined) return;
      this.#journal.set(queues, issueId, queue);
    }
    this.#journal.enqueue(queue, id, place);
    if (queue.size === 0) this.#journal.delete(queues, issueId);
  }

  /** The pending alert of an issue with the lowest turning point. */
  #firstOf(issueId: string): string | undefined {
    return this.tables.pendingOf.get(issueId)?.first(1, Infinity)[0];
  }
}

function settle(
  { attempts }: AlertRow,
  settlement: Exclude<AlertSettlement, { readonly outcome: "done" }>,
): Pick<AlertRow, "state"> & Partial<AlertRow> {
  switch (settlement.outcome) {
    case "released":
      return { state: { status: "pending", dueAt: settlement.dueAt }, attempts: attempts - 1 };
    case "failed": {
      const { dueAt, error, memo } = settlement;
      return { state: { status: "pending", dueAt }, lastError: error, memo };
    }
    case "dead": {
      const { diedAt, error, memo } = settlement;
      return { state: { status: "dead", diedAt }, lastError: error, memo };
    }
  }
}

function moved(move: AlertMove): Pick<AlertRow, "state"> & Partial<AlertRow> {
  switch (move.to) {
    case "due":
      return { state: { status: "pending", dueAt: DUE_AT_ONCE } };
    case "pending":
      return { state: { status: "pending", dueAt: move.dueAt }, attempts: 0 };
    case "discarded":
      return { state: { status: "discarded", discardedAt: move.at, reason: move.reason, by: move.by } };
  }
}

/** Adds a row to the first ones, in order. To sort all rows for each page takes as long as to list them. */
function addTo(first: AlertRow[], row: AlertRow, limit: number): void {
  const last = first.at(-1);
  const isLast = last === undefined || byPosition(row, last) > 0;
  if (isLast && first.length === limit) return;
  if (isLast) first.push(row);
  else first.splice(first.findLastIndex((each) => byPosition(row, each) > 0) + 1, 0, row);
  if (first.length > limit) first.pop();
}

function byPosition(one: AlertRow, other: AlertRow): number {
  return compareOutboxPositions(outboxPositionOf(one), outboxPositionOf(other));
}
