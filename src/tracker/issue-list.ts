import { ISSUE_ORDERS, type IssueOrder } from "../core/issue-list.ts";
import {
  PAGE_MEMBERS,
  pageOf,
  readCursor,
  readNumber,
  type CursorFormat,
  type PageOptions,
  type SearchPage,
  type UnreadableAt,
} from "../core/page.ts";
import { object, oneOf, withDefault, type Shape } from "../core/shape.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { IssuePageRequest, IssuePosition, IssueStore } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { FILTER_MEMBERS, isBehind, pageRequest, positionOf, type IssueFilter } from "./issue-filter.ts";
import { findPendingChanges } from "./pending-releases.ts";
import { requireProject } from "./projects.ts";
import { describeUnreadable, trackedIssue, type TrackedIssue } from "./tracked-issue.ts";

/** Which issues to list, and in which order. */
export interface IssueListOptions extends IssueFilter, PageOptions {
  /** Default `"last-seen"`. */
  readonly sort?: IssueOrder;
  /** Default `"descending"`: the greatest first. */
  readonly direction?: "ascending" | "descending";
}

/** After how many milliseconds no further step of a search begins. */
const LONG_SEARCH_MS = 80;

const listOptions = object(
  {
    ...FILTER_MEMBERS,
    ...PAGE_MEMBERS,
    sort: withDefault(oneOf(ISSUE_ORDERS), "last-seen"),
    direction: withDefault(oneOf(["ascending", "descending"]), "descending"),
  } satisfies Record<keyof IssueListOptions, Shape<unknown>>,
  `{ projectId: "shop", status: "open", sort: "event-count" }`,
);

/** A page of a project's issues. */
export async function listIssues(store: IssueStore, options: unknown): Promise<SearchPage<TrackedIssue>> {
  const { sort: order, direction, limit, cursor, ...filter } = listOptions("options", options);
  const format = issueCursors(order, direction);
  const after = readCursor(format, cursor);
  const request = pageRequest(filter, { order, descending: direction === "descending", after, limit: limit + 1 });
  const { entries, searchedTo } = await searchFor(store, request);
  const page = pageOf<TrackedIssue, IssuePosition>(format, entries, limit, (issue) => positionOf(issue, order));
  if (searchedTo === null) return { ...page, searchedTo: null };
  return { ...page, next: `${format.list}:${format.write(searchedTo)}`, searchedTo: searchedTo.value };
}

type Entry = TrackedIssue | UnreadableAt<IssuePosition>;

/** Reads a page, in steps that each look at some issues, until it is full or took long. */
async function searchFor(
  store: IssueStore,
  request: IssuePageRequest,
): Promise<{ readonly entries: readonly Entry[]; readonly searchedTo: IssuePosition | null }> {
  const began = performance.now();
  // By their ids: an issue that changes its position between two steps may be found again.
  const found = new Map<string, Entry>();
  let { after } = request;
  for (;;) {
    const step = { ...request, after, limit: request.limit - found.size };
    const { entries, searchedTo } = await readStep(store, step);
    for (const entry of entries) if (!found.has(entry.id)) found.set(entry.id, entry);
    const last = entries.at(-1);
    const end = last === undefined || entries.length < step.limit ? searchedTo : positionOf(last, request.order);
    const isLast = found.size === request.limit || end === null;
    if (isLast || performance.now() - began > LONG_SEARCH_MS) {
      return { entries: [...found.values()], searchedTo: isLast ? null : end };
    }
    if (!isBehind(end, after, request)) throw storeRepeats("a page of issues");
    after = end;
  }
}

async function readStep(
  store: IssueStore,
  request: IssuePageRequest,
): Promise<{ readonly entries: readonly Entry[]; readonly searchedTo: IssuePosition | null }> {
  return store.read(async (reader) => {
    const { project } = await requireProject(reader, "options.projectId", request.projectId);
    const { entries, searchedTo } = await reader.pageIssues(request);
    const pending = await findPendingChanges(reader, entries);
    const described = entries.map((issue) =>
      isUnreadable(issue)
        ? { ...describeUnreadable(project, issue), position: issue.position }
        : trackedIssue(project, pending.get(issue.id)?.transition.issue ?? issue),
    );
    return { entries: described, searchedTo };
  });
}

/** Cursors of lists of issues. */
function issueCursors(order: IssueOrder, direction: string): CursorFormat<IssuePosition> {
  return {
    list: `${order}:${direction}`,
    write: ({ value, number }) => `${String(value)}:${String(number)}`,
    read: (text) => {
      const [value, number, ...rest] = text.split(":").map(readNumber);
      if (value === undefined || number === undefined || rest.length > 0) return undefined;
      return order === "first-seen" && value !== number ? undefined : { value, number };
    },
  };
}
