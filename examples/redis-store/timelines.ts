import { compareReleases, type KnownRelease, type Release, type ReleaseLine } from "issue-lifecycle/core";
import type { ReleaseRef, TimelineRequest } from "issue-lifecycle/store";
import type { TimelineDocument } from "./documents.ts";

/** The timeline of a project with these releases. */
export function timelineOf(releases: readonly Release[]): TimelineDocument {
  const byNumber = releases.toSorted((one, other) => one.number - other.number);
  const latest = byNumber.filter(isKnown).findLast(({ becameLatest }) => becameLatest);
  const lines = new Map<string, ReleaseLine>();
  for (const release of byNumber) {
    const { latest: before } = lines.get(release.line) ?? {};
    const isLater = isKnown(release) && (before === undefined || compareReleases(release, before) > 0);
    lines.set(release.line, { number: release.lineNumber, latest: isLater ? release : before });
  }
  return { latest, placedBy: byNumber.at(-1)?.placedBy, lines: [...lines] };
}

function isKnown(release: Release | undefined): release is KnownRelease {
  return release?.standing === "known";
}

/** The requested timelines, and those of projects in which a release is neither known nor retired, with its line. */
export function timelinesToLoad(
  requests: readonly TimelineRequest[],
  refs: readonly ReleaseRef[],
  found: readonly (Release | undefined)[],
): TimelineRequest[] {
  const unknown = refs.filter((_, index) => !isKnown(found[index]) && found[index]?.standing !== "retired");
  return [...new Set([...requests, ...unknown].map(({ projectId }) => projectId))].map((projectId) => {
    const requested = requests.filter((each) => each.projectId === projectId).flatMap(({ lines }) => lines);
    const others = unknown.filter((each) => each.projectId === projectId).map(({ line }) => line);
    return { projectId, lines: [...new Set([...requested, ...others])] };
  });
}
