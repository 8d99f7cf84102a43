import type BetterSqlite3 from "better-sqlite3";
import { IssueLifecycleError } from "../core/errors.ts";

/** The oldest Node version that better-sqlite3 13 supports; it crashes on older ones. */
const OLDEST_NODE = { major: 22, minor: 14 } as const;
/** better-sqlite3 12 and older abort the process on Node 24, under load or at its exit. */
const OLD_DRIVER = { below: 13, crashesNodeFrom: 24 } as const;

/**
 * Refuses a Node version on which better-sqlite3 crashes.
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
 * Refuses a version of better-sqlite3 that crashes on this Node version.
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

/**
 * Loads better-sqlite3, an optional package with a native part, which is loaded with the first database.
 *
 * @throws `IssueLifecycleError` `unsupported-platform`
 */
export async function loadBetterSqlite3(): Promise<typeof BetterSqlite3> {
  try {
    const { default: manifest } = await import("better-sqlite3/package.json", { with: { type: "json" } });
    requireSupportedDriver(manifest.version, process.versions.node);
    const { default: Database } = await import("better-sqlite3");
    new Database(":memory:").close();
    return Database;
  } catch (error) {
    if (IssueLifecycleError.is(error)) throw error;
    throw new IssueLifecycleError(
      "unsupported-platform",
      "issue-lifecycle/sqlite cannot load the package better-sqlite3. Install it (npm install better-sqlite3@13), " +
        "or mark it external in your bundler, because it has a native part that cannot be bundled.",
      { cause: error },
    );
  }
}

function numbersOf(version: string): number[] {
  return version.split(".").map(Number);
}
