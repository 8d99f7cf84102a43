import { setBack } from "./clock-recovery.ts";
import { requireInstant } from "./input.ts";
import type { Instant, InstantInput } from "./instant.ts";
import { readRelease, type ReleaseOrder, type ReleasePlace } from "./release-order.ts";
import {
  compareReleases,
  EMPTY_TIMELINE,
  orderKeyOf,
  type KnownRelease,
  type Release,
  type ReleaseTimeline,
} from "./release.ts";

/** A release before and after all releases of its project were placed anew. */
export interface PlacedRelease {
  readonly before: Release;
  /** The same for several that are one release by the order; `null` for a text that the order does not read as a release. */
  readonly after: Release | null;
}

/** All releases of a project, placed. */
export interface PlacedReleases {
  readonly placed: readonly PlacedRelease[];
  /** The timeline, with all lines. */
  readonly timeline: ReleaseTimeline;
}

/**
 * Places all releases of a project as if they had become known one after the other, by their numbers, with their present dates
 * and standings. It is needed when the order is another one, a date was corrected, a release was retired, or dates were written
 * by a clock that was ahead.
 *
 * @param now - no release appeared later
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function placeReleases(releases: readonly Release[], order: ReleaseOrder, now: InstantInput): PlacedReleases {
  const nowMs = requireInstant("now", now);
  const lineNumbers = new Map<string, number>();
  let count = 0;
  for (const { line, lineNumber, number, placedBy } of releases) {
    count = Math.max(count, number, lineNumber);
    if (placedBy === order.version) lineNumbers.set(line, lineNumber);
  }
  const groups = Map.groupBy(
    releases.map((release) => ({ release, place: readRelease(order, release.version) })),
    ({ release, place }) => place?.name ?? release,
  );
  const after = new Map<Release, Release>();
  const lines = new Map<string, { number: number; latest: KnownRelease | undefined }>();
  let latest: KnownRelease | undefined;
  const inOrder = [...groups.values()].flatMap((group) => representativeOf(group) ?? []);
  for (const { place, release, members } of inOrder.sort((one, other) => one.release.number - other.release.number)) {
    const lineNumber = lineNumbers.get(place.line) ?? ++count;
    lineNumbers.set(place.line, lineNumber);
    const line = lines.get(place.line) ?? { number: lineNumber, latest: undefined };
    lines.set(place.line, line);
    const placed = placeAt(release, place, lineNumber, order.version, nowMs);
    const isKnown = placed.standing === "known";
    const becomesLatest = isKnown && (line.latest === undefined || compareReleases(placed, line.latest) > 0);
    const ranked = isKnown ? { ...placed, becameLatest: becomesLatest } : placed;
    if (becomesLatest && ranked.standing === "known") latest = line.latest = ranked;
    for (const member of members) after.set(member, ranked);
  }
  return {
    placed: releases.map((before) => ({ before, after: after.get(before) ?? null })),
    timeline: releases.length === 0 ? EMPTY_TIMELINE : { count, latest, placedBy: order.version, lines },
  };
}

interface Member {
  readonly release: Release;
  readonly place: ReleasePlace | null;
}

/** The release that stands for all that have one name: the first that is known, or else announced; with the earliest date. */
function representativeOf(
  group: readonly Member[],
): { readonly place: ReleasePlace; readonly release: Release; readonly members: readonly Release[] } | undefined {
  const place = group[0]?.place ?? undefined;
  const members = group.map(({ release }) => release).sort((one, other) => one.number - other.number);
  const known = members.filter((release) => release.standing === "known");
  const [firstKnown] = known;
  const release: Release | undefined =
    firstKnown === undefined
      ? (members.find(({ standing }) => standing === "announced") ?? members[0])
      : { ...firstKnown, releasedAt: Math.min(...known.map(({ releasedAt }) => releasedAt)) };
  return place === undefined || release === undefined ? undefined : { place, release, members };
}

function placeAt(release: Release, place: ReleasePlace, lineNumber: number, placedBy: string, now: Instant): Release {
  const { name, line } = place;
  const version = release.version.trim();
  const key = (date: Instant | null): string => orderKeyOf(place, lineNumber, release.number, date);
  if (release.standing === "announced") {
    const announcedAt = setBack(release.announcedAt, now);
    return { ...release, version, name, line, lineNumber, placedBy, announcedAt, orderKey: key(null) };
  }
  const releasedAt = setBack(release.releasedAt, now);
  return { ...release, version, name, line, lineNumber, placedBy, releasedAt, orderKey: key(releasedAt) };
}
