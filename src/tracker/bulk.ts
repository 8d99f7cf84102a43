import type { IssueLifecycleErrorCode } from "../core/errors.ts";
import { readMember, requireObject } from "../core/input.ts";
import { isSearch, matchesSearch } from "../core/issue-list.ts";
import { arrayOf, object } from "../core/shape.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type {
  IssuePageRequest,
  IssuePosition,
  IssueStore,
  StoredProject,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import {
  applyToLoaded,
  loadForCommand,
  refuse,
  type CommandRequest,
  type CommandResults,
  type RefusedIssue,
} from "./commands.ts";
import {
  besidesSearch,
  findCriteria,
  findNamed,
  isBehind,
  LOOK_AT,
  positionOf,
  requireIssueFilter,
  requireRanges,
  stillMatches,
  type CheckedFilter,
  type IssueFilter,
} from "./issue-filter.ts";
import { findMany } from "./many-issues.ts";
import { projectNotFound, requireProject, requireProjectId } from "./projects.ts";
import { issueNotFound, requireIssueId } from "./tracked-issue.ts";

/** Which issues of one project a bulk command is for. */
export type BulkSelection =
  | {
      /** The project. Issues of other projects are refused as unknown. */
      readonly projectId: string;
      /** Ids or friendly ids of issues. An issue that is given twice is one issue. */
      readonly ids: readonly string[];
    }
  | {
      /** All issues that match when their chunk is processed, except those opened during the command. */
      readonly filter: IssueFilter & { readonly projectId: string };
    };

/** An issue that a bulk command does not apply to. */
export interface BulkRefusal {
  /** The issue's id; for an unknown issue the text that was given. */
  readonly issueId: string;
  readonly code: IssueLifecycleErrorCode;
  /** A human-readable reason. */
  readonly message: string;
}

/** The result of a bulk command. */
export interface BulkOutcome {
  /** The number of issues that it was applied to. */
  readonly applied: number;
  /** The number of issues that it does not apply to. */
  readonly refused: number;
  /** The first 1,000 of these; `onRefused` gets all of them. */
  readonly refusals: readonly BulkRefusal[];
}

/** The most refusals that a {@link BulkOutcome} lists. */
const MAX_LISTED_REFUSALS = 1_000;

/** How many issues are changed in one transaction, and in memory, at a time. */
const CHUNK = 500;

const idSelection = object(
  { projectId: requireProjectId, ids: arrayOf(requireIssueId) },
  `{ projectId: "shop", ids: ["SHOP-12"] }`,
);
const filterSelection = object({ filter: requireIssueFilter }, `{ filter: { projectId: "shop", status: "open" } }`);

/** A {@link BulkSelection} that was checked. */
type CheckedSelection =
  | { readonly kind: "ids"; readonly projectId: string; readonly ids: readonly string[] }
  | { readonly kind: "filter"; readonly filter: CheckedFilter };

/** Checks a selection. */
export function parseSelection(value: unknown): CheckedSelection {
  const field = "selection";
  const given = requireObject(field, value, `an object, as in { projectId: "shop", ids: ["SHOP-12"] }`);
  if (readMember(`${field}.filter`, given, "filter") === undefined)
    return { kind: "ids", ...idSelection(field, given) };
  const selection = filterSelection(field, given);
  requireRanges(`${field}.filter`, selection.filter);
  return { kind: "filter", ...selection };
}

/** Applies a command to many issues, in chunks of a transaction each. */
export async function applyInBulk(
  store: IssueStore,
  selection: CheckedSelection,
  request: CommandRequest,
  onRefused: ((refusal: BulkRefusal) => void) | undefined,
): Promise<BulkOutcome> {
  const totals = new BulkTotals(onRefused);
  if (selection.kind === "filter") await applyToFilter(store, selection.filter, request, totals);
  else await applyToIds(store, selection, request, totals);
  return totals.outcome();
}

async function applyToIds(
  store: IssueStore,
  { projectId, ids: texts }: Extract<CheckedSelection, { kind: "ids" }>,
  request: CommandRequest,
  totals: BulkTotals,
): Promise<void> {
  const done = new Set<string>();
  for (let start = 0; start < texts.length; start += CHUNK) {
    const chunk = texts.slice(start, start + CHUNK);
    const { ids, results } = await store.transaction((transaction) =>
      applyToChunk(transaction, projectId, chunk, done, request),
    );
    for (const id of ids) done.add(id);
    totals.add(results);
  }
}

