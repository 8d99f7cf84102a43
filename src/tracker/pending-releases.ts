import type { Issue } from "../core/issue.ts";
import { awaitsNextRelease } from "../core/next-release.ts";
import { isReadable, type Unreadable } from "../core/unreadable.ts";
import type { IssueStore, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import { isTurnLong, pause } from "../ports/pause.ts";
import { Changes, type OperationContext } from "./changes.ts";
import {
  addNextRelease,
  addNextReleases,
  findNextReleases,
  findPendingReleases,
  type FoundNextRelease,
} from "./next-release.ts";
import { tryEach } from "./try-each.ts";

/*
 * Where many issues wait for the next release, the transaction that makes it known applies it only to the first ones of them. The
 * release is pending until it is applied to the others too, in steps of a transaction each. An issue answers as if it had been
 * applied at once: a read applies it to what it returns, and it is applied to an issue before anything else changes that.
 */

/** Pending releases by project. */
type PendingByProject = Awaited<ReturnType<typeof findPendingReleases>>;

/** The pending releases that issues may wait for, by project. */
export async function pendingFor(
  reader: StoreReader,
  issues: readonly (Issue | Unreadable)[],
): Promise<PendingByProject> {
  const projectIds = new Set<string>();
  for (const issue of issues) if (isReadable(issue) && awaitsNextRelease(issue.state)) projectIds.add(issue.projectId);
  return projectIds.size === 0 ? new Map() : findPendingReleases(reader, [...projectIds]);
}

/** What pending releases change about some issues, by id. */
export async function findPendingChanges(
  reader: StoreReader,
  issues: readonly (Issue | Unreadable)[],
  pending?: PendingByProject,
): Promise<ReadonlyMap<string, FoundNextRelease>> {
  const changes = new Map<string, FoundNextRelease>();
  for (const [projectId, releases] of pending ?? (await pendingFor(reader, issues))) {
    const ofProject = issues.filter(isReadable).filter((issue) => issue.projectId === projectId);
    const waiting = ofProject.filter(({ state }) => awaitsNextRelease(state));
    for (const found of await findNextReleases(reader, waiting, releases)) changes.set(found.before.id, found);
  }
  return changes;
}

/**
 * Applies pending releases to issues that were loaded for a change, and writes that.
 *
 * @returns whether any issue was changed: then they have to be loaded again
 */
export async function applyPendingToLoaded(
  transaction: StoreTransaction,
  issues: readonly (Issue | Unreadable)[],
  context: OperationContext,
  pending?: PendingByProject,
): Promise<boolean> {
  const found = await findPendingChanges(transaction, issues, pending);
  if (found.size === 0) return false;
  const changes = new Changes(context);
  for (const each of found.values()) addNextRelease(changes, each);
  await changes.writeTo(transaction);
  return true;
}

/** Applies the pending releases of a project to all issues within the transaction, which has locked the project. */
export async function applyPendingAtOnce(
  transaction: StoreTransaction,
  projectId: string,
  context: OperationContext,
): Promise<void> {
  while (!(await applyStep(transaction, projectId, context))) if (isTurnLong()) await pause();
}

/** Applies the pending releases of a project, in steps of a transaction each. */
export async function applyPendingInSteps(
  store: IssueStore,
  projectId: string,
  context: OperationContext,
  isStopped: () => boolean = () => false,
): Promise<void> {
  for (let isLast = false; !isLast && !isStopped();) {
    isLast = await store.transaction(async (transaction) => {
      await transaction.load({ timelines: [{ projectId, lines: [] }] });
      return applyStep(transaction, projectId, context);
    });
  }
}

/** Applies pending releases to as many issues as a step has, and returns whether there are no others. */
async function applyStep(
  transaction: StoreTransaction,
  projectId: string,
  context: OperationContext,
): Promise<boolean> {
  const changes = new Changes(context);
  const { awaited, isLast } = await addNextReleases(transaction, projectId, [], changes);
  if (awaited.size > 0 || changes.finishedReleases.length > 0 || !isLast) await changes.writeTo(transaction);
  return isLast;
}

/**
 * Applies the pending releases of all projects, such as those that a process left behind.
 *
 * @throws the first error, after it has tried all projects
 */
export async function applyAllPending(store: IssueStore, context: OperationContext): Promise<void> {
  const pending = await store.read((reader) => reader.findPendingReleases("all"));
  const projectIds = new Set(pending.map((each) => each.projectId));
  await tryEach(projectIds, (projectId) => applyPendingInSteps(store, projectId, context));
}

/** Applies pending releases in the background, after the commit of what made them known. */
export class PendingReleaseWorker {
  readonly #store: IssueStore;
  readonly #context: () => OperationContext;
  readonly #onError: (error: unknown) => void;
  /** The projects to work on, once more where that is going on. */
  readonly #requested = new Set<string>();
  /** By project. */
  readonly #running = new Map<string, Promise<void>>();
  #isEnding = false;

  constructor(store: IssueStore, context: () => OperationContext, onError: (error: unknown) => void) {
    this.#store = store;
    this.#context = context;
    this.#onError = onError;
  }

  /** Works on projects. What fails is left to `tick`. */
  start(projectIds: Iterable<string>): void {
    for (const projectId of projectIds) {
      this.#requested.add(projectId);
      if (!this.#running.has(projectId)) this.#running.set(projectId, this.#run(projectId));
    }
  }

  /** Waits until there is no more work. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Ends after the present step. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.settled();
  }

  async #run(projectId: string): Promise<void> {
    try {
      while (this.#requested.delete(projectId)) {
        await applyPendingInSteps(this.#store, projectId, this.#context(), () => this.#isEnding);
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#running.delete(projectId);
    }
  }
}
