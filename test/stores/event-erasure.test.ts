import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createIssueTracker,
  volumeCondition,
  type GroupingStrategy,
  type IssueStore,
  type IssueTrackerOptions,
  type IssueTracker,
  type NewEvent,
} from "../../src/index.ts";
import { CALENDAR_PERIODS, KEPT_BUCKETS } from "../../src/core/calendar.ts";
import { ISSUE_STATUSES } from "../../src/core/issue.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { userHash } from "../../src/tracker/user-hash.ts";
import { rounds } from "../support/effort.ts";
import { RAW_STORES } from "../support/raw-stores.ts";
import { HOUR, MINUTE, START } from "../support/scenario.ts";
import { unreliableSink } from "../support/unreliable-sink.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** Stands in every text of the events that are erased. */
const MARKER = "zqxj";
const USER = `${MARKER}-ann`;

/** An event of a random life. */
interface Happening {
  readonly type: number;
  /** Whether it is one of those that are erased. */
  readonly isErased: boolean;
  /** How many minutes before now it was received. */
  readonly age: number;
  readonly count: number;
  readonly user: number;
  readonly isStaging: boolean;
  /** How many minutes pass before it. */
  readonly minutes: number;
  /** What a person does to its issue before it. */
  readonly command: "none" | "mute" | "discard" | "resolve" | "reopen" | "next" | "merge" | "unmerge";
}

const happening: fc.Arbitrary<Happening> = fc.record({
  type: fc.integer({ min: 0, max: 2 }),
  isErased: fc.boolean(),
  age: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
  count: fc.constantFrom(1, 1, 2, 9),
  user: fc.integer({ min: 0, max: 2 }),
  isStaging: fc.boolean(),
  minutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000 })),
  command: fc.constantFrom("none", "none", "none", "mute", "discard", "resolve", "reopen", "next", "merge", "unmerge"),
});

/** An event with its own texts, of the issue of its type. */
function eventOf({ type, isErased, count, user, isStaging }: Happening, id: string, receivedAt: number): NewEvent {
  const own = isErased ? `${MARKER} ${id}` : `of ${id}`;
  return {
    projectId: "shop",
    id: isErased ? `${MARKER}-${id}` : id,
    type: `Error ${"abc".charAt(type)}`,
    // Grouping replaces what is quoted: so the texts of an issue's events differ.
    value: `no field "${own} said"`,
    transaction: `/${own}`,
    environment: isStaging ? "staging" : "production",
    release: "1.0.0",
    ...(isErased ? { userId: USER } : user > 0 && { userId: `user ${String(user)}` }),
    count,
    receivedAt,
    data: { own, long: "x".repeat(user * 500) },
  };
}

/** A store in which something happens right after events were listed for the first time. */
function meanwhile(store: IssueStore, work: () => Promise<unknown>): IssueStore {
  const toDo = [work];
  return {
    ...store,
    transaction: (own) => store.transaction(own),
    read: async (own) => {
      const listed = new Set<string>();
      const result = await store.read((reader) =>
        own(
          replacing(reader, {
            pageEvents: (request) => {
              listed.add(request.projectId);
              return reader.pageEvents(request);
            },
          }),
        ),
      );
      if (listed.size > 0) await toDo.pop()?.();
      return result;
    },
  };
}

function trackerOn(store: IssueStore, more: Partial<IssueTrackerOptions> = {}) {
  const clock = createVirtualClock(START);
  const tracker = createIssueTracker({
    store,
    clock,
    // Some alerts are delivered, some fail, some die, some are throttled.
    alertSink: unreliableSink(),
    alerts: { random: () => 0, limits: { perIssue: 2, perProject: 3, periodMs: HOUR } },
    onError: () => undefined,
    ...more,
  });
  return { tracker, clock };
}

async function command(tracker: IssueTracker, { command: kind, type }: Happening): Promise<void> {
  const [id, into] = [`SHOP-${String(type + 1)}`, `SHOP-${String(((type + 1) % 3) + 1)}`];
  const { issues } = tracker;
  const work = {
    none: async () => undefined,
    mute: () => issues.mute(id, { conditions: [volumeCondition(1_000, "total")], sinceMute: true }),
    discard: () => issues.discard(id, { conditions: [volumeCondition(30, "hour")] }),
    resolve: () => issues.resolve(id),
    reopen: () => issues.reopen(id),
    next: () => issues.resolve(id, { in: "next-release" }),
    merge: () => issues.merge(id, { into }),
    unmerge: () => issues.unmerge(id),
  };
  await work[kind]().catch(() => undefined);
}

