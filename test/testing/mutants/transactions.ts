import { IssueLifecycleError } from "../../../src/core/errors.ts";
import { createMemoryStore } from "../../../src/memory/memory-store.ts";

import { replacing, withMethods, writing, autocommit, type Mutant, writesOnlyToItsCache } from "./harness.ts";

export const transactionMutants: readonly Mutant[] = [
  {
    name: "loses a transaction's result",
    seenBy: "transaction-commits",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: async (work) => {
          await store.transaction(work);
          return Reflect.get({}, "the result");
        },
      };
    },
  },
  {
    name: "leaves behind what a failed transaction wrote",
    seenBy: "transaction-rolls-back",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: async (work) => {
          const outcome = await store.transaction(async (each) => {
            const [settled] = await Promise.allSettled([work(each)]);
            return settled;
          });
          if (outcome.status === "rejected") throw outcome.reason;
          return outcome.value;
        },
      };
    },
  },
  {
    name: "puts its own error in place of the work's",
    seenBy: "transaction-rolls-back",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: (work) =>
          store.transaction(work).catch((error: unknown) => {
            if (IssueLifecycleError.is(error)) throw error;
            throw new Error("the transaction failed", { cause: error });
          }),
      };
    },
  },
  { name: "begins no transaction", seenBy: "transaction-rolls-back", open: autocommit },
  {
    name: "does not see its own events",
    seenBy: "transaction-reads-its-writes",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: (work) =>
          store.transaction((inner) => work(replacing(inner, { findEvent: () => Promise.resolve(undefined) }))),
      };
    },
  },
  {
    name: "fails on an empty batch",
    seenBy: "empty-batches",
    open: withMethods((inner) => ({
      write: async (changes) => {
        if (changes.marks?.length === 0) throw new Error("syntax error near values ()");
        await inner.write(changes);
      },
    })),
  },
  {
    name: "fails on a write of nothing",
    seenBy: "empty-batches",
    open: withMethods((inner) => ({
      write: async (changes) => {
        if (Object.keys(changes).length === 0) throw new Error("There is nothing to write.");
        await inner.write(changes);
      },
    })),
  },
  {
    name: "cuts a text at NUL",
    seenBy: "texts-kept",
    open: writing(({ newIssues = [], ...changes }) => ({
      ...changes,
      newIssues: newIssues.map(({ issue, group }) => ({
        issue: { ...issue, title: issue.title.split("\0")[0] ?? "" },
        group,
      })),
    })),
  },
  {
    name: "takes lone surrogates for each other",
    seenBy: "texts-kept",
    open: writing(({ turningPoints = [], ...changes }) => ({
      ...changes,
      turningPoints: turningPoints.map((point) => ({ ...point, comment: point.comment.toWellFormed() })),
    })),
  },
  {
    name: "goes on after closing",
    seenBy: "close-waits",
    open: () => ({ ...createMemoryStore(), close: () => Promise.resolve() }),
  },
  writesOnlyToItsCache(),
  {
    name: "takes upper and lower case for the same",
    seenBy: "ids-of-nothing",
    open: withMethods((inner) => ({
      findIssues: (selection) =>
        inner.findIssues("ids" in selection ? { ids: selection.ids.map((id) => id.toLowerCase()) } : selection),
    })),
  },
  {
    name: "takes a thousand of a batch",
    seenBy: "batches-of-any-size",
    open: writing((changes) => ({ ...changes, events: (changes.events ?? []).slice(0, 1_000) })),
  },
  {
    name: "repeats a page for ever",
    seenBy: "pages-in-order",
    open: withMethods((inner) => ({ pageIssues: (request) => inner.pageIssues({ ...request, after: null }) })),
  },
];
