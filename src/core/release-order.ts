import { invalidInput, requireBoolean, requireText } from "./input.ts";
import { arrayOf, callback, looseObject, object, text, withDefault, type Shape } from "./shape.ts";

/** The longest release text, in UTF-16 code units. A longer one is refused, not shortened. */
export const MAX_RELEASE_LENGTH = 250;

/** The longest names, lines and places that a release order may return, in UTF-16 code units. */
const MAX_NAME_LENGTH = 260;
const MAX_PLACE_LENGTH = 900;

/** Where a release is in the order of its project: a line, and a place in it. */
export interface ReleasePlace {
  /** Identifies the release in its project: texts with the same name are one release. At most 260 characters. */
  readonly name: string;
  /** The line. Releases of one line are compared by their places, those of different lines by their dates. At most 260 characters. */
  readonly line: string;
  /**
   * The place in the line: printable ASCII characters, at most 900, compared as texts. Different names of one line MUST
   * have different places, unless `byDate` is set. `""` with `byDate` in a line of releases that can only be ordered by date.
   */
  readonly place: string;
  /** Whether releases of the same place are ordered by the dates on which they became known. */
  readonly byDate: boolean;
}

/**
 * Reads what events and people call a release. It must be pure: the same text has the same place, in every process.
 *
 * Releases that are stored were placed by an order of one version. A tracker whose order has another version places all
 * releases of a project anew, once, before it uses them.
 */
export interface ReleaseOrder {
  /** The version of the order, 1 to 50 characters. Change it when `read` changes. */
  readonly version: string;
  /**
   * The place of a release, or `null` for a text that names none.
   *
   * @param release - without blanks at the ends, and never `""`, which names none
   */
  read(release: string): ReleasePlace | null;
}

/** The options of {@link releaseLines}. */
export interface ReleaseLinesOptions {
  /**
   * Names that say nothing about the version, without a package and in any case: an event of such a release counts as an
   * event without a release. Replaces {@link NAMES_WITHOUT_RELEASE}; the empty name is always one. Another list is another
   * version of the order.
   */
  readonly namesWithoutRelease?: readonly string[];
}

/** Names that say nothing about the version, in lower case. */
export const NAMES_WITHOUT_RELEASE: readonly string[] = Object.freeze([
  "dev",
  "development",
  "head",
  "latest",
  "local",
  "localhost",
  "main",
  "master",
  "n/a",
  "none",
  "null",
  "snapshot",
  "undefined",
  "unknown",
]);

const releaseLinesOptions = object({
  namesWithoutRelease: withDefault(arrayOf(text(0, MAX_RELEASE_LENGTH), 0, 1_000, `["dev"]`), NAMES_WITHOUT_RELEASE),
} satisfies Record<keyof ReleaseLinesOptions, Shape<unknown>>);

/**
 * The default release order. The package (the text before the last "@") and the scheme make the line:
 *
 * - *version*: 2 to 6 numbers, with an optional "v", pre-release and build. Ordered by semantic versioning; missing numbers
 *   are 0. Releases of an equal version are ordered by their builds: none, then numbers, then others by date. `1.2.3 (456)`,
 *   `v1.2.3-456-gabcdef1` (`git describe`, also with `-dirty`) and `2026.7.30-456` (calendar versions) have build 456.
 * - *number*: digits only, with an optional "v".
 * - *dated*: anything else, such as hashes. Ordered by the dates on which they became known.
 *
 * @example
 * ```ts
 * import { releaseLines } from "issue-lifecycle/core";
 *
 * const { read } = releaseLines();
 * read("v2.1")?.name === read("2.1.0")?.name; // true: one release
 * read("web@2.1.0")?.line === read("api@2.1.0")?.line; // false: two lines
 * read("dev"); // null
 * ```
 */
