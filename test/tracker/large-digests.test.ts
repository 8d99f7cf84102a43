import { describe, expect, test } from "vitest";
import { createMemoryStore, volumeCondition, type IssueStore, type NewEvent } from "../../src/index.ts";
import { countingStore, StoreCalls } from "../support/counting-store.ts";
import { failureOf, MINUTE, Scenario, START } from "../support/scenario.ts";
import { openEmbedded } from "../support/sqlite-image.ts";

/** So many that they are digested in three parts. */
const EVENTS = 2_500;

/** Events of 60 issues, of releases that come one after the other; each eleventh has the id of the one 1,200 before. */
const events: readonly NewEvent[] = Array.from({ length: EVENTS }, (_, index) => ({
  projectId: "shop",
  id: String(index % 11 === 0 && index > 1_200 ? index - 1_200 : index),
  type: `E${String((index * index) % 60)}`,
  release: `1.${String(Math.floor(index / 400))}.0`,
  receivedAt: START + Math.floor(index / 100) * MINUTE,
}));

/** What the events, digested in any way, have done to issues in all states. */
async function outcomeOf(store: IssueStore, digest: (scenario: Scenario) => Promise<readonly unknown[]>) {
  const scenario = await Scenario.begin(store, { gatherDigests: false });
  const { issues } = scenario.tracker;
  const started = [];
  for (let index = 0; index < 60; index++) {
    started.push(await scenario.event({ id: `first-${String(index)}`, type: `E${String(index)}`, release: "0.9.0" }));
  }
  for (const [index, { issue }] of started.entries()) {
    if (index % 5 === 0) await issues.resolve(issue.id, { in: "next-release" });
    if (index % 5 === 1) await issues.mute(issue.id, { conditions: [volumeCondition(3, "minute")] });
    if (index % 5 === 2) await issues.resolve(issue.id, { in: { release: "1.3.0", announce: true } });
    if (index % 5 === 3) await issues.resolve(issue.id);
  }
  scenario.clock.advanceBy(30 * MINUTE);
  const outcomes = await digest(scenario);
  const { items } = await issues.list({ projectId: "shop", status: ["open", "resolved", "muted"], limit: 100 });
  const histories = await Promise.all(items.map(async ({ id }) => issues.history(id)));
  await scenario.tracker.settled();
  const alerts = scenario.sink.alerts.map(({ subject }) => subject).sort();
  await scenario.tracker.close();
  const text = JSON.stringify({ outcomes, items, histories });
  const named: unknown = JSON.parse(items.reduce((all, { id, friendlyId }) => all.replaceAll(id, friendlyId), text));
  return { named, alerts };
}

describe.each([
  ["memory", async () => createMemoryStore()],
  ["SQLite", openEmbedded],
] as const)("a call of digest with 2,500 events, which is digested in parts, on %s", (_, open) => {
  test("has the outcomes, alerts and data of one by one", async () => {
    const atOnce = await outcomeOf(await open(), ({ tracker }) => tracker.digest(events));
    const oneByOne = await outcomeOf(await open(), async ({ tracker }) => {
      const outcomes: unknown[] = [];
      for (const each of events) outcomes.push(await tracker.digest(each));
      return outcomes;
    });
    expect(atOnce).toEqual(oneByOne);
  });

  test("stores nothing if its last event is of an unknown project", async () => {
    const { tracker } = await Scenario.begin(await open());
    const error = await failureOf(tracker.digest([...events, { projectId: "nowhere", type: "E" }]));
    expect(error).toMatchObject({ code: "unknown-project", field: `events[${String(EVENTS)}].projectId` });
    expect(await tracker.events.get("shop", "0")).toBeUndefined();
    expect((await tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    await tracker.close();
  });

  test("stores nothing if its last event is invalid", async () => {
    const { tracker } = await Scenario.begin(await open());
    const error = await failureOf(tracker.digest([...events, { projectId: "shop", type: "E", count: 0 }]));
    expect(error).toMatchObject({ code: "invalid-input", field: `events[${String(EVENTS)}].count` });
    expect((await tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    await tracker.close();
  });

  test("comes before whatever is called after it, though it is read in steps, and after what was called before", async () => {
    const { tracker } = await Scenario.begin(await open());
    const earlier = tracker.digest({ projectId: "shop", id: "7", type: "Earlier" });
    const array = [...events];
    const large = tracker.digest(array);
    array.length = 0;
    const later = tracker.digest({ projectId: "shop", id: "8", type: "Later" });
    const listed = tracker.issues.list({ projectId: "shop", limit: 100 });
    const closed = tracker.close();
    expect(await earlier).toMatchObject({ kind: "digested" });
    const outcomes = await large;
    expect(outcomes).toHaveLength(EVENTS);
    expect(outcomes[7]).toMatchObject({ kind: "duplicate" });
    expect(outcomes[8]).toMatchObject({ kind: "digested" });
    expect(await later).toMatchObject({ kind: "duplicate" });
    expect((await listed).items.map(({ title }) => title)).not.toContain("Later");
    await closed;
  });

  test("writes each part when it is applied; in a host's transaction, which may end before, all of them at once", async () => {
    const calls = new StoreCalls();
    const counting = countingStore(await open(), calls);
    const store: IssueStore = { ...counting, withTransaction: () => counting };
    const { tracker } = await Scenario.begin(store);
    const writes = (): number => calls.take().filter((call) => call.startsWith("write")).length;
    calls.take();
    await tracker.digest(events.map((each, index) => ({ ...each, id: `part-${String(index)}` })));
    expect(writes()).toBe(3);
    await tracker.withTransaction({}).digest(events);
    expect(writes()).toBe(1);
    await tracker.close();
  });
});
