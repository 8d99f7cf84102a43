import { v7 as uuidv7 } from "uuid";
import { alertOptions, type AlertOptions, type CheckedAlertOptions } from "../alerts/options.ts";
import { reporterToAll } from "../ports/reporter.ts";
import { requireGrouper, type Grouper, type GroupingStrategy } from "../core/grouping.ts";
import { invalidInput, requireBoolean } from "../core/input.ts";
import { DEFAULT_RELEASE_ORDER, requireReleaseOrder, type ReleaseOrder } from "../core/release-order.ts";
import { DEFAULT_SCRUBBER, requireScrubber, type Scrubber, type ScrubOptions } from "../core/scrubbing.ts";
import { callback, object, optional, withDefault, type Shape } from "../core/shape.ts";
import { DEFAULT_GROUPING } from "../core/title-grouping.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { requireClock, systemClock, type Clock } from "../ports/clock.ts";
import { requireErrorReporter } from "../ports/error-reporter.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { TrackerHooks } from "../ports/tracker-hooks.ts";
import { NO_HOOKS, requireHooks } from "./hooks.ts";
import { requireStore } from "../ports/require-store.ts";

/** The options of {@link createIssueTracker}. */
export interface IssueTrackerOptions {
  /** Where the tracker stores its data. */
  readonly store: IssueStore;
  /**
   * Delivers alerts to people. `"elsewhere"`: this tracker only stores them, and another tracker on the store, such as one in a
   * worker process, delivers them. Default: none; then no alerts are raised or stored.
   */
  readonly alertSink?: AlertSink | "elsewhere";
  /**
   * How alerts are raised and delivered, or `"none"` to raise and store none, which `alertSink` contradicts. Without an
   * `alertSink` they have no effect. Default: the defaults of {@link AlertOptions}.
   */
  readonly alerts?: AlertOptions | "none";
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /**
   * How events are grouped into issues. Default: {@link DEFAULT_GROUPING}, which takes over the issues of
   * `titleGrouping`, the default of version 0.1.
   */
  readonly grouping?: GroupingStrategy;
  /**
   * How releases are read and ordered. Default: {@link DEFAULT_RELEASE_ORDER}. After a change of its version the releases of a
   * project are placed anew by its next digest or command: deploy it to all processes at once.
   */
  readonly releaseOrder?: ReleaseOrder;
  /**
   * Whether calls of `digest` share transactions: those that are made while a transaction is running are digested together by the
   * next one, up to 250 events. Each call has the result that it would have alone; several times as many events are digested in the same
   * time. Calls that share a transaction share its time, that of the last of them, at most 100 ms later. Has no effect on
   * `withTransaction`. Default: `true`.
   */
  readonly gatherDigests?: boolean;
  /**
   * Whether events are cleaned of secrets before anything of them is stored or grouped: passwords, tokens, cookies, authorization headers
   * and the numbers of cards become `[filtered]`. `false`: they are not. {@link ScrubOptions}: more is cleaned. Default: `true`.
   */
  readonly scrub?: boolean | ScrubOptions;
  /**
   * Functions to call at and after operations and commits, for metrics, traces, and what you do after a commit: one object, or several as
   * an array. Default: none. The page `docs/observability.md` says more.
   */
  readonly hooks?: TrackerHooks | readonly TrackerHooks[];
  /** Creates ids of issues, alerts and events: lower-case UUIDs, preferably ordered by time. Default: version 7. */
  readonly newId?: () => string;
  /**
   * Receives errors that no caller waits for. Default: writes them to the console. They are:
   *
   * - a failing `alertSink`: the first delivery that fails, or fails after one that succeeded, and each notification that is
   *   dead, as a {@link DeliveryError} with the sink's error as its `cause`;
   * - alerts that could not be read from the store, or results of deliveries that could not be written; those alerts stay due;
   * - alerts that are lost, because the store has no outbox;
   * - what `alerts.onDelivery` or one of `hooks` throws; and, in a batch of events, issues that cannot be read;
   * - what fails in the background after `start`.
   */
  readonly onError?: (error: unknown) => void;
}

const trackerOptions = object(
  {
    store: requireStore,
    alertSink: optional(requireAlertSink),
    alerts: requireAlerts,
    clock: withDefault(requireClock, systemClock),
    grouping: withDefault(requireGrouping, requireGrouper("grouping", DEFAULT_GROUPING)),
    releaseOrder: withDefault(requireOrder, DEFAULT_RELEASE_ORDER),
    gatherDigests: withDefault(requireBoolean, true),
    scrub: withDefault<Scrubber | undefined>(requireScrubber, DEFAULT_SCRUBBER),
    hooks: withDefault(requireHooks, NO_HOOKS),
    newId: withDefault(callback<() => string>(), uuidv7),
    onError: requireErrorReporter,
  } satisfies Record<keyof IssueTrackerOptions, Shape<unknown>>,
  "{ store: createMemoryStore() }",
);

/** The value of `alertSink` for a tracker whose alerts another one delivers. */
const ELSEWHERE = "elsewhere";

/** The value of `alerts` for a tracker that raises none. */
const NO_ALERTS = "none";

/** Checks {@link IssueTrackerOptions} and fills in the defaults. */
export function parseTrackerOptions(options: unknown) {
  const { alertSink, alerts, ...others } = trackerOptions("options", options);
  if (alerts === NO_ALERTS && alertSink !== undefined) {
    throw invalidInput("options.alerts", alerts, "alert options, or no alertSink: with one, alerts are raised");
  }
  const { onError } = others;
  const checkedAlerts = alerts === NO_ALERTS ? alertOptions("options.alerts", undefined) : alerts;
  const listeners = [checkedAlerts.onDelivery ?? [], ...others.hooks.delivered].flat();
  return {
    ...others,
    /** Delivers alerts; `undefined` for a tracker that raises none, or whose alerts another one delivers. */
    sink: alertSink === ELSEWHERE ? undefined : alertSink,
    raisesAlerts: alertSink !== undefined,
    alerts: { ...checkedAlerts, onDelivery: reporterToAll(listeners, onError) },
  };
}

function requireAlerts(field: string, value: unknown): CheckedAlertOptions | typeof NO_ALERTS {
  if (value === NO_ALERTS) return NO_ALERTS;
  if (typeof value === "string") throw invalidInput(field, value, `"${NO_ALERTS}", or an object with alert options`);
  return alertOptions(field, value);
}

function requireAlertSink(field: string, value: unknown): AlertSink | typeof ELSEWHERE {
  if (value === ELSEWHERE) return ELSEWHERE;
  if (isAlertSink(value)) return value;
  throw invalidInput(field, value, `a function, or "${ELSEWHERE}" if another tracker delivers the alerts`);
}

function isAlertSink(value: unknown): value is AlertSink {
  return typeof value === "function";
}

function requireGrouping(_field: string, value: unknown): Grouper {
  return requireGrouper("grouping", value);
}

function requireOrder(field: string, value: unknown): ReleaseOrder {
  requireReleaseOrder(field, value);
  return value;
}
