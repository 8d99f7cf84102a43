import { invalidInput, requireInstant, requireText } from "./input.ts";
import type { Instant, InstantInput } from "./instant.ts";
import {
  DEFAULT_RELEASE_ORDER,
  MAX_RELEASE_LENGTH,
  readRelease,
  sortableNumber,
  type ReleaseOrder,
  type ReleasePlace,
} from "./release-order.ts";

interface ReleaseBase {
  /** The release as it was first named, without blanks at the ends. */
  readonly version: string;
  /** Identifies it in its project: see {@link ReleasePlace.name}. */
  readonly name: string;
  /** The line it belongs to: see {@link ReleasePlace.line}. */
  readonly line: string;
  /** The number of the line: that of the release that opened it. */
  readonly lineNumber: number;
  /**
   * Its number in the project. Releases are numbered from 1 in the order in which they become known or are announced; one that
   * was announced gets a new number when it becomes known.
   */
  readonly number: number;
  /** Its place among the releases of its project: order keys are compared as ASCII texts. Those of a line are next to each other. */
  readonly orderKey: string;
  /** The version of the release order that placed it; `""` for one that was stored by an earlier edition. */
  readonly placedBy: string;
}

/** A release that occurred in an event or was registered. */
export interface KnownRelease extends ReleaseBase {
  readonly standing: "known";
  /** When it was first seen, or the date it was registered with. */
  readonly releasedAt: Instant;
  /** Whether it was the latest release of its line when it became known. */
  readonly becameLatest: boolean;
}

/**
 * A release in which a fix is claimed and that is not known yet. It is neither latest nor next. It has its place in the order;
 * one that is ordered by date comes after all known ones of the same place until it becomes known.
 */
export interface AnnouncedRelease extends ReleaseBase {
  readonly standing: "announced";
  /** When the claim was made. */
  readonly announcedAt: Instant;
}

/** A release that counts as if it had never been seen. */
export interface RetiredRelease extends ReleaseBase {
  readonly standing: "retired";
  /** When it was first seen, or the date it was registered with. */
  readonly releasedAt: Instant;
}

/** A version of the host application. */
export type Release = KnownRelease | AnnouncedRelease | RetiredRelease;

/** A release line: the releases that can be compared with each other by their places. */
export interface ReleaseLine {
  /** Its number: see {@link Release.lineNumber}. */
  readonly number: number;
  /** Its last known release in order; `undefined` if none is known. */
  readonly latest: KnownRelease | undefined;
}

/** A summary of a project's releases that is enough to find the place of one more. */
export interface ReleaseTimeline {
  /** The highest number of a release or line; 0 for none. */
  readonly count: number;
  /** The project's latest release: the last one that became the latest of its line. */
  readonly latest: KnownRelease | undefined;
  /** The version of the order that placed its newest release; `undefined` if there is no release. */
  readonly placedBy: string | undefined;
  /** The lines that were asked for and that exist, by name. */
  readonly lines: ReadonlyMap<string, ReleaseLine>;
}

/** The timeline of a project without releases. */
export const EMPTY_TIMELINE: ReleaseTimeline = Object.freeze({
  count: 0,
  latest: undefined,
  placedBy: undefined,
  lines: new Map(),
});

/** A release to add: its text, and where the release order places it. */
export interface ReadRelease {
  readonly version: string;
  readonly place: ReleasePlace;
  /** The version of the release order. */
  readonly placedBy: string;
}

/**
 * Reads a release that must be one.
 *
 * @throws {@link IssueLifecycleError} `invalid-input` for a text that names none
 */
export function requireRelease(version: string, order: ReleaseOrder = DEFAULT_RELEASE_ORDER): ReadRelease {
  const trimmed = requireText("version", version, 0, MAX_RELEASE_LENGTH).trim();
  const place = readRelease(order, trimmed);
  if (place === null) throw invalidInput("version", version, `the name of a release, as in "1.0.0"`);
  return { version: trimmed, place, placedBy: order.version };
}

/** A release that was added, and the timeline with it. */
export interface AddedRelease<Added extends Release> {
  readonly release: Added;
  readonly timeline: ReleaseTimeline;
}

/**
 * Adds a release when it first occurs or is registered. It becomes the latest of its line if it is above all known ones there,
 * and then the project's latest.
 *
 * @param timeline - has the release's line, if that exists
 * @param releasedAt - when it occurred first, or the date it is registered with
 */
