import parse from "semver/functions/parse.js";
import { requireText } from "./input.ts";

/** The longest text that is read as a semantic version; a longer one has none. */
const MAX_SEMVER_LENGTH = 256;
/** Numbers that are too long for the parser, which reads them as floating-point numbers. */
const LONG_DIGITS = /\d{16,}/gu;

/** The parts of a release such as `package@1.0.0`. */
export interface PackageVersion {
  /** The text before the last "@"; `undefined` without one. */
  readonly packageName: string | undefined;
  /** The text after the last "@", or the whole text. */
  readonly version: string;
}

/** Splits `package@version` at the last "@". */
export function splitPackageVersion(release: string): PackageVersion {
  const at = requireText("release", release, 0, Number.MAX_SAFE_INTEGER).lastIndexOf("@");
  return at < 0
    ? { packageName: undefined, version: release }
    : { packageName: release.slice(0, at), version: release.slice(at + 1) };
}

/** The parts of a semantic version that decide its precedence. Numbers are strings of digits of any length. */
export interface SemverPrecedence {
  /** Major, minor and patch. */
  readonly numbers: readonly string[];
  /** The identifiers of the pre-release; empty without one. */
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
  if (parsed === null || formatVersion(parsed) !== legible) return undefined;
  const [withoutBuild = ""] = version.split("+", 1);
  const hyphen = withoutBuild.indexOf("-");
  const core = hyphen < 0 ? withoutBuild : withoutBuild.slice(0, hyphen);
  const preRelease = hyphen < 0 ? [] : withoutBuild.slice(hyphen + 1).split(".");
  return { numbers: core.split("."), preRelease };
}

/** The parsed version as a text. The parser accepts a leading "v" and white space: then this differs from the input. */
function formatVersion(parsed: { readonly version: string; readonly build: readonly string[] }): string {
  return parsed.build.length === 0 ? parsed.version : `${parsed.version}+${parsed.build.join(".")}`;
}
