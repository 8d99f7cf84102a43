import {
  DEFAULT_COUNT_MS,
  isSearch,
  matchesSearch,
  MAX_ISSUE_COUNT,
  type IssueCount,
  type IssueCountOptions,
} from "../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue, type IssueStatus } from "../core/issue.ts";
import type { Project } from "../core/project.ts";
import type { ReleaseOrder } from "../core/release-order.ts";
import { integer, object, withDefault, type Shape } from "../core/shape.ts";
import type {
  IssueCountRequest,
  IssueCountStep,
  IssueCriteria,
  IssueStore,
  StoreReader,
} from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import {
  findCriteria,
  findNamed,
  LOOK_AT,
  requireRanges,
  SEARCH_MEMBERS,
  type CheckedFilter,
  type CheckedSearch,
} from "./issue-filter.ts";
import {
  chooseProjects,
  listProjects,
  PROJECT_MEMBERS,
  PROJECTS_OF_A_READ,
  readEachProject,
  type CheckedProjects,
} from "./listed-projects.ts";

const countOptions = object(
  {
    upTo: withDefault(integer(1, MAX_ISSUE_COUNT), MAX_ISSUE_COUNT),
    withinMs: withDefault(integer(1, 1_000), DEFAULT_COUNT_MS),
  } satisfies Record<keyof IssueCountOptions, Shape<unknown>>,
  "{ upTo: 1_000 }",
);

const filterShape = object({ ...PROJECT_MEMBERS, ...SEARCH_MEMBERS }, `{ projectId: "shop", status: "open" }`);

const { status: _, ...STATELESS_MEMBERS } = SEARCH_MEMBERS;
const statelessShape = object({ ...PROJECT_MEMBERS, ...STATELESS_MEMBERS }, `{ projectId: "shop" }`);

/** The number of issues that match a filter. */
export async function countIssues(
  store: IssueStore,
  filter: unknown,
  options: unknown,
  releaseOrder: ReleaseOrder,
): Promise<IssueCount> {
  const { projectId, projectIds, ...search } = filterShape("filter", filter);
  const projects = chooseProjects("filter", { projectId, projectIds });
  const { upTo, withinMs } = countOptions("options", options);
  requireRanges("filter", search);
  const isEnough = (sums: Counts): boolean => totalOf(sums) > upTo;
  const counted = { projects, search, releaseOrder, upTo, withinMs, isEnough };
  const { counts, isComplete } = await countInSteps(store, counted);
  return issueCount(totalOf(counts), upTo, isComplete);
}

/** The number of issues of each state. */
export async function countIssuesByState(
  store: IssueStore,
  filter: unknown,
  options: unknown,
  releaseOrder: ReleaseOrder,
): Promise<Readonly<Record<IssueStatus, IssueCount>>> {
  const { projectId, projectIds, ...search } = statelessShape("filter", filter);
  const projects = chooseProjects("filter", { projectId, projectIds });
  const { upTo, withinMs } = countOptions("options", options);
  requireRanges("filter", search);
  const ofAll = { ...search, status: ISSUE_STATUSES };
  const isEnough = (sums: Counts): boolean => [...sums.values()].every((count) => count > upTo);
  const counted = { projects, search: ofAll, releaseOrder, upTo, withinMs, isEnough };
  const { counts, isComplete } = await countInSteps(store, counted);
  const ofState = (status: IssueStatus): IssueCount => issueCount(counts.get(status) ?? 0, upTo, isComplete);
  return {
    open: ofState("open"),
    resolved: ofState("resolved"),
    muted: ofState("muted"),
    discarded: ofState("discarded"),
    merged: ofState("merged"),
  };
}

type Counts = ReadonlyMap<IssueStatus, number>;

