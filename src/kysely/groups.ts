import type { GroupRef, LoadRequest } from "../ports/issue-store.ts";
import { storeConflict, type Session } from "./connections/session.ts";
import type { KeyedProject } from "./project-keys.ts";
import { checkIssueRow, groupHash, type CheckedIssueRow } from "./rows/issue-row.ts";
import type { TableRow } from "./schema/tables.ts";
import type { Statements } from "./statements/index.ts";

/** The rows of the issues of requested groups, place by place. */
export interface GroupedRows {
  readonly grouped: readonly (CheckedIssueRow | undefined)[];
  readonly formerGrouped: readonly (CheckedIssueRow | undefined)[];
}

/** The most groups whose issues are found one by one where each statement is prepared again. */
const MOST_ONE_BY_ONE = 2;

/** The groups that a request refers to, and the ids of their issues. */
export class Groups {
  readonly #session: Session;
  readonly #statements: Statements["issues"];
  readonly #refs: readonly GroupRef[];
  /** Their keys in the tables, and those of former groups; `undefined` for groups of unknown projects. */
  readonly #keys: readonly (GroupKey | undefined)[];
  readonly #formerKeys: readonly (GroupKey | undefined)[];
  /** Their issues' ids, by their names. */
  #found: ReadonlyMap<string, string> | undefined;

  constructor(
    { session, statements }: { readonly session: Session; readonly statements: Statements },
    { groups = [], formerGroups = [] }: LoadRequest,
    projects: ReadonlyMap<string, KeyedProject>,
  ) {
    this.#session = session;
    this.#statements = statements.issues;
    this.#refs = groups;
    const keyOf = (ref: GroupRef): GroupKey | undefined => {
      const project = projects.get(ref.projectId);
      return project && { project_key: project.key, hash: groupHash(ref) };
    };
    this.#keys = groups.map(keyOf);
    this.#formerKeys = formerGroups.map(keyOf);
  }

  /** Finds the groups. */
  find(): Promise<ReadonlyMap<string, string>> {
    return this.#findBy(this.#statements.groups);
  }

  /** Finds the groups in their latest state, where the transaction's snapshot may be older. */
  findLatest(): Promise<ReadonlyMap<string, string>> {
    return this.#findBy(this.#statements.latestGroups);
  }

  /** The groups of known projects that have no issue. A former one is not missed: nothing will be added to it. */
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

  /** Their issues' rows. */
  rowsOf(issues: ReadonlyMap<string, CheckedIssueRow>): GroupedRows {
    const rowOf = (key: GroupKey | undefined): CheckedIssueRow | undefined => {
      const id = key && this.#found?.get(nameOf(key));
      if (id === undefined) return undefined;
      const row = issues.get(id);
      // The issue was deleted after its group was found.
      if (row === undefined) throw storeConflict();
      return row;
    };
    return { grouped: this.#keys.map(rowOf), formerGrouped: this.#formerKeys.map(rowOf) };
  }

  /** The rows of the issues of few groups, by one statement each; `undefined` if there are more than pay. */
  async fewRows(): Promise<GroupedRows | undefined> {
    const count = this.#keys.length + this.#formerKeys.length;
    if (count === 0 || (count > MOST_ONE_BY_ONE && !this.#session.isRowByRow)) return undefined;
    return { grouped: await this.#rowsAt(this.#keys), formerGrouped: await this.#rowsAt(this.#formerKeys) };
  }

  async #rowsAt(keys: readonly (GroupKey | undefined)[]): Promise<(CheckedIssueRow | undefined)[]> {
    const rows: (CheckedIssueRow | undefined)[] = [];
    for (const key of keys) {
      const row = key && (await this.#session.first(this.#statements.byGroup, key));
      rows.push(row && checkIssueRow(row));
    }
    return rows;
  }

  async #findBy(statement: Statements["issues"]["groups"]): Promise<ReadonlyMap<string, string>> {
    const keys = [...this.#keys, ...this.#formerKeys].filter((key) => key !== undefined);
    const rows = await this.#session.find(statement, keys);
    this.#found = new Map(rows.map((row) => [nameOf(row), row.issue_id]));
    return this.#found;
  }
}

/** The key of a group in the tables. */
export type GroupKey = Pick<TableRow<"groups">, "project_key" | "hash">;

function nameOf({ project_key, hash }: GroupKey): string {
  return `${String(project_key)} ${Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex")}`;
}
