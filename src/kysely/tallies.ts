import type { AlertTally, TallyScope, TallySelection } from "../ports/alert-outbox.ts";
import type { Session } from "./connections/session.ts";
import { requireProject, type ProjectKeys } from "./project-keys.ts";
import { tallyKey, tallyOf, tallyRow, type StoredTallyRow, type TallyKey, type TallyRow } from "./rows/alert-row.ts";
import type { Statements } from "./statements/index.ts";

/** Tallies to save and to remove. */
interface TallyChanges {
  readonly save?: readonly AlertTally[];
  readonly remove?: readonly TallyScope[];
}

/** The tallies of notifications, within one transaction of the database. */
export class KyselyTallies {
  readonly #session: Session;
  readonly #statements: Statements["tallies"];
  readonly #projectKeys: ProjectKeys;
  /** Whether a tally is stored, for each that this transaction has looked for. */
  readonly #isStored = new Map<string, boolean>();

  constructor(session: Session, statements: Statements["tallies"], projectKeys: ProjectKeys) {
    this.#session = session;
    this.#statements = statements;
    this.#projectKeys = projectKeys;
  }

  async lock(selection: TallySelection): Promise<readonly AlertTally[]> {
    const rows = await this.#select(selection);
    for (const row of rows) this.#isStored.set(nameOf(row), true);
    const ids = await this.#projectKeys.idsOf(rows.map(({ project_key }) => project_key));
    return rows.map((row) => tallyOf(row, requireProject(ids.get(row.project_key))));
  }

  async #select(selection: TallySelection): Promise<StoredTallyRow[]> {
    if ("scopes" in selection) return this.#lock(await this.#keysOf(selection.scopes));
    const { limit } = selection;
    return "endedAt" in selection
      ? this.#session.all(this.#statements.ended, { ended_at: selection.endedAt, limit })
      : this.#session.all(this.#statements.endingLast, { ends_after: selection.endsAfter, limit });
  }

  async write({ save = [], remove = [] }: TallyChanges): Promise<void> {
    const keyOf = await this.#projectKeys.requireKeys(save.map(({ projectId }) => projectId));
    const rows = inOrder(save.map((tally) => tallyRow(tally, keyOf(tally.projectId))));
    await this.#lock(rows.filter((row) => !this.#isStored.has(nameOf(row))));
    const isStored = (row: TallyRow): boolean => this.#isStored.get(nameOf(row)) === true;
    const added = rows.filter((row) => !isStored(row));
    await this.#session.write(this.#statements.update, rows.filter(isStored));
    // Fails if another transaction has added one meanwhile: the one saved here does not count its notifications.
    await this.#session.write(this.#statements.insert, added);
    for (const row of added) this.#isStored.set(nameOf(row), true);
    const removed = await this.#keysOf(remove);
    await this.#session.write(this.#statements.delete, removed);
    for (const key of removed) this.#isStored.set(nameOf(key), false);
  }

  /** Locks tallies in the order of their keys, so that transactions wait for each other instead of running into a deadlock. */
  async #lock(keys: readonly TallyKey[]): Promise<StoredTallyRow[]> {
    const rows = await this.#session.find(this.#statements.lock, inOrder(keys));
    for (const key of keys) this.#isStored.set(nameOf(key), false);
    for (const row of rows) this.#isStored.set(nameOf(row), true);
    return rows;
  }

  /** The keys of the scopes in projects that exist. */
  async #keysOf(scopes: readonly TallyScope[]): Promise<TallyKey[]> {
    const keys = await this.#projectKeys.keysOf(scopes.map(({ projectId }) => projectId));
    return scopes.flatMap((scope) => {
      const key = keys.get(scope.projectId);
      return key === undefined ? [] : tallyKey(scope, key);
    });
  }
}

function inOrder<Key extends TallyKey>(keys: readonly Key[]): Key[] {
  return keys.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/** Names a tally, and sorts like its key. */
function nameOf({ project_key, issue_id }: TallyKey): string {
  return `${String(project_key).padStart(16, "0")} ${issue_id}`;
}
