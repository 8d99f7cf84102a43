import { comparePositions, type IssueOrder } from "../core/issue-list.ts";
import { readNumber, type CursorFormat } from "../core/page.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import type { IssuePosition } from "../ports/issue-store.ts";

/** Where an issue is in a list: of several projects by value, number and project. */
export interface ListPosition extends IssuePosition {
  /** `""` in a list of one project. */
  readonly projectId: string;
}

/** Where a page begins, or ends, if it is read backwards. */
export interface ListStart {
  readonly reads: "forwards" | "backwards";
  readonly position: ListPosition;
  /** Whether the issue at this position is on the page. */
  readonly isIncluded: boolean;
}

/** The start from behind a position, or from before it. */
export function startAt(reads: ListStart["reads"], position: ListPosition): ListStart {
  return { reads, position, isIncluded: false };
}

/** The start from which what is on the other side of a start is read. */
export function turned({ reads, position, isIncluded }: ListStart): ListStart {
  return { reads: reads === "forwards" ? "backwards" : "forwards", position, isIncluded: !isIncluded };
}

/** Which of two positions of a list comes first where it is read in a direction. */
export function compareInList(one: ListPosition, other: ListPosition, descending: boolean): number {
  const distance = comparePositions(one, other) || compareByCodeUnits(one.projectId, other.projectId);
  return descending ? -distance : distance;
}

function compareByCodeUnits(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/**
 * After which position of a project to begin, so that the first issue is that of a start, or the one behind it: of issues with equal
 * positions, those of some projects are before the start, and those of others behind it.
 */
export function firstPosition(
  { position, isIncluded }: ListStart,
  projectId: string,
  { order, descending }: { readonly order: IssueOrder; readonly descending: boolean },
): IssuePosition {
  const { value, number } = position;
  const distance = compareInList({ value, number, projectId }, position, descending);
  const begins = distance === 0 ? isIncluded : distance > 0;
  return begins ? justBefore({ value, number }, order, descending) : { value, number };
}

/** The position before one, so that what is behind it begins there; where there is none, the same. */
function justBefore({ value, number }: IssuePosition, order: IssueOrder, descending: boolean): IssuePosition {
  const by = descending ? 1 : -1;
  const carried = { value: value + by, number: by > 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER };
  const next = order === "first-seen" ? { value: value + by, number: number + by } : { value, number: number + by };
  return [next, carried].find((each) => isPosition(each, order)) ?? { value, number };
}

/** Whether an issue can be at a position. */
function isPosition({ value, number }: IssuePosition, order: IssueOrder): boolean {
  if (order === "first-seen" && value !== number) return false;
  return Number.isSafeInteger(value) && Number.isSafeInteger(number);
}

/** Cursors of lists of issues. Those of several projects have the id of one. */
export function issueCursors(order: IssueOrder, direction: string, isOfSeveral: boolean): CursorFormat<ListStart> {
  return {
    list: `${isOfSeveral ? "projects-" : ""}${order}:${direction}`,
    write: ({ reads, position: { value, number, projectId }, isIncluded }) => {
      const start = START_WORDS[reads][isIncluded ? "included" : "excluded"];
      return `${start}:${String(value)}:${String(number)}${isOfSeveral ? `:${JSON.stringify(projectId)}` : ""}`;
    },
    read: (text) => {
      const [, word = "", valueText = "", numberText = "", projectText] = CURSOR.exec(text) ?? [];
      const start = STARTS.get(word);
      const [value, number] = [readNumber(valueText), readNumber(numberText)];
      const projectId = isOfSeveral ? readProjectId(projectText) : projectText === undefined ? "" : undefined;
      if (start === undefined || value === undefined || number === undefined || projectId === undefined) {
        return undefined;
      }
      return isPosition({ value, number }, order) ? { ...start, position: { value, number, projectId } } : undefined;
    },
  };
}

/** A word for the start, a value, a number and, in quotes, the id of a project. */
const CURSOR = /^([a-z-]+):(-?\d+):(-?\d+)(?::(.*))?$/su;

/** How starts begin in cursors. */
const START_WORDS = {
  forwards: { included: "from", excluded: "after" },
  backwards: { included: "up-to", excluded: "before" },
} as const satisfies Record<ListStart["reads"], unknown>;

const STARTS = new Map<string, Pick<ListStart, "reads" | "isIncluded">>(
  (["forwards", "backwards"] as const).flatMap((reads) => [
    [START_WORDS[reads].included, { reads, isIncluded: true }],
    [START_WORDS[reads].excluded, { reads, isIncluded: false }],
  ]),
);

/** The id of a project in a cursor; `undefined` for any other text. */
function readProjectId(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const id: unknown = JSON.parse(text);
    return typeof id === "string" && id.length <= MAX_PROJECT_ID_LENGTH ? id : undefined;
  } catch {
    return undefined;
  }
}
