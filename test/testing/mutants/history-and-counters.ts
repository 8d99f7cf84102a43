import { withMethods, writing, type Mutant } from "./harness.ts";

export const historyAndCounterMutants: readonly Mutant[] = [
  {
    name: "returns the oldest turning points first",
    seenBy: "history-kept",
    open: withMethods((inner) => ({
      pageHistory: async (issueId, before, limit) => [...(await inner.pageHistory(issueId, before, limit))].reverse(),
    })),
  },
  {
    name: "has room for 255 bytes of a counter",
    seenBy: "counters-kept",
    open: writing((changes) => ({
      ...changes,
      counters: new Map(Array.from(changes.counters ?? [], ([id, bytes]) => [id, bytes.slice(0, 255)])),
    })),
  },
];
