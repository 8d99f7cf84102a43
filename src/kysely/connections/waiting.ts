import { IssueLifecycleError } from "../../core/errors.ts";
import { integer, withDefault } from "../../core/shape.ts";

/** How long to wait for another writer by default, in milliseconds. */
export const DEFAULT_BUSY_TIMEOUT_MS = 5_000;

/** How long to wait for a connection by default, in milliseconds. */
export const DEFAULT_CONNECTION_TIMEOUT_MS = 10_000;

/** A week. */
const MAX_TIMEOUT_MS = 7 * 24 * 3_600_000;

/** How long to wait for another writer, in milliseconds. */
export const busyTimeout = withDefault(integer(0, MAX_TIMEOUT_MS), DEFAULT_BUSY_TIMEOUT_MS);

/** How long to wait for a connection, in milliseconds. */
export const connectionTimeout = withDefault(integer(1, MAX_TIMEOUT_MS), DEFAULT_CONNECTION_TIMEOUT_MS);

const MAX_BUSY_PAUSE_MS = 20;

/**
 * Repeats an attempt while it fails as `store-busy`. Does not block the thread, because the other writer may be in this
 * process.
 *
 * @param timeoutMs - for how long to repeat it
 */
export async function untilNotBusy<Result>(
  timeoutMs: number,
  attempt: () => Promise<Result> | Result,
): Promise<Result> {
  const giveUpAt = performance.now() + timeoutMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, MAX_BUSY_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const isBusy = IssueLifecycleError.is(error) && error.code === "store-busy";
      if (!isBusy || performance.now() >= giveUpAt) throw error;
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }
}

/** How often a transaction is run at most. At each conflict another transaction has made progress. */
const MAX_ATTEMPTS = 12;
const FIRST_RETRY_PAUSE_MS = 2;
const MAX_RETRY_PAUSE_MS = 250;

/**
 * Retries a transaction after a write conflict: while it fails as `store-conflict`. The pauses are random, so that
 * transactions that conflicted do not conflict again.
 */
export async function retryOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  let pauseMs = FIRST_RETRY_PAUSE_MS;
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts === MAX_ATTEMPTS || !IssueLifecycleError.is(error) || error.code !== "store-conflict") throw error;
      await pause(pauseMs * Math.random());
      pauseMs = Math.min(2 * pauseMs, MAX_RETRY_PAUSE_MS);
    }
  }
}

async function pause(durationMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, durationMs));
}
