import { v7 as uuidv7 } from "uuid";
import { alertOptions, type AlertOptions } from "../alerts/options.ts";
import { requireGroupingStrategy, titleGrouping, type GroupingStrategy } from "../core/grouping.ts";
import { invalidInput, readMember, requireObject } from "../core/input.ts";
import { callback, object, optional, withDefault, type Shape } from "../core/shape.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { systemClock, type Clock } from "../ports/clock.ts";
import type { IssueStore } from "../ports/issue-store.ts";

/** The options of {@link createIssueTracker}. */
export interface IssueTrackerOptions {
  /** Where the tracker stores its data. */
  readonly store: IssueStore;
  /** Delivers alerts to people. Default: none; alerts are stored, for another process to deliver. */
  readonly alertSink?: AlertSink;
  /** How alerts are raised and delivered. Default: the defaults of {@link AlertOptions}. */
  readonly alerts?: AlertOptions;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** How events are grouped into issues. Default: {@link titleGrouping}. */
  readonly grouping?: GroupingStrategy;
  /** Creates ids of issues, alerts and events: lower-case UUIDs, preferably ordered by time. Default: version 7. */
  readonly newId?: () => string;
  /**
   * Receives errors that no caller waits for: when alerts could not be read from the store, or the result of a delivery could
   * not be written, after the digest had returned. Those alerts stay due. Default: writes them to the console.
   */
  readonly onError?: (error: unknown) => void;
}

const trackerOptions = object(
  {
    store: requireStore,
    alertSink: optional(callback<AlertSink>()),
    alerts: alertOptions,
    clock: withDefault(requireClock, systemClock),
    grouping: withDefault(requireGrouping, titleGrouping),
    newId: withDefault(callback<() => string>(), uuidv7),
    onError: withDefault(callback<(error: unknown) => unknown>(), reportToConsole),
  } satisfies Record<keyof IssueTrackerOptions, Shape<unknown>>,
  "{ store: createMemoryStore() }",
);

/** Checks {@link IssueTrackerOptions} and fills in the defaults. */
export function parseTrackerOptions(options: unknown) {
  const { onError, ...others } = trackerOptions("options", options);
  return { ...others, onError: reporter(onError) };
}

function requireStore(field: string, value: unknown): IssueStore {
  const allowed = "an IssueStore, such as createMemoryStore()";
  const store = requireObject(field, value, allowed);
  if (!isStore(field, store)) throw invalidInput(field, value, allowed);
  return store;
}

function isStore(field: string, value: object): value is IssueStore {
  return ["transaction", "read", "close"].every(
    (name) => typeof readMember(`${field}.${name}`, value, name) === "function",
  );
}

function requireClock(field: string, value: unknown): Clock {
  const allowed = "an object with a method now(), and optionally setTimer()";
  const clock = requireObject(field, value, allowed);
  if (!isClock(field, clock)) throw invalidInput(field, value, allowed);
  return clock;
}

function isClock(field: string, value: object): value is Clock {
  const [now, setTimer] = ["now", "setTimer"].map((name) => readMember(`${field}.${name}`, value, name));
  return typeof now === "function" && (setTimer === undefined || typeof setTimer === "function");
}

function requireGrouping(_field: string, value: unknown): GroupingStrategy {
  requireGroupingStrategy(value);
  return value;
}

/** Reports errors by the host's function. If that fails, at once or later, its own error goes to the console. */
function reporter(onError: (error: unknown) => unknown): (error: unknown) => void {
  return (error) => {
    try {
      Promise.resolve(onError(error)).catch(reportToConsole);
    } catch (failure) {
      reportToConsole(failure);
      reportToConsole(error);
    }
  };
}

function reportToConsole(error: unknown): void {
  console.error("issue-lifecycle: an error while delivering alerts; those that were not delivered stay due.", error);
}
