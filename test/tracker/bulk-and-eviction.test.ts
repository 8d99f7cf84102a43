import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, type BulkRefusal } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { rounds } from "../support/effort.ts";
import { DAY, failureOf, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("bulk commands on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  /** Makes so many issues, "T0" and on. */
  const makeIssues = async (count: number): Promise<string[]> => {
    await story.tracker.projects.save({ id: "shop", alerts: { "new-issue": false } });
    const outcomes = await story.tracker.digest(
      Array.from({ length: count }, (_, index) => ({ projectId: "shop", type: `T${String(index)}`, release: "1.0.0" })),
    );
    return outcomes.flatMap((each) => (each.kind === "digested" ? each.issue.id : []));
  };

  test("on a filter apply to every issue that matched, though the command changes its state, with one turning point each", async () => {
    const ids = await makeIssues(1_203);
    await story.tracker.issues.mute(ids[700] ?? "");
    const command: Command = { kind: "resolve", in: { release: "2.0.0" } };
    const outcome = await story.tracker.issues.bulk({ filter: { projectId: "shop", status: "open" } }, command, {
      by: "ann",
      comment: "all of it",
    });
    expect(outcome).toEqual({ applied: 1_202, refused: 0, refusals: [] });
    expect((await story.tracker.issues.list({ projectId: "shop", status: "open" })).items).toEqual([]);
    expect(await story.status(ids[700] ?? "")).toBe("muted");
    for (const id of [ids[0], ids[600], ids[1_202]]) {
      const { items } = await story.tracker.issues.history(id ?? "");
      expect(items).toMatchObject([
        { turn: { kind: "resolved" }, by: { kind: "user", id: "ann" }, comment: "all of it" },
        { turn: { kind: "first-seen" } },
      ]);
    }
    expect((await story.event({ type: "T5", release: "2.0.0" })).regressed).toMatchObject({ fixedIn: "2.0.0" });
  });

  test("on a filter respect its search", async () => {
    await makeIssues(25);
    expect(
      await story.tracker.issues.bulk({ filter: { projectId: "shop", search: "t2" } }, { kind: "mute" }),
    ).toMatchObject({ applied: 6 });
  });

  test("by the next release wait, and that release is the fix of all issues at once", async () => {
    const ids = await makeIssues(1_100);
    await story.tracker.issues.bulk({ projectId: "shop", ids }, { kind: "resolve", in: "next-release" });
    await story.event({ type: "T3", release: "1.1.0" });
    expect(await story.history(ids[3] ?? "")).toEqual(["first-seen", "resolved", "next-materialized", "regressed"]);
    expect(await story.history(ids[1_099] ?? "")).toEqual(["first-seen", "resolved", "next-materialized"]);
  });

  test("report issues that they do not apply to: the first thousand in the outcome, all of them to a callback", async () => {
    const ids = await makeIssues(1_200);
    await story.tracker.issues.bulk({ projectId: "shop", ids }, { kind: "resolve" });
    const refusals: BulkRefusal[] = [];
    const outcome = await story.tracker.issues.bulk(
      { projectId: "shop", ids: [...ids, ...ids] },
      { kind: "mute" },
      { onRefused: (each) => refusals.push(each) },
    );
    expect(outcome).toMatchObject({ applied: 0, refused: 1_200 });
    expect([outcome.refusals.length, refusals.length, refusals[0]?.code]).toEqual([1_000, 1_200, "issue-resolved"]);
  });

  test("take friendly ids among ids; an issue that is given twice is one issue, and unknown ones are refused", async () => {
    const ids = await makeIssues(3);
    await story.tracker.projects.save({ id: "blog" });
    await story.tracker.digest({ projectId: "blog", type: "E" });
    const given = ["SHOP-1", ids[0] ?? "", "shop-2", ids[2] ?? "", "SHOP-9", "BLOG-1", "nonsense"];
    const outcome = await story.tracker.issues.bulk({ projectId: "shop", ids: given }, { kind: "resolve" });
    expect(outcome).toMatchObject({ applied: 3, refused: 3 });
    expect(outcome.refusals).toMatchObject([
      { issueId: "SHOP-9", code: "unknown-issue" },
      { issueId: "BLOG-1", code: "unknown-issue" },
      { issueId: "nonsense", code: "unknown-issue" },
    ]);
    expect(await story.status("BLOG-1")).toBe("open");
  });

  test("count an issue once that is given in two chunks, by its id and by its friendly id", async () => {
    const ids = await makeIssues(501);
    const given = [...ids, "SHOP-1", "shop-501"];
    const outcome = await story.tracker.issues.bulk(
      { projectId: "shop", ids: given },
      { kind: "annotate", comment: "once" },
    );
    expect(outcome).toMatchObject({ applied: 501, refused: 0 });
    expect((await story.tracker.issues.history("SHOP-1")).items.map(({ turn }) => turn.kind)).toEqual([
      "annotated",
      "first-seen",
    ]);
  });

  test("leave out issues that are opened meanwhile", async () => {
    await makeIssues(600);
    const inner = story.tracker;
    let added = false;
    const tracker = createIssueTracker({
      clock: story.clock,
      store: {
        ...story.store,
        transaction: async (work) => {
          const result = await story.store.transaction(work);
          if (!added) {
            added = true;
            await inner.digest([{ projectId: "shop", type: "newcomer" }]);
          }
          return result;
        },
      },
    });
    const selection = { filter: { projectId: "shop" } };
    expect(await tracker.issues.bulk(selection, { kind: "resolve" })).toMatchObject({ applied: 600, refused: 0 });
    expect(await story.status((await story.event({ type: "newcomer" })).issue.id)).toBe("open");
  });

  test("a tick ends all due mutes, however many", async () => {
    const ids = await makeIssues(1_200);
    const until = START + MINUTE;
    await story.tracker.issues.bulk({ projectId: "shop", ids }, { kind: "mute", until, wakeOn: "deadline" });
    expect(await story.tracker.tick(until)).toEqual({ unmuted: 1_200, mutedAgain: 0, autoResolved: 0, unreadable: [] });
    expect((await story.tracker.issues.list({ projectId: "shop", status: "muted" })).items).toEqual([]);
  });

  test("that delete leave nothing of the issues", async () => {
    const ids = await makeIssues(3);
    await story.tracker.issues.bulk({ projectId: "shop", ids: ids.slice(0, 2) }, { kind: "delete" });
    expect((await story.tracker.issues.list({ projectId: "shop" })).items.map(({ title }) => title)).toEqual(["T2"]);
    expect(await story.tracker.issues.get(ids[0] ?? "")).toBeUndefined();
    expect(await failureOf(story.tracker.issues.history(ids[0] ?? ""))).toMatchObject({ code: "unknown-issue" });
  });

  test.each([
    [{ projectId: "shop" }, { kind: "resolve" }],
    [{ ids: [] }, { kind: "resolve" }],
    [{ projectId: "shop", ids: [5] }, { kind: "resolve" }],
    [{ filter: { projectId: "shop", status: "gone" } }, { kind: "resolve" }],
    [{ projectId: "shop", ids: [] }, { kind: "explode" }],
    [undefined, { kind: "resolve" }],
    [{ projectId: "shop", ids: [], filter: { projectId: "shop" } }, { kind: "resolve" }],
    [{ filter: { projectId: "shop", statuses: ["muted"] } }, { kind: "delete" }],
    [{ filter: { projectId: "shop" } }, { kind: "mute", condition: { period: "day", nrOfPeriods: 1, volume: 5 } }],
    [{ filter: { projectId: "shop" } }, { kind: "resolve", release: "1.0.0" }],
    [{ filter: { projectId: "shop" } }, { kind: "delete", by: "ann" }],
  ])("that are invalid are refused: %j %j", async (selection, command) => {
    expect(await failureOf(Reflect.apply(story.tracker.issues.bulk, undefined, [selection, command]))).toMatchObject({
      code: "invalid-input",
    });
  });

  test.each([{ onRefused: "log" }, { onRefuse: () => undefined }, { by: "" }])(
    "with invalid options are refused before anything is written: %j",
    async (options) => {
      const [id = ""] = await makeIssues(1);
      const given = [{ projectId: "shop", ids: [id] }, { kind: "resolve" }, options];
      expect(await failureOf(Reflect.apply(story.tracker.issues.bulk, undefined, given))).toMatchObject({
        code: "invalid-input",
      });
      expect(await story.status(id)).toBe("open");
    },
  );

  test("that annotate take the comment of the command, and refuse another one", async () => {
    const ids = await makeIssues(1);
    const annotate = { kind: "annotate", comment: "this one" } as const;
    expect(
      await failureOf(story.tracker.issues.bulk({ projectId: "shop", ids }, annotate, { comment: "or this" })),
    ).toMatchObject({ code: "invalid-input", field: "options.comment" });
    await story.tracker.issues.bulk({ projectId: "shop", ids }, annotate, { by: "ann" });
    expect((await story.tracker.issues.history(ids[0] ?? "")).items[0]).toMatchObject({
      comment: "this one",
      by: { kind: "user", id: "ann" },
    });
  });

  test("in an unknown project are refused", async () => {
    expect(
      await failureOf(story.tracker.issues.bulk({ filter: { projectId: "nowhere" } }, { kind: "resolve" })),
    ).toMatchObject({ code: "unknown-project" });
  });

  describe("single commands", () => {
    test("record their author and comment, and check both", async () => {
      const [id = ""] = await makeIssues(1);
      for (const options of [
        { by: "" },
        { by: "x".repeat(201) },
        { comment: "x".repeat(10_001) },
        { comment: 5 },
        { reason: "a misspelt comment" },
        null,
      ]) {
        expect(await failureOf(Reflect.apply(story.tracker.issues.reopen, undefined, [id, options]))).toMatchObject({
          code: "invalid-input",
        });
      }
      expect(await failureOf(story.tracker.issues.resolve("none"))).toMatchObject({ code: "unknown-issue" });
      expect(
        await failureOf(
          story.tracker.issues
            .resolve(id, { in: "latest-release", by: "ann" })
            .then(() => story.tracker.issues.resolve(id, { in: "latest-release" })),
        ),
      ).toMatchObject({ code: "already-resolved" });
    });

    test("resolving by the latest release needs a release with a name", async () => {
      const { issue } = await story.event();
      expect(await failureOf(story.tracker.issues.resolve(issue.id, { in: "latest-release" }))).toMatchObject({
        code: "no-release",
      });
      expect(await story.history(issue.id)).toEqual(["first-seen"]);
    });

    test("that are refused do not announce a release", async () => {
      const { issue } = await story.event({ release: "1.0.0" });
      await story.tracker.issues.resolve(issue.id, { in: { release: "1.0.0" } });
      expect(await failureOf(story.tracker.issues.resolve(issue.id, { in: { release: "1.0.0" } }))).toMatchObject({
        code: "already-resolved",
      });
      expect((await story.tracker.releases.list("shop")).items).toHaveLength(1);
    });
  });

  describe("eviction", () => {
    test("removes old events except those that caused a turning point, and changes nothing else", async () => {
      const { issue, eventId } = await story.event({ id: "first", data: { a: 1 } });
      await story.events(3, { data: { b: 2 } });
      story.clock.advanceBy(DAY);
      const { eventId: recent } = await story.event();
      expect(await story.tracker.events.evict({ projectId: "shop", receivedBefore: START + MINUTE })).toBe(3);
      expect(await story.tracker.events.evict({ projectId: "shop", receivedBefore: START + MINUTE })).toBe(0);
      expect(await story.tracker.events.get("shop", eventId)).toMatchObject({ kept: true, data: { a: 1 } });
      expect(await story.tracker.events.get("shop", recent)).toBeDefined();
      expect(await story.tracker.issues.get(issue.id)).toMatchObject({ eventCount: 5 });
      expect((await story.tracker.digest({ projectId: "shop", id: "first", type: "E" })).kind).toBe("duplicate");
    });

    test("looks at every event once, however many there are", async () => {
      const outcomes = await story.tracker.digest(
        Array.from({ length: 2_500 }, (_, index) => ({ projectId: "shop", type: "E", id: `e-${String(index)}` })),
      );
      expect(outcomes).toHaveLength(2_500);
      expect(await story.tracker.events.evict({ projectId: "shop", receivedBefore: START + 1 })).toBe(2_499);
    });

    test("removes the events of deleted issues, which cannot be found before either", async () => {
      const { issue } = await story.event({ id: "gone" });
      await story.tracker.issues.delete(issue.id);
      expect(await story.tracker.events.get("shop", "gone")).toBeUndefined();
      expect(await story.tracker.events.evict({ projectId: "shop", receivedBefore: 0 })).toBe(1);
      expect((await story.event({ id: "gone" })).created).toBe(true);
    });

    test("keeps the newest events of each issue in the order of their digestion, and those that caused a turning point", async () => {
      const { tracker } = story;
      const { issue } = await story.event({ id: "1" });
      for (const id of ["2", "3", "4"]) await story.event({ id });
      await story.event({ id: "late", receivedAt: START - DAY });
      await tracker.digest({ projectId: "shop", id: "other", type: "Other" });
      expect(await tracker.events.evict({ projectId: "shop", keepPerIssue: 2 })).toBe(2);
      const ids = ["1", "2", "3", "4", "late", "other"];
      const found = await Promise.all(ids.map((id) => tracker.events.get("shop", id)));
      expect(found.map((event) => event?.number)).toEqual([1, undefined, undefined, 4, 5, 1]);
      expect(await tracker.events.evict({ projectId: "shop", keepPerIssue: 1, receivedBefore: START })).toBe(2);
      expect(await tracker.issues.get(issue.id)).toMatchObject({ eventCount: 5, lastEventNumber: 5 });
      expect(await story.event({ id: "4" })).toMatchObject({ kind: "digested", issue: { lastEventNumber: 6 } });
    });

    test("by number counts discarded events, and is not changed by duplicates and counts", async () => {
      const { tracker } = story;
      const { issue } = await story.event({ id: "1", count: 50 });
      await tracker.issues.discard(issue.id);
      await story.event({ id: "2", count: 7 });
      expect((await story.tracker.digest({ projectId: "shop", id: "2", type: "E" })).kind).toBe("duplicate");
      await story.event({ id: "3" });
      expect(await tracker.issues.get(issue.id)).toMatchObject({ eventCount: 58, lastEventNumber: 3 });
      expect(await tracker.events.evict({ projectId: "shop", keepPerIssue: 1 })).toBe(1);
      expect((await story.tracker.digest({ projectId: "shop", id: "3", type: "E" })).kind).toBe("duplicate");
    });

    test("removes exactly what is old or not among the newest, whatever was digested and evicted before", async () => {
      const step = fc.oneof(
        { weight: 5, arbitrary: fc.record({ type: fc.constantFrom("A", "B", "C"), ago: fc.nat(9) }) },
        { weight: 1, arbitrary: fc.record({ keepPerIssue: fc.integer({ min: 1, max: 4 }) }) },
        {
          weight: 1,
          arbitrary: fc.record({ keepPerIssue: fc.integer({ min: 1, max: 4 }), receivedBefore: fc.nat(9) }),
        },
        { weight: 1, arbitrary: fc.record({ receivedBefore: fc.nat(9) }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
          const own = await Scenario.begin(await open());
          const stored = new Map<string, { type: string; number: number; receivedAt: number; kept: boolean }>();
          const last = new Map<string, number>();
          for (const [index, each] of steps.entries()) {
            if ("type" in each) {
              const { type, ago } = each;
              const receivedAt = START - ago * MINUTE;
              await own.tracker.digest({ projectId: "shop", id: String(index), type, receivedAt });
              const number = (last.get(type) ?? 0) + 1;
              last.set(type, number);
              stored.set(String(index), { type, number, receivedAt, kept: number === 1 });
              continue;
            }
            const keepPerIssue = "keepPerIssue" in each ? each.keepPerIssue : Infinity;
            const before = "receivedBefore" in each ? START - each.receivedBefore * MINUTE : 0;
            const leaving = [...stored].filter(([, { type, number, receivedAt, kept }]) => {
              return !kept && (receivedAt < before || number <= (last.get(type) ?? 0) - keepPerIssue);
            });
            const input = "receivedBefore" in each ? { ...each, receivedBefore: before } : each;
            expect(await own.tracker.events.evict({ projectId: "shop", ...input })).toBe(leaving.length);
            for (const [id] of leaving) stored.delete(id);
          }
          for (const index of steps.keys()) {
            expect((await own.tracker.events.get("shop", String(index)))?.number).toBe(
              stored.get(String(index))?.number,
            );
          }
          await own.tracker.close();
        }),
        { numRuns: rounds({ quick: 20, full: 1_000 }) },
      );
    });

    test("checks its input", async () => {
      for (const input of [{}, { keepPerIssue: 0 }, { keepPerIssue: 1.5 }]) {
        const failure = await failureOf(story.tracker.events.evict({ projectId: "shop", ...input }));
        expect(failure).toMatchObject({ code: "invalid-input", field: expect.stringContaining("eviction") });
      }
      expect(await failureOf(story.tracker.events.evict({ projectId: "shop", receivedBefore: -1 }))).toMatchObject({
        code: "invalid-input",
      });
      expect(await failureOf(story.tracker.events.evict({ projectId: "nowhere", receivedBefore: 1 }))).toMatchObject({
        code: "unknown-project",
      });
    });
  });
});
