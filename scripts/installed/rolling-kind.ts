import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beside, onServer, program, type Check, type HostKind } from "./check.ts";
import type { Host } from "./host.ts";
import { run } from "./run.ts";

/*
 * Shows that the package before the last change of the tables and this one work on one database during an upgrade, or that the
 * earlier one stops with a code.
 */

const MIGRATIONS = "src/kysely/migrations/migrations.ts";
const PACKAGES = ["kysely", "better-sqlite3@13", "pg", "mysql2"];
const PROGRAMS = ["rolling-worker.mjs", "rolling-stores.mjs"];

function git(...given: string[]): string {
  return execFileSync("git", given, { encoding: "utf8", maxBuffer: 100_000_000, stdio: ["ignore", "pipe", "ignore"] });
}

/** The version of the tables that a commit's code needs. */
function tablesAt(commit: string): number {
  const text = git("show", `${commit}:${MIGRATIONS}`);
  return Math.max(...Array.from(text.matchAll(/\{ version: (\d+)/gu), ([, version]) => Number(version)));
}

/** The newest commit whose tables are older than those of this one; `undefined` where no history is there that holds it. */
function earlierCommit(): string | undefined {
  try {
    const commits = git("log", "--first-parent", "--format=%H", "--", MIGRATIONS).trim().split("\n");
    const latest = tablesAt("HEAD");
    return commits.find((commit) => tablesAt(commit) < latest);
  } catch {
    return undefined;
  }
}

/** Builds and packs the package of a commit, with the tools of this one. */
async function pack(commit: string, host: Host): Promise<string> {
  const folder = host.makeFolder("source");
  const archive = join(host.folder, "source.tar");
  git("archive", "--output", archive, commit);
  await run("tar", ["-xf", archive, "-C", folder], { folder });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  await run("npm", ["run", "build"], { folder });
  await run("npm", ["pack"], { folder });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm packed nothing.");
  return join(folder, tarball);
}

/** Installs this package, and in a folder of the host that of an earlier commit. */
async function installBoth(host: Host, commit: string): Promise<void> {
  await beside(...PACKAGES)(host);
  const tarball = await pack(commit, host);
  const folder = host.makeFolder("earlier");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  await host.npm(11, ["install", "--prefix", folder, tarball, ...PACKAGES]);
  for (const name of PROGRAMS) copyFileSync(join(host.folder, name), join(folder, name));
}

const commit = earlierCommit();

/** A check that is not tried where the earlier package cannot be made. */
function onHistory(check: Check): Check {
  return commit === undefined ? { ...check, untried: "no history of this project is there" } : check;
}

const CHECKS = [
  program("on SQLite", "rolling.mjs", "sqlite"),
  onServer("postgres", program("on PostgreSQL", "rolling.mjs", "postgres")),
  onServer("mysql", program("on MySQL or MariaDB", "rolling.mjs", "mysql")),
];

/** This package beside that of the commit before the tables last changed. */
export const rollingKind: HostKind = {
  title: "A rolling deployment",
  manifest: { type: "module" },
  install: (host) => (commit === undefined ? Promise.resolve() : installBoth(host, commit)),
  checks: CHECKS.map(onHistory),
};
