import { defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** Tests on a million issues, apart from all others: they take minutes. */
export default defineConfig({
  ...config,
  test: {
    include: ["test/scale/**/*.scale.ts"],
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
