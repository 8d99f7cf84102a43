import { createAlerts, stopOptions, type AlertDelivery, type Alerts, type StopOptions } from "../alerts/alerts.ts";
import { reporterToAll } from "../ports/reporter.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { CheckedEvent, NewEvent } from "../core/event.ts";
import type { FeedOptions, FeedPage } from "../core/feed.ts";
import type { Grouper } from "../core/grouping.ts";
import { invalidInput, isArray, requireInstant, requireObject, requireUuid } from "../core/input.ts";
import type { Instant, InstantInput } from "../core/instant.ts";
import { parseEvent, shownOf } from "../core/parse-event.ts";
import type { Project } from "../core/project.ts";
import { rememberPlaces, type ReleaseOrder } from "../core/release-order.ts";
import type { Scrubber } from "../core/scrubbing.ts";
import { arrayOf, type Shape } from "../core/shape.ts";
import type { StoredCounts } from "../core/stored-counts.ts";
import { systemClock } from "../ports/clock.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { eachWithPauses } from "../ports/pause.ts";
import type { OperationContext, RaisedAlerts } from "./changes.ts";
import {
  digestBatch,
  EVENTS_AT_ONCE,
  type DigestedEvent,
  type DigestOutcome,
  type DuplicateEvent,
  type GroupContext,
} from "./digest.ts";
import { MergedGroups } from "./merged-groups.ts";
import { Operations } from "./operations.ts";
import { createActors } from "./actors.ts";
import { reportingCommits } from "./committed-changes.ts";
import type { Shown } from "./event-erasure.ts";
import { readFeed } from "./feed.ts";
import { createEndUsers, createEvents, evictEvents, type Events } from "./events.ts";
import {
  digestAlone,
  digestLargeAlone,
  GatheredDigests,
  type DigestCall,
  type DigestTogether,
  type LargeDigestCall,
} from "./gathered-digests.ts";
import { createIssues, type Issues } from "./issues.ts";
import { createProjects, type Projects } from "./projects.ts";
import { createReleases, type Releases } from "./releases.ts";
import { PendingReleaseWorker } from "./pending-releases.ts";
import { countStats } from "./stats.ts";
import { parseTrackerOptions, type IssueTrackerOptions } from "./tracker-options.ts";
import { inOrder, withPauses } from "./tracker-store.ts";
import { doPeriodically, type TickOutcome } from "./tick.ts";
import { Upkeep } from "./upkeep.ts";

/** A tracker in a host's transaction: what it writes is committed or rolled back with it. */
export type TransactionTracker = Pick<
  IssueTracker,
  "digest" | "tick" | "projects" | "issues" | "releases" | "events" | "users" | "actors" | "stats"
>;

/**
 * The issue lifecycle of an error tracker, on a store.
 *
 * Any number of trackers, in any number of processes, may share a store. Instants are returned as epoch milliseconds, and
 * taken as those or as a `Date`. A call that fails throws an {@link IssueLifecycleError} and writes nothing.
 */
