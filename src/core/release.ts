import type { Instant } from "./instant.ts";
import { readSemver, type SemverPrecedence } from "./release-version.ts";

/** The longest release text, in UTF-16 code units. A longer one is refused, never cut. */
export const MAX_RELEASE_LENGTH = 250;

/** How a release is sorted among its neighbours: by semantic version, or by date. */
export type ReleaseScheme = "semver" | "dated";

interface ReleaseBase {
  /** The release as the host writes it. `""` is the release of events that name none. */
  readonly version: string;
  /** Its running number in the project, from 1, in the order in which releases were first heard of. */
  readonly number: number;
  /** See {@link ReleaseScheme}. */
  readonly scheme: ReleaseScheme;
  /** Sorts, as ASCII text, as the release does among those of its project. */
  readonly orderKey: string;
}

/** A release that was seen in an event or registered. */
export interface KnownRelease extends ReleaseBase {
  /** Tells it from an announced one. */
  readonly standing: "known";
  /** Its run of equally sorted releases: 0 for the first, one more at each change of scheme. */
  readonly epoch: number;
  /** When it was first seen, or the date it was registered with. */
  readonly releasedAt: Instant;
}

/**
 * A release that somebody claimed a fix in, and that nobody has seen. A semver one has its place in the order; another
 * sorts after all known ones until it is first seen.
 */
export interface AnnouncedRelease extends ReleaseBase {
  /** Tells it from a known one. */
  readonly standing: "announced";
  /** Its epoch, or `null` while a dated one waits to be seen. */
  readonly epoch: number | null;
  /** When the claim was made. */
  readonly announcedAt: Instant;
}

/** A version of the host's software. */
export type Release = KnownRelease | AnnouncedRelease;

/** What must be known of a project's releases to find the place of one more. */
export interface ReleaseTimeline {
  /** The last known release in order, `""` included. */
  readonly head: KnownRelease | undefined;
  /** The last known release in order that is not `""`. */
  readonly latest: KnownRelease | undefined;
  /** How many releases were heard of, announced ones included. */
  readonly count: number;
}

/** The timeline of a project without releases. */
export const NO_RELEASES: ReleaseTimeline = { head: undefined, latest: undefined, count: 0 };

/** What came of a release becoming known. */
export interface ReleaseRegistration {
  /** The release, in its place. */
  readonly release: KnownRelease;
  /** Whether it is the new latest, which is what "fixed in the next release" waits for. Never true for `""`. */
  readonly becameLatest: boolean;
  /** The timeline that includes it. */
  readonly timeline: ReleaseTimeline;
}

/**
 * Gives a release that was first seen or registered its place.
 *
 * The order between two known releases never changes: a release joins the epoch of the timeline's head when both are of
 * one scheme, else it opens the epoch after it; inside an epoch semver ones sort by semantic version, dated ones by date,
 * and equals by their number.
 *
 * @param timeline - the project's releases up to now
 * @param version - the release as the host writes it
 * @param releasedAt - when it was first seen, or the date given
 * @param announced - the same release, if it was announced: it keeps its number, and a semver one its place
 */
export function registerRelease(
  timeline: ReleaseTimeline,
  version: string,
  releasedAt: Instant,
  announced?: AnnouncedRelease,
): ReleaseRegistration {
  const semver = readSemver(version);
  const scheme: ReleaseScheme = semver === undefined ? "dated" : "semver";
  const epoch = announced?.epoch ?? openEpoch(timeline, scheme);
  const number = announced?.number ?? timeline.count + 1;
  const orderKey = placeInEpoch(epoch, semver ?? releasedAt, number);
  const release: KnownRelease = { standing: "known", version, number, scheme, epoch, orderKey, releasedAt };
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
 * Makes a release known that nobody has seen, because somebody claims a fix in it. It is neither head nor latest.
 *
 * @param timeline - the project's releases up to now; a claim needs an issue, and an issue an event in some release
 * @param version - the release as the person writes it
 * @param announcedAt - when the claim was made
 */
export function announceRelease(
  timeline: ReleaseTimeline & { readonly head: KnownRelease },
  version: string,
  announcedAt: Instant,
): AnnouncedRelease {
  const number = timeline.count + 1;
  const semver = readSemver(version);
  if (semver === undefined) {
    const orderKey = `${UNPLACED_KEYS_FROM}${sortableNumber(number)}`;
    return { standing: "announced", version, number, scheme: "dated", epoch: null, orderKey, announcedAt };
  }
  const epoch = openEpoch(timeline, "semver");
  const orderKey = placeInEpoch(epoch, semver, number);
  return { standing: "announced", version, number, scheme: "semver", epoch, orderKey, announcedAt };
}

/** Sorts releases of one project, first to last. */
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

/** Order keys from here on are those of announced releases without a place; they sort after all others. */
export const UNPLACED_KEYS_FROM = "~";

function placeInEpoch(epoch: number, place: SemverPrecedence | Instant, number: number): string {
  const placeKey = typeof place === "number" ? sortableNumber(place) : semverKey(place);
  return `${sortableNumber(epoch)}.${placeKey}.${sortableNumber(number)}`;
}

/**
 * A semantic version as a text that sorts by its precedence. Pre-release identifiers are marked so that a list that
 * ended (0) comes before a number (1), a number before a word (2), and all of them before no pre-release at all (3);
 * a word ends in a blank, which sorts before anything it could go on with.
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

/** Digits that sort as texts as they do as numbers: their length, as two hexadecimal digits, comes first. */
function sortableDigits(digits: string): string {
  return digits.length.toString(16).padStart(2, "0") + digits;
}
