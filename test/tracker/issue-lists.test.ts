import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ISSUE_ORDERS, orderValue, type SearchPage } from "../../src/core/index.ts";
import { createIssueTracker, type IssueListOptions, type IssueTracker, type TrackedIssue } from "../../src/index.ts";
import type { IssueStore } from "../../src/ports/issue-store.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

type List = Omit<IssueListOptions, "projectId" | "projectIds" | "cursor">;
type IssuePage = SearchPage<TrackedIssue>;

/** A tracker with issues of which many are equal in every order, and some are resolved. */
async function startTracker(
  store: IssueStore,
  issues: readonly {
    readonly at: number;
    readonly count: number;
    readonly value: string;
    readonly isResolved: boolean;
  }[],
): Promise<IssueTracker> {
  const tracker = createIssueTracker({ store, clock: createVirtualClock(START + 9 * MINUTE), alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  await tracker.digest(
    issues.map(({ at, count, value }, index) => {
      return { projectId: "shop", type: `E${String(index)}x`, value, count, receivedAt: START + at };
    }),
  );
  for (const [index, { isResolved }] of issues.entries()) {
    if (isResolved) await tracker.issues.resolve(`SHOP-${String(index + 1)}`);
  }
  return tracker;
}

function pageOf({ issues }: IssueTracker, list: List, cursor?: string | null): Promise<IssuePage> {
  return issues.list({ projectId: "shop", ...list, ...(cursor && { cursor }) });
}

/** All pages, from the first to the last. */
async function walk(tracker: IssueTracker, list: List): Promise<IssuePage[]> {
  const pages = [await pageOf(tracker, list)];
  for (;;) {
    const next = pages.at(-1)?.next;
    if (next === undefined || next === null) return pages;
    pages.push(await pageOf(tracker, list, next));
  }
}

const numbersOf = ({ items }: IssuePage): number[] => items.map(({ number }) => number);

const isIssue = fc.record({
  at: fc.constantFrom(0, 1, MINUTE, MINUTE + 1),
  // Exact in the index, and in classes of event counts.
  count: fc.constantFrom(1, 2, 5_000, 5_001, 5_003),
  value: fc.constantFrom("time", "like SHOP-3 and shop-1"),
  isResolved: fc.boolean(),
});

const isList = fc.record(
  {
    sort: fc.constantFrom(...ISSUE_ORDERS),
    direction: fc.constantFrom("ascending", "descending"),
    limit: fc.integer({ min: 1, max: 4 }),
    status: fc.constantFrom("open", "resolved"),
    search: fc.constantFrom("", "TIME", "shop-3", "SHOP-1", "Shop-99", "blog-1"),
  },
  { requiredKeys: ["limit"] },
);

/** The numbers of a list's issues, by the plain rule: the issue with the friendly id, and then all with the text, in order. */
function naively(all: readonly TrackedIssue[], { sort = "last-seen", direction, status, search = "" }: List): number[] {
  const sign = direction === "ascending" ? 1 : -1;
  const text = search.toLowerCase();
  const listed = all
    .filter(({ state }) => status === undefined || state.status === status)
    .filter(({ title, friendlyId }) => title.toLowerCase().includes(text) || friendlyId.toLowerCase() === text)
    .sort((one, other) => sign * (orderValue(one, sort) - orderValue(other, sort) || one.number - other.number));
  const isNamed = ({ friendlyId }: TrackedIssue): boolean => friendlyId.toLowerCase() === text;
  return [...listed.filter(isNamed), ...listed.filter((issue) => !isNamed(issue))].map(({ number }) => number);
}

describe.each(storesForStories())("lists of issues on $name", ({ open }) => {
  test("can be walked back: the page before is the one that a walk forward has shown, in every order, also at equal values", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(isIssue, { minLength: 1, maxLength: 12 }),
        fc.array(isList, { minLength: 6, maxLength: 6 }),
        async (issues, lists) => {
          const store = await open();
          const tracker = await startTracker(store, issues);
          const all = (await pageOf(tracker, { sort: "first-seen" })).items;
          for (const list of lists) {
            const pages = await walk(tracker, list);
            expect(pages.flatMap(numbersOf)).toEqual(naively(all, list));
            expect(pages[0]?.previous).toBeNull();
            for (const [index, page] of pages.entries()) {
              if (index === 0) continue;
              const before = await pageOf(tracker, list, page.previous);
              expect(numbersOf(before)).toEqual(numbersOf(pages[index - 1] ?? page));
              expect(numbersOf(await pageOf(tracker, list, before.next))).toEqual(numbersOf(page));
              expect(before.previous === null).toBe(index === 1);
            }
            // The same by going back all the way.
            let page = pages.at(-1);
            for (const expected of pages.toReversed()) {
              expect(page && numbersOf(page)).toEqual(numbersOf(expected));
              page = page?.previous ? await pageOf(tracker, list, page.previous) : undefined;
            }
            expect(page).toBeUndefined();
          }
          await tracker.close();
          await store.close();
        },
      ),
      { numRuns: rounds({ quick: 6, full: 30 }) },
    );
  });

  test("go on between two pages where issues were removed, in both directions", async () => {
    const store = await open();
    const issue = { at: 0, count: 1, value: "time", isResolved: false };
    const tracker = await startTracker(store, [issue, issue, issue, issue, issue, issue]);
    const list = { limit: 2, sort: "event-count" } as const;
    const [first, second, third] = await walk(tracker, list);
    await tracker.issues.delete("SHOP-3");
    await tracker.issues.delete("SHOP-4");
    expect(numbersOf(await pageOf(tracker, list, first?.next))).toEqual([2, 1]);
    expect(numbersOf(await pageOf(tracker, list, third?.previous))).toEqual([6, 5]);
    expect(numbersOf(await pageOf(tracker, list, second?.previous))).toEqual([6, 5]);
    await tracker.issues.delete("SHOP-6");
    await tracker.issues.delete("SHOP-5");
    expect(await pageOf(tracker, list, second?.previous)).toMatchObject({ items: [], previous: null });
    for (const cursor of ["last-seen:descending:before:1", "last-seen:descending:before:x:1", "last-seen:before:1:1"]) {
      expect(await failureOf(pageOf(tracker, {}, cursor))).toMatchObject({ code: "invalid-input" });
    }
    await tracker.close();
    await store.close();
  });

  test("have the issue whose friendly id is searched for first, of their project and states only; so do counts and bulk commands", async () => {
    const store = await open();
    const issue = { at: 0, count: 1, value: "time", isResolved: false };
    const tracker = await startTracker(store, [issue, issue, { ...issue, value: "as SHOP-2" }]);
    const { issues } = tracker;
    await tracker.projects.save({ id: "blog" });
    expect(numbersOf(await pageOf(tracker, { search: "shop-2" }))).toEqual([2, 3]);
    expect(numbersOf(await pageOf(tracker, { search: " SHOP-1\n" }))).toEqual([1]);
    expect(numbersOf(await pageOf(tracker, { search: "shop-2", status: "muted" }))).toEqual([]);
    expect((await issues.list({ projectId: "blog", search: "SHOP-2" })).items).toEqual([]);
    expect(await issues.count({ projectId: "shop", search: "Shop-2" })).toEqual({ count: 2, exact: true });
    expect(await issues.counts({ projectId: "shop", search: "shop-2" })).toMatchObject({ open: { count: 2 } });
    const filter = { projectId: "shop", search: "shop-2" };
    expect(await issues.bulk({ filter }, { kind: "resolve" })).toMatchObject({ applied: 2, refused: 0 });
    expect(await issues.count({ ...filter, status: "resolved" })).toEqual({ count: 2, exact: true });
    expect(await issues.bulk({ filter: { ...filter, status: "open" } }, { kind: "resolve" })).toMatchObject({
      applied: 0,
    });
    await tracker.close();
    await store.close();
  });
});
