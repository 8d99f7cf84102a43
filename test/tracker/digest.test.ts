import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, type GroupingStrategy } from "../../src/index.ts";
import { failureOf, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("digesting on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  test("numbers issues per project, from 1, and never uses a number again", async () => {
    await story.tracker.projects.save({ id: "blog" });
    const batch = await story.tracker.digest([
      { projectId: "shop", type: "A" },
      { projectId: "blog", type: "A" },
      { projectId: "shop", type: "B" },
      { projectId: "shop", type: "A" },
    ]);
    expect(batch.map((each) => each.kind === "digested" && each.issue.friendlyId)).toEqual([
      "SHOP-1",
      "BLOG-1",
      "SHOP-2",
      "SHOP-1",
    ]);
    const second = batch[2];
    if (second?.kind !== "digested") throw new Error("not digested");
    await story.tracker.issues.delete(second.issue.id);
    expect((await story.event({ type: "B" })).issue.friendlyId).toBe("SHOP-3");
  });

  test("an issue's title, transaction and latest event follow its newest event", async () => {
    const first = await story.event({ fingerprint: ["g"], type: "E", value: "one", transaction: "GET /1" });
    story.clock.advanceBy(MINUTE);
    const second = await story.event({ fingerprint: ["g"], type: "E", value: "two", transaction: "GET /2" });
    const late = await story.event({ fingerprint: ["g"], type: "E", value: "late", receivedAt: START - MINUTE });
    expect(first.issue.title).toBe("E: one");
    expect(late.issue).toMatchObject({
      title: "E: two",
      transaction: "GET /2",
      latestEventId: second.eventId,
      firstSeenAt: START - MINUTE,
      lastSeenAt: START + MINUTE,
      eventCount: 3,
    });
  });

  test("an event without an id gets one, without a time the clock's, and keeps its data", async () => {
    const data = { stack: ["a", 1, null, { __proto__: "x" }], text: "NUL \0 and half \ud800" };
    const { eventId } = await story.event({ data });
    expect(await story.tracker.events.get("shop", eventId)).toMatchObject({
      id: eventId,
      receivedAt: START,
      occurredAt: null,
      release: "",
      kept: true,
      data,
    });
    expect(await story.tracker.events.get("shop", "none")).toBeUndefined();
  });

  test("a time of -0 is 0, as stores cannot tell them apart", async () => {
    const { issue } = await story.event({ receivedAt: -0, occurredAt: -0 });
    expect([issue.firstSeenAt, issue.lastSeenAt]).toEqual([0, 0]);
  });

  test("the shared state of open issues is frozen: changing one issue cannot change another", async () => {
    const { issue } = await story.event({ type: "A" });
    expect(Reflect.set(issue.state, "status", "muted")).toBe(false);
    expect((await story.event({ type: "B" })).issue.state).toEqual({ status: "open" });
  });

  test("an empty batch has no outcomes", async () => {
    expect(await story.tracker.digest([])).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["no project", { projectId: undefined }, "events[1].projectId"],
    ["an empty id", { id: "" }, "events[1].id"],
    ["an id that is too long", { id: "x".repeat(201) }, "events[1].id"],
    ["a release that is too long", { release: "x".repeat(251) }, "events[1].release"],
    ["a type that is no string", { type: 5 }, "events[1].type"],
    ["a text for an instant", { receivedAt: "2026-11-23" }, "events[1].receivedAt"],
    ["an invalid date", { receivedAt: new Date(Number.NaN) }, "events[1].receivedAt"],
    ["a misspelt member", { recievedAt: 5 }, "events[1]"],
    ["seconds with a fraction", { occurredAt: 1.5 }, "events[1].occurredAt"],
    ["a fingerprint that is a string", { fingerprint: "abc" }, "events[1].fingerprint"],
    [
      "a fingerprint of too many parts",
      { fingerprint: Array.from({ length: 101 }, () => "x") },
      "events[1].fingerprint",
    ],
    ["a fingerprint with a number", { fingerprint: ["x", 5] }, "events[1].fingerprint[1]"],
    ["data that JSON cannot express", { data: 5n }, "events[1].data"],
    ["data without a JSON form", { data: () => 5 }, "events[1].data"],
    ["a value above the limit", { value: "x".repeat(4_194_305) }, "events[1].value"],
    [
      "a fingerprint that repeats a long value above the limit",
      { value: "x".repeat(4_194_304), fingerprint: Array.from({ length: 5 }, () => "{{ default }}") },
      "events[1].fingerprint",
    ],
    ["null for an absent time", { occurredAt: null }, "events[1].occurredAt"],
    ["null for an absent text", { type: null }, "events[1].type"],
  ])("a batch with %s is refused as a whole, naming the field", async (_what, broken, field) => {
    const batch: unknown[] = [
      { projectId: "shop", type: "good" },
      { projectId: "shop", type: "bad", ...broken },
    ];
    expect(await failureOf(Reflect.apply(story.tracker.digest, undefined, [batch]))).toMatchObject({
      code: "invalid-input",
      field,
    });
    expect((await story.tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
  });

  test("a batch with an unknown project is refused as a whole", async () => {
    const batch = [
      { projectId: "shop", type: "good" },
      { projectId: "nowhere", type: "bad" },
    ];
    expect(await failureOf(story.tracker.digest(batch))).toMatchObject({
      code: "unknown-project",
      message: expect.stringContaining("nowhere"),
      field: "events[1].projectId",
    });
    expect((await story.tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    expect((await story.tracker.releases.list("shop")).items).toEqual([]);
  });

  test("a host's own grouping decides the groups; keys of another version are other groups", async () => {
    const byType: GroupingStrategy = { version: "type/1", group: ({ type }) => ({ key: type, title: `all ${type}` }) };
    const tracker = createIssueTracker({ store: story.store, clock: story.clock, grouping: byType });
    const [one, two] = await tracker.digest([
      { projectId: "shop", type: "E", value: "1" },
      { projectId: "shop", type: "E", value: "2" },
    ]);
    expect([one, two]).toMatchObject([{ created: true, issue: { title: "all E" } }, { created: false }]);
    const later = createIssueTracker({
      store: story.store,
      clock: story.clock,
      grouping: { ...byType, version: "type/2" },
    });
    expect(await later.digest({ projectId: "shop", type: "E" })).toMatchObject({ created: true });
    const broken = createIssueTracker({
      store: story.store,
      grouping: { version: "x", group: () => Reflect.get({}, "nothing") },
    });
    expect(await failureOf(broken.digest({ projectId: "shop", type: "E" }))).toMatchObject({
      code: "invalid-input",
      field: "grouping.group()",
    });
    const withBroken = createIssueTracker({
      store: story.store,
      grouping: { ...byType, replaces: [{ version: "x", group: () => Reflect.get({}, "nothing") }] },
    });
    expect(await failureOf(withBroken.digest({ projectId: "shop", type: "E" }))).toMatchObject({
      code: "invalid-input",
      field: "grouping.replaces[0].group()",
    });
  });

  test("events of concurrent calls are all counted", async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => story.event({ type: index % 2 === 0 ? "even" : "odd" })),
    );
    const { items } = await story.tracker.issues.list({ projectId: "shop" });
    expect(items.map(({ eventCount }) => eventCount)).toEqual([25, 25]);
  });

  test("after close, every call fails with the code closed", async () => {
    const own = await Scenario.begin(await open());
    await own.tracker.close();
    expect(await failureOf(own.tracker.digest({ projectId: "shop", type: "E" }))).toMatchObject({ code: "closed" });
    expect(await failureOf(own.tracker.issues.list({ projectId: "shop" }))).toMatchObject({ code: "closed" });
    await own.tracker.close();
  });
});

