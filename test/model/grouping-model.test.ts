import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GroupingStrategy, IssueTracker } from "../../src/index.ts";
import { rounds } from "../support/effort.ts";
import { Scenario } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** Three editions of a strategy, each coarser than the one that it replaces. */
const byAll: GroupingStrategy = {
  version: "edition/1",
  group: ({ type, transaction }) => ({ key: type + transaction, title: type }),
};
const byType: GroupingStrategy = {
  version: "edition/2",
  group: ({ type }) => ({ key: type, title: type }),
  replaces: [byAll],
};
const byLetter: GroupingStrategy = {
  version: "edition/3",
  group: ({ type }) => ({ key: type.slice(0, 1), title: type }),
  replaces: [byType],
};
const EDITIONS = [byAll, byType, byLetter];

interface Occurrence {
  readonly type: string;
  readonly transaction: string;
}

type Step =
  | { readonly kind: "digest"; readonly edition: number; readonly events: readonly Occurrence[] }
  | { readonly kind: "delete"; readonly place: number };

/** Rule 20 as it is written: each key of each edition leads to the number of an issue. */
class Model {
  readonly #numbers = new Map<string, number>();
  #last = 0;

  digest(edition: number, { type, transaction }: Occurrence): number {
    const keys = [type + transaction, type, type.slice(0, 1)]
      .slice(0, edition + 1)
      .map((key, index) => `${String(index)} ${key}`)
      .reverse();
    const [own = "", ...former] = keys;
    const known = former.map((key) => this.#numbers.get(key)).find((number) => number !== undefined);
    if (!this.#numbers.has(own)) this.#numbers.set(own, known ?? ++this.#last);
    return known ?? this.#numbers.get(own) ?? 0;
  }

  /** The numbers of the issues that there are. */
  existing(): number[] {
    return [...new Set(this.#numbers.values())];
  }

  delete(number: number): void {
    for (const [key, each] of this.#numbers) if (each === number) this.#numbers.delete(key);
  }
}

const occurrence = fc.record({
  type: fc.constantFrom("A1", "A2", "B1", "B2"),
  transaction: fc.constantFrom("/x", "/y", "/z"),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("digest" as const),
      edition: fc.nat(2),
      events: fc.array(occurrence, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), place: fc.nat(9) }) },
);

async function numbersOf(tracker: IssueTracker, events: readonly Occurrence[]): Promise<number[]> {
  const outcomes = await tracker.digest(events.map((event) => ({ projectId: "shop", ...event })));
  return outcomes.map((outcome) => (outcome.kind === "digested" ? outcome.issue.number : 0));
}

describe.each(storesForStories())("on $name", ({ name, open }) => {
  test("rule 20: random events of three editions of a strategy belong to the issues that a naive model says", async () => {
    const numRuns = name === "memory" ? rounds({ quick: 100, full: 5_000 }) : rounds({ quick: 15, full: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const story = await Scenario.begin(await open(), { alertSink: "elsewhere" });
        const trackers = await Promise.all(
          EDITIONS.map((grouping) => Scenario.begin(story.store, { grouping, alertSink: "elsewhere" })),
        );
        const model = new Model();
        for (const each of steps) {
          if (each.kind === "digest") {
            const { edition, events } = each;
            const tracker = trackers[edition]?.tracker ?? story.tracker;
            expect(await numbersOf(tracker, events)).toEqual(events.map((event) => model.digest(edition, event)));
          } else {
            const existing = model.existing();
            const number = existing[each.place % Math.max(1, existing.length)];
            if (number === undefined) continue;
            await story.tracker.issues.delete(`SHOP-${String(number)}`);
            model.delete(number);
          }
        }
        await story.tracker.close();
      }),
      { numRuns },
    );
  });
});
