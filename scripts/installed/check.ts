import { join } from "node:path";
import type { Host } from "./host.ts";

/** Something that has to work in a host's folder. */
export interface Check {
  readonly title: string;
  /** Rejects if it does not. */
  readonly run: (host: Host) => Promise<unknown>;
  /** Why it is not tried. */
  readonly untried?: string;
}

/** A kind of host: what it installs, and what has to work then. */
export interface HostKind {
  readonly title: string;
  /** What its package.json says besides its dependencies. */
  readonly manifest?: object;
  readonly install: (host: Host) => Promise<unknown>;
  readonly checks: readonly Check[];
}

/** Installs the package and others. */
export function beside(...packages: string[]): (host: Host) => Promise<unknown> {
  return (host) => host.install([host.workshop.tarball, ...packages]);
}

/** A program that has to end well, on this Node. */
export function program(title: string, ...given: string[]): Check {
  return { title, run: (host) => host.node(...given) };
}

/** The variables of the environment that name servers. */
const VARIABLES = {
  postgres: "ISSUE_LIFECYCLE_TEST_POSTGRES_URL",
  mysql: "ISSUE_LIFECYCLE_TEST_MYSQL_URL",
};

/** A check that is not tried where the environment names no server. */
export function onServer(kind: keyof typeof VARIABLES, check: Check): Check {
  const variable = VARIABLES[kind];
  return process.env[variable] === undefined ? { ...check, untried: `no server, ${variable} is not set` } : check;
}

/** The options of a strict host's compiler. */
const STRICT = {
  module: "nodenext",
  target: "es2022",
  lib: ["es2023"],
  types: ["node"],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  esModuleInterop: true,
};

/** Compiles files of a host under strict options, and others. */
export async function checkTypes(host: Host, files: readonly string[], others: object): Promise<void> {
  host.write("tsconfig.json", JSON.stringify({ compilerOptions: { ...STRICT, ...others }, files }));
  await host.node(join("node_modules", "typescript", "bin", "tsc"), "-p", ".");
}
