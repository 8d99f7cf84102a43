import { isAhead } from "../core/clock-recovery.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { Instant } from "../core/instant.ts";
import type { EventRelease } from "../core/regression.ts";
import { readRelease, type ReleaseOrder } from "../core/release-order.ts";
import {
  EMPTY_TIMELINE,
  registerRelease,
  type KnownRelease,
  type ReadRelease,
  type Release,
  type ReleaseLine,
  type ReleaseTimeline,
} from "../core/release.ts";
import type { ReleaseRef, TimelineRequest } from "../ports/issue-store.ts";

/** A release that an event makes known. */
export interface NewRelease {
  readonly release: KnownRelease;
  /** The order key that it had while it was announced; `null` if it was not. */
  readonly announcedKey: string | null;
}

/** The release of an event, and the releases of its project right after the event. */
export interface PlacedEvent {
  /** The release that the event names; `undefined` if it names none. */
  readonly named: EventRelease | undefined;
  /** The release, if the event makes it known. */
  readonly newRelease: NewRelease | undefined;
  /** The highest number of a release that is known then. */
  readonly newest: number;
}

/** The place of an event whose release does not count. */
export const NOT_PLACED: PlacedEvent = { named: { kind: "none" }, newRelease: undefined, newest: 0 };

/**
 * The releases of one project during a batch of events: the ones that events name, read by the release order, looked up in the
 * store, and placed one after the other; and the ones that issues need besides.
 */
export class ProjectReleases {
  readonly projectId: string;
  readonly #order: ReleaseOrder;
  readonly #read = new Map<string, ReadRelease | null>();
  /** The releases that events name, by name; `undefined` for one that is not stored. */
  readonly #named = new Map<string, Release | undefined>();
  /** Stored releases that issues claim a fix in, by name. */
  readonly #claimed = new Map<string, Release | undefined>();
  /** The timeline that was loaded with the releases; `undefined` if all of them were known. */
  #loaded: ReleaseTimeline | undefined;
  /** The highest number of a release by now. */
  #newest = Number.MAX_SAFE_INTEGER;
  /** The lines of releases that events made known, as they are by now. */
  readonly #lines = new Map<string, ReleaseLine>();
  /** The stored timeline with the lines that issues need. */
  #stored: ReleaseTimeline = EMPTY_TIMELINE;
  readonly #neededLines = new Set<string>();
  /** The releases that became the latest by events of the batch, by number: of each line, and of the project. */
  readonly #newLatestIn = new Map<string, KnownRelease[]>();
  readonly #newLatest: KnownRelease[] = [];

  constructor(projectId: string, order: ReleaseOrder) {
    this.projectId = projectId;
    this.#order = order;
  }

