/** How bad an event is, in its client's eyes. Alerts can be routed by it; nothing else goes by it. */
export type EventLevel = (typeof EVENT_LEVELS)[number];

/** All levels, the worst first. */
export const EVENT_LEVELS = ["fatal", "error", "warning", "info", "debug"] as const;

/** The level of events that do not say one. */
export const DEFAULT_EVENT_LEVEL: EventLevel = "error";
