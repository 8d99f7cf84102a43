import { isUuid } from "../core/input.ts";
import type { GroupRef, StoreChanges } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import type { GroupKey } from "./groups.ts";
import { groupHash } from "./rows/issue-row.ts";
import type { Statements } from "./statements/index.ts";

/** Issues to delete, those that exist, each with the key of its project, and the keys of their groups. */
interface DeletedIssues {
  readonly issues: readonly { readonly id: string; readonly project_key: number }[];
  readonly groups: readonly GroupKey[];
}

const NOTHING: DeletedIssues = { issues: [], groups: [] };

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
    const keysOfGroup = ({ group }: { readonly group: GroupRef | null }): GroupKey[] => {
      return group === null ? [] : [{ project_key: keyOf(group.projectId), hash: groupHash(group) }];
    };
    return {
      issues: [...stored, ...newIssues.map(({ issue: { id, projectId } }) => ({ id, project_key: keyOf(projectId) }))],
      groups: [
        ...stored.map(({ project_key, group_hash }) => ({ project_key, hash: group_hash })),
        ...addedBefore,
        ...[...newIssues, ...addedNow].flatMap(keysOfGroup),
      ],
    };
  }

  /** Deletes what was found. */
  async delete({ issues: deleted, groups }: DeletedIssues): Promise<void> {
    if (deleted.length === 0) return;
    const ofIssues = deleted.map(({ id }) => ({ issue_id: id }));
    const { issues, marks, history, users, tallies, alerts } = this.#statements;
    await this.#session.write(issues.deleteGroups, groups);
    await this.#session.write(issues.deleteAddedGroups, ofIssues);
    await this.#session.write(issues.deleteCounters, ofIssues);
    await this.#session.write(users.delete, ofIssues);
    await this.#session.write(marks.deleteOfIssues, ofIssues);
    await this.#session.write(history.delete, ofIssues);
    await this.#session.write(alerts.deleteOfIssues, ofIssues);
    await this.#session.write(
      tallies.delete,
      deleted.map(({ id, project_key }) => ({ project_key, issue_id: id })),
    );
    await this.#session.write(
      issues.delete,
      deleted.map(({ id }) => ({ id })),
    );
  }
}
