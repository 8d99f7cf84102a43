import { alertWithout, ERASED_TITLE, examplesWithout, type ErasedMentions } from "../core/erasure.ts";
import { isReadable, isUnreadable } from "../core/unreadable.ts";
import {
  compareOutboxPositions,
  OUTBOX_STATUSES,
  outboxPositionOf,
  type OutboxPageRequest,
  type OutboxPosition,
  type OutboxTransaction,
} from "../ports/alert-outbox.ts";
import type { IssueStore, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** How many alerts a transaction looks at. */
const STEP = 300;

/** Removes what alerts in any state say of events, and what is known of throttled ones. */
export async function forgetInAlerts(store: IssueStore, mentions: ErasedMentions): Promise<void> {
  for (const status of OUTBOX_STATUSES) {
    let after: OutboxPosition | null = null;
    do {
      const request: OutboxPageRequest = { status, after, limit: STEP };
      after = await store.transaction((transaction) => forgetInPage(transaction, request, mentions));
    } while (after !== null);
  }
  await store.transaction(({ outbox }) => forgetInTally(outbox, mentions));
}

/** @returns where the page ended; `null` for the last page */
async function forgetInPage(
  transaction: StoreTransaction,
  request: OutboxPageRequest,
  known: ErasedMentions,
): Promise<OutboxPosition | null> {
  const { outbox } = transaction;
  if (outbox === undefined) return null;
  const entries = await outbox.page(request);
  const mentions = await withTitlesOf(transaction, entries, known);
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

/** The titles of issues; {@link ERASED_TITLE} for one that is gone. */
export async function titlesOf(reader: StoreReader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const distinct = [...new Set(ids)];
  const found = (await reader.findIssues({ ids: distinct })).filter(isReadable);
  const titles = new Map(found.map(({ id, title }) => [id, title]));
  return new Map(distinct.map((id) => [id, titles.get(id) ?? ERASED_TITLE]));
}

/** Adds the titles of issues whose alerts name erased events that were events of others, merged into these then. */
async function withTitlesOf(
  reader: StoreReader,
  entries: Awaited<ReturnType<OutboxTransaction["page"]>>,
  mentions: ErasedMentions,
): Promise<ErasedMentions> {
  const ids = entries.flatMap((entry) => {
    if (isUnreadable(entry)) return [];
    const { issue, event } = entry.alert;
    return issue !== null && event !== null && mentions.eventIds.has(event.id) ? issue.id : [];
  });
  const others = ids.filter((id) => !mentions.titles.has(id));
  if (others.length === 0) return mentions;
  return { ...mentions, titles: new Map([...mentions.titles, ...(await titlesOf(reader, others))]) };
}

async function forgetInTally(outbox: OutboxTransaction | undefined, mentions: ErasedMentions): Promise<void> {
  const [tally] = (await outbox?.lockTallies({ scopes: [{ projectId: mentions.projectId, issueId: null }] })) ?? [];
  if (tally === undefined) return;
  const examples = examplesWithout(tally.throttled.examples, mentions);
  if (examples === tally.throttled.examples) return;
  await outbox?.writeTallies({ save: [{ ...tally, throttled: { ...tally.throttled, examples } }] });
}
