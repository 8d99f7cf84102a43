import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Check, HostKind } from "./installed/check.ts";
import { HOST_KINDS } from "./installed/host-kinds.ts";
import { Host, npmPackage, TOOLS, type NpmVersion, type Workshop } from "./installed/host.ts";
import { run } from "./installed/run.ts";

/*
 * Shows the package at work as hosts install it: packed, in a folder of its own, beside other packages and on other
 * runtimes. npm run test:installed. With --built for those who have just built it, and with --only=text for the hosts that
 * have the text in their titles.
 */
const { values: options } = parseArgs({ options: { built: { type: "boolean" }, only: { type: "string" } } });
const AT_ONCE = 3;
const counts = { passed: 0, failed: 0, untried: 0 };

/** Does something, and prints a line that says what came of it. */
async function report(title: string, work: () => Promise<unknown>): Promise<boolean> {
  const startedAt = performance.now();
  const failure = await work().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
  counts[failure === undefined ? "passed" : "failed"] += 1;
  console.log(`${failure === undefined ? "ok    " : "FAILED"} ${seconds} s  ${title}`);
  if (failure !== undefined) console.log(failure.replaceAll(/^/gmu, "    "));
  return failure === undefined;
}

/** Prints a line that says why something was not tried. */
function reportUntried(title: string, reason: string): void {
  counts.untried += 1;
  console.log(`not tried       ${title}: ${reason}`);
}

async function showHost(workshop: Workshop, { title, manifest, install, checks }: HostKind): Promise<void> {
  const host = new Host(workshop, manifest);
  const isInstalled = await report(`${title}: installs`, () => install(host));
  const attempt = async (check: Check): Promise<unknown> => {
    if (!isInstalled) throw new Error("not tried, as nothing is installed");
    return check.run(host);
  };
  for (const check of checks) {
    if (check.untried === undefined) await report(`${title}: ${check.title}`, () => attempt(check));
    else reportUntried(`${title}: ${check.title}`, check.untried);
  }
  host.remove();
}

/** Builds and packs the package, and installs the versions of npm that hosts have. */
async function prepare(folder: string): Promise<Workshop> {
  const project = { folder: resolve(".") };
  if (options.built !== true) await run("npm", ["run", "build"], project);
  await run("npm", ["pack", "--pack-destination", folder], project);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm packed nothing.");
  const versions: NpmVersion[] = [10, 11];
  const names = versions.map((version) => `${npmPackage(version)}@npm:npm@${String(version)}`);
  const tools = join(folder, TOOLS);
  mkdirSync(tools);
  writeFileSync(join(tools, "package.json"), JSON.stringify({ private: true }));
  await run("npm", ["install", ...names], { folder: tools });
  return { folder, tarball: join(folder, tarball) };
}

const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-installed-"));
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

const workshop = await prepare(folder);
const waiting = HOST_KINDS.filter(({ title }) => title.includes(options.only ?? ""));
const worker = async (): Promise<void> => {
  for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift()) await showHost(workshop, kind);
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));
const untried = counts.untried === 0 ? "" : `, ${String(counts.untried)} not tried`;
console.log(`\n${String(counts.passed)} passed, ${String(counts.failed)} failed${untried}`);
if (counts.failed > 0) process.exitCode = 1;
