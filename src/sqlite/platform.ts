import { IssueLifecycleError } from "../core/errors.ts";

/** The oldest Node that better-sqlite3 13 runs on: it crashes older ones. */
const OLDEST_NODE = { major: 22, minor: 14 } as const;
/** better-sqlite3 12 and older abort the process on Node 24, under load or at its exit. */
const OLD_DRIVER = { below: 13, crashesNodeFrom: 24 } as const;

/**
 * Refuses a Node that better-sqlite3 would crash.
 *
 * @param node - the version of Node, from `process.versions.node`
 * @throws `IssueLifecycleError` `unsupported-platform`
 */
export function requireSupportedNode(node: string): void {
  const [major = 0, minor = 0] = numbersOf(node);
  const { major: oldestMajor, minor: oldestMinor } = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new IssueLifecycleError(
    "unsupported-platform",
    `issue-lifecycle/sqlite needs Node ${String(oldestMajor)}.${String(oldestMinor)} or newer; this is Node ${node}.`,
  );
}

/**
 * Refuses a better-sqlite3 that would abort this Node.
 *
 * @param driver - the version of better-sqlite3, from its package.json
 * @param node - the version of Node, from `process.versions.node`
 * @throws `IssueLifecycleError` `unsupported-platform`
 */
export function requireSupportedDriver(driver: string, node: string): void {
  const [driverMajor = 0] = numbersOf(driver);
  const [nodeMajor = 0] = numbersOf(node);
  if (driverMajor >= OLD_DRIVER.below || nodeMajor < OLD_DRIVER.crashesNodeFrom) return;
  throw new IssueLifecycleError(
    "unsupported-platform",
    `better-sqlite3 ${driver} aborts the process on Node ${node}; install 13: npm install better-sqlite3@13`,
  );
}

function numbersOf(version: string): number[] {
  return version.split(".").map(Number);
}
