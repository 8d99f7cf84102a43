import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Project } from "../../src/core/index.ts";
import { createIssueTracker, createMemoryStore, type IssueStore, type IssueTracker } from "../../src/index.ts";
import type { StoreReader, StoreTransaction } from "../../src/ports/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** The slugs on the pages of all projects. */
async function slugsOnPages(tracker: IssueTracker, limit?: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await tracker.projects.list({ ...(limit !== undefined && { limit }), ...(cursor && { cursor }) });
    expect(page.unreadable).toEqual([]);
    pages.push(page.items.map(({ slug }) => slug));
    if (page.next === null) return pages;
    cursor = page.next;
  }
}

const SLUG = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,4}$/u);
const keyOf = (slug: string): string => slug.toUpperCase();

describe.each(storesForStories())("lists of projects on $name", ({ open }) => {
  test("have all projects by slug, whatever the limit, in full pages", async () => {
    const slugs = fc.uniqueArray(SLUG, { selector: keyOf, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(slugs, fc.integer({ min: 1, max: 13 }), async (saved, limit) => {
        const tracker = createIssueTracker({ store: await open() });
        for (const [place, slug] of saved.entries()) await tracker.projects.save({ id: String(place), slug });
        const pages = await slugsOnPages(tracker, limit);
        expect(pages.flat()).toEqual(saved.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)));
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(saved.length / limit)));
        await tracker.close();
      }),
      { numRuns: rounds({ quick: 20, full: 100 }) },
    );
  });

  test("have 50 projects on a page, unless another number is requested", async () => {
    const tracker = createIssueTracker({ store: await open() });
    for (let place = 0; place < 51; place++) await tracker.projects.save({ id: `p${String(place)}` });
    expect((await slugsOnPages(tracker)).map(({ length }) => length)).toEqual([50, 1]);
    await tracker.close();
  });

  test("go on behind a project that was erased, and have what was saved behind it", async () => {
    const tracker = createIssueTracker({ store: await open() });
    for (const id of ["a", "c", "e"]) await tracker.projects.save({ id });
    const { next } = await tracker.projects.list({ limit: 2 });
    await tracker.projects.erase("c");
    for (const id of ["b", "d"]) await tracker.projects.save({ id });
    const page = await tracker.projects.list({ limit: 2, ...(next !== null && { cursor: next }) });
    expect(page.items.map(({ id }) => id)).toEqual(["d", "e"]);
    expect(page.next).toBeNull();
    await tracker.close();
  });
});

test("a list of projects refuses what is no page of it", async () => {
  const tracker = createIssueTracker({ store: createMemoryStore() });
  await tracker.projects.save({ id: "shop" });
  for (const version of ["1.0.0", "2.0.0"]) await tracker.releases.register({ projectId: "shop", version });
  const { next } = await tracker.releases.list("shop", { limit: 1 });
  for (const cursor of ["", "SHOP", "projects", "projects:\0", "projects:\ud800", next ?? ""]) {
    expect(await failureOf(tracker.projects.list({ cursor }))).toMatchObject({
      code: "invalid-input",
      field: "options.cursor",
    });
  }
  for (const limit of [0, 1_001, 1.5]) {
    expect(await failureOf(tracker.projects.list({ limit }))).toMatchObject({
      code: "invalid-input",
      field: "options.limit",
    });
  }
  const misspelt = { limit: 1, curser: "projects:SHOP" };
  expect(await failureOf(tracker.projects.list(misspelt))).toMatchObject({ code: "invalid-input", field: "options" });
});

/** More projects than are read at a time. */
const MANY = 1_101;
const idOf = (place: number): string => `p${String(10_000 + place)}`;

interface Replaced {
  readonly reader?: (inner: StoreReader) => Partial<StoreReader>;
  readonly transaction?: (inner: StoreTransaction) => Partial<StoreTransaction>;
}

