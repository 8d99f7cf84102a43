import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  createIssueTracker,
  volumeCondition,
  type Alert,
  type AlertOptions,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { routeAlerts } from "../../src/sinks/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { DAY, HOUR, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("noise reduction on $name", ({ open }) => {
  let store: IssueStore;
  let clock: VirtualClock;
  let taken: Alert[];

  function trackerWith(alerts: AlertOptions = {}): IssueTracker {
    return createIssueTracker({
      store,
      clock,
      alertSink: (alert) => void taken.push(alert),
      alerts: { inOrder: true, ...alerts },
    });
  }

  const raising = () => createIssueTracker({ store, clock, alertSink: "elsewhere" });

  async function raise(projectId: string, ...types: string[]): Promise<void> {
    await raising().digest(types.map((type) => ({ projectId, type })));
  }

  /** Resolves an issue, which then regresses. */
  async function regress(type: string): Promise<void> {
    const { items } = await raising().issues.list({ projectId: "shop", search: type });
    await raising().issues.resolve(items[0]?.id ?? "");
    await raise("shop", type);
  }

  const delivered = () => taken.map(({ kind, issue }) => (issue === null ? kind : `${kind} ${issue.title}`));

  beforeEach(async () => {
    store = await open();
    clock = createVirtualClock(START);
    taken = [];
    await raising().projects.save({ id: "shop" });
    await raising().projects.save({ id: "blog" });
    return () => store.close();
  });

  describe("alerts above a limit", () => {
    test("are throttled, and one alert at the end of the period sums them up", async () => {
      const tracker = trackerWith({ limits: { perProject: 2 } });
      await raise("shop", "A", "B", "C", "D");
      await raise("blog", "E");
      expect(await tracker.alerts.drain()).toEqual({ delivered: 3, failed: 0, dead: 0, throttled: 2, discarded: 0 });
      expect(delivered()).toEqual(["new-issue A", "new-issue B", "new-issue E"]);
      expect(await tracker.alerts.counts()).toEqual({ due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 });
      clock.advanceBy(HOUR - 1);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 0 });
      clock.advanceBy(1);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 1 });
      expect(taken.at(-1)).toMatchObject({
        kind: "throttled",
        project: { id: "shop" },
        issue: null,
        raisedAt: START + HOUR,
        subject: `2 alerts throttled in "shop"`,
        text: "From 2026-11-23 09:00 UTC to 2026-11-23 10:00 UTC, 2 alerts were throttled: 2 new issues.",
        reason: { examples: [{ title: "C" }, { title: "D" }] },
      });
      clock.advanceBy(DAY);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 0 });
    });

    test("are summed up at the highest level among them, by which the sum can be routed", async () => {
      const routed: string[] = [];
      const pager = { name: "pager", sink: ({ kind }: Alert) => void routed.push(kind), levels: ["fatal"] as const };
      const tracker = createIssueTracker({
        store,
        clock,
        alertSink: routeAlerts([pager]),
        alerts: { limits: { perProject: 1 } },
      });
      const levels = ["fatal", "info", "fatal", "debug"] as const;
      await raising().digest(levels.map((level, index) => ({ projectId: "shop", type: `T${String(index)}`, level })));
      await tracker.alerts.drain();
      clock.advanceBy(HOUR);
      await raising().digest(["A", "B"].map((type) => ({ projectId: "shop", type, level: "info" as const })));
      await tracker.alerts.drain();
      expect(routed).toEqual(["new-issue", "throttled"]);
      clock.advanceBy(HOUR);
      const sums: Alert[] = [];
      await createIssueTracker({ store, clock, alertSink: (alert) => void sums.push(alert) }).alerts.drain();
      expect(sums).toMatchObject([{ kind: "throttled", level: "info", earlier: [] }]);
    });

    test("are followed by new ones in the next period", async () => {
      const tracker = trackerWith({ limits: { perProject: 1 } });
      await raise("shop", "A", "B");
      await tracker.alerts.drain();
      clock.advanceBy(HOUR);
      await raise("shop", "C");
      await tracker.alerts.drain();
      expect(delivered().toSorted()).toEqual(["new-issue A", "new-issue C", "throttled"]);
    });

    test("of one issue are throttled by the limit of an issue", async () => {
      const tracker = trackerWith({ limits: { perIssue: 2 } });
      await raise("shop", "A");
      for (let times = 0; times < 3; times++) await regress("A");
      await raise("shop", "B");
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 3, throttled: 2 });
      expect(delivered().toSorted()).toEqual(["new-issue A", "new-issue B", "regression A"]);
      clock.advanceBy(HOUR);
      await tracker.alerts.drain();
      expect(taken.at(-1)?.reason).toMatchObject({ counts: { "new-issue": 0, regression: 2, unmute: 0, loud: 0 } });
    });

    test("are those after 10 of an issue and 100 of a project in an hour, by default", async () => {
      const tracker = trackerWith();
      await raise("shop", ...Array.from({ length: 130 }, (_, index) => `T${String(index)}`));
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 100, throttled: 30 });
      expect(await trackerWith({ limits: null }).alerts.drain()).toMatchObject({ delivered: 0 });
    });

    test("do not include retries, which are not counted again", async () => {
      let isDown = true;
      const tracker = createIssueTracker({
        store,
        clock,
        alertSink: (alert) => {
          if (isDown) throw new Error("down");
          taken.push(alert);
        },
        alerts: { limits: { perProject: 2 }, backoffMs: 1_000 },
      });
      await raise("shop", "A", "B");
      await tracker.alerts.drain();
      isDown = false;
      clock.advanceBy(MINUTE);
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 2, throttled: 0 });
    });

    test("are counted by notifications, not by alerts", async () => {
      const tracker = trackerWith({ inOrder: false, limits: { perIssue: 1 } });
      await raise("shop", "A");
      await regress("A");
      await regress("A");
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 3, throttled: 0 });
      await regress("A");
      expect(await tracker.alerts.drain()).toMatchObject({ delivered: 0, throttled: 1 });
    });

    test("are summed up once, by the first dispatcher after the period, also when limits were switched off meanwhile", async () => {
      await raise("shop", "A", "B");
      await trackerWith({ limits: { perProject: 1 } }).alerts.drain();
      clock.advanceBy(HOUR);
      const both = [trackerWith({ limits: null }), trackerWith({ limits: null })];
      await Promise.all(both.map(({ alerts }) => alerts.drain()));
      expect(delivered()).toEqual(["new-issue A", "throttled"]);
    });

    test("are counted exactly by concurrent dispatchers", async () => {
      await raise("shop", ...Array.from({ length: 60 }, (_, index) => `T${String(index)}`));
      const crowd = Array.from({ length: 3 }, () => trackerWith({ limits: { perProject: 25 } }));
      const outcomes = await Promise.all(crowd.map(({ alerts }) => alerts.drain()));
      const sumOf = (what: "delivered" | "throttled") => outcomes.reduce((sum, outcome) => sum + outcome[what], 0);
      expect([sumOf("delivered"), sumOf("throttled"), taken.length]).toEqual([25, 35, 25]);
      clock.advanceBy(HOUR);
      await crowd[0]?.alerts.drain();
      expect(taken.at(-1)?.reason).toMatchObject({ counts: { "new-issue": 35 } });
    });
  });

  describe("a replay of old events", () => {
    test("raises no alerts of events that are more than a day old, but changes issues and histories", async () => {
      const tracker = trackerWith();
      await tracker.digest([
        { projectId: "shop", type: "old", receivedAt: START - DAY - 1 },
        { projectId: "shop", type: "new", receivedAt: START - DAY },
      ]);
      await tracker.settled();
      expect(delivered()).toEqual(["new-issue new"]);
      const { items } = await tracker.issues.list({ projectId: "shop", search: "old" });
      expect((await tracker.issues.history(items[0]?.id ?? "")).items).toMatchObject([
        { turn: { kind: "first-seen" } },
      ]);
    });

    test("raises alerts as quietAfterMs says", async () => {
      const trackers = [trackerWith({ quietAfterMs: MINUTE }), trackerWith({ quietAfterMs: null })];
      await trackers[0]?.digest({ projectId: "shop", type: "A", receivedAt: START - MINUTE - 1 });
      await trackers[1]?.digest({ projectId: "shop", type: "B", receivedAt: 0 });
      for (const tracker of trackers) await tracker.settled();
      expect(delivered()).toEqual(["new-issue B"]);
    });

    test("does not affect alerts that were raised in time and are delivered late", async () => {
      await raise("shop", "A");
      clock.advanceBy(30 * DAY);
      await trackerWith({ maxAgeMs: null }).alerts.drain();
      expect(delivered()).toEqual(["new-issue A"]);
    });
  });

  test("a batch raises at most one alert per issue, whatever happens in it", async () => {
    const types = fc.constantFrom("A", "B", "C");
    const event = fc.record({
      type: types,
      release: fc.constantFrom("", "1.0.0", "1.1.0", "2.0.0"),
      later: fc.nat({ max: 3 }),
    });
    let project = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 20 }),
        fc.array(fc.tuple(types, fc.nat({ max: 3 }))),
        async (events, commands) => {
          const projectId = `p${String(++project)}`;
          const tracker = raising();
          await tracker.projects.save({ id: projectId });
          await tracker.digest(["A", "B", "C"].map((type) => ({ projectId, type, release: "1.0.0" })));
          for (const [type, choice] of commands) {
            const { items } = await tracker.issues.list({ projectId, search: type });
            const ids = items.map(({ id }) => id);
            const conditions = [volumeCondition(3, "day")];
            const command = [
              { kind: "resolve" } as const,
              { kind: "resolve", in: "next-release" } as const,
              { kind: "mute", conditions, sinceMute: true } as const,
              { kind: "mute", until: START + 2 } as const,
            ][choice];
            if (command !== undefined) await tracker.issues.bulk({ projectId, ids }, command);
          }
          const before = (await tracker.alerts.list({ limit: 1_000 })).items.length;
          await tracker.digest(
            events.map(({ type, release, later }) => ({ projectId, type, release, receivedAt: START + later })),
          );
          const raised = (await tracker.alerts.list({ limit: 1_000 })).items.slice(before);
          const issues = raised.map(({ alert }) => alert.issue?.id);
          expect(new Set(issues).size).toBe(issues.length);
          await tracker.alerts.discard(
            (await tracker.alerts.list({ limit: 1_000 })).items.map(({ alert }) => alert.id),
            { reason: "seen" },
          );
        },
      ),
      { numRuns: rounds({ quick: 8, full: 25 }) },
    );
  });
});
