import { MAX_EVENT_ID_LENGTH, type EventListOptions, type TrackedEvent } from "../core/event.ts";
import { invalidInput, requireInstant } from "../core/input.ts";
import type { InstantInput } from "../core/instant.ts";
import type { Page } from "../core/page.ts";
import { integer, object, optional, text, type Shape } from "../core/shape.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";
import { eventHead } from "../ports/event-head.ts";
import type { EventHead, EventRef, EvictionRequest, IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { eachEvent, eraseEvents, readableEvent, type Shown } from "./event-erasure.ts";
import { inSteps } from "./in-steps.ts";
import { findNeighbour, listIssueEvents, trackedEvent } from "./issue-events.ts";
import { projectNotFound, requireProject, requireProjectId } from "./projects.ts";
import { eraseUser } from "./user-erasure.ts";
import { userHash } from "./user-hash.ts";

/** Which events to evict. */
export interface EvictionInput {
  readonly projectId: string;
  /** Events received before this instant are removed. Default: none. */
  readonly receivedBefore?: InstantInput;
  /**
   * How many events of each issue stay, the ones that were digested last; earlier ones are removed. 1 or more. Default: all. At least one
   * of the two is needed; with both, what either removes is removed.
   */
  readonly keepPerIssue?: number;
}

/** A tracker's events. */
export interface Events {
  /**
   * The event with this id, while it is stored.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, or `corrupt-data` if its data cannot be read
   */
  get(projectId: string, id: string): Promise<TrackedEvent | undefined>;
  /**
   * A page of an issue's stored events, in the order of their digestion, newest first. Events of an earlier version of this library,
   * which have no number, count as the oldest, in no particular order. When pages follow each other, an event that is stored throughout
   * is listed exactly once, whatever is added, evicted or erased meanwhile. Where events are large, a page ends after about 8 million
   * characters: go on until `next` is `null`.
   *
   * Of an issue into which others are merged these are its own events; its `parts.members` list theirs.
   *
   * @param issueId - the issue's id or friendly id
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function firstAndLast(tracker: IssueTracker, issueId: string) {
   *   const { items: [last] } = await tracker.events.list(issueId, { limit: 1 });
   *   const { items: [first] } = await tracker.events.list(issueId, { direction: "ascending", limit: 1 });
   *   return { first, last };
   * }
   * ```
   */
  list(issueId: string, options?: EventListOptions): Promise<Page<TrackedEvent>>;
  /**
   * The stored event that was digested next after this one in its issue, or `undefined` if this is the last.
   *
   * @throws {@link IssueLifecycleError} `unknown-event` if this one is not stored (any more), `invalid-input`, or `corrupt-data` if the
   *   next one cannot be read: `list` goes on behind it
   */
  next(projectId: string, id: string): Promise<TrackedEvent | undefined>;
  /**
   * The stored event that was digested before this one in its issue, or `undefined` if this is the first.
   *
   * @throws {@link IssueLifecycleError} as `next` does
   */
  previous(projectId: string, id: string): Promise<TrackedEvent | undefined>;
  /**
   * Removes a project's old events, by their age or their number, except those that caused a turning point. Counts, states and history stay; an event
   * that is digested again after its eviction is counted again. Also removes all events of deleted issues. Looks at all
   * stored events, in short transactions.
   *
   * @returns how many events were removed
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  evict(input: EvictionInput): Promise<number>;
  /**
   * Erases an event with all that is known of it alone: what it says, its data, its count, its place in histories and alerts, and its user
   * if that has no other stored event of the issue. If it was the issue's newest event, the issue shows the newest one of the others that
   * are stored; if it was the only one, the issue is deleted. That it happened stays: states, turning points, and the releases in which
   * the issue occurs. Of an event that cannot be read (its row is damaged) what it counted stays, too. A user whose next event comes at
   * the same moment may be missing among the issue's users until the one after it.
   *
   * Looks at all stored events of the project, in steps. If the process ends before the last, call it again.
   *
   * @returns whether the event was stored
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  erase(projectId: string, id: string): Promise<boolean>;
}

const requireUserId = text(1, MAX_USER_ID_LENGTH);
const requireEventId = text(1, MAX_EVENT_ID_LENGTH);
const evictionInput = object(
  {
    projectId: requireProjectId,
    receivedBefore: optional(requireInstant),
    keepPerIssue: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  } satisfies Record<keyof EvictionInput, Shape<unknown>>,
  `{ projectId: "shop", receivedBefore: Date.now() - 90 * 86_400_000 }`,
);

/** What is known of an event whose issue was deleted, or that cannot be read: it may have caused turning points, and what it counted stays. */
const UNREADABLE = {
  number: 0,
  count: 0,
  environment: "",
  user: null,
  receivedAt: 0,
  kept: true,
  hasContent: true,
};

function requireRef(projectId: string, id: string): EventRef {
  return { projectId: requireProjectId("projectId", projectId), id: requireEventId("id", id) };
}

/** How many events one transaction looks at. */
const STEP = 1_000;

/** Creates the use cases for stored events. */
export function createEvents(store: IssueStore, shown: Shown): Events {
  return {
    async erase(projectId, id) {
      const ref = requireRef(projectId, id);
      const event = await store.transaction(async (transaction) => {
        const { duplicateOf, projects } = await transaction.load({ projectIds: [ref.projectId], events: [ref] });
        if (!projects.has(ref.projectId)) throw projectNotFound("projectId", ref.projectId);
        const [issueId] = duplicateOf;
        if (issueId === undefined) return undefined;
        const found = await readableEvent(transaction, ref);
        return found === undefined ? { ...UNREADABLE, id: ref.id, issueId } : eventHead(found);
      });
      if (event === undefined) return false;
      await eraseEvents({ store, shown }, ref.projectId, [event]);
      return true;
    },
    async get(projectId, id) {
      const ref = requireRef(projectId, id);
      const event = await store.read((reader) => reader.findEvent(ref));
      return event && trackedEvent(event);
    },
    async list(issueId, options = {}) {
      return listIssueEvents(store, issueId, options);
    },
    async next(projectId, id) {
      return findNeighbour(store, requireRef(projectId, id), "next");
    },
    async previous(projectId, id) {
      return findNeighbour(store, requireRef(projectId, id), "previous");
    },
    async evict(input) {
      const { projectId, receivedBefore, keepPerIssue: keepNewest = null } = evictionInput("eviction", input);
      if (receivedBefore === undefined && keepNewest === null) {
        throw invalidInput(
          "eviction",
          input,
          "receivedBefore, keepPerIssue or both: without them nothing would be removed",
        );
      }
      await store.read((reader) => requireProject(reader, "eviction.projectId", projectId));
      return evictEvents(store, { projectId, receivedBefore: receivedBefore ?? 0, keepNewest });
    },
  };
}

/**
 * Evicts events of a project, in steps of a transaction each.
 *
 * @param isEnded - whether to end after the present step. Default: never
 * @returns how many events were removed
 */
export function evictEvents(
  store: IssueStore,
  which: Omit<EvictionRequest, "after" | "limit">,
  isEnded?: () => boolean,
): Promise<number> {
  const step = async (transaction: StoreTransaction, after: string | null) => {
    const { evicted, next } = await transaction.evictEvents({ ...which, after, limit: STEP });
    return { count: evicted, next };
  };
  return inSteps(store, "the eviction", step, isEnded);
}

/** Creates the use cases for the users of events. */
export function createEndUsers(
  store: IssueStore,
  shown: Shown,
): { erase(projectId: string, userId: string): Promise<number> } {
  return {
    async erase(projectId, userId) {
      const id = requireProjectId("projectId", projectId);
      const user = userHash(id, requireUserId("userId", userId));
      await store.read((reader) => requireProject(reader, "projectId", id));
      const erased: EventHead[] = [];
      await eachEvent(store, id, (event) => {
        if (event.user === user) erased.push(event);
      });
      await eraseEvents({ store, shown }, id, erased);
      await eraseUser(store, id, user);
      return erased.length;
    },
  };
}
