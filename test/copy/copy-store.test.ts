import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { COPIED_KINDS } from "../../src/copy/copied-kinds.ts";
import { copyStore, type CopyProgress } from "../../src/copy/index.ts";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { createKeyValueStore } from "../../src/kv/index.ts";
import { allReadable } from "../../src/core/unreadable.ts";
import type { StoredEntries, StoreTransaction } from "../../src/ports/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { everythingIn } from "../stores/fixtures/everything.ts";
import { formerFile, recorded } from "../stores/fixtures/former-tables.ts";
import { Duel } from "../support/duel.ts";
import { rounds } from "../support/effort.ts";
import { memoryEngine } from "../support/key-value-engines.ts";
import { movingStore } from "../support/moving-store.ts";
import { failureOf, HOUR, Scenario } from "../support/scenario.ts";
import { storesForStories, type StoreKind } from "../support/stores.ts";
import { LOUD_STEPS, SHORT_STEPS, storyStep } from "../support/stories.ts";
import { withoutOutbox } from "../support/without-outbox.ts";

const KEY_VALUE: StoreKind = { name: "keys and values", open: async () => createKeyValueStore(memoryEngine()) };
const KINDS = [...storesForStories().filter(({ name }) => name !== "a sorted map"), KEY_VALUE];
/** Each kind is copied from once, and to once. */
const RING = KINDS.flatMap((from, index) =>
  [...KINDS, ...KINDS].slice(index + 1, index + 2).map((to) => ({ from, to })),
);
/** Each is copied to each. */
const PAIRS = rounds({ quick: 0, full: 1 }) > 0 ? KINDS.flatMap((from) => KINDS.map((to) => ({ from, to }))) : RING;
const { now: NOW } = recorded(17);

/** A fingerprint whose grouping key the SQL stores do not keep whole. */
const LONG = "\ud800 long ".repeat(100);

const opened: IssueStore[] = [];
afterAll(async () => {
  for (const store of opened) await store.close();
});

async function open(kind: StoreKind): Promise<IssueStore> {
  const store = await kind.open();
  opened.push(store);
  return store;
}

function trackerOn(store: IssueStore): IssueTracker {
  return createIssueTracker({ store, clock: createVirtualClock(NOW), alertSink: "elsewhere" });
}

/** A store with entries of all kinds: what version 17 of the tables left, with a long grouping key and a pending release. */
async function makeFullStore(): Promise<IssueStore> {
  const store = await openSqliteStore({ filename: formerFile(17) });
  opened.push(store);
  await trackerOn(store).digest({ projectId: "shop", id: "long", type: "Long", fingerprint: [LONG] });
  await store.transaction(async (transaction) => {
    const releases = allReadable(await transaction.pageReleases("shop", null, 100));
    const known = releases.find(({ standing }) => standing === "known");
    if (known === undefined) throw new Error("The fixture has a known release.");
    const { name, line, number } = known;
    const pending = { projectId: "shop", name, line, number, at: NOW, eventId: null, reached: 3 };
    await transaction.write({ pendingReleases: [pending] });
  });
  return store;
}

let shared: Promise<IssueStore> | undefined;

/** The same for all tests, which do not change it. */
function fullStore(): Promise<IssueStore> {
  shared ??= makeFullStore();
  return shared;
}

/** The same in a store of another kind, for one test. */
async function fullStoreOf(kind: StoreKind): Promise<IssueStore> {
  const store = await open(kind);
  await copyStore(await fullStore(), store);
  return store;
}

/** All that a tracker returns of a store. */
async function answersOf(store: IssueStore): Promise<unknown> {
  const tracker = trackerOn(store);
  const pending = await store.read((reader) => reader.findPendingReleases("all"));
  return { everything: await everythingIn(tracker), stats: await tracker.stats(), pending };
}

/** A value with the ids that were made since the copy by their places: a transaction that runs again makes more. */
function inPlaces(value: unknown): unknown {
  const places = new Map<string, string>();
  const text = JSON.stringify(value).replaceAll(/01990000-0000-7000-8000-\d{12}/gu, (id) => {
    const place = places.get(id) ?? `id ${String(places.size)}`;
    places.set(id, place);
    return place;
  });
  return JSON.parse(text);
}

