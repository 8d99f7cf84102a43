import { comparePositions, isSearch } from "../core/issue-list.ts";
import { LISTED_STATUSES } from "../core/issue.ts";
import type { IssuePage, IssuePageRequest, IssuePosition } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { firstListedOf, listedIssueOf, positionIn, type ListedIssue } from "./listed-issue.ts";
import { placeOf, undamaged } from "./rows/damage.ts";
import { STATUS_CODES, type StoredIssueRow } from "./rows/issue-row.ts";
import type { Statements } from "./statements/index.ts";
import { searchParameters } from "./statements/issue-search.ts";
import { endingAt, endOf, indexPartsOf, stretchesOf, type IndexPart, type Stretch } from "./stretches.ts";

/** What is read of a project's issues: those in one state, in one part of the index of the order. */
interface Part {
  readonly status: number;
  readonly of: IndexPart;
  readonly stretches: readonly Stretch[];
}

/** Reads a page of a project's issues: of each state and each part of the index as much as the page can have. */
export async function readIssuePage(
  session: Session,
  statements: Statements["issues"],
  project_key: number,
  request: IssuePageRequest,
): Promise<IssuePage> {
  if (isBeyondAll(request)) return { entries: [], searchedTo: null };
  return new IssuePageReader(session, statements, project_key, request).read();
}

/** Whether a page begins behind all positions: what is stored there cannot be told apart by positions. */
function isBeyondAll({ after, descending }: IssuePageRequest): boolean {
  if (after === null) return false;
  return descending ? after.value <= Number.MIN_SAFE_INTEGER : after.value >= Number.MAX_SAFE_INTEGER;
}

class IssuePageReader {
  readonly #session: Session;
  readonly #statements: Statements["issues"];
  readonly #request: IssuePageRequest;
  /** What the issues of the page have to match. */
  readonly #matching: { readonly project_key: number } & ReturnType<typeof searchParameters>;

  constructor(session: Session, statements: Statements["issues"], project_key: number, request: IssuePageRequest) {
    this.#session = session;
    this.#statements = statements;
    this.#request = request;
    this.#matching = { project_key, ...searchParameters(request) };
  }

  async read(): Promise<IssuePage> {
    const { statuses, after, limit, order } = this.#request;
    const parts = statuses.flatMap((status) =>
      indexPartsOf(order).map((of): Part => {
        return { status: STATUS_CODES[status], of, stretches: stretchesOf(of, this.#request) };
      }),
    );
    const end = await this.#endOf(parts);
    const found: ListedIssue[] = [];
    for (const part of parts) {
      for (const row of await this.#rowsOf(part, end)) found.push(listedIssueOf(row, this.#request));
    }
    const isFirst = after === null && LISTED_STATUSES.every((status) => statuses.includes(status));
    const first = isFirst ? await this.#inUnknownStates() : [];
    const entries = [...first, ...this.#merge(found, end)].slice(0, limit);
    return { entries, searchedTo: entries.length < limit ? end : null };
  }

  /** Sorts issues of several parts up to an end. */
  #merge(issues: readonly ListedIssue[], end: IssuePosition | null): ListedIssue[] {
    const compare = this.#comparePositions;
    return issues
      .map((issue) => ({ issue, position: positionIn(issue, this.#request) }))
      .filter(({ position }) => end === null || compare(position, end) <= 0)
      .sort((one, other) => compare(one.position, other.position))
      .map(({ issue }) => issue);
  }

  /** Which of two positions comes first on the page. */
  readonly #comparePositions = (one: IssuePosition, other: IssuePosition): number => {
    const distance = comparePositions(one, other);
    return this.#request.descending ? -distance : distance;
  };

  /** Where to end, so that no more issues are looked at in any part than were requested; `null` for the end of the list. */
  async #endOf(parts: readonly Part[]): Promise<IssuePosition | null> {
    let end: IssuePosition | null = null;
    const { lookAt } = this.#request;
    if (lookAt === undefined) return null;
    for (const part of parts) {
      const ofPart = await this.#lastToLookAt(part, lookAt);
      if (ofPart !== null && (end === null || this.#comparePositions(ofPart, end) < 0)) end = ofPart;
    }
    return end;
  }

  async #lastToLookAt({ status, of, stretches }: Part, lookAt: number): Promise<IssuePosition | null> {
    const { order, descending } = this.#request;
    const { project_key } = this.#matching;
    for (const { sorting, bounds } of stretches) {
      const last = this.#statements.stretchEnd({ order, descending, sorting });
      const row = await this.#session.first(last, { project_key, status, ...bounds, others: lookAt - 1 });
      if (row === undefined) continue;
      const coarse = placeOf(row.coarse);
      return sorting === "coarse"
        ? endOf(of.valuesIn(coarse), descending)
        : { value: coarse, number: placeOf(row.number) };
    }
    return null;
  }

  /** The rows of a part up to an end: as many as the page can have. */
  async #rowsOf({ status, of, stretches }: Part, end: IssuePosition | null): Promise<StoredIssueRow[]> {
    const { order, descending, limit } = this.#request;
    const kind = { order, descending, isSearch: isSearch(this.#request) };
    const rows: StoredIssueRow[] = [];
    for (const { sorting, bounds } of end === null ? stretches : endingAt(stretches, of, end, this.#request)) {
      const statements = this.#statements.stretch({ ...kind, sorting, isBounded: end !== null });
      const values = { ...this.#matching, status, ...bounds, limit: limit - rows.length };
      const last = statements.reach && (await this.#session.first(statements.reach, values));
      if (last?.reach === null) continue;
      const reach = last?.reach === undefined ? undefined : undamaged(last.reach);
      rows.push(...(await this.#session.all(statements.rows, { ...values, reach: reach ?? values.reach })));
      if (rows.length === limit) break;
    }
    return rows;
  }

  /** Issues in states that this version does not know: they are in no order, and come before all others. */
  async #inUnknownStates(): Promise<ListedIssue[]> {
    const values = { ...this.#matching, limit: this.#request.limit };
    const { belowKnownStates, aboveKnownStates } = this.#statements;
    const rows = await this.#session.all(aboveKnownStates, values);
    rows.push(...(await this.#session.all(belowKnownStates, values)));
    return rows.map((row) => firstListedOf(row, this.#request));
  }
}
