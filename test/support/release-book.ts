import { DEFAULT_RELEASE_ORDER, readRelease, type ReleaseOrder } from "../../src/core/release-order.ts";
import {
  announceRelease,
  compareReleases,
  EMPTY_TIMELINE,
  registerRelease,
  type KnownRelease,
  type ReadRelease,
  type Release,
  type ReleaseTimeline,
} from "../../src/core/release.ts";

/** A project's releases, registered with the core's functions and kept as a store keeps them. */
export class ReleaseBook {
  readonly #order: ReleaseOrder;
  readonly #releases = new Map<string, Release>();
  #timeline: ReleaseTimeline = EMPTY_TIMELINE;

  constructor(order: ReleaseOrder = DEFAULT_RELEASE_ORDER) {
    this.#order = order;
  }

  /** Makes releases known, one second after the other. */
  static of(...versions: readonly string[]): ReleaseBook {
    const book = new ReleaseBook();
    versions.forEach((version, index) => book.register(version, index * 1_000));
    return book;
  }

  /** Makes a release known. Returns whether it became the latest of its line. */
  register(version: string, at: number): boolean {
    const read = this.#read(version);
    const found = this.#releases.get(read.place.name);
    if (found !== undefined && found.standing !== "announced") return false;
    const { release, timeline } = registerRelease(this.#timeline, { ...read, version: found?.version ?? version }, at);
    this.#releases.set(release.name, release);
    this.#timeline = timeline;
    return release.becameLatest;
  }

  /** Announces a release that was not seen yet. */
  announce(version: string, at: number): void {
    const read = this.#read(version);
    if (this.#releases.has(read.place.name)) return;
    const { release, timeline } = announceRelease(this.#timeline, read, at);
    this.#releases.set(release.name, release);
    this.#timeline = timeline;
  }

  /** A release, by any text that names it. */
  get(version: string): Release {
    const release = this.#releases.get(this.#read(version).place.name);
    if (release === undefined) throw new Error(`no release ${version}`);
    return release;
  }

  /** A release that is known. */
  known(version: string): KnownRelease {
    const release = this.get(version);
    if (release.standing !== "known") throw new Error(`${version} is ${release.standing}`);
    return release;
  }

  /** All releases, line by line, first to last. */
  order(): Release[] {
    return [...this.#releases.values()].sort(compareReleases);
  }

  get timeline(): ReleaseTimeline {
    return this.#timeline;
  }

  #read(version: string): ReadRelease {
    const place = readRelease(this.#order, version);
    if (place === null) throw new Error(`${JSON.stringify(version)} names no release`);
    return { version, place, placedBy: this.#order.version };
  }
}
