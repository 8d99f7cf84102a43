import type { IssueLifecycleErrorCode } from "../core/errors.ts";
import { refuseOtherMembers, requireArray, requireObject, requireText } from "../core/input.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import type { IssuePosition, IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { applyToIssues, lockClaimedRelease, type CommandResults, type GivenCommand } from "./apply-command.ts";
import { matchesFilter, parseIssueFilter, type CheckedFilter, type IssueFilter } from "./issue-filter.ts";
import { requireProject } from "./projects.ts";
import { unknownIssue } from "./unknown.ts";

/** Which issues of one project a bulk command is for. */
export type BulkSelection =
  | {
      /** The project; ids of other projects' issues are refused as unknown. */
      readonly projectId: string;
      /** The issues. One named twice is one issue. */
      readonly ids: readonly string[];
    }
  | {
      /** All issues that match this when their turn comes; issues first digested during the command are left out. */
      readonly filter: IssueFilter;
    };

/** An issue that a bulk command does not fit. */
export interface BulkRefusal {
  /** The issue. */
  readonly issueId: string;
  /** The reason, for programs. */
  readonly code: IssueLifecycleErrorCode;
  /** The reason, for people. */
  readonly message: string;
}

/** What came of a bulk command. */
export interface BulkOutcome {
  /** How many issues it applied to. */
  readonly applied: number;
  /** How many it did not fit. */
  readonly refused: number;
  /** The first {@link MAX_LISTED_REFUSALS} of those; `onRefused` gets all of them. */
  readonly refusals: readonly BulkRefusal[];
}

/** The most refusals that a {@link BulkOutcome} lists. */
export const MAX_LISTED_REFUSALS = 1_000;

/** How many issues are in one transaction, and in memory, at a time. */
const CHUNK = 500;

/** A selection that was checked. */
type CheckedSelection =
  | { readonly kind: "ids"; readonly projectId: string; readonly ids: readonly string[] }
  | { readonly kind: "filter"; readonly filter: CheckedFilter };

/** Checks a selection from anywhere. */
export function parseSelection(value: unknown): CheckedSelection {
  const given = requireObject("selection", value);
  if (given["filter"] !== undefined) {
    refuseOtherMembers("selection", given, ["filter"]);
    return { kind: "filter", filter: parseIssueFilter("selection.filter", given["filter"]) };
  }
  refuseOtherMembers("selection", given, ["projectId", "ids"]);
  const projectId = requireText("selection.projectId", given["projectId"], 1, MAX_PROJECT_ID_LENGTH);
  const ids = requireArray("selection.ids", given["ids"]).map((id, index) =>
    requireText(`selection.ids[${String(index)}]`, id, 1, 200),
  );
  return { kind: "ids", projectId, ids: [...new Set(ids)] };
}

/** Applies a command to many issues, chunk by chunk, each chunk in a transaction of its own. */
export async function applyInBulk(
  store: IssueStore,
  selection: CheckedSelection,
  given: GivenCommand,
  newId: () => string,
  onRefused: (refusal: BulkRefusal) => void,
): Promise<BulkOutcome> {
  const tally = new Tally(onRefused);
  if (selection.kind === "ids") {
    for (let start = 0; start < selection.ids.length; start += CHUNK) {
      const ids = selection.ids.slice(start, start + CHUNK);
      tally.add(await store.transaction((each) => applyToIds(each, selection.projectId, ids, given, newId)));
    }
    return tally.outcome();
  }
  const { filter } = selection;
  const { issueCount } = await store.read((reader) =>
    requireProject(reader, "selection.filter.projectId", filter.projectId),
  );
  let after: IssuePosition | null = { value: 0, number: 0 };
  while (after !== null) {
    const from: IssuePosition = after;
    const page: AppliedPage = await store.transaction((each) =>
      applyToPage(each, filter, from, issueCount, given, newId),
    );
    tally.add(page.results);
    after = page.end;
  }
  return tally.outcome();
}

async function applyToIds(
  transaction: StoreTransaction,
  projectId: string,
  ids: readonly string[],
  given: GivenCommand,
  newId: () => string,
): Promise<CommandResults> {
  const { project } = await requireProject(transaction, "selection.projectId", projectId);
  await lockClaimedRelease(transaction, projectId, given);
  const locked = await transaction.lockIssues(ids);
  const issues = [...locked.values()].filter((each) => each.projectId === projectId);
  const found = new Set(issues.map(({ id }) => id));
  const results = await applyToIssues(transaction, project, issues, given, newId);
  const unknown = ids
    .filter((id) => !found.has(id))
    .map((issueId) => {
      const { code, message } = unknownIssue("selection.ids", issueId);
      return { kind: "refused" as const, issueId, code, message };
    });
  return { ...results, refused: [...results.refused, ...unknown] };
}

/** What came of one page of a filter. */
interface AppliedPage {
  readonly results: CommandResults;
  /** Where the page ended; `null` when it was the last. */
  readonly end: IssuePosition | null;
}

/** Walks by issue number, which never changes, so that no issue is met twice or missed however its state changes. */
async function applyToPage(
  transaction: StoreTransaction,
  filter: CheckedFilter,
  after: IssuePosition,
  upTo: number,
  given: GivenCommand,
  newId: () => string,
): Promise<AppliedPage> {
  const { project } = await requireProject(transaction, "selection.filter.projectId", filter.projectId);
  await lockClaimedRelease(transaction, project.id, given);
  const page = await transaction.pageIssues({ ...filter, order: "first-seen", descending: false, after, limit: CHUNK });
  const ids = page.filter(({ number }) => number <= upTo).map(({ id }) => id);
  const locked = await transaction.lockIssues(ids);
  const issues = [...locked.values()].filter((each) => matchesFilter(each, filter));
  const results = await applyToIssues(transaction, project, issues, given, newId);
  const last = page.at(-1);
  if (last === undefined || page.length < CHUNK || last.number >= upTo) return { results, end: null };
  return { results, end: { value: last.number, number: last.number } };
}

/** Adds up what came of the chunks. */
class Tally {
  readonly #onRefused: (refusal: BulkRefusal) => void;
  readonly #refusals: BulkRefusal[] = [];
  #applied = 0;
  #refused = 0;

  constructor(onRefused: (refusal: BulkRefusal) => void) {
    this.#onRefused = onRefused;
  }

  add({ applied, deleted, refused }: CommandResults): void {
    this.#applied += applied.length + deleted.length;
    this.#refused += refused.length;
    for (const { issueId, code, message } of refused) {
      const refusal: BulkRefusal = { issueId, code, message };
      if (this.#refusals.length < MAX_LISTED_REFUSALS) this.#refusals.push(refusal);
      this.#onRefused(refusal);
    }
  }

  outcome(): BulkOutcome {
    return { applied: this.#applied, refused: this.#refused, refusals: this.#refusals };
  }
}
