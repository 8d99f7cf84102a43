import { orElse, refuseOtherMembers, requireInstant, requireObject, requireText } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import { MAX_RELEASE_LENGTH, NO_RELEASES, registerRelease, type KnownRelease, type Release } from "../core/release.ts";
import type { Project } from "../core/project.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import type { Surroundings } from "./changes.ts";
import { materializeStored } from "./materialize-next.ts";
import { pageOf, parsePage, type Page, type PageOptions } from "./page.ts";
import { requireProject } from "./projects.ts";

/** A release to register. */
export interface ReleaseInput {
  /** The project. */
  readonly projectId: string;
  /** The release, 1 to {@link MAX_RELEASE_LENGTH} characters. */
  readonly version: string;
  /** When it was released, which is its place among others that are not semver. Default: now. */
  readonly releasedAt?: Instant;
}

/** A tracker's releases. */
export interface Releases {
  /**
   * Makes a release known before any event of it comes; the date given first stands. If it becomes the latest, it is the
   * fix of every issue that was resolved by the next release.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  register(release: ReleaseInput): Promise<KnownRelease>;
  /**
   * A project's releases in order, last first, announced ones and `""` included.
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

const LIST = "releases";

/** The use-cases on releases. */
export function createReleases(store: IssueStore, clock: () => Instant, newId: () => string): Releases {
  return {
    async register(input) {
      const given = requireObject("release", input);
      refuseOtherMembers("release", given, ["projectId", "version", "releasedAt"]);
      const version = requireText("release.version", given["version"], 1, MAX_RELEASE_LENGTH);
      const now = clock();
      const releasedAt = requireInstant("release.releasedAt", orElse(given["releasedAt"], now));
      return store.transaction(async (transaction) => {
        const { project } = await requireProject(transaction, "release.projectId", given["projectId"]);
        return register(transaction, project, { version, releasedAt }, { now, newId });
      });
    },
    async list(projectId, options = {}) {
      const { limit, position } = parsePage(LIST, options);
      return store.read(async (reader) => {
        const { project } = await requireProject(reader, "projectId", projectId);
        const releases = await reader.pageReleases(project.id, position, limit + 1);
        return pageOf(LIST, releases, limit, ({ orderKey }) => orderKey);
      });
    },
    async latest(projectId) {
      return store.read(async (reader) => {
        const { project } = await requireProject(reader, "projectId", projectId);
        return (await reader.findTimelines([project.id])).get(project.id)?.latest;
      });
    },
  };
}

async function register(
  transaction: StoreTransaction,
  project: Project,
  { version, releasedAt }: { version: string; releasedAt: Instant },
  surroundings: Surroundings,
): Promise<KnownRelease> {
  const timelines = await transaction.lockTimelines([project.id]);
  const [found] = await transaction.findReleases([{ projectId: project.id, version }]);
  if (found?.standing === "known") return found;
  const { release, becameLatest } = registerRelease(
    timelines.get(project.id) ?? NO_RELEASES,
    version,
    releasedAt,
    found,
  );
  await transaction.saveReleases(project.id, [release]);
  if (becameLatest) {
    await materializeStored(transaction, { project, release, at: surroundings.now, eventId: null }, surroundings);
  }
  return release;
}
