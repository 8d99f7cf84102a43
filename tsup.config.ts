import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "memory/index": "src/memory/index.ts",
    "kysely/index": "src/kysely/index.ts",
    "sqlite/index": "src/sqlite/index.ts",
    "sentry/index": "src/sentry/index.ts",
    "sinks/index": "src/sinks/index.ts",
    "testing/index": "src/testing/index.ts",
  },
  format: ["esm", "cjs"],
  target: "node22.14",
  platform: "neutral",
  dts: true,
  sourcemap: true,
  splitting: true,
  clean: true,
  treeshake: false,
  external: ["kysely", "better-sqlite3", /^node:/],
});
