import { metrics, trace, type MeterProvider, type TracerProvider } from "@opentelemetry/api";
import { invalidInput, readMember, requireBoolean } from "../core/input.ts";
import { object, withDefault, type Shape } from "../core/shape.ts";
import type { TrackerHooks } from "../ports/tracker-hooks.ts";
import { metricHooks } from "./metrics.ts";
import { spanHook } from "./spans.ts";

/** The options of {@link openTelemetryHooks}. */
export interface OpenTelemetryOptions {
  /** Makes the meter of the metrics. Default: the global provider when the hooks are made, so register yours before. */
  readonly meterProvider?: MeterProvider;
  /** Makes the tracer of the spans. Default: the global provider. */
  readonly tracerProvider?: TracerProvider;
  /**
   * Whether the metrics `issue_lifecycle.events`, `issue_lifecycle.transitions` and `issue_lifecycle.notifications` have the id of the
   * project as an attribute: then there are as many series as projects, times the kinds. Spans have it where it is known. Default
   * `false`.
   */
  readonly projectId?: boolean;
}

/** The instrumentation scope of the metrics and spans. */
const SCOPE = "issue-lifecycle";

const openTelemetryOptions = object(
  {
    meterProvider: withDefault(requireMeterProvider, metrics),
    tracerProvider: withDefault(requireTracerProvider, trace),
    projectId: withDefault(requireBoolean, false),
  } satisfies Record<keyof OpenTelemetryOptions, Shape<unknown>>,
  "{ projectId: true }",
);

/**
 * Creates hooks that record a tracker's metrics and spans by OpenTelemetry. Nothing of events, users, comments or error messages is in
 * them.
 *
 * Metrics count what the tracker's own transactions committed. What it does in the host's transactions is measured, and not counted:
 *
 * - `issue_lifecycle.events`, a counter of the events given to `digest`, by `issue_lifecycle.event.outcome`: `digested`, `duplicate`,
 *   `refused` or `discarded`. Calls that failed are not counted;
 * - `issue_lifecycle.transitions`, a counter of the entries in histories, by `issue_lifecycle.transition.kind`, such as `first-seen`,
 *   `regressed` or `resolved`;
 * - `issue_lifecycle.notifications`, a counter of the results of deliveries, by `issue_lifecycle.notification.outcome`: the `kind` of a
 *   `DeliveryReport`;
 * - `issue_lifecycle.operation.duration`, a histogram in seconds of all operations, by `issue_lifecycle.operation.name`, with
 *   `error.type` for those that failed and `issue_lifecycle.host_transaction` for those in a transaction of the host.
 *
 * Each operation is a span `issue_lifecycle <name>` with the same attributes and, where it was named, `issue_lifecycle.project.id` and
 * `issue_lifecycle.issue.id`. It is the parent of what the operation calls, such as queries of an instrumented database. The status of
 * one that failed is an error. A call of the sink, `alerts.deliver`, is the root of a trace, because it happens in the background.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
 * import { openTelemetryHooks } from "issue-lifecycle/opentelemetry";
 *
 * export const tracker = createIssueTracker({ store: createMemoryStore(), hooks: openTelemetryHooks() });
 * ```
 */
export function openTelemetryHooks(options: OpenTelemetryOptions = {}): TrackerHooks {
  const { meterProvider, tracerProvider, projectId } = openTelemetryOptions("options", options);
  return {
    ...metricHooks(meterProvider.getMeter(SCOPE), projectId),
    around: spanHook(tracerProvider.getTracer(SCOPE)),
  };
}

function requireMeterProvider(field: string, value: unknown): MeterProvider {
  if (isMeterProvider(field, value)) return value;
  throw invalidInput(field, value, "a MeterProvider of OpenTelemetry");
}

function isMeterProvider(field: string, value: unknown): value is MeterProvider {
  return hasMethod(field, value, "getMeter");
}

function requireTracerProvider(field: string, value: unknown): TracerProvider {
  if (isTracerProvider(field, value)) return value;
  throw invalidInput(field, value, "a TracerProvider of OpenTelemetry");
}

function isTracerProvider(field: string, value: unknown): value is TracerProvider {
  return hasMethod(field, value, "getTracer");
}

function hasMethod(field: string, value: unknown, name: string): boolean {
  const isObject = typeof value === "object" && value !== null;
  return isObject && typeof readMember(`${field}.${name}`, value, name) === "function";
}