/** Plays a life. Returns the ids of the events that are to be erased. */
async function play(
  tracker: IssueTracker,
  clock: { advanceBy(ms: number): void; now(): number },
  life: readonly Happening[],
) {
  await tracker.projects.save({ id: "shop", stateEnvironments: ["production"] });
  for (const [place, each] of life.entries()) {
    clock.advanceBy(each.minutes * MINUTE + 1);
    await command(tracker, each);
    await tracker.digest(eventOf(each, String(place), clock.now() - each.age * MINUTE));
    if (place % 4 === 3) await tracker.settled();
  }
  await tracker.settled();
}

/** What a tracker says of issues, as far as it follows from their events. */
async function countedIn(tracker: IssueTracker) {
  const { items } = await tracker.issues.list({ projectId: "shop", status: ISSUE_STATUSES, sort: "first-seen" });
  const seriesOf = async (id: string) =>
    Promise.all(
      CALENDAR_PERIODS.map(async (period) => {
        const counts = await tracker.issues.eventCounts(id, { period, nrOfPeriods: KEPT_BUCKETS[period] });
        return counts.map(({ count }) => count).join();
      }),
    );
  return Promise.all(
    items.map(async ({ id, title, transaction, eventCount, userCount, latestEventId }) => ({
      shown: { title, transaction, latestEventId },
      eventCount,
      userCount,
      series: await seriesOf(id),
    })),
  );
}

