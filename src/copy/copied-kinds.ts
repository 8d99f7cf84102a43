import type { PendingRelease, StoredKind, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import type { StoredEntries } from "../ports/stored-entries.ts";

/** What is copied: what `tracker.stats()` counts, and the releases that issues still wait for. */
export type CopiedKind = StoredKind | "pendingReleases";

/** All kinds, in the order in which they are copied: each names only what is above it. */
export const COPIED_KINDS = [
  "projects",
  "releases",
  "pendingReleases",
  "issues",
  "groups",
  "turningPoints",
  "users",
  "marks",
  "events",
  "alerts",
  "tallies",
] as const satisfies readonly CopiedKind[];

/** Entries of one kind. */
export interface CopiedEntries extends StoredEntries {
  readonly pendingReleases?: readonly PendingRelease[];
}

/** A page of entries of one kind. */
export interface CopiedPage {
  readonly entries: CopiedEntries;
  /** Where the next page begins; `null` after the last. */
  readonly next: string | null;
}

/** About how many entries one transaction reads or writes. */
const STEP = 500;

/** About how many characters of the data of events one transaction writes. */
const MAX_STEP_LENGTH = 1_000_000;

/** Reads the entries of a kind after a position. Of pending releases, of which there are few, all. */
export async function readPage(reader: StoreReader, kind: CopiedKind, after: string | null): Promise<CopiedPage> {
  if (kind !== "pendingReleases") return reader.pageStored({ kind, after, limit: STEP });
  return { entries: { pendingReleases: await reader.findPendingReleases("all") }, next: null };
}

/** Writes entries, and how far the copy has come; `null` at its end. */
export async function writeEntries(
  transaction: StoreTransaction,
  { pendingReleases = [], ...entries }: CopiedEntries,
  progress: string | null,
): Promise<void> {
  if (pendingReleases.length > 0) await transaction.write({ pendingReleases });
  await transaction.putStored(entries, progress);
}

/** The entries of one kind as a list of values. */
export function listOf(entries: CopiedEntries, kind: CopiedKind): readonly unknown[] {
  return entries[kind] ?? [];
}

/** The place where a step that begins at a place of a page ends. A store may return more than a step. */
export function endOfStep({ events }: CopiedEntries, start: number, length: number): number {
  const end = Math.min(length, start + STEP);
  if (events === undefined) return end;
  let characters = 0;
  for (let place = start; place < end; place++) {
    const { data, content } = events[place] ?? {};
    characters += (data?.length ?? 0) + (content?.value.length ?? 0);
    if (characters > MAX_STEP_LENGTH) return place + 1;
  }
  return end;
}

/** The entries of a page from one place to before another. */
export function sliceOf(page: CopiedEntries, start: number, end: number): CopiedEntries {
  const slice = <Entry>(entries: readonly Entry[] = []): readonly Entry[] => entries.slice(start, end);
  return {
    projects: slice(page.projects),
    releases: slice(page.releases),
    pendingReleases: slice(page.pendingReleases),
    issues: slice(page.issues),
    groups: slice(page.groups),
    turningPoints: slice(page.turningPoints),
    users: slice(page.users),
    marks: slice(page.marks),
    events: slice(page.events),
    alerts: slice(page.alerts),
    tallies: slice(page.tallies),
  };
}
