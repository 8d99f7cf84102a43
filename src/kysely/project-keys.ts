import { IssueLifecycleError } from "../core/errors.ts";
import type { Project } from "../core/project.ts";
import type { StoredProject } from "../ports/issue-store.ts";
import { lookup, type Lookup } from "./connections/lookup.ts";
import type { Session } from "./connections/session.ts";
import { projectOf, type ProjectRow } from "./rows/rows.ts";
import type { Statements } from "./statements/index.ts";

/** A project with its internal key. */
export interface KeyedProject {
  /** Stands for the project in the other tables. */
  readonly key: number;
  readonly stored: StoredProject;
}

/** The keys of projects that earlier transactions have read, which may have been deleted since. */
export type FormerKeys = Map<string, number>;

/** How many keys of projects are remembered at most. */
const MAX_FORMER_KEYS = 10_000;

/** Projects to be found. */
export interface ProjectLookup {
  readonly lookup: Lookup;
  /** Those that were found, by id. */
  readonly take: () => Map<string, KeyedProject>;
}

/** The projects that a transaction has read, by their ids and by their keys in the tables. */
export class ProjectKeys {
  readonly #session: Session;
  readonly #statements: Statements["projects"];
  readonly #keys = new Map<string, number>();
  readonly #ids = new Map<number, string>();
  /** `null` for a project that was looked for and did not exist. */
  readonly #seen = new Map<string, Project | null>();
  readonly #known: Map<string, KeyedProject> | undefined;

  readonly #former: FormerKeys;

  /** @param known - projects that need not be read, by id. Those that are read are added */
  constructor(
    session: Session,
    statements: Statements["projects"],
    former: FormerKeys,
    known?: Map<string, KeyedProject>,
  ) {
    this.#session = session;
    this.#statements = statements;
    this.#former = former;
    this.#known = known;
  }

  /** The key that a project has, unless it has been deleted since an earlier transaction read it. */
  formerKeyOf(id: string): number | undefined {
    return this.#former.get(id);
  }

  /** Reads the projects with these ids that exist. */
  async load(ids: readonly string[]): Promise<Map<string, KeyedProject>> {
    const { lookup: found, take } = this.lookUp(ids);
    await this.#session.findAll([found]);
    return take();
  }

  /** Looks up the projects with these ids. */
  lookUp(ids: readonly string[]): ProjectLookup {
    const known = ids.map((id) => this.#known?.get(id)).filter((project) => project !== undefined);
    const input = ids.filter((id) => this.#known?.has(id) !== true).map((id) => ({ id }));
    const found = lookup(this.#statements.byId, input);
    const take = (): Map<string, KeyedProject> => {
      const projects = this.#remember([...known, ...keyedProjects(found.rows)]);
      for (const id of ids) if (!projects.has(id)) this.#seen.set(id, null);
      return projects;
    };
    return { lookup: found, take };
  }

  /** Reads the projects with these keys. */
  async loadByKeys(keys: readonly number[]): Promise<Map<string, KeyedProject>> {
    const input = keys.map((key) => ({ key }));
    return this.#remember(keyedProjects(await this.#session.find(this.#statements.byKey, input)));
  }

  /** The same, and locks them: no other transaction can change them until this one ends. */
  lock(keys: readonly number[]): ProjectLookup {
    const input = keys.toSorted((one, other) => one - other).map((key) => ({ key }));
    const found = lookup(this.#statements.lock, input);
    return { lookup: found, take: () => this.#remember(keyedProjects(found.rows)) };
  }

  /** A project as this transaction last read or saved it; `null` if it did not exist, `undefined` if it was not looked for. */
  seen(id: string): Project | null | undefined {
    return this.#seen.get(id);
  }

  /** Notes that this transaction has saved a project. */
  noteSaved(project: Project): void {
    this.#seen.set(project.id, project);
  }

  /** Notes that this transaction has removed a project. */
  noteRemoved(id: string, key: number): void {
    this.#keys.delete(id);
    this.#ids.delete(key);
    this.#former.delete(id);
    this.#seen.set(id, null);
  }

  /** The key of the project with this id, if it exists. */
  async keyOf(id: string): Promise<number | undefined> {
    return (await this.keysOf([id])).get(id);
  }

  /** The keys of the projects with these ids that exist, and possibly of more. */
  async keysOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const missing = ids.filter((id) => !this.#keys.has(id));
    if (missing.length > 0) await this.load([...new Set(missing)]);
    return this.#keys;
  }

  /** Looks up the keys of projects that must exist. */
  async requireKeys(ids: readonly string[]): Promise<(id: string) => number> {
    const keys = await this.keysOf(ids);
    return (id) => {
      const key = keys.get(id);
      if (key !== undefined) return key;
      throw new IssueLifecycleError("store-failed", `The store holds no project ${JSON.stringify(id)}.`);
    };
  }

  /** The id of the project with this key, if this transaction has read it. */
  idOf(key: number): string | undefined {
    return this.#ids.get(key);
  }

  /** The ids of the projects with these keys, and possibly of more. */
  async idsOf(keys: readonly number[]): Promise<ReadonlyMap<number, string>> {
    await this.loadByKeys([...new Set(keys)].filter((key) => !this.#ids.has(key)));
    return this.#ids;
  }

  #remember(found: readonly KeyedProject[]): Map<string, KeyedProject> {
    const projects = new Map<string, KeyedProject>();
    if (this.#former.size > MAX_FORMER_KEYS) this.#former.clear();
    for (const each of found) {
      const { project } = each.stored;
      this.#keys.set(project.id, each.key);
      this.#former.set(project.id, each.key);
      this.#ids.set(each.key, project.id);
      this.#seen.set(project.id, project);
      this.#known?.set(project.id, each);
      projects.set(project.id, each);
    }
    return projects;
  }
}

function keyedProjects(rows: readonly ProjectRow[]): KeyedProject[] {
  return rows.map((row) => ({
    key: row.key,
    stored: { project: projectOf(row), issueCount: row.issue_count, releaseCount: row.release_count },
  }));
}

/** The id of the project to which a row belongs, which must exist. */
export function requireProject(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new IssueLifecycleError("corrupt-data", "The store contains a row of a project that does not exist.");
}
