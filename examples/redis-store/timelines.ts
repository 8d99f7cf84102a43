import { compareReleases, type KnownRelease, type Release, type ReleaseLine } from "issue-lifecycle/core";
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
