import type { Issue } from "../core/issue.ts";
import type { Release } from "../core/release.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type {
  GroupRef,
  Loaded,
  LoadedIssues,
  LoadRequest,
  ReleaseRef,
  StoreChanges,
  StoredProject,
  UnreadableIssue,
} from "../ports/issue-store.ts";
import type { KeyedProject } from "./project-keys.ts";

/** The most groups, releases and projects that are kept of each. */
const MAX_KEPT = 10_000;

/** The longest key of a group that is kept, in characters. */
const MAX_KEY_LENGTH = 1_000;

/**
 * Keeps the projects, issues and releases that the last transaction of a store knew for the next one, where nobody else can have
 * written them meanwhile. A digest of an issue that is kept reads one row, to know whether its event is stored already.
 *
 * It is never wrong, because
 *
 * - a transaction takes what is kept out of the cache, and puts it back after its commit: one that fails leaves nothing;
 * - it gets it only if the database's version is what it was at the end of the transaction that put it there. The version is read
 *   while the transaction excludes all other writers, and every write of any connection or process changes it;
 * - a transaction's own writes are applied to what is kept, or else drop all of it.
 */
export class LoadCache {
  readonly #readVersion: () => string;
  #kept: KnownRows | undefined;

  /** @param readVersion - reads the version of what is stored, in a transaction that excludes other writers */
  constructor(readVersion: () => string) {
    this.#readVersion = readVersion;
  }

  /** What a transaction that has begun knows. */
  take(): KnownRows {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept?.version === this.#readVersion() ? kept : new KnownRows();
  }

  /** Ends the work of a transaction, before its commit. */
  seal(known: KnownRows): void {
    known.version = this.#readVersion();
  }

  /** Keeps what a transaction knows, after its commit. */
  put(known: KnownRows): void {
    this.#kept = known;
  }
}

/** The rows that a transaction knows without reading them. */
export class KnownRows {
  /** The version of the database at the end of the last transaction that knew them. */
  version: string | undefined;
  /** By id. */
  readonly projects = new Map<string, KeyedProject>();
  /** By the names of their projects and their own. */
  readonly #releases = new Map<string, Release>();
  /** The ids of groups' issues; `null` for a group without one. */
  readonly #issueIds = new Map<string, string | null>();
  readonly #issues = new Map<string, Issue>();

  /**
   * Loads what is not known.
   *
   * @param loadStored - loads from the database
   */
  async load(request: LoadRequest, loadStored: (request: LoadRequest) => Promise<Loaded>): Promise<Loaded> {
    const { groups = [], formerGroups = [], releases = [], details } = request;
    const known = {
      grouped: groups.map((group) => this.#issueOf(group)),
      formerGrouped: formerGroups.map((group) => this.#issueOf(group)),
      releases: releases.map((release) => this.#releaseOf(release)),
    };
    const projects = new Map<string, StoredProject>();
    for (const { projectId } of [...groups, ...formerGroups]) {
      const project = this.projects.get(projectId);
      if (project !== undefined) projects.set(projectId, project.stored);
    }
    const complete = <Part extends LoadedIssues>(part: Part): Part => ({
      ...part,
      projects: new Map([...projects, ...part.projects]),
      grouped: fill(known.grouped, part.grouped),
      formerGrouped: fill(known.formerGrouped, part.formerGrouped),
      releases: fill(known.releases, part.releases),
    });
    const loaded = complete(
      await loadStored({
        ...request,
        groups: groups.filter((_, place) => known.grouped[place] === undefined),
        formerGroups: formerGroups.filter((_, place) => known.formerGrouped[place] === undefined),
        releases: releases.filter((_, place) => known.releases[place] === undefined),
        ...(details !== undefined && { details: (part) => details(complete(part)) }),
      }),
    );
    this.#noteGroups(groups, loaded.grouped);
    this.#noteGroups(formerGroups, loaded.formerGrouped);
    this.#noteReleases(releases, loaded.releases);
    return loaded;
  }

  /** Applies what a transaction has written. */
  noteWritten(changes: StoreChanges): void {
    const { projects, deletedReleases, releases, movedMarks, addedGroups, deletedIssues } = changes;
    const others = [projects, deletedReleases, releases, movedMarks, addedGroups, deletedIssues];
    if (others.some((each = []) => each.length > 0)) this.clear();
    for (const { after } of changes.updates ?? []) if (this.#issues.has(after.id)) this.#keepIssue(after);
    for (const { issue, group } of changes.newIssues ?? []) {
      const project = this.projects.get(issue.projectId);
      if (project !== undefined)
        this.projects.set(issue.projectId, { ...project, stored: { ...project.stored, issueCount: issue.number } });
      if (group !== null) this.#keepGroup(group, issue);
    }
  }

  #issueOf(group: GroupRef): Known<Issue> | undefined {
    const id = this.projects.has(group.projectId) ? this.#issueIds.get(nameOfGroup(group)) : undefined;
    if (id === null) return NONE;
    const value = id === undefined ? undefined : this.#issues.get(id);
    return value && { value };
  }

  #releaseOf(release: ReleaseRef): Known<Release> | undefined {
    const value = this.#releases.get(nameOfRelease(release));
    return value && { value };
  }

  #noteGroups(groups: readonly GroupRef[], issues: readonly (Issue | UnreadableIssue | undefined)[]): void {
    if (Math.max(this.projects.size, this.#issueIds.size + groups.length) > MAX_KEPT) this.clear();
    for (const [place, group] of groups.entries()) {
      const issue = issues[place];
      if (issue === undefined || !isUnreadable(issue)) this.#keepGroup(group, issue);
    }
  }

  #noteReleases(refs: readonly ReleaseRef[], releases: readonly (Release | undefined)[]): void {
    if (this.#releases.size + refs.length > MAX_KEPT) this.clear();
    for (const [place, ref] of refs.entries()) {
      const release = releases[place];
      // A load returns the timeline of an announced release, which is not kept.
      if (release !== undefined && release.standing !== "announced") this.#releases.set(nameOfRelease(ref), release);
    }
  }

  #keepGroup(group: GroupRef, issue: Issue | undefined): void {
    if (group.key.length > MAX_KEY_LENGTH) return;
    this.#issueIds.set(nameOfGroup(group), issue?.id ?? null);
    if (issue !== undefined) this.#keepIssue(issue);
  }

  /** Callers are given parts of the issue. They must not change what is kept. */
  #keepIssue(issue: Issue): void {
    for (const part of [issue.state, issue.watch, issue.environments, issue.parts]) freeze(part);
    this.#issues.set(issue.id, issue);
  }

  /** Forgets all. */
  clear(): void {
    for (const each of [this.projects, this.#releases, this.#issueIds, this.#issues]) each.clear();
  }
}

/** A value that is known, which may be that there is none. */
interface Known<Value> {
  readonly value: Value | undefined;
}

const NONE = { value: undefined };

/** The known values, and the others in the places between them. */
function fill<Value>(known: readonly (Known<Value> | undefined)[], others: readonly Value[]): (Value | undefined)[] {
  let next = 0;
  return known.map((each) => (each === undefined ? others[next++] : each.value));
}

/** Lengths keep the parts of a name apart. */
function nameOfGroup({ projectId, strategy, key }: GroupRef): string {
  return `${String(projectId.length)} ${String(strategy.length)} ${projectId}${strategy}${key}`;
}

function nameOfRelease({ projectId, name }: ReleaseRef): string {
  return `${String(projectId.length)} ${projectId}${name}`;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
