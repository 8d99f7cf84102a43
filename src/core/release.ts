import { requireInstant } from "./input.ts";
import type { Instant, InstantInput } from "./instant.ts";
import { readSemver, type SemverPrecedence } from "./release-version.ts";

/** The longest release text, in UTF-16 code units. A longer one is refused, not shortened. */
export const MAX_RELEASE_LENGTH = 250;

/** How a release is ordered: by semantic version or by date. */
export type ReleaseScheme = "semver" | "dated";

interface ReleaseBase {
  /** The release as its events name it. `""` is the release of events without one. */
  readonly version: string;
  /** Its number in the project, from 1, in the order in which releases became known or were announced. */
  readonly number: number;
  readonly scheme: ReleaseScheme;
  /** The place of the release in the order of its project: order keys are compared as ASCII texts. */
  readonly orderKey: string;
}

/** A release that occurred in an event or was registered. */
export interface KnownRelease extends ReleaseBase {
  readonly standing: "known";
  /** The number of its epoch, a run of releases of one scheme: 0 for the first, one more at each change of scheme. */
  readonly epoch: number;
  /** When it was first seen, or the date it was registered with. */
  readonly releasedAt: Instant;
}

/**
 * A release in which a fix is claimed and that is not known yet. A semver one has its final place in the order; a dated
 * one is ordered after all known releases until it becomes known.
 */
export interface AnnouncedRelease extends ReleaseBase {
  readonly standing: "announced";
  /** Its epoch; `null` for a dated one. */
  readonly epoch: number | null;
  /** When the claim was made. */
  readonly announcedAt: Instant;
}

/** A version of the host application. */
export type Release = KnownRelease | AnnouncedRelease;

/** A summary of a project's releases that is enough to find the place of one more. */
export interface ReleaseTimeline {
  /** The last known release in order, `""` included. */
  readonly head: KnownRelease | undefined;
  /** The last known release in order other than `""`. */
  readonly latest: KnownRelease | undefined;
  /** The number of all releases, announced ones included. */
  readonly count: number;
}

/** The timeline of a project without releases. */
export const EMPTY_TIMELINE: ReleaseTimeline = { head: undefined, latest: undefined, count: 0 };

/** The result of a release becoming known. */
export interface ReleaseRegistration {
  readonly release: KnownRelease;
  /** Whether it is the new latest release, and so the next release for issues that wait for one. Never true for `""`. */
  readonly becameLatest: boolean;
  /** The timeline with the release. */
  readonly timeline: ReleaseTimeline;
}

/**
 * Adds a release to the order when it first occurs or is registered.
 *
 * The order between two known releases never changes: a release joins the epoch of the timeline's head if both have the
 * same scheme, else it opens the next epoch. Inside an epoch, semver releases are ordered by semantic version and dated
 * ones by date, equal ones by their numbers.
 *
 * @param releasedAt - when it occurred first, or the date it is registered with
 * @param announced - the same release if it was announced: it keeps its number, and a semver one its place
 */
export function registerRelease(
  timeline: ReleaseTimeline,
  version: string,
  releasedAt: InstantInput,
  announced?: AnnouncedRelease,
): ReleaseRegistration {
  const releasedAtMs = requireInstant("releasedAt", releasedAt);
  const semver = readSemver(version);
  const scheme: ReleaseScheme = semver === undefined ? "dated" : "semver";
  const epoch = announced?.epoch ?? openEpoch(timeline, scheme);
  const number = announced?.number ?? timeline.count + 1;
  const orderKey = placeInEpoch(epoch, semver ?? releasedAtMs, number);
  const release: KnownRelease = {
    standing: "known",
    version,
    number,
    scheme,
    epoch,
    orderKey,
    releasedAt: releasedAtMs,
  };
  const becameLatest = version !== "" && isAfter(release, timeline.latest);
  return {
    release,
    becameLatest,
    timeline: {
      head: isAfter(release, timeline.head) ? release : timeline.head,
      latest: becameLatest ? release : timeline.latest,
      count: Math.max(timeline.count, number),
    },
  };
}

/**
 * Adds a release that is not known yet because a fix is claimed in it. It becomes neither head nor latest.
 *
 * @param timeline - the project's releases. It has a head: a claim needs an issue, and so an event with a release.
 * @param announcedAt - when the fix was claimed
 */
export function announceRelease(
  timeline: ReleaseTimeline & { readonly head: KnownRelease },
  version: string,
  announcedAt: InstantInput,
): AnnouncedRelease {
  const announcedAtMs = requireInstant("announcedAt", announcedAt);
  const number = timeline.count + 1;
  const semver = readSemver(version);
  if (semver === undefined) {
    const orderKey = `${UNPLACED_KEYS_FROM}${sortableNumber(number)}`;
    return {
      standing: "announced",
      version,
      number,
      scheme: "dated",
      epoch: null,
      orderKey,
      announcedAt: announcedAtMs,
    };
  }
  const epoch = openEpoch(timeline, "semver");
  const orderKey = placeInEpoch(epoch, semver, number);
  return { standing: "announced", version, number, scheme: "semver", epoch, orderKey, announcedAt: announcedAtMs };
}

/** Compares releases of one project by their order, for `sort`. */
export function compareReleases(one: Release, other: Release): number {
  if (one.orderKey === other.orderKey) return 0;
  return one.orderKey < other.orderKey ? -1 : 1;
}

function isAfter(release: KnownRelease, other: KnownRelease | undefined): boolean {
  return other === undefined || compareReleases(release, other) > 0;
}

function openEpoch({ head }: ReleaseTimeline, scheme: ReleaseScheme): number {
  if (head === undefined) return 0;
  return head.scheme === scheme ? head.epoch : head.epoch + 1;
}

/** Order keys of announced dated releases are not below this one; all others are. */
export const UNPLACED_KEYS_FROM = "~";

function placeInEpoch(epoch: number, place: SemverPrecedence | Instant, number: number): string {
  const placeKey = typeof place === "number" ? sortableNumber(place) : semverKey(place);
  return `${sortableNumber(epoch)}.${placeKey}.${sortableNumber(number)}`;
}

/**
 * A semantic version as a text that sorts by its precedence. A digit before each pre-release identifier puts the end of
 * the list (0) before a number (1), a number before a word (2), and all of them before no pre-release (3). A word ends in
 * a blank, which sorts before all characters of words.
 */
function semverKey({ numbers, preRelease }: SemverPrecedence): string {
  const core = numbers.map(sortableDigits).join("");
  if (preRelease.length === 0) return `${core}3`;
  const identifiers = preRelease.map((each) => (/^\d+$/u.test(each) ? `1${sortableDigits(each)}` : `2${each} `));
  return `${core}${identifiers.join("")}0`;
}

function sortableNumber(value: number): string {
  return sortableDigits(String(value));
}

/** Digits as a text that sorts as their number does: their length, as two hexadecimal digits, comes first. */
function sortableDigits(digits: string): string {
  return digits.length.toString(16).padStart(2, "0") + digits;
}
