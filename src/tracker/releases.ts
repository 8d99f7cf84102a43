import { applyNextRelease } from "../core/event-transition.ts";
import { requireInstant } from "../core/input.ts";
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
import {
  MAX_RELEASE_LENGTH,
  EMPTY_TIMELINE,
  registerRelease,
  type KnownRelease,
  type Release,
} from "../core/release.ts";
import { object, optional, text, type Shape } from "../core/shape.ts";
import { isReadable } from "../core/unreadable.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { Changes, type OperationContext } from "./changes.ts";
import { projectNotFound, requireProject, requireProjectId } from "./projects.ts";

/** A release to register. */
export interface ReleaseInput {
  readonly projectId: string;
  /** 1 to {@link MAX_RELEASE_LENGTH} characters. */
  readonly version: string;
  /** When it was released: orders releases that are not semantic versions. Default: now. */
  readonly releasedAt?: InstantInput;
}

/** A tracker's releases. */
export interface Releases {
  /**
   * Makes a release known before its first event. Registering a known release changes nothing. If it becomes the latest,
   * it is the fix of every issue that was resolved by the next release.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  register(release: ReleaseInput): Promise<KnownRelease>;
  /**
   * A page of a project's releases in order, last first. Includes announced ones and `""`.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  list(projectId: string, options?: PageOptions): Promise<Page<Release>>;
  /**
   * The last known release in order, or `undefined` if there is none; never `""`.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  latest(projectId: string): Promise<KnownRelease | undefined>;
}

const releaseInput = object(
  {
    projectId: requireProjectId,
    version: text(1, MAX_RELEASE_LENGTH),
    releasedAt: optional(requireInstant),
  } satisfies Record<keyof ReleaseInput, Shape<unknown>>,
  `{ projectId: "shop", version: "1.0.0" }`,
);
const listOptions = object(PAGE_MEMBERS, "{ limit: 100 }");

/** Cursors of lists of releases: order keys. */
const RELEASES: CursorFormat<string> = { list: "releases", write: String, read: readKey };

/** Creates the use cases for releases. */
export function createReleases(store: IssueStore, operationContext: () => OperationContext): Releases {
  return {
    async register(input) {
      const release = releaseInput("release", input);
      const context = operationContext();
      return store.transaction((transaction) => register(transaction, release, context));
    },
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
        return (await reader.findTimelines([id])).get(id)?.latest;
      });
    },
  };
}

async function register(
  transaction: StoreTransaction,
  input: { readonly projectId: string; readonly version: string; readonly releasedAt: Instant | undefined },
  context: OperationContext,
): Promise<KnownRelease> {
  const { projectId, version, releasedAt = context.now } = input;
  const ref = { projectId, version };
  const { projects, releases, timelines } = await transaction.load({ projectIds: [projectId], releases: [ref] });
  const project = projects.get(projectId)?.project;
  if (project === undefined) throw projectNotFound("release.projectId", projectId);
  const [found] = releases;
  if (found?.standing === "known") return found;
  const timeline = timelines.get(projectId) ?? EMPTY_TIMELINE;
  const { release, becameLatest } = registerRelease(timeline, version, releasedAt, found);
  const changes = new Changes(context);
  changes.releases.push({ projectId, release });
  const latest = { project, release, at: context.now, eventId: null };
  if (becameLatest) await addNextRelease(transaction, latest, changes);
  await changes.writeTo(transaction);
  return release;
}

/** A release that became the latest of its project. */
export interface NewLatestRelease {
  readonly project: Project;
  readonly release: KnownRelease;
  /** When it became the latest. */
  readonly at: Instant;
  /** The event that made it known, or `null`. */
  readonly eventId: string | null;
}

/**
 * Makes a new latest release the fix of the stored issues that await the next release. Adds that to the changes of the
 * transaction that makes it known, so that all of it is written at once.
 *
 * @param isChanged - whether the changes contain an issue already
 * @returns the number of these issues
 */
export async function addNextRelease(
  transaction: StoreTransaction,
  { project, release, at, eventId }: NewLatestRelease,
  changes: Changes,
  isChanged: (issueId: string) => boolean = () => false,
): Promise<number> {
  const { issues } = await transaction.load({ issues: { awaitingNextIn: project.id, limit: Number.MAX_SAFE_INTEGER } });
  let count = 0;
  for (const before of issues.filter(isReadable)) {
    const transition = isChanged(before.id) ? undefined : applyNextRelease(before, release, at, eventId);
    if (transition === undefined) continue;
    changes.updates.push({ before, after: transition.issue });
    changes.marks.push({ issueId: before.id, mark: transition.mark });
    changes.addTurningPoint(project, transition, null);
    count++;
  }
  return count;
}
