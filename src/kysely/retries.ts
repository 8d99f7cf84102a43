import { IssueLifecycleError } from "../core/errors.ts";
import { pause } from "./patience.ts";

/** How often work is run at most. Each time another transaction has got something done. */
const MAX_ATTEMPTS = 12;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;

/**
 * Runs a transaction again from its beginning when another one was faster: when it ends as `store-conflict`. The pauses are
 * left to chance, so that those who got into each other's way do not meet again.
 */
export async function againOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts === MAX_ATTEMPTS || !IssueLifecycleError.is(error) || error.code !== "store-conflict") throw error;
      await pause(pauseMs * Math.random());
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }
}
