import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, IssueLifecycleError, type IssueStore } from "../../src/index.ts";
import type { OutboxTransaction } from "../../src/ports/index.ts";
import { Scenario } from "../support/scenario.ts";
import { replacing } from "../testing/mutants/harness.ts";

describe("alerts whose result cannot be stored", () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.begin(createMemoryStore());
    return () => scenario.tracker.close();
  });

  const busy = new IssueLifecycleError("store-busy", "busy", { retryable: true });

  /** A tracker whose store fails on the next settlements. */
  function whileFailing(settlements: number, error: Error = busy) {
    const errors: unknown[] = [];
    const left = { settlements, taken: 0 };
    const store: IssueStore = {
      ...scenario.store,
      transaction: (work) =>
        scenario.store.transaction((transaction) => {
          const { outbox } = transaction;
          if (outbox === undefined) throw new Error("There is an outbox.");
          const settle: OutboxTransaction["settle"] = async (all) => {
            if (left.settlements-- > 0) throw error;
            return outbox.settle(all);
          };
          return work(replacing(transaction, { outbox: replacing(outbox, { settle }) }));
        }),
    };
    const tracker = createIssueTracker({
      store,
      clock: scenario.clock,
      alertSink: () => {
        left.taken++;
      },
      alerts: { leaseMs: 60_000 },
      onError: (error) => errors.push(error),
    });
    return { tracker, errors, left };
  }

  /** Lets time pass, step by step, with all that happens meanwhile. */
  async function passing(steps: number, byMs: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await new Promise((resolve) => setImmediate(resolve));
      scenario.clock.advanceBy(byMs);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  test("are not delivered again: it is stored as soon as the store can, within the lease", async () => {
    const { tracker, errors, left } = whileFailing(3);
    await tracker.digest({ projectId: "shop", type: "E" });
    await passing(8, 500);
    await tracker.settled();
    expect(await tracker.alerts.counts()).toMatchObject({ due: 0, leased: 0, waiting: 0 });
    expect([left.taken, errors]).toEqual([1, []]);
  });

  test("are delivered again when their lease has ended, and the error is reported", async () => {
    const { tracker, errors, left } = whileFailing(1_000);
    await tracker.digest({ projectId: "shop", type: "E" });
    await passing(59, 1_000);
    expect([left.taken, errors]).toEqual([1, []]);
    // The next attempt to store it would come after the end of the lease.
    left.settlements = 0;
    await passing(1, 1_000);
    await tracker.settled();
    expect([left.taken, errors]).toEqual([2, [busy]]);
    expect(await tracker.alerts.counts()).toMatchObject({ due: 0, leased: 0, waiting: 0 });
  });

  test("do not keep a tracker from closing", async () => {
    const { tracker, errors } = whileFailing(1_000);
    await tracker.digest({ projectId: "shop", type: "E" });
    await passing(1, 0);
    await tracker.close({ sinkTimeoutMs: 0 });
    expect(errors).toEqual([busy]);
  });

  test("are not tried again after an error that would come again", async () => {
    const broken = new Error("broken");
    const { tracker, errors, left } = whileFailing(1, broken);
    await tracker.digest({ projectId: "shop", type: "E" });
    await tracker.settled();
    expect([left.taken, errors]).toEqual([1, [broken]]);
  });
});

describe("the results of deliveries", () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.begin(createMemoryStore());
    return () => scenario.tracker.close();
  });

  /** A tracker that delivers four alerts at a time, on a store whose transactions are counted. */
  function delivering(
    around: (outbox: OutboxTransaction, transaction: number) => Partial<OutboxTransaction> = () => ({}),
  ) {
    const taken: string[] = [];
    const seen = { transactions: 0, taken, attempts: new Set<number>() };
    const store: IssueStore = {
      ...scenario.store,
      transaction: (work) => {
        const number = ++seen.transactions;
        return scenario.store.transaction((transaction) => {
          const { outbox } = transaction;
          if (outbox === undefined) throw new Error("There is an outbox.");
          return work(replacing(transaction, { outbox: replacing(outbox, around(outbox, number)) }));
        });
      },
    };
    const tracker = createIssueTracker({
      store,
      clock: scenario.clock,
      alertSink: ({ id }, { number }) => {
        seen.taken.push(id);
        seen.attempts.add(number);
      },
      alerts: { leaseMs: 60_000, concurrency: 4 },
    });
    return { tracker, seen };
  }

  async function raise(count: number): Promise<void> {
    const raising = createIssueTracker({ store: scenario.store, clock: scenario.clock, alertSink: "elsewhere" });
    await raising.digest(
      Array.from({ length: count }, (_, index) => ({ projectId: "shop", type: `E${String(index)}x` })),
    );
  }

  test("are stored together, in the transaction that claims the next alerts", async () => {
    await raise(12);
    const { tracker, seen } = delivering();
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 12 });
    expect(seen.transactions).toBe(4);
  });

  test("are stored alone when that claim fails, and the claim is made again", async () => {
    await raise(6);
    const claim = () => Promise.reject(new Error("broken"));
    const { tracker, seen } = delivering((_, transaction) => (transaction === 2 ? { claim } : {}));
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 6 });
    expect(new Set(seen.taken).size).toBe(seen.taken.length);
    expect(await tracker.alerts.counts()).toMatchObject({ due: 0, leased: 0 });
  });

  test("let the same transaction claim an alert again that was not tried, because its lease had ended", async () => {
    await raise(1);
    const { tracker, seen } = delivering((outbox, transaction) => ({
      claim: async (claim) => {
        const claimed = await outbox.claim(claim);
        if (transaction === 1) scenario.clock.advanceBy(60_000);
        return claimed;
      },
    }));
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1 });
    expect([seen.taken.length, seen.attempts]).toEqual([1, new Set([1])]);
    expect(await tracker.alerts.counts()).toMatchObject({ due: 0, leased: 0 });
  });
});
