import { NO_RELEASES, registerRelease, type KnownRelease } from "../core/release.ts";
import type { StoreTransaction } from "../ports/issue-store.ts";
import type { BatchEntry } from "./digest-batch.ts";

/** An entry whose release has its place. */
export interface PlacedEntry {
  readonly entry: BatchEntry;
  readonly release: KnownRelease;
  /** Whether this event made its release the latest of the project. */
  readonly bringsLatest: boolean;
  /** The order key that the release gave up when this event was the first of it, if it had been announced. */
  readonly placedFrom: string | null;
}

/** A batch's entries with their releases in place, and the releases that have to be saved. */
export interface PlacedBatch {
  readonly entries: readonly PlacedEntry[];
  readonly registered: ReadonlyMap<string, readonly KnownRelease[]>;
}

/**
 * Finds the places of the releases that were never seen, in the order in which the events bring them. Does not save them
 * yet: the marks that earlier events of the batch ask for still have the order that they will find.
 */
export async function placeReleases(
  transaction: StoreTransaction,
  entries: readonly BatchEntry[],
): Promise<PlacedBatch> {
  const unseen = entries.filter(({ release }) => release.answer?.standing !== "known");
  const projectIds = [...new Set(unseen.map(({ event }) => event.projectId))];
  const timelines = new Map(projectIds.length === 0 ? [] : await transaction.lockTimelines(projectIds));
  const registered = new Map<string, KnownRelease[]>(projectIds.map((id) => [id, []]));
  const placed = entries.map((entry): PlacedEntry => {
    const { event, release: asked } = entry;
    const found = asked.answer;
    if (found?.standing === "known") return { entry, release: found, bringsLatest: false, placedFrom: null };
    const timeline = timelines.get(event.projectId) ?? NO_RELEASES;
    const registration = registerRelease(timeline, event.release, event.receivedAt, found);
    const { release, becameLatest } = registration;
    asked.answer = release;
    timelines.set(event.projectId, registration.timeline);
    registered.get(event.projectId)?.push(release);
    const isMoved = found !== undefined && found.orderKey !== release.orderKey;
    return { entry, release, bringsLatest: becameLatest, placedFrom: isMoved ? found.orderKey : null };
  });
  return { entries: placed, registered };
}
