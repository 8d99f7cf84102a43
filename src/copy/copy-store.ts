import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, readMember, requireObject } from "../core/input.ts";
import { callback, object, optional, type Shape } from "../core/shape.ts";
import type { StoredCounts } from "../core/stored-counts.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { requireStore } from "../ports/require-store.ts";
import { countStats } from "../tracker/stats.ts";
import { withPauses } from "../tracker/tracker-store.ts";
import {
  COPIED_KINDS,
  endOfStep,
  listOf,
  readPage,
  sliceOf,
  writeEntries,
  type CopiedEntries,
  type CopiedKind,
} from "./copied-kinds.ts";
import { readPosition, startOf, textOf, type CopyPosition, type CopyProgress } from "./copy-progress.ts";
import { contentsOf, eachPage, requireEqual, type Contents } from "./proof.ts";

/** Options of {@link copyStore}. */
export interface CopyOptions {
  /** Called after each step, and awaited. What it throws, or rejects with, ends the copy, which can be resumed. Default: nothing. */
  readonly onProgress?: (progress: CopyProgress) => unknown;
  /** Ends the copy after the present step; it can be resumed. Default: none. */
  readonly signal?: AbortSignal;
}

/** What was copied, and was found equal in both stores. */
export interface CopyOutcome {
  readonly counts: StoredCounts;
  /** For each kind a digest of its entries. It does not depend on the stores. */
  readonly digests: Readonly<Record<CopiedKind, string>>;
}

const copyOptions = object(
  {
    onProgress: optional(callback<(progress: CopyProgress) => unknown>()),
    signal: optional(requireSignal),
  } satisfies Record<keyof CopyOptions, Shape<unknown>>,
  "{ onProgress: console.log }",
);

/**
 * Copies everything that a store holds to an empty one, and proves that both are equal. A tracker on the copy then answers everything as
 * one on the original, and goes on in the same way. Stop all that writes to either store, trackers with their deliveries too, until it has
 * ended: the proof finds what changed meanwhile, and the copy fails.
 *
 * Works in steps, each a short transaction of about 500 entries. Where a copy ends early, for whatever reason, another call with the same
 * stores goes on where it stopped, which the target keeps until the proof has succeeded. Leases of alerts do not go with them: an
 * alert that is being delivered is due again when its lease ends. Nor do places in the feed: its readers begin anew.
 *
 * @param from - the store to copy. It is only read
 * @param to - an empty store, or one into which the same store was copied in part
 * @throws `IssueLifecycleError` `invalid-input`; `store-not-empty` if the target holds something else; `no-outbox` if alerts are stored,
 *   and the target cannot hold any; `copy-differs` if the proof fails; `corrupt-data` if something cannot be read; `store-conflict` if
 *   another copy into the target is running; the reason of the signal; and what the stores throw
 *
 * @example
 * ```ts
 * import { createMemoryStore, type IssueStore } from "issue-lifecycle";
 * import { copyStore } from "issue-lifecycle/copy";
 *
 * async function toMemory(store: IssueStore): Promise<IssueStore> {
 *   const copy = createMemoryStore();
 *   const { counts } = await copyStore(store, copy);
 *   console.log(`${counts.issues} issues were copied.`);
 *   return copy;
 * }
 * ```
 */
export async function copyStore(from: IssueStore, to: IssueStore, options?: CopyOptions): Promise<CopyOutcome> {
  const { onProgress, signal } = copyOptions("options", options ?? {});
  const [source, target] = [withPauses(requireStore("from", from)), withPauses(requireStore("to", to))];
  if (from === to) throw invalidInput("to", to, "another store than from");
  const report = async (progress: CopyProgress): Promise<void> => {
    signal?.throwIfAborted();
    await onProgress?.(progress);
  };
  signal?.throwIfAborted();
  await requireOutbox(source, target);
  const position = (await positionIn(target)) ?? (await begin(target));
  await new Copy(source, target, report, position).run();
  const contents = await check(source, target, report);
  await target.transaction((transaction) => move(transaction, startOf("proof"), {}, null));
  return contents;
}

/** Tells the host how far a copy has come. Rejects to end it. */
type Report = (progress: CopyProgress) => Promise<void>;

/** A copy that goes on from a position. */
class Copy {
  readonly #source: IssueStore;
  readonly #target: IssueStore;
  readonly #report: Report;
  #position: CopyPosition;

