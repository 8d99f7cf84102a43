import { describe, expect, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { within } from "../../src/kv/session.ts";
import { createBatchEngine, createKeyValueStore } from "../../src/kv/index.ts";
import { requireIdPart } from "../../src/kv/key-parts.ts";
import { KEYS } from "../../src/kv/keys.ts";
import { jsonBytes } from "../../src/kv/values.ts";
import { createRecordingSink, createVirtualClock } from "../../src/testing/index.ts";
import { checking, MemoryStorage } from "../support/key-value-engines.ts";
import { failureOf, HOUR, START } from "../support/scenario.ts";

const ALL_KEYS = { from: Uint8Array.of(0), to: Uint8Array.of(0xff) };
const PROJECT = 1;

/** A tracker with the issues "A", "B" and "C" of the project "shop", and its stored values. */
async function openWorld() {
  const storage = new MemoryStorage();
  const store = createKeyValueStore(checking(createBatchEngine(storage)));
  const clock = createVirtualClock(START);
  const tracker = createIssueTracker({ store, clock, alertSink: "elsewhere", onError: () => undefined });
  await tracker.projects.save({ id: "shop" });
  for (const type of ["A", "B", "C"]) {
    const event = { projectId: "shop", id: `event ${type}`, type, release: "1.0.0", userId: "ann" };
    await tracker.digest([event, { ...event, id: `other ${type}` }]);
  }
  const id = (await tracker.issues.get("SHOP-2"))?.id ?? "";
  const issue = requireIdPart(id);
  const valuesIn = (prefix: Uint8Array) => storage.range({ ...within(prefix), reverse: false, limit: 1_000 });
  return {
    storage,
    store,
    clock,
    tracker,
    id,
    issue,
    valuesIn,
    countKeys: () => storage.range({ ...ALL_KEYS, reverse: false, limit: 100_000 }).length,
    /** Replaces all values of keys with a prefix. */
    damage: (prefix: Uint8Array, value: Uint8Array) => storage.write(valuesIn(prefix).map(([key]) => ({ key, value }))),
    /** Changes the JSON text of all values of keys with a prefix. */
    rewrite: (prefix: Uint8Array, change: (json: string) => string) =>
      storage.write(
        valuesIn(prefix).map(([key, value]) => {
          const changed = change(new TextDecoder().decode(value));
          return { key, value: new TextEncoder().encode(changed) };
        }),
      ),
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

const GARBAGE = Uint8Array.of(0xff, 0xfe);

/** How an issue's value can be damaged. */
const DAMAGES: readonly (readonly [string, (world: World) => void])[] = [
  ["bytes that are no text", ({ damage, issue }) => damage(KEYS.issue(issue), GARBAGE)],
  ["no bytes at all", ({ damage, issue }) => damage(KEYS.issue(issue), new Uint8Array())],
  ["another value", ({ damage, issue }) => damage(KEYS.issue(issue), jsonBytes(7))],
  [
    "a state of a newer version",
    ({ rewrite, issue }) =>
      rewrite(KEYS.issue(issue), (json) => json.replace('"state":{"status":"open"', '"state":{"status":"snoozed"')),
  ],
  [
    "a place that is not that of its state",
    ({ rewrite, issue }) => rewrite(KEYS.issue(issue), (json) => json.replace('"status":0', '"status":1')),
  ],
  [
    "a count that is none",
    ({ rewrite, issue }) => rewrite(KEYS.issue(issue), (json) => json.replace('"eventCount":2', '"eventCount":-2')),
  ],
];

describe("an issue whose value is damaged", () => {
  test.each(DAMAGES)("is reported by lists, which hold the others, page by page: %s", async (_what, damage) => {
    const world = await openWorld();
    damage(world);
    for (const sort of ["last-seen", "first-seen", "event-count"] as const) {
      for (const direction of ["ascending", "descending"] as const) {
        const titles: string[] = [];
        const unreadable: unknown[] = [];
        let cursor: string | undefined;
        do {
          const options = { projectId: "shop", sort, direction, limit: 1 };
          const page = await world.tracker.issues.list(cursor === undefined ? options : { ...options, cursor });
          titles.push(...page.items.map(({ title }) => title));
          unreadable.push(...page.unreadable);
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        expect(titles.sort()).toEqual(["A", "C"]);
        expect(unreadable).toMatchObject([{ id: world.id, friendlyId: "SHOP-2", error: { code: "corrupt-data" } }]);
      }
    }
  });

  test.each(DAMAGES)("refuses commands and its own events only, and can be deleted: %s", async (_what, damage) => {
    const world = await openWorld();
    const { tracker, id } = world;
    damage(world);
    const corrupt = { code: "corrupt-data", message: expect.stringContaining(id) };
    for (const name of [id, "SHOP-2"]) {
      expect(await failureOf(tracker.issues.get(name))).toMatchObject(corrupt);
      expect(await failureOf(tracker.issues.resolve(name))).toMatchObject(corrupt);
    }
    const outcomes = await tracker.digest(["A", "B", "C"].map((type) => ({ projectId: "shop", type })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["digested", "refused", "digested"]);
    await tracker.issues.delete("SHOP-2");
    expect(await tracker.issues.get(id)).toBeUndefined();
    const { items, unreadable } = await tracker.issues.list({ projectId: "shop" });
    expect([items.map(({ title }) => title).sort(), unreadable]).toEqual([["A", "C"], []]);
    expect((await tracker.alerts.list()).items.map(({ alert }) => alert.issue?.title).sort()).toEqual(["A", "C"]);
    expect(await tracker.digest({ projectId: "shop", type: "B" })).toMatchObject({ created: true });
  });
});

describe("the list of an issue's events", () => {
  const idsOf = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

  test.each([
    ["head", KEYS.events(PROJECT)],
    ["content", KEYS.eventBodies(PROJECT)],
  ])("reports those whose %s is damaged, and holds the others", async (_what, prefix) => {
    const { tracker, valuesIn, storage } = await openWorld();
    const [first] = valuesIn(prefix).filter(([key]) => new TextDecoder().decode(key).includes("event B"));
    if (first === undefined) throw new Error("There is no such event.");
    storage.write([{ key: first[0], value: GARBAGE }]);
    const { items, unreadable } = await tracker.events.list("SHOP-2");
    expect([idsOf(items), idsOf(unreadable)]).toEqual([["other B"], ["event B"]]);
  });

  test("is made for events that an earlier version stored, in steps, by whatever call is the first", async () => {
    const world = await openWorld();
    const { tracker, storage, valuesIn } = world;
    const events = Array.from({ length: 700 }, (_, index) => ({
      projectId: "shop",
      id: `more ${String(index)}`,
      type: "A",
    }));
    await tracker.digest([...events, { projectId: "shop", id: "x".repeat(200), type: "B" }]);
    const asItIs = valuesIn(KEYS.eventsOfIssues(PROJECT));
    const listed = await tracker.events.list("SHOP-1", { limit: 1_000 });
    const becomeFormer = (): void => {
      storage.write(asItIs.map(([key]) => ({ key, value: undefined })));
      storage.write([{ key: KEYS.layout, value: jsonBytes({ version: 1 }) }]);
    };
    const firstCalls = [
      () => tracker.events.list("SHOP-1", { limit: 1_000 }),
      () => tracker.digest({ projectId: "shop", id: "more 1", type: "A" }),
      () => Promise.all([tracker.projects.list(), tracker.events.get("shop", "more 1"), tracker.tick()]),
    ];
    for (const call of firstCalls) {
      becomeFormer();
      await call();
      expect(valuesIn(KEYS.eventsOfIssues(PROJECT))).toEqual(asItIs);
      expect(await tracker.events.list("SHOP-1", { limit: 1_000 })).toEqual(listed);
    }
  });
});

describe("deleting an issue", () => {
  test("leaves nothing of it behind but its events, which go at the next eviction", async () => {
    const world = await openWorld();
    const { tracker, clock } = world;
    const before = world.countKeys();
    const event = { projectId: "shop", type: "D", release: "1.0.0", userId: "bob" };
    const opened = await tracker.digest({ ...event, id: "of D" });
    if (opened.kind !== "digested") throw new Error("It is new.");
    const { id } = opened.issue;
    await tracker.issues.mute(id, { for: { period: "hour", nrOfPeriods: 1 }, wakeOn: "deadline" });
    await tracker.issues.resolve(id, { in: "next-release" });
    await tracker.issues.reopen(id);
    await tracker.issues.resolve(id, { in: { release: "1.0.0" } });
    await tracker.issues.delete(id);
    // The head and the body of the event, and its place in the list of its issue.
    expect(world.countKeys()).toBe(before + 3);
    await tracker.events.evict({ projectId: "shop", receivedBefore: clock.now() - HOUR });
    expect(world.countKeys()).toBe(before);
  });
});

describe("other values that are damaged", () => {
  test("are counted like others", async () => {
    const { tracker, damage } = await openWorld();
    const long = Array.from({ length: 3 }, (_, index) => ({
      projectId: "shop",
      id: "\u20ac".repeat(199) + String(index),
      type: "A",
    }));
    await tracker.digest(long);
    const before = await tracker.stats();
    expect(before).toMatchObject({ issues: 3, users: 3, marks: 3, events: 9, turningPoints: 3, alerts: 3 });
    const { issues, allTurningPoints, allUsers, allMarks, allReleases, allEvents, alertStates } = KEYS;
    for (const prefix of [issues, allTurningPoints, allUsers, allMarks, allReleases, allEvents, alertStates]) {
      damage(prefix, GARBAGE);
    }
    expect(await tracker.stats()).toEqual(before);
  });

  test("cost a history only the turning point", async () => {
    const { tracker, damage, issue } = await openWorld();
    await tracker.issues.annotate("SHOP-2", "hm");
    damage(KEYS.turningPoint(issue, 1), GARBAGE);
    const { items, unreadable } = await tracker.issues.history("SHOP-2");
    expect(items).toMatchObject([{ number: 2 }]);
    expect(unreadable).toMatchObject([{ id: "1", error: { code: "corrupt-data" } }]);
  });

  test("cost the list of releases only the release, and the marks only those for it", async () => {
    const { tracker, damage, rewrite } = await openWorld();
    await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    const lists = async () => {
      const pages = [await tracker.releases.list("shop"), await tracker.issues.releases("SHOP-2")];
      return pages.map(({ items, unreadable }) => [items.map(({ version }) => version), unreadable.length]);
    };
    rewrite(KEYS.releasesByOrder(PROJECT), (json) => json.replace('"name":"1.0.0"', '"name":1'));
    expect(await lists()).toEqual([
      [["2.0.0"], 1],
      [[], 1],
    ]);
    damage(KEYS.releasesByOrder(PROJECT), GARBAGE);
    expect(await lists()).toEqual([
      [[], 2],
      [[], 1],
    ]);
  });

  test("cost a mark only itself", async () => {
    const { tracker, damage, issue } = await openWorld();
    await tracker.digest({ projectId: "shop", type: "B", release: "2.0.0" });
    const [mark] = (await tracker.issues.releases("SHOP-2")).items;
    damage(KEYS.marks(issue), GARBAGE);
    const { items, unreadable } = await tracker.issues.releases("SHOP-2");
    expect([items, unreadable.map(({ id }) => id)]).toEqual([[], [mark?.orderKey, expect.any(String)]]);
    await tracker.issues.delete("SHOP-2");
    expect((await tracker.issues.list({ projectId: "shop" })).items).toHaveLength(2);
  });

  test("cost a project what it is watched for, but not its place in the list of all", async () => {
    const { tracker, store, rewrite } = await openWorld();
    await tracker.projects.save({ id: "blog" });
    rewrite(KEYS.projects, (json) =>
      json.replace('"watch":{"conditions":[]}', '"watch":{"conditions":[{"kind":"weather"}]}'),
    );
    const projects = await store.read((reader) => reader.findProjects({ after: null, limit: 1_000 }));
    expect(projects.map(({ project }) => [project.id, project.watch])).toEqual([
      ["blog", { conditions: [] }],
      ["shop", { conditions: [] }],
    ]);
    expect(await failureOf(tracker.digest({ projectId: "shop", type: "A" }))).toMatchObject({ code: "corrupt-data" });
  });

  test("leave out a project of which nothing can be read, and a slug without its id, from pages that are full nevertheless", async () => {
    const { tracker, rewrite } = await openWorld();
    for (const id of ["a", "b", "c", "d", "e"]) await tracker.projects.save({ id, slug: `slug-${id}` });
    rewrite(KEYS.projects, (json) => json.replace('[["b",{"slug":', '[["b",{"former":'));
    rewrite(KEYS.slugs, (json) => json.replace('["SLUG-D","d"]', '["SLUG-D",7]'));
    const first = await tracker.projects.list({ limit: 3 });
    expect(first.items.map(({ id }) => id)).toEqual(["shop", "a", "c"]);
    const second = await tracker.projects.list({ limit: 3, ...(first.next !== null && { cursor: first.next }) });
    expect(second.items.map(({ id }) => id)).toEqual(["e"]);
    expect(second.next).toBeNull();
  });

  test("cost an issue the days of a user, which their next event repairs", async () => {
    const { tracker, store, damage, valuesIn, issue, id } = await openWorld();
    const [[key] = [new Uint8Array()]] = valuesIn(KEYS.users(issue));
    const user = Buffer.from(key.slice(-16)).toString("hex");
    damage(KEYS.users(issue), GARBAGE);
    const find = () => store.read((reader) => reader.findUsers([{ issueId: id, user }]));
    expect(await find()).toMatchObject([{ lastDay: -1, lastTurn: -1 }]);
    await tracker.digest({ projectId: "shop", type: "B", userId: "ann" });
    expect((await find())[0]?.lastDay).toBeGreaterThan(0);
  });

  test("keep an event from being digested again, and from being evicted", async () => {
    const { tracker, damage, valuesIn } = await openWorld();
    damage(KEYS.events(PROJECT), GARBAGE);
    const count = valuesIn(KEYS.events(PROJECT)).length;
    expect(await failureOf(tracker.digest({ projectId: "shop", id: "event A", type: "A" }))).toMatchObject({
      code: "corrupt-data",
    });
    await tracker.events.evict({ projectId: "shop", receivedBefore: START + HOUR });
    expect(valuesIn(KEYS.events(PROJECT))).toHaveLength(count);
  });
});

describe("alerts that are damaged", () => {
  /** The alerts that another tracker delivers. */
  async function deliver({ store, clock }: World): Promise<(string | undefined)[]> {
    const sink = createRecordingSink();
    const tracker = createIssueTracker({ store, clock, alertSink: sink.deliver, onError: () => undefined });
    await tracker.alerts.drain();
    return sink.alerts.map(({ issue }) => issue?.title).sort();
  }

  test.each([
    [
      "an alert of a newer version",
      (world: World, alert: Uint8Array) => world.damage(KEYS.alert(alert), jsonBytes({ version: 3 })),
    ],
    ["a state that is no JSON", (world: World, alert: Uint8Array) => world.damage(KEYS.alertState(alert), GARBAGE)],
  ])("are listed as such, and do not stop others: %s", async (_what, damage) => {
    const world = await openWorld();
    const { tracker } = world;
    const { items } = await tracker.alerts.list();
    const id = items.find(({ alert }) => alert.issue?.title === "B")?.alert.id ?? "";
    damage(world, requireIdPart(id));
    expect((await tracker.alerts.list()).unreadable).toMatchObject([{ id, error: { code: "corrupt-data" } }]);
    expect(await deliver(world)).toEqual(["A", "C"]);
    expect(await tracker.alerts.discard([id], { reason: "damaged" })).toBeDefined();
    expect((await tracker.alerts.list()).unreadable).toEqual([]);
    const discarded = await tracker.alerts.list({ status: "discarded" });
    expect([...discarded.items.map(({ alert }) => alert), ...discarded.unreadable]).toMatchObject([{ id }]);
    world.clock.advanceBy(HOUR);
    await tracker.alerts.evict({ endedBefore: world.clock.now() });
    expect((await tracker.alerts.list({ status: "discarded" })).unreadable).toEqual([]);
    for (const prefix of [KEYS.allAlertsByTime, KEYS.alertsToClaim, KEYS.allPending]) {
      expect(world.valuesIn(prefix)).toEqual([]);
    }
  });
});
