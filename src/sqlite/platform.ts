import { IssueLifecycleError } from "../core/errors.ts";

/** The oldest Node that better-sqlite3 13 runs on; it crashes older ones instead of saying so. */
const OLDEST_NODE = { major: 22, minor: 14 } as const;

/**
 * Refuses a Node that would crash.
 *
 * @param version - Node's version, as `process.versions.node` says it
 * @throws `IssueLifecycleError` `unsupported-platform`
 */
export function requireSupportedNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const { major: oldestMajor, minor: oldestMinor } = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new IssueLifecycleError(
    "unsupported-platform",
    `issue-lifecycle/sqlite needs Node ${String(oldestMajor)}.${String(oldestMinor)} or newer; this is Node ${version}.`,
  );
}
