import { text } from "../core/shape.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";
import type { ActorReplacementRequest, IssueStore } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** Stands for all persons who were erased. */
const ERASED = "erased";

/** How many entries one transaction looks at. */
const STEP = 500;

const requireUserId = text(1, MAX_USER_ID_LENGTH);

/** Creates the use cases for the people who act on issues. */
export function createActors(store: IssueStore): { erase(id: string): Promise<number> } {
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
