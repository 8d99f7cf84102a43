import { IssueLifecycleError } from "../core/errors.ts";
import type { StoredCounts } from "../core/stored-counts.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { isTurnLong, pause } from "../ports/pause.ts";
import { storeRepeats } from "../ports/progress.ts";
import { COPIED_KINDS, listOf, readPage, type CopiedKind } from "./copied-kinds.ts";
import { countStats } from "../tracker/stats.ts";
import { ContentDigest } from "./content-digest.ts";

/** What is known of the contents of a store. */
export interface Contents {
  readonly counts: StoredCounts;
  /** For each kind a digest of its entries that does not depend on their order. */
  readonly digests: Readonly<Record<CopiedKind, string>>;
}

/** Called after each step. */
type OnStep = (kind: CopiedKind, done: number) => Promise<void>;

/**
 * Reads all entries of a store, in steps.
 *
 * @param onStep - rejects to end it
 */
export async function contentsOf(store: IssueStore, onStep: OnStep): Promise<Contents> {
  const digest = (kind: CopiedKind): Promise<string> => digestOf(store, kind, onStep);
  const digests = {
    projects: await digest("projects"),
    releases: await digest("releases"),
    pendingReleases: await digest("pendingReleases"),
    issues: await digest("issues"),
    groups: await digest("groups"),
    turningPoints: await digest("turningPoints"),
    users: await digest("users"),
    marks: await digest("marks"),
    events: await digest("events"),
    alerts: await digest("alerts"),
    tallies: await digest("tallies"),
  };
  return { counts: await countStats(store), digests };
}

/**
 * Compares the contents of a store and its copy.
 *
 * @throws `IssueLifecycleError` `copy-differs`
 */
export function requireEqual(source: Contents, target: Contents): void {
  const differences = COPIED_KINDS.flatMap((kind) => differenceIn(kind, source, target) ?? []);
  if (differences.length === 0) return;
  throw new IssueLifecycleError(
    "copy-differs",
    `The stores differ in ${differences.join(", ")}. Either something wrote to one of them, or one of them is wrong: ` +
      "stop everything that writes to the source, and copy it to an empty store.",
  );
}

function differenceIn(kind: CopiedKind, source: Contents, target: Contents): string | undefined {
  if (kind !== "pendingReleases") {
    const [one, other] = [source.counts[kind], target.counts[kind]];
    if (one !== other) return `${kind} (${String(one)} in the source, ${String(other)} in the target)`;
  }
  return source.digests[kind] === target.digests[kind] ? undefined : `${kind} (their contents)`;
}

async function digestOf(store: IssueStore, kind: CopiedKind, onStep: OnStep): Promise<string> {
  const digest = new ContentDigest();
  await eachPage(kind, async (after) => {
    const { entries, next } = await store.read((reader) => readPage(reader, kind, after));
    for (const entry of listOf(entries, kind)) {
      if (isTurnLong()) await pause();
      digest.add(entry);
    }
    await onStep(kind, digest.count);
    return next;
  });
  return `${String(digest.count)}:${digest.toString()}`;
}

/** Walks through pages, from a position on. */
export async function eachPage(
  kind: CopiedKind,
  read: (after: string | null) => Promise<string | null>,
  first: string | null = null,
): Promise<void> {
  const passed = new Set<string>();
  for (let after = await read(first); after !== null; after = await read(after)) {
    if (passed.has(after)) throw storeRepeats(`the end of a page of ${kind}`);
    passed.add(after);
  }
}
