import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { volumeCondition, type IssueListOptions, type TrackedIssue } from "../../src/index.ts";
import type { IssueOrder } from "../../src/core/index.ts";
import { rounds } from "../support/effort.ts";
import { DAY, failureOf, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("queries on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  const titles = (issues: readonly TrackedIssue[]) => issues.map(({ title }) => title);
  const list = async (options: Omit<IssueListOptions, "projectId" | "projectIds"> = {}) =>
    story.tracker.issues.list({ projectId: "shop", ...options });

  test("an issue is found by its id and by its friendly id, in any case, and nothing else is", async () => {
    await story.tracker.projects.save({ id: "shop", slug: "web-Shop" });
    const { issue } = await story.event({ value: "v" });
    expect(issue.friendlyId).toBe("WEB-SHOP-1");
    expect(await story.tracker.issues.get(issue.id)).toEqual(issue);
    expect(await story.tracker.issues.get("web-shop-1")).toEqual(issue);
    const others = [issue.id.toUpperCase(), "00000000-0000-0000-0000-000000000000"];
    for (const id of ["WEB-SHOP-2", "SHOP-1", "nonsense", "WEB-SHOP-1 ", "no-uuid", ...others])
      expect(await story.tracker.issues.get(id)).toBeUndefined();
    expect(await failureOf(story.tracker.issues.get(""))).toMatchObject({ code: "invalid-input", field: "id" });
  });

  test("commands and queries take a friendly id, in any case, where they take an id", async () => {
    const { issue } = await story.event({ release: "1.0.0" });
    const { issues } = story.tracker;
    expect(await issues.annotate("SHOP-1", "hm")).toMatchObject({ id: issue.id });
    expect(await issues.resolve("shop-1", { in: { release: "2.0.0" } })).toMatchObject({ id: issue.id });
    expect(await issues.reopen("SHOP-1")).toMatchObject({ id: issue.id });
    expect(await issues.mute("SHOP-1", { conditions: [volumeCondition(9, "day")] })).toMatchObject({ id: issue.id });
    expect((await issues.history("Shop-1")).items).toEqual((await issues.history(issue.id)).items);
    expect(await issues.muteProgress("SHOP-1")).toEqual(await issues.muteProgress(issue.id));
    expect(await issues.eventCounts("SHOP-1", { period: "day", nrOfPeriods: 1 })).toMatchObject([{ count: 1 }]);
    expect((await issues.releases("SHOP-1")).items.map(({ version }) => version)).toEqual(["2.0.0", "1.0.0"]);
    expect(await issues.occursInLatestRelease("SHOP-1")).toBe(true);
    expect(await issues.unmute("SHOP-1")).toMatchObject({ id: issue.id });
    for (const id of ["SHOP-2", "BLOG-1", "nonsense"]) {
      expect(await failureOf(issues.resolve(id, { in: "latest-release" }))).toMatchObject({ code: "unknown-issue" });
      expect(await failureOf(issues.muteProgress(id))).toMatchObject({ code: "unknown-issue", field: "id" });
    }
    await issues.delete("SHOP-1");
    expect(await issues.get("SHOP-1")).toBeUndefined();
  });

  test("issues are listed by last seen, first seen and event count, in both directions", async () => {
    story.clock.advanceBy(HOUR);
    for (const [type, count, at] of [
      ["A", 3, START + 2 * MINUTE],
      ["B", 9, START],
      ["C", 1, START + MINUTE],
    ] as const) {
      await story.events(count, { type, receivedAt: at });
    }
    expect(titles((await list()).items)).toEqual(["A", "C", "B"]);
    expect(titles((await list({ sort: "first-seen" })).items)).toEqual(["C", "B", "A"]);
    expect(titles((await list({ sort: "event-count" })).items)).toEqual(["B", "A", "C"]);
    expect(titles((await list({ sort: "event-count", direction: "ascending" })).items)).toEqual(["C", "A", "B"]);
  });

  test("issues are listed by state and by a text in their title or transaction", async () => {
    const [a, b] = [
      await story.event({ type: "Äpfel", transaction: "GET /cart" }),
      await story.event({ type: "Birnen", value: "100% 'x_y'" }),
    ];
    await story.event({ type: "Citrus" });
    await story.tracker.issues.resolve(a.issue.id);
    await story.tracker.issues.mute(b.issue.id);
    expect(titles((await list({ status: "open" })).items)).toEqual(["Citrus"]);
    expect(titles((await list({ status: ["resolved", "muted"], sort: "first-seen" })).items)).toEqual([
      "Birnen: 100% 'x_y'",
      "Äpfel",
    ]);
    expect(titles((await list({ search: "äPF" })).items)).toEqual(["Äpfel"]);
    expect(titles((await list({ search: "/CART" })).items)).toEqual(["Äpfel"]);
    expect(titles((await list({ search: "% 'X_Y" })).items)).toEqual(["Birnen: 100% 'x_y'"]);
    expect((await list({ search: "%" })).items).toHaveLength(1);
    expect((await list({ search: "Citrus", status: "muted" })).items).toEqual([]);
  });

  test("pages in every order list each issue exactly once, also with equal values", async () => {
    const events = fc.array(
      fc.record({ type: fc.constantFrom("A", "B", "C", "D", "E", "F", "G", "H"), minute: fc.nat({ max: 3 }) }),
      { minLength: 1, maxLength: 60 },
    );
    const orders = fc.record({
      sort: fc.constantFrom<IssueOrder>("last-seen", "first-seen", "event-count"),
      direction: fc.constantFrom("ascending" as const, "descending" as const),
    });
    await fc.assert(
      fc.asyncProperty(
        events,
        orders,
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: 7 }),
        async (given, order, limit, resolved) => {
          const here = await Scenario.begin(await open());
          await here.tracker.digest(
            given.map(({ type, minute }) => ({ projectId: "shop", type, receivedAt: START + minute * MINUTE })),
          );
          const all = (await here.tracker.issues.list({ projectId: "shop", ...order })).items;
          for (const { id } of all.slice(0, resolved)) await here.tracker.issues.resolve(id);
          const paged: TrackedIssue[] = [];
          let cursor: string | null = "first";
          while (cursor !== null) {
            const page = await here.tracker.issues.list({
              projectId: "shop",
              ...order,
              limit,
              ...(cursor !== "first" && { cursor }),
            });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            paged.push(...page.items);
            cursor = page.next;
          }
          expect(titles(paged)).toEqual(titles(all));
          const value = ({ lastSeenAt, number, eventCount }: TrackedIssue) =>
            ({ "last-seen": lastSeenAt, "first-seen": number, "event-count": eventCount })[order.sort];
          const sign = order.direction === "ascending" ? 1 : -1;
          const sorted = [...all].sort((one, other) => sign * (value(one) - value(other) || one.number - other.number));
          expect(titles(all)).toEqual(titles(sorted));
          await here.tracker.close();
        },
      ),
      { numRuns: rounds({ quick: 6, full: 40 }) },
    );
  });

  test("a cursor of another list, and other invalid options, are refused", async () => {
    await story.event({ type: "A" });
    await story.event({ type: "B" });
    const { next } = await list({ limit: 1 });
    for (const options of [
      { cursor: next ?? "", sort: "event-count" },
      { cursor: "last-seen:descending:1:2:3" },
      { cursor: "last-seen:descending:x:1" },
      { cursor: "first-seen:descending:3:9", sort: "first-seen" },
      { statuses: ["open"] },
      { cursor: "" },
      { limit: 0 },
      { limit: 1_001 },
      { limit: 1.5 },
      { sort: "loudest" },
      { direction: "up" },
      { status: "gone" },
      { status: [] },
      { search: "x".repeat(1_001) },
      { projectId: "" },
    ]) {
      expect(
        await failureOf(Reflect.apply(story.tracker.issues.list, undefined, [{ projectId: "shop", ...options }])),
      ).toMatchObject({ code: "invalid-input" });
    }
    expect(await failureOf(story.tracker.issues.list({ projectId: "nowhere" }))).toMatchObject({
      code: "unknown-project",
    });
  });

  test("history comes newest first, in pages", async () => {
    const { issue } = await story.event();
    for (let index = 0; index < 5; index++)
      await story.tracker.issues.annotate(issue.id, `note ${String(index)}`, { by: "ann" });
    const first = await story.tracker.issues.history(issue.id, { limit: 4 });
    expect(first.items.map(({ number }) => number)).toEqual([6, 5, 4, 3]);
    expect(first.items[0]).toMatchObject({
      comment: "note 4",
      by: { kind: "user", id: "ann" },
      turn: { kind: "annotated" },
    });
    const second = await story.tracker.issues.history(issue.id, { limit: 4, cursor: first.next ?? "" });
    expect([second.items.map(({ number }) => number), second.next]).toEqual([[2, 1], null]);
    expect((await story.tracker.issues.history(issue.id, { cursor: "history:0" })).items).toEqual([]);
    expect(await failureOf(story.tracker.issues.history("none"))).toMatchObject({ code: "unknown-issue" });
  });

  test("events are counted per period for a sparkline, as far as buckets are kept", async () => {
    const { issue } = await story.event();
    story.clock.advanceBy(3 * HOUR);
    await story.events(2, { receivedAt: START + 2 * HOUR });
    const counts = await story.tracker.issues.eventCounts(issue.id, { period: "hour", nrOfPeriods: 4 });
    expect(counts).toEqual([
      { startsAt: START, count: 1 },
      { startsAt: START + HOUR, count: 0 },
      { startsAt: START + 2 * HOUR, count: 2 },
      { startsAt: START + 3 * HOUR, count: 0 },
    ]);
    expect(await story.tracker.issues.eventCounts(issue.id, { period: "day" })).toHaveLength(30);
    expect(
      await failureOf(story.tracker.issues.eventCounts(issue.id, { period: "day", nrOfPeriods: 31 })),
    ).toMatchObject({ code: "invalid-input" });
  });

  test("an issue that was not seen in the latest release does not occur there", async () => {
    const { issue } = await story.event({ release: "1.0.0" });
    expect(await story.tracker.issues.occursInLatestRelease(issue.id)).toBe(true);
    await story.event({ type: "other", release: "1.1.0" });
    expect(await story.tracker.issues.occursInLatestRelease(issue.id)).toBe(false);
  });

  test("an issue that was seen in the latest release occurs there, also after a fix claim there", async () => {
    const { issue } = await story.event({ release: "1.0.0" });
    expect(await story.tracker.issues.occursInLatestRelease(issue.id)).toBe(true);
    await story.tracker.issues.resolve(issue.id, { in: { release: "2.0.0" } });
    expect(await story.tracker.issues.occursInLatestRelease(issue.id)).toBe(true);
    await story.tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    expect(await story.tracker.issues.occursInLatestRelease(issue.id)).toBe(false);
    await story.event({ release: "2.0.0" });
    await story.tracker.issues.resolve(issue.id, { in: "latest-release" });
    expect(await story.tracker.issues.occursInLatestRelease(issue.id)).toBe(true);
    const without = await story.event({ type: "other" });
    expect(await story.tracker.issues.occursInLatestRelease(without.issue.id)).toBe(true);
    await story.event({ type: "other", release: "app@1.0.0" });
    expect(await story.tracker.issues.occursInLatestRelease(issue.id)).toBe(true);
    await story.tracker.projects.save({ id: "blog" });
    const nameless = await story.event({ projectId: "blog" });
    expect(await story.tracker.issues.occursInLatestRelease(nameless.issue.id)).toBe(false);
  });

  test("the releases of an issue, and of a project, are listed in pages", async () => {
    const { issue } = await story.event({ release: "1.0.0" });
    for (const release of ["1.1.0", "1.2.0", "1.3.0"]) await story.event({ release });
    const first = await story.tracker.issues.releases(issue.id, { limit: 3 });
    expect(first.items.map(({ version }) => version)).toEqual(["1.3.0", "1.2.0", "1.1.0"]);
    expect(
      (await story.tracker.issues.releases(issue.id, { limit: 3, cursor: first.next ?? "" })).items.map(
        ({ version }) => version,
      ),
    ).toEqual(["1.0.0"]);
    const releases = await story.tracker.releases.list("shop", { limit: 3 });
    expect(releases.items.map(({ version }) => version)).toEqual(["1.3.0", "1.2.0", "1.1.0"]);
    expect((await story.tracker.releases.list("shop", { limit: 3, cursor: releases.next ?? "" })).items).toHaveLength(
      1,
    );
  });

  test("a release is registered once, with a date that gives it its place", async () => {
    await story.tracker.releases.register({ projectId: "shop", version: "b", releasedAt: START - DAY });
    await story.tracker.releases.register({ projectId: "shop", version: "a", releasedAt: START - 2 * DAY });
    const again = await story.tracker.releases.register({ projectId: "shop", version: "a" });
    expect(again).toMatchObject({ version: "a", releasedAt: START - 2 * DAY, standing: "known", line: "dated" });
    expect((await story.tracker.releases.latest("shop"))?.version).toBe("b");
    const corrected = await story.tracker.releases.register({ projectId: "shop", version: "a", releasedAt: START });
    expect(corrected).toMatchObject({ releasedAt: START });
    expect((await story.tracker.releases.latest("shop"))?.version).toBe("a");
    for (const input of [
      { projectId: "shop", version: "" },
      { projectId: "shop", version: "dev" },
      { projectId: "shop", version: "x".repeat(251) },
      { projectId: "shop", version: "x", releasedAt: -1 },
    ]) {
      expect(await failureOf(story.tracker.releases.register(input))).toMatchObject({ code: "invalid-input" });
    }
    expect(await failureOf(story.tracker.releases.register({ projectId: "nowhere", version: "1.0.0" }))).toMatchObject({
      code: "unknown-project",
    });
    expect(await failureOf(story.tracker.releases.latest("nowhere"))).toMatchObject({ code: "unknown-project" });
  });

  test("projects are saved, found and listed by slug; a slug belongs to one of them", async () => {
    await story.tracker.projects.save({ id: "b-2", slug: "Blog", alerts: { regression: false } });
    expect(await story.tracker.projects.get("b-2")).toEqual({
      id: "b-2",
      slug: "Blog",
      alerts: { "new-issue": true, regression: false, unmute: true, loud: true },
      watch: { conditions: [] },
      stateEnvironments: null,
      autoResolveAfterMs: null,
    });
    expect(await story.tracker.projects.get("b-3")).toBeUndefined();
    expect((await story.tracker.projects.list()).items.map(({ id }) => id)).toEqual(["b-2", "shop"]);
    await story.tracker.projects.save({ id: "b-2" });
    expect(await story.tracker.projects.save({ id: "b-2", alerts: { unmute: false } })).toEqual({
      id: "b-2",
      slug: "Blog",
      alerts: { "new-issue": true, regression: false, unmute: false, loud: true },
      watch: { conditions: [] },
      stateEnvironments: null,
      autoResolveAfterMs: null,
    });
    expect(await failureOf(story.tracker.projects.save({ id: "other", slug: "SHOP" }))).toMatchObject({
      code: "slug-taken",
      field: "project.slug",
    });
    const { issue } = await story.event();
    await story.tracker.projects.save({ id: "shop", slug: "store" });
    expect((await story.tracker.issues.get(issue.id))?.friendlyId).toBe("STORE-1");
    await story.tracker.projects.save({ id: "other", slug: "shop" });
    expect(await story.tracker.issues.get("SHOP-1")).toBeUndefined();
  });
});
