import { areInOneLine, compareNaively, readNaively, type NaiveVersion } from "./naive-versions.ts";

/** A release in the naive model. */
export interface NaiveRelease {
  /** As it was first named. */
  readonly text: string;
  readonly version: NaiveVersion;
  standing: "known" | "announced" | "retired";
  /** Its place in the order in which releases became known; announced ones have none. */
  number: number;
  /** When it became known, or what it was registered with. */
  date: number;
}

/** A naive model of a project's releases: a list, of which every pair is compared anew at each question. */
export class NaiveReleases {
  readonly all: NaiveRelease[] = [];
  #count = 0;

  /** The number of the release that became known last. */
  get count(): number {
    return this.#count;
  }

  get known(): NaiveRelease[] {
    return this.all.filter(({ standing }) => standing === "known").sort((one, other) => one.number - other.number);
  }

  /** The release that a text names, if the project has heard of it. */
  find(text: string): NaiveRelease | undefined {
    const version = readNaively(text);
    return this.all.find((each) => version !== undefined && isSame(each.version, version));
  }

  /** Adds a release, or what was announced or retired, to those that are known. */
  makeKnown(text: string, date: number): NaiveRelease {
    const release = this.find(text) ?? this.announce(text);
    release.date = release.standing === "retired" ? release.date : date;
    release.number = ++this.#count;
    release.standing = "known";
    return release;
  }

  announce(text: string): NaiveRelease {
    const version = readNaively(text);
    if (version === undefined) throw new Error(`${text} names no release`);
    const release: NaiveRelease = {
      text: text.trim(),
      version,
      standing: "announced",
      number: Infinity,
      date: Infinity,
    };
    this.all.push(release);
    return release;
  }

  /** The releases that became latest of their lines, going through the known ones in the order in which they became known. */
  becameLatest(): NaiveRelease[] {
    const { known } = this;
    return known.filter((release, index) =>
      known.slice(0, index).every((earlier) => !isLine(earlier, release) || isAtOrBefore(earlier, release)),
    );
  }

  /** The latest release of a line. */
  latestIn(version: NaiveVersion): NaiveRelease | undefined {
    return this.becameLatest().findLast((each) => areInOneLine(each.version, version));
  }

  /** The project's latest release. */
  latest(): NaiveRelease | undefined {
    return this.becameLatest().at(-1);
  }

  /** Whether a fix can be claimed in a release that the project has not heard of. */
  canBeAnnounced(version: NaiveVersion): boolean {
    if (this.known.length === 0) return true;
    return version.scheme !== "dated" && this.known.some((each) => areInOneLine(each.version, version));
  }

  /** The known releases of the line of one, first to last. */
  line(of: NaiveRelease): NaiveRelease[] {
    return this.known.filter((each) => isLine(each, of)).sort((one, other) => (isAtOrBefore(one, other) ? -1 : 1));
  }
}

function isSame(one: NaiveVersion, other: NaiveVersion): boolean {
  return areInOneLine(one, other) && compareNaively(one, other) === 0;
}

export function isLine(one: NaiveRelease, other: NaiveRelease): boolean {
  return areInOneLine(one.version, other.version);
}

/** Whether a release of the same line is at or before another one. */
export function isAtOrBefore(one: NaiveRelease, other: NaiveRelease): boolean {
  const compared = compareNaively(one.version, other.version);
  return compared === "by date" ? appeared(one, other) : compared <= 0;
}

/** Whether a release appeared before another one: by date, or else in the order in which they were heard of. */
export function appeared(one: NaiveRelease, other: NaiveRelease): boolean {
  return one.date === other.date ? one.number < other.number : one.date < other.date;
}
