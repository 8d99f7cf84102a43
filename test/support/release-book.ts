import {
  announceRelease,
  compareReleases,
  EMPTY_TIMELINE,
  registerRelease,
  type Release,
  type ReleaseTimeline,
} from "../../src/core/release.ts";

/** A project's releases, registered with the core's functions and kept as a store keeps them. */
export class ReleaseBook {
  readonly #releases = new Map<string, Release>();
  #timeline: ReleaseTimeline = EMPTY_TIMELINE;

  /** Makes a release known. Returns whether it became the latest. */
  register(version: string, at: number): boolean {
    const found = this.#releases.get(version);
    if (found?.standing === "known") return false;
    const { release, timeline, becameLatest } = registerRelease(this.#timeline, version, at, found);
    this.#releases.set(version, release);
    this.#timeline = timeline;
    return becameLatest;
  }

  /** Announces a release that was not seen yet. */
  announce(version: string, at: number): void {
    const { head } = this.#timeline;
    if (head === undefined || this.#releases.has(version)) return;
    const release = announceRelease({ ...this.#timeline, head }, version, at);
    this.#releases.set(version, release);
    this.#timeline = { ...this.#timeline, count: this.#timeline.count + 1 };
  }

  get(version: string): Release {
    const release = this.#releases.get(version);
    if (release === undefined) throw new Error(`no release ${version}`);
    return release;
  }

  /** All releases, first to last. */
  order(): Release[] {
    return [...this.#releases.values()].sort(compareReleases);
  }

  get timeline(): ReleaseTimeline {
    return this.#timeline;
  }
}
