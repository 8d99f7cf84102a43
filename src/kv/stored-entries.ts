import { corruptData } from "../core/unreadable.ts";
import type { OutboxEntry } from "../ports/alert-outbox.ts";
import type { StoredEvent } from "../ports/issue-store.ts";
import {
  bareMark,
  type StoredEntries,
  type StoredIssue,
  type StoredPage,
  type StoredPageRequest,
} from "../ports/stored-entries.ts";
import { endOf, hexOf, keyAfter } from "./bytes.ts";
import { COUNTED, MAX_KEYS, requireKey } from "./counts.ts";
import { addTurningPoint, storedTurningPoint } from "./history.ts";
import { idAt, numberAt, requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { storedProject } from "./projects.ts";
import { outboxEntryOf, readAlertState } from "./stored-alert.ts";
import { readIssue } from "./stored-issue.ts";
import type { Tables } from "./tables.ts";
import { jsonBytes } from "./values.ts";

/** What a page of entries may hold of values, in bytes, and of the data of events, in characters. */
const MAX_LENGTH = 1_000_000;

/** Reads the entries at a key. */
type ReadAt<Entry> = (key: Uint8Array, bytes: Uint8Array) => readonly Entry[] | Promise<readonly Entry[]>;

/** A page of entries, in the order of their keys. */
export async function pageStored(tables: Tables, request: StoredPageRequest): Promise<StoredPage> {
  const { projects, releases, groups, users, marks, events, tallies } = tables;
  const walk = <Entry>(readAt: ReadAt<Entry>, lengthOf: (entry: Entry) => number = () => 0) =>
    walkKeys(tables, request, readAt, lengthOf);
  switch (request.kind) {
    case "projects": {
      const { list, next } = await walk((key, bytes) => projects.storedAt(key, bytes));
      return { entries: { projects: list.map(storedProject) }, next };
    }
    case "releases": {
      const projectAt = await projectsOf(tables, KEYS.allReleases);
      const { list, next } = await walk((key, bytes) => {
        const { projectId } = projectAt(key);
        return releases.storedAt(key, bytes).map((release) => ({ projectId, release }));
      });
      return { entries: { releases: list }, next };
    }
    case "issues": {
      const { list, next } = await walk((key, bytes) => issueAt(tables, key, bytes));
      return { entries: { issues: list }, next };
    }
    case "groups": {
      const projectAt = await projectsOf(tables, KEYS.allGroups);
      const { list, next } = await walk((key, bytes) => groups.storedAt(key, bytes, projectAt(key).projectId));
      return { entries: { groups: list }, next };
    }
    case "turningPoints": {
      const { list, next } = await walk((key, bytes) => [storedTurningPoint(key, bytes)]);
      return { entries: { turningPoints: list }, next };
    }
    case "users": {
      const { list, next } = await walk(async (key, bytes) => [await users.storedAt(key, bytes)]);
      return { entries: { users: list }, next };
    }
    case "marks": {
      const { list, next } = await walk((key, bytes) => marks.storedAt(key, bytes));
      return { entries: { marks: list }, next };
    }
    case "events": {
      const projectAt = await projectsOf(tables, KEYS.allEvents);
      const { list, next } = await walk((key, bytes) => {
        const { number, projectId } = projectAt(key);
        return events.storedAt(key, bytes, number, projectId);
      }, lengthOf);
      return { entries: { events: list }, next };
    }
    case "alerts": {
      const { list, next } = await walk((key, bytes) => alertAt(tables, key, bytes));
      return { entries: { alerts: list }, next };
    }
    case "tallies": {
      const { list, next } = await walk((_key, bytes) => [tallies.storedIn(bytes)]);
      return { entries: { tallies: list }, next };
    }
  }
}

/** Adds entries. */
export async function putStored(tables: Tables, entries: StoredEntries, progress: string | null): Promise<void> {
  const { session, projects, issues } = tables;
  for (const { project, issueCount, releaseCount } of entries.projects ?? []) {
    await projects.save(project);
    await projects.raise(project.id, { issueCount, releaseCount });
  }
  await tables.releases.save(entries.releases ?? []);
  for (const { issue, counter } of entries.issues ?? []) {
    await issues.restore(issue);
    if (counter !== null) await session.put(KEYS.counter(requireIdPart(issue.id)), counter);
  }
  for (const group of entries.groups ?? []) await tables.groups.restore(group);
  for (const turningPoint of entries.turningPoints ?? []) await addTurningPoint(session, turningPoint);
  for (const user of entries.users ?? []) await tables.users.save(user);
  for (const { issueId, ...mark } of entries.marks ?? []) await tables.marks.save({ issueId, mark: bareMark(mark) });
  for (const event of entries.events ?? []) await tables.events.add(event);
  for (const alert of entries.alerts ?? []) await tables.alerts.restore(alert);
  for (const tally of entries.tallies ?? []) await tables.tallies.save(tally);
  if (progress === null) await session.remove(KEYS.copyProgress);
  else await session.put(KEYS.copyProgress, jsonBytes(progress));
}

/** Reads the entries at the next keys. */
async function walkKeys<Entry>(
  { session }: Tables,
  { kind, after, limit }: StoredPageRequest,
  readAt: ReadAt<Entry>,
  lengthOf: (entry: Entry) => number,
): Promise<{ readonly list: Entry[]; readonly next: string | null }> {
  const { prefix } = COUNTED[kind];
  const from = after === null ? prefix : keyAfter(requireKey(after, prefix));
  const most = Math.min(limit, MAX_KEYS);
  const found = await session.range({ from, to: endOf(prefix) }, most);
  const list: Entry[] = [];
  let length = 0;
  for (const [key, bytes] of found) {
    const entries = await readAt(key, bytes);
    list.push(...entries);
    length += bytes.length;
    for (const entry of entries) length += lengthOf(entry);
    if (length > MAX_LENGTH) return { list, next: hexOf(key) };
  }
  const last = found.at(-1);
  return { list, next: last === undefined || found.length < most ? null : hexOf(last[0]) };
}

/** Finds the project of a key that begins with a prefix and the internal number of one. */
async function projectsOf({ projects }: Tables, prefix: Uint8Array) {
  const ids = await projects.idsByNumber();
  return (key: Uint8Array) => {
    const number = numberAt(key, prefix.length);
    const projectId = ids.get(number);
    if (projectId !== undefined) return { number, projectId };
    throw corruptData(`Project ${String(number)}`, "", new Error("It does not exist."));
  };
}

async function issueAt({ session }: Tables, key: Uint8Array, bytes: Uint8Array): Promise<readonly StoredIssue[]> {
  const id = idAt(key, KEYS.issues.length);
  const { entry } = readIssue(id, bytes);
  if ("error" in entry) throw entry.error;
  return [{ issue: entry, counter: (await session.get(KEYS.counter(requireIdPart(id)))) ?? null }];
}

async function alertAt({ alerts }: Tables, key: Uint8Array, bytes: Uint8Array): Promise<readonly OutboxEntry[]> {
  const id = idAt(key, KEYS.alertStates.length);
  const body = await alerts.body(id);
  if (body === undefined) throw corruptData(`Alert ${id}`, "", new Error("It has a state alone."));
  return [outboxEntryOf(body, readAlertState(bytes))];
}

function lengthOf({ data, content }: StoredEvent): number {
  return (data?.length ?? 0) + (content === null ? 0 : content.value.length);
}
