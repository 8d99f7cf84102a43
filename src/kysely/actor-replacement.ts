import { isUuid } from "../core/input.ts";
import type { ActorReplacementRequest, ActorReplacementStep } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { historyPositionText, readHistoryPosition, type HistoryPosition } from "./history-position.ts";
import { NO_ID, undamaged } from "./rows/damage.ts";
import type { Statements } from "./statements/index.ts";

/**
 * One step of the replacement of a user: looks at turning points in the order of their keys, then at alerts. This needs no index, for
 * which each turning point would have to pay.
 */
export async function replaceActor(
  session: Session,
  statements: Statements,
  request: ActorReplacementRequest,
): Promise<ActorReplacementStep> {
  const { after } = request;
  // That of an alert is its id alone.
  if (after !== null && isUuid(after)) return replaceDiscarders(session, statements.alerts, after, request);
  return replaceAuthors(session, statements.history, readHistoryPosition(after), request);
}

async function replaceAuthors(
  session: Session,
  { origins, setAuthor }: Statements["history"],
  position: HistoryPosition,
  { user, by, limit }: ActorReplacementRequest,
): Promise<ActorReplacementStep> {
  const rows = await session.all(origins, { ...position, limit });
  const own = rows.filter(({ by_user }) => undamaged(by_user) === user);
  await session.write(
    setAuthor,
    own.map((row) => ({ issue_id: row.issue_id, number: row.number, by_user: by })),
  );
  const last = rows.at(-1);
  const isDone = last === undefined || rows.length < limit;
  return { changed: own.length, next: isDone ? NO_ID : historyPositionText(last) };
}

async function replaceDiscarders(
  session: Session,
  { discarders, setDiscarder }: Statements["alerts"],
  after: string,
  { user, by, limit }: ActorReplacementRequest,
): Promise<ActorReplacementStep> {
  const rows = await session.all(discarders, { id: after, limit });
  const own = rows.filter(({ discarded_by }) => undamaged(discarded_by) === user);
  for (const { id } of own) await session.change(setDiscarder, { id, user, discarded_by: by });
  return { changed: own.length, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}
