import type { MemoryTables } from "../../../src/memory/memory-tables.ts";
import type { EvictionRequest, EvictionStep, StoredEvent, StoreTransaction } from "../../../src/ports/issue-store.ts";
import { isEvicted } from "../../../src/ports/is-evicted.ts";
import { withMethods, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

const DAY = 86_400_000;

/** Whether an event leaves, as the port says. */
const mayLeave = (event: StoredEvent, request: EvictionRequest, tables: MemoryTables): boolean =>
  isEvicted(event, tables.issues.get(event.issueId)?.lastEventNumber, request);

/** Removes events so that a rollback brings them back: all others are put aside while the right store evicts. */
async function remove(
  inner: StoreTransaction,
  events: Map<string, StoredEvent>,
  projectId: string,
  leaving: readonly StoredEvent[],
): Promise<void> {
  const staying = [...events.values()].filter((event) => !leaving.includes(event));
  for (const { id } of staying) events.delete(id);
  for (const event of leaving) events.set(event.id, { ...event, kept: false });
  await inner.evictEvents({ projectId, receivedBefore: Infinity, keepNewest: null, after: null, limit: Infinity });
  for (const event of staying) events.set(event.id, event);
}

/** A memory store that evicts other events. */
function evicting(
  leaves: (event: StoredEvent, request: EvictionRequest, tables: MemoryTables) => boolean,
): Mutant["open"] {
  return onTables((inner, tables) => ({
    evictEvents: async (request) => {
      const events = tables.ofProject.get(request.projectId)?.events ?? new Map<string, StoredEvent>();
      const leaving = [...events.values()].filter((event) => leaves(event, request, tables));
      await remove(inner, events, request.projectId, leaving);
      return { evicted: leaving.length, next: null };
    },
  }));
}

/** Steps over events in the order of their ids, as most stores do. */
function stepping(
  nextOf: (looked: readonly StoredEvent[], evicted: number, request: EvictionRequest) => string | null,
  isBehind: (id: string, after: string) => boolean = (id, after) => id > after,
): Mutant["open"] {
  return onTables((inner, tables) => ({
    evictEvents: async (request): Promise<EvictionStep> => {
      const events = tables.ofProject.get(request.projectId)?.events ?? new Map<string, StoredEvent>();
      const { after, limit } = request;
      const looked = [...events.values()]
        .filter(({ id }) => after === null || isBehind(id, after))
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, limit);
      const leaving = looked.filter((event) => mayLeave(event, request, tables));
      await remove(inner, events, request.projectId, leaving);
      return { evicted: leaving.length, next: nextOf(looked, leaving.length, request) };
    },
  }));
}

const lastOf = (looked: readonly StoredEvent[], { limit }: EvictionRequest): string | null =>
  looked.length < limit ? null : (looked.at(-1)?.id ?? null);