/** Lives on: known and new groups, duplicates, releases, commands and deliveries. Returns what came of it. */
async function goOn(store: IssueStore): Promise<unknown> {
  let ids = 0;
  const delivered: unknown[] = [];
  const tracker = createIssueTracker({
    store,
    clock: createVirtualClock(NOW + HOUR),
    newId: () => `01990000-0000-7000-8000-${String(++ids).padStart(12, "0")}`,
    alertSink: (alert) => void delivered.push(alert),
    alerts: { random: () => 0, inOrder: true },
  });
  const outcomes: unknown[] = [];
  const { items } = await tracker.issues.list({ projectId: "shop", sort: "first-seen", limit: 100 });
  for (const { title } of items) {
    outcomes.push(await tracker.digest({ projectId: "shop", type: title, release: "1.0.0", id: `again ${title}` }));
  }
  for (const more of [{ id: "a1" }, { fingerprint: [LONG], id: "long again" }, { id: "new", release: "10.0.0" }]) {
    outcomes.push(await tracker.digest({ projectId: "shop", type: "New", ...more }));
  }
  outcomes.push(await tracker.tick());
  for (const { id } of items) {
    outcomes.push(await tracker.issues.resolve(id, { in: "next-release" }).catch(String));
  }
  outcomes.push(await tracker.digest({ projectId: "shop", id: "next", type: "New", release: "11.0.0" }));
  outcomes.push(await tracker.events.evict({ projectId: "shop", keepPerIssue: 2 }));
  await tracker.alerts.drain();
  return { outcomes, delivered };
}

describe.each(PAIRS)("a copy from $from.name to $to.name", ({ from, to }) => {
  test("answers everything as the original does, and goes on in the same way", async () => {
    const source = await fullStoreOf(from);
    const target = await open(to);
    const { counts } = await copyStore(source, target);
    expect(await answersOf(target)).toEqual(await answersOf(source));
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
    expect(inPlaces(await goOn(target))).toEqual(inPlaces(await goOn(source)));
    expect(inPlaces(await answersOf(target))).toEqual(inPlaces(await answersOf(source)));
  });
});

test("a copy of what version 17 left answers as its tracker did, but for leases that have not ended", async () => {
  const source = await openSqliteStore({ filename: formerFile(17) });
  opened.push(source);
  const target = createMemoryStore();
  await copyStore(source, target);
  const answers = await everythingIn(trackerOn(target));
  expect(JSON.parse(JSON.stringify(answers))).toEqual(JSON.parse(JSON.stringify(recorded(17).everything)));
});

function codeOf(error: unknown): string {
  if (!IssueLifecycleError.is(error)) throw error;
  return error.code;
}

/** A store of which some methods of transactions are others. */
function withMethods(store: IssueStore, replace: (inner: StoreTransaction) => Partial<StoreTransaction>): IssueStore {
  return {
    ...store,
    transaction: (work) =>
      store.transaction((inner) => {
        const methods: Partial<StoreTransaction> = replace(inner);
        return work(
          new Proxy(inner, {
            get(target, name) {
              const member: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
              return typeof member === "function"
                ? (...input: unknown[]) => Reflect.apply(member, target, input)
                : member;
            },
          }),
        );
      }),
  };
}

/** A store that fails in its `nth` step of a copy, after it has written. */
function failingAt(store: IssueStore, nth: number): IssueStore {
  // By where they lead: a store may run the work of a step again.
  const steps = new Set<string | null>();
  return withMethods(store, (inner) => ({
    putStored: async (entries, progress) => {
      await inner.putStored(entries, progress);
      if (steps.add(progress).size === nth) throw new Error("The disk is full.");
    },
  }));
}

describe("a copy that was cut", () => {
  test.each(["memory", "SQLite"])("goes on where it stopped, into %s", async (name) => {
    const source = await fullStore();
    const whole = createMemoryStore();
    const { digests } = await copyStore(source, whole);
    for (const kind of KINDS.filter((each) => each.name === name)) {
      for (const cuts of [[1], [3, 1, 2], [9], [12]]) {
        const target = await open(kind);
        for (const nth of cuts) {
          expect(await failureOf(copyStore(source, failingAt(target, nth)))).toMatchObject({
            message: expect.stringContaining("disk is full"),
          });
        }
        const copied: string[] = [];
        const onProgress = ({ phase, kind: at }: CopyProgress): void => {
          if (phase === "copy") copied.push(at);
        };
        expect((await copyStore(source, target, { onProgress })).digests).toEqual(digests);
        if (cuts[0] === 9) expect(copied).not.toContain("issues");
        expect(await answersOf(target)).toEqual(await answersOf(whole));
      }
    }
  });

  test("by its signal can be resumed too", async () => {
    const source = await fullStore();
    for (const phase of ["copy", "check-source", "check-target"] as const) {
      const target = createMemoryStore();
      const controller = new AbortController();
      const reason = new Error("Enough.");
      const onProgress = (progress: CopyProgress): void => {
        if (progress.phase === phase && progress.kind === "events") controller.abort(reason);
      };
      expect(await failureOf(copyStore(source, target, { onProgress, signal: controller.signal }))).toBe(reason);
      await copyStore(source, target);
      expect(await answersOf(target)).toEqual(await answersOf(source));
    }
    expect(await failureOf(copyStore(source, createMemoryStore(), { signal: AbortSignal.abort("no") }))).toBe("no");
  });

  test("in the middle of a large page goes on within it", async () => {
    const source = createMemoryStore();
    const tracker = trackerOn(source);
    await tracker.projects.save({ id: "shop" });
    const large = "x".repeat(90_000);
    await tracker.digest(
      Array.from({ length: 30 }, (_, n) => ({ projectId: "shop", type: "E", id: String(n), data: large })),
    );
    const target = createMemoryStore();
    const steps: number[] = [];
    const onProgress = ({ phase, kind, done }: CopyProgress): void => {
      if (phase !== "copy" || kind !== "events") return;
      steps.push(done);
      if (steps.length === 2) throw new Error("Enough.");
    };
    await failureOf(copyStore(source, target, { onProgress }));
    await copyStore(source, target, { onProgress });
    expect(steps).toEqual([12, 24, 30]);
  });

  test("by a progress that is rejected can be resumed too", async () => {
    const source = await fullStore();
    const target = createMemoryStore();
    const enough = new Error("Enough.");
    const onProgress = async ({ kind }: CopyProgress): Promise<void> => {
      if (kind === "events") throw enough;
    };
    expect(await failureOf(copyStore(source, target, { onProgress }))).toBe(enough);
    expect((await copyStore(source, target)).counts.events).toBeGreaterThan(0);
  });
});

