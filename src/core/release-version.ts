import { parse } from "semver";

/** The longest text that is read as a semantic version; a longer one is dated. */
const MAX_SEMVER_LENGTH = 256;
/** Runs of digits that long cannot be read by the parser, whose numbers are floating-point. */
const LONG_DIGITS = /\d{16,}/gu;

/** A release's text, taken apart at its last "@". */
export interface PackageVersion {
  /** What stands before the last "@"; `undefined` without one. */
  readonly packageName: string | undefined;
  /** What stands behind it, or all. */
  readonly version: string;
}

/** Takes `package@version` apart at the last "@". */
export function splitPackageVersion(release: string): PackageVersion {
  const at = release.lastIndexOf("@");
  return at < 0
    ? { packageName: undefined, version: release }
    : { packageName: release.slice(0, at), version: release.slice(at + 1) };
}

/** A semantic version's parts that decide its precedence; numbers as digits, of any length. */
export interface SemverPrecedence {
  /** Major, minor and patch. */
  readonly numbers: readonly string[];
  /** The identifiers of the pre-release; none for a release proper. */
  readonly preRelease: readonly string[];
}

/**
 * Reads a release as Semantic Versioning 2.0.0, strictly: three numbers without leading zeros, an optional pre-release,
 * optional build metadata. Anything up to the last "@" is a package's name. Everything else is `undefined`: "1.0",
 * "v1.0.0", " 1.0.0".
 */
export function readSemver(release: string): SemverPrecedence | undefined {
  const { version } = splitPackageVersion(release);
  if (version.length > MAX_SEMVER_LENGTH) return undefined;
  const legible = version.replace(LONG_DIGITS, (digits) => digits.slice(0, 15));
  const parsed = parse(legible);
  if (parsed === null || writtenOut(parsed) !== legible) return undefined;
  const [withoutBuild = ""] = version.split("+", 1);
  const hyphen = withoutBuild.indexOf("-");
  const core = hyphen < 0 ? withoutBuild : withoutBuild.slice(0, hyphen);
  const preRelease = hyphen < 0 ? [] : withoutBuild.slice(hyphen + 1).split(".");
  return { numbers: core.split("."), preRelease };
}

/** The parser forgives a leading "v" and white space; only a text it writes out again as it was is strict. */
function writtenOut(parsed: { readonly version: string; readonly build: readonly string[] }): string {
  return parsed.build.length === 0 ? parsed.version : `${parsed.version}+${parsed.build.join(".")}`;
}
