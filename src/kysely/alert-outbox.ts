import type { AlertClaim, AlertSettlement, PendingAlert } from "../ports/alert-outbox.ts";
import { decodeUuid, encodeUuid } from "./id-codec.ts";
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
    for (const row of rows) {
      const { due_at, id } = row;
      if (!existing.has(decodeUuid(row.issue_id))) {
        await session.all(alerts.delete, { due_at, id });
        continue;
      }
      await session.all(alerts.lease, { due_at, id, until: lease.until, lease_token: lease.token });
      claimed.push(decodeAlert({ ...row, due_at: lease.until, attempts: row.attempts + 1 }));
    }
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
  let settled = 0;
  for (const settlement of settlements) {
    const { until, token } = settlement.lease;
    const place = { due_at: until, id: encodeUuid(settlement.id) };
    if ((await session.first(alerts.leased, { ...place, lease_token: token })) === undefined) continue;
    settled++;
    if (settlement.outcome === "delivered") await session.all(alerts.delete, place);
    else {
      const last_error = encodeText(settlement.error);
      await session.all(alerts.putBack, { ...place, due_again_at: settlement.dueAt, last_error });
    }
  }
  return settled;
}
