import { IssueLifecycleError } from "../../core/errors.ts";
import type { IssueStore, StoreTransaction } from "../../ports/issue-store.ts";
import type { CaseContext } from "./case.ts";

/** How many transactions race, half of them on each handle. */
export const RACERS = 16;
/** How often a store may say that it is busy, and for how long it is left alone then. */
const TRIES = 500;
const PAUSE_MS = 2;

/** Lets others have their turn, as real work does between reading and writing. */
export async function pause(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}

/** Does something, again where the store says that it may succeed when it is done again. */
export async function persist<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = TRIES; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (!IssueLifecycleError.is(error) || !error.retryable || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Lets racers act at once, by turns on two handles, when all have connected: so that none is late. */
export async function actAtOnce<Result>(
  context: CaseContext,
  act: (store: IssueStore, racer: number) => Promise<Result>,
): Promise<Result[]> {
  const handles = [context.store, await context.openSecond()];
  const racers = Array.from({ length: RACERS }, (_, racer) => handles[racer % 2] ?? context.store);
  await Promise.all(racers.map((store) => persist(() => store.read((reader) => reader.listProjects()))));
  return Promise.all(racers.map(act));
}

/** Runs a transaction of each racer at once. */
export function race<Result>(
  context: CaseContext,
  work: (transaction: StoreTransaction, racer: number) => Promise<Result>,
): Promise<Result[]> {
  return actAtOnce(context, (store, racer) =>
    persist(() => store.transaction((transaction) => work(transaction, racer))),
  );
}
