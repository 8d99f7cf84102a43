import { requireBoolean, requireInstant } from "../core/input.ts";
import type { UnreadableAt } from "../core/page.ts";
import {
  EMPTY_TIMELINE,
  type KnownRelease,
  type Release,
  type ReleaseLine,
  type ReleaseTimeline,
} from "../core/release.ts";
import { anyText, count, looseUnion, type Shape } from "../core/shape.ts";
import { corruptData } from "../core/unreadable.ts";
import type { ProjectRelease, ReleaseRef, TimelineRequest } from "../ports/issue-store.ts";
import { namedPart, orderedPart, type TextHash } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { nextNumber } from "./numbers.ts";
import type { NumberedProject, Projects } from "./projects.ts";
import { within, type Session } from "./session.ts";
import { isWhole, TextMap } from "./text-map.ts";
import { jsonBytes, readJson } from "./values.ts";

const baseMembers = {
  version: anyText,
  name: anyText,
  line: anyText,
  lineNumber: count,
  number: count,
  orderKey: anyText,
  placedBy: anyText,
};

const releaseShape: Shape<Release> = looseUnion<Release, "standing">("standing", {
  known: { ...baseMembers, releasedAt: requireInstant, becameLatest: requireBoolean },
  announced: { ...baseMembers, announcedAt: requireInstant },
  retired: { ...baseMembers, releasedAt: requireInstant },
});

/** The releases of projects, by name, order key and number, and those of their lines. */
export class Releases {
  readonly #session: Session;
  readonly #projects: Projects;
  readonly #hash: TextHash;

  constructor(session: Session, projects: Projects, hash: TextHash) {
    this.#session = session;
    this.#projects = projects;
    this.#hash = hash;
  }

  /** A release by its name. */
  async find({ projectId, name }: Pick<ReleaseRef, "projectId" | "name">): Promise<Release | undefined> {
    const project = await this.#projects.numberOf(projectId);
    return project === undefined ? undefined : this.#byName(project).get(name);
  }

  /** A release of a project by its order key. */
  async at(project: number, orderKey: string): Promise<Release | undefined> {
    return this.#byOrder(project).get(orderKey);
  }

  /** Releases with order keys below `before`, greatest first. */
  async page(projectId: string, before: string | null, limit: number): Promise<(Release | UnreadableAt<string>)[]> {
    const project = await this.#projects.numberOf(projectId);
    const page: (Release | UnreadableAt<string>)[] = [];
    if (project === undefined) return page;
    for await (const entry of this.#byOrder(project).descending(before, limit + 1)) {
      if (entry.text === before) continue;
      if (isWhole(entry)) page.push(entry.value);
      else page.push(unreadableRelease(entry.text, entry.error));
      if (page.length === limit) break;
    }
    return page;
  }

  /** A project's timeline. */
  async timeline({ projectId, lines: names }: TimelineRequest): Promise<ReleaseTimeline> {
    const project = await this.#projects.find(projectId);
    if (project === undefined || project.releaseCount === 0) return EMPTY_TIMELINE;
    const { internalNumber, releaseCount } = project;
    const lines = new Map<string, ReleaseLine>();
    for (const name of names) {
      const line = await this.#line(project, name);
      if (line !== undefined) lines.set(name, line);
    }
    const latest = await this.#last(project, KEYS.latestReleases(internalNumber));
    const newest = await this.#last(project, KEYS.releasesByNumber(internalNumber));
    return {
      count: releaseCount,
      latest: latest?.standing === "known" ? latest : undefined,
      placedBy: newest?.placedBy,
      lines,
    };
  }

  /** The releases at a key. */
  storedAt(key: Uint8Array, bytes: Uint8Array): Release[] {
    return this.#byName(0)
      .wholeEntriesOf(key, bytes)
      .map(({ value }) => value);
  }

  /** Removes releases. */
  async remove(refs: readonly ReleaseRef[]): Promise<void> {
    for (const { projectId, name } of refs) {
      const project = await this.#projects.find(projectId);
      if (project !== undefined) await this.#remove(project.internalNumber, name);
    }
  }

  /** Saves releases. All are removed from their former places first, because they may change places with each other. */
  async save(releases: readonly ProjectRelease[]): Promise<void> {
    for (const { projectId, release } of releases) {
      await this.#remove((await this.#projects.require(projectId)).internalNumber, release.name);
    }
    for (const { projectId, release } of releases) {
      await this.#add((await this.#projects.require(projectId)).internalNumber, release);
      await this.#projects.raise(projectId, { releaseCount: Math.max(release.number, release.lineNumber) });
    }
  }

