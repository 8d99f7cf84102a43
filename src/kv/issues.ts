import { orderValue, ISSUE_ORDERS } from "../core/issue-list.ts";
import type { Issue } from "../core/issue.ts";
import { isReadable } from "../core/unreadable.ts";
import type { UnreadableIssue } from "../ports/issue-store.ts";
import { endOf, isAmong } from "./bytes.ts";
import { notStored, storeConflict } from "./errors.ts";
import { idAt, idPart, ID_BYTES, requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { Projects } from "./projects.ts";
import { within, type KeyBounds, type Session } from "./session.ts";
import { issueBytes, placeOf, readIssue, type IssuePlace, type ReadIssue } from "./stored-issue.ts";
import { NO_BYTES } from "./values.ts";

/** The issues, and the keys by which they are found. */
export class Issues {
  readonly #session: Session;
  readonly #projects: Projects;
  /** The places of the issues that this transaction has read or written. */
  readonly #places = new Map<string, IssuePlace | undefined>();

  constructor(session: Session, projects: Projects) {
    this.#session = session;
    this.#projects = projects;
  }

  /** An issue, or what stands for one that cannot be read; `undefined` if there is none. */
  async find(id: string): Promise<Issue | UnreadableIssue | undefined> {
    return (await this.#read(id))?.entry;
  }

  /** Whether an issue is stored. */
  async exists(id: string): Promise<boolean> {
    return this.#places.get(id) !== undefined || (await this.#read(id)) !== undefined;
  }

  /** {@link Issue.lastEventNumber} of an issue; `null` if it cannot be read, `undefined` if there is none. */
  async lastEventNumber(id: string): Promise<number | null | undefined> {
    const issue = await this.find(id);
    return issue === undefined || isReadable(issue) ? issue?.lastEventNumber : null;
  }

  /** The place of an issue; `undefined` if there is none, or it cannot be read. */
  async placeOf(id: string): Promise<IssuePlace | undefined> {
    return this.#places.get(id) ?? (await this.#read(id))?.place;
  }

  /**
   * The place of an issue that is stored.
   *
   * @throws `IssueLifecycleError` `store-failed`
   */
  async requirePlace(id: string): Promise<IssuePlace> {
    const place = await this.placeOf(id);
    if (place === undefined) throw notStored("issue", id);
    return place;
  }

  /** The id of the issue with a number. */
  async idByNumber(projectId: string, number: number): Promise<string | undefined> {
    const project = await this.#projects.numberOf(projectId);
    const bytes = project === undefined ? undefined : await this.#session.get(KEYS.issueByNumber(project, number));
    return bytes?.length === ID_BYTES ? idAt(bytes, 0) : undefined;
  }

  /** Issues of a project that await the next release, with numbers above `after`, lowest number first. */
  async awaitingNext(projectId: string, after: number, limit: number): Promise<(Issue | UnreadableIssue)[]> {
    const project = await this.#projects.numberOf(projectId);
    if (project === undefined) return [];
    const { to } = within(KEYS.allAwaitingNext(project));
    const from = endOf(KEYS.awaitingNext(project, after));
    return this.collect(this.#idsOfValues({ from, to }, limit), limit);
  }

  /** Issues for which the clock has something to do until then, earliest first. */
  async toWake(until: number, limit: number): Promise<(Issue | UnreadableIssue)[]> {
    const bounds = { from: KEYS.allToWake, to: endOf(KEYS.toWakeAt(until)) };
    return this.collect(this.#idsOfKeys(bounds, limit), limit);
  }

  /** Of some issues those that exist: as many as there are until `limit` of them can be read. */
  async collect(ids: AsyncIterable<string>, limit: number): Promise<(Issue | UnreadableIssue)[]> {
    const found: (Issue | UnreadableIssue)[] = [];
    let readable = 0;
    for await (const id of ids) {
      const issue = await this.find(id);
      if (issue === undefined) continue;
      found.push(issue);
      if (isReadable(issue)) readable++;
      if (readable === limit) break;
    }
    return found;
  }

  /** Adds an issue. */
  async add(issue: Issue): Promise<void> {
    const { id, number, projectId } = issue;
    const { issueCount } = await this.#projects.require(projectId);
    if (number <= issueCount || (await this.exists(id))) throw storeConflict("the id or number of an issue");
    await this.restore(issue);
    await this.#projects.raise(projectId, { issueCount: number });
  }

  /** Adds an issue whose number its project has counted. */
  async restore(issue: Issue): Promise<void> {
    const { internalNumber } = await this.#projects.require(issue.projectId);
    const part = requireIdPart(issue.id);
    await this.#session.put(KEYS.issueByNumber(internalNumber, issue.number), part);
    await this.#put(part, issue, undefined, placeOf(issue, internalNumber));
  }

  /** Updates an issue. */
  async update(issue: Issue): Promise<void> {
    const before = await this.requirePlace(issue.id);
    await this.#put(requireIdPart(issue.id), issue, before, placeOf(issue, before.project));
  }

  /** Removes an issue with the keys that lead to it. Keys that cannot be told lead to nothing. */
  async remove(id: string): Promise<void> {
    const part = requireIdPart(id);
    const place = await this.placeOf(id);
    if (place !== undefined) {
      await this.#session.remove(KEYS.issueByNumber(place.project, place.number));
      for (const { key } of keysOf(part, place)) await this.#session.remove(key);
    }
    await this.#session.remove(KEYS.issue(part));
    this.#places.delete(id);
  }

  async #put(part: Uint8Array, issue: Issue, before: IssuePlace | undefined, place: IssuePlace): Promise<void> {
    const keysBefore = before === undefined ? [] : keysOf(part, before);
    const keys = keysOf(part, place);
    const former = keysBefore.map(({ key }) => key);
    const present = keys.map(({ key }) => key);
    for (const key of former) if (!isAmong(present, key)) await this.#session.remove(key);
    for (const { key, value } of keys) if (!isAmong(former, key)) await this.#session.put(key, value);
    await this.#session.put(KEYS.issue(part), issueBytes(issue, place));
    this.#places.set(issue.id, place);
  }

  async #read(id: string): Promise<ReadIssue | undefined> {
    const part = idPart(id);
    const bytes = part && (await this.#session.get(KEYS.issue(part)));
    if (bytes === undefined) return undefined;
    const read = readIssue(id, bytes);
    this.#places.set(id, read.place);
    return read;
  }

  async *#idsOfValues(bounds: KeyBounds, expected: number): AsyncGenerator<string> {
    for await (const [, value] of this.#session.scan(bounds, { expected })) yield idAt(value, 0);
  }

  async *#idsOfKeys(bounds: KeyBounds, expected: number): AsyncGenerator<string> {
    for await (const [key] of this.#session.scan(bounds, { expected })) yield idAt(key, key.length - ID_BYTES);
  }
}

/** A key that leads to an issue. */
interface PlaceKey {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The keys that lead to an issue and change with it. */
function keysOf(issue: Uint8Array, place: IssuePlace): PlaceKey[] {
  const { project, number, status, wakeAt, awaitsNext } = place;
  const keys: PlaceKey[] = ISSUE_ORDERS.map((order) => {
    return {
      key: KEYS.issueInList(KEYS.issuesInList(project, order, status), orderValue(place, order), number),
      value: issue,
    };
  });
  if (awaitsNext) keys.push({ key: KEYS.awaitingNext(project, number), value: issue });
  if (wakeAt !== null) keys.push({ key: KEYS.toWake(wakeAt, issue), value: NO_BYTES });
  return keys;
}
