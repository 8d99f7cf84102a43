import { createMemoryStore } from "../../../src/memory/memory-store.ts";
import type { IssueUser, UserPage, UserPageRequest } from "../../../src/ports/issue-store.ts";

import {
  replacing,
  withMethods,
  writing,
  withTables,
  allOf,
  countingUsers,
  keepingUsersOfFailures,
  type Mutant,
} from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** A store whose pages of users are changed. */
function paging(change: (page: UserPage, request: UserPageRequest) => UserPage): Mutant["open"] {
  return withMethods((inner) => ({
    pageUsers: async (request) => change(await inner.pageUsers(request), request),
  }));
}

export const userMutants: readonly Mutant[] = [
  {
    name: "ends a list of users after its first page",
    seenBy: "users-paged",
    open: paging(({ entries }, { limit }) => ({ entries: entries.slice(0, limit), next: null })),
  },
  {
    name: "lists the first user twice",
    seenBy: "users-paged",
    open: paging(({ entries, next }) => ({ entries: [...entries.slice(0, 1), ...entries], next })),
  },
  {
    name: "lists no users who never occurred where states may change",
    seenBy: "users-paged",
    open: paging(({ entries, next }) => ({ entries: entries.filter(({ lastDay }) => lastDay >= 0), next })),
  },
  {
    name: "lists users by their places, which change",
    seenBy: "users-paged",
    open: withMethods((inner) => ({
      pageUsers: async ({ issueId, after, limit }) => {
        const { entries } = await inner.pageUsers({ issueId, after: null, limit });
        const from = Number(after ?? 0);
        const next = from + limit < entries.length ? String(from + limit) : null;
        return { entries: entries.slice(from, from + limit), next };
      },
    })),
  },
  {
    name: "lists the users of all issues",
    seenBy: "users-paged",
    open: onTables((_inner, tables) => ({
      pageUsers: () => {
        const entries = [...tables.users.values()].flatMap(({ rows }) => [...rows.values()]);
        return Promise.resolve({ entries, next: null });
      },
    })),
  },
  {
    name: "keeps the first day and turn of a user",
    seenBy: "users-kept",
    open: withMethods((inner) => ({
      write: async ({ users = [], ...changes }) => {
        const found = await inner.findUsers(users);
        await inner.write({ ...changes, users: users.filter((_, place) => found[place] === undefined) });
      },
    })),
  },
  {
    name: "finds users by their hash alone, for all issues",
    seenBy: "transaction-rolls-back",
    open: () => {
      const known = new Map<string, IssueUser>();
      return withMethods((inner) => ({
        write: async (changes) => {
          for (const user of changes.users ?? []) known.set(user.user, user);
          await inner.write(changes);
        },
        findUsers: async (refs) =>
          (await inner.findUsers(refs)).map((user, place) => user ?? known.get(refs[place]?.user ?? "")),
      }))();
    },
  },
  {
    name: "leaves out users that are not stored",
    seenBy: "issues-deleted",
    open: withMethods((inner) => ({
      findUsers: async (refs) => (await inner.findUsers(refs)).filter((user) => user !== undefined),
    })),
  },
  {
    name: "does not see its own users",
    seenBy: "transaction-reads-its-writes",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: (work) =>
          store.transaction((inner) =>
            work(replacing(inner, { countUsers: (requests) => Promise.resolve(requests.map(() => 0)) })),
          ),
      };
    },
  },
  {
    name: "leaves behind users that a failed transaction saved",
    seenBy: "transaction-rolls-back",
    open: keepingUsersOfFailures,
  },
  {
    name: "counts users after the day, not on it",
    seenBy: "users-counted",
    open: countingUsers(({ fromDay, ...request }) => ({ ...request, fromDay: fromDay === null ? null : fromDay + 1 })),
  },
  {
    name: "counts users after the turn, not since it",
    seenBy: "users-counted",
    open: countingUsers(({ fromTurn, ...request }) => ({
      ...request,
      fromTurn: fromTurn === null ? null : fromTurn + 1,
    })),
  },
  {
    name: "counts users beyond the limit",
    seenBy: "users-counted",
    open: countingUsers((request) => ({ ...request, limit: 100_000 })),
  },
  {
    name: "counts users by the day only, where a turn is given too",
    seenBy: "users-counted",
    open: countingUsers((request) => (request.fromDay === null ? request : { ...request, fromTurn: null })),
  },
  {
    name: "counts users by the turn only, where a day is given too",
    seenBy: "users-counted",
    open: countingUsers((request) => (request.fromTurn === null ? request : { ...request, fromDay: null })),
  },
  {
    name: "counts as many users since a turn as on the days, where both are given",
    seenBy: "users-counted",
    open: withMethods((inner) => ({
      countUsers: async (requests) => {
        const byDay = await inner.countUsers(
          requests.map((each) => (each.fromDay === null ? each : { ...each, fromTurn: null })),
        );
        const byTurn = await inner.countUsers(
          requests.map((each) => (each.fromTurn === null ? each : { ...each, fromDay: null })),
        );
        return byDay.map((count, place) => Math.min(count, byTurn[place] ?? 0));
      },
    })),
  },
  {
    name: "sets no users back",
    seenBy: "users-set-back",
    open: writing(({ latestUserDays: _, ...changes }) => changes),
  },
  {
    name: "sets back the users of all issues",
    seenBy: "users-set-back",
    open: withMethods((inner) => ({
      write: async ({ latestUserDays = [], ...changes }) => {
        const { entries: issues } = await inner.pageIssues({ ...allOf("shop"), limit: 10_000 });
        const all = latestUserDays.flatMap(({ day }) => issues.map(({ id }) => ({ issueId: id, day })));
        await inner.write({ ...changes, latestUserDays: all });
      },
    })),
  },
  {
    name: "moves the days of users forward, too",
    seenBy: "users-set-back",
    open: withTables((inner, { tables }) => ({
      write: async ({ latestUserDays = [], ...changes }) => {
        const moved = latestUserDays.flatMap(({ issueId, day }) =>
          Array.from(tables.users.get(issueId)?.rows.values() ?? [], (user) => ({ ...user, lastDay: day })),
        );
        await inner.write({ users: moved });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "sets users back after it saves others",
    seenBy: "users-set-back",
    open: withMethods((inner) => ({
      write: async ({ latestUserDays = [], ...changes }) => {
        await inner.write(changes);
        await inner.write({ latestUserDays });
      },
    })),
  },
  {
    name: "keeps the users of the first of several issues that are deleted together",
    seenBy: "issues-deleted",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const [first = "", ...others] = changes.deletedIssues ?? [];
        const users = tables.users.get(first);
        await inner.write(changes);
        if (users !== undefined && others.length > 0) tables.users.set(first, users);
      },
    })),
  },
  {
    name: "keeps the users of a deleted issue",
    seenBy: "issues-deleted",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const { deletedIssues = [] } = changes;
        const users = [...tables.users].filter(([id]) => deletedIssues.includes(id));
        await inner.write(changes);
        for (const [id, each] of users) tables.users.set(id, each);
      },
    })),
  },
];
