import { partIdsOf, type Issue } from "../core/issue.ts";
import { isReadable, isUnreadable } from "../core/unreadable.ts";
import type { Loaded, LoadRequest, StoreReader, StoreTransaction } from "../ports/issue-store.ts";

/** The ids of the issues that count what an issue counts: its target, or its own part. */
function countingWith({ state, parts }: Issue): readonly string[] {
  if (state.status === "merged") return [state.into];
  return parts === null ? [] : [parts.ownPart];
}

/** The same, and the ids of all that were merged into it. */
export function allMergedWith(issue: Issue): readonly string[] {
  return [...countingWith(issue), ...partIdsOf(issue)];
}

/**
 * Loads issues with those that are merged with them, all in one step: so transactions lock them in one order, and wait for each other
 * instead of running into a deadlock.
 *
 * @param relativesOf - the ids of the issues to load with one
 */
export async function loadWithRelatives(
  transaction: StoreTransaction,
  ids: readonly string[],
  request: Omit<LoadRequest, "issues"> = {},
  relativesOf: (issue: Issue) => readonly string[] = countingWith,
): Promise<Loaded> {
  const wanted = new Set(ids);
  await addRelatives(wanted, ids, transaction, relativesOf);
  for (;;) {
    const loaded = await transaction.load({ ...request, issues: { ids: [...wanted] } });
    const known = wanted.size;
    // They may have been merged with others before they were locked.
    for (const issue of loaded.issues.filter(isReadable)) for (const id of relativesOf(issue)) wanted.add(id);
    if (wanted.size === known) return loaded;
  }
}

async function addRelatives(
  wanted: Set<string>,
  ids: readonly string[],
  reader: StoreReader,
  relativesOf: (issue: Issue) => readonly string[],
): Promise<void> {
  let added: readonly string[] = ids;
  while (added.length > 0) {
    const found = (await reader.findIssues({ ids: added })).filter(isReadable);
    added = [...new Set(found.flatMap(relativesOf))].filter((id) => !wanted.has(id));
    for (const id of added) wanted.add(id);
  }
}

/** Issues that were loaded with those that are merged with them. */
export class IssueFamilies {
  readonly #issues: ReadonlyMap<string, Issue>;

  constructor({ issues }: Pick<Loaded, "issues">) {
    this.#issues = new Map(issues.flatMap((issue) => (isUnreadable(issue) ? [] : [[issue.id, issue] as const])));
  }

  /** Those that can be read. */
  get all(): Iterable<Issue> {
    return this.#issues.values();
  }

  /** An issue, if it is stored and can be read. */
  find(id: string): Issue | undefined {
    return this.#issues.get(id);
  }

  /** The id of the part that counts the events of an issue: its own part, if others are merged into it. */
  partOf(id: string): string {
    return this.find(id)?.parts?.ownPart ?? id;
  }

  /** The id of the target in which the events of an issue count too; `undefined` for none. */
  targetOf(id: string): string | undefined {
    const issue = this.find(id);
    if (issue?.state.status === "merged") return issue.state.into;
    return issue === undefined || issue.parts === null ? undefined : id;
  }
}
