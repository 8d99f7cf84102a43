import { alertWithout, examplesWithout, type ErasedMentions } from "../core/erasure.ts";
import { isUnreadable } from "../core/unreadable.ts";
import {
  compareOutboxPositions,
  OUTBOX_STATUSES,
  outboxPositionOf,
  type OutboxPageRequest,
  type OutboxPosition,
  type OutboxTransaction,
} from "../ports/alert-outbox.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** How many alerts a transaction looks at. */
const STEP = 300;

/** Removes what alerts in any state say of events, and what is known of throttled ones. */
export async function forgetInAlerts(store: IssueStore, mentions: ErasedMentions): Promise<void> {
  for (const status of OUTBOX_STATUSES) {
    let after: OutboxPosition | null = null;
    do {
      const request: OutboxPageRequest = { status, after, limit: STEP };
      after = await store.transaction(({ outbox }) => forgetInPage(outbox, request, mentions));
    } while (after !== null);
  }
  await store.transaction(({ outbox }) => forgetInTally(outbox, mentions));
}

/** @returns where the page ended; `null` for the last page */
async function forgetInPage(
  outbox: OutboxTransaction | undefined,
  request: OutboxPageRequest,
  mentions: ErasedMentions,
): Promise<OutboxPosition | null> {
  if (outbox === undefined) return null;
  const entries = await outbox.page(request);
  const changed = entries.flatMap((entry) => {
    if (isUnreadable(entry)) return [];
    const alert = alertWithout(entry.alert, mentions);
    return alert === entry.alert ? [] : alert;
  });
  await outbox.replace(changed);
  const last = entries.at(-1);
  if (last === undefined || entries.length < request.limit) return null;
  const end = isUnreadable(last) ? last.position : outboxPositionOf(last);
  if (request.after !== null && compareOutboxPositions(end, request.after) <= 0) throw storeRepeats("a page of alerts");
  return end;
}

async function forgetInTally(outbox: OutboxTransaction | undefined, mentions: ErasedMentions): Promise<void> {
  const [tally] = (await outbox?.lockTallies({ scopes: [{ projectId: mentions.projectId, issueId: null }] })) ?? [];
  if (tally === undefined) return;
  const examples = examplesWithout(tally.throttled.examples, mentions);
  if (examples === tally.throttled.examples) return;
  await outbox?.writeTallies({ save: [{ ...tally, throttled: { ...tally.throttled, examples } }] });
}
