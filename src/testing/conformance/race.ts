import { IssueLifecycleError } from "../../core/errors.ts";
import type { IssueStore, StoreTransaction } from "../../ports/issue-store.ts";
import type { CaseContext } from "./case.ts";
import { ALL_PROJECTS } from "./samples.ts";

/** The number of transactions that race, half of them on each handle. */
export const RACERS = 16;
/** How often an attempt may fail with a retryable error, and the pause after each failure. */
const RETRIES = 500;
const PAUSE_MS = 2;

/** Lets other transactions run, as real work does between reading and writing. */
export async function pause(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}

/** Retries an attempt as long as it fails with a retryable error. */
export async function retry<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = RETRIES; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (!IssueLifecycleError.is(error) || !error.retryable || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Starts all racers at once, alternately on two handles, when both are connected. */
export async function startAtOnce<Result>(
  context: CaseContext,
  act: (store: IssueStore, racer: number) => Promise<Result>,
): Promise<Result[]> {
  const handles = [context.store, await context.openSecond()];
  const racers = Array.from({ length: RACERS }, (_, racer) => handles[racer % 2] ?? context.store);
  await Promise.all(racers.map((store) => retry(() => store.read((reader) => reader.findProjects(ALL_PROJECTS)))));
  return Promise.all(racers.map(act));
}

/** Runs one transaction of each racer at the same time. */
export function race<Result>(
  context: CaseContext,
  work: (transaction: StoreTransaction, racer: number) => Promise<Result>,
): Promise<Result[]> {
  return startAtOnce(context, (store, racer) =>
    retry(() => store.transaction((transaction) => work(transaction, racer))),
  );
}
