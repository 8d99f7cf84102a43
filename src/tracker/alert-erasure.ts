import type { Alert } from "../core/alert.ts";
import { alertWithout, examplesWithout, type ErasedMentions } from "../core/erasure.ts";
import type { UnreadableAt } from "../core/page.ts";
import { isUnreadable } from "../core/unreadable.ts";
import {
  compareOutboxPositions,
  OUTBOX_STATUSES,
  outboxPositionOf,
  type AlertTally,
  type OutboxEntry,
  type OutboxPageRequest,
  type OutboxPosition,
  type OutboxTransaction,
} from "../ports/alert-outbox.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** How many alerts a transaction looks at. */
const STEP = 300;

/** The issues of a project about which there are alerts, in whatever state. */
export async function alertedIssues(store: IssueStore, projectId: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  await eachPageOfAlerts(store, async (alerts) => {
    for (const alert of alerts) {
      if (alert.project.id !== projectId) continue;
      const named = alert.kind === "throttled" ? alert.reason.examples : [alert.issue];
      for (const { id } of named) ids.add(id);
    }
  });
  await store.transaction(async ({ outbox }) => {
    for (const { id } of (await throttledIn(outbox, projectId))?.throttled.examples ?? []) ids.add(id);
  });
  return ids;
}

/** Removes what alerts in any state say of events, and what is known of throttled ones. */
export async function forgetInAlerts(store: IssueStore, mentions: ErasedMentions): Promise<void> {
  await eachPageOfAlerts(store, async (alerts, outbox) => {
    const changed = alerts
      .map((alert) => alertWithout(alert, mentions))
      .filter((alert, place) => alert !== alerts[place]);
    await outbox.replace(changed);
  });
  await store.transaction(async ({ outbox }) => {
    const tally = await throttledIn(outbox, mentions.projectId);
    if (tally === undefined) return;
    const examples = examplesWithout(tally.throttled.examples, mentions);
    if (examples === tally.throttled.examples) return;
    await outbox?.writeTallies({ save: [{ ...tally, throttled: { ...tally.throttled, examples } }] });
  });
}

/** What was throttled in a project lately. */
async function throttledIn(outbox: OutboxTransaction | undefined, projectId: string): Promise<AlertTally | undefined> {
  const [tally] = (await outbox?.lockTallies({ scopes: [{ projectId, issueId: null }] })) ?? [];
  return tally;
}

/** Walks through the alerts of all states that can be read, in pages of a transaction each. */
async function eachPageOfAlerts(
  store: IssueStore,
  visit: (alerts: readonly Alert[], outbox: OutboxTransaction) => Promise<void>,
): Promise<void> {
  for (const status of OUTBOX_STATUSES) {
    let after: OutboxPosition | null = null;
    do {
      const request: OutboxPageRequest = { status, after, limit: STEP };
      after = await store.transaction(async ({ outbox }) => {
        if (outbox === undefined) return null;
        const entries = await outbox.page(request);
        await visit(
          entries.flatMap((entry) => (isUnreadable(entry) ? [] : entry.alert)),
          outbox,
        );
        return endOfPage(entries, request);
      });
    } while (after !== null);
  }
}

function endOfPage(
  entries: readonly (OutboxEntry | UnreadableAt<OutboxPosition>)[],
  { after, limit }: OutboxPageRequest,
): OutboxPosition | null {
  const last = entries.at(-1);
  if (last === undefined || entries.length < limit) return null;
  const end = isUnreadable(last) ? last.position : outboxPositionOf(last);
  if (after !== null && compareOutboxPositions(end, after) <= 0) throw storeRepeats("a page of alerts");
  return end;
}