export const storedEventMutants: readonly Mutant[] = [
  {
    name: "finds events of deleted issues",
    seenBy: "events-of-deleted-issues",
    open: onTables((_, tables) => ({
      findEvent: async ({ projectId, id }) => tables.ofProject.get(projectId)?.events.get(id),
    })),
  },
  {
    name: "forgets the events of an issue that is deleted",
    seenBy: "events-of-deleted-issues",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { events } of tables.ofProject.values()) {
          for (const { id, issueId } of events.values())
            if (changes.deletedIssues?.includes(issueId)) events.delete(id);
        }
      },
    })),
  },
  {
    name: "does not take an event of a deleted issue for a duplicate",
    seenBy: "events-of-deleted-issues",
    open: onTables((inner, tables) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        return {
          ...loaded,
          duplicateOf: loaded.duplicateOf.map((id) => (tables.issues.has(id ?? "") ? id : undefined)),
        };
      },
    })),
  },
  {
    name: "stores an event again whose issue was deleted",
    seenBy: "events-of-deleted-issues",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        for (const { projectId, id } of changes.events ?? []) {
          const events = tables.ofProject.get(projectId)?.events;
          const stored = events?.get(id);
          if (stored !== undefined && !tables.issues.has(stored.issueId)) events?.delete(id);
        }
        await inner.write(changes);
      },
    })),
  },
  {
    name: "stores an event again for another issue",
    seenBy: "events-of-deleted-issues",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        for (const { projectId, id, issueId } of changes.events ?? []) {
          const events = tables.ofProject.get(projectId)?.events;
          const stored = events?.get(id);
          if (stored !== undefined && stored.issueId !== issueId) events?.delete(id);
        }
        await inner.write(changes);
      },
    })),
  },
  {
    name: "takes no event again that was evicted",
    seenBy: "events-of-deleted-issues",
    open: () => {
      const evicted = new Set<string>();
      return onTables((inner, tables) => ({
        evictEvents: async (request) => {
          const before = [...(tables.ofProject.get(request.projectId)?.events.keys() ?? [])];
          const step = await inner.evictEvents(request);
          for (const id of before)
            if (tables.ofProject.get(request.projectId)?.events.has(id) === false) evicted.add(id);
          return step;
        },
        load: async (request) => {
          const loaded = await inner.load(request);
          const { events = [] } = request;
          return {
            ...loaded,
            duplicateOf: loaded.duplicateOf.map((id, place) =>
              id === undefined && evicted.has(events[place]?.id ?? "") ? "evicted" : id,
            ),
          };
        },
      }))();
    },
  },
  {
    name: "evicts events that are kept, too, when they are a year old",
    seenBy: "events-evicted",
    open: evicting(
      (event, request, tables) =>
        mayLeave(event, request, tables) || event.receivedAt < request.receivedBefore - 365 * DAY,
    ),
  },
  {
    name: "evicts events that are kept and were received before 1971",
    seenBy: "events-evicted",
    open: evicting((event, request, tables) => mayLeave(event, request, tables) || event.receivedAt < 365 * DAY),
  },
  {
    name: "evicts events by when they occurred",
    seenBy: "events-evicted",
    open: evicting(
      (event, request, tables) =>
        !tables.issues.has(event.issueId) ||
        ((event.occurredAt ?? event.receivedAt) < request.receivedBefore && !event.kept),
    ),
  },
  {
    name: "leaves kept events of deleted issues",
    seenBy: "events-of-deleted-issues",
    open: evicting((event, request, tables) => mayLeave(event, request, tables) && !event.kept),
  },
  {
    name: "leaves new events of deleted issues",
    seenBy: "events-of-deleted-issues",
    open: evicting(
      (event, request, tables) => mayLeave(event, request, tables) && event.receivedAt < request.receivedBefore,
    ),
  },
  {
    name: "keeps one event more of each issue than requested",
    seenBy: "events-evicted-by-number",
    open: withMethods((inner) => ({
      evictEvents: ({ keepNewest, ...request }) =>
        inner.evictEvents({ ...request, keepNewest: keepNewest && keepNewest + 1 }),
    })),
  },
  {
    name: "evicts by age only",
    seenBy: "events-evicted-by-number",
    open: withMethods((inner) => ({ evictEvents: (request) => inner.evictEvents({ ...request, keepNewest: null }) })),
  },
  {
    name: "evicts kept events that are not among the newest",
    seenBy: "events-evicted-by-number",
    open: evicting((event, request, tables) => mayLeave({ ...event, kept: false }, request, tables)),
  },
  {
    name: "never evicts events without a number by it",
    seenBy: "events-evicted-by-number",
    open: evicting((event, request, tables) => mayLeave(event, request, tables) && (event.number > 0 || event.kept)),
  },
  {
    name: "goes by the greatest number of a project",
    seenBy: "events-evicted-by-number",
    open: evicting((event, request, tables) => {
      const greatest = Math.max(...Array.from(tables.issues.values(), ({ lastEventNumber }) => lastEventNumber));
      return mayLeave(event, request, tables) || isEvicted(event, greatest, request);
    }),
  },
  {
    name: "leaves events without data",
    seenBy: "events-evicted",
    open: evicting((event, request, tables) => mayLeave(event, request, tables) && event.data !== null),
  },
  {
    name: "leaves events of issues that are resolved",
    seenBy: "events-evicted",
    open: evicting(
      (event, request, tables) =>
        mayLeave(event, request, tables) && tables.issues.get(event.issueId)?.state.status !== "resolved",
    ),
  },
  {
    name: "evicts events of the same age in other projects",
    seenBy: "events-evicted",
    open: onTables((inner, tables) => ({
      evictEvents: async (request) => {
        const step = await inner.evictEvents(request);
        for (const projectId of tables.ofProject.keys()) await inner.evictEvents({ ...request, projectId });
        return step;
      },
    })),
  },
  {
    name: "leaves events of deleted issues in a project without others",
    seenBy: "events-evicted",
    open: onTables((inner, tables) => ({
      evictEvents: async (request) =>
        (tables.ofProject.get(request.projectId)?.numbered.blocks.length ?? 0) > 0
          ? inner.evictEvents(request)
          : { evicted: 0, next: null },
    })),
  },
  {
    name: "ends an eviction with a step in which nothing leaves",
    seenBy: "eviction-steps",
    open: stepping((looked, evicted, request) => (evicted === 0 ? null : lastOf(looked, request))),
  },
  {
    name: "ends an eviction with a step in which less than the limit leaves",
    seenBy: "eviction-steps",
    open: stepping((looked, evicted, request) => (evicted < request.limit ? null : lastOf(looked, request))),
  },
  {
    name: "ends an eviction one event before the last",
    seenBy: "eviction-steps",
    open: stepping(
      (looked, _, request) => (looked.length < request.limit ? null : (looked.at(-1)?.id ?? null)),
      (id, after) => id.length > after.length || (id.length === after.length && id > after),
    ),
  },
  {
    name: "loses the place of an eviction where ids differ in case only",
    seenBy: "eviction-steps",
    open: stepping(
      (looked, _, request) => lastOf(looked, request),
      (id, after) => id.toLowerCase() > after.toLowerCase(),
    ),
  },
  {
    name: "loses the place of an eviction after an id that ends with a NUL or a blank",
    seenBy: "eviction-steps",
    open: stepping(
      (looked, _, request) => lastOf(looked, request)?.replace(/[\0 ]+$/u, "") ?? null,
      (id, after) => id > `${after}\uffff`,
    ),
  },
];