  constructor(source: IssueStore, target: IssueStore, report: Report, position: CopyPosition) {
    this.#source = source;
    this.#target = target;
    this.#report = report;
    this.#position = position;
  }

  async run(): Promise<void> {
    for (let kind = this.#position.kind; kind !== "proof"; kind = this.#position.kind) await this.#copyKind(kind);
  }

  async #copyKind(kind: CopiedKind): Promise<void> {
    const following: CopyPosition["kind"] = COPIED_KINDS[COPIED_KINDS.indexOf(kind) + 1] ?? "proof";
    await eachPage(
      kind,
      async (after) => {
        const { entries, next } = await this.#source.read((reader) => readPage(reader, kind, after));
        const { length } = listOf(entries, kind);
        let { skipped: start, done } = this.#position;
        do {
          const end = endOfStep(entries, start, length);
          done += end - start;
          const isLast = end >= length;
          const within = isLast ? { after: next, skipped: 0 } : { after, skipped: end };
          const position: CopyPosition = isLast && next === null ? startOf(following) : { kind, done, ...within };
          await this.#write(sliceOf(entries, start, end), position);
          await this.#report({ phase: "copy", kind, done });
          start = end;
        } while (start < length);
        return next;
      },
      this.#position.after,
    );
  }

  async #write(entries: CopiedEntries, position: CopyPosition): Promise<void> {
    await this.#target.transaction((transaction) => move(transaction, this.#position, entries, position));
    this.#position = position;
  }
}

async function check(source: IssueStore, target: IssueStore, report: Report): Promise<Contents> {
  const contents = await contentsOf(source, (kind, done) => report({ phase: "check-source", kind, done }));
  const copied = await contentsOf(target, (kind, done) => report({ phase: "check-target", kind, done }));
  requireEqual(contents, copied);
  return contents;
}

/** Where a copy into a store has stopped; `undefined` if none has. */
async function positionIn(target: IssueStore): Promise<CopyPosition | undefined> {
  const progress = await target.read((reader) => reader.findCopyProgress());
  return progress === null ? undefined : readPosition(progress);
}

/** Begins a copy into an empty store. */
async function begin(target: IssueStore): Promise<CopyPosition> {
  const beginning = startOf(COPIED_KINDS[0]);
  requireEmpty(await countStats(target));
  await target.transaction(async (transaction) => {
    await move(transaction, null, {}, beginning);
    // Another copy may have begun and ended since.
    requireEmpty(await countStats({ read: (work) => work(transaction) }));
  });
  return beginning;
}

function requireEmpty(counts: StoredCounts): void {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  if (found.length === 0) return;
  const listed = found.map(([kind, count]) => `${kind}: ${String(count)}`).join(", ");
  throw new IssueLifecycleError(
    "store-not-empty",
    `The store to copy to is not empty (${listed}), and no copy into it was begun. Give an empty one.`,
  );
}

/** Writes entries, and with them how far the copy has come (`null` at its end), unless another copy has moved on meanwhile. */
async function move(
  transaction: StoreTransaction,
  from: CopyPosition | null,
  entries: CopiedEntries,
  to: CopyPosition | null,
): Promise<void> {
  if ((await transaction.findCopyProgress()) !== textOf(from)) {
    throw new IssueLifecycleError("store-conflict", "Another copy into this store is running, or has ended.");
  }
  await writeEntries(transaction, entries, textOf(to));
}

async function requireOutbox(source: IssueStore, target: IssueStore): Promise<void> {
  const hasOutbox = await target.read(async ({ outbox }) => outbox !== undefined);
  if (hasOutbox) return;
  const { alerts, tallies } = await countStats(source);
  if (alerts + tallies === 0) return;
  throw new IssueLifecycleError("no-outbox", "The store to copy from holds alerts; the one to copy to has no outbox.");
}

function requireSignal(field: string, value: unknown): AbortSignal {
  const signal = requireObject(field, value, "an AbortSignal");
  if (isSignal(field, signal)) return signal;
  throw invalidInput(field, value, "an AbortSignal");
}

function isSignal(field: string, value: object): value is AbortSignal {
  return typeof readMember(`${field}.throwIfAborted`, value, "throwIfAborted") === "function";
}
