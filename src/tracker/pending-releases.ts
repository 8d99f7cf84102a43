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

/*
 * Where many issues wait for the next release, the transaction that makes it known tells only the first ones of it. It is pending
 * until the others were told too, in steps of a transaction each. An issue answers as if it had been told at once: a read adds the
 * release to what it returns, and an issue is told before anything else happens to it.
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

/** Which of some issues were not told yet of a release that they waited for, by id: with what becomes of them. */
export async function untoldAmong(
  reader: StoreReader,
  issues: readonly (Issue | Unreadable)[],
  pending: PendingByProject,
): Promise<ReadonlyMap<string, FoundNextRelease>> {
  const untold = new Map<string, FoundNextRelease>();
  for (const [projectId, releases] of pending) {
    const ofProject = issues.filter(isReadable).filter((issue) => issue.projectId === projectId);
    const waiting = ofProject.filter(({ state }) => awaitsNextRelease(state));
    for (const found of await findNextReleases(reader, waiting, releases)) untold.set(found.before.id, found);
  }
  return untold;
}

/**
 * Tells issues that were loaded for a change of the releases that they waited for, and writes that.
 *
 * @returns whether any were told: then they have to be loaded again
 */
export async function tellLoaded(
  transaction: StoreTransaction,
  issues: readonly (Issue | Unreadable)[],
  pending: PendingByProject,
  context: OperationContext,
): Promise<boolean> {
  const untold = await untoldAmong(transaction, issues, pending);
  if (untold.size === 0) return false;
  const changes = new Changes(context);
  for (const each of untold.values()) addNextRelease(changes, each);
  await changes.writeTo(transaction);
  return true;
}

/** Tells all issues of a project within the transaction, which has locked the project. */
export async function tellAllAtOnce(
  transaction: StoreTransaction,
  projectId: string,
  context: OperationContext,
): Promise<void> {
  while (!(await tellSome(transaction, projectId, context))) if (isTurnLong()) await pause();
}

/** Tells the issues of a project in steps of a transaction each. */
export async function tellInSteps(
  store: IssueStore,
  projectId: string,
  context: OperationContext,
  isStopped: () => boolean = () => false,
): Promise<void> {
  for (let isLast = false; !isLast && !isStopped();) {
    isLast = await store.transaction(async (transaction) => {
      await transaction.load({ timelines: [{ projectId, lines: [] }] });
      return tellSome(transaction, projectId, context);
    });
  }
}

/** Tells as many issues as a step, and returns whether there are no others. */
async function tellSome(transaction: StoreTransaction, projectId: string, context: OperationContext): Promise<boolean> {
  const changes = new Changes(context);
  const { awaited, isLast } = await addNextReleases(transaction, projectId, [], changes);
  if (awaited.size > 0 || changes.finishedReleases.length > 0 || !isLast) await changes.writeTo(transaction);
  return isLast;
}

/** Tells the issues of all projects that have pending releases, such as those that a process left behind. */
export async function tellAllInSteps(store: IssueStore, context: OperationContext): Promise<void> {
  const pending = await store.read((reader) => reader.findPendingReleases("all"));
  for (const projectId of new Set(pending.map((each) => each.projectId))) await tellInSteps(store, projectId, context);
}

/** Tells issues in the background, after the commit of what made releases known. */
export class ReleaseNews {
  readonly #store: IssueStore;
  readonly #context: () => OperationContext;
  readonly #onError: (error: unknown) => void;
  /** The projects whose issues are to be told, once more where that is going on. */
  readonly #wanted = new Set<string>();
  /** By project. */
  readonly #running = new Map<string, Promise<void>>();
  #isEnding = false;

  constructor(store: IssueStore, context: () => OperationContext, onError: (error: unknown) => void) {
    this.#store = store;
    this.#context = context;
    this.#onError = onError;
  }

  /** Tells the issues of projects. What fails is left to `tick`. */
  spread(projectIds: Iterable<string>): void {
    for (const projectId of projectIds) {
      this.#wanted.add(projectId);
      if (!this.#running.has(projectId)) this.#running.set(projectId, this.#run(projectId));
    }
  }

  /** Waits until all issues are told. */
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
      while (this.#wanted.delete(projectId)) {
        await tellInSteps(this.#store, projectId, this.#context(), () => this.#isEnding);
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#running.delete(projectId);
    }
  }
}
