import { DEFAULT_EVENT_LEVEL, EVENT_LEVELS } from "../../core/event-level.ts";
import type { EventContent } from "../../core/event.ts";
import { toJson } from "../../core/json-text.ts";
import { anyText, integer, looseObject, nullable, oneOf, withDefault } from "../../core/shape.ts";
import { requireBoolean } from "../../core/input.ts";
import { readStored } from "../../core/stored.ts";
import type { EventHead, StoredEvent } from "../../ports/issue-store.ts";
import { text, type RowOf } from "../schema/columns.ts";
import { TABLES, type TableRow } from "../schema/tables.ts";
import { tolerant } from "./damage.ts";

/** An event's row. */
export type EventRow = TableRow<"events">;

/** The row of an event's data and long details. */
export type EventDataRow = TableRow<"event_data">;

const { id: _id, ...EVENT_COLUMNS } = TABLES.events;
const { id: DATA_ID, ...DATA_COLUMNS } = TABLES.event_data;

/** What is read of an event in a list. */
export const LISTED_EVENT_COLUMNS = { id: text, ...tolerant(EVENT_COLUMNS) };

/** The same, of an event's data and long details. */
export const LISTED_DATA_COLUMNS = { id: DATA_ID, ...tolerant(DATA_COLUMNS) };

/** The row of an event in a list. */
export type ListedEventRow = RowOf<typeof LISTED_EVENT_COLUMNS>;

/** The row of the data and long details of an event in a list. */
export type ListedEventDataRow = RowOf<typeof LISTED_DATA_COLUMNS>;

/** The rows of an event. */
export interface EventRows {
  readonly event: EventRow;
  /** `null` for an event that needs none. */
  readonly data: EventDataRow | null;
}

/**
 * The rows of an event.
 *
 * @param newId - makes the key of a row of data
 */
export function eventRows(project_key: number, event: StoredEvent, newId: () => Uint8Array): EventRows {
  const details = detailsText(event);
  const isLong = details !== null && isLongerThan(details, MAX_DETAILS_BYTES);
  const data_id = event.data === null && !isLong ? null : newId();
  return {
    event: {
      project_key,
      id: event.id,
      issue_id: event.issueId,
      release: event.release,
      received_at: event.receivedAt,
      occurred_at: event.occurredAt,
      kept: event.kept,
      data_id,
      details: isLong ? null : details,
      number: event.number,
    },
    data: data_id && { id: data_id, data: event.data ?? "", details: isLong ? details : null },
  };
}

/** The longest details in an event's own row, in bytes of UTF-8: on SQLite it still fits its page, so that it is quick to compare. */
const MAX_DETAILS_BYTES = 700;

/** Whether a text has more bytes of UTF-8. Those of a large text are not counted. */
function isLongerThan(text: string, bytes: number): boolean {
  return text.length > bytes || Buffer.byteLength(text) > bytes;
}

/** The event of its rows. */
export function eventOf(row: EventRow, projectId: string, stored: EventDataRow | undefined): StoredEvent {
  const details = row.details ?? stored?.details ?? NO_DETAILS;
  const { isWithoutContent, count, environment, user, ...content } = readStored(
    "an event's details",
    details,
    detailsShape,
  );
  return {
    projectId,
    id: row.id,
    issueId: row.issue_id,
    number: row.number,
    count,
    content: isWithoutContent ? null : content,
    environment,
    user,
    release: row.release,
    receivedAt: row.received_at,
    occurredAt: row.occurred_at,
    kept: row.kept,
    data: stored === undefined || stored.data === "" ? null : stored.data,
  };
}

/** What an event says, besides what has a column of its own. Stored without the members that have these defaults. */
const DETAILS = {
  level: withDefault(oneOf(EVENT_LEVELS), DEFAULT_EVENT_LEVEL),
  type: withDefault(anyText, ""),
  value: withDefault(anyText, ""),
  transaction: withDefault(anyText, ""),
  environment: withDefault(anyText, ""),
  count: withDefault(integer(1, Number.MAX_SAFE_INTEGER), 1),
  user: withDefault<string | null>(nullable(anyText), null),
  /** Of an event of an earlier version, which did not store its content. */
  isWithoutContent: withDefault(requireBoolean, false),
};

const detailsShape = looseObject(DETAILS);

/** What the head of an event says that is in its details. */
type SaidInHead = Pick<EventHead, "count" | "environment" | "user" | "hasContent">;

const { count, environment, user, isWithoutContent } = DETAILS;

/** Of details, so that damage to what an event says does not hide whose it is. */
const headShape = looseObject({ count, environment, user, isWithoutContent });

/** What the head of an event says, by the text of its details; `undefined` if that cannot be read. */
export function headInDetails(details: string | null): SaidInHead | undefined {
  try {
    const said = readStored("an event's details", details ?? NO_DETAILS, headShape);
    const { isWithoutContent, count, environment, user } = said;
    return { count, environment, user, hasContent: !isWithoutContent };
  } catch {
    return undefined;
  }
}

/** The details of an event of an earlier version. */
const NO_DETAILS = `{"isWithoutContent":true}`;

/** The text of an event's details; `null` for an event of an earlier version. */
function detailsText({ content, environment, count, user }: StoredEvent): string | null {
  const isWithoutContent = content === null;
  if (isWithoutContent && environment === "" && count === 1 && user === null) return null;
  // JSON leaves out members that are undefined.
  const details = {
    level: content?.level === DEFAULT_EVENT_LEVEL ? undefined : content?.level,
    type: content?.type === "" ? undefined : content?.type,
    value: content?.value === "" ? undefined : content?.value,
    transaction: content?.transaction === "" ? undefined : content?.transaction,
    environment: environment === "" ? undefined : environment,
    count: count === 1 ? undefined : count,
    user: user ?? undefined,
    isWithoutContent: isWithoutContent ? true : undefined,
  };
  return isWithoutContent || isWellFormed(content) ? JSON.stringify(details) : toJson(details);
}

function isWellFormed({ type, value, transaction }: EventContent): boolean {
  return type.isWellFormed() && value.isWellFormed() && transaction.isWellFormed();
}
