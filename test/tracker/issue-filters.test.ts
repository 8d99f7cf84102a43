import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EVENT_LEVELS, ISSUE_STATUSES, orderValue, wasSeen, type TurningPoint } from "../../src/core/index.ts";
import {
  createIssueTracker,
  createMemoryStore,
  volumeCondition,
  type IssueListOptions,
  type IssueTracker,
  type TrackedIssue,
} from "../../src/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const PROJECTS = ["shop", "blog", "a:b\ud800"];
const RELEASES = ["1.0.0", "1.1.0", "my-app@2.0.0"];

const isEvent = fc.record({
  kind: fc.constant("event" as const),
  project: fc.nat(PROJECTS.length - 1),
  group: fc.nat(1),
  level: fc.constantFrom(...EVENT_LEVELS),
  release: fc.constantFrom("", ...RELEASES),
  environment: fc.constantFrom("", "staging", "production"),
  count: fc.constantFrom(1, 1, 2, 5_001),
});
const isCommand = fc.record({
  kind: fc.constantFrom(
    "resolve",
    "resolve",
    "resolve",
    "resolve-next",
    "mute",
    "mute-until-loud",
    "mute-for-a-while",
    "reopen",
    "annotate",
    "unmute",
    "discard-until-loud",
    "undiscard",
  ),
  place: fc.nat(5),
});
const isStep = fc.oneof({ weight: 5, arbitrary: isEvent }, { weight: 3, arbitrary: isCommand });

type Step = typeof isStep extends fc.Arbitrary<infer Of> ? Of : never;

const isTime = fc.nat(24).map((steps) => START + steps * MINUTE);
const isWholeFilter = fc.record({
  status: fc.uniqueArray(fc.constantFrom(...ISSUE_STATUSES), { minLength: 1 }),
  level: fc.oneof(fc.constantFrom(...EVENT_LEVELS), fc.uniqueArray(fc.constantFrom(...EVENT_LEVELS), { minLength: 1 })),
  release: fc.constantFrom(...RELEASES, " 1.0.0 ", "9.9.9"),
  environment: fc.constantFrom("staging", "production"),
  firstSeenFrom: isTime,
  firstSeenBefore: isTime,
  lastSeenFrom: isTime,
  lastSeenBefore: isTime,
  regressed: fc.constant(true),
  loud: fc.constant(true),
  search: fc.constantFrom("e1", "shop-2", "BLOG-1"),
});
type WholeFilter = typeof isWholeFilter extends fc.Arbitrary<infer Of> ? Of : never;

function endsBeforeItBegins(filter: Partial<WholeFilter>): boolean {
  const { firstSeenFrom = 0, firstSeenBefore = Infinity, lastSeenFrom = 0, lastSeenBefore = Infinity } = filter;
  return firstSeenFrom > firstSeenBefore || lastSeenFrom > lastSeenBefore;
}

/** Filters by few members, so that they leave something. */
const isFilter = isWholeFilter.chain((whole) =>
  fc
    .subarray(Object.entries(whole), { maxLength: 2 })
    .map((members): Partial<WholeFilter> => Object.fromEntries(members))
    .filter((filter) => !endsBeforeItBegins(filter)),
);

const isList = fc.record({
  filter: isFilter,
  sort: fc.constantFrom("last-seen", "event-count", "first-seen"),
  direction: fc.constantFrom("ascending", "descending"),
  projects: fc.oneof(fc.constantFrom("one", "all"), fc.uniqueArray(fc.constantFrom(...PROJECTS), { minLength: 1 })),
  limit: fc.integer({ min: 1, max: 5 }),
});

/** What a filter says, as the caller gives it. */
type Filter = Omit<IssueListOptions, "projectId" | "projectIds" | "limit" | "cursor" | "sort" | "direction">;

/** An issue with what other calls say of it. */
interface Known {
  readonly issue: TrackedIssue;
  readonly releases: readonly string[];
  readonly signs: { readonly regressed: boolean; readonly loud: boolean };
}

