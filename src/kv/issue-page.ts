import { comparePositions, isSearch, matchesCriteria, orderValue } from "../core/issue-list.ts";
import { LISTED_STATUSES, type Issue } from "../core/issue.ts";
import type { UnreadableAt } from "../core/page.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type {
  IssueCountRequest,
  IssueCountStep,
  IssuePage,
  IssuePageRequest,
  IssuePosition,
  UnreadableIssue,
} from "../ports/issue-store.ts";
import { endOf, keyAfter } from "./bytes.ts";
import type { Issues } from "./issues.ts";
import { idAt, numberAt, NUMBER_BYTES } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { Marks } from "./marks.ts";
import { within, type KeyBounds, type Session } from "./session.ts";
import { STATUS_CODES } from "./stored-issue.ts";

/** An issue in a list, or what stands for it. */
type ListedIssue = Issue | (UnreadableIssue & UnreadableAt<IssuePosition>);

/** What says which issues match. */
interface IssueTables {
  readonly issues: Issues;
  readonly marks: Marks;
}

/** An entry of an index of issues. */
interface Candidate {
  readonly id: string;
  readonly position: IssuePosition;
}

/** Reads a page of a project's issues: of each state an index, in the order of the page. */
export async function pageOfIssues(
  session: Session,
  tables: IssueTables,
  project: number,
  request: IssuePageRequest,
): Promise<IssuePage> {
  const { order, statuses, limit, lookAt = Infinity } = request;
  const entries: ListedIssue[] = [];
  const add = async (candidate: Candidate): Promise<void> => {
    const issue = await listed(tables, candidate, request);
    if (issue !== undefined) entries.push(issue);
  };
  const isFirstOfAll = request.after === null && LISTED_STATUSES.every((status) => statuses.includes(status));
  if (isFirstOfAll) {
    for await (const candidate of inUnknownStates(session, project, request)) {
      await add(candidate);
      if (entries.length >= limit) return { entries, searchedTo: null };
    }
  }
  const streams = statuses.map((status) => {
    const bounds = boundsAfter(KEYS.issuesInList(project, order, STATUS_CODES[status]), request);
    return candidatesIn(session, bounds, request);
  });
  let lookedAt = 0;
  for await (const candidate of merge(streams, request.descending)) {
    await add(candidate);
    lookedAt++;
    if (entries.length >= limit) break;
    if (lookedAt >= lookAt) return { entries, searchedTo: candidate.position };
  }
  return { entries, searchedTo: null };
}

/** One step of a count of a project's issues: where none are searched for, of the entries of an index. */
export async function countIssues(
  session: Session,
  tables: IssueTables,
  project: number | undefined,
  request: IssueCountRequest,
): Promise<IssueCountStep> {
  const { statuses, limit } = request;
  const after = request.after === null ? null : { value: request.after, number: request.after };
  const all = { ...request, order: "first-seen", descending: false, after, limit: Infinity } as const;
  const counts = new Map(statuses.map((status) => [status, 0]));
  if (project === undefined) return { counts, searchedTo: null };
  if (isSearch(request)) {
    const { entries, searchedTo } = await pageOfIssues(session, tables, project, all);
    for (const entry of entries) {
      const status = isUnreadable(entry) ? undefined : entry.state.status;
      const count = status && counts.get(status);
      if (status !== undefined && count !== undefined && count < limit) counts.set(status, count + 1);
    }
    return { counts, searchedTo: searchedTo?.number ?? null };
  }
  for (const status of statuses) {
    const bounds = boundsAfter(KEYS.issuesInList(project, all.order, STATUS_CODES[status]), all);
    let count = 0;
    for await (const _ of session.scan(bounds, { expected: limit })) if (++count >= limit) break;
    counts.set(status, count);
  }
  return { counts, searchedTo: null };
}

/** The part of an index that comes after a position. */
function boundsAfter(
  prefix: Uint8Array,
  { descending, after }: Pick<IssuePageRequest, "descending" | "after">,
): KeyBounds {
  const all = within(prefix);
  if (after === null) return all;
  const last = KEYS.issueInList(prefix, after.value, after.number);
  return descending ? { from: prefix, to: last } : { from: keyAfter(last), to: all.to };
}

async function* candidatesIn(
  session: Session,
  bounds: KeyBounds,
  request: IssuePageRequest,
): AsyncGenerator<Candidate> {
  const { descending, limit } = request;
  const options = { reverse: descending, ...(!isSearch(request) && { expected: limit }) };
  for await (const [key, value] of session.scan(bounds, options)) {
    const place = key.length - 2 * NUMBER_BYTES;
    const position = { value: numberAt(key, place), number: numberAt(key, place + NUMBER_BYTES) };
    yield { id: idAt(value, 0), position };
  }
}

/** Issues in states that this version does not know: their positions are before all others. */
async function* inUnknownStates(
  session: Session,
  project: number,
  request: IssuePageRequest,
): AsyncGenerator<Candidate> {
  const prefix = KEYS.issuesInOrder(project, request.order);
  const from = endOf(KEYS.issuesInList(project, request.order, Math.max(...Object.values(STATUS_CODES))));
  const first = request.descending ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  const position = { value: first, number: first };
  for await (const { id } of candidatesIn(session, { from, to: endOf(prefix) }, request)) yield { id, position };
}

/** Merges candidates that are in order. */
async function* merge(streams: readonly AsyncGenerator<Candidate>[], descending: boolean): AsyncGenerator<Candidate> {
  const heads: { candidate: Candidate; readonly stream: AsyncGenerator<Candidate> }[] = [];
  for (const stream of streams) {
    const first = await stream.next();
    if (first.done !== true) heads.push({ candidate: first.value, stream });
  }
  const sign = descending ? -1 : 1;
  while (heads.length > 0) {
    heads.sort((one, other) => sign * comparePositions(one.candidate.position, other.candidate.position));
    const [head] = heads;
    if (head === undefined) return;
    yield head.candidate;
    const next = await head.stream.next();
    if (next.done === true) heads.shift();
    else head.candidate = next.value;
  }
}

/** The issue of a candidate, if it matches. */
async function listed(
  { issues, marks }: IssueTables,
  { id, position }: Candidate,
  request: IssuePageRequest,
): Promise<ListedIssue | undefined> {
  const { projectId, order, seenIn } = request;
  const issue = await issues.find(id);
  if (issue === undefined) return undefined;
  if (isUnreadable(issue)) {
    // What it says cannot be searched. Its position says its number, if nothing else does.
    if (isSearch(request)) return undefined;
    const isKnown = Math.abs(position.number) !== Number.MAX_SAFE_INTEGER;
    return { ...issue, projectId, number: issue.number ?? (isKnown ? position.number : undefined), position };
  }
  if (orderValue(issue, order) !== position.value) return undefined;
  if (!matchesCriteria(issue, request)) return undefined;
  return seenIn === null || (await marks.wasSeen(id, seenIn)) ? issue : undefined;
}
