import { compare, parse } from "semver";

/** A release in the naive model. */
interface NaiveRelease {
  readonly version: string;
  readonly number: number;
  readonly semver: ReturnType<typeof parse>;
  date: number;
  epoch: number | null;
  known: boolean;
}

/**
 * A naive model of a project's releases: a list that is sorted each time, with semver's own comparison, as the documented rule
 * says. Limited to versions with numbers that semver's parser can read.
 */
export class NaiveReleases {
  readonly #releases: NaiveRelease[] = [];

  /** Makes a release known. Returns whether it became the latest. */
  register(version: string, date: number): boolean {
    const latestBefore = this.latest();
    const found = this.#releases.find((each) => each.version === version);
    if (found?.known === true) return false;
    const release = found ?? this.#add(version, date);
    if (release.epoch === null) {
      release.epoch = this.#epochFor(release);
      release.date = date;
    }
    release.known = true;
    return this.latest() === version && version !== latestBefore;
  }

  /** Announces a release that was not seen yet. */
  announce(version: string, date: number): void {
    if (this.#releases.some((each) => each.version === version)) return;
    const release = this.#add(version, date);
    if (release.semver !== null) release.epoch = this.#epochFor(release);
  }

  /** All versions, first to last. */
  order(): string[] {
    return this.#sorted().map(({ version }) => version);
  }

  latest(): string | undefined {
    return this.#sorted().findLast(({ known, version }) => known && version !== "")?.version;
  }

  epochOf(version: string): number | null | undefined {
    return this.#releases.find((each) => each.version === version)?.epoch;
  }

  #add(version: string, date: number): NaiveRelease {
    const afterAt = version.slice(version.lastIndexOf("@") + 1);
    const parsed = parse(afterAt);
    const isStrict = parsed !== null && /^\d/u.test(afterAt) && !/\s/u.test(afterAt);
    const release = {
      version,
      number: this.#releases.length + 1,
      semver: isStrict ? parsed : null,
      date,
      epoch: null,
      known: false,
    };
    this.#releases.push(release);
    return release;
  }

  #epochFor(release: NaiveRelease): number {
    const head = this.#sorted().findLast(({ known }) => known);
    if (head === undefined) return 0;
    return (head.semver === null) === (release.semver === null) ? (head.epoch ?? 0) : (head.epoch ?? 0) + 1;
  }

  #sorted(): NaiveRelease[] {
    return [...this.#releases].sort((one, other) => {
      const byEpoch = (one.epoch ?? Infinity) - (other.epoch ?? Infinity);
      if (one.epoch !== other.epoch) return byEpoch;
      if (one.epoch !== null && one.semver !== null && other.semver !== null) {
        return compare(one.semver, other.semver) || one.number - other.number;
      }
      if (one.epoch !== null) return one.date - other.date || one.number - other.number;
      return one.number - other.number;
    });
  }
}
