import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "core/index": "src/core/index.ts",
    "store/index": "src/ports/index.ts",
    "memory/index": "src/memory/index.ts",
    "kysely/index": "src/kysely/index.ts",
    "sqlite/index": "src/sqlite/index.ts",
    "kv/index": "src/kv/index.ts",
    "copy/index": "src/copy/index.ts",
    "sentry/index": "src/sentry/index.ts",
    "capture/index": "src/capture/index.ts",
    "node/index": "src/node/index.ts",
    "board/index": "src/board/index.ts",
    "sinks/index": "src/sinks/index.ts",
    "backtest/index": "src/backtest/index.ts",
    "opentelemetry/index": "src/opentelemetry/index.ts",
    "testing/index": "src/testing/index.ts",
    // Not an entry of the package. As a separate file, bundlers can drop it, and with it dayjs.
    "add-periods": "src/core/add-periods.ts",
  },
  format: ["esm", "cjs"],
  target: "node22.14",
  platform: "neutral",
  dts: true,
  splitting: true,
  clean: true,
  treeshake: false,
  external: ["kysely", "better-sqlite3", "@opentelemetry/api", /^node:/],
  esbuildOptions(options, { format }) {
    if (format !== "cjs") return;
    // CommonJS loads with a plain require() alone: Jest's default mode has no import().
    options.platform = "node";
    options.define = { ...options.define, "import.meta.url": "__filename" };
    options.supported = { ...options.supported, "dynamic-import": false };
  },
});
