import { compare } from "semver";

/** A release text as the naive model reads it. */
export interface NaiveVersion {
  readonly packageName: string;
  readonly scheme: "version" | "number" | "dated";
  /** Without the package and blanks. */
  readonly text: string;
  readonly numbers: readonly number[];
  /** As semver writes it; `""` for none. */
  readonly preRelease: string;
  /** `""` for none. */
  readonly build: string;
}

const NAMES_WITHOUT_RELEASE = ["", "dev", "local", "unknown", "latest"];
const CALENDAR = /^(?:199\d|20\d\d|21\d\d)\./u;

/** Reads a text; `undefined` if it names no release. */
export function readNaively(given: string): NaiveVersion | undefined {
  const at = given.trim().lastIndexOf("@");
  const packageName = at < 0 ? "" : given.trim().slice(0, at);
  const text = given.trim().slice(at + 1);
  if (NAMES_WITHOUT_RELEASE.includes(text.toLowerCase())) return undefined;
  const none = { packageName, text, numbers: [], preRelease: "", build: "" };
  if (/^v?\d+$/iu.test(text)) return { ...none, scheme: "number", numbers: [Number(text.replace(/^v/iu, ""))] };
  const [, core, rest = ""] = /^v?(\d+(?:\.\d+){1,5})(.*)$/iu.exec(text) ?? [];
  const suffix = core === undefined ? undefined : readSuffix(rest, CALENDAR.test(core));
  if (core === undefined || suffix === undefined) return { ...none, scheme: "dated" };
  return { ...none, scheme: "version", numbers: core.split(".").map(Number), ...suffix };
}

/** What follows the numbers: nothing, or one of the forms that the rules name. */
function readSuffix(rest: string, isCalendar: boolean): Pick<NaiveVersion, "preRelease" | "build"> | undefined {
  const build =
    /^ \((\d+)\)$/u.exec(rest) ?? /^-(\d+)-g[0-9a-f]+$/u.exec(rest) ?? (isCalendar ? /^-(\d+)$/u.exec(rest) : null);
  if (build !== null) return { preRelease: "", build: build[1] ?? "" };
  const usual = /^(?:-([0-9a-z.]+))?(?:\+([0-9a-z.]+))?$/iu.exec(rest);
  return usual === null ? undefined : { preRelease: usual[1] ?? "", build: usual[2] ?? "" };
}

/** Whether two releases can be compared by what they say. */
export function areInOneLine(one: NaiveVersion, other: NaiveVersion): boolean {
  return one.packageName === other.packageName && one.scheme === other.scheme;
}

/**
 * Compares two releases of one line: negative, positive, or 0 if they are one release; `"by date"` if what they say does not
 * order them.
 */
export function compareNaively(one: NaiveVersion, other: NaiveVersion): number | "by date" {
  if (one.scheme === "dated") return one.text === other.text ? 0 : "by date";
  for (let part = 0; part < 6; part++) {
    const difference = (one.numbers[part] ?? 0) - (other.numbers[part] ?? 0);
    if (difference !== 0) return difference;
  }
  const byPreRelease = compare(withPreRelease(one), withPreRelease(other));
  return byPreRelease === 0 ? compareBuilds(one.build, other.build) : byPreRelease;
}

function withPreRelease({ preRelease }: NaiveVersion): string {
  return preRelease === "" ? "0.0.0" : `0.0.0-${preRelease}`;
}

function compareBuilds(one: string, other: string): number | "by date" {
  const [rankOfOne, rankOfOther] = [rankOf(one), rankOf(other)];
  if (rankOfOne !== rankOfOther) return rankOfOne - rankOfOther;
  if (rankOfOne === 1) return Number(one) - Number(other);
  return one === other ? 0 : "by date";
}

function rankOf(build: string): number {
  if (build === "") return 0;
  return /^\d+$/u.test(build) ? 1 : 2;
}
