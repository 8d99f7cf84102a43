import { anyText, count, looseObject, nullable, oneOf } from "../core/shape.ts";
import { readStored } from "../core/stored.ts";
import { COPIED_KINDS, type CopiedKind } from "./copied-kinds.ts";

/** How far a copy has come, for the host. */
export interface CopyProgress {
  /** Whether entries are copied, or those of one of the stores are read for the proof. */
  readonly phase: "copy" | "check-source" | "check-target";
  /** What is copied or read at the moment. */
  readonly kind: CopiedKind;
  /** How many entries of the kind were copied or read; those that were copied before a copy was resumed, too. */
  readonly done: number;
}

/** Where a copy goes on, as it is kept in the target. */
export interface CopyPosition {
  /** What is copied; `"proof"` when everything is. */
  readonly kind: CopiedKind | "proof";
  /** The `after` of the page of the source. */
  readonly after: string | null;
  /** How many entries of that page are copied. */
  readonly skipped: number;
  /** How many entries of the kind are copied. */
  readonly done: number;
}

/** Where the copy of a kind begins. */
export function startOf(kind: CopyPosition["kind"]): CopyPosition {
  return { kind, after: null, skipped: 0, done: 0 };
}

const positionShape = looseObject<CopyPosition>({
  kind: oneOf([...COPIED_KINDS, "proof"]),
  after: nullable(anyText),
  skipped: count,
  done: count,
});

/** The text of a position; `null` for none. */
export function textOf(position: CopyPosition | null): string | null {
  if (position === null) return null;
  const { kind, after, skipped, done } = position;
  return JSON.stringify({ kind, after, skipped, done });
}

/**
 * The position of a text.
 *
 * @throws `IssueLifecycleError` `corrupt-data`
 */
export function readPosition(text: string): CopyPosition {
  return readStored("the progress of a copy", text, positionShape);
}
