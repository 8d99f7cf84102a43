import { invalidInput, requireInstant } from "../core/input.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant, InstantInput } from "../core/instant.ts";
import {
  PAGE_MEMBERS,
  pageOf,
  readCursor,
  readKey,
  type CursorFormat,
  type Page,
  type PageOptions,
} from "../core/page.ts";
import type { Project } from "../core/project.ts";
import { MAX_RELEASE_LENGTH, readRelease, type ReleasePlace } from "../core/release-order.ts";
import {
  EMPTY_TIMELINE,
  registerRelease,
  type AnnouncedRelease,
  type KnownRelease,
  type Release,
  type ReleaseTimeline,
  type RetiredRelease,
} from "../core/release.ts";
import { object, optional, text, type Shape } from "../core/shape.ts";
import { SYSTEM, type Actor } from "../core/turning-point.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { Changes, type OperationContext } from "./changes.ts";
import { requireActor, type CommandOptions } from "./commands.ts";
import { addNextReleases } from "./next-release.ts";
import { applyPendingInSteps } from "./pending-releases.ts";
import { addPlacedReleases, placeReleasesAnew } from "./place-releases.ts";
import { projectNotFound, requireProject, requireProjectId } from "./projects.ts";
import { arePlaced } from "./project-releases.ts";

/** A release to register. */
export interface ReleaseInput {
  readonly projectId: string;
  /** 1 to {@link MAX_RELEASE_LENGTH} characters. */
  readonly version: string;
  /**
   * When it was released. It orders releases that have no version, and those of different lines. Default: now, and for a known
   * release the date it has. Later than now counts as now.
   */
  readonly releasedAt?: InstantInput;
}

