import { requireBoolean, requireInstant } from "../core/input.ts";
import type { UnreadableAt } from "../core/page.ts";
import { markedRelease, mergeMarks, wasSeen, type MarkedRelease, type ReleaseMark } from "../core/release-mark.ts";
import { anyText, arrayOf, looseObject, nullable, type Shape } from "../core/shape.ts";
import { corruptData, isCorruptData, isUnreadable } from "../core/unreadable.ts";
import type { IssueMark, MarkMove, MarkRef, MarkRequest } from "../ports/issue-store.ts";
import type { StoredMark } from "../ports/stored-entries.ts";
import type { Issues } from "./issues.ts";
import { idAt, idPart, ID_BYTES, orderedPart, requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { Projects } from "./projects.ts";
import type { Releases } from "./releases.ts";
import { within, type Session } from "./session.ts";
import { isWhole, TextMap } from "./text-map.ts";
import { jsonBytes, readJson } from "./values.ts";

/** What happened in a release, as it is stored by its issue and order key. The release has the rest. */
interface MarkRecord {
  /** Whether the last thing that happened is a fix claim. */
  readonly isFixed: boolean;
  readonly fixedAt: number | null;
  readonly seen: boolean;
}

const recordShape: Shape<MarkRecord> = looseObject<MarkRecord>({
  isFixed: requireBoolean,
  fixedAt: nullable(requireInstant),
  seen: requireBoolean,
});

/** The order keys of an issue's marks with the same part of a key: one, unless order keys are too long. */
const orderKeys = arrayOf(anyText);

/** The marks of issues, and the issues of marks: for each release and whether a fix is claimed in it. */
export class Marks {
  readonly #session: Session;
  readonly #projects: Projects;
  readonly #issues: Issues;
  readonly #releases: Releases;

  constructor(session: Session, projects: Projects, issues: Issues, releases: Releases) {
    this.#session = session;
    this.#projects = projects;
    this.#issues = issues;
    this.#releases = releases;
  }

  /** An issue's marks up to an order key, greatest first. */
  async find({ issueId, upTo, limit }: MarkRequest): Promise<(ReleaseMark | UnreadableAt<string>)[]> {
    const issue = idPart(issueId);
    const found: (ReleaseMark | UnreadableAt<string>)[] = [];
    if (issue === undefined) return found;
    for await (const entry of this.#ofIssue(issue).descending(upTo, limit)) {
      const { text } = entry;
      found.push(isWhole(entry) ? await this.#markOf(issueId, text, entry.value) : unreadableMark(text, entry.error));
      if (found.length === limit) break;
    }
    return found;
  }

  /** Whether an issue occurred in the release with an order key. */
  async wasSeen(issueId: string, orderKey: string): Promise<boolean> {
    const [mark] = await this.find({ issueId, upTo: orderKey, limit: 1 });
    return mark !== undefined && !isUnreadable(mark) && mark.orderKey === orderKey && wasSeen(mark);
  }

  /** The marks at a key. */
  storedAt(key: Uint8Array, bytes: Uint8Array): StoredMark[] {
    const part = key.slice(KEYS.allMarks.length, KEYS.allMarks.length + ID_BYTES);
    const issueId = idAt(part, 0);
    return this.#ofIssue(part)
      .wholeEntriesOf(key, bytes)
      .map(({ text: orderKey, value: { isFixed, fixedAt, seen } }) => {
        return { issueId, orderKey, last: isFixed ? "fixed" : "seen", fixedAt, seen };
      });
  }

  /** Saves a mark. */
  async save({ issueId, mark }: IssueMark): Promise<void> {
    const { project } = await this.#issues.requirePlace(issueId);
    await this.#save(project, issueId, mark.orderKey, recordOf(mark));
  }

  /** Removes a mark. */
  async remove({ issueId, orderKey }: MarkRef): Promise<void> {
    const place = await this.#issues.placeOf(issueId);
    if (place !== undefined) await this.#remove(place.project, requireIdPart(issueId), orderKey);
  }

  /** Moves the marks of a release to another order key, or removes them. */
  async move({ projectId, from, to }: MarkMove): Promise<void> {
    const project = await this.#projects.numberOf(projectId);
    if (project === undefined) return;
    for (const isFixed of [false, true]) {
      for await (const issueId of this.issuesAt(project, from, isFixed)) {
        const marks = this.#ofIssue(requireIdPart(issueId));
        const moved = await marks.get(from);
        const present = to === null ? undefined : await marks.get(to);
        await this.#remove(project, requireIdPart(issueId), from);
        if (moved === undefined || to === null) continue;
        const merged = present === undefined ? moved : recordOf(mergeMarks(bareMark(present), bareMark(moved)));
        await this.#save(project, issueId, to, merged);
      }
    }
  }

  /** The ids of the issues that have a mark at an order key whose last thing is a fix claim, or is none. */
  async *issuesAt(project: number, orderKey: string, isFixed: boolean): AsyncGenerator<string> {
    const prefix = KEYS.marksByRelease(project, isFixed, orderedPart(orderKey));
    for await (const [key, bytes] of this.#session.scan(within(prefix))) {
      if (orderKeysIn(bytes).includes(orderKey)) yield idAt(key, key.length - ID_BYTES);
    }
  }

  /** Removes all marks of an issue. */
  async removeOf(issueId: string): Promise<void> {
    const issue = requireIdPart(issueId);
    const place = await this.#issues.placeOf(issueId);
    const prefix = KEYS.marks(issue);
    const bounds = within(prefix);
    if (place !== undefined) {
      for await (const [key] of this.#session.scan(bounds)) {
        const text = key.slice(prefix.length);
        for (const isFixed of [false, true]) {
          await this.#session.remove(KEYS.markByRelease(place.project, isFixed, text, issue));
        }
      }
    }
    await this.#session.removeAll(bounds);
  }

  async #save(project: number, issueId: string, orderKey: string, record: MarkRecord): Promise<void> {
    const issue = requireIdPart(issueId);
    await this.#ofIssue(issue).put(orderKey, record);
    await this.#list(project, issue, orderKey, record.isFixed);
    await this.#unlist(project, issue, orderKey, !record.isFixed);
  }

  async #remove(project: number, issue: Uint8Array, orderKey: string): Promise<void> {
    await this.#ofIssue(issue).remove(orderKey);
    for (const isFixed of [false, true]) await this.#unlist(project, issue, orderKey, isFixed);
  }

  async #list(project: number, issue: Uint8Array, orderKey: string, isFixed: boolean): Promise<void> {
    const key = KEYS.markByRelease(project, isFixed, orderedPart(orderKey), issue);
    const before = orderKeysIn(await this.#session.get(key));
    if (!before.includes(orderKey)) await this.#session.put(key, jsonBytes([...before, orderKey]));
  }

  async #unlist(project: number, issue: Uint8Array, orderKey: string, isFixed: boolean): Promise<void> {
    const key = KEYS.markByRelease(project, isFixed, orderedPart(orderKey), issue);
    const before = orderKeysIn(await this.#session.get(key));
    if (!before.includes(orderKey)) return;
    if (before.length === 1) await this.#session.remove(key);
    else await this.#session.put(key, jsonBytes(before.filter((each) => each !== orderKey)));
  }

  async #markOf(issueId: string, orderKey: string, record: MarkRecord): Promise<ReleaseMark | UnreadableAt<string>> {
    const place = await this.#issues.placeOf(issueId);
    try {
      const release = place && (await this.#releases.at(place.project, orderKey));
      if (release !== undefined) return withRecord(markedRelease(release), record);
      return unreadableMark(orderKey, new Error("Its release is not stored."));
    } catch (error) {
      if (isCorruptData(error)) return unreadableMark(orderKey, error);
      throw error;
    }
  }

  #ofIssue(issue: Uint8Array): TextMap<MarkRecord> {
    const prefix = KEYS.marks(issue);
    return new TextMap(this.#session, { name: "a mark", prefix, partOf: orderedPart, shape: recordShape });
  }
}

function orderKeysIn(bytes: Uint8Array | undefined): readonly string[] {
  return bytes === undefined ? [] : readJson("order keys of marks", bytes, orderKeys);
}

function recordOf(mark: ReleaseMark): MarkRecord {
  return { isFixed: mark.last === "fixed", fixedAt: mark.fixedAt, seen: wasSeen(mark) };
}

function withRecord(release: MarkedRelease, { isFixed, fixedAt, seen }: MarkRecord): ReleaseMark {
  if (isFixed && fixedAt !== null) return { ...release, last: "fixed", fixedAt, seen };
  return { ...release, last: "seen", fixedAt };
}

/** A mark of which only what happened is known. */
function bareMark(record: MarkRecord): ReleaseMark {
  return withRecord({ version: "", line: "", number: 0, orderKey: "", releasedAt: null }, record);
}

function unreadableMark(orderKey: string, cause: unknown): UnreadableAt<string> {
  const error = corruptData(`The mark for the release at ${JSON.stringify(orderKey)}`, "", cause);
  return { id: orderKey, error, position: orderKey };
}
