/**
 * Metrics and traces of a tracker by OpenTelemetry: hooks for `createIssueTracker`. Needs the package `@opentelemetry/api`.
 *
 * @module opentelemetry
 */
export { openTelemetryHooks, type OpenTelemetryOptions } from "./opentelemetry-hooks.ts";
