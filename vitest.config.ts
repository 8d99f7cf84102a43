import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = fileURLToPath(new URL("src", import.meta.url));

export default defineConfig({
  resolve: {
    // Examples import the package by its name, as a host does; here that is the source.
    alias: [
      { find: /^issue-lifecycle$/u, replacement: `${src}/index.ts` },
      { find: /^issue-lifecycle\/(\w+)$/u, replacement: `${src}/$1/index.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // PGlite takes seconds to start, and more on a machine that is busy.
    hookTimeout: 60_000,
  },
});
