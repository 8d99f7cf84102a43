import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ISSUE_STATUSES, type IssueStatus } from "../../src/core/index.ts";
import { createIssueTracker, type IssueFilter, type IssueTracker } from "../../src/index.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** Brings an issue into a state. The first issue takes those that are merged. */
const INTO: Readonly<Record<IssueStatus, (tracker: IssueTracker, id: string) => Promise<unknown>>> = {
  open: async () => undefined,
  resolved: ({ issues }, id) => issues.resolve(id),
  muted: ({ issues }, id) => issues.mute(id),
  discarded: ({ issues }, id) => issues.discard(id),
  merged: ({ issues }, id) => issues.merge(id, { into: "SHOP-1" }),
};

const isIssue = fc.record({
  status: fc.constantFrom(...ISSUE_STATUSES),
  value: fc.constantFrom("Timeout", "time", "other"),
  environment: fc.constantFrom("", "staging", "production"),
});

const isFilter = fc.record(
  {
    status: fc.oneof(
      fc.constantFrom(...ISSUE_STATUSES),
      fc.uniqueArray(fc.constantFrom(...ISSUE_STATUSES), { minLength: 1 }),
    ),
    search: fc.constantFrom("", "TIME", "timeout", "nothing of it"),
    environment: fc.constantFrom("staging", "production", "other"),
  },
  { requiredKeys: [] },
);

/** The states of all listed issues, by pages. */
async function listed({ issues }: IssueTracker, filter: IssueFilter): Promise<IssueStatus[]> {
  const states: IssueStatus[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await issues.list({ ...filter, limit: 3, ...(cursor && { cursor }) });
    states.push(...page.items.map(({ state }) => state.status));
    cursor = page.next;
  } while (cursor !== null);
  return states;
}

describe.each(storesForStories())("counts of issues on $name", ({ open }) => {
  test("are those of the lists with the same filter, exact up to a number, and say where they are not", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(isIssue, { maxLength: 12 }),
        fc.array(fc.tuple(isFilter, fc.integer({ min: 1, max: 6 })), { minLength: 6, maxLength: 6 }),
        async (wanted, filters) => {
          const store = await open();
          const tracker = createIssueTracker({ store, clock: createVirtualClock(START), alertSink: "elsewhere" });
          await tracker.projects.save({ id: "shop" });
          const events = [{ value: "target", environment: "" }, ...wanted].map(({ value, environment }, index) => {
            return { projectId: "shop", type: `E${String(index)}x`, value, ...(environment && { environment }) };
          });
          await tracker.digest(events);
          for (const [index, { status }] of wanted.entries()) await INTO[status](tracker, `SHOP-${String(index + 2)}`);
          for (const [more, upTo] of filters) {
            const filter = { projectId: "shop", ...more };
            const states = await listed(tracker, filter);
            const countOf = (count: number) => ({ count: Math.min(count, upTo), exact: count <= upTo });
            expect(await tracker.issues.count(filter, { upTo })).toEqual(countOf(states.length));
            const { status: _, ...others } = filter;
            const all = await listed(tracker, { ...others, status: ISSUE_STATUSES });
            const ofStates = ISSUE_STATUSES.map((state) => [
              state,
              countOf(all.filter((each) => each === state).length),
            ]);
            expect(await tracker.issues.counts(others, { upTo })).toEqual(Object.fromEntries(ofStates));
          }
          await tracker.close();
          await store.close();
        },
      ),
      { numRuns: rounds({ quick: 4, full: 30 }) },
    );
  });
});

/** More issues than a search looks at in a step. */
const MANY = 1_500;

async function startTracker(): Promise<IssueTracker> {
  const store = createMemoryStore();
  const tracker = createIssueTracker({ store, clock: createVirtualClock(START), alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  const events = Array.from({ length: MANY }, (_, index) => {
    return { projectId: "shop", type: `E${String(index)}x`, value: index === MANY - 1 ? "Wanted" : "other" };
  });
  await tracker.digest(events);
  return tracker;
}

describe("a count of many issues", () => {
  let issues: IssueTracker["issues"];
  beforeAll(async () => {
    ({ issues } = await startTracker());
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("of a text ends when it takes long, and says that there may be more", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 1_000));
    expect(await issues.count({ projectId: "shop", search: "other" })).toEqual({ count: 1_000, exact: false });
    expect(await issues.count({ projectId: "shop", search: "wanted" })).toEqual({ count: 0, exact: false });
    expect(await issues.counts({ projectId: "shop", search: "other" })).toMatchObject({
      open: { count: 1_000, exact: false },
      muted: { count: 0, exact: false },
    });
    expect(await issues.count({ projectId: "shop" })).toEqual({ count: MANY, exact: true });
    expect(await issues.counts({ projectId: "shop" })).toMatchObject({ open: { count: MANY, exact: true } });
  });

  test("of a text looks at all of them where that does not take long, unless it has counted enough", async () => {
    vi.spyOn(performance, "now").mockReturnValue(0);
    expect(await issues.count({ projectId: "shop", search: "other" })).toEqual({ count: MANY - 1, exact: true });
    expect(await issues.count({ projectId: "shop", search: "wanted" })).toEqual({ count: 1, exact: true });
    expect(await issues.count({ projectId: "shop", search: "other" }, { upTo: 7 })).toEqual({ count: 7, exact: false });
  });

  test("of a text goes on only as long as another step is likely to end in time, and for as long as the host says", async () => {
    let now = 0;
    // Each look at the clock takes four milliseconds.
    vi.spyOn(performance, "now").mockImplementation(() => (now += 4));
    const filter = { projectId: "shop", search: "other" };
    expect(await issues.count(filter, { withinMs: 7 })).toEqual({ count: 1_000, exact: false });
    expect(await issues.count(filter, { withinMs: 1_000 })).toEqual({ count: MANY - 1, exact: true });
    for (const withinMs of [0, 1_001, 2.5]) {
      const refused = { code: "invalid-input", field: "options.withinMs" };
      expect(await failureOf(issues.count(filter, { withinMs }))).toMatchObject(refused);
    }
  });

  test("of a project that does not exist, or up to no number, is refused", async () => {
    for (const count of [() => issues.count({ projectId: "no" }), () => issues.counts({ projectId: "no" })]) {
      expect(await failureOf(count())).toMatchObject({ code: "unknown-project", field: "filter.projectId" });
    }
    for (const upTo of [0, 10_001, 1.5]) {
      const refused = { code: "invalid-input", field: "options.upTo" };
      expect(await failureOf(issues.count({ projectId: "shop" }, { upTo }))).toMatchObject(refused);
      expect(await failureOf(issues.counts({ projectId: "shop" }, { upTo }))).toMatchObject(refused);
    }
  });
});
