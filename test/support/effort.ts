const EFFORT = "ISSUE_LIFECYCLE_TEST_EFFORT";

/** How many rounds random tests play: some at every run of the tests, all of them where the environment asks for it. */
export function rounds({ quick, full }: { readonly quick: number; readonly full: number }): number {
  const effort = process.env[EFFORT] ?? "quick";
  if (effort !== "quick" && effort !== "full") throw new Error(`${EFFORT} is neither quick nor full: ${effort}`);
  return effort === "full" ? full : quick;
}

/** Cases of the conformance suite with thousands of entries, or with many or the longest texts: as long as all others together. */
export const LARGE = /^(?:many-|long-|longest-|texts-|[a-z-]+-of-any-size)/u;

/** Whether a case of the conformance suite runs in the quick run, too. */
export function isForEveryRun(id: string): boolean {
  return rounds({ quick: 0, full: 1 }) > 0 || !LARGE.test(id);
}
