import type { Issue } from "../core/issue.ts";
import type { GroupRef } from "../ports/issue-store.ts";
import { hashGroup } from "./id-codec.ts";
import { decodeInteger } from "./integer-codec.ts";
import type { KeyedProject } from "./project-keys.ts";
import { decodeIssue } from "./row-codec.ts";
import { storeConflict, type Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import type { Bytes } from "./tables.ts";

/** The groups that a batch asks for, and their issues. */
export class Groups {
  readonly #session: Session;
  readonly #statements: Statements;
  /** Those of projects that exist, each with its row's key and the name it goes by here. */
  readonly #asked: readonly (ReturnType<typeof keyOf> | undefined)[];
  readonly #refs: readonly GroupRef[];
  /** The issues' ids, by the groups' names. */
  #found: ReadonlyMap<string, Bytes> = new Map();

  constructor(
    { session, statements }: { readonly session: Session; readonly statements: Statements },
    refs: readonly GroupRef[],
    projects: ReadonlyMap<string, KeyedProject>,
  ) {
    this.#session = session;
    this.#statements = statements;
    this.#refs = refs;
    this.#asked = refs.map((ref) => keyOf(ref, projects.get(ref.projectId)));
  }

  /** Finds the groups. */
  find(): Promise<void> {
    return this.#findBy(this.#statements.issues.groups);
  }

  /** Finds the groups as they are now, where the transaction may show an older state. */
  findLatest(): Promise<void> {
    return this.#findBy(this.#statements.issues.latestGroups);
  }

  async #findBy(statement: Statements["issues"]["groups"]): Promise<void> {
    const given = this.#asked.flatMap((asked) => asked?.row ?? []);
    const rows = await this.#session.lookUp(statement, given);
    this.#found = new Map(
      rows.map(({ project_key, hash, issue_id }) => [nameOf(decodeInteger(project_key), hash), issue_id]),
    );
  }

  /** Those that have no issue, of projects that exist. */
  missing(): readonly GroupRef[] {
    return this.#refs.filter((_, place) => {
      const asked = this.#asked[place];
      return asked !== undefined && !this.#found.has(asked.name);
    });
  }

  /** The issues of the groups that were found, locked in the order of their ids. */
  async lock(): Promise<(Issue | undefined)[]> {
    const ids = [...this.#found.values()].sort((one, other) => Buffer.compare(one, other));
    const rows = await this.#session.lookUp(
      this.#statements.issues.lock,
      ids.map((id) => ({ id })),
    );
    // One was deleted after its group was found.
    if (rows.length < ids.length) throw storeConflict();
    const issues = new Map(rows.map((row) => [hex(row.id), row]));
    return this.#asked.map((asked) => {
      if (asked === undefined) return undefined;
      const id = this.#found.get(asked.name);
      const row = id && issues.get(hex(id));
      return row && decodeIssue(row, asked.projectId);
    });
  }

  /** The groups' issues, where nothing can change meanwhile. */
  async issues(): Promise<(Issue | undefined)[]> {
    const [only] = this.#asked;
    if (only !== undefined && this.#asked.length === 1) {
      const row = await this.#session.first(this.#statements.issues.byGroup, only.row);
      return [row && decodeIssue(row, only.projectId)];
    }
    await this.find();
    return this.lock();
  }
}

function keyOf(ref: GroupRef, project: KeyedProject | undefined) {
  if (project === undefined) return undefined;
  const hash = hashGroup(ref);
  return { projectId: ref.projectId, row: { project_key: project.key, hash }, name: nameOf(project.key, hash) };
}

function nameOf(projectKey: number, hash: Bytes): string {
  return `${String(projectKey)} ${hex(hash)}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
