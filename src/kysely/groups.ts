import type { GroupRef } from "../ports/issue-store.ts";
import { storeConflict, type Session } from "./connections/session.ts";
import type { KeyedProject } from "./project-keys.ts";
import { checkIssueRow, groupHash, type CheckedIssueRow } from "./rows/issue-row.ts";
import type { TableRow } from "./schema/tables.ts";
import type { Statements } from "./statements/index.ts";

/** The groups that a request refers to, and the ids of their issues. */
export class Groups {
  readonly #session: Session;
  readonly #statements: Statements["issues"];
  readonly #refs: readonly GroupRef[];
  /** Their keys in the tables; `undefined` for groups of unknown projects. */
  readonly #keys: readonly (GroupKey | undefined)[];
  /** Their issues' ids, by their names. */
  #found: ReadonlyMap<string, string> | undefined;

  constructor(
    { session, statements }: { readonly session: Session; readonly statements: Statements },
    refs: readonly GroupRef[],
    projects: ReadonlyMap<string, KeyedProject>,
  ) {
    this.#session = session;
    this.#statements = statements.issues;
    this.#refs = refs;
    this.#keys = refs.map((ref) => {
      const project = projects.get(ref.projectId);
      return project && { project_key: project.key, hash: groupHash(ref) };
    });
  }

  /** Finds the groups. */
  find(): Promise<ReadonlyMap<string, string>> {
    return this.#findBy(this.#statements.groups);
  }

  /** Finds the groups in their latest state, where the transaction's snapshot may be older. */
  findLatest(): Promise<ReadonlyMap<string, string>> {
    return this.#findBy(this.#statements.latestGroups);
  }

  /** The groups of known projects that have no issue. */
  missing(): readonly GroupRef[] {
    return this.#refs.filter((_, place) => {
      const key = this.#keys[place];
      return key !== undefined && this.#found?.has(nameOf(key)) !== true;
    });
  }

  /** The ids of their issues. */
  async issueIds(): Promise<readonly string[]> {
    return [...(this.#found ?? (await this.find())).values()];
  }

  /** Their issues' rows, place by place. */
  rowsOf(issues: ReadonlyMap<string, CheckedIssueRow>): (CheckedIssueRow | undefined)[] {
    return this.#keys.map((key) => {
      const id = key && this.#found?.get(nameOf(key));
      if (id === undefined) return undefined;
      const row = issues.get(id);
      // The issue was deleted after its group was found.
      if (row === undefined) throw storeConflict();
      return row;
    });
  }

  /** The row of the only group's issue, by one statement; `undefined` if there are more groups. */
  async onlyIssue(): Promise<[CheckedIssueRow | undefined] | undefined> {
    const [only] = this.#keys;
    if (only === undefined || this.#keys.length > 1) return undefined;
    const row = await this.#session.first(this.#statements.byGroup, only);
    return [row && checkIssueRow(row)];
  }

  async #findBy(statement: Statements["issues"]["groups"]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#session.find(
      statement,
      this.#keys.filter((key) => key !== undefined),
    );
    this.#found = new Map(rows.map((row) => [nameOf(row), row.issue_id]));
    return this.#found;
  }
}

/** The key of a group in the tables. */
type GroupKey = Pick<TableRow<"groups">, "project_key" | "hash">;

function nameOf({ project_key, hash }: GroupKey): string {
  return `${String(project_key)} ${Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex")}`;
}
