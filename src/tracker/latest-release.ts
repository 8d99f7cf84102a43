import type { Issue } from "../core/issue.ts";
import { readRelease, type ReleaseOrder } from "../core/release-order.ts";
import type { KnownRelease } from "../core/release.ts";
import type { StoreReader } from "../ports/issue-store.ts";

/** Finds for each of some issues of a project the latest release of the line in which it was last seen, or else the project's. */
export async function findLatestReleases(
  reader: StoreReader,
  projectId: string,
  issues: readonly Issue[],
  order: ReleaseOrder,
): Promise<(issue: Issue) => KnownRelease | undefined> {
  const lineOf = ({ lastSeenIn }: Issue): string | undefined =>
    lastSeenIn === undefined ? undefined : readRelease(order, lastSeenIn)?.line;
  const lines = new Set(issues.map(lineOf).filter((line) => line !== undefined));
  const timeline = (await reader.findTimelines([{ projectId, lines: [...lines] }])).get(projectId);
  return (issue) => {
    const line = lineOf(issue);
    return (line === undefined ? undefined : timeline?.lines.get(line)?.latest) ?? timeline?.latest;
  };
}
