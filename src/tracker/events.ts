import { anyJson, MAX_EVENT_ID_LENGTH, type TrackedEvent } from "../core/event.ts";
import { invalidInput, requireInstant } from "../core/input.ts";
import type { InstantInput } from "../core/instant.ts";
import { integer, object, optional, text, type Shape } from "../core/shape.ts";
import { readStored } from "../core/stored.ts";
import type { IssueStore, StoredEvent } from "../ports/issue-store.ts";
import { inSteps } from "./in-steps.ts";
import { requireProject, requireProjectId } from "./projects.ts";

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
   * Removes a project's old events, by their age or their number, except those that caused a turning point. Counts, states and history stay; an event
   * that is digested again after its eviction is counted again. Also removes all events of deleted issues. Looks at all
   * stored events, in short transactions.
   *
   * @returns how many events were removed
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  evict(input: EvictionInput): Promise<number>;
}

const requireEventId = text(1, MAX_EVENT_ID_LENGTH);
const evictionInput = object(
  {
    projectId: requireProjectId,
    receivedBefore: optional(requireInstant),
    keepPerIssue: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  } satisfies Record<keyof EvictionInput, Shape<unknown>>,
  `{ projectId: "shop", receivedBefore: Date.now() - 90 * 86_400_000 }`,
);

/** How many events one transaction looks at. */
const STEP = 1_000;

/** Creates the use cases for stored events. */
export function createEvents(store: IssueStore): Events {
  return {
    async get(projectId, id) {
      const ref = { projectId: requireProjectId("projectId", projectId), id: requireEventId("id", id) };
      const event = await store.read((reader) => reader.findEvent(ref));
      return event && trackedEvent(event);
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
      return inSteps(store, "the eviction", async (transaction, after) => {
        const age = { receivedBefore: receivedBefore ?? 0, keepNewest };
        const { evicted, next } = await transaction.evictEvents({ projectId, ...age, after, limit: STEP });
        return { count: evicted, next };
      });
    },
  };
}

function trackedEvent({ content, data, user: _user, ...event }: StoredEvent): TrackedEvent {
  return {
    ...event,
    level: content?.level ?? null,
    type: content?.type ?? null,
    value: content?.value ?? null,
    transaction: content?.transaction ?? null,
    data: data === null ? undefined : readStored("an event's data", data, anyJson),
  };
}