  /** Removes releases of a project, by its internal number, and their lines: at most `limit` keys. Returns how many there were. */
  async removeSome(project: number, limit: number): Promise<number> {
    const lines: Uint8Array[] = [];
    for await (const entry of this.#lines(project).ascending()) {
      if (isWhole(entry)) lines.push(KEYS.releasesOfLine(entry.value), KEYS.knownReleasesOfLine(entry.value));
    }
    const ofProject = [KEYS.releases, KEYS.releasesByOrder, KEYS.releasesByNumber, KEYS.latestReleases, KEYS.lines];
    return this.#session.removeSome([...lines, ...ofProject.map((prefixOf) => prefixOf(project))], limit);
  }

  async #add(project: number, release: Release): Promise<void> {
    const { name, orderKey, number } = release;
    const nameBytes = jsonBytes(name);
    await this.#byName(project).put(name, release);
    await this.#byOrder(project).put(orderKey, release);
    await this.#session.put(KEYS.releaseByNumber(project, number), nameBytes);
    const line = await this.#addLine(project, release.line);
    await this.#session.put(KEYS.releaseOfLine(line, number), nameBytes);
    if (release.standing !== "known") return;
    await this.#knownOf(line).put(orderKey, name);
    if (release.becameLatest) await this.#session.put(KEYS.latestRelease(project, number), nameBytes);
  }

  async #remove(project: number, name: string): Promise<void> {
    const release = await this.#byName(project).get(name);
    if (release === undefined) return;
    const { orderKey, number } = release;
    await this.#byName(project).remove(name);
    await this.#byOrder(project).remove(orderKey);
    await this.#session.remove(KEYS.releaseByNumber(project, number));
    await this.#session.remove(KEYS.latestRelease(project, number));
    const line = await this.#lines(project).get(release.line);
    if (line === undefined) return;
    await this.#session.remove(KEYS.releaseOfLine(line, number));
    await this.#knownOf(line).remove(orderKey);
  }

  /** The internal number of a line, which stays when the line has no releases any more. */
  async #addLine(project: number, name: string): Promise<number> {
    const lines = this.#lines(project);
    const known = await lines.get(name);
    if (known !== undefined) return known;
    const number = await nextNumber(this.#session);
    await lines.put(name, number);
    return number;
  }

  /** A line, if any release belongs to it. */
  async #line(project: NumberedProject, name: string): Promise<ReleaseLine | undefined> {
    const line = await this.#lines(project.internalNumber).get(name);
    if (line === undefined) return undefined;
    const latest = await this.#latestOf(project, line);
    if (latest !== undefined) return { number: latest.lineNumber, latest };
    const last = await this.#last(project, KEYS.releasesOfLine(line));
    return last && { number: last.lineNumber, latest: undefined };
  }

  async #latestOf({ project: { id } }: NumberedProject, line: number): Promise<KnownRelease | undefined> {
    for await (const entry of this.#knownOf(line).descending(null, 1)) {
      if (!isWhole(entry)) throw entry.error;
      const release = await this.find({ projectId: id, name: entry.value });
      return release?.standing === "known" ? release : undefined;
    }
    return undefined;
  }

  /** The release with the highest number in an index. */
  async #last({ project: { id } }: NumberedProject, prefix: Uint8Array): Promise<Release | undefined> {
    const [last] = await this.#session.range(within(prefix), 1, true);
    if (last === undefined) return undefined;
    return this.find({ projectId: id, name: readJson("the name of a release", last[1], anyText) });
  }

  #byName(project: number): TextMap<Release> {
    const partOf = (name: string): Uint8Array => namedPart(name, this.#hash);
    const prefix = KEYS.releases(project);
    return new TextMap(this.#session, { name: "a release", prefix, partOf, shape: releaseShape });
  }

  #byOrder(project: number): TextMap<Release> {
    const prefix = KEYS.releasesByOrder(project);
    return new TextMap(this.#session, { name: "a release", prefix, partOf: orderedPart, shape: releaseShape });
  }

  /** The internal numbers of lines, by name. */
  #lines(project: number): TextMap<number> {
    const partOf = (name: string): Uint8Array => namedPart(name, this.#hash);
    return new TextMap(this.#session, { name: "a line", prefix: KEYS.lines(project), partOf, shape: count });
  }

  /** The names of a line's known releases, by order key. */
  #knownOf(line: number): TextMap<string> {
    const prefix = KEYS.knownReleasesOfLine(line);
    return new TextMap(this.#session, { name: "a release of a line", prefix, partOf: orderedPart, shape: anyText });
  }
}

function unreadableRelease(orderKey: string, cause: unknown): UnreadableAt<string> {
  return {
    id: orderKey,
    error: corruptData(`The release at ${JSON.stringify(orderKey)}`, "", cause),
    position: orderKey,
  };
}
