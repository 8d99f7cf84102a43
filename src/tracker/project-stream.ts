import { isSearch, type IssueOrder } from "../core/issue-list.ts";
import type { UnreadableAt } from "../core/page.ts";
import type { Project } from "../core/project.ts";
import type { ReleaseOrder } from "../core/release-order.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { IssueCriteria, IssuePage, IssuePageRequest, IssuePosition, StoreReader } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { findCriteria, findNamed, isBehind, positionOf, type CheckedSearch } from "./issue-filter.ts";
import { firstPosition, type ListPosition, type ListStart } from "./list-position.ts";
import type { ListedProjects } from "./listed-projects.ts";
import { findPendingChanges } from "./pending-releases.ts";
import { describeUnreadable, trackedIssue, type TrackedIssue } from "./tracked-issue.ts";

/** A list of which a page is read. */
export interface IssueList {
  readonly projects: ListedProjects;
  readonly search: CheckedSearch;
  readonly releaseOrder: ReleaseOrder;
  readonly order: IssueOrder;
  readonly descending: boolean;
  readonly limit: number;
}

type Entry = TrackedIssue | UnreadableAt<IssuePosition>;

/** An entry and where it is in its list. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly position: ListPosition;
}

/** How much a step reads. */
export interface StepSize {
  /** The most entries. */
  readonly limit: number;
  /** About how many issues a search looks at. */
  readonly lookAt: number;
}

/** What a step has read. */
interface Step {
  readonly entries: readonly PlacedEntry[];
  /** Up to where; `null` for the end of the list. */
  readonly end: IssuePosition | null;
  readonly limit: number;
}

/** What is read of one project, from where on, and in which direction. */
interface Source {
  readonly list: IssueList;
  readonly project: Project;
  readonly criteria: IssueCriteria;
  readonly descending: boolean;
  readonly start: ListStart | null;
}

/** The first step in a project. */
export interface OpenedStream {
  /** `undefined` if no issue can match. */
  readonly stream: ProjectStream | undefined;
  /** The issue that is searched for by its friendly id, if it is of this project. */
  readonly named: TrackedIssue | undefined;
}

/** Does the first step in a project. */
export async function openStream(
  reader: StoreReader,
  source: Omit<Source, "criteria">,
  size: StepSize,
): Promise<OpenedStream> {
  const { project } = source;
  const { search, releaseOrder } = source.list;
  const criteria = await findCriteria(reader, { ...search, projectId: project.id }, releaseOrder);
  if (criteria === undefined) return { stream: undefined, named: undefined };
  const found = await findNamed(reader, project, criteria);
  const [named] = found === undefined ? [] : await describe(reader, project, [found]);
  const stream = new ProjectStream({ ...source, criteria });
  stream.add(await stream.read(reader, size));
  return { stream, named: named === undefined || isUnreadable(named) ? undefined : named };
}

/** What a list reads of one project, step by step. */
export class ProjectStream {
  readonly #source: Source;
  /** Read, and not taken. */
  readonly #entries: PlacedEntry[] = [];
  #after: IssuePosition | null;
  #isAtEnd = false;
  #limit = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#after = this.#firstPosition();
  }

  /** Whether its steps look at issues one by one. */
  get isSearch(): boolean {
    return isSearch(this.#source.criteria);
  }

  /** Whether it has to be read on before more can be taken. */
  get needsStep(): boolean {
    return this.#entries.length === 0 && !this.#isAtEnd;
  }

  /** How many entries its last step might have read. */
  get limit(): number {
    return this.#limit;
  }

  /** The position of its next entry, or up to which it has none; `null` at its end. */
  get position(): ListPosition | null {
    const [next] = this.#entries;
    if (next !== undefined) return next.position;
    return this.#isAtEnd || this.#after === null ? null : this.#placed(this.#after);
  }

  /** Its next entry; `undefined` where it has to be read on. */
  take(): PlacedEntry | undefined {
    return this.#entries.shift();
  }

  /** Reads the next step, and changes nothing: a store may run this again. */
  async read(reader: StoreReader, { limit, lookAt }: StepSize): Promise<Step> {
    const { list, project, criteria, descending } = this.#source;
    const { order } = list;
    const looking = isSearch(criteria) ? { lookAt } : {};
    const request: IssuePageRequest = { ...criteria, ...looking, order, descending, after: this.#after, limit };
    const { entries, searchedTo } = await reader.pageIssues(request);
    const last = entries.at(-1);
    const end = last === undefined || entries.length < limit ? searchedTo : positionOf(last, order);
    // Issues in unknown states have no positions of their own: none of them comes after the first step.
    const isCut = end !== null && this.#after === null && Math.abs(end.value) === Number.MAX_SAFE_INTEGER;
    if (isCut && limit <= list.limit) return this.read(reader, { limit: list.limit + 1, lookAt });
    const described = await describe(reader, project, entries);
    const placed = described.map((entry) => ({ entry, position: this.#placed(positionOf(entry, order)) }));
    return { entries: placed, end, limit };
  }

  /** Adds what was read. */
  add({ entries, end, limit }: Step): void {
    for (const entry of entries) this.#entries.push(entry);
    this.#limit = limit;
    if (end === null || this.#isBehindRange(end)) {
      this.#isAtEnd = true;
      return;
    }
    if (!isBehind(end, this.#after, this.#source)) throw storeRepeats("a page of issues");
    this.#after = end;
  }

  #placed({ value, number }: IssuePosition): ListPosition {
    const { list, project } = this.#source;
    return { value, number, projectId: list.projects.kind === "one" ? "" : project.id };
  }

  /** After which position to begin: that of the start, or behind which the range begins that a filter wants. */
  #firstPosition(): IssuePosition | null {
    const { list, descending, start } = this.#source;
    const range = this.#rangeStart();
    if (start === null) return range;
    const { projectId } = this.#placed(start.position);
    const after = firstPosition(start, projectId, { order: list.order, descending });
    return range !== null && isBehind(range, after, { descending }) ? range : after;
  }

  #rangeStart(): IssuePosition | null {
    const { list, descending } = this.#source;
    const { lastSeenFrom, lastSeenBefore } = list.search;
    if (list.order !== "last-seen") return null;
    if (descending) {
      return lastSeenBefore === undefined ? null : { value: lastSeenBefore, number: Number.MIN_SAFE_INTEGER };
    }
    return lastSeenFrom === undefined ? null : { value: lastSeenFrom - 1, number: Number.MAX_SAFE_INTEGER };
  }

  /** Whether all issues behind a position of a list by time are outside the range that a filter wants. */
  #isBehindRange({ value }: IssuePosition): boolean {
    const { list, descending } = this.#source;
    const { lastSeenFrom = value, lastSeenBefore = value + 1 } = list.search;
    if (list.order !== "last-seen") return false;
    return descending ? value < lastSeenFrom : value >= lastSeenBefore;
  }
}

/** Issues as lists show them. */
async function describe(
  reader: StoreReader,
  project: Project,
  entries: IssuePage["entries"],
): Promise<readonly Entry[]> {
  const pending = await findPendingChanges(reader, entries);
  return entries.map((issue) =>
    isUnreadable(issue)
      ? { ...describeUnreadable(project, issue), position: issue.position }
      : trackedIssue(project, pending.get(issue.id)?.transition.issue ?? issue),
  );
}