/** A tracker with many projects, each with a quiet issue in some of them; and how many projects each read of it returned. */
async function openMany({ reader, transaction }: Replaced = {}) {
  const inner = createMemoryStore();
  const read: number[] = [];
  const noting = (each: StoreReader): Partial<StoreReader> => ({
    async findProjects(selection) {
      const found = await each.findProjects(selection);
      if ("limit" in selection) read.push(found.length);
      return found;
    },
    ...reader?.(each),
  });
  const store: IssueStore = {
    ...inner,
    read: (work) => inner.read((each) => work(replacing(each, noting(each)))),
    transaction: (work) => inner.transaction((each) => work(replacing(each, transaction?.(each) ?? {}))),
  };
  const clock = createVirtualClock(START);
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const tracker = createIssueTracker({ store, clock, alertSink: "elsewhere", onError, alerts: { random: () => 0.5 } });
  for (let place = 0; place < MANY; place++) {
    await tracker.projects.save({ id: idOf(place), ...(QUIET.includes(place) && { autoResolveAfterMs: HOUR }) });
  }
  await tracker.digest(QUIET.map((place) => ({ projectId: idOf(place), type: "E" })));
  clock.advanceBy(HOUR);
  return { tracker, clock, read, errors };
}

/** The projects with a quiet issue: the first and the last of a page of 1,000, and some of the next one. */
const QUIET = [0, 999, 1_000, 1_001, MANY - 1];

/** The projects whose issue is resolved. */
async function resolvedIn(tracker: IssueTracker): Promise<number[]> {
  const issues = await tracker.issues.getMany(QUIET.map((place) => `${idOf(place)}-1`));
  return QUIET.filter((_, index) => {
    const found = issues[index];
    return found?.kind === "found" && found.value.state.status === "resolved";
  });
}

describe("with more projects than are read at a time", () => {
  test("tick resolves the quiet issues of all of them, and reads a thousand at a time", async () => {
    const { tracker, read } = await openMany();
    expect(await tracker.tick()).toMatchObject({ autoResolved: QUIET.length });
    expect(await resolvedIn(tracker)).toEqual(QUIET);
    expect(read).toEqual([1_000, MANY - 1_000]);
  });

  test("tick tries those on later pages after it has failed in one, and fails with the first error", async () => {
    const { tracker } = await openMany({
      transaction: (inner) => ({
        async pageIssues(request) {
          if (request.projectId === idOf(999)) throw new Error("the first");
          if (request.projectId === idOf(1_001)) throw new Error("the second");
          return inner.pageIssues(request);
        },
      }),
    });
    expect(await failureOf(tracker.tick())).toMatchObject({ message: "the first" });
    expect(await resolvedIn(tracker)).toEqual([0, 1_000, MANY - 1]);
  });

  test("tick fails where a later page of them cannot be read, after it has done what it could", async () => {
    const { tracker } = await openMany({
      reader: (inner) => ({
        async findProjects(selection) {
          if ("limit" in selection && selection.after !== null) throw new Error("no second page");
          return inner.findProjects(selection);
        },
      }),
    });
    expect(await failureOf(tracker.tick())).toMatchObject({ message: "no second page" });
    expect(await resolvedIn(tracker)).toEqual([0, 999]);
  });

  test("an eviction asks for the policy of each, once", async () => {
    const { tracker, clock, read, errors } = await openMany();
    const asked: string[] = [];
    const evict = ({ id }: Project): null => {
      asked.push(id);
      return null;
    };
    tracker.start({ evict, evictEveryMs: MINUTE, tickEveryMs: HOUR });
    // The first eviction comes within a tenth of its period, as the first tick does.
    clock.advanceBy(MINUTE / 10);
    await tracker.settled();
    expect(asked).toEqual(Array.from({ length: MANY }, (_, place) => idOf(place)));
    expect(read).toEqual([1_000, MANY - 1_000]);
    expect(errors).toEqual([]);
    await tracker.close();
  });

  test("an eviction that is stopped reads no more of them", async () => {
    const { tracker, clock, read, errors } = await openMany();
    let stopped: Promise<void> | undefined;
    const asked: string[] = [];
    const evict = ({ id }: Project): null => {
      asked.push(id);
      stopped ??= tracker.stop();
      return null;
    };
    tracker.start({ evict, evictEveryMs: MINUTE, tickEveryMs: HOUR });
    clock.advanceBy(MINUTE / 10);
    await tracker.settled();
    await stopped;
    expect(asked).toEqual([idOf(0)]);
    expect(read).toEqual([1_000]);
    expect(errors).toEqual([]);
    await tracker.close();
  });
});
