import { KEPT_BUCKETS } from "../core/calendar.ts";
import { isUuid } from "../core/input.ts";
import type { IssueUser, IssueUserRef, UserCountRequest, UserPage, UserPageRequest } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { userOf } from "./rows/user-row.ts";
import type { Statements } from "./statements/index.ts";

/** The users of issues, if they are stored. */
export async function findUsers(
  session: Session,
  { byKey }: Statements["users"],
  refs: readonly IssueUserRef[],
): Promise<(IssueUser | undefined)[]> {
  const input = refs
    .filter(({ issueId }) => isUuid(issueId))
    .map(({ issueId, user }) => ({ issue_id: issueId, user_hash: user }));
  const rows = await session.find(byKey, input);
  const users = new Map(rows.map((row) => [nameOf(row.issue_id, row.user_hash), userOf(row)]));
  return refs.map(({ issueId, user }) => users.get(nameOf(issueId, user)));
}

/** A page of an issue's users, in the order of their hashes. */
export async function pageUsers(
  session: Session,
  { firstOfIssue, nextOfIssue }: Statements["users"],
  { issueId, after, limit }: UserPageRequest,
): Promise<UserPage> {
  if (!isUuid(issueId)) return { entries: [], next: null };
  const of = { issue_id: issueId, limit };
  const rows = await (after === null
    ? session.all(firstOfIssue, of)
    : session.all(nextOfIssue, { ...of, user_hash: after }));
  return { entries: rows.map(userOf), next: rows.length < limit ? null : (rows.at(-1)?.user_hash ?? null) };
}

function nameOf(issueId: string, user: string): string {
  return `${issueId} ${user}`;
}

/**
 * Counts users, each request up to its limit. With one bound this reads no more rows of an index than the limit. With both, the
 * users since the turn are counted first. If they are fewer than the limit, these few are looked at. If not, those of each day are
 * counted by the index of days and turns.
 */
export async function countUsers(
  session: Session,
  statements: Statements["users"],
  requests: readonly UserCountRequest[],
): Promise<number[]> {
  const counts = requests.map(() => 0);
  const note = (rows: readonly UserCount[]): void => {
    for (const { place, users } of rows) counts[place] = users;
  };
  const [fromDay, fromTurn, fromBoth] = inputOf(requests);
  note(await session.find(statements.fromDay, fromDay));
  note(await session.find(statements.fromTurn, fromTurn));
  const isFew = ({ place, limit }: CountInput): boolean => (counts[place] ?? 0) < limit;
  const many = fromBoth.filter((each) => !isFew(each));
  note(await session.find(statements.fromTurnAndDay, fromBoth.filter(isFew)));
  note(await countByDays(session, statements, many));
  return counts;
}

/** How many users a request counts. */
interface UserCount {
  readonly place: number;
  readonly users: number;
}

interface CountInput {
  readonly place: number;
  readonly issue_id: string;
  readonly limit: number;
}

type FromDay = CountInput & { readonly from_day: number };
type FromTurn = CountInput & { readonly from_turn: number };
type FromBoth = FromDay & FromTurn;

/** The input of the counts from a day, of those from a turn, and of those from both, which are among these too. */
function inputOf(requests: readonly UserCountRequest[]): [FromDay[], FromTurn[], FromBoth[]] {
  const [days, turns, both]: [FromDay[], FromTurn[], FromBoth[]] = [[], [], []];
  for (const [place, { issueId, fromDay, fromTurn, limit }] of requests.entries()) {
    if (!isUuid(issueId)) continue;
    const of = { place, issue_id: issueId, limit };
    if (fromTurn === null) {
      days.push({ ...of, from_day: fromDay ?? -1 });
      continue;
    }
    turns.push({ ...of, from_turn: fromTurn });
    if (fromDay !== null) both.push({ ...of, from_day: fromDay, from_turn: fromTurn });
  }
  return [days, turns, both];
}

/** Counts the users since a turn on each day from a day on. There are few days: no condition asks for more than are kept. */
async function countByDays(
  session: Session,
  { newestDay, fromTurnOnDay }: Statements["users"],
  requests: readonly FromBoth[],
): Promise<UserCount[]> {
  const found = await session.find(
    newestDay,
    requests.map(({ place, issue_id }) => ({ place, issue_id })),
  );
  const newest = new Map(found.map(({ place, day }) => [place, day]));
  const days = requests.flatMap(({ place, issue_id, from_day, from_turn, limit }) => {
    const input = [];
    // A later day was written by a clock that was ahead.
    const last = Math.min(newest.get(place) ?? -1, from_day + KEPT_BUCKETS.day);
    for (let day = from_day; day <= last; day++) input.push({ place, issue_id, from_turn, limit, day });
    return input;
  });
  const sums = new Map<number, number>();
  for (const { place, users } of await session.find(fromTurnOnDay, days)) {
    sums.set(place, (sums.get(place) ?? 0) + users);
  }
  return requests.map(({ place, limit }) => ({ place, users: Math.min(limit, sums.get(place) ?? 0) }));
}
