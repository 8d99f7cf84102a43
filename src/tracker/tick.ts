import { applyDeadline } from "../core/event-transition.ts";
import type { Instant } from "../core/instant.ts";
import { isUnreadable, type Unreadable } from "../core/unreadable.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { alertingAt, Changes, NO_ALERTS, type OperationContext, type RaisedAlerts } from "./changes.ts";
import { describeUnreadable } from "./tracked-issue.ts";

/** The result of a tick. */
export interface TickOutcome {
  /** How many mutes ended because their deadline had passed. */
  readonly unmuted: number;
  /** The first 1,000 issues whose mute should end but that cannot be read. Usually none. */
  readonly unreadable: readonly Unreadable[];
}

/** How many issues are changed in one transaction, and in memory, at a time. */
const CHUNK = 500;

/** The most unreadable issues that a {@link TickOutcome} lists. */
const MAX_LISTED = 1_000;

/**
 * Ends all mutes that end by the clock and whose deadline has passed, in chunks of a transaction each.
 *
 * @param onCommit - called with the alerts of each chunk after its commit
 */
export async function unmuteDue(
  store: IssueStore,
  at: Instant,
  context: OperationContext,
  onCommit: (raised: RaisedAlerts) => void,
): Promise<TickOutcome> {
  let unmuted = 0;
  for (;;) {
    const chunk = await store.transaction((transaction) => unmuteChunk(transaction, at, context));
    onCommit(chunk.raised);
    unmuted += chunk.unmuted;
    if (chunk.unmuted < CHUNK) return { unmuted, unreadable: chunk.unreadable };
  }
}

async function unmuteChunk(
  transaction: StoreTransaction,
  at: Instant,
  context: OperationContext,
): Promise<TickOutcome & { readonly raised: RaisedAlerts }> {
  const { issues, projects } = await transaction.load({ issues: { wakesUntil: at, limit: CHUNK } });
  const changes = new Changes(context);
  const unreadable: Unreadable[] = [];
  for (const before of issues) {
    if (isUnreadable(before)) {
      unreadable.push(describeUnreadable(projects.get(before.projectId)?.project, before));
      continue;
    }
    const project = projects.get(before.projectId)?.project;
    const transition = project && applyDeadline(before, at, alertingAt(project, at, context));
    if (project === undefined || transition === undefined) continue;
    changes.updates.push({ before, after: transition.issue });
    changes.addTurningPoint(transition);
    if (transition.alert !== null) changes.addAlert(project, transition.issue, transition.alert, null, at);
  }
  const unmuted = changes.updates.length;
  const raised = unmuted === 0 ? NO_ALERTS : await changes.writeTo(transaction);
  return { unmuted, unreadable: unreadable.slice(0, MAX_LISTED), raised };
}
