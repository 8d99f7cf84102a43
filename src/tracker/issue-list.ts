import { invalidInput } from "../core/input.ts";
import { ISSUE_ORDERS, type IssueOrder } from "../core/issue-list.ts";
import { itemsOf, PAGE_MEMBERS, readCursor, type PageOptions, type SearchPage } from "../core/page.ts";
import type { ReleaseOrder } from "../core/release-order.ts";
import { object, oneOf, withDefault, type Shape } from "../core/shape.ts";
import type { Unreadable } from "../core/unreadable.ts";
import type { IssuePosition, IssueStore } from "../ports/issue-store.ts";
import { requireRanges, SEARCH_MEMBERS, type IssueFilter } from "./issue-filter.ts";
import { readEntries } from "./issue-list-reader.ts";
import { issueCursors, startAt, turned, type ListPosition, type ListStart } from "./list-position.ts";
import { chooseProjects, listProjects, PROJECT_MEMBERS } from "./listed-projects.ts";
import type { IssueList, PlacedEntry } from "./project-stream.ts";
import type { TrackedIssue } from "./tracked-issue.ts";

/** Which issues to list, and in which order. */
export type IssueListOptions = IssueFilter &
  PageOptions & {
    /** Default `"last-seen"`. A list of `projectIds` cannot be sorted by `"first-seen"`: numbers of projects are not comparable. */
    readonly sort?: IssueOrder;
    /** Default `"descending"`: the greatest first. */
    readonly direction?: "ascending" | "descending";
  };

const listOptions = object(
  {
    ...PROJECT_MEMBERS,
    ...SEARCH_MEMBERS,
    ...PAGE_MEMBERS,
    sort: withDefault(oneOf(ISSUE_ORDERS), "last-seen"),
    direction: withDefault(oneOf(["ascending", "descending"]), "descending"),
  } satisfies Record<keyof IssueListOptions, Shape<unknown>>,
  `{ projectId: "shop", status: "open", sort: "event-count" }`,
);

/** A page of the issues of a project, or of several. */
export async function listIssues(
  store: IssueStore,
  options: unknown,
  releaseOrder: ReleaseOrder,
): Promise<SearchPage<TrackedIssue>> {
  const { projectId, projectIds, sort: order, direction, limit, cursor, ...search } = listOptions("options", options);
  const projects = chooseProjects("options", { projectId, projectIds });
  if (projects.kind !== "one" && order === "first-seen") {
    throw invalidInput("options.sort", order, `"last-seen" or "event-count" where projectIds are given`);
  }
  const cursors = issueCursors(order, direction, projects.kind !== "one");
  const start = readCursor(cursors, cursor);
  requireRanges("options", search);
  const list: IssueList = {
    projects: await listProjects("options", store, projects),
    search,
    releaseOrder,
    order,
    descending: direction === "descending",
    limit,
  };
  const page = await (start?.reads === "backwards" ? pageBefore(store, list, start) : pageAfter(store, list, start));
  const write = (next: ListStart | null): string | null =>
    next === null ? null : `${cursors.list}:${cursors.write(next)}`;
  const { items, unreadable } = itemsOf<TrackedIssue, IssuePosition>(page.entries.map(({ entry }) => entry));
  return {
    items,
    unreadable: [...page.unreadable, ...unreadable],
    next: write(page.next),
    previous: write(page.previous),
    searchedTo: page.searchedTo?.value ?? null,
  };
}

/** A page as positions. */
interface PlacedPage {
  readonly entries: readonly PlacedEntry[];
  readonly next: ListStart | null;
  readonly previous: ListStart | null;
  readonly searchedTo: ListPosition | null;
  /** On the first page, the projects that cannot be read. */
  readonly unreadable: readonly Unreadable[];
}

async function pageAfter(store: IssueStore, list: IssueList, start: ListStart | null): Promise<PlacedPage> {
  const { limit, descending } = list;
  const { entries: others, searchedTo, named, ...read } = await readEntries(store, list, descending, start);
  const found = start === null && named !== undefined ? [placedFirst(named, list), ...others] : others;
  const entries = found.slice(0, limit);
  const isFull = found.length > limit;
  const end = isFull ? entries.at(-1)?.position : searchedTo;
  return {
    entries,
    previous: start && turned(start),
    next: end ? startAt("forwards", end) : null,
    searchedTo: isFull ? null : searchedTo,
    unreadable: start === null ? read.unreadable : [],
  };
}

/** Reads backwards: up to the position from which the page behind it goes on. */
async function pageBefore(store: IssueStore, list: IssueList, end: ListStart): Promise<PlacedPage> {
  const { limit, descending } = list;
  const { entries: others, searchedTo, named, unreadable } = await readEntries(store, list, !descending, end);
  const isAtBeginning = others.length <= limit && searchedTo === null;
  const found = isAtBeginning && named !== undefined ? [...others, placedFirst(named, list)] : others;
  const entries = found.slice(0, limit).toReversed();
  const first = found.length > limit ? entries[0]?.position : searchedTo;
  const previous = first ? startAt("backwards", first) : null;
  return { entries, previous, next: turned(end), searchedTo, unreadable: previous === null ? unreadable : [] };
}

/** The issue that is searched for by its friendly id is before all others. */
function placedFirst(entry: TrackedIssue, { descending }: IssueList): PlacedEntry {
  const first = descending ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  return { entry, position: { value: first, number: first, projectId: entry.projectId } };
}
