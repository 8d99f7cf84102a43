import type { Project } from "../core/project.ts";
import type { StoredProject } from "../ports/issue-store.ts";
import { decodeInteger } from "./integer-codec.ts";
import { decodeProject, type ProjectRow } from "./row-codec.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import { decodeText, encodeText } from "./text-codec.ts";

/** A project with the number that stands for it in the tables. */
export interface KeyedProject extends StoredProject {
  readonly key: number;
  readonly releaseCount: number;
}

/** Knows which number stands for which project, as far as a transaction has come across them. */
export class ProjectKeys {
  readonly #session: Session;
  readonly #statements: Statements;
  readonly #keys = new Map<string, number>();
  readonly #ids = new Map<number, string>();
  readonly #seen = new Map<string, Project>();

  constructor(session: Session, statements: Statements) {
    this.#session = session;
    this.#statements = statements;
  }

  /** The projects with these ids, as they are now. */
  async load(ids: readonly string[]): Promise<Map<string, KeyedProject>> {
    const rows = await this.#session.lookUp(
      this.#statements.projects.byId,
      ids.map((id) => ({ id: encodeText(id) })),
    );
    return new Map(rows.map((row) => [decodeText(row.id), this.#remember(row)]));
  }

  /** Projects as they are now, by their ids; no other transaction can change them until this one ends. */
  async lock(keys: readonly number[]): Promise<Map<string, KeyedProject>> {
    const inOrder = [...keys].sort((one, other) => one - other);
    const rows = await this.#session.lookUp(
      this.#statements.projects.lock,
      inOrder.map((key) => ({ key })),
    );
    return new Map(rows.map((row) => [decodeText(row.id), this.#remember(row)]));
  }

  /** A project as this transaction saw it last, or saved it. */
  seen(id: string): Project | undefined {
    return this.#seen.get(id);
  }

  /** Notes that this transaction has saved a project. */
  noteSaved(project: Project): void {
    this.#seen.set(project.id, project);
  }

  /** The number of the project with this id, if there is one. */
  async keyOf(id: string): Promise<number | undefined> {
    return (await this.keysOf([id])).get(id);
  }

  /** The numbers of the projects with these ids that exist, and perhaps of more. */
  async keysOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const missing = ids.filter((id) => !this.#keys.has(id));
    if (missing.length > 0) await this.load([...new Set(missing)]);
    return this.#keys;
  }

  /** The ids of the projects with these numbers. */
  async idsOf(keys: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const missing = [...new Set(keys)].filter((key) => !this.#ids.has(key));
    const rows = await this.#session.lookUp(
      this.#statements.projects.byKey,
      missing.map((key) => ({ key })),
    );
    for (const row of rows) this.#remember(row);
    return this.#ids;
  }

  #remember(row: ProjectRow): KeyedProject {
    const stored = decodeProject(row);
    const key = decodeInteger(row.key);
    this.#keys.set(stored.project.id, key);
    this.#ids.set(key, stored.project.id);
    this.#seen.set(stored.project.id, stored.project);
    return { ...stored, key, releaseCount: decodeInteger(row.release_count) };
  }
}
