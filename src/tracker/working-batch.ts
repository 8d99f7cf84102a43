import type { Issue } from "../core/issue.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import { UNPLACED_KEYS_FROM } from "../core/release.ts";
import type { GroupRef, StoreTransaction } from "../ports/issue-store.ts";
import type { Asked } from "./digest-batch.ts";
import type { PlacedEntry } from "./release-registrar.ts";
import { WorkingIssue } from "./working-issue.ts";

/** An entry with the issue it is folded over. */
interface LoadedEntry extends PlacedEntry {
  readonly issue: WorkingIssue;
}

/** A batch that is ready to be folded. */
export interface LoadedBatch {
  readonly entries: readonly LoadedEntry[];
  readonly issues: readonly WorkingIssue[];
}

/** Gathers the batch's issues, with the stored buckets and marks that its events need. */
export async function loadWorkingIssues(
  transaction: StoreTransaction,
  placed: readonly PlacedEntry[],
): Promise<LoadedBatch> {
  const byGroup = new Map<Asked<GroupRef, Issue>, WorkingIssue>();
  const entries = placed.map((each): LoadedEntry => {
    const { group, project, event } = each.entry;
    let issue = byGroup.get(group);
    if (issue === undefined) {
      issue = new WorkingIssue(project.project, group.ref, group.answer);
      byGroup.set(group, issue);
    }
    issue.expect(event, each.release);
    return { ...each, issue };
  });
  const issues = [...byGroup.values()];
  const moving = placed.some(({ placedFrom }) => placedFrom !== null);
  await loadCounters(transaction, issues);
  await loadMarks(transaction, issues, moving);
  return { entries, issues };
}

async function loadCounters(transaction: StoreTransaction, issues: readonly WorkingIssue[]): Promise<void> {
  const needing = issues.flatMap((issue) => {
    const stored = issue.counterNeeded();
    return stored === undefined ? [] : [{ issue, id: stored.id }];
  });
  if (needing.length === 0) return;
  const counters = await transaction.findCounters(needing.map(({ id }) => id));
  for (const { issue, id } of needing) issue.useCounter(counters.get(id));
}

/** @param moving - whether announced releases get their place in this batch: then marks for them are needed too */
async function loadMarks(
  transaction: StoreTransaction,
  issues: readonly WorkingIssue[],
  moving: boolean,
): Promise<void> {
  const asked = issues.flatMap((issue) => issue.marksNeeded().map((request) => ({ issue, request })));
  if (asked.length === 0) return;
  const marks = await transaction.findNearestMarks(asked.map(({ request }) => request));
  asked.forEach(({ issue }, index) => {
    const mark = marks[index];
    if (mark !== undefined) issue.useMark(mark);
  });
  if (!moving) return;
  const needing = new Map(asked.map(({ issue, request }) => [request.issueId, issue]));
  for (const [issueId, issue] of needing) await loadUnplacedMarks(transaction, issueId, issue);
}

/** How many marks are asked for at a time. */
const MARKS_PAGE = 100;

/** Gives an issue its marks for announced releases without a place, which are the last ones in order. */
async function loadUnplacedMarks(transaction: StoreTransaction, issueId: string, issue: WorkingIssue): Promise<void> {
  let before: string | null = null;
  for (;;) {
    const page: readonly ReleaseMark[] = await transaction.pageMarks(issueId, before, MARKS_PAGE);
    const unplaced = page.filter(({ orderKey }) => orderKey >= UNPLACED_KEYS_FROM);
    for (const mark of unplaced) issue.useMark(mark);
    before = page.at(-1)?.orderKey ?? null;
    if (unplaced.length < MARKS_PAGE) return;
  }
}
