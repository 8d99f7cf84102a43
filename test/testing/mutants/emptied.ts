import { updatingIssues, withMethods, withOutboxTables, withTables, writing, type Mutant } from "./harness.ts";
import type { Issue } from "../../../src/core/issue.ts";
import { tallyKeyOf } from "../../../src/memory/memory-tables.ts";

/** Whether a value is one that careless code takes for none. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);

/** What an update of an issue leaves as it was, where it becomes empty. */
const KEPT: readonly (readonly [member: keyof Issue, seenBy: string])[] = [
  ["title", "issues-updated"],
  ["transaction", "issues-updated"],
  ["lastEventNumber", "issues-updated"],
  ["userCount", "issues-updated"],
  ["environments", "issues-updated"],
  ["watch", "issues-updated"],
  ["parts", "issues-updated"],
  ["latestEventId", "issues-updated"],
  ["seenNumber", "issues-updated"],
];

/** What an update of an issue never writes. */
const UNWRITTEN: readonly (readonly [member: keyof Issue, seenBy: string])[] = [
  ["title", "issues-updated"],
  ["transaction", "issues-updated"],
  ["firstSeenAt", "issues-updated"],
  ["lastSeenAt", "issues-updated"],
  ["environments", "issues-updated"],
  ["parts", "issues-updated"],
  ["watch", "issues-updated"],
  ["latestEventId", "issues-updated"],
  ["lastSeenIn", "issues-updated"],
  ["seenNumber", "issues-updated"],
  ["lastEventNumber", "issues-updated"],
  ["turningPointCount", "issues-updated"],
];

const ofIssues: readonly Mutant[] = [
  ...KEPT.map(([member, seenBy]) => ({
    name: `leaves the ${member} of an issue as it was, where it becomes empty`,
    seenBy,
    open: updatingIssues(({ before, after }) => (isEmpty(after[member]) ? { [member]: before[member] } : {})),
  })),
  ...UNWRITTEN.map(([member, seenBy]) => ({
    name: `does not update the ${member} of an issue`,
    seenBy,
    open: updatingIssues(({ before }) => ({ [member]: before[member] })),
  })),
  {
    name: "merges the state of an issue into what it was",
    seenBy: "issues-updated",
    open: updatingIssues(({ before, after }) => ({
      state: before.state.status === after.state.status ? { ...before.state, ...after.state } : after.state,
    })),
  },
  {
    name: "never moves back when an issue was last seen",
    seenBy: "issues-updated",
    open: updatingIssues(({ before, after }) => ({ lastSeenAt: Math.max(before.lastSeenAt, after.lastSeenAt) })),
  },
  {
    name: "never moves forward when an issue was first seen",
    seenBy: "issues-updated",
    open: updatingIssues(({ before, after }) => ({ firstSeenAt: Math.min(before.firstSeenAt, after.firstSeenAt) })),
  },
  {
    name: "never lowers the event count of an issue",
    seenBy: "issues-updated",
    open: updatingIssues(({ before, after }) => ({ eventCount: Math.max(before.eventCount, after.eventCount) })),
  },
  {
    name: "never lowers the user count of an issue",
    seenBy: "issues-updated",
    open: updatingIssues(({ before, after }) => ({ userCount: Math.max(before.userCount, after.userCount) })),
  },
  {
    name: "takes an environment that an issue has twice, sorted, for one",
    seenBy: "issues-updated",
    open: updatingIssues(({ after }) => ({ environments: after.environments.toSorted() })),
  },
  {
    name: "updates issues by their places in the list",
    seenBy: "issues-updated",
    open: withTables((inner, { tables }) => ({
      write: async ({ updates = [], ...changes }) => {
        await inner.write(changes);
        const stored = updates.flatMap(({ after }) => tables.issues.get(after.id) ?? []);
        const places = stored.toSorted((one, other) => one.number - other.number);
        await inner.write({
          updates: updates.map(({ before, after }, place) => ({
            before,
            after: {
              ...after,
              eventCount: updates[places.findIndex(({ id }) => id === stored[place]?.id)]?.after.eventCount ?? 0,
            },
          })),
        });
      },
    })),
  },
];

