import type { StoredProject } from "../ports/issue-store.ts";
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
    this.#keys.set(stored.project.id, row.key);
    this.#ids.set(row.key, stored.project.id);
    return { ...stored, key: row.key, releaseCount: row.release_count };
  }
}
