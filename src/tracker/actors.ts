import { text } from "../core/shape.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";
import type { ActorReplacementRequest, IssueStore } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** The people who act on issues: the `by` of commands. */
export interface Actors {
  /**
   * Erases a person: in all projects the turning points that they caused, and the alerts that they discarded, are by `erased` from
   * then on. Comments stay as they are: they may name anybody. What the person does meanwhile may be missed, so block them first.
   *
   * Looks at all turning points and alerts, in steps, each in a transaction of its own. If the process ends before the last, call it
   * again.
   *
   * @param id - the host's id of the person, as in the `by` of commands
   * @returns how many turning points and alerts were changed
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  erase(id: string): Promise<number>;
}

/** Stands for all persons who were erased. */
const ERASED = "erased";

/** How many entries one transaction looks at. */
const STEP = 500;

const requireUserId = text(1, MAX_USER_ID_LENGTH);

/** Creates the use cases for actors. */
export function createActors(store: IssueStore): Actors {
  return {
    async erase(id) {
      const user = requireUserId("id", id);
      if (user === ERASED) return 0;
      let erased = 0;
      let after: string | null = null;
      const passed = new Set<string>();
      do {
        const request: ActorReplacementRequest = { user, by: ERASED, after, limit: STEP };
        const { changed, next } = await store.transaction((transaction) => transaction.replaceActor(request));
        erased += changed;
        if (next !== null && passed.has(next)) throw storeRepeats("the end of a step of the erasure");
        if (next !== null) passed.add(next);
        after = next;
      } while (after !== null);
      return erased;
    },
  };
}
