import type { AlertTally, TallyScope } from "../../../src/ports/alert-outbox.ts";
import { tallyKeyOf } from "../../../src/memory/memory-tables.ts";

import { lockingEnded, lockingLast, withOutbox, withTables, type Mutant } from "./harness.ts";

/** A memory store that saves other tallies. */
const saving = (change: (tally: AlertTally) => AlertTally): Mutant["open"] =>
  withOutbox((outbox) => ({
    writeTallies: ({ save = [], remove = [] }) => outbox.writeTallies({ save: save.map(change), remove }),
  }));

/** What of a tally is not stored, and the case that sees it. */
const LOST: readonly (readonly [what: string, change: (tally: AlertTally) => AlertTally, seenBy: string])[] = [
  [
    "the level of what was throttled",
    (tally) => ({ ...tally, throttled: { ...tally.throttled, level: "debug" } }),
    "many-tallies",
  ],
  [
    "the examples of what was throttled",
    (tally) => ({ ...tally, throttled: { ...tally.throttled, examples: [] } }),
    "many-tallies",
  ],
  [
    "more than three examples",
    (tally) => ({ ...tally, throttled: { ...tally.throttled, examples: tally.throttled.examples.slice(0, 3) } }),
    "tallies-kept",
  ],
  [
    "the order of examples",
    (tally) => ({
      ...tally,
      throttled: {
        ...tally.throttled,
        examples: tally.throttled.examples.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
      },
    }),
    "tallies-kept",
  ],
  [
    "the counts of throttled alerts about loud issues",
    (tally) => ({ ...tally, throttled: { ...tally.throttled, counts: { ...tally.throttled.counts, loud: 0 } } }),
    "tallies-kept",
  ],
  [
    "which kinds of alerts were throttled",
    ({ throttled, ...tally }) => {
      const sum = Object.values(throttled.counts).reduce((total, count) => total + count, 0);
      const counts = { "new-issue": sum, regression: 0, unmute: 0, loud: 0 };
      return { ...tally, throttled: { ...throttled, counts } };
    },
    "many-tallies",
  ],
  ["when its period began, where that is 0", (tally) => ({ ...tally, startsAt: tally.startsAt || 1 }), "tallies-kept"],
  ["what was throttled of issues", (tally) => ({ ...tally, admitted: tally.admitted || 1 }), "many-tallies"],
];

const isOf = (id: string, { issueId }: TallyScope): boolean => issueId === id;

/** Removes tallies with deleted issues, or leaves them. */
const deleting = (
  isRemoved: (tally: AlertTally, issueId: string, projectId: string | undefined) => boolean,
): Mutant["open"] =>
  withTables((inner, { tables }) => ({
    write: async (changes) => {
      const before = [...tables.tallies.values()];
      const projects = new Map((changes.deletedIssues ?? []).map((id) => [id, tables.issues.get(id)?.projectId]));
      await inner.write(changes);
      if (projects.size === 0) return;
      const removed = before.filter((tally) =>
        Array.from(projects).some(([id, projectId]) => isRemoved(tally, id, projectId)),
      );
      const save = before.filter((tally) => !removed.includes(tally) && !tables.tallies.has(tallyKeyOf(tally)));
      await inner.outbox?.writeTallies({ save, remove: removed });
    },
  }));

export const tallyMutants: readonly Mutant[] = [
  ...LOST.map(([what, change, seenBy]) => ({ name: `loses, of a tally, ${what}`, seenBy, open: saving(change) })),
  { name: "keeps the tallies of deleted issues", seenBy: "tallies-deleted", open: deleting(() => false) },
  {
    name: "removes the tally of a project with each of its issues",
    seenBy: "tallies-deleted",
    open: deleting(
      (tally, id, projectId) => isOf(id, tally) || (tally.issueId === null && tally.projectId === projectId),
    ),
  },
  {
    name: "removes the tallies of all issues with one of them",
    seenBy: "tallies-deleted",
    open: deleting((tally, _, projectId) => tally.issueId !== null && tally.projectId === projectId),
  },
  {
    name: "removes the tally of a deleted issue only where something was throttled",
    seenBy: "tallies-deleted",
    open: deleting((tally, id) => isOf(id, tally) && tally.admitted > 0),
  },
  {
    name: "ends the periods of projects only",
    seenBy: "many-tallies",
    open: lockingEnded(async (selection, outbox) =>
      (await outbox.lockTallies({ ...selection, limit: 100_000 }))
        .filter(({ issueId }) => issueId === null)
        .slice(0, selection.limit),
    ),
  },
  {
    name: "ends the periods of issues only",
    seenBy: "many-tallies",
    open: lockingEnded(async (selection, outbox) =>
      (await outbox.lockTallies({ ...selection, limit: 100_000 }))
        .filter(({ issueId }) => issueId !== null)
        .slice(0, selection.limit),
    ),
  },
  {
    name: "looks for periods that are ahead among those of projects only",
    seenBy: "many-tallies",
    open: lockingLast(async (selection, outbox) =>
      (await outbox.lockTallies({ ...selection, limit: 100_000 }))
        .filter(({ issueId }) => issueId === null)
        .slice(0, selection.limit),
    ),
  },
  {
    name: "goes by the end that the first tally of a scope had",
    seenBy: "tallies-ended",
    open: () => {
      const ends = new Map<string, number>();
      return withOutbox((outbox) => ({
        writeTallies: async (changes) => {
          for (const tally of changes.save ?? []) {
            ends.set(tallyKeyOf(tally), ends.get(tallyKeyOf(tally)) ?? tally.endsAt);
          }
          await outbox.writeTallies(changes);
          for (const scope of changes.remove ?? []) ends.delete(tallyKeyOf(scope));
        },
        lockTallies: async (selection) => {
          const found = await outbox.lockTallies(selection);
          if (!("endedAt" in selection)) return found;
          return found.filter((tally) => (ends.get(tallyKeyOf(tally)) ?? 0) <= selection.endedAt);
        },
      }))();
    },
  },
];
