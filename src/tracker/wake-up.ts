import type { Instant } from "../core/instant.ts";
import { wakeUp } from "../core/event-transition.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { Changes, type Surroundings } from "./changes.ts";

/** What a tick did. */
export interface TickOutcome {
  /** How many issues were un-muted because their deadline had passed. */
  readonly unmuted: number;
}

/** How many issues are in one transaction, and in memory, at a time. */
const CHUNK = 500;

/** Lifts all mutes that asked to end at a deadline which has passed, chunk by chunk. */
export async function wakeAll(store: IssueStore, at: Instant, surroundings: Surroundings): Promise<TickOutcome> {
  let unmuted = 0;
  for (;;) {
    const woken = await store.transaction((transaction) => wakeSome(transaction, at, surroundings));
    unmuted += woken;
    if (woken < CHUNK) return { unmuted };
  }
}

async function wakeSome(transaction: StoreTransaction, at: Instant, surroundings: Surroundings): Promise<number> {
  const due = await transaction.lockIssuesToWake(at, CHUNK);
  const projects = await transaction.findProjects([...new Set(due.map(({ projectId }) => projectId))]);
  const changes = new Changes(surroundings);
  for (const before of due) {
    const transition = wakeUp(before, at);
    const stored = projects.get(before.projectId);
    if (transition === undefined || stored === undefined) continue;
    changes.updates.push({ before, after: transition.issue });
    changes.turn(stored.project, transition, null);
  }
  await changes.writeTo(transaction);
  return changes.updates.length;
}