  /** Reads a release text; `null` if it names none. */
  read(text: string): ReadRelease | null {
    let read = this.#read.get(text);
    if (read === undefined) {
      const place = readRelease(this.#order, text);
      read = place && { version: text, place, placedBy: this.#order.version };
      this.#read.set(text, read);
    }
    return read;
  }

  /** Adds the release of an event to those to look up. */
  addEventRelease(text: string): void {
    const read = this.read(text);
    if (read !== null) this.#named.set(read.place.name, undefined);
  }

  /** The releases to look up for the events. */
  refs(): ReleaseRef[] {
    const refs = new Map<string, ReleaseRef>();
    for (const read of this.#read.values()) {
      if (read === null) continue;
      const { name, line } = read.place;
      if (this.#named.has(name)) refs.set(name, { projectId: this.projectId, name, line });
    }
    return [...refs.values()];
  }

  /** Sets the releases that were found. */
  fill(found: ReadonlyMap<string, Release>, timeline: ReleaseTimeline | undefined): void {
    for (const name of this.#named.keys()) this.#named.set(name, found.get(name));
    this.#loaded = timeline;
    if (timeline !== undefined) this.#newest = timeline.count;
  }

  /**
   * Whether all releases have to be placed anew before they can be used: because another order placed them, or a clock that was
   * ahead wrote a date.
   */
  needsPlacing(now: Instant): boolean {
    const context = { releaseOrder: this.#order, now };
    const releases = [...this.#named.values(), ...this.#claimed.values()];
    return !arePlaced(releases, this.#loaded ?? EMPTY_TIMELINE, context) || !arePlaced([], this.#stored, context);
  }

  /** The release of an event. One that is not known becomes known by the event. */
  place({ release: text, receivedAt }: CheckedEvent): PlacedEvent {
    const read = this.read(text);
    if (read === null) return { named: undefined, newRelease: undefined, newest: this.#newest };
    const { name } = read.place;
    const found = this.#named.get(name);
    if (found?.standing === "known") return this.#placed(found);
    if (found?.standing === "retired") {
      return { named: { kind: "retired", version: found.version }, newRelease: undefined, newest: this.#newest };
    }
    const named = found === undefined ? read : { ...read, version: found.version };
    const release = this.#register(named, receivedAt);
    this.#named.set(name, release);
    return this.#placed(release, { release, announcedKey: found?.orderKey ?? null });
  }

  #register(read: ReadRelease, receivedAt: Instant): KnownRelease {
    const { line: name } = read.place;
    const line = this.#lines.get(name) ?? this.#loaded?.lines.get(name);
    const lines = new Map(line === undefined ? [] : [[name, line]]);
    const count = this.#loaded === undefined ? 0 : this.#newest;
    const { release, timeline } = registerRelease({ ...EMPTY_TIMELINE, count, lines }, read, receivedAt);
    this.#newest = timeline.count;
    const changed = timeline.lines.get(name);
    if (changed !== undefined) this.#lines.set(name, changed);
    if (!release.becameLatest) return release;
    this.#newLatest.push(release);
    const inLine = this.#newLatestIn.get(name) ?? [];
    inLine.push(release);
    this.#newLatestIn.set(name, inLine);
    return release;
  }

  #placed(release: KnownRelease, newRelease?: NewRelease): PlacedEvent {
    return { named: { kind: "release", release, assumed: false }, newRelease, newest: this.#newest };
  }

  /** Asks for the latest release of the line of a release. */
  needLineOf(text: string): void {
    const read = this.read(text);
    if (read !== null) this.#neededLines.add(read.place.line);
  }

  /** Asks for a release that a fix is claimed in. */
  needClaimed(text: string): void {
    const read = this.read(text);
    if (read !== null && !this.#named.has(read.place.name)) this.#claimed.set(read.place.name, undefined);
  }

  /** The claimed releases to look up. */
  claimedRefs(): ReleaseRef[] {
    const lines = new Map(Array.from(this.#read.values(), (read) => [read?.place.name, read?.place.line]));
    return Array.from(this.#claimed.keys(), (name) => {
      return { projectId: this.projectId, name, line: lines.get(name) ?? "" };
    });
  }

  /** Sets a claimed release that was found. */
  setClaimed(release: Release | undefined): void {
    if (release !== undefined) this.#claimed.set(release.name, release);
  }

  /** The timeline to look up for events without a release; `undefined` if it was loaded with the releases. */
  neededTimeline(): TimelineRequest | undefined {
    const lines = [...this.#neededLines].filter((line) => this.#loaded?.lines.has(line) !== true);
    return this.#loaded === undefined || lines.length > 0 ? { projectId: this.projectId, lines } : undefined;
  }

  /** Sets the timeline that was found. */
  setStoredTimeline(timeline: ReleaseTimeline): void {
    this.#stored = timeline;
  }

  /**
   * A release that was known, by its text.
   *
   * @param newest - the highest number of a release at the time in question, as {@link PlacedEvent.newest}
   */
  knownRelease(text: string, newest: number): KnownRelease | undefined {
    const name = this.read(text)?.place.name;
    if (name === undefined) return undefined;
    const release = this.#named.get(name) ?? this.#claimed.get(name);
    return release?.standing === "known" && release.number <= newest ? release : undefined;
  }

  /**
   * The release that an event without one belongs to: the latest of the given lines, the one of them that became latest last;
   * or else the project's.
   *
   * @param texts - releases of the lines in which the issue was last seen, or claimed to be fixed
   * @param newest - the highest number of a release at the time in question, as {@link PlacedEvent.newest}
   */
  assumed(texts: readonly string[], newest: number): EventRelease {
    const [release] = this.candidates(texts, newest).sort((one, other) => other.number - one.number);
    return release === undefined ? { kind: "none" } : { kind: "release", release, assumed: true };
  }

  /** The latest releases of lines, of which an event without a release belongs to one; or else the project's. */
  candidates(texts: readonly string[], newest: number): KnownRelease[] {
    const inLines = texts.map((text) => this.#latestInLineOf(text, newest)).filter((release) => release !== undefined);
    if (inLines.length > 0) return inLines;
    const latest = lastUpTo(this.#newLatest, newest) ?? (this.#loaded ?? this.#stored).latest;
    return latest === undefined ? [] : [latest];
  }

  /** The latest release of the line of a release; `undefined` if none is known there. */
  #latestInLineOf(text: string, newest: number): KnownRelease | undefined {
    const line = this.read(text)?.place.line;
    if (line === undefined) return undefined;
    const found = lastUpTo(this.#newLatestIn.get(line) ?? [], newest);
    if (found !== undefined) return found;
    const stored = this.#loaded?.lines.get(line) ?? this.#stored.lines.get(line);
    if (stored !== undefined) return stored.latest;
    // The line of an issue that a batch opens in the project's latest release.
    const { latest } = this.#loaded ?? this.#stored;
    return latest?.line === line ? latest : undefined;
  }
}

/** The last of some releases, by number, whose number is not above another one. */
function lastUpTo(releases: readonly KnownRelease[], newest: number): KnownRelease | undefined {
  let [low, high] = [0, releases.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((releases[middle]?.number ?? newest) <= newest) low = middle + 1;
    else high = middle;
  }
  return releases[low - 1];
}

/** Whether releases and those of a timeline were placed by an order, with dates that are not in the future. */
export function arePlaced(
  releases: readonly (Release | undefined)[],
  { latest, placedBy, lines }: ReleaseTimeline,
  { releaseOrder, now }: { readonly releaseOrder: ReleaseOrder; readonly now: Instant },
): boolean {
  const used = [...releases, latest, ...Array.from(lines.values(), (line) => line.latest)];
  return (
    (placedBy ?? releaseOrder.version) === releaseOrder.version &&
    used.every((release) => release === undefined || isPlaced(release, releaseOrder, now))
  );
}

function isPlaced(release: Release, { version }: ReleaseOrder, now: Instant): boolean {
  return release.placedBy === version && (release.standing !== "known" || !isAhead(release.releasedAt, now));
}
