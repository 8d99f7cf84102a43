import type { GroupRef, LoadRequest } from "../ports/issue-store.ts";
import { lookup, lookupAll, type Lookup, type RowsLookup } from "./connections/lookup.ts";
import { storeConflict, type Session } from "./connections/session.ts";
import { checkIssueRow, groupHash, type CheckedIssueRow, type StoredIssueRow } from "./rows/issue-row.ts";
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
    keyOfProject: (projectId: string) => number | undefined,
  ) {
    this.#session = session;
    this.#statements = statements.issues;
    this.#refs = groups;
    const keyOf = (ref: GroupRef): GroupKey | undefined => {
      const project_key = keyOfProject(ref.projectId);
      return project_key === undefined ? undefined : { project_key, hash: groupHash(ref) };
    };
    this.#keys = groups.map(keyOf);
    this.#formerKeys = formerGroups.map(keyOf);
  }

  /** How many they are. */
  get size(): number {
    return this.#keys.length + this.#formerKeys.length;
  }

  /** Looks them up. */
  lookUp(): GroupLookup {
    return this.#lookUp(this.#statements.groups);
  }

  /** Looks them up in their latest state, where the transaction's snapshot may be older. */
  lookUpLatest(): GroupLookup {
    return this.#lookUp(this.#statements.latestGroups);
  }

  /** Locks their issues, by id. */
  lockIssues(): RowsLookup<StoredIssueRow> {
    return lookupAll(this.#statements.lockOfGroups, { groups: this.#known });
  }

  /** The same, unless a group has no issue, or one of the releases is not stored, or only announced. */
  lockIssuesIfComplete(releases: readonly ReleaseKey[]): RowsLookup<StoredIssueRow> {
    const required = this.#keys.filter((key) => key !== undefined);
    return lookupAll(this.#statements.lockOfGroupsIfComplete, { groups: this.#known, required, releases });
  }

  /** The groups of known projects that have no issue. A former one is not missed: nothing will be added to it. */
  missing(): readonly GroupRef[] {
    return this.#refs.filter((_, place) => {
      const key = this.#keys[place];
      return key !== undefined && this.#found?.has(nameOf(key)) !== true;
    });
  }

  /** Whether they have so many issues. */
  areOf(issues: number): boolean {
    return new Set(this.#found?.values()).size === issues;
  }

  /** The ids of their issues. */
  async issueIds(): Promise<readonly string[]> {
    if (this.#found === undefined) {
      const { lookup: found, take } = this.lookUp();
      await this.#session.findAll([found]);
      take();
    }
    return [...(this.#found?.values() ?? [])];
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
    if (this.size > MOST_ONE_BY_ONE && !this.#session.isRowByRow) return undefined;
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

  #lookUp(statement: Statements["issues"]["groups"]): GroupLookup {
    const found = lookup(statement, this.#known);
    const take = (): void => {
      this.#found = new Map(found.rows.map((row) => [nameOf(row), row.issue_id]));
    };
    return { lookup: found, take };
  }

  /** The keys of those in known projects. */
  get #known(): readonly GroupKey[] {
    return [...this.#keys, ...this.#formerKeys].filter((key) => key !== undefined);
  }
}

/** Groups to be found. */
export interface GroupLookup {
  readonly lookup: Lookup;
  /** Notes which were found. */
  readonly take: () => void;
}

/** The key of a release in the tables. */
type ReleaseKey = Pick<TableRow<"project_releases">, "project_key" | "name">;

/** The key of a group in the tables. */
export type GroupKey = Pick<TableRow<"groups">, "project_key" | "hash">;

function nameOf({ project_key, hash }: GroupKey): string {
  return `${String(project_key)} ${Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex")}`;
}
