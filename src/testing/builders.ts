import type { NewEvent } from "../core/event.ts";
import { OPEN, type Issue } from "../core/issue.ts";
import { object, type Shape } from "../core/shape.ts";

/** The time of a built issue's only event: 2026-01-05 09:00 UTC, a Monday. */
export const BUILT_AT = Date.UTC(2026, 0, 5, 9);

/** A member of any value: builders check names only, because tests build invalid values too. */
const unchecked: Shape<unknown> = (_, value) => value;

const eventMembers = object({
  projectId: unchecked,
  id: unchecked,
  type: unchecked,
  value: unchecked,
  transaction: unchecked,
  platform: unchecked,
  mechanism: unchecked,
  frames: unchecked,
  fingerprint: unchecked,
  release: unchecked,
  level: unchecked,
  occurredAt: unchecked,
  receivedAt: unchecked,
  count: unchecked,
  userId: unchecked,
  environment: unchecked,
  data: unchecked,
} satisfies Record<keyof NewEvent, Shape<unknown>>);

const issueMembers = object({
  id: unchecked,
  projectId: unchecked,
  number: unchecked,
  title: unchecked,
  transaction: unchecked,
  level: unchecked,
  firstSeenAt: unchecked,
  lastSeenAt: unchecked,
  eventCount: unchecked,
  lastEventNumber: unchecked,
  userCount: unchecked,
  environments: unchecked,
  watch: unchecked,
  latestEventId: unchecked,
  lastSeenIn: unchecked,
  seenNumber: unchecked,
  turningPointCount: unchecked,
  parts: unchecked,
  state: unchecked,
} satisfies Record<keyof Issue, Shape<unknown>>);

/**
 * A valid event for `digest`. Give the members that the test is about; the others have fixed values.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a member that events do not have
 *
 * @example
 * ```ts
 * import { buildEvent } from "issue-lifecycle/testing";
 *
 * const event = buildEvent({ release: "2.1.0" });
 * ```
 */
export function buildEvent(members: Partial<NewEvent> = {}): NewEvent {
  eventMembers("event", members);
  return {
    projectId: "shop",
    type: "TypeError",
    value: "x is undefined",
    transaction: "POST /checkout",
    release: "1.0.0",
    ...members,
  };
}

/**
 * A valid open issue with one event. Give the members that the test is about; the others have fixed values.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a member that issues do not have
 *
 * @example
 * ```ts
 * import { allowedCommands } from "issue-lifecycle/core";
 * import { buildIssue } from "issue-lifecycle/testing";
 *
 * allowedCommands(buildIssue()); // ["resolve", "mute", "watch", "annotate", "delete"]
 * ```
 */
export function buildIssue(members: Partial<Issue> = {}): Issue {
  issueMembers("issue", members);
  return {
    id: "019b8d5c-0000-7000-8000-000000000001",
    projectId: "shop",
    number: 1,
    title: "TypeError: x is undefined",
    transaction: "POST /checkout",
    level: "error",
    firstSeenAt: BUILT_AT,
    lastSeenAt: BUILT_AT,
    eventCount: 1,
    lastEventNumber: 1,
    userCount: 0,
    environments: [],
    watch: null,
    latestEventId: "event 1",
    lastSeenIn: "1.0.0",
    seenNumber: 1,
    turningPointCount: 1,
    parts: null,
    state: OPEN,
    ...members,
  };
}
