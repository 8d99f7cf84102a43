import type { FeedPage } from "../core/feed.ts";
import type { Scope } from "./scope.ts";

/** What has changed since a page was made. */
export interface Changes {
  /** The place in the feed to ask from next. */
  readonly next: string;
  /** The friendly ids of issues that changed, each once; `null` if that is not known, and the page has to be read again. */
  readonly issues: readonly string[] | null;
}

/** The most pages of the feed that one request reads. A page that was away for longer gets the rest by its next requests. */
const MOST_PAGES = 5;

/** The present end of the feed, for a page to ask from. */
export async function presentPlace(scope: Scope): Promise<string> {
  const { next } = await scope.tracker.feed({ from: "end" });
  return shownPlace(scope, next);
}

/** The issues of the viewer that changed since a place in the feed. */
export async function changesSince(scope: Scope, since: string): Promise<Changes> {
  const { tracker, viewer, seal } = scope;
  // The feed is that of all projects, or of some: there is none of no project.
  if (viewer.projects.length === 0) return { next: since, issues: [] };
  const place = viewer.projects === "all" ? since : await seal.open(since);
  if (place === undefined) return { next: await presentPlace(scope), issues: null };
  const projects = viewer.projects === "all" ? {} : { projectIds: viewer.projects };
  const issues = new Set<string>();
  let cursor = place;
  for (let page = 0; page < MOST_PAGES; page++) {
    const read: FeedPage = await tracker.feed({ ...projects, cursor, limit: 1_000 });
    for (const { friendlyId } of read.entries) issues.add(friendlyId);
    cursor = read.next;
    if (!read.hasMore) break;
  }
  return { next: await shownPlace(scope, cursor), issues: [...issues] };
}

function shownPlace({ viewer, seal }: Scope, cursor: string): Promise<string> | string {
  return viewer.projects === "all" ? cursor : seal.seal(cursor);
}
