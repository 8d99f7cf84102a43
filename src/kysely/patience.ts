import { IssueLifecycleError } from "../core/errors.ts";
import { requireInteger } from "../core/input.ts";

/** How long to wait for another writer unless a host says otherwise, in milliseconds. */
export const DEFAULT_BUSY_TIMEOUT_MS = 5_000;

/** How long to wait for a connection unless a host says otherwise, in milliseconds. */
export const DEFAULT_CONNECTION_TIMEOUT_MS = 10_000;

/** A week: longer than anything should be waited for. */
const MAX_TIMEOUT_MS = 7 * 24 * 3_600_000;

const LONGEST_PAUSE_MS = 20;

/**
 * Checks how long a host wants to wait for another writer, in milliseconds; absent for the default.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireBusyTimeout(field: string, value: unknown): number {
  return requireInteger(field, value ?? DEFAULT_BUSY_TIMEOUT_MS, 0, MAX_TIMEOUT_MS);
}

/**
 * Checks how long a host wants to wait for a connection, in milliseconds; absent for the default.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireConnectionTimeout(field: string, value: unknown): number {
  return requireInteger(field, value ?? DEFAULT_CONNECTION_TIMEOUT_MS, 1, MAX_TIMEOUT_MS);
}

/**
 * Tries until another writer has got out of the way. Waits without holding up the thread: the other writer may be in this
 * very process.
 *
 * @param timeoutMs - how long to go on trying
 * @param attempt - what to try; done again from its beginning when it fails as `store-busy`
 */
export async function untilNotBusy<Result>(timeoutMs: number, attempt: () => Promise<Result>): Promise<Result> {
  const giveUpAt = performance.now() + timeoutMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const isBusy = IssueLifecycleError.is(error) && error.code === "store-busy";
      if (!isBusy || performance.now() >= giveUpAt) throw error;
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }
}

/** Waits without holding up the thread. */
export async function pause(durationMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, durationMs));
}
