import { describe, expect, test } from "vitest";
import type { ResolveRequest } from "../../src/index.ts";
import { countingStore, StoreCalls } from "../support/counting-store.ts";
import { rounds } from "../support/effort.ts";
import { MINUTE, Scenario } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** How many releases there are: in the quick run fewer on stores that take longer to fill. */
const SIZES = [1, 100, 10_000];
const QUICK_SIZES = [1, 100, 1_000];

/** What the store is asked for events of an issue with a mark in each of so many releases. */
async function callsWith(size: number, story: Scenario, calls: StoreCalls): Promise<Record<string, string[]>> {
  const { tracker, clock } = story;
  const events = Array.from({ length: size }, (_, index) => ({
    projectId: "shop",
    type: "E",
    release: `1.${String(index)}.0`,
  }));
  const last = `1.${String(size - 1)}.0`;
  for (let from = 0; from < size; from += 1_000) await tracker.digest(events.slice(from, from + 1_000));
  const { issue } = await story.event({ release: "web@1.0.0" });
  const resolve = (how: ResolveRequest): Promise<unknown> => tracker.issues.resolve(issue.id, how);
  clock.advanceBy(MINUTE);
  await resolve({ in: { release: last } });
  await resolve({ in: { release: "web@1.0.0" } });
  clock.advanceBy(MINUTE);
  const asked: Record<string, string[]> = {};
  const ask = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await tracker.settled();
    calls.take();
    await work();
    asked[what] = calls.take();
  };
  await ask("an event of a known release", () => story.event({ release: last }));
  await resolve({ in: { release: last } });
  await ask("an event of a new release", () => story.event({ release: "2.0.0" }));
  await resolve({ in: { release: "web@1.0.0" } });
  await resolve({ in: { release: "2.0.0" } });
  await ask("an event without a release", () => story.event());
  await resolve({ in: "next-release" });
  await ask("an event that brings the next release", () => story.event({ release: "3.0.0" }));
  return asked;
}

describe.each(storesForStories())("on $name", ({ name, runs = 1, open }) => {
  test("two look-ups, no walk: an event asks the store for as much with 1 release and mark as with thousands", async () => {
    const asked: Record<string, string[]>[] = [];
    const isLong = name === "memory" || rounds({ quick: 0, full: 1 }) === 1;
    for (const size of isLong ? SIZES : QUICK_SIZES) {
      const calls = new StoreCalls();
      const story = await Scenario.begin(countingStore(await open(), calls));
      asked.push(await callsWith(size, story, calls));
      await story.tracker.close();
    }
    const [first, ...others] = asked;
    for (const each of others) expect(each).toEqual(first);
    expect(Math.max(...Object.values(first ?? {}).map((calls) => calls.length))).toBeLessThanOrEqual(6 * runs);
  });
});
