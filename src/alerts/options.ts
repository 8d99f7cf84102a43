import type { Alert } from "../core/alert.ts";
import { requireBoolean } from "../core/input.ts";
import { callback, integer, nullable, object, optional, withDefault, type Shape } from "../core/shape.ts";
import type { DeliveryReport } from "../ports/delivery-report.ts";
import { alertLimits, DEFAULT_LIMITS, type AlertLimits } from "./limits.ts";
import type { RetryPolicy } from "./retry.ts";

/** How a tracker raises and delivers alerts. Durations are in milliseconds. */
export interface AlertOptions {
  /** The most notifications that are delivered at the same time, 1 to 100. Default 4. */
  readonly concurrency?: number;
  /**
   * How long an attempt may take, 1 second to 1 day. During that time no other dispatcher delivers the alert; afterwards the
   * sink's signal is aborted and the attempt has failed. The time includes the transaction that claims the alert. Default 1
   * minute.
   */
  readonly leaseMs?: number;
  /** How often a started dispatcher looks for alerts that other trackers raised or left behind, 10 ms to 1 day. Default 10 seconds. */
  readonly pollMs?: number;
  /** After how many failed attempts an alert is dead, 1 to 1,000. Default 48: about 30 hours with the default backoff. */
  readonly maxAttempts?: number;
  /** The longest pause after the first failed attempt, 1 ms to 1 day. It doubles with each attempt. Default 10 seconds. */
  readonly backoffMs?: number;
  /** The longest pause after any attempt, from `backoffMs` to 30 days. Default 1 hour, or `backoffMs` if that is longer. */
  readonly maxBackoffMs?: number;
  /**
   * Whether the alerts of one issue are delivered one by one, in the order in which they were raised: each after the earlier
   * ones were delivered, died or were discarded. Otherwise those that are due at the same time are delivered as one
   * notification. Default `false`.
   */
  readonly inOrder?: boolean;
  /**
   * The most notifications in a period, or `null` for no limits. Alerts above a limit are throttled: one alert at the end of
   * the period sums them up. Default: 10 per issue and 100 per project in an hour. The numbers may be 1 to 1,000,000, the
   * period 1 second to 366 days.
   */
  readonly limits?: Partial<AlertLimits> | null;
  /**
   * Events that were received longer ago than this raise no alerts, such as those of a replay; up to 10 years, or `null` for
   * no limit. They still change issues and histories. Default 1 day.
   */
  readonly quietAfterMs?: number | null;
  /**
   * An alert that is older than this when it is claimed is discarded with that reason instead of delivered, such as after a long
   * outage: 1 second to 10 years, or `null` for no limit. It stays in the outbox, and is delivered if it is redriven. Default 7
   * days; no limit if `quietAfterMs` is longer than that, because alerts of old events are wanted then.
   */
  readonly maxAgeMs?: number | null;
  /**
   * Returns the URL of the page that shows what an alert is about (`http:` or `https:`, at most 2,000 characters), or nothing.
   * If it fails, the alert is delivered without a link, and `onDelivery` receives a `link-failed` report. Default: no links.
   *
   * @example
   * ```ts
   * import type { AlertOptions } from "issue-lifecycle";
   *
   * const alerts: AlertOptions = {
   *   linkTo: ({ project, issue }) => `https://ops.example.com/${project.slug}/${issue?.friendlyId ?? ""}`,
   * };
   * ```
   */
  readonly linkTo?: (alert: Alert) => string | null | undefined;
  /** Is called after every delivery, for metrics and logs. Errors that it throws go to the tracker's `onError`. */
  readonly onDelivery?: (report: DeliveryReport) => void;
  /** A random number from 0 to 1, for the jitter of pauses; any other result counts as 0. Default: `Math.random`. */
  readonly random?: () => number;
}

/** {@link AlertOptions}, checked and complete. */
export interface CheckedAlertOptions extends RetryPolicy {
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly inOrder: boolean;
  readonly limits: AlertLimits | null;
  readonly quietAfterMs: number | null;
  readonly linkTo: ((alert: Alert) => unknown) | undefined;
  readonly onDelivery: ((report: DeliveryReport) => unknown) | undefined;
  readonly random: () => number;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** The default of {@link AlertOptions.maxAgeMs}. */
const MAX_AGE_MS = 7 * DAY;

/** The longest lease, in milliseconds. */
export const MAX_LEASE_MS = DAY;

const members = object({
  concurrency: withDefault(integer(1, 100), 4),
  leaseMs: withDefault(integer(SECOND, MAX_LEASE_MS), 60 * SECOND),
  pollMs: withDefault(integer(10, DAY), 10 * SECOND),
  maxAttempts: withDefault(integer(1, 1_000), 48),
  backoffMs: withDefault(integer(1, DAY), 10 * SECOND),
  maxBackoffMs: optional(integer(1, 30 * DAY)),
  inOrder: withDefault(requireBoolean, false),
  limits: withDefault(nullable(alertLimits), DEFAULT_LIMITS),
  quietAfterMs: withDefault(nullable(integer(0, 3_653 * DAY)), DAY),
  maxAgeMs: optional(nullable(integer(SECOND, 3_653 * DAY))),
  linkTo: optional(callback<(alert: Alert) => unknown>()),
  onDelivery: optional(callback<(report: DeliveryReport) => unknown>()),
  random: withDefault(callback<() => number>(), Math.random),
} satisfies Record<keyof AlertOptions, Shape<unknown>>);

/** Checks {@link AlertOptions} and fills in the defaults. */
export function alertOptions(field: string, value: unknown): CheckedAlertOptions {
  const checked = members(field, value === undefined ? {} : value);
  const { backoffMs, maxBackoffMs = Math.max(HOUR, backoffMs), quietAfterMs } = checked;
  const { maxAgeMs = quietAfterMs === null || quietAfterMs > MAX_AGE_MS ? null : MAX_AGE_MS } = checked;
  return { ...checked, maxBackoffMs: integer(backoffMs, 30 * DAY)(`${field}.maxBackoffMs`, maxBackoffMs), maxAgeMs };
}
