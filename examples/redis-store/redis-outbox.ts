import {
  outboxPositionOf,
  type Alert,
  type AlertClaim,
  type AlertDiscard,
  type AlertEviction,
  type AlertRedrive,
  type AlertSettlement,
  type AlertTally,
  type ClaimedAlert,
  type Instant,
  type OutboxEntry,
  type OutboxState,
  type TallyScope,
} from "issue-lifecycle";
import { keys, type AlertDocument } from "./documents.ts";
import { RedisReader } from "./redis-reader.ts";
import type { Ranked } from "./redis-unit.ts";

/** Changes the outbox, when the transaction is committed. */
export class RedisOutbox extends RedisReader {
  async insertAlerts(alerts: readonly Alert[], dueAt: Instant): Promise<void> {
    for (const alert of alerts) {
      const state: OutboxState = { status: "pending", dueAt };
      this.#putAlert({ entry: { alert, state, attempts: 0, lastError: null, memo: null }, lease: null });
      if (alert.issue !== null) this.unit.rank(keys.alertsOf(alert.issue.id), alert.id, alert.turningPoint);
    }
  }

  async claimAlerts({ lease, now, limit, issueIds, inOrder }: AlertClaim): Promise<readonly ClaimedAlert[]> {
    const due = (await this.unit.ranked(keys.outbox("pending"))).filter(({ score }) => score <= now);
    const ids = issueIds === null ? idsOf(due) : await this.#among(due, issueIds);
    const claimable: AlertDocument[] = [];
    for (let start = 0; start < ids.length && claimable.length < limit; start += limit) {
      for (const document of await this.alerts(ids.slice(start, start + limit))) {
        if (!inOrder || (await this.#isNext(document.entry.alert))) claimable.push(document);
      }
    }
    return claimable.slice(0, limit).map(({ entry }) => {
      const attempts = entry.attempts + 1;
      this.#putAlert({ entry: { ...entry, state: { status: "pending", dueAt: lease.until }, attempts }, lease });
      return { alert: entry.alert, attempts, memo: entry.memo };
    });
  }

  async settleAlerts(settlements: readonly AlertSettlement[]): Promise<readonly string[]> {
    const settled: string[] = [];
    for (const settlement of settlements) {
      const { id, lease } = settlement;
      const document = await this.read<AlertDocument>(keys.alert(id));
      if (document?.lease?.token !== lease.token || document.lease.until !== lease.until) continue;
      settled.push(id);
      if (settlement.outcome === "done") {
        this.#removeAlert(document.entry);
      } else {
        this.#moveAlert({ ...document.entry, ...changedBy(settlement, document.entry) }, stateAfter(settlement));
      }
    }
    return settled;
  }

  async discardAlerts({ ids, discardedAt, reason, by }: AlertDiscard): Promise<readonly string[]> {
    const documents = (await this.alerts(ids)).filter(({ entry }) => entry.state.status !== "discarded");
    for (const { entry } of documents) this.#moveAlert(entry, { status: "discarded", discardedAt, reason, by });
    return documents.map(({ entry }) => entry.alert.id);
  }

  async redriveAlerts({ ids, status, dueAt }: AlertRedrive): Promise<readonly string[]> {
    const documents = (await this.alerts(ids)).filter(({ entry }) => status === null || entry.state.status === status);
    for (const { entry } of documents) this.#moveAlert({ ...entry, attempts: 0 }, { status: "pending", dueAt });
    return documents.map(({ entry }) => entry.alert.id);
  }

  async evictAlerts({ endedBefore, limit }: AlertEviction): Promise<number> {
    const ended = [
      ...(await this.unit.ranked(keys.outbox("dead"))),
      ...(await this.unit.ranked(keys.outbox("discarded"))),
    ];
    const leaving = ended.filter(({ score }) => score < endedBefore).slice(0, limit);
    for (const { entry } of await this.alerts(idsOf(leaving))) this.#removeAlert(entry);
    return leaving.length;
  }

  async lockAlertTallies(scopes: readonly TallyScope[]): Promise<readonly AlertTally[]> {
    return (await this.all<AlertTally>(scopes.map(keys.tally))).filter((tally) => tally !== undefined);
  }

  async saveAlertTallies(tallies: readonly AlertTally[]): Promise<void> {
    for (const tally of tallies) {
      this.put(keys.tally(tally), tally);
      this.unit.rank(keys.tallies, keys.tally(tally), tally.endsAt);
    }
  }

  async takeEndedTallies(now: Instant, limit: number): Promise<readonly AlertTally[]> {
    const ended = (await this.unit.ranked(keys.tallies)).filter(({ score }) => score <= now).slice(0, limit);
    const tallies = await this.all<AlertTally>(ended.map(({ member }) => member));
    for (const { member } of ended) {
      this.put(member, undefined);
      this.unit.rank(keys.tallies, member, undefined);
    }
    return tallies.filter((tally) => tally !== undefined);
  }

  /** Removes an issue's alerts, whatever their state. */
  protected async removeAlertsOf(issueId: string): Promise<void> {
    const ids = idsOf(await this.unit.ranked(keys.alertsOf(issueId)));
    for (const { entry } of await this.alerts(ids)) this.#removeAlert(entry);
  }

  /** Writes a document, or removes it. */
  protected put(key: string, document: unknown): void {
    this.unit.put(key, document === undefined ? null : JSON.stringify(document));
  }

  #putAlert(document: AlertDocument): void {
    const { alert, state } = document.entry;
    this.put(keys.alert(alert.id), document);
    this.unit.rank(keys.outbox(state.status), alert.id, outboxPositionOf({ alert, state }).at);
  }

  /** Puts an alert into another state, in which nobody holds it. */
  #moveAlert(entry: OutboxEntry, state: OutboxState): void {
    this.unit.rank(keys.outbox(entry.state.status), entry.alert.id, undefined);
    this.#putAlert({ entry: { ...entry, state }, lease: null });
  }

  #removeAlert({ alert, state }: OutboxEntry): void {
    this.put(keys.alert(alert.id), undefined);
    this.unit.rank(keys.outbox(state.status), alert.id, undefined);
    if (alert.issue !== null) this.unit.rank(keys.alertsOf(alert.issue.id), alert.id, undefined);
  }

  /** The ids of those that are about these issues. */
  async #among(ranked: readonly Ranked[], issueIds: readonly string[]): Promise<string[]> {
    const wanted = new Set<string>();
    for (const id of issueIds) for (const each of idsOf(await this.unit.ranked(keys.alertsOf(id)))) wanted.add(each);
    return idsOf(ranked).filter((id) => wanted.has(id));
  }

  /** Whether no alert of its issue with a lower turning point is pending. */
  async #isNext({ issue, turningPoint }: Alert): Promise<boolean> {
    if (issue === null) return true;
    const ranked = await this.unit.ranked(keys.alertsOf(issue.id));
    const earlier = ranked.filter(({ score }) => score < turningPoint);
    return (await this.alerts(idsOf(earlier))).every(({ entry }) => entry.state.status !== "pending");
  }
}

function changedBy(
  settlement: Exclude<AlertSettlement, { readonly outcome: "done" }>,
  { attempts }: OutboxEntry,
): Partial<OutboxEntry> {
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

function idsOf(ranked: readonly Ranked[]): string[] {
  return ranked.map(({ member }) => member);
}
