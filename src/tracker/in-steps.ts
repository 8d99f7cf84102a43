import type { IssueStore, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** One step of a walk through what is stored. */
interface Step {
  /** How many things it removed, changed or counted. */
  readonly count: number;
  /** Where the next step begins; `null` at the end. */
  readonly next: string | null;
}

/**
 * Walks through what is stored in steps of a transaction each.
 *
 * @param what - what the steps are of, for the message: "the eviction"
 * @param step - does one step, from where the one before ended; `null` for the first
 * @param isEnded - whether to end after the present step. Default: never
 * @returns how many things all steps removed or changed
 * @throws {@link IssueLifecycleError} `corrupt-data` if a step ends where another one has ended
 */
export function inSteps(
  store: IssueStore,
  what: string,
  step: (transaction: StoreTransaction, after: string | null) => Promise<Step>,
  isEnded?: () => boolean,
): Promise<number> {
  return walk(what, (after) => store.transaction((transaction) => step(transaction, after)), isEnded);
}

/**
 * The same in steps that only read and count.
 *
 * @param onStep - is given what a step has read, once: the store may run the step again. Default: nothing is done with it
 */
export function inReads<Read extends Step>(
  store: Pick<IssueStore, "read">,
  what: string,
  step: (reader: StoreReader, after: string | null) => Promise<Read>,
  onStep: (read: Read) => Promise<void> = async () => undefined,
): Promise<number> {
  return walk(what, async (after) => {
    const read = await store.read((reader) => step(reader, after));
    await onStep(read);
    return read;
  });
}

async function walk(
  what: string,
  step: (after: string | null) => Promise<Step>,
  isEnded: () => boolean = () => false,
): Promise<number> {
  let total = 0;
  let after: string | null = null;
  const passed = new Set<string>();
  for (;;) {
    const { count, next }: Step = await step(after);
    total += count;
    if (next === null || isEnded()) return total;
    if (passed.has(next)) throw storeRepeats(`the end of a step of ${what}`);
    passed.add(next);
    after = next;
  }
}
