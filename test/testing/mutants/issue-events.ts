import type { IssueEventPageRequest, StoredEvent } from "../../../src/ports/issue-store.ts";
import { allReadable } from "../../../src/core/unreadable.ts";
import { withMethods, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** A memory store whose pages of an issue's events are changed. */
function listing(
  change: (events: readonly StoredEvent[], request: IssueEventPageRequest) => readonly StoredEvent[],
): Mutant["open"] {
  return withMethods((inner) => ({
    pageIssueEvents: async (request) => change(allReadable(await inner.pageIssueEvents(request)), request),
  }));
}

/** A memory store that makes each page of all events of the issue, in order. */
function choosing(
  choose: (events: readonly StoredEvent[], request: IssueEventPageRequest) => readonly StoredEvent[],
): Mutant["open"] {
  return withMethods((inner) => ({
    pageIssueEvents: async (request) => {
      const all = await inner.pageIssueEvents({ ...request, after: null, limit: Number.MAX_SAFE_INTEGER });
      return choose(allReadable(all), request).slice(0, request.limit);
    },
  }));
}

const isBehind = (number: number, { after, descending }: IssueEventPageRequest): boolean =>
  after === null || (descending ? number < after.number : number > after.number);

export const issueEventMutants: readonly Mutant[] = [
  {
    name: "lists the events of an issue in the order in which they were received",
    seenBy: "issue-events-listed",
    open: listing((events, { descending }) =>
      events.toSorted((one, other) => (descending ? -1 : 1) * (one.receivedAt - other.receivedAt)),
    ),
  },
  {
    name: "lists the newest events of an issue first, whatever it is asked for",
    seenBy: "issue-events-listed",
    open: withMethods((inner) => ({
      pageIssueEvents: (request) => inner.pageIssueEvents({ ...request, descending: true }),
    })),
  },
  {
    name: "lists no events of an issue without a number",
    seenBy: "issue-events-listed",
    open: listing((events) => events.filter(({ number }) => number > 0)),
  },
  {
    name: "goes on behind all events without a number",
    seenBy: "issue-events-listed",
    open: choosing((events, request) => events.filter(({ number }) => isBehind(number, request))),
  },
  {
    name: "orders the numbers of events as texts",
    seenBy: "issue-events-listed",
    open: choosing((events, { after, descending }) => {
      const keyOf = ({ number, id }: { number: number; id: string }): string =>
        `${String(number)} ${number === 0 ? id : ""}`;
      const sign = descending ? -1 : 1;
      const compare = (one: string, other: string): number => (one === other ? 0 : sign * (one < other ? -1 : 1));
      return events
        .filter((event) => after === null || compare(keyOf(event), keyOf(after)) > 0)
        .sort((one, other) => compare(keyOf(one), keyOf(other)));
    }),
  },
  {
    name: "lists the events of all issues of a project",
    seenBy: "issue-events-listed",
    open: onTables((inner, tables) => ({
      pageIssueEvents: async (request) => {
        const all = [...(tables.ofProject.get(request.projectId)?.events.values() ?? [])];
        const issueIds = new Set(all.map(({ issueId }) => issueId));
        const pages = await Promise.all([...issueIds].map((issueId) => inner.pageIssueEvents({ ...request, issueId })));
        return allReadable(pages.flat()).slice(0, request.limit);
      },
    })),
  },
  {
    name: "lists events without their data",
    seenBy: "issue-events-listed",
    open: listing((events) => events.map((event) => ({ ...event, data: null }))),
  },
  {
    name: "goes on in a list of events by the place of the last one",
    seenBy: "issue-events-follow-changes",
    open: () => {
      const seen = new Map<string, number>();
      return choosing((events, { after, descending, limit }) => {
        const keyOf = ({ number, id }: { number: number; id: string }) =>
          `${String(descending)} ${String(number)} ${id}`;
        const from = after === null ? 0 : (seen.get(keyOf(after)) ?? 0);
        events.slice(from, from + limit).forEach((event, place) => seen.set(keyOf(event), from + place + 1));
        return events.slice(from);
      })();
    },
  },
  {
    name: "lists nothing behind an event that is not stored any more",
    seenBy: "issue-events-follow-changes",
    open: choosing((events, { after }) => {
      if (after === null) return events;
      const place = events.findIndex(({ number, id }) => number === after.number && (number > 0 || id === after.id));
      return place < 0 ? [] : events.slice(place + 1);
    }),
  },
  {
    name: "begins anew behind an event that is not stored any more",
    seenBy: "issue-events-follow-changes",
    open: choosing((events, { after }) => {
      const place = events.findIndex(({ number, id }) => number === after?.number && (number > 0 || id === after.id));
      return events.slice(place + 1);
    }),
  },
  {
    name: "lists events that a failed transaction added",
    seenBy: "issue-events-follow-changes",
    open: () => {
      const added = new Map<string, StoredEvent>();
      return withMethods((inner) => ({
        write: async (changes) => {
          for (const event of changes.events ?? []) added.set(event.id, event);
          for (const { id } of changes.erasedEvents ?? []) added.delete(id);
          await inner.write(changes);
        },
        pageIssueEvents: async (request) => {
          const found = allReadable(await inner.pageIssueEvents(request));
          if (found.length === request.limit) return found;
          const ids = new Set(found.map(({ id }) => id));
          const isMissing = ({ id, issueId, projectId, number }: StoredEvent): boolean =>
            projectId === request.projectId && issueId === request.issueId && !ids.has(id) && isBehind(number, request);
          return [...found, ...[...added.values()].filter(isMissing)].slice(0, request.limit);
        },
      }))();
    },
  },
];
