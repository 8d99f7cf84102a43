import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createIssueTracker,
  DeliveryError,
  PermanentDeliveryError,
  type Alert,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { OUTBOX_STATUSES, outboxPositionOf } from "../../src/ports/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { NaiveOutbox, POLICY, type Behaviour } from "../support/naive-outbox.ts";
import { START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** A step in the life of an outbox. */
type Step =
  | { readonly kind: "raise"; readonly issue: number }
  | { readonly kind: "drain"; readonly by: 0 | 1; readonly behaviour: Behaviour }
  | { readonly kind: "crash" }
  | { readonly kind: "advance"; readonly durationMs: number }
  | { readonly kind: "redrive" }
  | { readonly kind: "discard"; readonly place: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("raise"), issue: fc.integer({ min: 0, max: 2 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("drain"),
      by: fc.constantFrom(0, 1),
      behaviour: fc.constantFrom("takes", "throws", "throws", "refuses for good", "asks for an hour"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("crash") }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("advance"),
      durationMs: fc.constantFrom(1, 9_999, 20_000, 30_000, 30_000, 3_600_000, 7_200_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("redrive") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("discard"), place: fc.nat({ max: 5 }) }) },
);

/** The real outbox and the model. */
class Outboxes {
  readonly naive = new NaiveOutbox();
  readonly delivered: string[] = [];
  readonly #store: IssueStore;
  readonly #clock: VirtualClock = createVirtualClock(START);
  readonly #raising: IssueTracker;
  readonly #delivering: readonly IssueTracker[];
  #behaviour: Behaviour = "takes";

  constructor(store: IssueStore) {
    this.#store = store;
    this.#raising = createIssueTracker({ store, clock: this.#clock, alertSink: "elsewhere" });
    const alerts = { ...POLICY, limits: null, quietAfterMs: null, random: () => 0, concurrency: 2 };
    const alertSink = (alert: Alert): void => {
      this.#take(alert);
    };
    this.#delivering = [0, 1].map(() =>
      createIssueTracker({ store, clock: this.#clock, alertSink, alerts, onError: () => undefined }),
    );
  }

  async begin(): Promise<void> {
    await this.#raising.projects.save({ id: "shop" });
  }

  async take(step: Step): Promise<void> {
    const now = this.#clock.now();
    switch (step.kind) {
      case "raise":
        return this.#raise(step.issue);
      case "drain":
        this.#behaviour = step.behaviour;
        this.naive.drain(now, step.behaviour);
        await this.#delivering[step.by]?.alerts.drain();
        return;
      case "crash":
        this.naive.crash(now);
        await this.#crash();
        return;
      case "advance":
        this.#clock.advanceBy(step.durationMs);
        return;
      case "redrive":
        this.naive.redriveDead(now);
        await this.#raising.alerts.redrive("dead");
        return;
      case "discard": {
        const { id } = this.naive.alerts[step.place] ?? {};
        if (id === undefined) return;
        this.naive.discard(id, now);
        await this.#raising.alerts.discard([id], { reason: "noise" });
      }
    }
  }

  /** The entries of the outbox, in the form of the model. */
  async entries(): Promise<unknown[]> {
    const pages = await Promise.all(
      OUTBOX_STATUSES.map(async (status) => (await this.#raising.alerts.list({ status, limit: 1_000 })).items),
    );
    return pages
      .flat()
      .map(({ alert, state, attempts }) => ({
        ...outboxPositionOf({ alert, state }),
        turningPoint: alert.turningPoint,
        status: state.status,
        attempts,
      }))
      .sort(byId);
  }

  async #raise(issue: number): Promise<void> {
    const type = `T${String(issue)}`;
    const before = await this.#raising.issues.list({ projectId: "shop", search: type });
    for (const { id } of before.items) await this.#raising.issues.resolve(id);
    const outcome = await this.#raising.digest({ projectId: "shop", type });
    if (outcome.kind !== "digested") throw new Error("It is new.");
    const point = outcome.issue.turningPointCount;
    const { items } = await this.#raising.alerts.list({ limit: 1_000 });
    const raised = items.find(({ alert }) => alert.issue?.id === outcome.issue.id && alert.turningPoint === point);
    this.naive.raise(raised?.alert.id ?? "", outcome.issue.id, point, this.#clock.now());
  }

  #take(alert: Alert): void {
    switch (this.#behaviour) {
      case "takes":
        this.delivered.push(...alert.earlier.map(({ id }) => id), alert.id);
        return;
      case "throws":
        throw new Error("down");
      case "refuses for good":
        throw new PermanentDeliveryError("no");
      case "asks for an hour":
        throw new DeliveryError("busy", { retryAfterMs: 3_600_000 });
    }
  }

  async #crash(): Promise<void> {
    const now = this.#clock.now();
    const lease = { token: `dead ${String(now)}`, until: now + POLICY.leaseMs };
    const claim = { lease, now, limit: 1_000, issueIds: null, inOrder: false };
    await this.#store.transaction(async ({ outbox }) => outbox?.claim(claim));
  }
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}

/** How many lives each store's outbox is put through: fewer where a step takes longer. */
const RUNS = new Map([
  ["memory", { quick: 60, full: 300 }],
  ["SQLite", { quick: 15, full: 100 }],
]);

describe.each(storesForStories())("an outbox on $name", ({ name, open }) => {
  test(
    "matches a naive model: each alert is delivered once, or is in the state of the model",
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(STEP, { maxLength: 30, size: "max" }), async (steps) => {
          const store = await open();
          const outboxes = new Outboxes(store);
          await outboxes.begin();
          for (const step of steps) await outboxes.take(step);
          const { alerts, delivered } = outboxes.naive;
          expect(outboxes.delivered.toSorted()).toEqual(delivered.toSorted());
          const left = alerts.filter(({ status }) => status !== "delivered").sort(byId);
          expect(await outboxes.entries()).toEqual(
            left.map(({ id, turningPoint, status, at, attempts }) => ({ id, turningPoint, status, at, attempts })),
          );
          await store.close();
        }),
        { numRuns: rounds(RUNS.get(name) ?? { quick: 8, full: 20 }) },
      );
    },
  );
});
