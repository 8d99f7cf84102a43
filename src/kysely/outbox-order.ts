import { isUuid } from "../core/input.ts";
import type { Session } from "./connections/session.ts";
import {
  BLOCKED_CODE,
  OUTBOX_STATUS_CODES,
  type CLAIMED_IN_ORDER_COLUMNS,
  type StoredAlertRow,
} from "./rows/alert-row.ts";
import { hasId, undamaged } from "./rows/damage.ts";
import type { RowOf } from "./schema/columns.ts";
import type { Statements } from "./statements/index.ts";
import type { RowsStatement } from "./statements/statement.ts";

/** A due alert as it is claimed in order. */
export type DueInOrder = RowOf<typeof CLAIMED_IN_ORDER_COLUMNS> & { readonly id: string };

/** Keeps alerts that have to wait for another one of their issue away from claims in order. */
export class OutboxOrder {
  readonly #session: Session;
  readonly #statements: Statements["alerts"];

  constructor(session: Session, statements: Statements["alerts"]) {
    this.#session = session;
    this.#statements = statements;
  }

  /**
   * Notes which alerts are blocked by an earlier one of their issue. That one is locked until this transaction ends: whoever ends
   * or moves it afterwards sees what it blocks, and unblocks the first. An alert whose blocker another transaction has locked stays
   * as it is.
   */
  async block(rows: readonly DueInOrder[]): Promise<void> {
    const blocked = rows.filter(({ blocker }) => blocker !== null);
    if (blocked.length === 0) return;
    const held = new Set(rows.map(({ id }) => id));
    const others = blocked.flatMap(({ blocker }) => undamaged(blocker) ?? []).filter((id) => !held.has(id));
    for (const row of await lockAlerts(this.#session, this.#statements.lockFree, others)) {
      if (row.status === OUTBOX_STATUS_CODES.pending) held.add(row.id);
    }
    const noted = blocked.flatMap(({ id, blocker }) =>
      held.has(undamaged(blocker) ?? "") ? { id, status: BLOCKED_CODE } : [],
    );
    await this.#session.write(this.#statements.block, noted);
  }

  /**
   * Lets the next alerts of issues be claimed in order, after others of them are no longer pending. Those others have to be
   * locked before: see {@link OutboxOrder.block}.
   *
   * @throws `IssueLifecycleError` `store-conflict` if another transaction has moved the next one
   */
  async unblockNext(rows: readonly Pick<StoredAlertRow, "issue_id">[]): Promise<void> {
    const { firstBlocked, unblock } = this.#statements;
    const issueIds = new Set(rows.flatMap(({ issue_id }) => undamaged(issue_id) ?? []));
    const next = await this.#session.find(
      firstBlocked,
      Array.from(issueIds, (issue_id) => ({ issue_id })),
    );
    for (const { id } of next) if (id !== null) await this.#session.requireChange(unblock, { id });
  }
}

/** Locks alerts by id, so that transactions wait for each other instead of running into a deadlock. */
export async function lockAlerts<Row extends { readonly id: StoredAlertRow["id"] }>(
  session: Session,
  statement: RowsStatement<{ readonly id: string }, Row>,
  ids: readonly string[],
): Promise<(Row & { readonly id: string })[]> {
  const input = [...new Set(ids)]
    .filter(isUuid)
    .sort()
    .map((id) => ({ id }));
  return (await session.find(statement, input)).filter(hasId);
}
