import { matchesSearch, orderValue } from "../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue } from "../core/issue.ts";
import type { UnreadableAt } from "../core/page.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { IssuePage, IssuePageRequest, IssuePosition, UnreadableIssue } from "../ports/issue-store.ts";
import { endOf, keyAfter } from "./bytes.ts";
import type { Issues } from "./issues.ts";
import { idAt, numberAt, NUMBER_BYTES } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { within, type KeyBounds, type Session } from "./session.ts";
import { STATUS_CODES } from "./stored-issue.ts";

/** An issue in a list, or what stands for it. */
type ListedIssue = Issue | (UnreadableIssue & UnreadableAt<IssuePosition>);

/** An entry of an index of issues. */
interface Candidate {
  readonly id: string;
  readonly position: IssuePosition;
}

/** Reads a page of a project's issues: of each state an index, in the order of the page. */
export async function pageOfIssues(
  session: Session,
  issues: Issues,
  project: number,
  request: IssuePageRequest,
): Promise<IssuePage> {
  const { order, statuses, limit, lookAt = Infinity } = request;
  const entries: ListedIssue[] = [];
  const add = async (candidate: Candidate): Promise<void> => {
    const issue = await listed(issues, candidate, request);
    if (issue !== undefined) entries.push(issue);
  };
  const isFirstOfAll = request.after === null && ISSUE_STATUSES.every((status) => statuses.includes(status));
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

/** The part of an index that comes after a position. */
function boundsAfter(prefix: Uint8Array, { descending, after }: IssuePageRequest): KeyBounds {
  const all = within(prefix);
  if (after === null) return all;
  const last = KEYS.issueInList(prefix, after.value, after.number);
  return descending ? { from: prefix, to: last } : { from: keyAfter(last), to: all.to };
}

async function* candidatesIn(
  session: Session,
  bounds: KeyBounds,
  { descending, limit, search, environment }: IssuePageRequest,
): AsyncGenerator<Candidate> {
  const options = { reverse: descending, ...(search === "" && environment === null && { expected: limit }) };
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

function comparePositions(one: IssuePosition, other: IssuePosition): number {
  return one.value - other.value || one.number - other.number;
}

/** The issue of a candidate, if it matches. */
async function listed(
  issues: Issues,
  { id, position }: Candidate,
  { projectId, search, environment, order }: IssuePageRequest,
): Promise<ListedIssue | undefined> {
  const issue = await issues.find(id);
  if (issue === undefined) return undefined;
  if (isUnreadable(issue)) {
    // What it says cannot be searched. Its position says its number, if nothing else does.
    if (search !== "" || environment !== null) return undefined;
    const isKnown = Math.abs(position.number) !== Number.MAX_SAFE_INTEGER;
    return { ...issue, projectId, number: issue.number ?? (isKnown ? position.number : undefined), position };
  }
  if (orderValue(issue, order) !== position.value) return undefined;
  if (environment !== null && !issue.environments.includes(environment)) return undefined;
  return matchesSearch(issue, search) ? issue : undefined;
}
