import type {
  AlertClaim,
  AlertDiscard,
  AlertEviction,
  AlertRedrive,
  AlertSettlement,
  ClaimedAlert,
} from "../ports/alert-outbox.ts";
import { alertsWithIssues } from "./alerts-with-issues.ts";
import { decodeUuid, encodeUuid, tryEncodeUuid } from "./id-codec.ts";
import { decodeInteger } from "./integer-codec.ts";
import { OUTBOX_STATUS_CODES, tryDecodeAlert, type AlertRow } from "./alert-codec.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import { decodeOptionalText, encodeText } from "./text-codec.ts";

/*
 * A leased alert is one that is not due before its lease ends: so one order, by due time, serves for claiming.
 */

/** Changes the outbox, within one transaction of the database. */
export class KyselyOutbox {
  readonly #session: Session;
  readonly #statements: Statements;

  constructor(session: Session, statements: Statements) {
    this.#session = session;
    this.#statements = statements;
  }

  /** Claims alerts that are due. Those whose issue was deleted meanwhile are removed instead. */
  async claim(claim: AlertClaim): Promise<ClaimedAlert[]> {
    const { limit, issueIds } = claim;
    if (issueIds !== null) return this.#lease(await this.#withIssues(await this.#dueOfIssues(claim, issueIds)), claim);
    const claimed: ClaimedAlert[] = [];
    while (claimed.length < limit) {
      const wanted = limit - claimed.length;
      const rows = await this.#due(claim, wanted);
      claimed.push(...(await this.#lease(await this.#withIssues(rows), claim)));
      if (rows.length < wanted) break;
    }
    return claimed;
  }

  /** Ends claims that are still held under the lease given. */
  async settle(settlements: readonly AlertSettlement[]): Promise<string[]> {
    const { alerts } = this.#statements;
    const held = new Map((await this.#lock(settlements.map(({ id }) => id))).map((row) => [decodeUuid(row.id), row]));
    const settled = settlements.filter(({ id, lease }) => {
      const row = held.get(id);
      return (
        row !== undefined &&
        isPending(row) &&
        decodeInteger(row.at) === lease.until &&
        decodeOptionalText(row.lease_token) === lease.token
      );
    });
    const done = settled.flatMap(({ id, outcome }) => (outcome === "done" ? { id: encodeUuid(id) } : []));
    const released = settled.flatMap((each) => {
      const row = held.get(each.id);
      if (each.outcome !== "released" || row === undefined) return [];
      return { id: row.id, at: each.dueAt, attempts: decodeInteger(row.attempts) - 1, lease_token: null };
    });
    const kept = settled.flatMap((each) =>
      each.outcome === "done" || each.outcome === "released" ? [] : encodeSettlement(each),
    );
    await this.#session.write(alerts.delete, done);
    await this.#session.write(alerts.lease, released);
    await this.#session.write(alerts.settle, kept);
    return settled.map(({ id }) => id);
  }

  /** Sets pending and dead alerts aside. */
  async discard({ ids, discardedAt, reason, by }: AlertDiscard): Promise<string[]> {
    const discarded = OUTBOX_STATUS_CODES.discarded;
    const rows = (await this.#lockExisting(ids)).filter(({ status }) => decodeInteger(status) !== discarded);
    await this.#session.write(
      this.#statements.alerts.discard,
      rows.map(({ id }) => ({
        id,
        status: discarded,
        at: discardedAt,
        lease_token: null,
        discard_reason: encodeText(reason),
        discarded_by: by.kind === "user" ? encodeText(by.id) : null,
      })),
    );
    return rows.map(({ id }) => decodeUuid(id));
  }

  /** Makes alerts due once more. */
  async redrive({ ids, status, dueAt }: AlertRedrive): Promise<string[]> {
    const wanted = status === null ? null : OUTBOX_STATUS_CODES[status];
    const rows = (await this.#lockExisting(ids)).filter(
      (row) => wanted === null || decodeInteger(row.status) === wanted,
    );
    await this.#session.write(
      this.#statements.alerts.redrive,
      rows.map(({ id }) => ({
        id,
        status: OUTBOX_STATUS_CODES.pending,
        at: dueAt,
        attempts: 0,
        lease_token: null,
        discard_reason: null,
        discarded_by: null,
      })),
    );
    return rows.map(({ id }) => decodeUuid(id));
  }

  /** Removes some of those that ended before an instant. */
  async evict({ endedBefore, limit }: AlertEviction): Promise<number> {
    const { ended, delete: remove } = this.#statements.alerts;
    let evicted = 0;
    for (const status of [OUTBOX_STATUS_CODES.dead, OUTBOX_STATUS_CODES.discarded]) {
      const rows = await this.#session.all(ended, { status, before: endedBefore, limit: limit - evicted });
      await this.#session.write(
        remove,
        rows.map(({ id }) => ({ id })),
      );
      evicted += rows.length;
      if (evicted === limit) break;
    }
    return evicted;
  }

  async #due({ now, inOrder }: AlertClaim, limit: number): Promise<AlertRow[]> {
    const { due, dueInOrder } = this.#statements.alerts;
    return this.#session.all(inOrder ? dueInOrder : due, { now, limit });
  }

  async #dueOfIssues({ now, limit, inOrder }: AlertClaim, issueIds: readonly string[]): Promise<AlertRow[]> {
    const { ofIssues, anyOfIssues } = this.#statements.alerts;
    const given = idsOf([...new Set(issueIds)]).map((issue_id) => ({ issue_id }));
    const due = (await this.#session.lookUp(ofIssues, given)).filter(
      (row) => isPending(row) && decodeInteger(row.at) <= now,
    );
    const first = inOrder ? firstTurns((await this.#session.lookUp(anyOfIssues, given)).filter(isPending)) : undefined;
    return due
      .filter((row) => first === undefined || first.get(issueOf(row)) === decodeInteger(row.turn))
      .sort(byDueTime)
      .slice(0, limit);
  }

  /** Those whose issue is there, if they are about one; the others are removed. */
  async #withIssues(rows: readonly AlertRow[]): Promise<readonly AlertRow[]> {
    const existing = await alertsWithIssues(this.#session, this.#statements, rows);
    const isThere = new Set(existing);
    const orphans = rows.filter((row) => !isThere.has(row));
    await this.#session.write(
      this.#statements.alerts.delete,
      orphans.map(({ id }) => ({ id })),
    );
    return existing;
  }

  /** Those that cannot be read are put off for as long, for code that can: a newer version may have written them. */
  async #lease(rows: readonly AlertRow[], { lease }: AlertClaim): Promise<ClaimedAlert[]> {
    const claimed: ClaimedAlert[] = [];
    const changes = rows.map((row) => {
      const entry = tryDecodeAlert(row);
      const before = decodeInteger(row.attempts);
      if (entry === undefined) return { id: row.id, at: lease.until, attempts: before, lease_token: null };
      const attempts = before + 1;
      claimed.push({ alert: entry.alert, attempts, memo: entry.memo });
      return { id: row.id, at: lease.until, attempts, lease_token: encodeText(lease.token) };
    });
    await this.#session.write(this.#statements.alerts.lease, changes);
    return claimed;
  }

