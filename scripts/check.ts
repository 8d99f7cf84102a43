import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/*
 * Checks everything: npm run check. With --without-tests for those who have just run them.
 */
const WORK = ".check";

function step(title: string): void {
  console.log(`\n=== ${title}`);
}

function run(command: string, ...given: string[]): void {
  const { status } = spawnSync(command, given, { stdio: "inherit", shell: false });
  if (status !== 0) throw new Error(`${command} ${given.join(" ")} failed.`);
}

/** Unpacks what would be published where consumers find it, beside the packages that this project has installed. */
function installPackage(): string {
  rmSync(WORK, { recursive: true, force: true });
  const consumers = join(WORK, "consumers");
  const installed = join(consumers, "node_modules", "issue-lifecycle");
  mkdirSync(installed, { recursive: true });
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", WORK], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [file = ""] = readdirSync(WORK).filter((name) => name.endsWith(".tgz"));
  if (!packed.includes(file)) throw new Error("npm packed nothing.");
  run("tar", "-xzf", join(WORK, file), "-C", installed, "--strip-components=1");
  cpSync(join("test", "consumers"), consumers, { recursive: true });
  return consumers;
}

/** TypeScript's versions that consumers have, by the package that has them. Their commands share a name, so paths it is. */
const COMPILERS = { "5.9": "typescript-5.9", "6.0": "typescript", "7.0": "typescript-7" };
const CONSUMERS = ["strict.ts", "types.ts"];

/** Type-checks the typed consumers as projects of several kinds do, with every version of TypeScript. */
function checkTypes(consumers: string): void {
  const kinds = {
    "an ES module on NodeNext": { module: "nodenext", type: "module" },
    "CommonJS on Node 20's rules": { module: "node20", type: "commonjs" },
    "a bundler's": { module: "esnext", moduleResolution: "bundler", type: "module" },
  };
  for (const [kind, { type, ...options }] of Object.entries(kinds)) {
    const folder = join(consumers, options.module);
    mkdirSync(folder, { recursive: true });
    for (const file of CONSUMERS) cpSync(join(consumers, file), join(folder, file));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
    const strict = {
      target: "es2022",
      lib: ["es2023"],
      types: ["node"],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      noUncheckedSideEffectImports: true,
      verbatimModuleSyntax: type === "module",
      esModuleInterop: true,
    };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...strict, ...options }, files: CONSUMERS }),
    );
    for (const [version, name] of Object.entries(COMPILERS)) {
      console.log(`the types hold in ${kind} project, TypeScript ${version}`);
      run("node", join("node_modules", name, "bin", "tsc"), "-p", folder);
    }
  }
}

/** What hosts import, and the most that a minified bundle of it may weigh with gzip. A limit is raised with its reason beside it. */
const BUNDLES = [
  // 42,000 before release lines, recovery from wrong clocks, and reports of failing sinks; 50,000 before the steps of grouping;
  // 55,000 before conditions of four kinds, watches, users and environments; 65,000 before gathered digests, searches that end in time,
  // and releases that are applied in steps; 70,000 before quiet and discarded issues, secrets, and erasure; 80,000 before merged
  // issues; 88,000 before counts, pages of events, the feed, hooks, and work in the background; 95,000 before lists of several projects
  // and their filters.
  { names: ["createIssueTracker", "createMemoryStore"], entry: "index.js", maxBytes: 99_000 },
  // 7,000 before counters knew their busiest hours and how many of their events count since a mute; 9,000 before the entry for copies, with which
  // the input of commands is in one file with them.
  { names: ["PeriodCounter", "volumeCondition"], entry: "core/index.js", maxBytes: 11_000 },
  // 20,000 before conditions of four kinds, users and watches.
  { names: ["backtest"], entry: "backtest/index.js", maxBytes: 27_000 },
];

