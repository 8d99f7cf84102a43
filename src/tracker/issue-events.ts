import { anyJson, MAX_EVENT_ID_LENGTH, type EventListOptions, type TrackedEvent } from "../core/event.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";
import {
  PAGE_MEMBERS,
  pageOf,
  readCursor,
  readNumber,
  type CursorFormat,
  type Page,
  type UnreadableAt,
} from "../core/page.ts";
import { object, oneOf, text, withDefault, type Shape } from "../core/shape.ts";
import { readStored } from "../core/stored.ts";
import { corruptData, isCorruptData, isUnreadable, requireReadable } from "../core/unreadable.ts";
import type {
  EventPosition,
  EventRef,
  IssueEventPageRequest,
  IssueStore,
  StoredEvent,
  StoreReader,
} from "../ports/issue-store.ts";
import { eachWithPauses } from "../ports/pause.ts";
import { nameIssue, requireIssue, SCOPE_MEMBERS } from "./tracked-issue.ts";

const listOptions = object(
  {
    ...PAGE_MEMBERS,
    ...SCOPE_MEMBERS,
    direction: withDefault(oneOf(["ascending", "descending"]), "descending"),
  } satisfies Record<keyof EventListOptions, Shape<unknown>>,
  `{ direction: "ascending", limit: 100 }`,
);

type Entry = StoredEvent | UnreadableAt<EventPosition>;

/** A page of an issue's events. */
export async function listIssueEvents(
  store: IssueStore,
  issueId: unknown,
  options: unknown,
): Promise<Page<TrackedEvent>> {
  const { direction, limit, cursor, ...scope } = listOptions("options", options);
  const named = nameIssue("issueId", issueId, scope);
  const format = eventCursors(direction);
  const after = readCursor(format, cursor);
  const { entries, isCut } = await store.read(async (reader) => {
    const { id, projectId } = await requireIssue(reader, named);
    return readEvents(reader, {
      projectId,
      issueId: id,
      descending: direction === "descending",
      after,
      limit: limit + 1,
    });
  });
  const tracked: (TrackedEvent | UnreadableAt<EventPosition>)[] = [];
  await eachWithPauses(entries, (entry) => tracked.push(trackedEntry(entry)));
  const page = pageOf<TrackedEvent, EventPosition>(format, tracked, limit, positionOf);
  const last = entries.at(-1);
  return isCut && last !== undefined ? { ...page, next: `${format.list}:${format.write(positionOf(last))}` } : page;
}

/**
 * The event that was digested next after another one of its issue, or before it.
 *
 * @throws `IssueLifecycleError` `unknown-event` if the other one is not stored
 */
export async function findNeighbour(
  store: IssueStore,
  ref: EventRef,
  which: "next" | "previous",
): Promise<TrackedEvent | undefined> {
  const [entry] = await store.read(async (reader) => {
    const event = await reader.findEvent(ref);
    if (event === undefined) throw eventNotFound("id", ref.id);
    const { projectId, issueId } = event;
    const descending = which === "previous";
    return reader.pageIssueEvents({ projectId, issueId, descending, after: positionOf(event), limit: 1 });
  });
  return entry === undefined ? undefined : trackedEvent(requireReadable(entry));
}

/** An event as it is given back. */
export function trackedEvent({ content, data, user: _user, ...event }: StoredEvent): TrackedEvent {
  return {
    ...event,
    level: content?.level ?? null,
    type: content?.type ?? null,
    value: content?.value ?? null,
    transaction: content?.transaction ?? null,
    data: data === null ? undefined : readStored("an event's data", data, anyJson),
  };
}

/** How many events are read first. Their length says how many more are read at once. */
const FIRST_STEP = 10;
/** About how many characters are read at once, and the most events. */
const STEP_LENGTH = 1_000_000;
const MAX_STEP = 250;
/** After how many characters a page ends. */
const PAGE_LENGTH = 8_000_000;

/** Reads events in steps until there are as many as requested, or, where they are large, enough for a page. */
async function readEvents(
  reader: StoreReader,
  request: IssueEventPageRequest,
): Promise<{ readonly entries: readonly Entry[]; readonly isCut: boolean }> {
  const entries: Entry[] = [];
  let length = 0;
  let { after } = request;
  let step = FIRST_STEP;
  for (;;) {
    const limit = Math.min(step, request.limit - entries.length);
    const found = await reader.pageIssueEvents({ ...request, after, limit });
    for (const entry of found) {
      entries.push(entry);
      length += lengthOf(entry);
    }
    const last = found.at(-1);
    if (last === undefined || found.length < limit || entries.length >= request.limit) return { entries, isCut: false };
    if (length > PAGE_LENGTH) return { entries, isCut: true };
    after = positionOf(last);
    step = Math.max(1, Math.min(MAX_STEP, Math.floor((STEP_LENGTH * entries.length) / length)));
  }
}

function lengthOf(entry: Entry): number {
  if (isUnreadable(entry)) return 1;
  const { data, content } = entry;
  const { type, value, transaction } = content ?? NO_CONTENT;
  return 1 + (data?.length ?? 0) + type.length + value.length + transaction.length;
}

const NO_CONTENT = { type: "", value: "", transaction: "" };

function positionOf(event: Entry | TrackedEvent): EventPosition {
  return "position" in event ? event.position : { number: event.number, id: event.id };
}

function trackedEntry(entry: Entry): TrackedEvent | UnreadableAt<EventPosition> {
  if (isUnreadable(entry)) return entry;
  try {
    return trackedEvent(entry);
  } catch (error) {
    if (!isCorruptData(error)) throw error;
    return { id: entry.id, error: corruptData(`Event ${entry.id}`, "", error), position: positionOf(entry) };
  }
}

/** Cursors of the events of an issue: numbers, or the ids of events without one. */
function eventCursors(direction: string): CursorFormat<EventPosition> {
  return {
    list: `events-${direction}`,
    write: ({ number, id }) => (number === 0 ? JSON.stringify(id) : String(number)),
    read: (cursor) => {
      const number = readNumber(cursor);
      if (number !== undefined) return number > 0 ? { number, id: "" } : undefined;
      const id = readId(cursor);
      return id === undefined ? undefined : { number: 0, id };
    },
  };
}

const eventId = text(1, MAX_EVENT_ID_LENGTH);

/** An id as it stands in a cursor: as JSON, so that any text is written in plain characters. */
function readId(json: string): string | undefined {
  try {
    return eventId("id", JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** The error for an event that is not stored. */
function eventNotFound(field: string, id: string): IssueLifecycleError {
  const { message } = invalidInput(field, id, "the id of an event that is stored in the project");
  return new IssueLifecycleError("unknown-event", message, { field });
}
