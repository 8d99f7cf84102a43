import type { Alert } from "../../../src/core/alert.ts";
import type { OutboxTransaction } from "../../../src/ports/alert-outbox.ts";
import type { MemoryTables } from "../../../src/memory/memory-tables.ts";
import type { EventHead, EventRef, StoredEvent, StoreTransaction } from "../../../src/ports/issue-store.ts";
import { outboxOf, replacing, withMethods, withOutbox, writing, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** A memory store that lists events otherwise. */
function listing(change: (entries: readonly EventHead[]) => readonly EventHead[]): Mutant["open"] {
  return withMethods((inner) => ({
    pageEvents: async (request) => {
      const { entries, next } = await inner.pageEvents(request);
      return { entries: change(entries), next };
    },
  }));
}

/** A memory store that erases other events. */
function erasing(change: (ref: EventRef, tables: MemoryTables) => readonly EventRef[]): Mutant["open"] {
  return onTables((inner, tables) => ({
    write: (changes) =>
      inner.write({
        ...changes,
        erasedEvents: (changes.erasedEvents ?? []).flatMap((ref) => change(ref, tables)),
      }),
  }));
}

/** A memory store that erases the events of the same project whose ids are like the given one. */
const erasingAlike = (isAlike: (id: string, stored: string) => boolean): Mutant["open"] =>
  erasing(({ projectId, id }, { ofProject }) => {
    const stored = [...(ofProject.get(projectId)?.events.keys() ?? [])];
    return stored.filter((each) => isAlike(id, each)).map((each) => ({ projectId, id: each }));
  });

const storedEvent = ({ projectId, id }: EventRef, { ofProject }: MemoryTables): StoredEvent | undefined =>
  ofProject.get(projectId)?.events.get(id);

/** A memory store that forgets other events. */
function forgetting(ids: (given: readonly string[], stored: readonly string[]) => Iterable<string>): Mutant["open"] {
  return onTables((inner, tables) => ({
    forgetEvents: (request) => {
      const points = [...tables.ofIssue.values()].flatMap(({ turningPoints }) => turningPoints);
      const stored = points.flatMap(({ eventId }) => eventId ?? []);
      return inner.forgetEvents({ ...request, ids: [...new Set(ids(request.ids, stored))] });
    },
  }));
}

/** An outbox that replaces alerts otherwise. */
function withReplacing(
  inner: StoreTransaction,
  replace: (alerts: readonly Alert[], right: OutboxTransaction["replace"]) => Promise<void>,
): OutboxTransaction {
  const outbox = outboxOf(inner);
  return replacing(outbox, { replace: (alerts) => replace(alerts, (each) => outbox.replace(each)) });
}

export const eventErasureMutants: readonly Mutant[] = [
  {
    name: "lists no events of deleted issues",
    seenBy: "events-paged",
    open: onTables((inner, tables) => ({
      pageEvents: async (request) => {
        const { entries, next } = await inner.pageEvents(request);
        return { entries: entries.filter(({ issueId }) => tables.issues.has(issueId)), next };
      },
    })),
  },
  {
    name: "lists events without their users",
    seenBy: "events-paged",
    open: listing((entries) => entries.map((entry) => ({ ...entry, user: null }))),
  },
  {
    name: "lists the first event twice",
    seenBy: "events-paged",
    open: listing((entries) => [...entries.slice(0, 1), ...entries]),
  },
  {
    name: "ends a list of events after its first page",
    seenBy: "events-paged",
    open: withMethods((inner) => ({
      pageEvents: async (request) => {
        const { entries } = await inner.pageEvents(request);
        return { entries: entries.slice(0, request.limit), next: null };
      },
    })),
  },
  {
    name: "lists the events of all projects",
    seenBy: "events-paged",
    open: onTables((inner, tables) => ({
      pageEvents: async (request) => {
        const pages = [];
        for (const projectId of tables.ofProject.keys()) pages.push(await inner.pageEvents({ ...request, projectId }));
        return { entries: pages.flatMap(({ entries }) => entries), next: null };
      },
    })),
  },
  { name: "erases no events", seenBy: "events-erased", open: erasing(() => []) },
  {
    name: "erases events whose ids differ in case only",
    seenBy: "events-erased",
    open: erasingAlike((id, stored) => stored.toLowerCase() === id.toLowerCase()),
  },
  {
    name: "erases events whose ids differ in blanks at the end only",
    seenBy: "events-erased",
    open: erasingAlike((id, stored) => stored.trimEnd() === id.trimEnd()),
  },
  {
    name: "erases no kept events",
    seenBy: "events-erased",
    open: erasing((ref, tables) => (storedEvent(ref, tables)?.kept === true ? [] : [ref])),
  },
  {
    name: "erases no events of deleted issues",
    seenBy: "events-erased",
    open: erasing((ref, tables) => (tables.issues.has(storedEvent(ref, tables)?.issueId ?? "") ? [ref] : [])),
  },
  {
    name: "erases events with the same ids in all projects",
    seenBy: "events-erased",
    open: erasing(({ id }, { projects }) => Array.from(projects.keys(), (projectId) => ({ projectId, id }))),
  },
  { name: "erases no users", seenBy: "users-erased", open: writing((changes) => ({ ...changes, erasedUsers: [] })) },
  {
    name: "erases a user from all issues",
    seenBy: "users-erased",
    open: onTables((inner, tables) => ({
      write: (changes) =>
        inner.write({
          ...changes,
          erasedUsers: (changes.erasedUsers ?? []).flatMap(({ user }) =>
            Array.from(tables.issues.keys(), (issueId) => ({ issueId, user })),
          ),
        }),
    })),
  },
  {
    name: "counts users that were erased by their days",
    seenBy: "users-erased",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { issueId, user } of changes.erasedUsers ?? []) tables.users.get(issueId)?.byDay.put(user, -20_001);
      },
    })),
  },
  {
    name: "forgets events whose ids differ in blanks and zeros at the end only",
    seenBy: "events-forgotten",
    open: forgetting((given, stored) => stored.filter((id) => given.some((each) => trimmed(each) === trimmed(id)))),
  },
  { name: "forgets all events", seenBy: "events-forgotten", open: forgetting((_, stored) => stored) },
  {
    name: "forgets the events of all projects",
    seenBy: "events-forgotten",
    open: onTables((inner, tables) => ({
      forgetEvents: async (request) => {
        for (const projectId of tables.ofProject.keys()) await inner.forgetEvents({ ...request, projectId });
        return { next: null };
      },
    })),
  },
  {
    name: "forgets who caused a turning point with its event",
    seenBy: "events-forgotten",
    open: onTables((inner, tables) => ({
      forgetEvents: async (request) => {
        const before = new Map(Array.from(tables.ofIssue, ([id, { turningPoints }]) => [id, turningPoints]));
        const step = await inner.forgetEvents(request);
        for (const [id, of] of tables.ofIssue) {
          const turningPoints = of.turningPoints.map((point, place) =>
            point.eventId === before.get(id)?.[place]?.eventId ? point : { ...point, comment: "" },
          );
          tables.ofIssue.set(id, { ...of, turningPoints });
        }
        return step;
      },
    })),
  },
  {
    name: "forgets events of the first issue only",
    seenBy: "event-forgetting-steps",
    open: onTables((inner, tables) => ({
      forgetEvents: async (request) => {
        const others = [...tables.ofIssue].slice(2);
        const step = await inner.forgetEvents(request);
        for (const [id, of] of others) tables.ofIssue.set(id, of);
        return step;
      },
    })),
  },
  {
    name: "never comes to the end of forgetting events",
    seenBy: "event-forgetting-steps",
    open: withMethods((inner) => ({
      forgetEvents: async (request) => ({ ...(await inner.forgetEvents(request)), next: "more" }),
    })),
  },
  {
    name: "replaces no alerts",
    seenBy: "alerts-replaced",
    open: withOutbox(() => ({ replace: async () => undefined })),
  },
  {
    name: "adds alerts that were to be replaced, and are not there",
    seenBy: "alerts-replaced",
    open: withMethods((inner) => ({
      outbox: withReplacing(inner, async (alerts, replace) => {
        const { outbox } = inner;
        const pages = [];
        for (const status of ["pending", "dead", "discarded"] as const) {
          pages.push(...((await outbox?.page({ status, after: null, limit: 99 })) ?? []));
        }
        const known = new Set(pages.flatMap((entry) => ("alert" in entry ? entry.alert.id : [])));
        await replace(alerts.filter(({ id }) => known.has(id)));
        await inner.write({ alerts: alerts.filter(({ id }) => !known.has(id)) });
      }),
    })),
  },
  {
    name: "replaces alerts about issues only",
    seenBy: "alerts-replaced",
    open: withOutbox((outbox) => ({
      replace: (alerts) => outbox.replace(alerts.filter(({ issue }) => issue !== null)),
    })),
  },
  {
    name: "takes the leases of replaced alerts away",
    seenBy: "alerts-replaced",
    open: onTables((inner, tables) => ({
      outbox: withReplacing(inner, async (alerts, replace) => {
        await replace(alerts);
        for (const { id } of alerts) {
          const row = tables.alerts.get(id);
          if (row !== undefined) tables.alerts.set(id, { ...row, lease: null });
        }
      }),
    })),
  },
  {
    name: "forgets the memo and error of a replaced alert",
    seenBy: "alerts-replaced",
    open: onTables((inner, tables) => ({
      outbox: withReplacing(inner, async (alerts, replace) => {
        await replace(alerts);
        for (const { id } of alerts) {
          const row = tables.alerts.get(id);
          if (row !== undefined) tables.alerts.set(id, { ...row, memo: null, lastError: null });
        }
      }),
    })),
  },
];

const trimmed = (id: string): string => id.replace(/[\0 ]+$/u, "");
