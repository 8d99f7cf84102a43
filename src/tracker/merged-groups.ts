import type { GroupRef } from "../ports/issue-store.ts";

/** The most groups that are remembered. */
const MAX_GROUPS = 10_000;

/** The longest key of a group that is remembered, in UTF-16 code units. */
const MAX_KEY_LENGTH = 500;

/**
 * The groups of issues that are merged with others, as a tracker has found them, with the issue to load besides: the target of a member, the
 * own part of a target. So that a digest can load, and lock, all in one step; where something was merged since, it takes another step.
 */
export class MergedGroups {
  readonly #others = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#others.size === 0;
  }

  /** The id of the issue to load besides that of a group, if it is known. */
  otherOf(group: GroupRef): string | undefined {
    return this.#others.get(nameOf(group));
  }

  /** Notes what to load besides the issue of a group; `undefined` for nothing. */
  note(group: GroupRef, other: string | undefined): void {
    if (other === undefined) {
      if (!this.isEmpty) this.#others.delete(nameOf(group));
      return;
    }
    if (group.key.length > MAX_KEY_LENGTH) return;
    if (this.#others.size >= MAX_GROUPS) this.#others.clear();
    this.#others.set(nameOf(group), other);
  }
}

function nameOf({ projectId, strategy, key }: GroupRef): string {
  return JSON.stringify([projectId, strategy, key.length > MAX_KEY_LENGTH ? null : key]);
}
