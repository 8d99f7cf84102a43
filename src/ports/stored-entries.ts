import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import { utf16Of } from "../core/text.ts";
import type { Issue } from "../core/issue.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { AlertTally, OutboxEntry } from "./alert-outbox.ts";
import type {
  GroupRef,
  IssueUser,
  MarkRef,
  ProjectRelease,
  StoredEvent,
  StoredKind,
  StoredProject,
} from "./issue-store.ts";

/** An issue with its counter. Its other belongings are entries of their own. */
export interface StoredIssue {
  readonly issue: Issue;
  /** Its counter as it was last saved; `null` for none. */
  readonly counter: Uint8Array | null;
}

/** A group of an issue, whether it opened the issue or was added. */
export interface StoredGroup extends Pick<GroupRef, "projectId" | "strategy"> {
  readonly issueId: string;
  /** Its grouping key; of one with {@link LONG_KEY_LENGTH} characters or more the hash, because a store need not keep it. */
  readonly key: string | { readonly sha256: string };
}

/** What happened to an issue in a release. The release has the rest. */
export interface StoredMark extends MarkRef {
  readonly last: ReleaseMark["last"];
  /** When a fix was last claimed there; `null` for never. */
  readonly fixedAt: number | null;
  /** Whether the issue ever occurred there. */
  readonly seen: boolean;
}

/** Entries of all kinds, as values that do not depend on the store that they come from. */
export interface StoredEntries {
  readonly projects?: readonly StoredProject[];
  readonly releases?: readonly ProjectRelease[];
  readonly issues?: readonly StoredIssue[];
  readonly groups?: readonly StoredGroup[];
  readonly turningPoints?: readonly TurningPoint[];
  readonly users?: readonly IssueUser[];
  readonly marks?: readonly StoredMark[];
  readonly events?: readonly StoredEvent[];
  /** None on a store without an outbox. */
  readonly alerts?: readonly OutboxEntry[];
  /** None on a store without an outbox. */
  readonly tallies?: readonly AlertTally[];
}

/** Which entries to return. */
export interface StoredPageRequest {
  readonly kind: StoredKind;
  /** Where the page before ended; `null` for the first. */
  readonly after: string | null;
  /**
   * About how many entries to return; at least 1. A store SHOULD end a page earlier where it has more than about a million characters. A
   * store in memory MAY return all of them.
   */
  readonly limit: number;
}

/** A page of entries. */
export interface StoredPage {
  /** Those of the requested kind, and no others. */
  readonly entries: StoredEntries;
  /** The `after` of the next page; `null` after the last. */
  readonly next: string | null;
}

/**
 * The length from which a grouping key is long, in UTF-16 code units: of such a key the SQL stores have the hash, and the rest only up to
 * 500 characters with their escapes.
 */
export const LONG_KEY_LENGTH = 100;

/** The key of a group in its {@link StoredGroup}. */
export function storedKeyOf(group: Pick<GroupRef, "strategy" | "key">): StoredGroup["key"] {
  return group.key.length < LONG_KEY_LENGTH ? group.key : { sha256: longKeyHash(group) };
}

/** The SHA-256 of a group's strategy and key, in UTF-16 (little-endian), as 64 hexadecimal digits. */
export function longKeyHash({ strategy, key }: Pick<GroupRef, "strategy" | "key">): string {
  return bytesToHex(sha256(utf16Of(`${String(strategy.length)}:${strategy}${key}`)));
}

/** The mark of what happened in a release, with its order key alone: for use within a store, which stores no more of it. */
export function bareMark({ orderKey, last, fixedAt, seen }: Omit<StoredMark, "issueId">): ReleaseMark {
  const release = { version: "", line: "", number: 0, orderKey, releasedAt: null };
  if (last === "fixed" && fixedAt !== null) return { ...release, last, fixedAt, seen };
  return { ...release, last: "seen", fixedAt };
}
