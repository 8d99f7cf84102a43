import type { AlertClaim, AlertSettlement, PendingAlert } from "../ports/alert-outbox.ts";
import { decodeUuid, encodeUuid } from "./id-codec.ts";
import { decodeInteger } from "./integer-codec.ts";
import { decodeAlert } from "./row-codec.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import { encodeText } from "./text-codec.ts";

/*
 * A leased alert is one that is not due before its lease ends: so one order, by due time, serves for claiming, and the
 * lease says where to find what was claimed.
 */

/** Claims alerts that are due. Those whose issue was deleted meanwhile are removed instead. */
export async function claimAlerts(
  session: Session,
  { alerts, issues }: Statements,
  { lease, now, limit }: AlertClaim,
): Promise<PendingAlert[]> {
  const claimed: PendingAlert[] = [];
  while (claimed.length < limit) {
    const wanted = limit - claimed.length;
    const rows = await session.all(alerts.due, { now, limit: wanted });
    const issueRows = await session.lookUp(
      issues.byId,
      rows.map(({ issue_id }) => ({ id: issue_id })),
    );
    const existing = new Set(issueRows.map(({ id }) => decodeUuid(id)));
    const orphans = rows.filter(({ issue_id }) => !existing.has(decodeUuid(issue_id)));
    const leased = rows
      .filter(({ issue_id }) => existing.has(decodeUuid(issue_id)))
      .map((row) => ({ ...row, due_at: decodeInteger(row.due_at), attempts: decodeInteger(row.attempts) + 1 }));
    await session.write(
      alerts.delete,
      orphans.map(({ due_at, id }) => ({ due_at: decodeInteger(due_at), id })),
    );
    await session.write(
      alerts.lease,
      leased.map(({ due_at, id, attempts }) => ({
        due_at,
        id,
        attempts,
        lease_token: encodeText(lease.token),
        new_due_at: lease.until,
      })),
    );
    claimed.push(...leased.map((row) => decodeAlert({ ...row, due_at: lease.until })));
    if (rows.length < wanted) break;
  }
  return claimed;
}

/** Ends claims that are still held under the lease given. */
export async function settleAlerts(
  session: Session,
  { alerts }: Statements,
  settlements: readonly AlertSettlement[],
): Promise<number> {
  const asked = settlements.map(({ id, lease }) => ({
    due_at: lease.until,
    id: encodeUuid(id),
    lease_token: encodeText(lease.token),
  }));
  const rows = await session.lookUp(alerts.leased, asked);
  const held = new Set(rows.map(({ id }) => decodeUuid(id)));
  const settled = settlements.filter(({ id }) => held.has(id));
  const delivered = settled.flatMap((each) => (each.outcome === "delivered" ? placeOf(each) : []));
  const failed = settled.flatMap((each) => {
    if (each.outcome !== "failed") return [];
    return { ...placeOf(each), new_due_at: each.dueAt, last_error: encodeText(each.error), lease_token: null };
  });
  await session.write(alerts.delete, delivered);
  await session.write(alerts.putBack, failed);
  return settled.length;
}

function placeOf({ id, lease }: AlertSettlement): { due_at: number; id: Uint8Array } {
  return { due_at: lease.until, id: encodeUuid(id) };
}