test("a copy of a store in memory takes any number of events of one project", async () => {
  const events = rounds({ quick: 1_000, full: 150_000 });
  const source = createMemoryStore();
  const tracker = trackerOn(source);
  await tracker.projects.save({ id: "shop" });
  for (let start = 0; start < events; start += 1_000) {
    const batch = Array.from({ length: 1_000 }, (_, n) => ({ projectId: "shop", type: "E", id: String(start + n) }));
    await tracker.digest(batch);
  }
  expect((await copyStore(source, createMemoryStore())).counts).toMatchObject({ issues: 1, events });
});

describe("a copy is refused", () => {
  test("where the data of an event is not stored any more", async () => {
    const filename = formerFile(17);
    const source = await openSqliteStore({ filename });
    opened.push(source);
    const other = new Database(filename);
    other.exec("delete from issue_lifecycle_event_data");
    other.close();
    expect(await failureOf(copyStore(source, createMemoryStore()))).toMatchObject({
      code: "corrupt-data",
      message: expect.stringMatching(/^Event .* cannot be read\. Its data is not stored\.$/u),
    });
  });

  test("into a store that holds something else, or that was copied already", async () => {
    const source = await fullStore();
    const target = createMemoryStore();
    await trackerOn(target).projects.save({ id: "mine" });
    expect(await failureOf(copyStore(source, target))).toMatchObject({ code: "store-not-empty" });
    const copied = createMemoryStore();
    await copyStore(source, copied);
    expect(await failureOf(copyStore(source, copied))).toMatchObject({ code: "store-not-empty" });
  });

  test("into itself, or into a store that cannot hold its alerts", async () => {
    const source = await fullStore();
    expect(await failureOf(copyStore(source, source))).toMatchObject({ code: "invalid-input", field: "to" });
    expect(await failureOf(copyStore(source, withoutOutbox(createMemoryStore())))).toMatchObject({ code: "no-outbox" });
  });

  test("while another one into the same store is running, however far that has come: one of both succeeds", async () => {
    const source = await fullStore();
    const expected = await answersOf(source);
    let reports = 0;
    await copyStore(source, createMemoryStore(), {
      onProgress: () => {
        reports++;
      },
    });
    for (let start = 0; start <= reports; start++) {
      const target = createMemoryStore();
      const outcomes: Promise<unknown>[] = [];
      const copy = (onProgress: () => void): void => {
        outcomes.push(copyStore(source, target, { onProgress }).then(() => "copied", codeOf));
      };
      let reported = 0;
      copy(() => {
        reported++;
        if (reported === start) copy(() => undefined);
      });
      if (start === 0) copy(() => undefined);
      await outcomes[0];
      const refused = (await Promise.all(outcomes)).filter((outcome) => outcome !== "copied");
      expect(outcomes).toHaveLength(2);
      expect(refused).toEqual([expect.stringMatching(/^store-(?:conflict|not-empty)$/u)]);
      expect(await answersOf(target)).toEqual(expected);
    }
  });
});

