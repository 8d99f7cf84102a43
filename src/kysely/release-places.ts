import { storeConflict, type Session } from "./connections/session.ts";
import type { Statements } from "./statements/index.ts";

/** The place of a release in the order of its project. */
export interface ReleasePlaceKey {
  readonly project_key: number;
  readonly order_key: string;
}

/**
 * The releases that stay in their places until a transaction ends, where other writers are excluded by locks on rows.
 *
 * A transaction that places releases anew moves their marks too. One that has read where a release is must not read or save
 * marks of that place afterwards, unless the release is kept there.
 */
export class ReleasePlaces {
  readonly #session: Session;
  readonly #statements: Statements["releases"];
  readonly #locksRows: boolean;
  readonly #lockedProjects = new Set<number>();
  readonly #kept = new Set<string>();

  constructor(session: Session, { releases }: Statements, locksRows: boolean) {
    this.#session = session;
    this.#statements = releases;
    this.#locksRows = locksRows;
  }

  /** Notes that projects are locked. All of their releases stay in their places. */
  noteLocked(projectKeys: Iterable<number>): void {
    for (const key of projectKeys) this.#lockedProjects.add(key);
  }

  /**
   * Keeps releases in these places.
   *
   * @throws `IssueLifecycleError` `store-conflict` if there is none in one of them any more, or it was retired
   */
  async keep(places: readonly ReleasePlaceKey[]): Promise<void> {
    if (!this.#locksRows) return;
    const wanted = new Map<string, ReleasePlaceKey>();
    for (const { project_key, order_key } of places) {
      const name = nameOf({ project_key, order_key });
      if (!this.#lockedProjects.has(project_key) && !this.#kept.has(name)) wanted.set(name, { project_key, order_key });
    }
    for (const row of await this.#session.find(this.#statements.inPlace, [...wanted.values()])) {
      if (row.standing !== "retired") this.#kept.add(nameOf(row));
    }
    for (const name of wanted.keys()) if (!this.#kept.has(name)) throw storeConflict();
  }
}

function nameOf({ project_key, order_key }: ReleasePlaceKey): string {
  return `${String(project_key)} ${order_key}`;
}
