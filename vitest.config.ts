import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { Sequencer } from "./test/support/sequencer.ts";

const src = fileURLToPath(new URL("src", import.meta.url));

/** The tests of `npm test`: all of them, with some rounds of those that are random. */
export default defineConfig({
  resolve: {
    // Examples import the package by its name, as a host does; here that is the source.
    alias: [
      { find: /^issue-lifecycle$/u, replacement: `${src}/index.ts` },
      { find: /^issue-lifecycle\/store$/u, replacement: `${src}/ports/index.ts` },
      { find: /^issue-lifecycle\/(\w+)$/u, replacement: `${src}/$1/index.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    // One process more than processors, because some tests wait for disks and for pauses before a retry. Each runs one test file
    // after the other, with one PostgreSQL of its own (PGlite).
    maxWorkers: availableParallelism() + 1,
    isolate: false,
    sequence: { sequencer: Sequencer },
    // WebAssembly is compiled once and plainly. To optimize PGlite takes longer than these tests gain by it.
    execArgv: ["--liftoff-only"],
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
