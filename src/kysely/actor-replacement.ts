import { invalidInput, isUuid } from "../core/input.ts";
import type { ActorReplacementRequest, ActorReplacementStep } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { undamaged } from "./rows/damage.ts";
import type { Statements } from "./statements/index.ts";

/** Before the ids of all issues and alerts. */
const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Where the next step goes on: after a turning point, or after an alert. */
type Position =
  | { readonly kind: "history"; readonly issueId: string; readonly number: number }
  | { readonly kind: "alerts"; readonly id: string };

/**
 * One step of the replacement of a user: looks at turning points in the order of their keys, then at alerts. This needs no index, for
 * which each turning point would have to pay.
 */
export async function replaceActor(
  session: Session,
  statements: Statements,
  request: ActorReplacementRequest,
): Promise<ActorReplacementStep> {
  const position = readPosition(request.after);
  switch (position.kind) {
    case "history":
      return replaceAuthors(session, statements.history, position, request);
    case "alerts":
      return replaceDiscarders(session, statements.alerts, position.id, request);
  }
}

async function replaceAuthors(
  session: Session,
  { origins, setAuthor }: Statements["history"],
  { issueId, number }: { readonly issueId: string; readonly number: number },
  { user, by, limit }: ActorReplacementRequest,
): Promise<ActorReplacementStep> {
  const rows = await session.all(origins, { issue_id: issueId, number, limit });
  const own = rows.filter(({ by_user }) => undamaged(by_user) === user);
  await session.write(
    setAuthor,
    own.map((row) => ({ issue_id: row.issue_id, number: row.number, by_user: by })),
  );
  const last = rows.at(-1);
  const isDone = last === undefined || rows.length < limit;
  return { changed: own.length, next: isDone ? NO_ID : `${last.issue_id} ${String(last.number)}` };
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

function readPosition(after: string | null): Position {
  if (after === null) return { kind: "history", issueId: NO_ID, number: 0 };
  const [id = "", number, ...others] = after.split(" ");
  if (isUuid(id) && others.length === 0) {
    if (number === undefined) return { kind: "alerts", id };
    if (/^\d+$/u.test(number)) return { kind: "history", issueId: id, number: Number(number) };
  }
  throw invalidInput("after", after, "the `next` of the step before");
}