/** What an issue is by its history: what it became since it is open. */
function signsOf(history: readonly TurningPoint[], isOpen: boolean): Known["signs"] {
  let [regressed, loud] = [false, false];
  for (const { turn } of history) {
    switch (turn.kind) {
      case "annotated":
      case "watched":
        break;
      case "loud":
        loud = true;
        break;
      default:
        regressed = turn.kind === "regressed";
        loud =
          (turn.kind === "unmuted" || turn.kind === "undiscarded") &&
          !["by-person", "deadline-passed"].includes(turn.reason.kind);
    }
  }
  return { regressed: isOpen && regressed, loud: isOpen && loud };
}

async function knownOf({ issues }: IssueTracker): Promise<Known[]> {
  const known: Known[] = [];
  for (const projectId of PROJECTS) {
    const { items } = await issues.list({ projectId, status: ISSUE_STATUSES, limit: 1_000 });
    for (const issue of items) {
      const marks = (await issues.releases(issue.id)).items;
      const history = (await issues.history(issue.id, { limit: 1_000 })).items.toReversed();
      const releases = marks.filter(wasSeen).map(({ version }) => version);
      known.push({ issue, releases, signs: signsOf(history, issue.state.status === "open") });
    }
  }
  return known;
}

function matches({ issue, releases, signs }: Known, filter: Filter): boolean {
  const { status, level, release, environment, search = "" } = filter;
  const { firstSeenFrom = 0, firstSeenBefore = Infinity, lastSeenFrom = 0, lastSeenBefore = Infinity } = filter;
  const text = search.toLowerCase();
  const isListed = status?.includes(issue.state.status) ?? issue.state.status !== "merged";
  if (!isListed) return false;
  if (level !== undefined && ![level].flat().includes(issue.level)) return false;
  if (release !== undefined && !releases.includes(release.trim())) return false;
  if (environment !== undefined && !issue.environments.includes(environment)) return false;
  if (issue.firstSeenAt < Number(firstSeenFrom) || issue.firstSeenAt >= Number(firstSeenBefore)) return false;
  if (issue.lastSeenAt < Number(lastSeenFrom) || issue.lastSeenAt >= Number(lastSeenBefore)) return false;
  if (filter.regressed === true && !signs.regressed) return false;
  if (filter.loud === true && !signs.loud) return false;
  return issue.title.toLowerCase().includes(text) || issue.friendlyId.toLowerCase() === text;
}

/**
 * Plays a story: events of several projects, minute by minute, and commands between them.
 *
 * @returns for each issue, by its project and title, the level of its last event
 */
async function play(
  tracker: IssueTracker,
  steps: readonly Step[],
  tick: () => void,
): Promise<ReadonlyMap<string, string>> {
  const { issues, projects, digest } = tracker;
  const levels = new Map<string, string>();
  for (const id of PROJECTS) {
    await projects.save({
      id,
      slug: id.replace(/\W/gu, ""),
      watch: { conditions: [volumeCondition(4, "hour")] },
    });
  }
  for (const step of steps) {
    tick();
    if (step.kind === "event") {
      const { project, group, level, release, environment, count } = step;
      const projectId = PROJECTS[project] ?? "shop";
      const named = { ...(release !== "" && { release }), ...(environment !== "" && { environment }) };
      const title = `E${String(group)}x`;
      const outcome = await digest({ projectId, type: title, level, count, ...named });
      if (outcome.kind === "digested" && !outcome.discarded) levels.set(`${projectId} ${title}`, level);
      continue;
    }
    const { items } = await issues.list({ projectIds: "all", status: ISSUE_STATUSES, limit: 12 });
    const id = items[step.place]?.id;
    if (id === undefined) continue;
    const command = {
      resolve: () => issues.resolve(id),
      "resolve-next": () => issues.resolve(id, { in: "next-release" }),
      mute: () => issues.mute(id),
      "mute-until-loud": () => issues.mute(id, { conditions: [volumeCondition(2, "day")] }),
      "mute-for-a-while": () => issues.mute(id, { for: { period: "minute", nrOfPeriods: 3 } }),
      reopen: () => issues.reopen(id),
      annotate: () => issues.annotate(id, "seen"),
      unmute: () => issues.unmute(id),
      "discard-until-loud": () => issues.discard(id, { conditions: [volumeCondition(2, "day")] }),
      undiscard: () => issues.undiscard(id),
    }[step.kind];
    await command().catch(() => undefined);
  }
  return levels;
}

