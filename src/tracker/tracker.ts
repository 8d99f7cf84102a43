import { v7 as uuidv7 } from "uuid";
import { IssueLifecycleError } from "../core/errors.ts";
import { parseEvent, type NewEvent } from "../core/event.ts";
import { requireGroupingStrategy, titleGrouping, type GroupingStrategy } from "../core/grouping.ts";
import { invalidInput, refuseOtherMembers, requireInstant, requireObject, requireUuid } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { systemClock, type Clock } from "../ports/clock.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { checkAlertOptions, type AlertOptions } from "./alerts/alert-options.ts";
import { createAlerts, parseStopOptions, type Alerts, type StopOptions } from "./alerts/alerts.ts";
import { AlertDispatcher } from "./alerts/dispatcher.ts";
import type { Surroundings } from "./changes.ts";
import { digestBatch, type DigestOutcome } from "./digest.ts";
import { createEvents, type Events } from "./events.ts";
import { createIssues, type Issues } from "./issues.ts";
import { createProjects, type Projects } from "./projects.ts";
import { createReleases, type Releases } from "./releases.ts";
import { wakeAll, type TickOutcome } from "./wake-up.ts";

/** What a tracker is made of. */
export interface IssueTrackerOptions {
  /** Where it keeps what it knows. */
  readonly store: IssueStore;
  /** Delivers alerts to people. Default: none; alerts are stored, for another process to deliver. */
  readonly alertSink?: AlertSink;
  /** How alerts are raised and delivered. Default: as {@link AlertOptions} says. */
  readonly alerts?: AlertOptions;
  /** Where it reads the time. Default: the system's clock. */
  readonly clock?: Clock;
  /** How it groups events. Default: {@link titleGrouping}. */
  readonly grouping?: GroupingStrategy;
  /** Makes ids of issues, alerts and events without one: UUIDs in lower case, best in order of time. Default: version 7. */
  readonly newId?: () => string;
  /**
   * Hears of what goes wrong where nobody waits: when alerts could not be read from the store, or what came of them could not be
   * written back, after a digest had been answered. Those alerts stay due. Default: written to the console.
   */
  readonly onError?: (error: unknown) => void;
}

/** A tracker within a host's transaction: whatever it writes is committed or rolled back with it. */
export type TransactionTracker = Pick<IssueTracker, "digest" | "tick" | "projects" | "issues" | "releases" | "events">;

/**
 * The issue lifecycle of an error tracker, over a store.
 *
 * Takes events in, and people's commands; says what issues there are and what has become of them. Any number of trackers,
 * in any number of processes, may share a store. Instants are epoch milliseconds. What goes wrong is an
 * {@link IssueLifecycleError}, with nothing written.
 */
