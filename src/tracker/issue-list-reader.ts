import type { Unreadable } from "../core/unreadable.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { LONG_SEARCH_MS, LOOK_AT } from "./issue-filter.ts";
import { compareInList, type ListPosition, type ListStart } from "./list-position.ts";
import { readEachProject } from "./listed-projects.ts";
import { openStream, type IssueList, type PlacedEntry, type ProjectStream } from "./project-stream.ts";
import type { TrackedIssue } from "./tracked-issue.ts";

/** What was read of a list in one direction. */
export interface FoundEntries {
  /** Without the issue that is searched for by its friendly id. */
  readonly entries: readonly PlacedEntry[];
  /** If it ended because it takes long: up to where all issues were looked at. */
  readonly searchedTo: ListPosition | null;
  /** The issue that is searched for by its friendly id. */
  readonly named: TrackedIssue | undefined;
  /** The projects that cannot be read. */
  readonly unreadable: readonly Unreadable[];
}

/** How many issues of each project the first step of a search looks at, at least. */
const LEAST_LOOK_AT = 10;

/**
 * Reads the entries of a page, and one more if there is one, in steps, until there are enough. Each step of a search looks at some
 * issues, and the search ends when it took long. What is read of several projects is merged: after the first steps, those that have the
 * next entries are read on.
 */
export async function readEntries(
  store: IssueStore,
  list: IssueList,
  descending: boolean,
  start: ListStart | null,
): Promise<FoundEntries> {
  const began = performance.now();
  const wanted = list.limit + 1;
  const { streams, named, unreadable } = await openStreams(store, list, descending, start);
  const opened = performance.now();
  // Where the first steps take long because there are many projects, a search gets as long again: no page may end where it began.
  const end = Math.max(began + LONG_SEARCH_MS, streams.length > 1 ? opened + (opened - began) : 0);
  // By their ids: an issue that changes its position between two steps may be found again.
  const found = new Map<string, PlacedEntry>();
  let searchedTo: ListPosition | null = null;
  while (found.size < wanted) {
    const next = nextStream(streams, descending);
    if (next === undefined) break;
    if (!next.needsStep) {
      const entry = next.take();
      if (entry !== undefined && !found.has(entry.entry.id) && entry.entry.id !== named?.id) {
        found.set(entry.entry.id, entry);
      }
      continue;
    }
    if (next.isSearch && performance.now() > end) {
      searchedTo = next.position;
      break;
    }
    const size = { limit: Math.min(wanted - found.size, 2 * next.limit), lookAt: LOOK_AT };
    next.add(await store.read((reader) => next.read(reader, size)));
  }
  return { entries: [...found.values()], searchedTo, named, unreadable };
}

/** Does the first step in each project. */
async function openStreams(store: IssueStore, list: IssueList, descending: boolean, start: ListStart | null) {
  const count = list.projects.entries.length;
  const wanted = list.limit + 1;
  const size = {
    limit: Math.min(wanted, Math.ceil((2 * wanted) / count)),
    lookAt: Math.max(LEAST_LOOK_AT, Math.ceil(LOOK_AT / count)),
  };
  const streams: ProjectStream[] = [];
  const unreadable: Unreadable[] = [];
  let named: TrackedIssue | undefined;
  const opened = readEachProject(store, "options", list.projects, (reader, project) =>
    openStream(reader, { list, project, descending, start }, size),
  );
  for await (const part of opened) {
    for (const each of part) {
      if ("error" in each) {
        unreadable.push(each);
        continue;
      }
      const { stream } = each.result;
      if (stream !== undefined) streams.push(stream);
      named ??= each.result.named;
    }
  }
  return { streams, named, unreadable };
}

/** The stream that has the next entry, or has to be read on to know it; `undefined` at the end of all. */
function nextStream(streams: readonly ProjectStream[], descending: boolean): ProjectStream | undefined {
  let next: { readonly stream: ProjectStream; readonly position: ListPosition } | undefined;
  for (const stream of streams) {
    const { position } = stream;
    if (position === null) continue;
    if (next === undefined || compareInList(position, next.position, descending) < 0) next = { stream, position };
  }
  return next?.stream;
}