/** A tracker's releases. */
export interface Releases {
  /**
   * Makes a release known before its first event. Registering a known release with another date corrects its date; otherwise
   * it changes nothing. If it becomes the latest of its line, it is the fix of every issue that waits for the next release there.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, `unknown-project`, or `release-retired`
   */
  register(release: ReleaseInput): Promise<KnownRelease>;
  /**
   * Retires a release that should not have been seen, such as the `999.9.9` of a test build. From then on it is as if it had
   * never been seen: it is no latest and no next release, its events are no regressions, and no fix can be claimed in it. Fix
   * claims in it are withdrawn; an issue without another one waits for the next release again. What already happened stays in
   * the histories. Retiring a retired release changes nothing.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, `unknown-project` or `unknown-release`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function undoTestBuild(tracker: IssueTracker) {
   *   await tracker.releases.retire({ projectId: "shop", version: "999.9.9", by: "ann" });
   * }
   * ```
   */
  retire(release: Pick<ReleaseInput, "projectId" | "version"> & Pick<CommandOptions, "by">): Promise<RetiredRelease>;
  /**
   * Restores a retired release: it becomes known now, with the date that it had. Withdrawn claims and deleted marks stay deleted.
   * Restoring a known release changes nothing.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, `unknown-project` or `unknown-release`
   */
  restore(release: Pick<ReleaseInput, "projectId" | "version"> & Pick<CommandOptions, "by">): Promise<KnownRelease>;
  /**
   * A page of a project's releases, line by line, the last of each line first. Includes announced and retired ones.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  list(projectId: string, options?: PageOptions): Promise<Page<Release>>;
  /**
   * The last release that became the latest of its line; `undefined` if the project knows none.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  latest(projectId: string): Promise<KnownRelease | undefined>;
}

const version = text(1, MAX_RELEASE_LENGTH);
const releaseInput = object(
  {
    projectId: requireProjectId,
    version,
    releasedAt: optional(requireInstant),
  } satisfies Record<keyof ReleaseInput, Shape<unknown>>,
  `{ projectId: "shop", version: "1.0.0" }`,
);
const releaseNamed = object(
  { projectId: requireProjectId, version, by: requireActor },
  `{ projectId: "shop", version: "999.9.9" }`,
);
const listOptions = object(PAGE_MEMBERS, "{ limit: 100 }");

/** Cursors of lists of releases: order keys. */
const RELEASES: CursorFormat<string> = { list: "releases", write: String, read: readKey };

/**
 * Creates the use cases for releases.
 *
 * @param applyPending - called after the commit with projects that have a pending release
 */
export function createReleases(
  store: IssueStore,
  operationContext: () => OperationContext,
  applyPending: (projectIds: readonly string[]) => void,
): Releases {
  /** Pending releases are applied before, in steps, so that the transaction of the edit has less to do. */
  async function edit<Edited>(input: unknown, work: (request: ReleaseEditRequest) => Promise<Edited>): Promise<Edited> {
    const { projectId, version: name, by } = releaseNamed("release", input);
    const context = operationContext();
    const place = requirePlace(context, name);
    await applyPendingInSteps(store, projectId, context);
    return store.transaction(async (transaction) => {
      const loaded = await loadRelease(transaction, projectId, place, context);
      return work({ transaction, loaded, place, by, context });
    });
  }

  return {
    async register(input) {
      const { projectId, version: name, releasedAt } = releaseInput("release", input);
      const context = operationContext();
      const place = requirePlace(context, name);
      const { release, isPending } = await store.transaction(async (transaction) => {
        const loaded = await loadRelease(transaction, projectId, place, context);
        return register(transaction, loaded, { place, version: name.trim(), releasedAt }, context);
      });
      if (isPending) applyPending([projectId]);
      return release;
    },
    retire: (input) => edit(input, retire),
    restore: (input) => edit(input, restore),
    async list(projectId, options = {}) {
      const id = requireProjectId("projectId", projectId);
      const { limit, cursor } = listOptions("options", options);
      const before = readCursor(RELEASES, cursor);
      return store.read(async (reader) => {
        await requireProject(reader, "projectId", id);
        const releases = await reader.pageReleases(id, before, limit + 1);
        return pageOf<Release, string>(RELEASES, releases, limit, ({ orderKey }) => orderKey);
      });
    },
    async latest(projectId) {
      const id = requireProjectId("projectId", projectId);
      return store.read(async (reader) => {
        await requireProject(reader, "projectId", id);
        return (await reader.findTimelines([{ projectId: id, lines: [] }])).get(id)?.latest;
      });
    },
  };
}

function requirePlace({ releaseOrder }: OperationContext, name: string): ReleasePlace {
  const place = readRelease(releaseOrder, name.trim());
  if (place === null) throw invalidInput("release.version", name, `the name of a release, as in "1.0.0"`);
  return place;
}

/** A release of a project, if it is stored. The project is locked. */
interface LoadedRelease {
  readonly project: Project;
  readonly found: Release | undefined;
  readonly timeline: ReleaseTimeline;
}

async function loadRelease(
  transaction: StoreTransaction,
  projectId: string,
  { name, line }: ReleasePlace,
  context: OperationContext,
): Promise<LoadedRelease> {
  for (let isPlaced = false; ; isPlaced = true) {
    const { projects, releases, timelines } = await transaction.load({
      projectIds: [projectId],
      releases: [{ projectId, name, line }],
      timelines: [{ projectId, lines: [line] }],
    });
    const project = projects.get(projectId)?.project;
    if (project === undefined) throw projectNotFound("release.projectId", projectId);
    const timeline = timelines.get(projectId) ?? EMPTY_TIMELINE;
    const [found] = releases;
    if (!arePlaced([found], timeline, context)) {
      if (isPlaced) throw storeRepeats("releases that were placed anew");
      await placeReleasesAnew(transaction, projectId, context);
      continue;
    }
    return { project, found, timeline };
  }
}

/** A release that was registered. */
interface RegisteredRelease {
  readonly release: KnownRelease;
  /** Whether it is still to be applied to issues that wait for it. */
  readonly isPending: boolean;
}

async function register(
  transaction: StoreTransaction,
  { project, found, timeline }: LoadedRelease,
  given: { readonly place: ReleasePlace; readonly version: string; readonly releasedAt: Instant | undefined },
  context: OperationContext,
): Promise<RegisteredRelease> {
  const { place, version: name } = given;
  const { now, releaseOrder } = context;
  const releasedAt = Math.min(given.releasedAt ?? now, now);
  if (found?.standing === "retired") {
    const message = `release.version: ${JSON.stringify(name)} was retired. Take it back by releases.restore().`;
    throw new IssueLifecycleError("release-retired", message, { field: "release.version" });
  }
  if (found?.standing === "known") {
    if (given.releasedAt === undefined || found.releasedAt === releasedAt) return { release: found, isPending: false };
    await replace(transaction, project, { ...found, releasedAt }, SYSTEM, context);
    return { release: await requireKnown(transaction, project.id, place), isPending: false };
  }
  const read = { version: found?.version ?? name, place, placedBy: releaseOrder.version };
  const { release } = registerRelease(timeline, read, releasedAt);
  const changes = new Changes(context);
  changes.releases.push({ projectId: project.id, release });
  if (found !== undefined && found.orderKey !== release.orderKey) {
    changes.movedMarks.push({ projectId: project.id, from: found.orderKey, to: release.orderKey });
  }
  let isPending = false;
  if (release.becameLatest) {
    const newLatest = [{ release, at: now, eventId: null, reached: 0 }];
    isPending = !(await addNextReleases(transaction, project.id, newLatest, changes)).isLast;
  }
  await changes.writeTo(transaction);
  return { release, isPending };
}

/** A request to retire or restore a release. */
interface ReleaseEditRequest {
  readonly transaction: StoreTransaction;
  readonly loaded: LoadedRelease;
  readonly place: ReleasePlace;
  readonly by: Actor;
  readonly context: OperationContext;
}

async function retire({ transaction, loaded, place, by, context }: ReleaseEditRequest): Promise<RetiredRelease> {
  const { project, found } = loaded;
  if (found?.standing === "retired") return found;
  if (found?.standing !== "known") throw releaseNotFound(place.name, found);
  const { releasedAt, becameLatest: _, ...others } = found;
  const retired: RetiredRelease = { ...others, standing: "retired", releasedAt };
  await replace(transaction, project, retired, by, context);
  return retired;
}

async function restore({ transaction, loaded, place, by, context }: ReleaseEditRequest): Promise<KnownRelease> {
  const { project, found, timeline } = loaded;
  if (found?.standing === "known") return found;
  if (found?.standing !== "retired") throw releaseNotFound(place.name);
  const number = timeline.count + 1;
  const known: KnownRelease = { ...found, standing: "known", number, becameLatest: false };
  await replace(transaction, project, known, by, context);
  return requireKnown(transaction, project.id, place);
}

/** Replaces a release, and places all releases of its project anew. */
async function replace(
  transaction: StoreTransaction,
  project: Project,
  release: Release,
  by: Actor,
  context: OperationContext,
): Promise<void> {
  const edit = (each: Release): Release => (each.name === release.name ? release : each);
  const changes = new Changes(context);
  await addPlacedReleases(transaction, { project, by, edit }, changes, context);
  await changes.writeTo(transaction);
}

async function requireKnown(
  transaction: StoreTransaction,
  projectId: string,
  { name, line }: ReleasePlace,
): Promise<KnownRelease> {
  const [release] = await transaction.findReleases([{ projectId, name, line }]);
  if (release?.standing === "known") return release;
  throw releaseNotFound(name);
}

function releaseNotFound(name: string, found?: AnnouncedRelease): IssueLifecycleError {
  const allowed =
    found === undefined
      ? "a release that is known"
      : "a release that is known; this one is only announced: withdraw its claims by reopen({ withdraw })";
  const { message } = invalidInput("release.version", name, allowed);
  return new IssueLifecycleError("unknown-release", message, { field: "release.version" });
}
