import type { EventHead, StoredEvent } from "./issue-store.ts";

/** What leads from an event to what belongs to it. */
export function eventHead(event: StoredEvent): EventHead {
  const { id, issueId, number, count, environment, user, receivedAt, kept, content } = event;
  return { id, issueId, number, count, environment, user, receivedAt, kept, hasContent: content !== null };
}
