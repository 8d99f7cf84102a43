import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll } from "vitest";
import { ROOT } from "./examples.ts";

/**
 * Makes one file of a program in a folder of the tests, which goes when the test file ends. It starts in a third of the time:
 * for tests that start a hundred processes. Stands where the packages that it leaves out are found.
 */
export async function bundle(program: string, from = "processes"): Promise<string> {
  const cache = join(ROOT, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "test-processes-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, "program.mjs");
  await build({
    entryPoints: [join(ROOT, "test", from, program)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["better-sqlite3", "lmdb", "mysql2", "pg"],
    logLevel: "warning",
  });
  return outfile;
}
