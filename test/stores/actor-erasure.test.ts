import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { RAW_STORES } from "../support/raw-stores.ts";
import { failureOf, START } from "../support/scenario.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** A user whose id stands nowhere but where they acted. */
const USER = "zqxj-ann";

describe.each(RAW_STORES)("an erased person on $name", ({ open }) => {
  test("is in no column of any table, and all else is as it was", { timeout: 60_000 }, async () => {
    const { store, dump, close } = await open();
    onTestFinished(close);
    const tracker = createIssueTracker({ store, clock: createVirtualClock(START), alertSink: "elsewhere" });
    for (const id of ["shop", "blog"]) {
      await tracker.projects.save({ id });
      const events = Array.from({ length: 300 }, (_, index) => ({ projectId: id, type: `E${String(index)}x` }));
      await tracker.digest(events.map((event) => ({ ...event, release: "1.0.0" })));
      const filter = { projectId: id };
      await tracker.issues.bulk({ filter }, { kind: "resolve" }, { by: USER, comment: "done" });
      await tracker.issues.bulk({ filter }, { kind: "reopen" }, { by: "bob" });
    }
    await tracker.issues.resolve("SHOP-1", { in: "next-release", by: USER });
    await tracker.issues.mute("SHOP-2", { by: USER });
    await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    await tracker.releases.retire({ projectId: "shop", version: "2.0.0", by: USER });
    const { items } = await tracker.alerts.list();
    const ids = items.map(({ alert }) => alert.id);
    await tracker.alerts.discard(ids.slice(0, 3), { reason: "noise", by: USER });
    await tracker.alerts.discard(ids.slice(3, 5), { reason: "noise", by: "bob" });
    const before = await dump();
    const count = before.filter((line) => line.includes(USER)).length;
    expect(await tracker.actors.erase(USER)).toBe(count);
    const after = await dump();
    expect(after.filter((line) => line.includes(USER))).toEqual([]);
    expect(after.filter((line) => line.includes("erased"))).toHaveLength(count);
    const unchanged = (lines: readonly string[]) => lines.filter((line) => !/zqxj-ann|erased/u.test(line));
    expect(unchanged(after)).toEqual(unchanged(before));
    expect((await tracker.issues.history("SHOP-2")).items[0]).toMatchObject({ by: { kind: "user", id: "erased" } });
    expect(await tracker.actors.erase(USER)).toBe(0);
  });
});

describe("the erasure of a person", () => {
  test("refuses what is no id of a user", async () => {
    const tracker = createIssueTracker({ store: createMemoryStore(), alertSink: "elsewhere" });
    expect(await failureOf(tracker.actors.erase(""))).toMatchObject({ code: "invalid-input", field: "id" });
    expect(await tracker.actors.erase("erased")).toBe(0);
  });

  test("stops with `corrupt-data` at a store that would never end it", async () => {
    const inner = createMemoryStore();
    const tracker = createIssueTracker({
      store: {
        ...inner,
        transaction: (work) =>
          inner.transaction((transaction) =>
            work(replacing(transaction, { replaceActor: async () => ({ changed: 1, next: "more" }) })),
          ),
      },
      alertSink: "elsewhere",
    });
    expect(await failureOf(tracker.actors.erase("ann"))).toMatchObject({ code: "corrupt-data" });
  });
});
