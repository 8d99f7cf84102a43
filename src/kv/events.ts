import { invalidInput, requireBoolean, requireInstant } from "../core/input.ts";
import type { EventContent } from "../core/event.ts";
import { EVENT_LEVELS } from "../core/event-level.ts";
import type { UnreadableAt } from "../core/page.ts";
import { corruptData, isCorruptData } from "../core/unreadable.ts";
import { anyText, count, integer, looseObject, nullable, oneOf, withDefault, type Shape } from "../core/shape.ts";
import type {
  EventHead,
  EventPage,
  EventPageRequest,
  EventPosition,
  EventRef,
  EvictionRequest,
  EvictionStep,
  IssueEventPageRequest,
  StoredEvent,
} from "../ports/issue-store.ts";
import { isEvicted } from "../ports/is-evicted.ts";
import { bytesOfHex, concat, endOf, hexOf, keyAfter } from "./bytes.ts";
import { storeConflict } from "./errors.ts";
import type { Issues } from "./issues.ts";
import { namedPart, numberAt, type TextHash } from "./key-parts.ts";
import { IssueEvents } from "./issue-events.ts";
import { KEYS } from "./keys.ts";
import type { Projects } from "./projects.ts";
import type { Session } from "./session.ts";
import { isWhole, TextMap } from "./text-map.ts";
import { unlessDamaged } from "./values.ts";

/** What decides whether an event is a duplicate, and whether it is evicted: apart from its body, which may be large. */
type StoredHead = Pick<StoredEvent, "issueId" | "number" | "receivedAt" | "kept">;

/** An event in a list of those of its issue. */
type IssueEventEntry = StoredEvent | UnreadableAt<EventPosition>;

/** The rest of an event. */
type EventBody = Omit<StoredEvent, keyof StoredHead | keyof EventRef>;

const headShape: Shape<StoredHead> = looseObject<StoredHead>({
  issueId: anyText,
  number: withDefault(count, 0),
  receivedAt: requireInstant,
  kept: requireBoolean,
});

const bodyShape: Shape<EventBody> = looseObject<EventBody>({
  count: integer(1, Number.MAX_SAFE_INTEGER),
  content: nullable(
    looseObject<EventContent>({ level: oneOf(EVENT_LEVELS), type: anyText, value: anyText, transaction: anyText }),
  ),
  environment: anyText,
  user: nullable(anyText),
  release: anyText,
  occurredAt: nullable(requireInstant),
  data: nullable(anyText),
});

/** The events of projects. */
export class Events {
  readonly #session: Session;
  readonly #projects: Projects;
  readonly #issues: Issues;
  readonly #hash: TextHash;
  readonly #ofIssues: IssueEvents;

  constructor(session: Session, projects: Projects, issues: Issues, hash: TextHash) {
    this.#ofIssues = new IssueEvents(session, hash);
    this.#session = session;
    this.#projects = projects;
    this.#issues = issues;
    this.#hash = hash;
  }