  /** Locks alerts, in the order of their ids as all do who lock several. */
  async #lock(ids: readonly string[]): Promise<AlertRow[]> {
    const given = idsOf([...new Set(ids)].sort()).map((id) => ({ id }));
    return this.#session.lookUp(this.#statements.alerts.lock, given);
  }

  async #lockExisting(ids: readonly string[]): Promise<readonly AlertRow[]> {
    return this.#withIssues(await this.#lock(ids));
  }
}

function encodeSettlement(settlement: Exclude<AlertSettlement, { readonly outcome: "done" | "released" }>) {
  const { id, error, memo } = settlement;
  const shared = {
    id: encodeUuid(id),
    last_error: encodeText(error),
    memo: memo === null ? null : encodeText(memo),
    lease_token: null,
  };
  switch (settlement.outcome) {
    case "failed":
      return { ...shared, status: OUTBOX_STATUS_CODES.pending, at: settlement.dueAt };
    case "dead":
      return { ...shared, status: OUTBOX_STATUS_CODES.dead, at: settlement.diedAt };
  }
}

function isPending({ status }: AlertRow): boolean {
  return decodeInteger(status) === OUTBOX_STATUS_CODES.pending;
}

function idsOf(ids: readonly string[]): Uint8Array[] {
  return ids.flatMap((id) => tryEncodeUuid(id) ?? []);
}

function issueOf({ issue_id }: AlertRow): string {
  return issue_id === null ? "" : decodeUuid(issue_id);
}

/** The lowest turn of each issue. */
function firstTurns(rows: readonly AlertRow[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const row of rows) {
    const turn = decodeInteger(row.turn);
    first.set(issueOf(row), Math.min(turn, first.get(issueOf(row)) ?? turn));
  }
  return first;
}

function byDueTime(one: AlertRow, other: AlertRow): number {
  return decodeInteger(one.at) - decodeInteger(other.at) || (decodeUuid(one.id) < decodeUuid(other.id) ? -1 : 1);
}
