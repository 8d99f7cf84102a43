import { slugKeyOf, type Project } from "../core/project.ts";
import type { IssueStore, ProjectPageRequest } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** How many projects are read, and in memory, at a time. */
const PAGE_SIZE = 1_000;

/**
 * All projects by slug, read in pages: the next page is read when the projects of the one before were taken. One that is given another
 * slug meanwhile may be missing, or come twice.
 *
 * @param isEnded - whether to end before the next page. Default: never
 * @throws {@link IssueLifecycleError} `corrupt-data` if a page ends no further than the one before
 */
export async function* eachProject(
  store: Pick<IssueStore, "read">,
  isEnded: () => boolean = () => false,
): AsyncGenerator<Project> {
  let after: string | null = null;
  while (!isEnded()) {
    const request: ProjectPageRequest = { after, limit: PAGE_SIZE };
    const page = await store.read((reader) => reader.findProjects(request));
    const last = page.at(-1);
    if (last === undefined) return;
    const end = slugKeyOf(last.project.slug);
    if (after !== null && end <= after) throw storeRepeats("a page of projects");
    for (const { project } of page) yield project;
    if (page.length < PAGE_SIZE) return;
    after = end;
  }
}