/** @param done - ids of issues that earlier chunks had */
async function applyToChunk(
  transaction: StoreTransaction,
  projectId: string,
  texts: readonly string[],
  done: ReadonlySet<string>,
  request: CommandRequest,
): Promise<{ ids: Iterable<string>; results: CommandResults }> {
  const named = new Map<string, string>();
  const own: string[] = [];
  for (const { id: text, issue } of await findMany(transaction, texts, { projectId })) {
    const id = issue?.id ?? text;
    if (done.has(id) || named.has(id)) continue;
    named.set(id, text);
    // Issues of other projects are not found, so that they are neither locked nor changed.
    if (issue !== undefined) own.push(id);
  }
  const loaded = await loadForCommand(transaction, request, own, projectId);
  const project = loaded.projects.get(projectId)?.project;
  if (project === undefined) throw projectNotFound("selection.projectId", projectId);
  const results = await applyToLoaded(transaction, project, loaded, request);
  const found = new Set(loaded.issues.flatMap((issue) => (issue.projectId === projectId ? [issue.id] : [])));
  const unknown = [...named].flatMap(([id, text]) => (found.has(id) ? [] : refuseUnknown(text)));
  return { ids: named.keys(), results: { ...results, refused: [...results.refused, ...unknown] } };
}

function refuseUnknown(text: string): RefusedIssue {
  return refuse(text, issueNotFound({ field: "selection.ids", given: text }));
}

/** Pages by issue number, which never changes: no issue is found twice or skipped when its state changes. */
async function applyToFilter(
  store: IssueStore,
  filter: CheckedFilter,
  request: CommandRequest,
  totals: BulkTotals,
): Promise<void> {
  const stored = await store.read((reader) => requireProject(reader, "selection.filter.projectId", filter.projectId));
  let after: IssuePosition | null = null;
  do {
    const from: IssuePosition | null = after;
    const page: AppliedPage = await store.transaction((transaction) =>
      applyToPage(transaction, filter, from, stored, request),
    );
    totals.add(page.results);
    after = page.end;
  } while (after !== null);
}

/** The result of a page of a filter's issues. */
interface AppliedPage {
  readonly results: CommandResults;
  /** Where the page ended; `null` for the last page. */
  readonly end: IssuePosition | null;
}

async function applyToPage(
  transaction: StoreTransaction,
  filter: CheckedFilter,
  after: IssuePosition | null,
  stored: StoredProject,
  request: CommandRequest,
): Promise<AppliedPage> {
  const lastNumber = stored.issueCount;
  const { projectId } = filter;
  const criteria = await findCriteria(transaction, filter, request.releaseOrder);
  if (criteria === undefined) return { results: { applied: [], deleted: [], refused: [] }, end: null };
  const wanted: IssuePageRequest = {
    ...criteria,
    ...(isSearch(criteria) && { lookAt: LOOK_AT }),
    order: "first-seen",
    descending: false,
    after,
    limit: CHUNK,
  };
  const { entries, searchedTo } = await transaction.pageIssues(wanted);
  const ids: string[] = [];
  const unreadable: RefusedIssue[] = [];
  for (const issue of entries) {
    if (isUnreadable(issue)) unreadable.push(refuse(issue.id, issue.error));
    else if (issue.number <= lastNumber) ids.push(issue.id);
  }
  // The issue that is searched for by its friendly id: no page has it, unless it has the text too.
  const named = after === null ? await findNamed(transaction, stored.project, criteria) : undefined;
  if (named !== undefined && named.number <= lastNumber && !matchesSearch(named, filter.search)) ids.push(named.id);
  const loaded = await loadForCommand(transaction, request, ids, projectId);
  const project = loaded.projects.get(projectId)?.project;
  if (project === undefined) throw projectNotFound("selection.filter.projectId", projectId);
  const applied = await applyToLoaded(transaction, project, loaded, request, (issue) =>
    stillMatches(issue, issue.id === named?.id ? besidesSearch(criteria) : criteria),
  );
  const results = { ...applied, refused: [...unreadable, ...applied.refused] };
  const last = entries.at(-1);
  const end = last === undefined || entries.length < CHUNK ? searchedTo : positionOf(last, wanted.order);
  if (end === null) return { results, end };
  if (!isBehind(end, after, wanted)) throw storeRepeats("a page of issues");
  return { results, end: end.number < lastNumber ? end : null };
}

/** Adds up the results of the chunks. */
class BulkTotals {
  readonly #onRefused: ((refusal: BulkRefusal) => void) | undefined;
  readonly #refusals: BulkRefusal[] = [];
  #applied = 0;
  #refused = 0;

  constructor(onRefused: ((refusal: BulkRefusal) => void) | undefined) {
    this.#onRefused = onRefused;
  }

  add({ applied, deleted, refused }: CommandResults): void {
    this.#applied += applied.length + deleted.length;
    this.#refused += refused.length;
    for (const { issueId, code, message } of refused) {
      const refusal: BulkRefusal = { issueId, code, message };
      if (this.#refusals.length < MAX_LISTED_REFUSALS) this.#refusals.push(refusal);
      this.#onRefused?.(refusal);
    }
  }

  outcome(): BulkOutcome {
    return { applied: this.#applied, refused: this.#refused, refusals: this.#refusals };
  }
}
