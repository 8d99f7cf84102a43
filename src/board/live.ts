import type { FeedPage } from "../core/feed.ts";
import type { Scope } from "./scope.ts";

/** What has changed since a page was made. */
export interface Changes {
  /** The place in the feed to ask from next. */
  readonly next: string;
  /** The friendly ids of issues that changed, each once. */
  readonly issues: readonly string[];
}

/** The most pages of the feed that one request reads. A page that was away for longer is told so again by the next one. */
const MOST_PAGES = 5;

/** The issues of the viewer that changed since a place in the feed. */
export async function changesSince({ tracker, viewer }: Scope, since: string): Promise<Changes> {
  const issues = new Set<string>();
  const projects = viewer.projects === "all" ? {} : { projectIds: viewer.projects };
  let cursor = since;
  for (let page = 0; page < MOST_PAGES; page++) {
    const read: FeedPage = await tracker.feed({ ...projects, cursor, limit: 1_000 });
    for (const { friendlyId } of read.entries) issues.add(friendlyId);
    cursor = read.next;
    if (!read.hasMore) break;
  }
  return { next: cursor, issues: [...issues] };
}
