import type { UnreadableAt } from "../../core/page.ts";
import type { MarkedRelease, ReleaseMark } from "../../core/release-mark.ts";
import type { Release } from "../../core/release.ts";
import { corruptData } from "../../core/unreadable.ts";
import { TABLES, type TableRow } from "../schema/tables.ts";
import { damageIn, idText, isWhole, tolerant, undamaged, type TolerantRow, type Whole } from "./damage.ts";

/** A release's row. */
export type ReleaseRow = TableRow<"project_releases">;

/** The row of a release. */
export function releaseRow(project_key: number, release: Release): ReleaseRow {
  const { version, name, line, lineNumber, number, orderKey, standing, placedBy } = release;
  return {
    project_key,
    name,
    version,
    line,
    line_number: lineNumber,
    number,
    order_key: orderKey,
    standing,
    placed_by: placedBy,
    became_latest: release.standing === "known" && release.becameLatest,
    at: release.standing === "announced" ? release.announcedAt : release.releasedAt,
  };
}

/** The release of a row. */
export function releaseOf(row: ReleaseRow): Release {
  const { version, name, line, line_number: lineNumber, number, order_key: orderKey, placed_by: placedBy, at } = row;
  const base = { version, name, line, lineNumber, number, orderKey, placedBy };
  switch (row.standing) {
    case "announced":
      return { ...base, standing: "announced", announcedAt: at };
    case "known":
      return { ...base, standing: "known", releasedAt: at, becameLatest: row.became_latest };
    case "retired":
      return { ...base, standing: "retired", releasedAt: at };
  }
}

/** The columns of a release in a list. */
export const LISTED_RELEASE_COLUMNS = tolerant(TABLES.project_releases);

/** The release of a row, or what stands for one that cannot be read. */
export function releaseEntryOf(row: TolerantRow<typeof TABLES.project_releases>): Release | UnreadableAt<string> {
  if (isWhole(row)) return releaseOf(row);
  const version = idText(row.version);
  const error = corruptData(`Release ${JSON.stringify(version)}`, "", damageIn(row)?.cause);
  return { id: version, error, position: idText(row.order_key) };
}

/** The row of a mark. */
export function markRow(issue_id: string, project_key: number, mark: ReleaseMark): TableRow<"release_marks"> {
  return {
    issue_id,
    order_key: mark.orderKey,
    project_key,
    fixed_last: mark.last === "fixed",
    fixed_at: mark.fixedAt,
    seen: mark.last === "seen" || mark.seen,
  };
}

const { project_key: _project, ...ownMarkColumns } = TABLES.release_marks;
const { version, line, number, standing, at } = TABLES.project_releases;

/** The columns of a mark that are read of its release. */
export const MARKED_RELEASE_COLUMNS = { version, line, number, standing, at };

const markColumns = { ...ownMarkColumns, ...MARKED_RELEASE_COLUMNS };

/** The columns of a mark as they are read, with those of its release. */
export const MARK_COLUMNS = tolerant(markColumns);

/** A mark's row as it is read. */
export type StoredMarkRow = TolerantRow<typeof markColumns>;

/** The mark of a row, or what stands for one that cannot be read. */
export function markEntryOf(row: StoredMarkRow): ReleaseMark | UnreadableAt<string> {
  const position = idText(row.order_key);
  if (isWhole(row)) {
    const { fixed_last, fixed_at, seen } = row;
    return withHappened(markedReleaseOf(row), { fixed_last, fixed_at, seen });
  }
  const name = undamaged(row.version);
  const cause = name === undefined ? new Error("Its release is not stored, or cannot be read.") : damageIn(row)?.cause;
  const id = name ?? position;
  return { id, error: corruptData(`The mark for release ${JSON.stringify(id)}`, "", cause), position };
}

function markedReleaseOf(row: Whole<StoredMarkRow>): MarkedRelease {
  return {
    version: row.version,
    line: row.line,
    number: row.number,
    orderKey: row.order_key,
    releasedAt: row.standing === "announced" ? null : row.at,
  };
}

/** The columns of a mark that say what happened. */
type Happened = Pick<TableRow<"release_marks">, "fixed_last" | "fixed_at" | "seen">;

/** The mark of a release in which this happened. */
function withHappened(release: MarkedRelease, { fixed_last, fixed_at, seen }: Happened): ReleaseMark {
  if (fixed_last && fixed_at !== null) return { ...release, last: "fixed", fixedAt: fixed_at, seen };
  return { ...release, last: "seen", fixedAt: fixed_at };
}

/**
 * A mark of which only its order key and what happened are known. For use within a store, which stores nothing else of it.
 */
export function bareMarkOf(row: Happened & Pick<TableRow<"release_marks">, "order_key">): ReleaseMark {
  const release = { version: "", line: "", number: 0, orderKey: row.order_key, releasedAt: null };
  return withHappened(release, row);
}