const ofOthers: readonly Mutant[] = [
  {
    name: "leaves the environments of a project as they were, where all may change states again",
    seenBy: "project-saved",
    open: withTables((inner, { tables }) => ({
      write: async ({ projects = [], ...changes }) => {
        const saved = projects.map((project) => ({
          ...project,
          stateEnvironments:
            project.stateEnvironments ?? tables.projects.get(project.id)?.project.stateEnvironments ?? null,
        }));
        await inner.write({ ...changes, projects: saved });
      },
    })),
  },
  {
    name: "leaves the resolving of quiet issues as it was, where a project resolves none now",
    seenBy: "project-saved",
    open: withTables((inner, { tables }) => ({
      write: async ({ projects = [], ...changes }) => {
        const saved = projects.map((project) => ({
          ...project,
          autoResolveAfterMs:
            project.autoResolveAfterMs ?? tables.projects.get(project.id)?.project.autoResolveAfterMs ?? null,
        }));
        await inner.write({ ...changes, projects: saved });
      },
    })),
  },
  {
    name: "leaves what a project watches for as it was, where that is nothing now",
    seenBy: "project-saved",
    open: withTables((inner, { tables }) => ({
      write: async ({ projects = [], ...changes }) => {
        const saved = projects.map((project) => ({
          ...project,
          watch:
            project.watch.conditions.length === 0
              ? (tables.projects.get(project.id)?.project.watch ?? project.watch)
              : project.watch,
        }));
        await inner.write({ ...changes, projects: saved });
      },
    })),
  },
  {
    name: "never moves back the day of a user",
    seenBy: "users-kept",
    open: withMethods((inner) => ({
      write: async ({ users = [], ...changes }) => {
        const found = await inner.findUsers(users);
        const saved = users.map((user, place) => ({
          ...user,
          lastDay: Math.max(user.lastDay, found[place]?.lastDay ?? -1),
        }));
        await inner.write({ ...changes, users: saved });
      },
    })),
  },
  {
    name: "never lowers the turn of a user",
    seenBy: "users-kept",
    open: withMethods((inner) => ({
      write: async ({ users = [], ...changes }) => {
        const found = await inner.findUsers(users);
        const saved = users.map((user, place) => ({
          ...user,
          lastTurn: Math.max(user.lastTurn, found[place]?.lastTurn ?? -1),
        }));
        await inner.write({ ...changes, users: saved });
      },
    })),
  },
  {
    name: "leaves when a fix was claimed in a mark, where none is any more",
    seenBy: "marks-kept",
    open: withTables((inner, { tables }) => ({
      write: async ({ marks = [], ...changes }) => {
        const saved = marks.map(({ issueId, mark }) => {
          const before = tables.ofIssue.get(issueId)?.marks.find(({ orderKey }) => orderKey === mark.orderKey);
          return {
            issueId,
            mark: mark.last === "seen" ? { ...mark, fixedAt: mark.fixedAt ?? before?.fixedAt ?? null } : mark,
          };
        });
        await inner.write({ ...changes, marks: saved });
      },
    })),
  },
  {
    name: "takes a fix that was claimed at the time 0 for none",
    seenBy: "marks-kept",
    open: writing(({ marks = [], ...changes }) => ({
      ...changes,
      marks: marks.map(({ issueId, mark }) => ({
        issueId,
        mark: mark.last === "seen" ? { ...mark, fixedAt: mark.fixedAt === 0 ? null : mark.fixedAt } : mark,
      })),
    })),
  },
  {
    name: "leaves a tally of nothing as it was",
    seenBy: "tallies-kept",
    open: withOutboxTables((outbox, { tables }) => ({
      writeTallies: ({ save = [], remove = [] }) =>
        outbox.writeTallies({
          save: save.filter(
            (tally) =>
              tally.admitted > 0 || tally.throttled.examples.length > 0 || !tables.tallies.has(tallyKeyOf(tally)),
          ),
          remove,
        }),
    })),
  },
  {
    name: "takes a counter without bytes that are not 0 for none",
    seenBy: "counters-kept",
    open: writing(({ counters = new Map<string, Uint8Array>(), ...changes }) => ({
      ...changes,
      counters: new Map(Array.from(counters).filter(([, bytes]) => bytes.some((byte) => byte !== 0))),
    })),
  },
  {
    name: "drops zeros at the end of counters",
    seenBy: "counters-kept",
    open: writing(({ counters = new Map<string, Uint8Array>(), ...changes }) => ({
      ...changes,
      counters: new Map(
        Array.from(counters, ([id, bytes]) => [id, bytes.slice(0, bytes.findLastIndex((byte) => byte !== 0) + 1)]),
      ),
    })),
  },
  {
    name: "stores counters as text",
    seenBy: "counters-kept",
    open: writing(({ counters = new Map<string, Uint8Array>(), ...changes }) => ({
      ...changes,
      counters: new Map(
        Array.from(counters, ([id, bytes]) => [
          id,
          new TextEncoder().encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)),
        ]),
      ),
    })),
  },
];

export const emptiedMutants: readonly Mutant[] = [...ofIssues, ...ofOthers];
