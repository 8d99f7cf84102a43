import type { PendingRelease, StoreTransaction } from "../../../src/ports/issue-store.ts";

import { withMethods, writing, type Mutant } from "./harness.ts";

const seenBy = "pending-releases-kept";

/** A store that finds others than it should. */
function finding(
  change: (
    found: readonly PendingRelease[],
    all: readonly PendingRelease[],
    projectIds: readonly string[] | "all",
  ) => readonly PendingRelease[],
): Mutant["open"] {
  return withMethods((inner) => {
    const findPendingReleases: StoreTransaction["findPendingReleases"] = async (projectIds) =>
      change(await inner.findPendingReleases(projectIds), await inner.findPendingReleases("all"), projectIds);
    return { findPendingReleases };
  });
}

/** A store that changes what it saves. */
function saving(change: (pending: PendingRelease) => PendingRelease): Mutant["open"] {
  return writing((changes) => ({ ...changes, pendingReleases: changes.pendingReleases?.map(change) ?? [] }));
}

/** A store that keeps a member of a pending release when that is saved again. */
function keeping(member: keyof PendingRelease): Mutant {
  return {
    name: `keeps the ${member} of a pending release that is saved again`,
    seenBy,
    open: withMethods((inner) => ({
      write: async (changes) => {
        const all = await inner.findPendingReleases("all");
        const isFinished = ({ projectId, number }: PendingRelease): boolean =>
          changes.finishedReleases?.some((each) => each.projectId === projectId && each.number === number) === true;
        const pendingReleases = changes.pendingReleases?.map((pending) => {
          const former = all.find(
            ({ projectId, number }) => projectId === pending.projectId && number === pending.number,
          );
          return former === undefined || isFinished(former) ? pending : { ...pending, [member]: former[member] };
        });
        await inner.write({ ...changes, pendingReleases: pendingReleases ?? [] });
      },
    })),
  };
}

export const pendingReleaseMutants: readonly Mutant[] = [
  ...(["name", "line", "at", "eventId", "reached"] as const).map(keeping),
  ...(["name", "line", "eventId"] as const).map((member): Mutant => ({
    name: `cuts the ${member} of a pending release`,
    seenBy,
    open: saving((pending) => ({ ...pending, [member]: pending[member]?.slice(0, 199) ?? null })),
  })),
  {
    name: "has an empty text for a pending release that no event made known",
    seenBy,
    open: saving((pending) => ({ ...pending, eventId: pending.eventId ?? "" })),
  },
  {
    name: "returns the pending releases of all projects",
    seenBy,
    open: finding((_, all) => all),
  },
  {
    name: "returns no pending releases where all are wanted",
    seenBy,
    open: finding((found, _, projectIds) => (projectIds === "all" ? [] : found)),
  },
  {
    name: "returns the pending releases of the first project only",
    seenBy,
    open: finding((found, _, projectIds) =>
      projectIds === "all" ? found : found.filter(({ projectId }) => projectId === projectIds[0]),
    ),
  },
  {
    name: "orders pending releases by their numbers as texts",
    seenBy,
    open: finding((found) => found.toSorted((one, other) => (String(one.number) < String(other.number) ? -1 : 1))),
  },
  {
    name: "returns the newest pending release first",
    seenBy,
    open: finding((found) => found.toReversed()),
  },
  {
    name: "does not remove finished releases",
    seenBy,
    open: writing(({ finishedReleases: _, ...changes }) => changes),
  },
  {
    name: "removes all pending releases of a project with a finished one",
    seenBy,
    open: withMethods((inner) => ({
      write: async (changes) => {
        const ids = (changes.finishedReleases ?? []).map(({ projectId }) => projectId);
        await inner.write({ ...changes, finishedReleases: await inner.findPendingReleases([...new Set(ids)]) });
      },
    })),
  },
  {
    name: "removes the finished releases of all projects",
    seenBy,
    open: withMethods((inner) => ({
      write: async (changes) => {
        const numbers = (changes.finishedReleases ?? []).map(({ number }) => number);
        const all = await inner.findPendingReleases("all");
        await inner.write({ ...changes, finishedReleases: all.filter(({ number }) => numbers.includes(number)) });
      },
    })),
  },
  {
    name: "removes finished releases after it has added pending ones",
    seenBy,
    open: withMethods((inner) => ({
      write: async ({ finishedReleases = [], ...changes }) => {
        await inner.write(changes);
        await inner.write({ finishedReleases });
      },
    })),
  },
];
