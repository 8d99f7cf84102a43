const EFFORT = "ISSUE_LIFECYCLE_TEST_EFFORT";

/** How many rounds random tests play: some at every run of the tests, all of them where the environment asks for it. */
export function rounds({ quick, full }: { readonly quick: number; readonly full: number }): number {
  const effort = process.env[EFFORT] ?? "quick";
  if (effort !== "quick" && effort !== "full") throw new Error(`${EFFORT} is neither quick nor full: ${effort}`);
  return effort === "full" ? full : quick;
}
