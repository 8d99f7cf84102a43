import type { PageOptions } from "./page.ts";
import type { TurningPoint } from "./turning-point.ts";
import type { Unreadable } from "./unreadable.ts";

/** Where to begin in the feed, and which entries to return. */
export interface FeedOptions extends PageOptions {
  /** {@link FeedPage.next} of the page before, or the `cursor` of the last entry that you are done with. */
  readonly cursor?: string;
  /**
   * Where to begin without a cursor: `"start"` returns all turning points that are stored, `"end"` none, and a cursor after all that
   * were committed before the call. Default `"start"`.
   */
  readonly from?: "start" | "end";
  /** Only entries of these projects, at least one. Those that do not exist have none. Default: of all. */
  readonly projectIds?: readonly string[];
}

/** A turning point in the feed. */
export interface FeedEntry {
  /** Names its place in the feed: give it as the `cursor` to go on after this entry. Opaque. */
  readonly cursor: string;
  readonly issueId: string;
  readonly projectId: string;
  /** The human-readable id of the issue, such as `SHOP-12`. */
  readonly friendlyId: string;
  readonly turningPoint: TurningPoint;
}

/** A part of the feed. */
export interface FeedPage {
  /** The entries, in the order of the feed. */
  readonly entries: readonly FeedEntry[];
  /** The entries in the same part of the feed that are stored but cannot be read. Usually none. */
  readonly unreadable: readonly Unreadable[];
  /** The `cursor` to go on with. There always is one: at the end, ask again with it later. Opaque. */
  readonly next: string;
  /** Whether there may be more already: `false` if this page reached the end of the feed. */
  readonly hasMore: boolean;
}
