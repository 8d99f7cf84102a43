import { mergeMarks, type ReleaseMark } from "../core/release-mark.ts";
import type { MarkMove } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { bareMarkOf, markRow } from "./rows/release-row.ts";
import type { RowOf } from "./schema/columns.ts";
import type { Statements } from "./statements/index.ts";
import type { MEETING_COLUMNS } from "./statements/mark-statements.ts";

/** The most moves of a batch: they fit one statement, with keys of any length. */
const MAX_MOVES = 200;

/** Moves that may be made at the same time: no mark moves twice, or to where another one moves from. */
export type MoveBatch = readonly MarkMove[];

/** Splits moves into batches, which have to be made one after the other. */
export function moveBatches(moves: readonly MarkMove[]): readonly MoveBatch[] {
  const batches: MarkMove[][] = [];
  let batch: MarkMove[] = [];
  let [sources, targets] = [new Set<string>(), new Set<string>()];
  for (const move of moves) {
    const { projectId, from, to } = move;
    if (from === to) continue;
    const [source, target] = [nameOf(projectId, from), to === null ? undefined : nameOf(projectId, to)];
    const isApart = !sources.has(source) && !targets.has(source) && (target === undefined || !sources.has(target));
    if (batch.length === 0 || batch.length === MAX_MOVES || !isApart) {
      batches.push((batch = []));
      [sources, targets] = [new Set(), new Set()];
    }
    batch.push(move);
    sources.add(source);
    if (target !== undefined) targets.add(target);
  }
  return batches;
}

/** Marks of an issue that get the same order key. */
interface MeetingMarks {
  readonly issueId: string;
  readonly projectKey: number;
  /** The order keys that they leave. */
  readonly left: readonly string[];
  /** What stays of them, at the key that they get. */
  readonly merged: ReleaseMark;
}

/** Moves issues' marks to other order keys. */
export class MarkMoves {
  readonly #session: Session;
  readonly #statements: Statements["marks"];
  readonly #keyOf: (projectId: string) => number;

  constructor(session: Session, { marks }: Statements, keyOf: (projectId: string) => number) {
    this.#session = session;
    this.#statements = marks;
    this.#keyOf = keyOf;
  }

  /** Finds the marks that get the same order key by a batch. */
  async findMeeting(batch: MoveBatch): Promise<readonly MeetingMarks[]> {
    const rows = await this.#session.find(this.#statements.meeting, this.#rowsOf(batch));
    if (rows.length === 0) return [];
    const places = new Map(batch.map(({ projectId, from }, place) => [nameOf(this.#keyOf(projectId), from), place]));
    // The one that is there already comes first, then the others in the order of the moves.
    const placeOf = (row: MeetingRow): number => places.get(nameOf(row.project_key, row.order_key)) ?? -1;
    const groups = Map.groupBy(rows, ({ issue_id, moved_to }) => `${issue_id} ${moved_to}`);
    return Array.from(groups.values(), (group) =>
      meetingOf(group.toSorted((one, other) => placeOf(one) - placeOf(other))),
    ).filter((meeting) => meeting !== undefined);
  }

  /**
   * Makes a batch of moves.
   *
   * @param meeting - the marks that {@link findMeeting} found for it
   */
  async make(batch: MoveBatch, meeting: readonly MeetingMarks[]): Promise<void> {
    const { deleteOfReleases, delete: deleteMarks, save, move } = this.#statements;
    const removed = batch.flatMap(({ projectId, from, to }) =>
      to === null ? { project_key: this.#keyOf(projectId), order_key: from } : [],
    );
    const left = meeting.flatMap(({ issueId, left: keys }) =>
      keys.map((order_key) => ({ issue_id: issueId, order_key })),
    );
    const merged = meeting.map(({ issueId, projectKey, merged: mark }) => markRow(issueId, projectKey, mark));
    await this.#session.write(deleteOfReleases, removed);
    await this.#session.write(deleteMarks, left);
    await this.#session.write(save, merged);
    await this.#session.write(move, this.#rowsOf(batch));
  }

  #rowsOf(batch: MoveBatch) {
    return batch.flatMap(({ projectId, from, to }) =>
      to === null ? [] : { project_key: this.#keyOf(projectId), order_key: from, moved_to: to },
    );
  }
}

function nameOf(project: string | number, orderKey: string): string {
  return `${orderKey} ${String(project)}`;
}

type MeetingRow = RowOf<typeof MEETING_COLUMNS>;

function meetingOf(rows: readonly MeetingRow[]): MeetingMarks | undefined {
  const [first, ...others] = rows;
  if (first === undefined) return undefined;
  const { issue_id: issueId, project_key: projectKey, moved_to } = first;
  const bare = (row: MeetingRow): ReleaseMark => bareMarkOf({ ...row, order_key: moved_to });
  return {
    issueId,
    projectKey,
    left: rows.map(({ order_key }) => order_key).filter((key) => key !== moved_to),
    merged: others.reduce((merged, row) => mergeMarks(merged, bare(row)), bare(first)),
  };
}
