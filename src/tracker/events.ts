import { MAX_EVENT_ID_LENGTH } from "../core/event.ts";
import { requireInstant, requireObject, requireText } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import type { EvictionRequest, IssueStore, StoredEvent } from "../ports/issue-store.ts";
import { requireProject } from "./projects.ts";

/** Which events to evict. */
export interface EvictionInput {
  /** The project. */
  readonly projectId: string;
  /** Events received before this instant go. */
  readonly receivedBefore: Instant;
}

/** A tracker's events. */
export interface Events {
  /**
   * An event by its id, as long as it is stored.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  get(projectId: string, id: string): Promise<StoredEvent | undefined>;
  /**
   * Removes a project's old events, but spares those that caused a turning point. Counts, states and history stay as
   * they are; an event that comes once more after its eviction is counted again. Also removes the events of deleted
   * issues, however new. Looks at all stored events, in short transactions.
   *
   * @returns how many events were removed
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  evict(input: EvictionInput): Promise<number>;
}

/** How many events one transaction looks at. */
const STEP = 1_000;

/** The use-cases on stored events. */
export function createEvents(store: IssueStore): Events {
  return {
    async get(projectId, id) {
      const ref = {
        projectId: requireText("projectId", projectId, 1, MAX_PROJECT_ID_LENGTH),
        id: requireText("id", id, 1, MAX_EVENT_ID_LENGTH),
      };
      return store.read((reader) => reader.findEvent(ref));
    },
    async evict(input) {
      const given = requireObject("eviction", input);
      const receivedBefore = requireInstant("eviction.receivedBefore", given["receivedBefore"]);
      const { project } = await store.read((each) => requireProject(each, "eviction.projectId", given["projectId"]));
      let evicted = 0;
      let after: string | null = null;
      do {
        const request: EvictionRequest = { projectId: project.id, receivedBefore, after, limit: STEP };
        const step = await store.transaction((transaction) => transaction.evictEvents(request));
        evicted += step.evicted;
        after = step.next;
      } while (after !== null);
      return evicted;
    },
  };
}
