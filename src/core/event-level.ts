/** The severity of an event. Alerts carry it and can be routed by it; it changes nothing else. */
export type EventLevel = (typeof EVENT_LEVELS)[number];

/** All levels, the most severe first. */
export const EVENT_LEVELS = ["fatal", "error", "warning", "info", "debug"] as const;

/** The level of events without one. */
export const DEFAULT_EVENT_LEVEL: EventLevel = "error";

/** The more severe of two levels. */
export function higherLevel(one: EventLevel, other: EventLevel): EventLevel {
  return EVENT_LEVELS.indexOf(one) <= EVENT_LEVELS.indexOf(other) ? one : other;
}
