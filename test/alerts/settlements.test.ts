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
