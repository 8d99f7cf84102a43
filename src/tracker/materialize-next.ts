import type { Instant } from "../core/instant.ts";
import { materializeNext } from "../core/event-transition.ts";
import type { Project } from "../core/project.ts";
import type { KnownRelease } from "../core/release.ts";
import type { StoreTransaction } from "../ports/issue-store.ts";
import { Changes, type Surroundings } from "./changes.ts";

/** A release that became the latest of its project. */
export interface NewLatestRelease {
  readonly project: Project;
  readonly release: KnownRelease;
  /** When it appeared. */
  readonly at: Instant;
  /** The event that brought it, or `null`. */
  readonly eventId: string | null;
}

/** How many waiting issues are held in memory at once. */
const CHUNK = 500;

/**
 * Makes a new latest release the fix of all stored issues that wait for the next one, within the transaction that made
 * it known. Issues that are in memory must have been written before.
 *
 * @returns how many there were
 */
export async function materializeStored(
  transaction: StoreTransaction,
  { project, release, at, eventId }: NewLatestRelease,
  surroundings: Surroundings,
): Promise<number> {
  let materialized = 0;
  for (;;) {
    const waiting = await transaction.lockIssuesAwaitingNext(project.id, CHUNK);
    const changes = new Changes(surroundings);
    for (const before of waiting) {
      const transition = materializeNext(before, release, at, eventId);
      if (transition === undefined) continue;
      changes.updates.push({ before, after: transition.issue });
      changes.marks.push({ issueId: before.id, mark: transition.mark });
      changes.turn(project, transition, null);
    }
    await changes.writeTo(transaction);
    materialized += changes.updates.length;
    if (waiting.length < CHUNK) return materialized;
  }
}