describe.each(RAW_STORES)("events that are erased on $name", ({ open }) => {
  const erasures = [
    [
      "one by one",
      async ({ events }: IssueTracker, ids: readonly string[]) => {
        for (const id of ids) expect(await events.erase("shop", id)).toBe(true);
      },
    ],
    [
      "with their user",
      async ({ users }: IssueTracker, ids: readonly string[]) => {
        expect(await users.erase("shop", USER)).toBe(ids.length);
      },
    ],
  ] as const;

  test.each(erasures)(
    "%s leave nothing in any column of any table, and the counts of all others exact",
    { timeout: 240_000 },
    async (_, erase) => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 20 }), async (some) => {
          const { store, dump, close } = await open();
          try {
            const { tracker, clock } = trackerOn(store);
            // The first event of each issue stays, so that the issue does.
            const first = [0, 1, 2].map((type): Happening => {
              return {
                type,
                isErased: false,
                age: 5,
                count: 1,
                user: 1,
                isStaging: false,
                minutes: 0,
                command: "none",
              };
            });
            const life = [...first, ...some];
            await play(tracker, clock, life);
            const ids = life.flatMap(({ isErased }, place) => (isErased ? `${MARKER}-${String(place)}` : []));
            await erase(tracker, ids);
            const after = await dump();
            expect(after.filter((line) => line.includes(MARKER))).toEqual([]);
            expect(after.filter((line) => line.includes(userHash("shop", USER)))).toEqual([]);
            // The same life without the erased events.
            const without = trackerOn(createMemoryStore());
            await playWithout(without, life);
            const [actual, expected] = [await countedIn(tracker), await countedIn(without.tracker)];
            const isDiscarded = life.some((each) => each.command === "discard");
            // Of discarded events nothing but their count is known.
            const comparable = (issues: typeof actual) =>
              issues.map((issue) => ({ ...issue, ...(isDiscarded && NOTHING) }));
            expect(comparable(actual)).toEqual(comparable(expected));
            await without.tracker.close();
            await tracker.close();
          } finally {
            await close();
          }
        }),
        { numRuns: rounds({ quick: 2, full: 15 }) },
      );
    },
  );

  test("are gone where they were known: in histories of others and in summaries, when their own issues were deleted", async () => {
    const { store, dump, close } = await open();
    onTestFinished(close);
    const { tracker, clock } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    const marked = { projectId: "shop", userId: USER, value: MARKER };
    await tracker.digest({ projectId: "shop", type: "Waiting", release: "1.0.0" });
    await tracker.issues.resolve("SHOP-1", { in: "next-release" });
    for (const type of ["A", "B", "C", "D", "E", "F"]) {
      await tracker.digest({ ...marked, id: `${MARKER}-${type}`, type, release: "2.0.0" });
      await tracker.settled();
    }
    for (const number of [2, 3, 4, 5, 6]) await tracker.issues.delete(`SHOP-${String(number)}`);
    // Some are throttled: they are examples in a tally, and then in a summary.
    expect((await dump()).some((line) => line.includes("examples"))).toBe(true);
    expect(await tracker.events.erase("shop", `${MARKER}-A`)).toBe(true);
    expect(await tracker.users.erase("shop", USER)).toBe(5);
    expect((await dump()).filter((line) => line.includes(MARKER))).toEqual([]);
    clock.advanceBy(2 * HOUR);
    await tracker.alerts.drain();
    expect((await dump()).filter((line) => line.includes(MARKER))).toEqual([]);
    await tracker.close();
  });

  test("are gone from alerts about issues that theirs were merged into, then and now", async () => {
    const { store, dump, close } = await open();
    onTestFinished(close);
    const { tracker, clock } = trackerOn(store, { alerts: { random: () => 0, limits: null }, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    const event = (type: string, more: Partial<NewEvent> = {}) =>
      tracker.digest({ projectId: "shop", type, fingerprint: [type], ...more });
    for (const type of ["M", "T", "R"]) await event(type);
    await tracker.issues.merge("SHOP-1", { into: "SHOP-2" });
    await tracker.issues.resolve("SHOP-2");
    clock.advanceBy(HOUR);
    await event("M", { id: `${MARKER}-1`, value: MARKER, userId: USER });
    // An alert that names no event, with the title of the last one.
    await tracker.issues.mute("SHOP-2", { until: clock.now() + HOUR, wakeOn: "deadline" });
    clock.advanceBy(2 * HOUR);
    await tracker.tick();
    await tracker.issues.merge("SHOP-2", { into: "SHOP-3" });
    await tracker.issues.unmerge("SHOP-1");
    expect((await dump()).filter((line) => line.includes("subject") && line.includes(MARKER))).toHaveLength(2);
    expect(await tracker.users.erase("shop", USER)).toBe(1);
    expect((await dump()).filter((line) => line.includes(MARKER))).toEqual([]);
    await tracker.close();
  });

  test("leave no title that only the grouping of the host knew", async () => {
    const { store, dump, close } = await open();
    onTestFinished(close);
    const grouping: GroupingStrategy = {
      version: "by-fingerprint/1",
      group: ({ fingerprint }) => ({ key: "one", title: fingerprint.join() || "no title" }),
    };
    const { tracker, clock } = trackerOn(store, { grouping });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", id: `${MARKER}-1`, type: "E", fingerprint: [MARKER] });
    clock.advanceBy(MINUTE);
    await tracker.digest({ projectId: "shop", type: "E", fingerprint: ["fine"] });
    clock.advanceBy(MINUTE);
    await tracker.digest({ projectId: "shop", id: `${MARKER}-2`, type: "E", fingerprint: [`${MARKER} again`] });
    await tracker.settled();
    for (const id of [1, 2]) expect(await tracker.events.erase("shop", `${MARKER}-${String(id)}`)).toBe(true);
    expect((await dump()).filter((line) => line.includes(MARKER))).toEqual([]);
    expect(await tracker.issues.get("SHOP-1")).toMatchObject({ title: "no title", eventCount: 1 });
    await tracker.close();
  });

  test("do not take with them what came under their ids meanwhile, nor need a project that is gone", async () => {
    const { store, close } = await open();
    onTestFinished(close);
    const { tracker } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    const one = { projectId: "shop", type: "one" };
    const two = { projectId: "shop", type: "two" };
    await tracker.digest([{ ...one, id: "a" }, { ...one, id: "b" }, { ...two }]);
    const second = trackerOn(
      meanwhile(store, async () => {
        await tracker.events.erase("shop", "a");
        await tracker.digest({ ...two, id: "a" });
      }),
    );
    expect(await second.tracker.events.erase("shop", "a")).toBe(true);
    const { items } = await tracker.issues.list({ projectId: "shop", sort: "first-seen" });
    expect(items.map(({ eventCount }) => eventCount).toSorted()).toEqual([1, 2]);
    expect(await tracker.events.get("shop", "a")).toBeDefined();
    const third = trackerOn(meanwhile(store, () => tracker.projects.erase("shop")));
    expect(await third.tracker.events.erase("shop", "a")).toBe(true);
    await tracker.close();
  });

  test("are erased by another call where the process ended before the last step, also from alerts raised meanwhile", async () => {
    const { store, dump, close } = await open();
    onTestFinished(close);
    const { tracker, clock } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    const event = { projectId: "shop", type: "E", fingerprint: ["one"] };
    await tracker.digest({ ...event, value: "of others" });
    clock.advanceBy(MINUTE);
    await tracker.digest({ ...event, id: `${MARKER}-1`, value: MARKER });
    await tracker.issues.mute("SHOP-1", { until: clock.now() + HOUR, wakeOn: "deadline" });
    const failure = new Error("the process ended");
    const cut: IssueStore = {
      ...store,
      transaction: (work) =>
        store.transaction((transaction) =>
          work(
            replacing(transaction, {
              write: async (changes) => {
                if (changes.erasedEvents !== undefined) throw failure;
                await transaction.write(changes);
              },
            }),
          ),
        ),
    };
    await expect(trackerOn(cut).tracker.events.erase("shop", `${MARKER}-1`)).rejects.toBe(failure);
    clock.advanceBy(2 * HOUR);
    expect(await tracker.tick()).toMatchObject({ unmuted: 1 });
    await tracker.settled();
    expect(await tracker.events.erase("shop", `${MARKER}-1`)).toBe(true);
    expect((await dump()).filter((line) => line.includes(MARKER))).toEqual([]);
    expect(await tracker.issues.get("SHOP-1")).toMatchObject({ title: "E: of others", eventCount: 1 });
    await tracker.close();
  });

  test("are taken back once, where two trackers erase them at the same time, and others come meanwhile", async () => {
    const { store, close } = await open();
    onTestFinished(close);
    const { tracker } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    const event = { projectId: "shop", type: "E", userId: "ann" };
    const others = Array.from({ length: 4 }, () => ({ ...event, userId: "bob" }));
    await tracker.digest([...others, { ...event, id: "one", count: 5 }, { ...event, id: "two" }]);
    const { events, users } = tracker;
    await Promise.all([
      events.erase("shop", "one"),
      users.erase("shop", "ann"),
      events.erase("shop", "one"),
      users.erase("shop", "ann"),
      tracker.digest(others),
      users.erase("shop", "ann"),
    ]);
    const { items } = await tracker.issues.list({ projectId: "shop" });
    expect(items).toMatchObject([{ eventCount: 8, userCount: 1 }]);
    const counts = await tracker.issues.eventCounts("SHOP-1", { period: "day", nrOfPeriods: 1 });
    expect(counts).toMatchObject([{ count: 8 }]);
    await tracker.close();
  });

  test("are gone from alerts, histories and releases that still have to come, and from deleted issues", async () => {
    const { store, dump, close } = await open();
    onTestFinished(close);
    const { tracker, clock } = trackerOn(store);
    await tracker.projects.save({ id: "shop" });
    await tracker.projects.save({ id: "blog" });
    const mine = { projectId: "shop", userId: USER, release: "2.0.0", data: MARKER };
    const fingerprint = ["one"];
    const other = {
      projectId: "shop",
      fingerprint,
      type: "Error a",
      value: 'no field "of the others"',
      release: "1.0.0",
    };
    await tracker.digest([other, { projectId: "blog", id: `${MARKER}-1`, type: "Other" }]);
    await tracker.issues.resolve("SHOP-1", { in: "next-release" });
    await tracker.digest({
      ...mine,
      id: `${MARKER}-1`,
      fingerprint,
      type: "Error a",
      value: `no field "${MARKER} said"`,
    });
    await tracker.digest({ ...mine, id: `${MARKER}-2`, type: "Deleted" });
    await tracker.digest({ ...mine, id: `${MARKER}-3`, type: `Only ${MARKER}` });
    await tracker.issues.mute("SHOP-1", { until: clock.now() + HOUR, wakeOn: "deadline" });
    await tracker.issues.delete("SHOP-2");
    clock.advanceBy(2 * HOUR);
    // An alert that no event raised, with the title of the newest one.
    await tracker.tick();
    await tracker.settled();
    expect(await tracker.users.erase("shop", USER)).toBe(3);
    const left = (await dump()).filter((line) => line.includes(MARKER));
    // Of the event of the other project, which has the same id.
    expect(left.filter((line) => !line.includes(`${MARKER}-1`))).toEqual([]);
    expect((await dump()).some((line) => line.includes(userHash("shop", USER)))).toBe(false);
    const issues = await tracker.issues.list({ projectId: "shop" });
    expect(issues.items).toMatchObject([{ title: 'Error a: no field "of the others"', eventCount: 1, userCount: 0 }]);
    expect((await tracker.issues.history("SHOP-1")).items.map(({ eventId }) => eventId)).not.toContain(`${MARKER}-1`);
    expect(await tracker.events.get("blog", `${MARKER}-1`)).toBeDefined();
    expect((await tracker.issues.history("BLOG-1")).items).toMatchObject([{ eventId: `${MARKER}-1` }]);
    expect(await tracker.users.erase("shop", USER)).toBe(0);
    expect(await tracker.events.erase("shop", `${MARKER}-1`)).toBe(false);
    await tracker.close();
  });
});

const NOTHING = { shown: undefined, userCount: 0 };

/** The same life without what is erased: time passes as in it. */
async function playWithout(
  { tracker, clock }: ReturnType<typeof trackerOn>,
  life: readonly Happening[],
): Promise<void> {
  await tracker.projects.save({ id: "shop", stateEnvironments: ["production"] });
  for (const [place, each] of life.entries()) {
    clock.advanceBy(each.minutes * MINUTE + 1);
    // Of the commands only these change what is counted where.
    if (each.command.endsWith("merge")) await command(tracker, each);
    if (each.isErased) continue;
    await tracker.digest(eventOf(each, String(place), clock.now() - each.age * MINUTE));
  }
}
