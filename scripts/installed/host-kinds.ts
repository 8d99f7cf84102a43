import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { beside, checkTypes, onServer, program, type Check, type HostKind } from "./check.ts";
import type { Host, NpmVersion } from "./host.ts";
import { libraryKinds, libraryProgram } from "./library-kinds.ts";
import { rollingKind } from "./rolling-kind.ts";
import { COMMANDS, run } from "./run.ts";

const ENTRIES = program("the entries without a database load, both ways", "entries.mjs");
const REFUSAL = program("Node 24 with better-sqlite3 12 is refused in words", "refusal.mjs");

/** Beside what hosts have already, with an npm of theirs. */
function besideKinds(npm: NpmVersion): HostKind[] {
  // better-sqlite3 12 would be compiled; what it has to show here needs no more than its package.json.
  const options = ["--ignore-scripts"];
  const kind = (title: string, packages: string[], checks: Check[]): HostKind => ({
    title: `npm ${String(npm)}, ${title}`,
    install: (host) => host.install([host.workshop.tarball, ...packages], { npm, options }),
    checks,
  });
  return [
    kind("nothing else", [], [ENTRIES, program("an intake takes what clients send", "intake.mjs")]),
    kind("nodemailer 6", ["nodemailer@6"], [program("an alert is sent by it", "email.mjs")]),
    kind(
      "OpenTelemetry's API 1.9",
      ["@opentelemetry/api@1.9.0"],
      [ENTRIES, program("its hooks load, both ways, and a tracker has them", "opentelemetry.mjs")],
    ),
    kind("better-sqlite3 12 and a new Kysely", ["better-sqlite3@12", "kysely"], [ENTRIES, REFUSAL]),
    kind(
      "Kysely 0.28",
      ["kysely@0.28"],
      [ENTRIES, program("an issue's life, Kysely on node:sqlite", "own-sqlite-life.mjs")],
    ),
    kind("all of these", ["nodemailer@6", "better-sqlite3@12", "kysely@0.28"], [REFUSAL]),
  ];
}

function runJest(...files: string[]): Check {
  return {
    title: `passes in its default mode, and ends by itself: ${files.join(", ")}`,
    run: async (host) => {
      const jest = join("node_modules", "jest", "bin", "jest.js");
      const output = await host.node(jest, "--detectOpenHandles", "--runTestsByPath", ...files);
      if (/did not exit|open handle|torn down|gracefully/u.test(output)) throw new Error(output);
    },
  };
}

const JEST = { jest: { transform: {}, testMatch: ["<rootDir>/jest-*.cjs"] } };

const jestKinds: HostKind[] = [
  {
    title: "Jest 30, Kysely 0.28, better-sqlite3 13",
    manifest: JEST,
    install: beside("jest@30", "kysely@0.28", "better-sqlite3@13"),
    checks: [runJest("jest-entries.cjs", "jest-sql.cjs")],
  },
  {
    title: "Jest 30, Kysely 0.29",
    manifest: JEST,
    install: beside("jest@30", "kysely@0.29"),
    checks: [runJest("jest-entries.cjs")],
  },
];

/** The strict consumers as they are on Kysely 0.28, which has its migrator in the main entry. */
async function checkConsumers(host: Host): Promise<void> {
  const files = ["strict.ts", "types.ts"];
  for (const file of files) {
    const text = readFileSync(join("test", "consumers", file), "utf8");
    host.write(file, text.replaceAll('"kysely/migration"', '"kysely"'));
  }
  await checkTypes(host, files, { noPropertyAccessFromIndexSignature: true, noUncheckedSideEffectImports: true });
}

const oldKysely: HostKind = {
  title: "Kysely 0.28, better-sqlite3 13",
  manifest: { type: "module" },
  install: beside(
    "kysely@0.28",
    "better-sqlite3@13",
    "typescript@6",
    "@types/node@22",
    "@types/better-sqlite3",
    "@opentelemetry/api",
    "pg",
    "mysql2",
  ),
  checks: [
    { title: "strict types, with those of all libraries", run: checkConsumers },
    program("all of the conformance suite, embedded SQLite", "conformance.mjs", "embedded"),
    program("all of the conformance suite, Kysely on SQLite", "conformance.mjs", "sqlite"),
    program("all of the conformance suite, Kysely on node:sqlite", "conformance.mjs", "own-sqlite"),
    onServer("postgres", program("all of the conformance suite, Kysely on PostgreSQL", "conformance.mjs", "postgres")),
    onServer("mysql", program("all of the conformance suite, Kysely on MySQL or MariaDB", "conformance.mjs", "mysql")),
  ],
};

/** Where a host of better-sqlite3 12 has its Node, apart from its packages: npm would clear its parts away. */
const NODE_22 = "node22";

