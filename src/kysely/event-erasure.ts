import type {
  EventForgettingRequest,
  EventForgettingStep,
  EventHead,
  EventPage,
  EventPageRequest,
} from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { historyPositionText, readHistoryPosition } from "./history-position.ts";
import { isWhole, undamaged } from "./rows/damage.ts";
import { headInDetails } from "./rows/event-row.ts";
import type { Statements } from "./statements/index.ts";

/** A page of a project's events in the order of their ids. Those that cannot be read are left out. */
export async function pageEvents(
  session: Session,
  { events }: Statements,
  project_key: number,
  { after, limit }: Omit<EventPageRequest, "projectId">,
): Promise<EventPage> {
  const rows = await session.all(events.pageAfter, { project_key, after: after ?? "", limit });
  const whole = rows.filter(isWhole);
  const long = await longDetailsOf(session, events, whole);
  const entries = whole.flatMap((row): EventHead[] => {
    const { id, issue_id: issueId, number, received_at: receivedAt, kept, data_id } = row;
    const said = headInDetails(row.details ?? (data_id === null ? null : (long.get(hexOf(data_id)) ?? null)));
    return said === undefined ? [] : [{ id, issueId, number, receivedAt, kept, ...said }];
  });
  return { entries, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

/** How many long details are read at once: each may have megabytes. */
const LONG_AT_ONCE = 20;

/** The details of events that are too long for their rows, by the keys of the rows with their data. */
async function longDetailsOf(
  session: Session,
  { longDetails }: Statements["events"],
  rows: readonly { readonly details: string | null; readonly data_id: Uint8Array | null }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = rows.flatMap(({ details, data_id }) => (details === null && data_id !== null ? [{ id: data_id }] : []));
  const long = new Map<string, string>();
  for (let start = 0; start < ids.length; start += LONG_AT_ONCE) {
    for (const { id, details } of await session.find(longDetails, ids.slice(start, start + LONG_AT_ONCE))) {
      long.set(hexOf(id), undamaged(details) ?? "");
    }
  }
  return long;
}

function hexOf(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}

/** Locks events and finds their data. */
export async function findDataOf(
  session: Session,
  { events }: Statements,
  keys: readonly EventKey[],
): Promise<Uint8Array[]> {
  const rows = await session.find(events.lock, keys);
  return rows.flatMap(({ data_id }) => undamaged(data_id) ?? []);
}

/** Removes events with their data. */
export async function eraseEvents(
  session: Session,
  { events }: Statements,
  keys: readonly EventKey[],
  data: readonly Uint8Array[],
): Promise<void> {
  await session.write(events.delete, keys);
  await session.write(
    events.deleteData,
    data.map((id) => ({ id })),
  );
}

/** Names an event's row. */
interface EventKey {
  readonly project_key: number;
  readonly id: string;
}

/** One step through all turning points, in the order of their keys. This needs no index, for which each would have to pay. */
export async function forgetEvents(
  session: Session,
  { history, issues }: Statements,
  project_key: number,
  { ids, after, limit }: EventForgettingRequest,
): Promise<EventForgettingStep> {
  const rows = await session.all(history.origins, { ...readHistoryPosition(after), limit });
  const forgotten = new Set(ids);
  const named = rows.filter(({ event_id }) => forgotten.has(undamaged(event_id) ?? ""));
  const found = await session.find(
    issues.projects,
    Array.from(new Set(named.map(({ issue_id }) => issue_id)), (id) => ({ id })),
  );
  const own = new Set(found.flatMap((issue) => (issue.project_key === project_key ? issue.id : [])));
  await session.write(
    history.setCause,
    named.flatMap(({ issue_id, number }) => (own.has(issue_id) ? { issue_id, number, event_id: null } : [])),
  );
  const last = rows.at(-1);
  return { next: last === undefined || rows.length < limit ? null : historyPositionText(last) };
}