describe.each(storesForStories())("filters of lists on $name", ({ name, open }) => {
  // On a server each round takes a second or two.
  const isInProcess = name === "memory" || name === "SQLite";

  test("list, page by page, what a look at each issue finds, of one project or of several; counts say how many", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(isStep, { minLength: 20, maxLength: 40, size: "max" }),
        fc.array(isList, { minLength: 20, maxLength: 20 }),
        async (steps, lists) => {
          const store = await open();
          const clock = createVirtualClock(START);
          const tracker = createIssueTracker({ store, clock, alertSink: "elsewhere" });
          const levels = await play(tracker, steps, () => {
            clock.advanceBy(MINUTE);
          });
          const known = await knownOf(tracker);
          for (const { issue } of known) expect(issue.level).toBe(levels.get(`${issue.projectId} ${issue.title}`));
          for (const { filter, sort, direction, projects, limit } of lists) {
            const isOne = projects === "one" || sort === "first-seen";
            const choice = isOne ? { projectId: "shop" } : { projectIds: projects };
            const isChosen = ({ projectId }: TrackedIssue): boolean =>
              isOne ? projectId === "shop" : projects === "all" || projects.includes(projectId);
            const sign = direction === "ascending" ? 1 : -1;
            const expected = known
              .filter((each) => isChosen(each.issue) && matches(each, filter))
              .map(({ issue }) => issue)
              .sort(
                (one, other) =>
                  sign *
                  (orderValue(one, sort) - orderValue(other, sort) ||
                    one.number - other.number ||
                    (one.projectId < other.projectId ? -1 : 1)),
              );
            const isNamed = ({ friendlyId }: TrackedIssue): boolean =>
              friendlyId.toLowerCase() === filter.search?.toLowerCase();
            const inOrder = [...expected.filter(isNamed), ...expected.filter((issue) => !isNamed(issue))];
            const options: IssueListOptions = { ...filter, ...choice, sort, direction, limit };
            const pages = await pagesOf(tracker, options);
            expect([options, pages.flat()]).toEqual([options, inOrder.map(({ friendlyId }) => friendlyId)]);
            expect(await pagesBackwards(tracker, options)).toEqual(pages);
            const count = { count: expected.length, exact: true };
            expect(await tracker.issues.count({ ...filter, ...choice })).toEqual(count);
          }
          await tracker.close();
          await store.close();
        },
      ),
      { numRuns: rounds({ quick: 20, full: isInProcess ? 120 : 20 }) },
    );
  });
});

/** The friendly ids of all pages. */
async function pagesOf({ issues }: IssueTracker, options: IssueListOptions): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null | undefined;
  do {
    const { items, next } = await issues.list({ ...options, ...(cursor && { cursor }) });
    pages.push(items.map(({ friendlyId }) => friendlyId));
    cursor = next;
  } while (cursor !== null);
  return pages;
}

/** The same from the last page back. */
async function pagesBackwards({ issues }: IssueTracker, options: IssueListOptions): Promise<string[][]> {
  let page = await issues.list(options);
  while (page.next !== null) page = await issues.list({ ...options, cursor: page.next });
  const pages = [page.items];
  while (page.previous !== null) {
    page = await issues.list({ ...options, cursor: page.previous });
    pages.unshift(page.items);
  }
  return pages.map((items) => items.map(({ friendlyId }) => friendlyId));
}

