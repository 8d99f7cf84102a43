import type { Issue } from "../core/issue.ts";
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
  const moving = placed.flatMap(({ placedFrom }) => placedFrom ?? []);
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

async function loadMarks(
  transaction: StoreTransaction,
  issues: readonly WorkingIssue[],
  moving: readonly string[],
): Promise<void> {
  const asked = issues.flatMap((issue) => issue.marksNeeded(moving).map((request) => ({ issue, request })));
  if (asked.length === 0) return;
  const marks = await transaction.findNearestMarks(asked.map(({ request }) => request));
  asked.forEach(({ issue }, index) => {
    const mark = marks[index];
    if (mark !== undefined) issue.useMark(mark);
  });
}
