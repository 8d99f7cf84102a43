import { isUuid } from "../core/input.ts";
import type { GroupRef, StoreChanges } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import type { GroupKey } from "./groups.ts";
import { groupHash } from "./rows/issue-row.ts";
import type { Statements } from "./statements/index.ts";

/** Issues to delete, those that exist, and the keys of their groups. */
interface DeletedIssues {
  readonly ids: readonly string[];
  readonly groups: readonly GroupKey[];
}

const NOTHING: DeletedIssues = { ids: [], groups: [] };

/** Deletes issues with all that belongs to them but their events. */
export class IssueDeletion {
  readonly #session: Session;
  readonly #statements: Statements;

  constructor(session: Session, statements: Statements) {
    this.#session = session;
    this.#statements = statements;
  }

  /**
   * Finds what to delete, and locks the issues, so that no other transaction can add rows to them meanwhile.
   *
   * @param changes - changes that are written before the deletion
   */
  async find(changes: StoreChanges, keyOf: (projectId: string) => number): Promise<DeletedIssues> {
    const requested = new Set(changes.deletedIssues?.filter(isUuid));
    if (requested.size === 0) return NOTHING;
    const { toDelete, addedGroups } = this.#statements.issues;
    const input = Array.from(requested, (id) => ({ id }));
    const stored = await this.#session.find(toDelete, input);
    const addedBefore = await this.#session.find(
      addedGroups,
      stored.map(({ id }) => ({ issue_id: id })),
    );
    const newIssues = changes.newIssues?.filter(({ issue }) => requested.has(issue.id)) ?? [];
    const addedNow = changes.addedGroups?.filter(({ issueId }) => requested.has(issueId)) ?? [];
    const keyOfGroup = ({ group }: { readonly group: GroupRef }): GroupKey => ({
      project_key: keyOf(group.projectId),
      hash: groupHash(group),
    });
    return {
      ids: [...stored.map(({ id }) => id), ...newIssues.map(({ issue }) => issue.id)],
      groups: [
        ...stored.map(({ project_key, group_hash }) => ({ project_key, hash: group_hash })),
        ...addedBefore,
        ...[...newIssues, ...addedNow].map(keyOfGroup),
      ],
    };
  }

  /** Deletes what was found. */
  async delete({ ids, groups }: DeletedIssues): Promise<void> {
    if (ids.length === 0) return;
    const ofIssues = ids.map((issue_id) => ({ issue_id }));
    const { issues, marks, history, users } = this.#statements;
    await this.#session.write(issues.deleteGroups, groups);
    await this.#session.write(issues.deleteAddedGroups, ofIssues);
    await this.#session.write(issues.deleteCounters, ofIssues);
    await this.#session.write(users.delete, ofIssues);
    await this.#session.write(marks.deleteOfIssues, ofIssues);
    await this.#session.write(history.delete, ofIssues);
    await this.#session.write(
      issues.delete,
      ids.map((id) => ({ id })),
    );
  }
}