test("a time that ends before it begins is refused, naming both ends", async () => {
  const tracker = createIssueTracker({ store: createMemoryStore(), alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  const { issues } = tracker;
  for (const name of ["firstSeen", "lastSeen"] as const) {
    const filter = { projectId: "shop", [`${name}From`]: 7, [`${name}Before`]: 6 };
    const calls = [
      ["options", issues.list(filter)],
      ["filter", issues.count(filter)],
      ["filter", issues.counts(filter)],
      ["selection.filter", issues.bulk({ filter }, { kind: "resolve" })],
    ] as const;
    for (const [field, call] of calls) {
      const message = `${field}.${name}Before: got 6; allowed is an instant that is not before ${name}From, 7.`;
      expect(await failureOf(call)).toMatchObject({ code: "invalid-input", field: `${field}.${name}Before`, message });
    }
  }
});

describe("what an issue became since it is open", () => {
  test("stays where another one is merged into it, and goes with a member that is taken out again", async () => {
    const clock = createVirtualClock(START);
    const tracker = createIssueTracker({ store: createMemoryStore(), clock, alertSink: "elsewhere" });
    const { issues, digest, projects } = tracker;
    await projects.save({ id: "shop", watch: { conditions: [volumeCondition(3, "hour")] } });
    await digest([
      { projectId: "shop", type: "A" },
      { projectId: "shop", type: "B" },
    ]);
    await issues.resolve("SHOP-1");
    await digest({ projectId: "shop", type: "A" });
    const regressedAt = clock.now();
    clock.advanceBy(MINUTE);
    await digest([{ projectId: "shop", type: "A" }]);
    const signs = { regressedAt, loudAt: clock.now() };
    expect((await issues.get("SHOP-1"))?.state).toMatchObject({ status: "open", ...signs });
    await issues.merge("SHOP-2", { into: "SHOP-1" });
    expect((await issues.get("SHOP-1"))?.state).toMatchObject({ status: "open", ...signs });
    await issues.unmerge("SHOP-2");
    for (const id of ["SHOP-1", "SHOP-2"]) {
      expect((await issues.get(id))?.state).toMatchObject({ status: "open", ...signs });
    }
    await issues.resolve("SHOP-2");
    await issues.reopen("SHOP-2");
    const reopened = (await issues.get("SHOP-2"))?.state;
    expect(reopened).not.toHaveProperty("regressedAt");
    expect(reopened).not.toHaveProperty("loudAt");
  });

  test("is set back with all other times where a clock was ahead", async () => {
    const clock = createVirtualClock(START + 1_000 * MINUTE);
    const tracker = createIssueTracker({ store: createMemoryStore(), clock, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop", watch: { conditions: [volumeCondition(3, "hour")] } });
    await tracker.digest({ projectId: "shop", type: "A" });
    await tracker.issues.resolve("SHOP-1");
    await tracker.digest([
      { projectId: "shop", type: "A" },
      { projectId: "shop", type: "A" },
    ]);
    clock.jumpBy(-1_000 * MINUTE);
    await tracker.digest({ projectId: "shop", type: "A" });
    const state = (await tracker.issues.get("SHOP-1"))?.state;
    expect(state).toMatchObject({ status: "open", regressedAt: START, loudAt: START });
  });
});

describe("a list of a time", () => {
  test("has the issues from its first instant on and before its last, in every order and direction, however short its pages", async () => {
    const clock = createVirtualClock(START);
    const tracker = createIssueTracker({ store: createMemoryStore(), clock, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    const seen: number[] = [];
    for (const type of ["A", "B", "C", "D"]) {
      await tracker.digest({ projectId: "shop", type });
      await tracker.digest({ projectId: "shop", type: `${type} too` });
      seen.push(clock.now(), clock.now());
      clock.advanceBy(1);
    }
    const bounds = [undefined, ...Array.from({ length: 6 }, (_, index) => START - 1 + index)];
    for (const sort of ["last-seen", "event-count", "first-seen"] as const) {
      for (const direction of ["ascending", "descending"] as const) {
        for (const from of bounds) {
          for (const before of bounds.filter((at) => at === undefined || at >= (from ?? 0))) {
            const expected = seen.filter((at) => at >= (from ?? 0) && at < (before ?? Infinity)).length;
            for (const [first, last] of [
              ["lastSeenFrom", "lastSeenBefore"],
              ["firstSeenFrom", "firstSeenBefore"],
            ] as const) {
              const time = {
                ...(from !== undefined && { [first]: from }),
                ...(before !== undefined && { [last]: before }),
              };
              const options = { projectId: "shop", sort, direction, limit: 1, ...time };
              expect([options, (await pagesOf(tracker, options)).flat()]).toEqual([
                options,
                expect.objectContaining({ length: expected }),
              ]);
            }
          }
        }
      }
    }
  });
});

describe("a search through several projects", () => {
  test("takes few pages, though one of them has most issues, and none is found", async () => {
    const tracker = createIssueTracker({
      store: createMemoryStore(),
      clock: createVirtualClock(START),
      alertSink: "elsewhere",
    });
    for (let project = 0; project < 60; project++) {
      const projectId = `p${String(project)}`;
      await tracker.projects.save({ id: projectId });
      const count = project === 0 ? 3_000 : 50;
      await tracker.digest(Array.from({ length: count }, (_, index) => ({ projectId, type: `E${String(index)}x` })));
    }
    for (const sort of ["last-seen", "event-count"] as const) {
      const pages = await pagesOf(tracker, { projectIds: "all", search: "nothing like it", sort });
      expect(pages.flat()).toEqual([]);
      // More than 100 if it had to begin anew in each project for each few issues.
      expect(pages.length).toBeLessThan(30);
    }
    expect(await tracker.issues.count({ projectIds: "all" })).toEqual({ count: 3_000 + 59 * 50, exact: true });
  });
});

describe("a list of several projects", () => {
  async function start(): Promise<IssueTracker> {
    const tracker = createIssueTracker({
      store: createMemoryStore(),
      clock: createVirtualClock(START),
      alertSink: "elsewhere",
    });
    for (const id of ["shop", "blog"]) {
      await tracker.projects.save({ id });
      await tracker.digest({ projectId: id, type: "E" });
    }
    return tracker;
  }

  test("is asked for by name: neither a list without a project nor one with both is answered", async () => {
    const { issues } = await start();
    for (const name of ["list", "count", "counts"] as const) {
      const call = async (filter: object): Promise<unknown> => Reflect.apply(issues[name], issues, [filter]);
      expect(await failureOf(call({ projectId: undefined }))).toMatchObject({
        code: "invalid-input",
        field: expect.stringMatching(/^(?:options|filter)\.projectId$/u),
      });
      expect(await failureOf(call({ projectId: "shop", projectIds: ["blog"] }))).toMatchObject({
        code: "invalid-input",
        field: expect.stringMatching(/\.projectIds$/u),
      });
      expect(await failureOf(call({ projectIds: [] }))).toMatchObject({ code: "invalid-input" });
      expect(await failureOf(call({ projectIds: ["shop", "nowhere"] }))).toMatchObject({
        code: "unknown-project",
        field: expect.stringMatching(/\.projectIds$/u),
      });
    }
  });

  test("has no order by the numbers of issues, and takes no cursor of a list of one project", async () => {
    const { issues } = await start();
    expect(await failureOf(issues.list({ projectIds: "all", sort: "first-seen" }))).toMatchObject({
      code: "invalid-input",
      field: "options.sort",
    });
    const { next } = await issues.list({ projectIds: "all", limit: 1 });
    const cursor = next ?? "";
    expect((await issues.list({ projectIds: "all", limit: 1, cursor })).items).toHaveLength(1);
    expect(await failureOf(issues.list({ projectId: "shop", cursor }))).toMatchObject({ code: "invalid-input" });
    for (const changed of [
      cursor.replace(/:[^:]*$/u, ""),
      cursor.replace(/"/u, ""),
      `${cursor}x`,
      cursor.replace("after", "behind"),
    ]) {
      expect(await failureOf(issues.list({ projectIds: "all", cursor: changed }))).toMatchObject({
        code: "invalid-input",
      });
    }
    const { next: ofOne } = await issues.list({ projectId: "shop", limit: 1 });
    expect(ofOne).toBeNull();
  });
});
