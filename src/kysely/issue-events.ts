import { isUuid } from "../core/input.ts";
import type { UnreadableAt } from "../core/page.ts";
import { corruptData, isCorruptData } from "../core/unreadable.ts";
import type { EventPosition, IssueEventPageRequest, StoredEvent } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { BEYOND_ALL, damageIn, isWhole, placeOf, undamaged } from "./rows/damage.ts";
import { eventOf, type EventDataRow, type ListedEventDataRow, type ListedEventRow } from "./rows/event-row.ts";
import type { Statements } from "./statements/index.ts";

/** How many events' data are read at once: each may have megabytes. */
const DATA_AT_ONCE = 20;

/** A page of an issue's events. Those with the number 0, if the page begins among them, are a range of the index of their own. */
export async function pageIssueEvents(
  session: Session,
  { events }: Statements,
  { projectId, issueId, descending, after, limit }: IssueEventPageRequest,
): Promise<(StoredEvent | UnreadableAt<EventPosition>)[]> {
  if (!isUuid(issueId)) return [];
  const of = { issue_id: issueId };
  const [numbered, unnumbered] = descending
    ? [events.numberedBelow, events.unnumberedBelow]
    : [events.numberedAbove, events.unnumberedAbove];
  const rows = after?.number === 0 ? await session.all(unnumbered, { ...of, id: after.id, limit }) : [];
  if (rows.length < limit) {
    const number = after?.number ?? (descending ? BEYOND_ALL : -1);
    rows.push(...(await session.all(numbered, { ...of, number, limit: limit - rows.length })));
  }
  const data = await dataOf(session, events, rows);
  return rows.map((row) => entryOf(row, projectId, data));
}

async function dataOf(
  session: Session,
  { listedData }: Statements["events"],
  rows: readonly ListedEventRow[],
): Promise<ReadonlyMap<string, ListedEventDataRow>> {
  const ids = rows.flatMap(({ data_id }) => {
    const id = undamaged(data_id);
    return id === null || id === undefined ? [] : [{ id }];
  });
  const data = new Map<string, ListedEventDataRow>();
  for (let start = 0; start < ids.length; start += DATA_AT_ONCE) {
    const found = await session.find(listedData, ids.slice(start, start + DATA_AT_ONCE));
    for (const row of found) data.set(hexOf(row.id), row);
  }
  return data;
}

function entryOf(
  row: ListedEventRow,
  projectId: string,
  data: ReadonlyMap<string, ListedEventDataRow>,
): StoredEvent | UnreadableAt<EventPosition> {
  const { id } = row;
  const unreadable = (cause: unknown): UnreadableAt<EventPosition> => {
    return { id, error: corruptData(`Event ${id}`, "", cause), position: { number: placeOf(row.number), id } };
  };
  if (!isWhole(row)) return unreadable(damageIn(row)?.cause);
  const stored = row.data_id === null ? undefined : data.get(hexOf(row.data_id));
  if (stored !== undefined && !isWhole<ListedEventDataRow>(stored)) return unreadable(damageIn(stored)?.cause);
  try {
    return eventOf(row, projectId, stored satisfies EventDataRow | undefined);
  } catch (error) {
    if (isCorruptData(error)) return unreadable(error);
    throw error;
  }
}

function hexOf(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}
