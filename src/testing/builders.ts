import type { NewEvent } from "../core/event.ts";
import { OPEN, type Issue } from "../core/issue.ts";

/** When what the builders build happens, unless they are told: 2026-01-05 09:00 UTC, a Monday. */
export const BUILT_AT = Date.UTC(2026, 0, 5, 9);

/**
 * A valid event, as a host would hand it in; what a test is about is given, the rest does not matter.
 *
 * @example
 * ```ts
 * import { buildEvent } from "issue-lifecycle/testing";
 *
 * const event = buildEvent({ release: "2.1.0" });
 * ```
 */
export function buildEvent(given: Partial<NewEvent> = {}): NewEvent {
  return {
    projectId: "shop",
    type: "TypeError",
    value: "x is undefined",
    transaction: "POST /checkout",
    release: "1.0.0",
    ...given,
  };
}

/**
 * A valid issue of one event; what a test is about is given, the rest does not matter.
 *
 * @example
 * ```ts
 * import { allowedCommands } from "issue-lifecycle";
 * import { buildIssue } from "issue-lifecycle/testing";
 *
 * allowedCommands(buildIssue()); // ["resolve", "mute", "annotate", "delete"]
 * ```
 */
export function buildIssue(given: Partial<Issue> = {}): Issue {
  return {
    id: "019b8d5c-0000-7000-8000-000000000001",
    projectId: "shop",
    number: 1,
    title: "TypeError: x is undefined",
    transaction: "POST /checkout",
    firstSeenAt: BUILT_AT,
    lastSeenAt: BUILT_AT,
    eventCount: 1,
    latestEventId: "event 1",
    lastSeenIn: "1.0.0",
    turningPointCount: 1,
    state: OPEN,
    ...given,
  };
}
