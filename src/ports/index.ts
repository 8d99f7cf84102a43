/**
 * The interfaces that a host or a store author implements: the store with its outbox, the alert sink, the clock; and how values are
 * stored as JSON. The conformance suite in `issue-lifecycle/testing` checks a store.
 *
 * @module store
 */
export { DUE_AT_ONCE, NOTHING_THROTTLED, OUTBOX_STATUSES, outboxPositionOf } from "./alert-outbox.ts";
export type * from "./alert-outbox.ts";
export { systemClock } from "./clock.ts";
export type * from "./issue-store.ts";
export { isEvicted } from "./is-evicted.ts";
export type * from "./tracker-hooks.ts";
export { LONG_KEY_LENGTH, longKeyHash, storedKeyOf } from "./stored-entries.ts";
export type * from "./stored-entries.ts";
export { timelinesToLoad } from "./timelines-to-load.ts";
export { alertShape, throttledShape } from "../core/alert-shape.ts";
export type { EventContent } from "../core/event.ts";
export { issueStateShape, wakeTimeOf, watchedConditionsShape } from "../core/issue.ts";
export type { Shape } from "../core/shape.ts";
export { readStored } from "../core/stored.ts";
export type { UnreadableAt } from "../core/page.ts";
export type { Unreadable } from "../core/unreadable.ts";
export { turnShape } from "../core/turning-point.ts";
export { projectWatchShape } from "../core/watch.ts";
