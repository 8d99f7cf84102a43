import { ALL_ISSUES } from "../core/issue-list.ts";
import { applyAutoResolve } from "../core/clock-transition.ts";
import type { Instant } from "../core/instant.ts";
import { isReadable, isUnreadable } from "../core/unreadable.ts";
import type { IssuePosition, IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { Changes, type OperationContext } from "./changes.ts";
import { eachProject } from "./each-project.ts";
import { isBehind, positionOf } from "./issue-filter.ts";
import { tryEach } from "./try-each.ts";

/** How many issues are looked at in one transaction, and in memory, at a time. */
const CHUNK = 500;

/**
 * Resolves the open issues that had no event for as long as their projects say, in chunks of a transaction each: those that were
 * quiet for longest come first, so that issues which had an event since cost nothing.
 *
 * @returns how many issues it resolved
 * @throws the first error, after it has tried all projects
 */
export async function resolveQuiet(store: IssueStore, at: Instant, context: OperationContext): Promise<number> {
  let resolved = 0;
  await tryEach(eachProject(store), async (project) => {
    if (project.autoResolveAfterMs === null) return;
    resolved += await resolveQuietOf(store, project.id, at, context);
  });
  return resolved;
}

async function resolveQuietOf(
  store: IssueStore,
  projectId: string,
  at: Instant,
  context: OperationContext,
): Promise<number> {
  let resolved = 0;
  let after: IssuePosition | null = null;
  do {
    const from: IssuePosition | null = after;
    const chunk: ResolvedChunk = await store.transaction((transaction) =>
      resolveChunk(transaction, projectId, from, at, context),
    );
    resolved += chunk.resolved;
    after = chunk.end;
  } while (after !== null);
  return resolved;
}

/** What became of a chunk. */
interface ResolvedChunk {
  readonly resolved: number;
  /** Where it ended; `null` if no issue after it is quiet. */
  readonly end: IssuePosition | null;
}

async function resolveChunk(
  transaction: StoreTransaction,
  projectId: string,
  after: IssuePosition | null,
  at: Instant,
  context: OperationContext,
): Promise<ResolvedChunk> {
  const page = { ...OPEN_ISSUES, projectId, after };
  const { entries } = await transaction.pageIssues(page);
  const seenLast = entries.filter(isReadable).map(({ id }) => id);
  const loaded = await transaction.load({ issues: { ids: seenLast }, projectIds: [projectId] });
  const stored = loaded.projects.get(projectId);
  // The project may have been saved anew since its issues were looked for.
  const quietForMs = stored?.project.autoResolveAfterMs ?? null;
  if (stored === undefined || quietForMs === null) return { resolved: 0, end: null };
  const changes = new Changes(context);
  for (const before of loaded.issues) {
    if (isUnreadable(before)) continue;
    const transition = applyAutoResolve(before, at, quietForMs, stored.releaseCount);
    if (transition === undefined) continue;
    changes.updates.push({ before, after: transition.issue });
    changes.addTurningPoint(transition);
  }
  const resolved = changes.updates.length;
  if (resolved > 0) await changes.writeTo(transaction);
  const last = entries.at(-1);
  if (last === undefined || entries.length < CHUNK) return { resolved, end: null };
  const end = positionOf(last, page.order);
  if (at - end.value < quietForMs) return { resolved, end: null };
  if (!isBehind(end, after, page)) throw storeRepeats("a page of issues");
  return { resolved, end };
}

/** Open issues, those that were seen longest ago first. */
const OPEN_ISSUES = {
  statuses: ["open"],
  ...ALL_ISSUES,
  order: "last-seen",
  descending: false,
  limit: CHUNK,
} as const;
