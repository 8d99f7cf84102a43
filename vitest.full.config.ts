import config from "./vitest.config.ts";

/** The tests of `npm run test:full`: the same, with all rounds of those that are random. */
export default {
  ...config,
  test: {
    ...config.test,
    env: { ISSUE_LIFECYCLE_TEST_EFFORT: "full" },
    // Two files at a time, because each waits for servers, and has pools of connections to them, whose number is limited.
    maxWorkers: 2,
    testTimeout: 300_000,
  },
};