async function requireToolchain(host: Host): Promise<void> {
  for (const tool of ["python3", "make", "g++"]) {
    await host.run(tool, "--version").catch((cause: unknown) => {
      throw new Error(`better-sqlite3 12 is compiled here, which needs python3, make and g++: no ${tool}`, { cause });
    });
  }
}

/** Installs Node 22, and compiles better-sqlite3 12 for it. */
async function compileOldDriver(host: Host): Promise<void> {
  await requireToolchain(host);
  await host.install([host.workshop.tarball, "kysely"]);
  const folder = host.makeFolder(NODE_22);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, allowScripts: { node: true } }));
  await host.npm(11, ["install", "--prefix", folder, "node@22"]);
  const name = `node-${process.platform}-${process.arch}`;
  const packages = join(folder, "node_modules");
  const places = [join(packages, "node", "node_modules", name), join(packages, name)];
  const headers = places.find((place) => existsSync(join(place, "include", "node", "node.h")));
  if (headers === undefined) throw new Error(`The package of Node 22 has no headers in ${places.join(" or ")}.`);
  await host.npm(11, ["install", "better-sqlite3@12", "typeorm", "reflect-metadata"], {
    PATH: [dirname(node22(host)), COMMANDS].join(delimiter),
    npm_config_nodedir: headers,
    npm_config_build_from_source: "true",
    // Compiles far faster: how fast it runs is not what is shown here.
    CFLAGS: "-O0",
    CXXFLAGS: "-O0",
  });
}

function node22({ folder }: Host): string {
  return join(folder, NODE_22, "node_modules", ".bin", "node");
}

const oldDriver: HostKind = {
  title: "better-sqlite3 12, compiled for Node 22",
  manifest: { allowScripts: { "better-sqlite3": true } },
  install: compileOldDriver,
  checks: [
    { title: "an issue's life on Node 22", run: (host) => host.run(node22(host), "embedded.mjs") },
    { title: "an intake on Node 22", run: (host) => host.run(node22(host), "intake.mjs") },
    {
      title: "all of the conformance suite on Node 22, embedded SQLite",
      run: (host) => host.run(node22(host), "conformance.mjs", "embedded"),
    },
    {
      title: "transactions of TypeORM on SQLite, on Node 22",
      run: (host) => host.run(node22(host), ...libraryProgram("typeorm", "sqlite")),
    },
    REFUSAL,
  ],
};

/** A runtime other than Node, that npm can install. */
function runtime(name: string, ...options: string[]): HostKind {
  const check = (title: string, ...given: string[]): Check => ({
    title,
    run: (host) => host.run(host.command(name), ...options, ...given),
  });
  return {
    title: `${name}, better-sqlite3 13`,
    manifest: { allowScripts: { [name]: true } },
    install: beside("kysely", "better-sqlite3@13", name),
    checks: [
      check("the entries without a database load, both ways", "entries.mjs"),
      check("an issue's life, embedded SQLite", "embedded.mjs"),
      check("an intake takes what clients send, on the runtime's own server and on node:http", "intake.mjs"),
      check("an issue's life, Kysely on the runtime's own SQLite", "own-sqlite-life.mjs"),
      check("all of the conformance suite, embedded SQLite", "conformance.mjs", "embedded"),
      check("all of the conformance suite, Kysely on the runtime's own SQLite", "conformance.mjs", "own-sqlite"),
    ],
  };
}

/** Bundles a program, and runs it in a folder that has better-sqlite3 and nothing else. */
function bundled(format: "esm" | "cjs", file: string): Check {
  return {
    title: `a bundle in the format ${format} runs beside better-sqlite3 alone`,
    run: async (host) => {
      const folder = mkdtempSync(join(host.workshop.folder, "bundle-"));
      const outfile = join(folder, file);
      const options = ["--bundle", "--platform=node", "--external:better-sqlite3", "--log-level=warning"];
      const output = [`--format=${format}`, `--outfile=${outfile}`];
      await host.run(host.command("esbuild"), "bundled.mjs", ...options, ...output);
      const driver = join("node_modules", "better-sqlite3");
      cpSync(join(host.folder, driver), join(folder, driver), { recursive: true });
      await run(process.execPath, [outfile], { folder });
    },
  };
}

const bundledHost: HostKind = {
  title: "esbuild, better-sqlite3 13",
  manifest: { allowScripts: { esbuild: true } },
  install: beside("kysely", "better-sqlite3@13", "esbuild"),
  checks: [bundled("esm", "main.mjs"), bundled("cjs", "main.cjs")],
};

/** All kinds, those that take long before the others. */
export const HOST_KINDS: readonly HostKind[] = [
  oldDriver,
  oldKysely,
  rollingKind,
  ...libraryKinds,
  ...jestKinds,
  runtime("bun"),
  runtime("deno", "run", "--allow-all"),
  bundledHost,
  ...besideKinds(10),
  ...besideKinds(11),
];
