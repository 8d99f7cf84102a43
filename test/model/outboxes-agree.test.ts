import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueStore } from "../../src/index.ts";
import {
  OUTBOX_STATUSES,
  type AlertMove,
  type AlertSettlement,
  type OutboxTransaction,
} from "../../src/ports/index.ts";
import { rounds } from "../support/effort.ts";
import { START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** A step that two outboxes take. Alerts are named by their places in the list of all alerts that were raised. */
type Step =
  | { readonly kind: "raise"; readonly issue: number }
  | { readonly kind: "claim"; readonly inOrder: boolean; readonly limit: number; readonly issue: number | null }
  | { readonly kind: "settle"; readonly place: number; readonly outcome: AlertSettlement["outcome"] }
  | { readonly kind: "move"; readonly to: AlertMove["to"]; readonly place: number }
  | { readonly kind: "evict" | "wait" };

const place = fc.nat({ max: 11 });
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("raise"), issue: fc.nat({ max: 1 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("claim"),
      inOrder: fc.constantFrom(true, true, true, false),
      limit: fc.integer({ min: 1, max: 4 }),
      issue: fc.constantFrom(null, null, null, 0, 1),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("settle"),
      place,
      outcome: fc.constantFrom("done", "done", "released", "failed", "dead"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("move"), to: fc.constantFrom("discarded", "pending", "due"), place }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("evict", "wait") }) },
);

/** One of the outboxes, with the alerts that were raised in it. */
class Side {
  readonly #store: IssueStore;
  readonly #raised: string[] = [];
  readonly #leases = new Map<string, { readonly token: string; readonly until: number }>();
  #now = START;
  #claims = 0;

  constructor(store: IssueStore) {
    this.#store = store;
  }

  /** Takes a step. Returns what came of it, with places instead of ids. */
  async take(step: Step): Promise<unknown> {
    this.#now += 10;
    switch (step.kind) {
      case "raise":
        return this.#raise(`T${String(step.issue)}`);
      case "claim":
        return this.#claim(step);
      case "settle":
        return this.#settle(this.#raised[step.place] ?? "", step.outcome);
      case "move":
        return this.#places(await this.#outbox((outbox) => outbox.move(this.#moveOf(step))));
      case "evict":
        return this.#outbox((outbox) => outbox.evict({ endedBefore: this.#now - 50, limit: 2 }));
      case "wait":
        this.#now += 40;
        return undefined;
    }
  }

  /** All alerts, by state, and their numbers. */
  async all(): Promise<unknown> {
    const pages = await Promise.all(
      OUTBOX_STATUSES.map((status) => this.#outbox((outbox) => outbox.page({ status, after: null, limit: 99 }))),
    );
    const counts = await this.#outbox((outbox) => outbox.count(this.#now));
    const entries = pages.map((page) =>
      page.map((entry) =>
        "alert" in entry
          ? [this.#raised.indexOf(entry.alert.id), entry.state, entry.attempts, entry.lastError]
          : entry.id,
      ),
    );
    return { entries, counts };
  }

  async #raise(type: string): Promise<void> {
    const clock = { now: () => START };
    const tracker = createIssueTracker({ store: this.#store, clock, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    const known = await tracker.issues.list({ projectId: "shop", search: type });
    for (const { id } of known.items) await tracker.issues.resolve(id);
    await tracker.digest({ projectId: "shop", type });
    const pending = await this.#outbox((outbox) => outbox.page({ status: "pending", after: null, limit: 99 }));
    for (const entry of pending) {
      if ("alert" in entry && !this.#raised.includes(entry.alert.id)) this.#raised.push(entry.alert.id);
    }
  }

  async #claim({ inOrder, limit, issue }: Extract<Step, { readonly kind: "claim" }>): Promise<unknown> {
    const lease = { token: `claim ${String(++this.#claims)}`, until: this.#now + 60 };
    const known = await this.#store.read((reader) =>
      reader.findIssues({ projectId: "shop", number: (issue ?? 0) + 1 }),
    );
    const issueIds = issue === null ? null : known.map(({ id }) => id);
    const request = { lease, now: this.#now, limit, inOrder, issueIds };
    const claimed = await this.#outbox((outbox) => outbox.claim(request));
    for (const { alert } of claimed) this.#leases.set(alert.id, lease);
    return claimed.map(({ alert, dueAt, attempts }) => [this.#raised.indexOf(alert.id), dueAt, attempts]);
  }

  async #settle(id: string, outcome: AlertSettlement["outcome"]): Promise<unknown> {
    const lease = this.#leases.get(id);
    if (lease === undefined) return undefined;
    const [later, failure] = [this.#now + 30, { error: "it failed", memo: null }];
    const settlements: Record<AlertSettlement["outcome"], AlertSettlement> = {
      done: { id, lease, outcome: "done" },
      released: { id, lease, outcome: "released", dueAt: this.#now },
      failed: { id, lease, outcome: "failed", dueAt: later, ...failure },
      dead: { id, lease, outcome: "dead", diedAt: this.#now, ...failure },
    };
    return this.#places(await this.#outbox((outbox) => outbox.settle([settlements[outcome]])));
  }

  #moveOf({ to, place: named }: Extract<Step, { readonly kind: "move" }>): AlertMove {
    const ids = [this.#raised[named] ?? "", this.#raised[named + 3] ?? ""].filter((id) => id !== "");
    switch (to) {
      case "discarded":
        return { to, ids, at: this.#now, reason: "noise", by: { kind: "system" } };
      case "pending":
        return { to, ids, from: null, dueAt: this.#now + 5 };
      case "due":
        // All of them: which of those that are due at one time come first is not said.
        return { to, dueAfter: this.#now + 20, limit: 99 };
    }
  }

  #places(ids: readonly string[]): number[] {
    return ids.map((id) => this.#raised.indexOf(id)).sort();
  }

  #outbox<Result>(work: (outbox: OutboxTransaction) => Promise<Result>): Promise<Result> {
    return this.#store.transaction(async ({ outbox }) => {
      if (outbox === undefined) throw new Error("The store has no outbox.");
      return work(outbox);
    });
  }
}

describe.each(storesForStories().filter(({ name }) => name !== "memory"))("the outbox on $name", ({ name, open }) => {
  test("does the same as that of the memory store, in order and in none", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { maxLength: 40, size: "max" }), async (steps) => {
        const store = await open();
        const [one, other] = [new Side(store), new Side(createMemoryStore())];
        for (const step of steps) {
          expect([step, await one.take(step)]).toEqual([step, await other.take(step)]);
          expect([step, await one.all()]).toEqual([step, await other.all()]);
        }
        await store.close();
      }),
      { numRuns: rounds(name === "SQLite" ? { quick: 10, full: 150 } : { quick: 4, full: 20 }) },
    );
  });
});
