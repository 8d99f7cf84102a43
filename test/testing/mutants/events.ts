import { withMethods, writing, storingEvents, storingContents, swallowing, type Mutant } from "./harness.ts";

const HOUR_MS = 3_600_000;

export const eventMutants: readonly Mutant[] = [
  {
    name: "never comes to the end of an eviction",
    seenBy: "writes-are-real",
    open: withMethods((inner) => ({
      evictEvents: async (request) => ({ ...(await inner.evictEvents(request)), next: "" }),
    })),
  },
  {
    name: "stores every event as one",
    seenBy: "transaction-reads-its-writes",
    open: storingEvents((event) => ({ ...event, count: 1 })),
  },
  {
    name: "stores no environment with events",
    seenBy: "transaction-reads-its-writes",
    open: storingEvents((event) => ({ ...event, environment: "" })),
  },
  {
    name: "stores no user with events",
    seenBy: "transaction-reads-its-writes",
    open: storingEvents((event) => ({ ...event, user: null })),
  },
  {
    name: "takes an event without content for one without text",
    seenBy: "events-kept",
    open: storingEvents((event) => ({
      ...event,
      content: event.content ?? { level: "error", type: "", value: "", transaction: "" },
    })),
  },
  {
    name: "takes no data for an empty text",
    seenBy: "events-kept",
    open: storingEvents((event) => ({ ...event, data: event.data ?? "" })),
  },
  {
    name: "stores all events as errors",
    seenBy: "transaction-reads-its-writes",
    open: storingContents((content) => ({ ...content, level: "error" })),
  },
  {
    name: "has room for 65,535 characters of a value",
    seenBy: "events-kept",
    open: storingContents((content) => ({ ...content, value: content.value.slice(0, 65_535) })),
  },
  {
    name: "has room for 600 characters of a type",
    seenBy: "events-kept",
    open: storingContents((content) => ({ ...content, type: content.type.slice(0, 600) })),
  },
  {
    name: "slips by a time zone",
    seenBy: "transaction-reads-its-writes",
    open: writing(({ events = [], ...changes }) => ({
      ...changes,
      events: events.map((event) => ({ ...event, receivedAt: event.receivedAt + HOUR_MS })),
    })),
  },
  {
    name: "takes no time for the time 0",
    seenBy: "events-kept",
    open: writing(({ events = [], ...changes }) => ({
      ...changes,
      events: events.map((event) => ({ ...event, occurredAt: event.occurredAt ?? 0 })),
    })),
  },
  { name: "ignores an event that is stored", seenBy: "events-inserted-once", open: swallowing("events") },
  {
    name: "evicts events of the very instant",
    seenBy: "events-evicted",
    open: withMethods((inner) => ({
      evictEvents: (request) => inner.evictEvents({ ...request, receivedBefore: request.receivedBefore + 1 }),
    })),
  },
  {
    name: "counts no evicted event",
    seenBy: "events-evicted",
    open: withMethods((inner) => ({
      evictEvents: async (request) => ({ ...(await inner.evictEvents(request)), evicted: 0 }),
    })),
  },
];
