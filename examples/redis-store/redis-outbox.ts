import type { Alert, Instant } from "issue-lifecycle/core";
import {
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
  type OutboxState,
  type OutboxTransaction,
  type TallyScope,
  type TallySelection,
} from "issue-lifecycle/store";
import { keys, type AlertDocument } from "./documents.ts";
import type { Ranked, RedisUnit } from "./redis-unit.ts";

/** The outbox: a document for each alert, and a sorted set of alert ids for each state. */
export class RedisOutbox implements OutboxTransaction {
  readonly #unit: RedisUnit;

  constructor(unit: RedisUnit) {
    this.#unit = unit;
  }

  async page({ status, after, limit }: OutboxPageRequest): Promise<readonly OutboxEntry[]> {
    const ranked = await this.#unit.ranked(keys.outbox(status));
    const later = ranked.filter(
      ({ member, score }) => after === null || score > after.at || (score === after.at && member > after.id),
    );
    return (await this.#alerts(idsOf(later.slice(0, limit)))).map(({ entry }) => entry);
  }

  async count(now: Instant): Promise<OutboxCounts> {
    const pending = await this.#unit.ranked(keys.outbox("pending"));
    const later = await this.#alerts(idsOf(pending.filter(({ score }) => score > now)));
    const leased = later.filter(({ lease }) => lease !== null).length;
    return {
      due: pending.length - later.length,
      waiting: later.length - leased,
      leased,
      dead: (await this.#unit.ranked(keys.outbox("dead"))).length,
      discarded: (await this.#unit.ranked(keys.outbox("discarded"))).length,
    };
  }

  async claim({ lease, now, limit, issueIds, inOrder }: AlertClaim): Promise<readonly ClaimedAlert[]> {
    const due = (await this.#unit.ranked(keys.outbox("pending"))).filter(({ score }) => score <= now);
    const ids = issueIds === null ? idsOf(due) : await this.#among(due, issueIds);
    const claimable: AlertDocument[] = [];
    for (let start = 0; start < ids.length && claimable.length < limit; start += limit) {
      for (const document of await this.#alerts(ids.slice(start, start + limit))) {
        if (!inOrder || (await this.#isFirst(document.entry.alert))) claimable.push(document);
      }
    }
    return claimable.slice(0, limit).map(({ entry }) => {
      const attempts = entry.attempts + 1;
      this.#put({ entry: { ...entry, state: { status: "pending", dueAt: lease.until }, attempts }, lease });
      return { alert: entry.alert, dueAt: outboxPositionOf(entry).at, attempts, memo: entry.memo };
    });
  }

  async settle(settlements: readonly AlertSettlement[]): Promise<readonly string[]> {
    const settled: string[] = [];
    for (const settlement of settlements) {
      const { id, lease } = settlement;
      const document = await this.#unit.get<AlertDocument>(keys.alert(id));
      if (document?.lease?.token !== lease.token || document.lease.until !== lease.until) continue;
      settled.push(id);
      this.#settle(document.entry, settlement);
    }
    return settled;
  }

  async move(move: AlertMove): Promise<readonly string[]> {
    if (move.to === "due") return this.#setBack(move.dueAfter, move.limit);
    const documents = (await this.#alerts(move.ids)).filter(({ entry }) => isMoved(entry, move));
    for (const { entry } of documents) {
      if (move.to === "pending") this.#setState({ ...entry, attempts: 0 }, { status: "pending", dueAt: move.dueAt });
      else this.#setState(entry, { status: "discarded", discardedAt: move.at, reason: move.reason, by: move.by });
    }
    return documents.map(({ entry }) => entry.alert.id);
  }

  async evict({ endedBefore, limit }: AlertEviction): Promise<number> {
    const ended = [
      ...(await this.#unit.ranked(keys.outbox("dead"))),
      ...(await this.#unit.ranked(keys.outbox("discarded"))),
    ];
    const leaving = ended.filter(({ score }) => score < endedBefore).slice(0, limit);
    for (const { entry } of await this.#alerts(idsOf(leaving))) this.#remove(entry);
    return leaving.length;
  }

  async lockTallies(selection: TallySelection): Promise<readonly AlertTally[]> {
    return present(await this.#unit.all<AlertTally>(await this.#tallyKeys(selection)));
  }

  async writeTallies(changes: { save?: readonly AlertTally[]; remove?: readonly TallyScope[] }): Promise<void> {
    const { save = [], remove = [] } = changes;
    for (const tally of save) this.#putTally(tally, tally, tally.endsAt);
    for (const scope of remove) this.#putTally(scope, undefined, undefined);
  }

  /** Adds alerts that are due at once. */
  add(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const state: OutboxState = { status: "pending", dueAt: DUE_AT_ONCE };
      this.#put({ entry: { alert, state, attempts: 0, lastError: null, memo: null }, lease: null });
      if (alert.issue !== null) this.#unit.rank(keys.alertsOf(alert.issue.id), alert.id, alert.turningPoint);
    }
  }

  /** Removes an issue's alerts, whatever their state. */
  async removeOf(issueId: string): Promise<void> {
    const ids = idsOf(await this.#unit.ranked(keys.alertsOf(issueId)));
    for (const { entry } of await this.#alerts(ids)) this.#remove(entry);
  }

  /** The alerts that exist, in the order of the ids. */
  async #alerts(ids: readonly string[]): Promise<AlertDocument[]> {
    return present(await this.#unit.all<AlertDocument>(ids.map(keys.alert)));
  }

  #settle(entry: OutboxEntry, settlement: AlertSettlement): void {
    switch (settlement.outcome) {
      case "done":
        this.#remove(entry);
        return;
      case "released":
        this.#setState({ ...entry, attempts: entry.attempts - 1 }, { status: "pending", dueAt: settlement.dueAt });
        return;
      case "failed":
        this.#setState(attempted(entry, settlement), { status: "pending", dueAt: settlement.dueAt });
        return;
      case "dead":
        this.#setState(attempted(entry, settlement), { status: "dead", diedAt: settlement.diedAt });
    }
  }

  /** Makes the alerts that are due last due at once, if that is after an instant. */
  async #setBack(dueAfter: Instant, limit: number): Promise<string[]> {
    const late = (await this.#unit.ranked(keys.outbox("pending"))).filter(({ score }) => score > dueAfter);
    const documents = await this.#alerts(idsOf(late.slice(-limit)));
    for (const { entry } of documents) this.#setState(entry, { status: "pending", dueAt: DUE_AT_ONCE });
    return documents.map(({ entry }) => entry.alert.id);
  }

  /** Puts an alert into another state, without a lease. */
  #setState(entry: OutboxEntry, state: OutboxState): void {
    this.#unit.rank(keys.outbox(entry.state.status), entry.alert.id, undefined);
    this.#put({ entry: { ...entry, state }, lease: null });
  }

  #put(document: AlertDocument): void {
    const { alert, state } = document.entry;
    this.#unit.put(keys.alert(alert.id), document);
    this.#unit.rank(keys.outbox(state.status), alert.id, outboxPositionOf({ alert, state }).at);
  }

  #remove({ alert, state }: OutboxEntry): void {
    this.#unit.put(keys.alert(alert.id), undefined);
    this.#unit.rank(keys.outbox(state.status), alert.id, undefined);
    if (alert.issue !== null) this.#unit.rank(keys.alertsOf(alert.issue.id), alert.id, undefined);
  }

  /** The ids of those alerts that are about these issues. */
  async #among(ranked: readonly Ranked[], issueIds: readonly string[]): Promise<string[]> {
    const wanted = new Set<string>();
    for (const id of issueIds) for (const each of idsOf(await this.#unit.ranked(keys.alertsOf(id)))) wanted.add(each);
    return idsOf(ranked).filter((id) => wanted.has(id));
  }

  /** Whether no alert of its issue with a lower turning point is pending. */
  async #isFirst({ issue, turningPoint }: Alert): Promise<boolean> {
    if (issue === null) return true;
    const ranked = await this.#unit.ranked(keys.alertsOf(issue.id));
    const earlier = ranked.filter(({ score }) => score < turningPoint);
    return (await this.#alerts(idsOf(earlier))).every(({ entry }) => entry.state.status !== "pending");
  }

  async #tallyKeys(selection: TallySelection): Promise<string[]> {
    if ("scopes" in selection) return selection.scopes.map(keys.tally);
    const ranked = await this.#unit.ranked(keys.tallies);
    if ("endedAt" in selection) {
      return idsOf(ranked.filter(({ score }) => score <= selection.endedAt).slice(0, selection.limit));
    }
    return idsOf(ranked.filter(({ score }) => score > selection.endsAfter).slice(-selection.limit));
  }

  #putTally(scope: TallyScope, tally: AlertTally | undefined, endsAt: Instant | undefined): void {
    this.#unit.put(keys.tally(scope), tally);
    this.#unit.rank(keys.tallies, keys.tally(scope), endsAt);
  }
}

/** An alert after a failed attempt. */
function attempted(entry: OutboxEntry, { error, memo }: Pick<OutboxEntry, "memo"> & { error: string }): OutboxEntry {
  return { ...entry, lastError: error, memo };
}

function isMoved({ state }: OutboxEntry, move: Exclude<AlertMove, { to: "due" }>): boolean {
  if (move.to === "discarded") return state.status !== "discarded";
  return move.from === null || state.status === move.from;
}

function idsOf(ranked: readonly Ranked[]): string[] {
  return ranked.map(({ member }) => member);
}

function present<Value>(values: readonly (Value | undefined)[]): Value[] {
  return values.filter((value) => value !== undefined);
}
