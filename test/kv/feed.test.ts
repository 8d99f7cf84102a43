import { expect, test } from "vitest";
import { createIssueTracker, type IssueTracker } from "../../src/index.ts";
import { createBatchEngine, createKeyValueStore } from "../../src/kv/index.ts";
import { KEYS } from "../../src/kv/keys.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { MemoryStorage } from "../support/key-value-engines.ts";
import { START } from "../support/scenario.ts";

async function namesIn(tracker: IssueTracker, limit: number): Promise<string[]> {
  const names: string[] = [];
  for (let cursor = "feed:0"; ;) {
    const page = await tracker.feed({ cursor, limit });
    names.push(...page.entries.map(({ friendlyId, turningPoint: { number } }) => `${friendlyId} ${String(number)}`));
    cursor = page.next;
    if (!page.hasMore) return names;
  }
}

test("the feed on keys that an earlier version wrote has their turning points, before later ones of their issues", async () => {
  const storage = new MemoryStorage();
  const open = (): IssueTracker =>
    createIssueTracker({
      store: createKeyValueStore(createBatchEngine(storage)),
      clock: createVirtualClock(START),
      alertSink: "elsewhere",
    });
  const before = open();
  await before.projects.save({ id: "shop" });
  const types = Array.from({ length: 600 }, (_, index) => `T${String(index)}x`);
  await before.digest(types.map((type) => ({ projectId: "shop", type })));
  await before.issues.annotate("SHOP-1", "hm");
  // That version had no keys of the feed, and none of the events of issues.
  const { feed, feedPositions, allWaitingForFeed, feedEnd } = KEYS;
  const own = [feed, feedPositions(new Uint8Array()), allWaitingForFeed, feedEnd].map(([first = 0]) => first);
  const range = { from: Uint8Array.of(), to: Uint8Array.of(0xff), reverse: false, limit: 100_000 };
  storage.write(
    storage.range(range).flatMap(([key]) => (own.includes(key[0] ?? 0) ? [{ key, value: undefined }] : [])),
  );
  storage.write([{ key: KEYS.layout, value: new TextEncoder().encode(JSON.stringify({ version: 1 })) }]);

  const tracker = open();
  await tracker.issues.annotate("SHOP-1", "hm");
  await tracker.issues.annotate("SHOP-600", "hm");
  await tracker.digest({ projectId: "shop", type: "Later" });
  const names = await namesIn(tracker, 100);
  expect(names.toSorted()).toEqual(
    [
      ...Array.from({ length: 601 }, (_, index) => `SHOP-${String(index + 1)} 1`),
      "SHOP-1 2",
      "SHOP-1 3",
      "SHOP-600 2",
    ].sort(),
  );
  expect(names.filter((name) => name.startsWith("SHOP-1 "))).toEqual(["SHOP-1 1", "SHOP-1 2", "SHOP-1 3"]);
  expect(names.filter((name) => name.startsWith("SHOP-600 "))).toEqual(["SHOP-600 1", "SHOP-600 2"]);
  expect(await namesIn(tracker, 999)).toEqual(names);
});
