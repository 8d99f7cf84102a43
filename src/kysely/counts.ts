import { invalidInput } from "../core/input.ts";
import type { StoredCountRequest, StoredCountStep, StoredKind } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import type { ColumnKind } from "./dialects/dialect.ts";
import { COUNTED, type CountStatements, type KeyPart } from "./statements/count-statements.ts";

/** The key of a row. That of a table whose key is one column has it twice. */
export interface Position {
  readonly first: KeyPart;
  readonly second: KeyPart;
}

/** Statements on a range of keys. */
type RangeStatements = CountStatements[StoredKind]["above"];

/** Before all values of a column of a key. */
const LOWEST: Readonly<Record<ColumnKind, KeyPart>> = { integer: -1, text: "", bytes: "" };

/**
 * One step of a count. Of a table with a key of two columns it counts the rows that have the first value of the position where it begins,
 * and then others.
 */
export async function countStored(
  session: Session,
  statements: CountStatements,
  { kind, after, limit }: StoredCountRequest,
): Promise<StoredCountStep> {
  const { above, within } = statements[kind];
  const position = after === null ? lowestOf(kind) : readPosition(kind, after);
  let count = 0;
  if (within !== undefined && after !== null) {
    const rest = await countRange(session, within, position, limit);
    if (rest.last !== undefined) return { count: rest.count, next: nextOf(kind, rest.last) };
    count = rest.count;
  }
  const others = await countRange(session, above, position, Math.max(1, limit - count));
  return { count: count + others.count, next: others.last === undefined ? null : nextOf(kind, others.last) };
}

/** Counts the first rows of a range. Returns the key of the last one, if there may be more. */
async function countRange(
  session: Session,
  { nth, count }: RangeStatements,
  position: Position,
  limit: number,
): Promise<{ readonly count: number; readonly last: Position | undefined }> {
  const last = await session.first(nth, { ...position, others: limit - 1 });
  if (last !== undefined) return { count: limit, last };
  const found = await session.first(count, { ...position, limit });
  return { count: found?.count ?? 0, last };
}

/** Before all keys of a kind. */
export function lowestOf(kind: StoredKind): Position {
  const { first, second = first } = COUNTED[kind];
  return { first: LOWEST[first.kind], second: LOWEST[second.kind] };
}

/** The text of a position. */
export function nextOf(kind: StoredKind, { first, second }: Position): string {
  return COUNTED[kind].second === undefined ? String(first) : `${String(first)} ${String(second)}`;
}

/** The position of a text. A first value has no blank, because it is a number or hexadecimal digits. */
export function readPosition(kind: StoredKind, after: string): Position {
  const columns = COUNTED[kind];
  const end = columns.second === undefined ? after.length : after.indexOf(" ");
  const first = partOf(columns.first.kind, after.slice(0, Math.max(0, end)));
  const second = columns.second === undefined ? first : partOf(columns.second.kind, after.slice(end + 1));
  if (first !== undefined && second !== undefined) return { first, second };
  throw invalidInput("after", after, "the `next` of the step before");
}

function partOf(kind: ColumnKind, part: string): KeyPart | undefined {
  switch (kind) {
    case "integer":
      return /^-?\d+$/u.test(part) ? Number(part) : undefined;
    case "bytes":
      return /^(?:[0-9a-f]{2})+$/u.test(part) ? part : undefined;
    case "text":
      return part;
  }
}