export interface IssueTracker extends AsyncDisposable {
  /**
   * Digests an event: finds or opens its issue, counts it, and changes the issue's state if the event is a regression or ends
   * a mute. A batch is one transaction with the same outcome as its events one by one; it costs per issue rather than per
   * event.
   *
   * An event whose issue cannot be read (its row is damaged) is refused: alone with an error, in a batch with an outcome, while
   * the others are digested; the error then goes to `onError` too. `issues.delete` removes such an issue.
   *
   * @returns the outcome; for a batch one per event, in order
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`, naming the event, with nothing digested;
   *   `corrupt-data` for an event whose issue cannot be read; or the store's error
   * @example
   * ```ts
   * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
   *
   * const tracker = createIssueTracker({ store: createMemoryStore() });
   * await tracker.projects.save({ id: "shop" });
   * const outcome = await tracker.digest({ projectId: "shop", type: "TypeError", value: "x is undefined" });
   * if (outcome.kind === "digested" && outcome.created) console.log(outcome.issue.friendlyId); // SHOP-1
   * ```
   */
  digest(event: NewEvent): Promise<DigestedEvent | DuplicateEvent>;
  /**
   * Digests a batch of events in one transaction: all of them, or none; but for those whose issue cannot be read. One of more than
   * 1,000 events is read in steps, and other work of the process runs between: do not change its events before the call has ended.
   */
  digest(events: readonly NewEvent[]): Promise<DigestOutcome[]>;
  /** Digests one event or a batch. */
  digest(events: NewEvent | readonly NewEvent[]): Promise<DigestedEvent | DuplicateEvent | DigestOutcome[]>;
  /**
   * Periodic maintenance: ends the mutes with `wakeOn: "deadline"` whose deadline has passed (other deadlines take effect at
   * the first event after them), mutes issues again whose mute said so (`again`) once they were quiet, resolves open issues of
   * projects that say so (`autoResolveAfterMs`) once they were quiet, applies releases that a process left pending, and delivers due
   * alerts in the background, such as retries or those that a process left behind.
   * {@link IssueTracker.start} calls it. Without that, call it at the start and then about once a minute, in any process.
   *
   * @param now - the current time. Default: the clock's.
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  tick(now?: InstantInput): Promise<TickOutcome>;
  /**
   * Starts the background work of a long-running process, until {@link IssueTracker.stop}: delivers alerts as they become due, if the tracker has
   * a sink ({@link Alerts.start}), calls {@link IssueTracker.tick} about once a minute, and evicts events. Any number of processes
   * may start: they do not all work at once, because each first tick comes after up to a tenth of a period, and each period is up to
   * a tenth shorter or longer.
   *
   * What fails goes to `onError`, and is tried again a period later; so does, once, each issue that {@link TickOutcome.unreadable} lists.
   * A tick never overlaps another one, nor an eviction another one. Starting twice is starting once, with the options of the second call;
   * one `stop` ends it. Its timers are those of the clock: with the system's, they keep the process alive until `stop`.
   *
   * @param options - durations in milliseconds
   * @returns what `await using` stops
   * @throws {@link IssueLifecycleError} `invalid-input`, or `closed` for a tracker that was closed
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function serve(tracker: IssueTracker, shutdown: Promise<void>) {
   *   await using _work = tracker.start({ evict: { olderThanMs: 90 * 86_400_000 } });
   *   await shutdown;
   * }
   * ```
   */
  start(options?: {
    /** The period of ticks, 1 second to 1 hour. Default 1 minute. */
    readonly tickEveryMs?: number;
    /**
     * Which events {@link Events.evict} removes of every project: those received longer ago than `olderThanMs` (up to 10 years), those before the
     * last `keepPerIssue` of their issue, or both; or a function that returns that for a project, or `null` for none. Default: none.
     */
    readonly evict?:
      | { readonly olderThanMs?: number; readonly keepPerIssue?: number }
      | ((project: Project) => { readonly olderThanMs?: number; readonly keepPerIssue?: number } | null);
    /** The period of evictions, each of which looks at all stored events; 1 minute to 7 days. Default 6 hours. */
    readonly evictEveryMs?: number;
  }): AsyncDisposable;
  /**
   * Ends {@link IssueTracker.start} and {@link Alerts.start}, and waits for what is in flight: a tick, the present step of an eviction, and
   * deliveries. Afterwards the tracker works as before it was started.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  stop(options?: StopOptions): Promise<void>;
  /**
   * This tracker in a transaction that the host has begun: what it writes is committed or rolled back with the host's own
   * rows. A call that fails leaves no writes behind in the transaction (a bulk command, tick or eviction: none of the chunk
   * that failed), and the host may go on with it; only after an error that is `retryable` the host has to begin it again.
   *
   * Alerts are stored in the transaction. Deliver them after the commit by `alerts.wake()` or `alerts.drain()` of this
   * tracker; otherwise its next `tick()`, its next change that raises alerts or a started dispatcher does. A store without an
   * outbox loses alerts that are raised in a host's transaction, and reports them to `onError`.
   *
   * While the transaction is open, do not use another handle for work on the same issues: it waits for the transaction.
   *
   * Await every call before the host ends the transaction. A call that is not complete by then fails with `transaction-ended`
   * and has stored nothing.
   *
   * @param transaction - for a store of `issue-lifecycle/kysely` or `issue-lifecycle/sqlite` a `Transaction` of Kysely, or
   *   what an adapter such as `fromPg(client)` makes of another library's transaction
   * @throws {@link IssueLifecycleError} `invalid-input` if it is not a transaction, or the store cannot join one
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
  readonly projects: Projects;
  readonly issues: Issues;
  readonly releases: Releases;
  readonly events: Events;
  /** The end users of your software, whose ids events carry. */
  readonly users: {
    /**
     * Erases a user of a project with all their stored events, as `events.erase` erases one, and takes them from the users of all issues.
     * Events of theirs that were evicted before stay counted, because nobody knows any more that they were theirs. What they send meanwhile
     * may be missed: block them first, or call it again.
     *
     * Looks at all stored events and all issues of the project, in steps. If the process ends before the last, call it again.
     *
     * @param userId - your id of the user, as in {@link NewEvent.userId}
     * @returns how many events were erased
     * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
     */
    erase(projectId: string, userId: string): Promise<number>;
  };
  /** The people who act on issues: the `by` of commands. */
  readonly actors: {
    /**
     * Erases a person: in all projects the turning points that they caused, and the alerts that they discarded, are by `erased` from
     * then on. Comments stay as they are: they may name anybody. What the person does meanwhile may be missed, so block them first.
     *
     * Looks at all turning points and alerts, in steps, each in a transaction of its own. If the process ends before the last, call it
     * again.
     *
     * @param id - the host's id of the person, as in the `by` of commands
     * @returns how many turning points and alerts were changed
     * @throws {@link IssueLifecycleError} `invalid-input`
     */
    erase(id: string): Promise<number>;
  };
  readonly alerts: Alerts;
  /**
   * Counts what is stored, of all projects: what grows, and whether it has stopped growing. Looks at everything, in steps of about
   * 1,000 entries and a read each. That is no snapshot: what is added or removed meanwhile may be counted or not.
   *
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * export async function report(tracker: IssueTracker): Promise<void> {
   *   const { events, issues, alerts } = await tracker.stats();
   *   console.log(`${String(events)} events, ${String(issues)} issues and ${String(alerts)} alerts are stored.`);
   * }
   * ```
   */
  stats(): Promise<StoredCounts>;
  /**
   * Returns the turning points of all issues, from a cursor on. A reader that goes on from `next`, or from the `cursor` of an entry,
   * never misses one and gets none twice, whatever other processes write meanwhile. Those of an issue come in the order of its history,
   * those of different issues in about the order in which they were committed. Those of issues that were deleted since, or whose project
   * was erased, are not there; those of merged issues come under the issue whose history has them.
   *
   * Each turning point gets its place in the feed after its transaction was committed, by the first call that gets so far. Such a call
   * writes to the store. `page.hasMore` says whether to ask again at once.
   *
   * There is no feed of a tracker in a host's transaction: what is not committed has no place yet.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * export async function printNews(tracker: IssueTracker, cursor: string | undefined): Promise<string> {
   *   const page = await tracker.feed(cursor === undefined ? { from: "end" } : { cursor });
   *   for (const { friendlyId, turningPoint } of page.entries) console.log(friendlyId, turningPoint.turn.kind);
   *   return page.next;
   * }
   * ```
   */
  feed(options?: FeedOptions): Promise<FeedPage>;
  /**
   * Waits until all alerts that were raised so far are delivered or have failed, as long as the sink takes, and until what a call left to
   * the background is done, and a tick or eviction of {@link IssueTracker.start} that is in flight.
   */
  settled(): Promise<void>;
  /**
   * Stops as {@link IssueTracker.stop}, delivers nothing more, waits for in-flight deliveries and transactions, then closes the store for all its users: where
   * trackers share one, close the last of them. Alerts that are raised meanwhile, or not delivered in time, stay due for the
   * next process. `await using` closes a tracker too.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  close(options?: StopOptions): Promise<void>;
}

/**
 * Creates a tracker.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function createIssueTracker(options: IssueTrackerOptions): IssueTracker {
  const checked = parseTrackerOptions(options);
  const { alerts, clock, gatherDigests, hooks, onError } = checked;
  const releaseOrder = rememberPlaces(checked.releaseOrder);
  const reportCommit = reporterToAll(hooks.committed, onError);
  const store = withPauses(reportCommit === undefined ? checked.store : reportingCommits(checked.store, reportCommit));
  const operations = new Operations(hooks, onError, false);
  const sink = checked.sink && operations.sink(checked.sink);
  const newId = (): string => requireUuid("newId()", checked.newId());
  const now = (): Instant => requireInstant("clock.now()", clock.now());
  const setTimer = clock.setTimer?.bind(clock) ?? systemClock.setTimer;
  const delivery = createAlerts({ store, sink, clock: { now, setTimer }, newId, options: alerts, onError });
  const parts = { ...checked, now, newId, releaseOrder, quietAfterMs: alerts.quietAfterMs, merged: new MergedGroups() };

  const wake = (): void => {
    delivery.alerts.wake();
  };
  const { deliver, expectStored } = raisedAlertsTo(delivery, sink !== undefined, onError);
  const worker = new PendingReleaseWorker(store, () => contextOf(parts), onError);
  const after: AfterCommit = { deliver, wake, applyPending: worker.start.bind(worker) };
  const digestTogether = digestingOn(store, parts, after, EVENTS_AT_ONCE);
  const gathered = gatherDigests ? new GatheredDigests(digestTogether, setTimer) : undefined;

  const ordered = gathered === undefined ? store : inOrder(store, gathered);
  const uses = trackerOn(ordered, parts, after, gathered ?? oneByOne(digestTogether), operations);
  const upkeep = new Upkeep({
    store,
    now,
    tick: uses.tick,
    evict: (...given) => operations.run("events.evict", () => evictEvents(...given)),
    setTimer,
    random: alerts.random,
    onError,
  });

  return {
    ...uses,
    ...lifetimeOf({ store, delivers: sink !== undefined, delivery, gathered, worker, upkeep }),
    withTransaction(transaction) {
      const given = requireObject("transaction", transaction);
      if (checked.store.withTransaction === undefined) {
        throw invalidInput("transaction", given, "nothing: this store cannot join a host's transaction");
      }
      const joined = checked.store.withTransaction(transaction);
      const afterWork = { deliver: expectStored, wake: () => undefined, applyPending: () => undefined };
      // The host's transaction may end while a call is at work: then nothing of it may be stored, so it writes once.
      const digestTogether = digestingOn(joined, parts, afterWork, Number.POSITIVE_INFINITY);
      const operations = new Operations(hooks, onError, true);
      return trackerOn(joined, parts, afterWork, oneByOne(digestTogether), operations);
    },
    alerts: operations.group("alerts", delivery.alerts),
    feed: (options = {}) => readFeed(ordered, options),
  };
}

/** What goes on in the background of a tracker. */
interface Background {
  readonly store: IssueStore;
  /** Whether the tracker has a sink. */
  readonly delivers: boolean;
  readonly delivery: AlertDelivery;
  readonly gathered: GatheredDigests | undefined;
  readonly worker: PendingReleaseWorker;
  readonly upkeep: Upkeep;
}

/** The methods of a tracker that begin, wait for and end what goes on in its background. */
function lifetimeOf({ store, delivers, delivery, gathered, worker, upkeep }: Background) {
  async function stop(options: StopOptions = {}): Promise<void> {
    const checked = stopOptions("options", options);
    // Both at once: what is started meanwhile is not stopped by a part of this that comes late.
    await Promise.all([upkeep.stop(), delivery.alerts.stop(checked)]);
  }

  async function close(options: StopOptions = {}): Promise<void> {
    const checked = stopOptions("options", options);
    const upkeepEnds = upkeep.close();
    await delivery.close(checked);
    await gathered?.end();
    await worker.end();
    await upkeepEnds;
    await store.close();
  }

  return {
    start(options: unknown = {}): AsyncDisposable {
      upkeep.start(options);
      if (delivers) delivery.alerts.start();
      return { [Symbol.asyncDispose]: () => stop() };
    },
    stop,
    async settled(): Promise<void> {
      await upkeep.settled();
      await worker.settled();
      await delivery.settled();
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** What becomes of the alerts of a transaction. */
function raisedAlertsTo(delivery: AlertDelivery, hasSink: boolean, onError: (error: unknown) => void) {
  function deliver({ alerts, stored }: RaisedAlerts): void {
    if (alerts.length === 0) return;
    if (stored) delivery.alerts.wake();
    else if (hasSink) delivery.deliverDirectly(alerts);
    else reportLost(alerts, "for another tracker to deliver");
  }

  /** The host commits its transaction later: alerts that are not stored in it cannot be delivered after that. */
  function expectStored({ alerts, stored }: RaisedAlerts): void {
    if (!stored && alerts.length > 0) reportLost(alerts, "in a host's transaction");
  }

  function reportLost(alerts: RaisedAlerts["alerts"], where: string): void {
    const lost = alerts.map(({ subject }) => subject).join(", ");
    const message = `Alerts raised ${where} are lost, because this store has no outbox: ${lost}`;
    onError(new IssueLifecycleError("no-outbox", message));
  }

  return { deliver, expectStored };
}

/** The dependencies of the use cases other than the store. */
interface TrackerParts {
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly grouping: Grouper;
  readonly merged: MergedGroups;
  readonly scrub: Scrubber | undefined;
  readonly releaseOrder: ReleaseOrder;
  readonly quietAfterMs: number | null;
  readonly raisesAlerts: boolean;
  readonly onError: (error: unknown) => void;
}

/** What the use cases leave to the background. */
interface AfterCommit {
  /** Delivers the alerts of a transaction after its commit. */
  readonly deliver: (raised: RaisedAlerts) => void;
  /** Delivers stored alerts that are due. */
  readonly wake: () => void;
  /** Applies the pending releases of projects after the commit of the transaction that made them known. */
  readonly applyPending: (projectIds: readonly string[]) => void;
}

/**
 * Digests calls in a transaction of the store, and leaves to the background what comes after its commit.
 *
 * @param part - how many events are written at once
 */
function digestingOn(
  store: IssueStore,
  { grouping, merged }: TrackerParts,
  { deliver, applyPending }: AfterCommit,
  part: number,
): DigestTogether {
  const groups: GroupContext = { strategy: grouping.version, merged };
  return async (begin) => {
    const { results, raised, withPending } = await store.transaction(async (transaction) => {
      const { calls, context } = await begin();
      return digestBatch(transaction, calls, groups, context, part);
    });
    deliver(raised);
    applyPending(withPending);
    return results;
  };
}

/** How the calls of `digest` come to their transactions. */
interface Digests {
  digest(call: DigestCall): Promise<DigestOutcome[]>;
  digestLarge(call: LargeDigestCall): Promise<DigestOutcome[]>;
}

/** Each call has its own transaction. */
function oneByOne(digestTogether: DigestTogether): Digests {
  return {
    digest: ({ events, context }) => digestAlone(digestTogether, () => ({ calls: [events], context })),
    digestLarge: (call) => digestLargeAlone(digestTogether, call),
  };
}

function contextOf({ now, newId, releaseOrder, quietAfterMs, raisesAlerts }: TrackerParts): OperationContext {
  const at = now();
  return { now: at, newId, releaseOrder, quietBefore: quietAfterMs === null ? 0 : at - quietAfterMs, raisesAlerts };
}

/** Creates the use case of digesting. */
function createDigest(parts: TrackerParts, digests: Digests, operations: Operations): IssueTracker["digest"] {
  const { newId, grouping, scrub, onError } = parts;

  async function digestBatchOf(given: unknown, projectIds?: string[]): Promise<DigestOutcome[]> {
    const context = contextOf(parts);
    const values = arrayOf(unchecked)("events", given);
    const parse = (value: unknown, index: number): CheckedEvent => {
      const event = parseIn(context, `events[${String(index)}]`, value);
      projectIds?.push(event.projectId);
      return event;
    };
    if (values.length === 0) return [];
    if (values.length <= EVENTS_AT_ONCE) return digests.digest({ events: values.map(parse), context });
    let reading: Promise<readonly CheckedEvent[]> | undefined;
    const readAll = async (): Promise<readonly CheckedEvent[]> => {
      const events: CheckedEvent[] = [];
      await eachWithPauses(values, (value) => {
        events.push(parse(value, events.length));
      });
      return events;
    };
    return digests.digestLarge({ read: () => (reading ??= readAll()), context });
  }

  function parseIn({ now }: OperationContext, field: string, value: unknown): CheckedEvent {
    return parseEvent(value, field, { receivedAt: now, newId, grouping, scrubber: scrub });
  }

  /** Reports each unreadable issue of a batch once: a host may not look at the outcomes. */
  function reportRefused(outcomes: readonly DigestOutcome[]): void {
    const refused = outcomes.flatMap((each) => (each.kind === "refused" ? [[each.issueId, each.error] as const] : []));
    for (const error of new Map(refused).values()) onError(error);
  }

  function digest(event: NewEvent): Promise<DigestedEvent | DuplicateEvent>;
  function digest(events: readonly NewEvent[]): Promise<DigestOutcome[]>;
  function digest(events: NewEvent | readonly NewEvent[]): Promise<DigestedEvent | DuplicateEvent | DigestOutcome[]>;
  function digest(events: NewEvent | readonly NewEvent[]): Promise<DigestedEvent | DuplicateEvent | DigestOutcome[]> {
    return operations.digest((projectIds) => digestGiven(events, projectIds));
  }

  async function digestGiven(
    events: NewEvent | readonly NewEvent[],
    projectIds?: string[],
  ): Promise<DigestedEvent | DuplicateEvent | DigestOutcome[]> {
    if (isArray(events)) {
      const outcomes = await digestBatchOf(events, projectIds);
      reportRefused(outcomes);
      return outcomes;
    }
    const context = contextOf(parts);
    const event = parseIn(context, "event", events);
    projectIds?.push(event.projectId);
    const [outcome] = await digests.digest({ events: [event], context });
    if (outcome?.kind === "refused") throw outcome.error;
    if (outcome === undefined) throw new IssueLifecycleError("corrupt-data", "A batch of one event has no outcome.");
    return outcome;
  }

  return digest;
}

/** The use cases on a store. */
function trackerOn(
  store: IssueStore,
  parts: TrackerParts,
  after: AfterCommit,
  digests: Digests,
  operations: Operations,
): TransactionTracker {
  const { grouping } = parts;
  const operationContext = (): OperationContext => contextOf(parts);
  const shown: Shown = (content) => shownOf(content, grouping);

  return {
    digest: createDigest(parts, digests, operations),
    tick: (now) =>
      operations.run("tick", async () => {
        const context = operationContext();
        const at = now === undefined ? context.now : requireInstant("now", now);
        return doPeriodically(store, at, context, after);
      }),
    projects: operations.group("projects", createProjects(store)),
    issues: operations.group("issues", createIssues(store, operationContext)),
    releases: operations.group("releases", createReleases(store, operationContext, after.applyPending)),
    events: operations.group("events", createEvents(store, shown)),
    users: operations.group("users", createEndUsers(store, shown)),
    actors: operations.group("actors", createActors(store)),
    stats: () => countStats(store),
  };
}

/** Any value, to be checked later. */
const unchecked: Shape<unknown> = (_field, value) => value;
