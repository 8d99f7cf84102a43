import type { EvictionRequest, StoredEvent } from "./issue-store.ts";

/**
 * Whether an eviction removes an event. For stores.
 *
 * @param lastNumber - `lastEventNumber` of its issue; `null` if that cannot be read, `undefined` if the issue was deleted
 */
export function isEvicted(
  { receivedAt, number, kept }: Pick<StoredEvent, "receivedAt" | "number" | "kept">,
  lastNumber: number | null | undefined,
  { receivedBefore, keepNewest }: Pick<EvictionRequest, "receivedBefore" | "keepNewest">,
): boolean {
  if (lastNumber === undefined) return true;
  if (kept) return false;
  return (
    receivedAt < receivedBefore || (keepNewest !== null && lastNumber !== null && number <= lastNumber - keepNewest)
  );
}
