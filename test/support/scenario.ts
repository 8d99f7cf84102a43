import {
  createIssueTracker,
  DeliveryError,
  type Alert,
  type DigestedEvent,
  type IssueStore,
  type IssueTracker,
  type IssueTrackerOptions,
  type NewEvent,
} from "../../src/index.ts";
import type { TurningPointKind } from "../../src/core/index.ts";
import { createRecordingSink, type RecordingSink } from "../../src/testing/recording-sink.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/virtual-clock.ts";

/** When every scenario begins: a Monday morning. */
export const START = Date.UTC(2026, 10, 23, 9);

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A tracker with a virtual clock, a recording sink and a project "shop". */
export class Scenario {
  readonly tracker: IssueTracker;
  readonly store: IssueStore;
  readonly clock: VirtualClock;
  readonly sink: RecordingSink;

  private constructor(store: IssueStore, options: Partial<IssueTrackerOptions>, startsAt: number) {
    this.store = store;
    this.clock = createVirtualClock(startsAt);
    this.sink = createRecordingSink();
    // Notifications, limits and old events have their own tests; here each alert is delivered by itself.
    const alerts = { random: () => 0, inOrder: true, limits: null, quietAfterMs: null };
    // No timer fires: a delivery in the background may be under way while a test moves the clock by days, and must not time out then.
    const clock = { now: () => this.clock.now(), setTimer: () => () => undefined };
    this.tracker = createIssueTracker({
      store,
      clock,
      alertSink: this.sink.deliver,
      alerts,
      onError: reportUnlessOfSink,
      ...options,
    });
  }

  static async begin(
    store: IssueStore,
    options: Partial<IssueTrackerOptions> = {},
    startsAt = START,
  ): Promise<Scenario> {
    const scenario = new Scenario(store, options, startsAt);
    await scenario.tracker.projects.save({ id: "shop" });
    return scenario;
  }

  /** Digests one event of the group "E", or another, which must not be a duplicate. */
  async event(more: Partial<NewEvent> = {}): Promise<DigestedEvent> {
    const outcome = await this.tracker.digest({ projectId: "shop", type: "E", ...more });
    if (outcome.kind !== "digested") throw new Error(`a duplicate of ${outcome.eventId}`);
    return outcome;
  }

  /** Digests several such events, one by one. */
  async events(count: number, more: Partial<NewEvent> = {}): Promise<DigestedEvent[]> {
    const outcomes: DigestedEvent[] = [];
    for (let index = 0; index < count; index++) outcomes.push(await this.event(more));
    return outcomes;
  }

  /** The kinds of an issue's turning points, oldest first. */
  async history(issueId: string): Promise<TurningPointKind[]> {
    const { items } = await this.tracker.issues.history(issueId, { limit: 1_000 });
    return items.map(({ turn }) => turn.kind).reverse();
  }

  /** An issue's status now. */
  async status(issueId: string): Promise<string | undefined> {
    return (await this.tracker.issues.get(issueId))?.state.status;
  }

  /** Delivers what is due, and returns the alerts delivered since the last call. */
  async alerts(): Promise<Alert[]> {
    await this.tracker.alerts.drain();
    const alerts = [...this.sink.alerts];
    this.sink.clear();
    return alerts;
  }

  /** Their kinds. */
  async alertKinds(): Promise<string[]> {
    return (await this.alerts()).map(({ reason }) => reason.kind);
  }
}

/** Reports errors but for those of a sink: a test whose sink fails wants that. */
function reportUnlessOfSink(error: unknown): void {
  if (!(error instanceof DeliveryError)) console.error(error);
}

/** The error that a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("The promise was fulfilled.");
}