  /** An event, unless its issue was deleted. */
  async find({ projectId, id }: EventRef): Promise<StoredEvent | undefined> {
    const project = await this.#projects.numberOf(projectId);
    if (project === undefined) return undefined;
    const head = await this.#heads(project).get(id);
    if (head === undefined || !(await this.#issues.exists(head.issueId))) return undefined;
    const body = await this.#bodies(project).get(id);
    return body && { projectId, id, ...head, ...body };
  }

  /** The id of the issue of an event that is stored. */
  async issueIdOf({ projectId, id }: EventRef): Promise<string | undefined> {
    const project = await this.#projects.numberOf(projectId);
    return project === undefined ? undefined : (await this.#heads(project).get(id))?.issueId;
  }

  /** The events at the key of their heads. */
  async storedAt(key: Uint8Array, bytes: Uint8Array, project: number, projectId: string): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for (const { text: id, value: head } of this.#heads(project).wholeEntriesOf(key, bytes)) {
      const body = await this.#bodies(project).get(id);
      if (body === undefined) throw corruptData(`Event ${JSON.stringify(id)}`, "", new Error("It has no content."));
      events.push({ projectId, id, ...head, ...body });
    }
    return events;
  }

  /** Adds an event. */
  async add({ projectId, id, issueId, number, receivedAt, kept, ...body }: StoredEvent): Promise<void> {
    const { internalNumber } = await this.#projects.require(projectId);
    const heads = this.#heads(internalNumber);
    if ((await heads.get(id)) !== undefined) throw storeConflict("an event");
    await heads.put(id, { issueId, number, receivedAt, kept });
    await this.#bodies(internalNumber).put(id, body);
    await this.#ofIssues.add(internalNumber, { id, issueId, number });
  }

  /** Removes an event. */
  async remove({ projectId, id }: EventRef): Promise<void> {
    const project = await this.#projects.numberOf(projectId);
    if (project === undefined) return;
    const head = await unlessDamaged(() => this.#heads(project).get(id), undefined);
    await this.#removeFrom(project, id, head);
  }

  /** A page of the events of an issue, in the order of their numbers. */
  async pageOfIssue({ projectId, ...request }: IssueEventPageRequest): Promise<IssueEventEntry[]> {
    const project = await this.#projects.numberOf(projectId);
    const entries: IssueEventEntry[] = [];
    if (project === undefined) return entries;
    for await (const position of this.#ofIssues.inOrder(project, request)) {
      const entry = await this.#entryAt(project, projectId, position);
      if (entry !== undefined) entries.push(entry);
      if (entries.length === request.limit) break;
    }
    return entries;
  }

  async #entryAt(project: number, projectId: string, position: EventPosition): Promise<IssueEventEntry | undefined> {
    const { id } = position;
    try {
      const head = await this.#heads(project).get(id);
      const body = head && (await this.#bodies(project).get(id));
      return body && { projectId, id, ...head, ...body };
    } catch (error) {
      if (!isCorruptData(error)) throw error;
      return { id, error: corruptData(`Event ${id}`, "", error), position };
    }
  }

  /** Adds the events of a key to the lists of their issues, which an earlier layout did not have. */
  async list(key: Uint8Array, bytes: Uint8Array): Promise<void> {
    const project = numberAt(key, KEYS.allEvents.length);
    for (const entry of this.#heads(project).entriesOf(key, bytes)) {
      if (isWhole(entry)) await this.#ofIssues.add(project, { id: entry.text, ...entry.value });
    }
  }

  /** A page of the events of a project, in the order of the keys of heads. Those that cannot be read are left out. */
  async page({ projectId, after, limit }: EventPageRequest): Promise<EventPage> {
    const project = await this.#projects.numberOf(projectId);
    if (project === undefined) return { entries: [], next: null };
    const { found, next } = await this.#headsAfter(project, after, limit);
    const entries: EventHead[] = [];
    for (const { text: id, value } of found) {
      const body = await unlessDamaged(() => this.#bodies(project).get(id), undefined);
      if (body === undefined) continue;
      const { count: n, environment, user, content } = body;
      entries.push({ id, ...value, count: n, environment, user, hasContent: content !== null });
    }
    return { entries, next };
  }

  /** One step of an eviction, in the order of the keys of heads. An event whose head cannot be read stays. */
  async evict(request: EvictionRequest): Promise<EvictionStep> {
    const { projectId, after, limit } = request;
    const project = await this.#projects.numberOf(projectId);
    if (project === undefined) return { evicted: 0, next: null };
    const { found, next } = await this.#headsAfter(project, after, limit);
    let evicted = 0;
    for (const { text: id, value } of found) {
      if (!isEvicted(value, await this.#issues.lastEventNumber(value.issueId), request)) continue;
      await this.#removeFrom(project, id, value);
      evicted++;
    }
    return { evicted, next };
  }

  /** Removes an event. One whose head cannot be read stays in the list of its issue, where it is not found any more. */
  async #removeFrom(project: number, id: string, head: StoredHead | undefined): Promise<void> {
    await this.#heads(project).remove(id);
    await this.#bodies(project).remove(id);
    if (head !== undefined) await this.#ofIssues.remove(project, { id, ...head });
  }

  /** The next heads that can be read, and where those after them begin. */
  async #headsAfter(project: number, after: string | null, limit: number) {
    const prefix = KEYS.events(project);
    const from = after === null ? prefix : keyAfter(concat(prefix, requireCursor(after)));
    const entries = await this.#session.range({ from, to: endOf(prefix) }, limit);
    const found = entries.flatMap(([key, bytes]) => this.#heads(project).entriesOf(key, bytes).filter(isWhole));
    const last = entries.at(-1);
    const isDone = last === undefined || entries.length < limit;
    return { found, next: isDone ? null : hexOf(last[0].slice(prefix.length)) };
  }

  #heads(project: number): TextMap<StoredHead> {
    return new TextMap(this.#session, {
      name: "an event",
      prefix: KEYS.events(project),
      partOf: (id) => namedPart(id, this.#hash),
      shape: headShape,
    });
  }

  #bodies(project: number): TextMap<EventBody> {
    return new TextMap(this.#session, {
      name: "an event's content",
      prefix: KEYS.eventBodies(project),
      partOf: (id) => namedPart(id, this.#hash),
      shape: bodyShape,
    });
  }
}

function requireCursor(after: string): Uint8Array {
  const bytes = bytesOfHex(after);
  if (bytes === undefined) throw invalidInput("after", after, "the `next` of the step before");
  return bytes;
}