export function releaseLines(options: ReleaseLinesOptions = {}): ReleaseOrder {
  const { namesWithoutRelease } = releaseLinesOptions("options", options);
  const saysNothing = new Set(namesWithoutRelease.map((name) => name.trim().toLowerCase())).add("");
  return {
    version:
      namesWithoutRelease === NAMES_WITHOUT_RELEASE ? VERSION_NAME : `${VERSION_NAME}+${checksumOf(saysNothing)}`,
    read(release) {
      const { packageName, version } = splitPackage(requireText("release", release, 0, MAX_RELEASE_LENGTH).trim());
      if (saysNothing.has(version.toLowerCase())) return null;
      return placeIn(packageName, version);
    },
  };
}

/** The version of the default order. */
const VERSION_NAME = "release-lines/1";

/** A short text that changes with a list of names, whatever their order. */
function checksumOf(names: ReadonlySet<string>): string {
  let checksum = 0;
  for (const character of [...names].sort().join("\n")) {
    checksum = (Math.imul(checksum, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  }
  return checksum.toString(16);
}

/** The default release order, with the default options. */
export const DEFAULT_RELEASE_ORDER: ReleaseOrder = releaseLines();

/**
 * Checks a release order. It may be an object of a class, so it may have other members.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function requireReleaseOrder(field: string, value: unknown): asserts value is ReleaseOrder {
  releaseOrder(field, value);
}

const releaseOrder = looseObject({ version: text(1, 50), read: callback() } satisfies Record<
  keyof ReleaseOrder,
  Shape<unknown>
>);

const releasePlace = looseObject<ReleasePlace>({
  name: text(1, MAX_NAME_LENGTH),
  line: text(0, MAX_NAME_LENGTH),
  place: requirePlace,
  byDate: requireBoolean,
});

function requirePlace(field: string, value: unknown): string {
  const place = requireText(field, value, 0, MAX_PLACE_LENGTH);
  if (!/^[ -~]*$/u.test(place)) throw invalidInput(field, place, "printable ASCII characters");
  return place;
}

/**
 * The place that an order gives a release, checked; `null` for a text that names none.
 *
 * @param release - at most {@link MAX_RELEASE_LENGTH} characters. Blanks at the ends are dropped.
 * @throws {@link IssueLifecycleError} `invalid-input`, also for a place that the contract does not allow
 */
export function readRelease(order: ReleaseOrder, release: string): ReleasePlace | null {
  requireReleaseOrder("order", order);
  const trimmed = requireText("release", release, 0, MAX_RELEASE_LENGTH).trim();
  const place = trimmed === "" ? null : order.read(trimmed);
  return place === null ? null : releasePlace("releaseOrder.read()", place);
}

/** The most texts whose places {@link rememberPlaces} keeps. */
const MAX_REMEMBERED = 1_000;

/** The same order, which reads a text only once: most events are of few releases. */
export function rememberPlaces(order: ReleaseOrder): ReleaseOrder {
  const places = new Map<string, ReleasePlace | null>();
  return {
    version: order.version,
    read(release) {
      const known = places.get(release);
      if (known !== undefined) return known;
      if (places.size === MAX_REMEMBERED) places.clear();
      const place = order.read(release);
      places.set(release, place);
      return place;
    },
  };
}

/** A release text, split at the last "@". Without one the package is `""`. */
function splitPackage(release: string): { readonly packageName: string; readonly version: string } {
  const at = release.lastIndexOf("@");
  return { packageName: release.slice(0, Math.max(0, at)), version: release.slice(at + 1).trim() };
}

const NUMBER = /^[vV]?(\d+)$/u;
const VERSION = new RegExp(
  String.raw`^[vV]?(?<numbers>\d+(?:\.\d+){1,5})` +
    String.raw`(?<preRelease>-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?` +
    String.raw`(?<build>(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)*)` +
    String.raw`(?:\s*\((?<buildNumber>\d+)\))?$`,
  "u",
);
/** What `git describe` adds to a tag: the number of commits since, and the commit. */
const DESCRIBED = /-(?<commits>\d+)-g[0-9a-f]{4,40}(?:-dirty)?$/u;
const DIGITS = /^\d+$/u;
const VERSION_NUMBERS = 6;
const CALENDAR_YEARS = { first: 1990, last: 2199 };

function placeIn(packageName: string, version: string): ReleasePlace {
  const prefix = packageName === "" ? "" : `${packageName}@`;
  const [, digits] = NUMBER.exec(version) ?? [];
  if (digits !== undefined) {
    const number = withoutLeadingZeros(digits);
    return { name: prefix + number, line: `${prefix}number`, place: sortableDigits(number), byDate: false };
  }
  const parsed = parseVersion(version);
  if (parsed === undefined) {
    return { name: prefix + version, line: `${prefix}dated`, place: "", byDate: true };
  }
  return {
    name: prefix + nameOf(parsed),
    line: `${prefix}version`,
    place: versionPlace(parsed) + parsed.builds.map(buildPlace).join(""),
    byDate: parsed.builds.some((build) => !DIGITS.test(build)),
  };
}

/** The parts of a version that decide its place. */
interface Version {
  /** Digits without leading zeros. */
  readonly numbers: readonly string[];
  readonly preRelease: readonly string[];
  readonly builds: readonly string[];
}

function parseVersion(text: string): Version | undefined {
  const { numbers: core, preRelease: hyphenated = "", build = "", buildNumber } = VERSION.exec(text)?.groups ?? {};
  if (core === undefined) return undefined;
  const numbers = core.split(".").map(withoutLeadingZeros);
  const described = DESCRIBED.exec(hyphenated);
  const { commits } = described?.groups ?? {};
  const afterHyphen = hyphenated.slice(1, described?.index);
  const isCalendarBuild = isCalendarYear(numbers[0]) && DIGITS.test(afterHyphen);
  const builds = [isCalendarBuild ? afterHyphen : undefined, commits, ...build.split("+").slice(1), buildNumber];
  return {
    numbers,
    preRelease: isCalendarBuild || afterHyphen === "" ? [] : afterHyphen.split(".").map(withoutLeadingZeros),
    builds: builds.filter((each) => each !== undefined).map(withoutLeadingZeros),
  };
}

function isCalendarYear(number = ""): boolean {
  return number.length === 4 && Number(number) >= CALENDAR_YEARS.first && Number(number) <= CALENDAR_YEARS.last;
}

/** Digits without leading zeros; any other text as it is. */
function withoutLeadingZeros(text: string): string {
  return text.startsWith("0") && DIGITS.test(text) ? text.replace(/^0+(?=\d)/u, "") : text;
}

/** The version with three numbers or more, without a "v", as in `2.1.0-rc.1+456`. It is a version itself, so no dated release has it. */
function nameOf({ numbers, preRelease, builds }: Version): string {
  const significant = numbers.findLastIndex((number) => number !== "0") + 1;
  const shown = [...numbers, "0"].slice(0, Math.max(3, significant));
  const hyphenated = preRelease.length === 0 ? "" : `-${preRelease.join(".")}`;
  return shown.join(".") + hyphenated + builds.map((build) => `+${build}`).join("");
}

/**
 * A version as a text that sorts by its precedence. A digit before each pre-release identifier puts the end of the list (0)
 * before a number (1), a number before a word (2), and all of them before no pre-release (3). A word ends in a blank, which
 * sorts before all characters of words.
 */
function versionPlace({ numbers, preRelease }: Version): string {
  let core = "";
  for (let part = 0; part < VERSION_NUMBERS; part++) core += sortableDigits(numbers[part] ?? "0");
  if (preRelease.length === 0) return `${core}3`;
  const identifiers = preRelease.map((each) => (DIGITS.test(each) ? `1${sortableDigits(each)}` : `2${each} `));
  return `${core}${identifiers.join("")}0`;
}

/** A build as a text that sorts after no build, and numbers before others. */
function buildPlace(build: string): string {
  return DIGITS.test(build) ? `1${sortableDigits(build)}` : "2";
}

/** A whole number as a text that sorts as the number does. */
export function sortableNumber(value: number): string {
  return sortableDigits(String(value));
}

/** All lengths of digits, as two hexadecimal digits. */
const LENGTHS = Array.from({ length: MAX_RELEASE_LENGTH + 1 }, (_, length) => length.toString(16).padStart(2, "0"));

/** Digits as a text that sorts as their number does: their length comes first. */
function sortableDigits(digits: string): string {
  return `${LENGTHS[digits.length] ?? ""}${digits}`;
}