function totalOf(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function issueCount(counted: number, upTo: number, isComplete: boolean): IssueCount {
  return { count: Math.min(counted, upTo), exact: isComplete && counted <= upTo };
}

/** What is counted. */
interface Counted {
  readonly projects: CheckedProjects;
  readonly search: CheckedSearch;
  readonly releaseOrder: ReleaseOrder;
  /** The highest count of a state that matters. */
  readonly upTo: number;
  readonly withinMs: number;
  readonly isEnough: (counts: Counts) => boolean;
}

/** The first step of the count of a project's issues. */
interface BegunCount {
  readonly criteria: IssueCriteria;
  /** The issue that is searched for by its friendly id, unless it has the text too. */
  readonly named: Issue | undefined;
  readonly step: IssueCountStep;
}

/**
 * Counts issues by their states: of some projects at a time the first step each, and then the further ones. It ends when enough were
 * counted, and a search when a further step would take it too long.
 */
async function countInSteps(
  store: IssueStore,
  { projects, search, releaseOrder, upTo, withinMs, isEnough }: Counted,
): Promise<{ readonly counts: Counts; readonly isComplete: boolean }> {
  const isLate = stopwatch(withinMs);
  const sums = new Map(search.status.map((status) => [status, 0]));
  const add = ({ counts }: Pick<IssueCountStep, "counts">): void => {
    for (const [status, count] of counts) sums.set(status, (sums.get(status) ?? 0) + count);
  };
  const listed = await listProjects("filter", store, projects);
  let left = listed.entries.length;
  let isComplete = true;
  const lookAt = Math.ceil(LOOK_AT / Math.min(left, PROJECTS_OF_A_READ));
  const parts = readEachProject(store, "filter", listed, (reader, project) =>
    beginCount(reader, project, { ...search, projectId: project.id }, { releaseOrder, upTo, lookAt }),
  );
  for await (const part of parts) {
    left -= part.length;
    const begun = part.flatMap((each) => ("error" in each ? [] : (each.result ?? [])));
    // A project that cannot be read may have issues.
    if (part.some((each) => "error" in each)) isComplete = false;
    for (const { named, step } of begun) {
      add(step);
      if (named !== undefined) add({ counts: new Map([[named.state.status, 1]]) });
    }
    for (const { criteria, step } of begun) {
      for (let after = step.searchedTo; after !== null;) {
        if (isEnough(sums) || isLate()) return { counts: sums, isComplete: false };
        const request: IssueCountRequest = { ...criteria, lookAt: LOOK_AT, after, limit: upTo + 1 };
        const further = await store.read((reader) => reader.countIssues(request));
        add(further);
        if (further.searchedTo !== null && further.searchedTo <= after)
          throw storeRepeats("a step of a count of issues");
        after = further.searchedTo;
      }
    }
    const isSearching = begun.some(({ criteria }) => isSearch(criteria));
    if (left > 0 && (isEnough(sums) || (isSearching && isLate()))) return { counts: sums, isComplete: false };
  }
  return { counts: sums, isComplete };
}

/** Says whether another step would end after so many milliseconds, if it took as long as the time since it was last asked. */
function stopwatch(withinMs: number): () => boolean {
  let last = performance.now();
  const end = last + withinMs;
  return () => {
    const now = performance.now();
    const wouldEnd = now + (now - last);
    last = now;
    return wouldEnd > end;
  };
}

async function beginCount(
  reader: StoreReader,
  project: Project,
  filter: CheckedFilter,
  { releaseOrder, upTo, lookAt }: Pick<Counted, "releaseOrder" | "upTo"> & Required<Pick<IssueCountRequest, "lookAt">>,
): Promise<BegunCount | undefined> {
  const criteria = await findCriteria(reader, filter, releaseOrder);
  if (criteria === undefined) return undefined;
  const found = await findNamed(reader, project, criteria);
  const named = found !== undefined && matchesSearch(found, criteria.search) ? undefined : found;
  const looking = isSearch(criteria) ? { lookAt } : {};
  const step = await reader.countIssues({ ...criteria, ...looking, after: null, limit: upTo + 1 });
  return { criteria, named, step };
}
