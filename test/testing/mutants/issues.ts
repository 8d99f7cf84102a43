import { ISSUE_STATUSES } from "../../../src/core/issue.ts";
import type { TurningPoint } from "../../../src/core/turning-point.ts";
import { allReadable } from "../../../src/core/unreadable.ts";
import { createMemoryStore } from "../../../src/memory/memory-store.ts";

import {
  replacing,
  withMethods,
  writing,
  loading,
  withTables,
  updatingIssues,
  swallowing,
  type Mutant,
} from "./harness.ts";

export const issueMutants: readonly Mutant[] = [
  {
    name: "takes what is no id for an error",
    seenBy: "issues-kept",
    open: withMethods((inner) => ({
      load: (request) => {
        const { issues } = request;
        if (issues !== undefined && "ids" in issues && issues.ids.includes("")) throw new Error("invalid UUID");
        return inner.load(request);
      },
    })),
  },
  {
    name: "forgets the volume of a mute with a deadline, when it adds issues and nothing of them",
    seenBy: "issues-kept",
    open: writing(({ newIssues = [], ...changes }) => ({
      ...changes,
      newIssues: newIssues.map(({ issue, group }) => {
        const { state } = issue;
        const isAlone = changes.turningPoints === undefined && changes.counters === undefined;
        if (!isAlone || state.status !== "muted" || state.mute.deadline === null) return { issue, group };
        return { issue: { ...issue, state: { ...state, mute: { ...state.mute, volume: null } } }, group };
      }),
    })),
  },
  {
    name: "does not write a member that becomes undefined",
    seenBy: "issues-updated",
    open: writing(({ updates = [], ...changes }) => ({
      ...changes,
      updates: updates.map(({ before, after }) => ({
        before,
        after: { ...after, lastSeenIn: after.lastSeenIn ?? before.lastSeenIn },
      })),
    })),
  },
  {
    name: "is off by one in the event count",
    seenBy: "transaction-reads-its-writes",
    open: writing(({ updates = [], ...changes }) => ({
      ...changes,
      updates: updates.map(({ before, after }) => ({ before, after: { ...after, eventCount: after.eventCount + 1 } })),
    })),
  },
  { name: "takes a group twice", seenBy: "transaction-rolls-back", open: swallowing("newIssues") },
  {
    name: "deletes before it writes",
    seenBy: "added-groups-deleted",
    open: withMethods((inner) => ({
      write: async ({ deletedIssues = [], ...changes }) => {
        await inner.write({ deletedIssues });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "updates issues before it adds them",
    seenBy: "batches-of-any-size",
    open: withMethods((inner) => ({
      write: async ({ updates = [], ...changes }) => {
        const stored = await inner.findIssues({ ids: updates.map(({ before }) => before.id) });
        await inner.write({ updates: updates.filter(({ before }) => stored.some(({ id }) => id === before.id)) });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "adds marks before the issues that they are of",
    seenBy: "texts-kept",
    open: withMethods((inner) => ({
      write: async ({ marks = [], ...changes }) => {
        const stored = await inner.findIssues({ ids: marks.map(({ issueId }) => issueId) });
        await inner.write({ marks: marks.filter(({ issueId }) => stored.some(({ id }) => id === issueId)) });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "adds alerts after it deletes their issues",
    seenBy: "writes-in-order",
    open: withMethods((inner) => ({
      write: async ({ alerts = [], ...changes }) => {
        await inner.write(changes);
        await inner.write({ alerts });
      },
    })),
  },
  {
    name: "keeps the history of a deleted issue",
    seenBy: "transaction-rolls-back",
    open: () => {
      const store = createMemoryStore();
      const history: TurningPoint[] = [];
      return {
        ...store,
        transaction: (work) =>
          store.transaction((inner) =>
            work(
              replacing(inner, {
                write: async (changes) => {
                  history.push(...(changes.turningPoints ?? []));
                  await inner.write(changes);
                },
              }),
            ),
          ),
        read: (work) =>
          store.read((inner) =>
            work(
              replacing(inner, {
                pageHistory: async (issueId, before, limit) => {
                  const page = await inner.pageHistory(issueId, before, limit);
                  return page.length > 0 ? page : history.filter((point) => point.issueId === issueId).slice(0, limit);
                },
              }),
            ),
          ),
      };
    },
  },
  {
    name: "keeps the alerts of a deleted issue",
    seenBy: "issues-deleted",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const { deletedIssues = [] } = changes;
        const rows = [...tables.alerts].filter(
          ([, { alert }]) => alert.issue !== null && deletedIssues.includes(alert.issue.id),
        );
        await inner.write(changes);
        for (const [id, row] of rows) tables.alerts.set(id, row);
      },
    })),
  },
  {
    name: "returns the highest waiting issues first",
    seenBy: "awaiting-next",
    open: withMethods((inner) => ({
      load: async (request) => {
        const { issues } = request;
        if (issues === undefined || !("awaitingNextIn" in issues)) return inner.load(request);
        const loaded = await inner.load({ ...request, issues: { ...issues, limit: 1_000 } });
        return { ...loaded, issues: loaded.issues.toReversed().slice(0, issues.limit) };
      },
    })),
  },
  {
    name: "wakes only after the deadline",
    seenBy: "waking-order",
    open: loading(
      (loaded) => loaded,
      (request) =>
        request.issues !== undefined && "wakesUntil" in request.issues
          ? { ...request, issues: { ...request.issues, wakesUntil: request.issues.wakesUntil - 1 } }
          : request,
    ),
  },
  {
    name: "does not update the number of users",
    seenBy: "issues-updated",
    open: updatingIssues(({ before: { userCount } }) => ({ userCount })),
  },
  {
    name: "adds environments to issues, but removes none",
    seenBy: "issues-updated",
    open: updatingIssues(({ before, after }) => ({
      environments: [...new Set([...before.environments, ...after.environments])],
    })),
  },
  {
    name: "has room for 10,000 characters of environments",
    seenBy: "issues-updated",
    open: updatingIssues(({ after: { environments } }) => {
      return JSON.stringify(environments).length > 10_000 ? { environments: environments.slice(0, 9) } : {};
    }),
  },
  {
    name: "takes an issue that is watched for nothing for one that is watched as its project is",
    seenBy: "issues-updated",
    open: updatingIssues(({ after: { watch } }) => (watch?.length === 0 ? { watch: null } : {})),
  },
  {
    name: "has room for 2,000 characters of parts",
    seenBy: "issues-updated",
    open: updatingIssues(({ after: { parts } }) => {
      return JSON.stringify(parts).length > 2_000 ? { parts: null } : {};
    }),
  },
  {
    name: "lists merged issues as open ones",
    seenBy: "pages-by-state",
    open: withMethods((inner) => ({
      pageIssues: (request) => {
        const { statuses } = request;
        return inner.pageIssues({ ...request, statuses: statuses.includes("open") ? ISSUE_STATUSES : statuses });
      },
    })),
  },
  {
    name: "wakes muted issues only",
    seenBy: "waking-order",
    open: loading((loaded, { issues }) => {
      if (issues === undefined || !("wakesUntil" in issues)) return loaded;
      return { ...loaded, issues: allReadable(loaded.issues).filter(({ state }) => state.status === "muted") };
    }),
  },
];
