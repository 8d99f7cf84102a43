/**
 * Moves everything from one store to another, such as from SQLite to PostgreSQL.
 *
 * @module copy
 */
export { copyStore, type CopyOptions, type CopyOutcome } from "./copy-store.ts";
export type { CopyProgress } from "./copy-progress.ts";
export type { CopiedKind } from "./copied-kinds.ts";
export type { StoredCounts } from "../core/stored-counts.ts";
export type { IssueStore } from "../ports/issue-store.ts";
