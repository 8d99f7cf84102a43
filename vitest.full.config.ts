import config from "./vitest.config.ts";

/** The tests of `npm run test:full`: the same, with all rounds of those that are random. */
export default {
  ...config,
  test: {
    ...config.test,
    env: { ISSUE_LIFECYCLE_TEST_EFFORT: "full" },
    // One file after the other: each has pools of connections to servers, whose number is limited.
    fileParallelism: false,
    testTimeout: 300_000,
  },
};