/** Bundles what hosts import for a browser: nothing of Node may be left in it, and it stays small. */
async function checkBundles(): Promise<void> {
  for (const { names, entry, maxBytes } of BUNDLES) {
    const result = await build({
      stdin: { contents: `export { ${names.join(", ")} } from "./dist/${entry}";`, resolveDir: "." },
      bundle: true,
      platform: "browser",
      format: "esm",
      write: false,
      metafile: true,
      minify: true,
      logLevel: "error",
    });
    const externals = Object.values(result.metafile.outputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external === true),
    );
    if (externals.length > 0) throw new Error(`The bundle imports ${externals.map(({ path }) => path).join(", ")}.`);
    const [{ text, contents } = { text: "", contents: new Uint8Array() }] = result.outputFiles;
    if (/\bnode:|require\(/u.test(text)) throw new Error("The bundle mentions Node's modules.");
    requireAtMost(`${names.join(" and ")}, minified, with gzip`, gzipSync(contents, { level: 9 }).length, maxBytes);
  }
}

function requireAtMost(what: string, bytes: number, maxBytes: number): void {
  console.log(`${what}: ${String(bytes)} of ${String(maxBytes)} bytes`);
  if (bytes === 0 || bytes > maxBytes) throw new Error(`${what}: ${String(bytes)} bytes; at most ${String(maxBytes)}.`);
}

/**
 * The most bytes that npm may have to fetch. A limit is raised with its reason beside it: the adapters of eight libraries and
 * the guide to them took it from 500,000.
 */
// 730,000 before conditions of four kinds, watches, users and environments; 800,000 before the store on key-value stores, and the cases of
// large batches and hostile texts; 1,000,000 before quiet and discarded issues, secrets, and erasure; 1,100,000 before merged
// issues; 1,200,000 before sentences, the feed, hooks and copies, with a page of the guide each; 1,300,000 before the intake, the capture
// and their adapters.
const MAX_TARBALL_BYTES = 1_400_000;

/** Looks into what would be published: its size, its links, and that nothing of this machine is in it. */
function checkTarball(tarball: string, installed: string): void {
  requireAtMost("the package, packed", statSync(tarball).size, MAX_TARBALL_BYTES);
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
  const here = import.meta.dirname.replace(/scripts$/u, "");
  for (const file of files.filter((name) => statSync(join(installed, name)).isFile())) {
    const text = readFileSync(join(installed, file), "utf8");
    if (text.includes(here)) throw new Error(`${file} has a path of this machine.`);
    if (file.endsWith(".cjs.map") || /^\/\/# sourceMappingURL/mu.test(text))
      throw new Error(`${file} has a source map.`);
    if (!file.endsWith(".md")) continue;
    for (const [, link = ""] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/gu)) {
      // Pictures that a browser took are not packed: they are larger than all guides, and say what they show in words.
      if (link.endsWith(".png")) continue;
      if (!existsSync(join(installed, dirname(file), link)))
        throw new Error(`${file} links to ${link}, which is missing.`);
    }
  }
}

step("build");
run("tsup", "--silent");
step("types");
run("npm", "run", "--silent", "typecheck");
step("lint");
run("eslint", ".", "--max-warnings", "0");
run("prettier", "--check", "--log-level", "warn", ".");
if (!process.argv.includes("--without-tests")) {
  step("tests");
  run("vitest", "run");
}
step("API documentation");
run("typedoc", "--logLevel", "Warn");
step("unused files, exports and dependencies");
run("knip");
step("the package as it would be published");
run("publint", "--strict");
const consumers = installPackage();
const [tarball = ""] = readdirSync(WORK).filter((name) => name.endsWith(".tgz"));
checkTarball(join(WORK, tarball), join(consumers, "node_modules", "issue-lifecycle"));
run("attw", join(WORK, tarball), "--profile", "node16");
step("consumers");
run("node", join(consumers, "esm.mjs"));
run("node", join(consumers, "cjs.cjs"));
checkTypes(consumers);
step("browser bundles");
await checkBundles();
step("demo");
run("node", "examples/demo/main.ts");
run("node", "examples/postgres-host/main.ts");
step("benchmarks (a ratio that is twice the recorded one, twice in a row, fails)");
run("node", "--expose-gc", "bench/main.ts", "--short", "--check");
rmSync(WORK, { recursive: true });
console.log("\nEverything holds.");
