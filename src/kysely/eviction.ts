import type { EvictionRequest, EvictionStep } from "../ports/issue-store.ts";
import { decodeUuid } from "./id-codec.ts";
import { decodeBoolean, decodeInteger } from "./integer-codec.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import { plainText } from "./text-codec.ts";

/**
 * Walks through a project's events in the order of their ids, which needs no index of its own: eviction is rare, and an
 * index on the time would be paid for with every event.
 */
export async function evictEvents(
  session: Session,
  statements: Statements,
  project_key: number,
  { receivedBefore, after, limit }: EvictionRequest,
): Promise<EvictionStep> {
  const rows = await session.all(statements.events.pageAfter, { project_key, after: after ?? "", limit });
  const issueIds = [...new Map(rows.map((row) => [decodeUuid(row.issue_id), row.issue_id])).values()];
  const issueRows = await session.lookUp(
    statements.issues.byId,
    issueIds.map((id) => ({ id })),
  );
  const existing = new Set(issueRows.map(({ id }) => decodeUuid(id)));
  const leaving = rows.filter(
    (row) =>
      (decodeInteger(row.received_at) < receivedBefore && !decodeBoolean(row.kept)) ||
      !existing.has(decodeUuid(row.issue_id)),
  );
  await session.write(
    statements.events.delete,
    leaving.map(({ id }) => ({ project_key, id: plainText(id) })),
  );
  const data = leaving.flatMap(({ data_id }) => (data_id === null ? [] : { id: data_id }));
  await session.write(statements.events.deleteData, data);
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { evicted: leaving.length, next: last === undefined ? null : plainText(last.id) };
}
