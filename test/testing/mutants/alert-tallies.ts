import { tallyKeyOf } from "../../../src/memory/memory-tables.ts";
import { type TallyScope } from "../../../src/ports/alert-outbox.ts";

import { withOutbox, withOutboxTables, lockingEnded, lockingLast, type Mutant } from "./harness.ts";

export const alertTallyMutants: readonly Mutant[] = [
  {
    name: "counts notifications about an issue with those of its project",
    seenBy: "tallies-kept",
    open: withOutbox((outbox) => {
      const ofProject = ({ projectId }: TallyScope): TallyScope => ({ projectId, issueId: null });
      return {
        lockTallies: (selection) =>
          outbox.lockTallies("scopes" in selection ? { scopes: selection.scopes.map(ofProject) } : selection),
        writeTallies: ({ save = [], remove = [] }) =>
          outbox.writeTallies({ save: save.map((tally) => ({ ...tally, issueId: null })), remove }),
      };
    }),
  },
  {
    name: "keeps the first tally of a scope",
    seenBy: "tallies-kept",
    open: withOutboxTables((outbox, { tables }) => ({
      writeTallies: ({ save = [], remove = [] }) =>
        outbox.writeTallies({ save: save.filter((tally) => !tables.tallies.has(tallyKeyOf(tally))), remove }),
    })),
  },
  {
    name: "does not lock the tallies that it reads",
    seenBy: "race-on-tallies",
    open: withOutboxTables((outbox, { tallies }) => {
      let hasSaved = false;
      return {
        lockTallies: async (selection) =>
          hasSaved || !("scopes" in selection)
            ? outbox.lockTallies(selection)
            : selection.scopes.flatMap((scope) => tallies.get(tallyKeyOf(scope)) ?? []),
        writeTallies: async (changes) => {
          hasSaved = true;
          await outbox.writeTallies(changes);
        },
      };
    }),
  },
  {
    name: "locks the stored tallies, and saves over those that others added meanwhile",
    seenBy: "race-on-tallies",
    open: withOutboxTables((outbox, { tallies }) => {
      let hasSaved = false;
      return {
        lockTallies: async (selection) =>
          outbox.lockTallies(
            hasSaved || !("scopes" in selection)
              ? selection
              : { scopes: selection.scopes.filter((scope) => tallies.has(tallyKeyOf(scope))) },
          ),
        writeTallies: async (changes) => {
          hasSaved = true;
          await outbox.writeTallies(changes);
        },
      };
    }),
  },
  {
    name: "returns a tally that ended to concurrent transactions",
    seenBy: "race-on-tallies",
    open: withOutboxTables((outbox, { tallies }) => {
      let hasRead = false;
      return {
        lockTallies: async (selection) => {
          const locked = await outbox.lockTallies(selection);
          if (hasRead || !("endedAt" in selection)) return locked;
          hasRead = true;
          return [...tallies.values()].filter(({ endsAt }) => endsAt <= selection.endedAt).slice(0, selection.limit);
        },
      };
    }),
  },
  {
    name: "does not remove tallies",
    seenBy: "tallies-kept",
    open: withOutbox((outbox) => ({ writeTallies: ({ save = [] }) => outbox.writeTallies({ save }) })),
  },
  {
    name: "ends a period only after its end",
    seenBy: "tallies-ended",
    open: lockingEnded((selection, outbox) => outbox.lockTallies({ ...selection, endedAt: selection.endedAt - 1 })),
  },
  {
    name: "returns as many tallies as have ended",
    seenBy: "tallies-ended",
    open: lockingEnded((selection, outbox) => outbox.lockTallies({ ...selection, limit: 10_000 })),
  },
  {
    name: "returns tallies that end at the very instant",
    seenBy: "tallies-ahead",
    open: lockingLast((selection, outbox) => outbox.lockTallies({ ...selection, endsAfter: selection.endsAfter - 1 })),
  },
  {
    name: "returns as many tallies as end later",
    seenBy: "tallies-ahead",
    open: lockingLast((selection, outbox) => outbox.lockTallies({ ...selection, limit: 10_000 })),
  },
  {
    name: "returns those tallies first that end first",
    seenBy: "tallies-ahead",
    open: lockingLast(async (selection, outbox) => {
      const all = await outbox.lockTallies({ ...selection, limit: 10_000 });
      return all.toSorted((one, other) => one.endsAt - other.endsAt).slice(0, selection.limit);
    }),
  },
];
