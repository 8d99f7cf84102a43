import type { Instant } from "../core/instant.ts";
import type { UnreadableAt } from "../core/page.ts";
import type {
  OutboxCounts,
  OutboxEntry,
  OutboxPageRequest,
  OutboxPosition,
  OutboxReader,
} from "../ports/alert-outbox.ts";
import type { Session } from "./connections/session.ts";
import {
  alertEntryOf,
  alertPositionOf,
  BLOCKED_CODE,
  OUTBOX_STATUS_CODES,
  unreadableAlert,
  type StoredAlertRow,
} from "./rows/alert-row.ts";
import { BEYOND_ALL, NO_ID, undamaged } from "./rows/damage.ts";
import type { Statements } from "./statements/index.ts";

/** The position before all others. */
export const BEFORE_ALL: OutboxPosition = { at: -BEYOND_ALL, id: NO_ID };

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
    const rows = await this.#rowsOf(OUTBOX_STATUS_CODES[status], request);
    if (status !== "pending") return rows.map(alertEntryOf);
    const blocked = await this.#rowsOf(BLOCKED_CODE, request);
    const page = firstOf(limit, rows, blocked, byPosition).map(alertEntryOf);
    return after === null ? [...(await this.#inUnknownStates(limit)), ...page].slice(0, limit) : page;
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
      const room = limit - found.length;
      const rows = await this.#rowsAfter(status, position, room);
      found.push(...(await this.withIssues(rows)));
      const last = rows.at(-1);
      if (last === undefined || rows.length < room) break;
      position = alertPositionOf(last);
      if (position.at >= Number.MAX_SAFE_INTEGER) break;
    }
    return found;
  }

  async #rowsAfter(status: number, position: OutboxPosition, limit: number): Promise<StoredAlertRow[]> {
    const { page, pageOfInstant } = this.statements.alerts;
    const rows = position === BEFORE_ALL ? [] : await this.session.all(pageOfInstant, { status, ...position, limit });
    if (rows.length === limit) return rows;
    return [...rows, ...(await this.session.all(page, { status, at: position.at, limit: limit - rows.length }))];
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

/** The first rows of two lists that are sorted alike. */
export function firstOf<Row>(
  limit: number,
  rows: readonly Row[],
  others: readonly Row[],
  compare: (one: Row, other: Row) => number,
): readonly Row[] {
  return others.length === 0 ? rows : [...rows, ...others].sort(compare).slice(0, limit);
}

export function byPosition(one: Position, other: Position): number {
  const [first, second] = [alertPositionOf(one), alertPositionOf(other)];
  return first.at - second.at || (first.id < second.id ? -1 : 1);
}

type Position = Pick<StoredAlertRow, "id" | "at">;
