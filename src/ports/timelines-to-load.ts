import type { Release } from "../core/release.ts";
import type { LoadRequest, TimelineRequest } from "./issue-store.ts";

/**
 * The timelines that a load returns: those requested, and those of projects in which a requested release is neither known nor
 * retired, with the lines of such releases. For stores.
 *
 * @param releases - the releases found, in the order of the requested ones
 */
export function timelinesToLoad(
  { timelines = [], releases: refs = [] }: Pick<LoadRequest, "timelines" | "releases">,
  releases: readonly (Release | undefined)[],
): TimelineRequest[] {
  // A call for each event asks, and mostly there are none.
  if (timelines.length === 0 && releases.every(isPlaced)) return [];
  const lines = new Map(timelines.map((request) => [request.projectId, new Set(request.lines)]));
  refs.forEach(({ projectId, line }, place) => {
    if (isPlaced(releases[place])) return;
    const ofProject = lines.get(projectId) ?? new Set();
    lines.set(projectId, ofProject.add(line));
  });
  return Array.from(lines, ([projectId, names]) => ({ projectId, lines: [...names] }));
}

function isPlaced(release: Release | undefined): boolean {
  return release?.standing === "known" || release?.standing === "retired";
}