export function registerRelease(
  timeline: ReleaseTimeline,
  release: ReadRelease,
  releasedAt: InstantInput,
): AddedRelease<KnownRelease> {
  const releasedAtMs = requireInstant("releasedAt", releasedAt);
  const number = timeline.count + 1;
  const line = timeline.lines.get(release.place.line) ?? { number, latest: undefined };
  const unranked: KnownRelease = {
    ...baseOf(release, line.number, number, releasedAtMs),
    standing: "known",
    releasedAt: releasedAtMs,
    becameLatest: false,
  };
  const becameLatest = line.latest === undefined || compareReleases(unranked, line.latest) > 0;
  const known: KnownRelease = { ...unranked, becameLatest };
  return {
    release: known,
    timeline: {
      count: number,
      latest: becameLatest ? known : timeline.latest,
      placedBy: release.placedBy,
      lines: withLine(timeline, known.line, becameLatest ? { ...line, latest: known } : line),
    },
  };
}

/**
 * Adds a release that is not known yet because a fix is claimed in it. It becomes neither latest nor next.
 *
 * @param timeline - has the release's line, if that exists
 * @param announcedAt - when the fix was claimed
 */
export function announceRelease(
  timeline: ReleaseTimeline,
  release: ReadRelease,
  announcedAt: InstantInput,
): AddedRelease<AnnouncedRelease> {
  const announcedAtMs = requireInstant("announcedAt", announcedAt);
  const number = timeline.count + 1;
  const line = timeline.lines.get(release.place.line) ?? { number, latest: undefined };
  return {
    release: { ...baseOf(release, line.number, number, null), standing: "announced", announcedAt: announcedAtMs },
    timeline: {
      ...timeline,
      count: number,
      placedBy: release.placedBy,
      lines: withLine(timeline, release.place.line, line),
    },
  };
}

/**
 * Whether a fix can be claimed in a release that is not known yet: in one whose place among known releases is certain, and in any
 * while the project knows none.
 *
 * @param timeline - has the release's line, if that exists
 */
export function canBeAnnounced({ latest, lines }: ReleaseTimeline, { line, place, byDate }: ReleasePlace): boolean {
  if (latest === undefined) return true;
  const isDated = byDate && place === "";
  return !isDated && lines.get(line)?.latest !== undefined;
}

/** Compares releases of one line by their places, and groups releases by line, for `sort`. */
export function compareReleases(one: Pick<Release, "orderKey">, other: Pick<Release, "orderKey">): number {
  if (one.orderKey === other.orderKey) return 0;
  return one.orderKey < other.orderKey ? -1 : 1;
}

/** Whether a release appeared before another one, by their dates; at equal dates, whether it was known first. */
export function appearedBefore(one: Appearance, other: Appearance): boolean {
  return one.releasedAt === other.releasedAt ? one.number < other.number : one.releasedAt < other.releasedAt;
}

/** When a release appeared. */
export type Appearance = Pick<KnownRelease, "releasedAt" | "number">;

/** An order key that is not below any of a line's releases. */
export function endOfLine(lineNumber: number): string {
  return `${sortableNumber(lineNumber)}/`;
}

function withLine({ lines }: ReleaseTimeline, name: string, line: ReleaseLine): ReadonlyMap<string, ReleaseLine> {
  return lines.get(name) === line ? lines : new Map(lines).set(name, line);
}

/** @param date - its date; `null` for one that is not known */
function baseOf(
  { version, place, placedBy }: ReadRelease,
  lineNumber: number,
  number: number,
  date: Instant | null,
): ReleaseBase {
  const { name, line } = place;
  return { version, name, line, lineNumber, number, orderKey: orderKeyOf(place, lineNumber, number, date), placedBy };
}

/** The order key of a release. Releases that are ordered by date sort by their numbers at equal dates. */
export function orderKeyOf(
  { place, byDate }: ReleasePlace,
  lineNumber: number,
  number: number,
  date: Instant | null,
): string {
  const key = `${sortableNumber(lineNumber)}.${place}`;
  if (!byDate) return key;
  return `${key}.${date === null ? AFTER_ALL_DATES : sortableNumber(date)}.${sortableNumber(number)}`;
}

/** Sorts after all numbers. */
const AFTER_ALL_DATES = "~";
