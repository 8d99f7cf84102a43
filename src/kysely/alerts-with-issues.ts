import { decodeUuid, encodeUuid } from "./id-codec.ts";
import type { AlertRow } from "./alert-codec.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";

/** The alerts whose issue is there, if they are about one: what a deleted issue leaves behind is as good as gone. */
export async function alertsWithIssues(
  session: Session,
  { issues }: Statements,
  rows: readonly AlertRow[],
): Promise<AlertRow[]> {
  const ids = new Set(rows.flatMap(({ issue_id }) => (issue_id === null ? [] : decodeUuid(issue_id))));
  const found = await session.lookUp(
    issues.byId,
    Array.from(ids, (id) => ({ id: encodeUuid(id) })),
  );
  const existing = new Set(found.map(({ id }) => decodeUuid(id)));
  return rows.filter(({ issue_id }) => issue_id === null || existing.has(decodeUuid(issue_id)));
}