/** Enough of a store to be taken for one. */
const STORE = { transaction: (): number => 1, read: (): number => 1, close: (): number => 1 };

describe("createIssueTracker", () => {
  test.each([
    [undefined, "options"],
    [{}, "options.store"],
    [{ store: {} }, "options.store"],
    [{ store: { transaction: STORE.transaction } }, "options.store"],
    [{ store: STORE, sink: (): number => 1 }, "options"],
    [{ store: STORE, clock: null }, "options.clock"],
    [{ store: STORE, alertSink: {} }, "options.alertSink"],
    [{ store: STORE, clock: {} }, "options.clock"],
    [{ store: STORE, grouping: { version: "" } }, "grouping.version"],
    [{ store: STORE, newId: "x" }, "options.newId"],
  ])("refuses %j", (options, field) => {
    expect(() => Reflect.apply(createIssueTracker, undefined, [options])).toThrow(
      expect.objectContaining({ code: "invalid-input", field }),
    );
  });

  test("refuses ids that are no UUIDs, and a clock that returns no instant", async () => {
    const story = await Scenario.begin(createMemoryStore(), { newId: () => "id-1" });
    expect(await failureOf(story.event({ id: "e" }))).toMatchObject({ code: "invalid-input", field: "newId()" });
    const timeless = createIssueTracker({ store: story.store, clock: { now: () => Number.NaN } });
    expect(await failureOf(timeless.digest({ projectId: "shop", type: "E" }))).toMatchObject({
      code: "invalid-input",
      field: "clock.now()",
    });
  });
});