export interface IssueTracker extends AsyncDisposable {
  /**
   * Takes an event in: groups it, counts it, and changes its issue's state where it must. A batch is one transaction,
   * with the same outcome as its events one by one, and costs per issue rather than per event.
   *
   * @returns for each event what came of it, in order
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`, naming the event, with nothing digested; or
   *   what the store failed with
   * @example
   * ```ts
   * import { createIssueTracker } from "issue-lifecycle";
   * import { createMemoryStore } from "issue-lifecycle/memory";
   *
   * const tracker = createIssueTracker({ store: createMemoryStore() });
   * await tracker.projects.save({ id: "shop" });
   * const outcome = await tracker.digest({ projectId: "shop", type: "TypeError", value: "x is undefined" });
   * if (outcome.kind === "digested" && outcome.created) console.log(outcome.issue.friendlyId); // SHOP-1
   * ```
   */
  digest(event: NewEvent): Promise<DigestOutcome>;
  /** Takes a batch of events in, as one transaction: all of them, or none. */
  digest(events: readonly NewEvent[]): Promise<DigestOutcome[]>;
  /** Takes in one event or a batch, whichever it is. */
  digest(events: NewEvent | readonly NewEvent[]): Promise<DigestOutcome | DigestOutcome[]>;
  /**
   * What has to be done from time to time: lifts the mutes that asked to end at a deadline which has passed (other
   * deadlines are noticed by the first event after them), and has alerts delivered that are due, such as those a sink
   * failed on or a process left behind. Call it at the start and then every minute or so, in any process.
   *
   * @param now - the time to go by. Default: the clock's.
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  tick(now?: Instant): Promise<TickOutcome>;
  /**
   * The same tracker within a transaction that the host has begun: what it writes is committed, or rolled back, with the
   * host's own rows. A call that fails leaves nothing behind in the transaction (a bulk command, tick or eviction: nothing of the
   * chunk it failed on), which the host may then end as it likes; only after an error that is `retryable` has the host to
   * begin it again. Alerts are stored with the rest. The sink hears of them after the commit, at
   * the next `alerts.wake()`, `alerts.drain()` or `tick()` of this tracker, with the next alert it raises, or when a started dispatcher next looks.
   *
   * While the transaction is open, use no other handle for work on the same issues: it would wait for the transaction.
   *
   * @param transaction - for a store of `issue-lifecycle/kysely` a `Transaction` of the host's Kysely instance
   * @throws {@link IssueLifecycleError} `invalid-input` when it is none, or the store cannot take part in one
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   * import type { Kysely } from "kysely";
   *
   * interface AppTables {
   *   failures: { id: string; message: string };
   * }
   *
   * async function record(db: Kysely<AppTables>, tracker: IssueTracker, id: string, message: string) {
   *   await db.transaction().execute(async (transaction) => {
   *     await transaction.insertInto("failures").values({ id, message }).execute();
   *     await tracker.withTransaction(transaction).digest({ projectId: "shop", id, type: "Failure", value: message });
   *   });
   *   tracker.alerts.wake();
   * }
   * ```
   */
  withTransaction(transaction: object): TransactionTracker;
  /** Projects. */
  readonly projects: Projects;
  /** Issues: questions and commands. */
  readonly issues: Issues;
  /** Releases. */
  readonly releases: Releases;
  /** Stored events. */
  readonly events: Events;
  /** Alerts. */
  readonly alerts: Alerts;
  /** Waits until the alerts raised so far were delivered or failed. Waits as long as the sink takes. */
  settled(): Promise<void>;
  /**
   * Stops delivering alerts, waits for those under way and for what else is, then closes the store, for whoever uses it:
   * where trackers share one, close the last of them. Alerts that are raised meanwhile, or that the sink did not take in
   * time, stay due, for the next process to deliver. `await using` closes a tracker too.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  close(options?: StopOptions): Promise<void>;
}

/**
 * Makes a tracker.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function createIssueTracker(options: IssueTrackerOptions): IssueTracker {
  const { store, alertSink, alerts, clock, grouping, makeId, onError } = checkOptions(options);
  const newId = (): string => requireUuid("newId()", makeId());
  const now = (): Instant => requireInstant("clock.now()", clock.now());
  const setTimer = clock.setTimer?.bind(clock) ?? systemClock.setTimer;
  const dispatcher =
    alertSink &&
    new AlertDispatcher({ store, sink: alertSink, clock: { now, setTimer }, newId, options: alerts, onError });
  const { quietAfterMs } = alerts;
  const useCases = { now, newId, grouping, quietAfterMs };
  const wake = (): void => dispatcher?.wake();

  async function close(closing: StopOptions = {}): Promise<void> {
    const timeoutMs = parseStopOptions(closing);
    await dispatcher?.close(timeoutMs);
    await store.close();
  }

  return {
    ...trackerOn(store, useCases, wake),
    withTransaction(transaction) {
      const given = requireObject("transaction", transaction);
      if (store.withTransaction === undefined) {
        throw invalidInput("transaction", given, "nothing: this store cannot take part in a host's transaction");
      }
      return trackerOn(store.withTransaction(transaction), useCases, notYet);
    },
    alerts: createAlerts(dispatcher, { store, now }),
    async settled() {
      await dispatcher?.settled();
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** What use-cases are made of besides the store. */
interface UseCaseOptions {
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly grouping: GroupingStrategy;
  readonly quietAfterMs: number | null;
}

/** What is raised in a host's transaction can only be delivered when that has been committed. */
function notYet(): void {
  // Left to the tracker outside of the transaction.
}

/**
 * The use-cases on a store.
 *
 * @param wake - called when alerts were just stored, or may be due
 */
function trackerOn(
  store: IssueStore,
  { now, newId, grouping, quietAfterMs }: UseCaseOptions,
  wake: () => void,
): TransactionTracker {
  function surround(): Surroundings {
    const at = now();
    return { now: at, newId, quietBefore: quietAfterMs === null ? 0 : at - quietAfterMs };
  }

  async function digestAll(events: readonly unknown[], fieldOf: (index: number) => string): Promise<DigestOutcome[]> {
    if (events.length === 0) return [];
    const surroundings = surround();
    const defaults = { receivedAt: surroundings.now, newId, grouping };
    const checked = events.map((event, index) => parseEvent(event, fieldOf(index), defaults));
    const batch = await store.transaction((transaction) =>
      digestBatch(transaction, checked, grouping.version, surroundings),
    );
    if (batch.raisesAlerts) wake();
    return batch.outcomes;
  }

  async function digestOne(event: unknown): Promise<DigestOutcome> {
    const [outcome] = await digestAll([event], () => "event");
    if (outcome === undefined) throw new IssueLifecycleError("corrupt-data", "A batch of one event has no outcome.");
    return outcome;
  }

  function digest(event: NewEvent): Promise<DigestOutcome>;
  function digest(events: readonly NewEvent[]): Promise<DigestOutcome[]>;
  function digest(events: NewEvent | readonly NewEvent[]): Promise<DigestOutcome | DigestOutcome[]>;
  async function digest(given: NewEvent | readonly NewEvent[]): Promise<DigestOutcome | DigestOutcome[]> {
    return Array.isArray(given) ? digestAll(given, (index) => `events[${String(index)}]`) : digestOne(given);
  }

  return {
    digest,
    async tick(at) {
      const surroundings = surround();
      const outcome = await wakeAll(store, requireInstant("now", at ?? surroundings.now), surroundings);
      wake();
      return outcome;
    },
    projects: createProjects(store),
    issues: createIssues(store, now, newId),
    releases: createReleases(store, now, newId),
    events: createEvents(store),
  };
}

const OPTION_NAMES = [
  "store",
  "alertSink",
  "alerts",
  "clock",
  "grouping",
  "newId",
  "onError",
] satisfies (keyof IssueTrackerOptions)[];

/** Checks what a caller without types may have got wrong, and fills in the defaults. */
function checkOptions(options: IssueTrackerOptions) {
  const given = requireObject("options", options);
  refuseOtherMembers("options", given, OPTION_NAMES);
  const store = requireObject("options.store", given["store"]);
  if (["transaction", "read", "close"].some((name) => typeof store[name] !== "function")) {
    throw invalidInput("options.store", store, "an IssueStore");
  }
  for (const name of ["alertSink", "newId", "onError"]) {
    if (given[name] !== undefined && typeof given[name] !== "function") {
      throw invalidInput(`options.${name}`, given[name], "a function");
    }
  }
  const { grouping = titleGrouping, clock = systemClock, newId = uuidv7, onError = reportToConsole } = options;
  requireGroupingStrategy(grouping);
  const { now, setTimer } = requireObject("options.clock", clock);
  if (typeof now !== "function" || (setTimer !== undefined && typeof setTimer !== "function")) {
    throw invalidInput("options.clock", clock, "an object with a method now(), and perhaps one setTimer()");
  }
  const alerts = checkAlertOptions("options.alerts", options.alerts);
  const { alertSink } = options;
  return { store: options.store, alertSink, alerts, grouping, clock, makeId: newId, onError: reporting(onError) };
}

/** Reports errors by a host's function; one that fails, at once or later, is reported to the console with its error. */
function reporting(onError: (error: unknown) => unknown): (error: unknown) => void {
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
  console.error("issue-lifecycle: alerts could not be delivered and stay due.", error);
}
