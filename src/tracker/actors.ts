import { text } from "../core/shape.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { inSteps } from "./in-steps.ts";

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
      return inSteps(store, "the erasure", async (transaction, after) => {
        const { changed, next } = await transaction.replaceActor({ user, by: ERASED, after, limit: STEP });
        return { count: changed, next };
      });
    },
  };
}
