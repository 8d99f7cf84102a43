import { afterEach, describe, expect, test, vi } from "vitest";
import { createIssueTracker, type IssueListOptions, type IssueTracker } from "../../src/index.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { START } from "../support/scenario.ts";

/** More issues than a search looks at in two steps. */
const MANY = 2_500;

/** A tracker with many issues, of which the oldest and the newest are searched for. */
async function startTracker(): Promise<IssueTracker> {
  const clock = createVirtualClock(START);
  const tracker = createIssueTracker({ store: createMemoryStore(), clock, alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  const events = Array.from({ length: MANY }, (_, index) => {
    const isWanted = index === 0 || index === MANY - 1;
    const environment = isWanted ? "staging" : "production";
    return { projectId: "shop", type: `E${String(index)}x`, value: isWanted ? "Wanted" : "other", environment };
  });
  await tracker.digest(events);
  return tracker;
}

/** Makes every search take long after its first step. */
function letSearchesTakeLong(): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 1_000));
}

const SEARCHES: readonly IssueListOptions[] = [
  { projectId: "shop", search: "wanted" },
  { projectId: "shop", environment: "staging", sort: "first-seen", direction: "ascending" },
  { projectId: "shop", search: "wanted", sort: "event-count", limit: 1 },
];

describe("a search through many issues", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each(SEARCHES)("ends a page that takes long, and says how far it looked: %o", async (options) => {
    const tracker = await startTracker();
    letSearchesTakeLong();
    const found: number[] = [];
    const searchedTo: (number | null)[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await tracker.issues.list({ ...options, ...(cursor && { cursor }) });
      found.push(...page.items.map(({ number }) => number));
      searchedTo.push(page.searchedTo);
      cursor = page.next;
    } while (cursor !== null);
    expect(found.toSorted((one, other) => one - other)).toEqual([1, MANY]);
    expect(searchedTo.filter((each) => each !== null).length).toBeGreaterThan(0);
    expect(searchedTo.at(-1)).toBeNull();
  });

  test("says by the order of the list how far it looked", async () => {
    const tracker = await startTracker();
    letSearchesTakeLong();
    const list = (options: Pick<IssueListOptions, "sort">) =>
      tracker.issues.list({ projectId: "shop", search: "nothing like it", ...options });
    expect(await list({})).toMatchObject({ items: [], searchedTo: START });
    expect(await list({ sort: "first-seen" })).toMatchObject({ items: [], searchedTo: MANY - 999 });
    expect(await list({ sort: "event-count" })).toMatchObject({ items: [], searchedTo: 1 });
  });

  test("looks at all issues for one page where that does not take long", async () => {
    const tracker = await startTracker();
    vi.spyOn(performance, "now").mockReturnValue(0);
    const page = await tracker.issues.list({ projectId: "shop", search: "wanted" });
    expect(page).toMatchObject({ items: [{ number: MANY }, { number: 1 }], next: null, searchedTo: null });
  });

  test("in bulk goes through all of them, however long it takes", async () => {
    const tracker = await startTracker();
    letSearchesTakeLong();
    const outcome = await tracker.issues.bulk({ filter: { projectId: "shop", search: "wanted" } }, { kind: "resolve" });
    expect(outcome).toMatchObject({ applied: 2, refused: 0 });
  });

  test("does not concern lists of all issues", async () => {
    const tracker = await startTracker();
    letSearchesTakeLong();
    const page = await tracker.issues.list({ projectId: "shop", limit: 1_000 });
    expect([page.items.length, page.searchedTo]).toEqual([1_000, null]);
  });
});