describe("the proof", () => {
  test.each([
    ["issues", (tracker: IssueTracker, id: string) => tracker.issues.annotate(id, "late")],
    ["turningPoints", (tracker: IssueTracker, id: string) => tracker.issues.annotate(id, "late")],
    ["events", (tracker: IssueTracker) => tracker.digest({ projectId: "shop", type: "Late" })],
    ["projects", (tracker: IssueTracker) => tracker.projects.save({ id: "shop", alerts: { loud: false } })],
    ["releases", (tracker: IssueTracker) => tracker.releases.register({ projectId: "shop", version: "77.0.0" })],
  ])("finds %s that changed in the source after they were copied", async (kind, change) => {
    const source = await fullStoreOf({ name: "memory", open: async () => createMemoryStore() });
    const tracker = trackerOn(source);
    const { items } = await tracker.issues.list({ projectId: "shop" });
    const target = createMemoryStore();
    const onProgress = (progress: CopyProgress): void => {
      if (progress.phase === "copy" && progress.kind === "tallies") throw new Error("Enough.");
    };
    await failureOf(copyStore(source, target, { onProgress }));
    await change(tracker, items[0]?.id ?? "");
    const failure = { code: "copy-differs", message: expect.stringContaining(kind) };
    expect(await failureOf(copyStore(source, target))).toMatchObject(failure);
    // It stays so.
    expect(await failureOf(copyStore(source, target))).toMatchObject(failure);
  });

  test.each(COPIED_KINDS)("finds a copy that leaves out %s", async (kind) => {
    const source = await fullStore();
    const lossy = withMethods(createMemoryStore(), (inner) => ({
      putStored: async (entries, progress) => inner.putStored(without(entries, kind), progress),
      write: async (changes) => inner.write(kind === "pendingReleases" ? {} : changes),
    }));
    const failure = await failureOf(copyStore(source, lossy));
    // Without projects or issues nothing of theirs can be stored at all.
    if (kind === "projects" || kind === "issues") expect(failure).toMatchObject({ code: "store-failed" });
    else expect(failure).toMatchObject({ code: "copy-differs", message: expect.stringContaining(`differ in ${kind}`) });
  });

  test("finds a copy that changes one entry", async () => {
    const source = await fullStore();
    const wrong = withMethods(createMemoryStore(), (inner) => ({
      putStored: async (entries, progress) => {
        const events = entries.events?.map((event) => (event.id === "a2" ? { ...event, count: 2 } : event));
        await inner.putStored({ ...entries, ...(events !== undefined && { events }) }, progress);
      },
    }));
    expect(await failureOf(copyStore(source, wrong))).toMatchObject({
      code: "copy-differs",
      message: expect.stringContaining("differ in events (their contents)."),
    });
  });
});

function without(entries: StoredEntries, kind: string): StoredEntries {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => name !== kind));
}

const GROUPS = ["A", "B", "C"];
const RELEASES = ["", "1.0.0", "1.1.0", "2.0.0-rc.1", "pkg@1.1.0", "sha-a"];
const CUTS = fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 3 });

// The naive model knows nothing of copies: so what it expects of the later steps is what the original would have answered.
describe.each(RING.filter(({ to }) => to.name === "SQLite" || rounds({ quick: 0, full: 1 }) > 0))(
  "random lives on $from.name that are cut, copied and go on on $to.name",
  ({ from, to }) => {
    test.each([
      ["what gets loud", storyStep({ groups: GROUPS, releases: RELEASES, step: LOUD_STEPS, mutes: 5, isLoud: true })],
      [
        "merges and releases",
        storyStep({ groups: GROUPS, releases: RELEASES, step: SHORT_STEPS, mutes: 2, merges: 3 }),
      ],
    ])("about %s match a naive model", async (_name, step) => {
      const life = fc.array(step, { minLength: 1, maxLength: 20, size: "max" });
      await fc.assert(
        fc.asyncProperty(life, life, CUTS, async (before, after, cuts) => {
          const [source, target] = [await from.open(), await to.open()];
          const moving = movingStore(source);
          const scenario = await Scenario.begin(moving.store);
          const duel = new Duel(scenario);
          for (const [index, each] of before.entries()) {
            if (index > 0) await duel.compare();
            await duel.play(each);
          }
          // What the last step raised is delivered by then. Else that would go on while the store is copied, which the copy reports.
          await scenario.tracker.settled();
          for (const nth of cuts) await copyStore(source, failingAt(target, nth)).catch(() => undefined);
          const isCopied = (await target.read((reader) => reader.findCopyProgress())) === null && cuts.length > 0;
          if (!isCopied || (await trackerOn(target).stats()).projects === 0) await copyStore(source, target);
          moving.moveTo(target);
          await duel.compare();
          for (const each of after) {
            await duel.play(each);
            await duel.compare();
          }
          await scenario.tracker.close();
          await source.close();
          await target.close();
        }),
        { numRuns: rounds({ quick: 2, full: 10 }), endOnFailure: true },
      );
    });
  },
);
