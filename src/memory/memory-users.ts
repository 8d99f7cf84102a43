import type { UserCountRequest } from "../ports/issue-store.ts";
import type { UserTables } from "./memory-tables.ts";

/**
 * Counts users up to a limit. With one bound this looks at no more users than the limit, however many there are. With both it
 * looks at more only where users occurred on the requested days, but not since the requested turn.
 */
export function countUsers(tables: UserTables | undefined, { fromDay, fromTurn, limit }: UserCountRequest): number {
  if (tables === undefined) return 0;
  const { rows, byDay, byTurn } = tables;
  if (fromTurn === null) return byDay.first(limit, fromDay === null ? Infinity : -fromDay).length;
  const sinceTurn = byTurn.first(limit, -fromTurn);
  if (fromDay === null) return sinceTurn.length;
  if (sinceTurn.length < limit) return sinceTurn.filter((user) => (rows.get(user)?.lastDay ?? -1) >= fromDay).length;
  for (let looked = limit; ; looked *= 2) {
    const onDays = byDay.first(looked, -fromDay);
    const { length } = onDays.filter((user) => (rows.get(user)?.lastTurn ?? -1) >= fromTurn);
    if (length >= limit || onDays.length < looked) return Math.min(length, limit);
  }
}
