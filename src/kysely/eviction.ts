import { isEvicted } from "../ports/is-evicted.ts";
import type { EvictionRequest, EvictionStep } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { isWhole, undamaged } from "./rows/damage.ts";
import type { Statements } from "./statements/index.ts";

/**
 * Walks through a project's events in the order of their ids. This needs no index of its own: eviction is rare, and every
 * event would have to pay for an index on the time.
 */
export async function evictEvents(
  session: Session,
  { events, issues }: Statements,
  project_key: number,
  request: EvictionRequest,
): Promise<EvictionStep> {
  const { after, limit } = request;
  const rows = await session.all(events.pageAfter, { project_key, after: after ?? "", limit });
  // An event that cannot be read stays: nobody can say how old it is, or whether its issue exists.
  const readable = rows.filter(isWhole);
  const ids = new Set(readable.map(({ issue_id }) => issue_id));
  const found = await session.find(
    issues.ofEvicted,
    Array.from(ids, (id) => ({ id })),
  );
  const lastNumbers = new Map(found.map((row) => [row.id, undamaged(row.last_event_number) ?? null]));
  const chosen = readable.filter(({ received_at: receivedAt, number, kept, issue_id }) =>
    isEvicted({ receivedAt, number, kept }, lastNumbers.get(issue_id), request),
  );
  // Another eviction may remove them at the same time: whoever locks an event first removes and counts it.
  const locked = await session.find(
    events.lock,
    chosen.map(({ id }) => ({ project_key, id })),
  );
  const own = new Set(locked.map(({ id }) => id));
  const evicted = chosen.filter(({ id }) => own.has(id));
  await session.write(
    events.delete,
    evicted.map(({ id }) => ({ project_key, id })),
  );
  await session.write(
    events.deleteData,
    evicted.flatMap(({ data_id }) => (data_id === null ? [] : { id: data_id })),
  );
  return { evicted: evicted.length, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}
