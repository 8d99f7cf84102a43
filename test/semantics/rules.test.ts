import { beforeEach, describe, expect, test } from "vitest";
import type { GroupingInput, ReleaseOrder } from "../../src/core/index.ts";
import {
  createIssueTracker,
  DEFAULT_GROUPING,
  titleGrouping,
  volumeCondition,
  type GroupingStrategy,
} from "../../src/index.ts";
import { readSentryEvent } from "../../src/sentry/index.ts";
import { DAY, failureOf, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  /** The id of an issue that had so many events, all now. */
  const issueWith = async (count: number, release?: string): Promise<string> => {
    const [first] = await story.events(count, release === undefined ? {} : { release });
    await story.alerts();
    return first?.issue.id ?? "";
  };

  /** The project's releases, line by line, the last of each line first. */
  const releaseNames = async (): Promise<string[]> => {
    const { items } = await story.tracker.releases.list("shop");
    return items.map(({ version }) => version);
  };

  /** An issue's resolution, as far as it names releases. */
  const resolvedIn = async (id: string): Promise<readonly string[] | string | undefined> => {
    const state = (await story.tracker.issues.get(id))?.state;
    if (state?.status !== "resolved") return state?.status;
    return state.resolution.kind === "by-release" ? state.resolution.releases : state.resolution.kind;
  };

  const latest = async (): Promise<string | undefined> => (await story.tracker.releases.latest("shop"))?.version;

  describe("rule 1: calendar windows", () => {
    test("five per hour are five in one calendar hour, not in sixty minutes", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(5, "hour")] });
      story.clock.advanceTo(START + 58 * MINUTE);
      await story.events(3);
      story.clock.advanceTo(START + HOUR);
      const outcomes = await story.events(5);
      expect(outcomes.map(({ unmuted }) => unmuted?.kind)).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        "volume-reached",
      ]);
    });

    test("a rolling window is expressed in finer periods", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(5, "minute", 60)] });
      story.clock.advanceTo(START + 58 * MINUTE);
      await story.events(3);
      story.clock.advanceTo(START + HOUR);
      expect((await story.event()).unmuted).toBeNull(); // the first event's minute has just left the window
      expect((await story.event()).unmuted).toMatchObject({ count: 5 });
    });
  });

  describe("rule 2: what is kept", () => {
    test("a condition that asks for more is refused, and nothing is written", async () => {
      const id = await issueWith(1);
      const asked = { conditions: [{ period: "hour", nrOfPeriods: 48, volume: 5 } as const] };
      expect(await failureOf(story.tracker.issues.mute(id, asked))).toMatchObject({ code: "condition-out-of-range" });
      expect(await story.status(id)).toBe("open");
      expect(await story.history(id)).toEqual(["first-seen"]);
    });
  });

  describe("rule 3: counting", () => {
    test("goes on in every state, so that a condition counts the events before the mute", async () => {
      const id = await issueWith(3, "1.0.0");
      await story.tracker.issues.resolve(id, { in: "next-release" });
      await story.events(2);
      await story.tracker.issues.reopen(id);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(7, "day")] });
      expect((await story.event()).unmuted).toBeNull();
      expect((await story.event()).unmuted).toMatchObject({ kind: "volume-reached", count: 7, sinceMute: false });
    });

    test("a condition that is already met is refused", async () => {
      const id = await issueWith(7);
      const refused = await failureOf(story.tracker.issues.mute(id, { conditions: [volumeCondition(7, "day")] }));
      expect(refused).toMatchObject({ code: "condition-already-met" });
      expect(await story.history(id)).toEqual(["first-seen"]);
      story.clock.advanceBy(DAY);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(7, "day")] });
    });

    test("since the mute, only what comes after it counts: until N more, and until N per day from now on", async () => {
      const id = await issueWith(7);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(3, "total")], sinceMute: true });
      expect((await story.events(3)).map(({ unmuted }) => unmuted?.kind)).toEqual([
        undefined,
        undefined,
        "volume-reached",
      ]);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(3, "day")], sinceMute: true });
      await story.events(2);
      story.clock.advanceBy(DAY);
      expect((await story.events(3)).map(({ unmuted }) => unmuted?.kind)).toEqual([
        undefined,
        undefined,
        "volume-reached",
      ]);
    });
  });

  describe("rule 4: clocks", () => {
    test("counting, first and last seen and deadlines go by when the host received the event", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { until: START + HOUR });
      story.clock.advanceTo(START + DAY);
      const early = await story.event({ receivedAt: START + MINUTE, occurredAt: START + 2 * HOUR });
      expect(early.unmuted).toBeNull();
      const late = await story.event({ receivedAt: START + HOUR + 1, occurredAt: START - 90 * DAY });
      expect(late.unmuted).toMatchObject({ kind: "deadline-passed" });
      expect(late.issue).toMatchObject({ firstSeenAt: START, lastSeenAt: START + HOUR + 1 });
      const stored = await story.tracker.events.get("shop", late.eventId);
      expect(stored).toMatchObject({ occurredAt: START - 90 * DAY, receivedAt: START + HOUR + 1 });
    });

    test("time never runs backwards: a late event counts where it belongs, and is judged at the newest time seen", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(3, "hour", 2)] });
      story.clock.advanceTo(START + 3 * HOUR);
      await story.event();
      expect((await story.event({ receivedAt: START + HOUR })).unmuted).toBeNull();
      expect((await story.event({ receivedAt: START + 2 * HOUR })).unmuted).toBeNull();
      const third = await story.event({ receivedAt: START + 2 * HOUR + 5 });
      expect(third.unmuted).toMatchObject({ count: 3 });
      expect(third.issue).toMatchObject({ eventCount: 5, lastSeenAt: START + 3 * HOUR });
      const counts = await story.tracker.issues.eventCounts(id, { period: "hour", nrOfPeriods: 4 });
      expect(counts.map(({ count }) => count)).toEqual([1, 1, 2, 1]);
    });
  });

  describe("rule 4: nothing is later than now", () => {
    test("an event that was received in the future is received now", async () => {
      const outcome = await story.event({ release: "1.0.0", receivedAt: START + 900 * DAY });
      expect(outcome.issue).toMatchObject({ firstSeenAt: START, lastSeenAt: START });
      expect(await story.tracker.events.get("shop", outcome.eventId)).toMatchObject({ receivedAt: START });
      expect(await story.tracker.releases.latest("shop")).toMatchObject({ releasedAt: START });
    });

    /** Runs work while the clock is three days ahead. */
    const whileAhead = async (work: () => Promise<unknown>): Promise<void> => {
      story.clock.jumpBy(3 * DAY);
      await work();
      story.clock.jumpBy(-3 * DAY);
    };

    test("a clock that was ahead does not silence a mute by volume", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(5, "hour")] });
      await whileAhead(() => story.event());
      await story.event();
      story.clock.advanceBy(2 * HOUR);
      const outcomes = await story.events(5);
      expect(outcomes.map(({ unmuted }) => unmuted !== null)).toEqual([false, false, false, false, true]);
    });

    test("a mute that was made by it keeps its length, and an instant that a person named stays", async () => {
      const [id, other] = [await issueWith(1), (await story.event({ type: "other" })).issue.id];
      await whileAhead(async () => {
        await story.tracker.issues.mute(id, { for: { period: "hour", nrOfPeriods: 1 } });
        await story.tracker.issues.mute(other, { until: START + 9 * DAY });
      });
      story.clock.advanceBy(MINUTE);
      const { issue } = await story.event();
      expect(issue.state).toMatchObject({ mute: { mutedAt: START + MINUTE, deadline: { at: START + MINUTE + HOUR } } });
      expect((await story.event({ type: "other" })).issue.state).toMatchObject({
        mute: { mutedAt: START + MINUTE, deadline: { at: START + 9 * DAY } },
      });
      story.clock.advanceBy(HOUR + MINUTE);
      expect((await story.event()).unmuted).toMatchObject({ kind: "deadline-passed" });
    });

    test("last seen, the title and the counts follow the next event", async () => {
      const id = await issueWith(1);
      await whileAhead(() => story.event({ value: "ahead", fingerprint: ["x"] }));
      const ahead = (await story.tracker.issues.list({ projectId: "shop" })).items.find((each) => each.id !== id);
      story.clock.advanceBy(MINUTE);
      const { issue } = await story.event({ value: "now", fingerprint: ["x"] });
      expect(issue).toMatchObject({ id: ahead?.id, title: "E: now", lastSeenAt: START + MINUTE, eventCount: 2 });
      const counts = await story.tracker.issues.eventCounts(issue.id, { period: "minute", nrOfPeriods: 1 });
      expect(counts).toMatchObject([{ count: 2 }]); // what was counted beyond now counts in the current minute
    });

    test("a resolution and a fix claim that were made by it do not hide regressions", async () => {
      const [plain, fixed] = [
        await issueWith(1, "1.0.0"),
        (await story.event({ type: "fixed", release: "1.0.0" })).issue.id,
      ];
      await whileAhead(async () => {
        await story.tracker.issues.resolve(plain);
        await story.tracker.issues.resolve(fixed, { in: { release: "1.1.0" } });
      });
      expect((await story.event()).regressed).toMatchObject({ kind: "resolved-plainly", resolvedAt: START });
      expect((await story.event({ type: "fixed", release: "1.1.0" })).regressed).toMatchObject({ fixedIn: "1.1.0" });
    });

    test("a command sets back what it finds", async () => {
      const id = await issueWith(1);
      await whileAhead(() => story.event());
      story.clock.advanceBy(MINUTE);
      expect(await story.tracker.issues.annotate(id, "the clock was wrong")).toMatchObject({
        lastSeenAt: START + MINUTE,
      });
      expect((await story.event()).issue.eventCount).toBe(3);
    });

    test("a release that became known by it does not stay the latest for ever", async () => {
      const id = await issueWith(1, "aaa");
      await whileAhead(() => story.event({ type: "other", release: "bbb" }));
      await story.tracker.issues.resolve(id, { in: "next-release" });
      expect((await story.event({ release: "bbb" })).regressed).toBeNull();
      expect((await story.event({ release: "ccc" })).regressed).toMatchObject({ fixedIn: "ccc" });
      expect(await latest()).toBe("ccc");
      expect(await releaseNames()).toEqual(["ccc", "bbb", "aaa"]);
    });

    test("clocks of two processes may differ by a minute", async () => {
      const id = await issueWith(1);
      story.clock.jumpBy(MINUTE);
      await story.event();
      story.clock.jumpBy(-MINUTE);
      await story.event();
      expect((await story.tracker.issues.get(id))?.lastSeenAt).toBe(START + MINUTE);
    });
  });

  describe("rules 3 and 4: a late event", () => {
    test("does not end a mute by a window that was over when the issue was muted", async () => {
      const id = await issueWith(7);
      story.clock.advanceBy(2 * HOUR);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(5, "hour")] });
      expect((await story.event({ receivedAt: START + 5 })).unmuted).toBeNull();
      expect((await story.events(5)).map(({ unmuted }) => unmuted?.kind).at(-1)).toBe("volume-reached");
    });
  });

  describe("rule 5: several conditions", () => {
    test("met by one event make one unmute, one turning point and one alert, for the first of them in order", async () => {
      const id = await issueWith(1);
      const conditions = [volumeCondition(9, "hour"), volumeCondition(2, "month"), volumeCondition(2, "day")];
      await story.tracker.issues.mute(id, { conditions });
      expect((await story.event()).unmuted).toMatchObject({ condition: conditions[1] });
      expect(await story.history(id)).toEqual(["first-seen", "muted", "unmuted"]);
      expect(await story.alertKinds()).toEqual(["unmute"]);
    });
  });

  describe("rule 6: deadlines", () => {
    test("the first event after the deadline ends the mute; an issue without events stays muted", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { for: { period: "hour", nrOfPeriods: 1 } });
      expect((await story.event({ receivedAt: START + HOUR })).unmuted).toBeNull();
      story.clock.advanceBy(5 * DAY);
      expect(await story.tracker.tick()).toEqual({ unmuted: 0, mutedAgain: 0, autoResolved: 0, unreadable: [] });
      expect(await story.status(id)).toBe("muted");
      expect((await story.event()).unmuted).toEqual({
        kind: "deadline-passed",
        deadline: START + HOUR,
        noticedBy: "event",
      });
    });

    test("a mute can end at its deadline, by a tick", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { until: START + HOUR, wakeOn: "deadline" });
      expect(await story.tracker.tick(START + HOUR - 1)).toEqual({
        unmuted: 0,
        mutedAgain: 0,
        autoResolved: 0,
        unreadable: [],
      });
      expect(await story.tracker.tick(START + HOUR)).toEqual({
        unmuted: 1,
        mutedAgain: 0,
        autoResolved: 0,
        unreadable: [],
      });
      expect(await story.status(id)).toBe("open");
      expect(await story.tracker.tick(START + HOUR)).toEqual({
        unmuted: 0,
        mutedAgain: 0,
        autoResolved: 0,
        unreadable: [],
      });
      const [alert] = await story.alerts();
      expect(alert).toMatchObject({
        reason: { kind: "unmute", reason: { noticedBy: "clock" } },
        event: null,
        level: "info",
        turningPoint: 3,
      });
    });

    test("a mute that ends at its deadline also ends by an event after it", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { until: START + HOUR, wakeOn: "deadline" });
      story.clock.advanceTo(START + HOUR + 1);
      expect((await story.event()).unmuted).toMatchObject({ noticedBy: "event" });
      expect(await story.tracker.tick(START + DAY)).toEqual({
        unmuted: 0,
        mutedAgain: 0,
        autoResolved: 0,
        unreadable: [],
      });
    });
  });

  describe("rule 7: an unmute", () => {
    test("by an event writes a turning point with its reason, keeps the event, and raises an alert", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(2, "day")] });
      const { eventId } = await story.event();
      const [point] = (await story.tracker.issues.history(id)).items;
      expect(point).toMatchObject({
        turn: { kind: "unmuted", reason: { kind: "volume-reached" } },
        eventId,
        by: { kind: "system" },
        number: 3,
      });
      expect(await story.tracker.events.get("shop", eventId)).toMatchObject({ kept: true });
      expect(await story.alertKinds()).toEqual(["unmute"]);
    });

    test("by a person raises no alert", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id);
      await story.tracker.issues.unmute(id, { by: "ann", comment: "enough" });
      const [point] = (await story.tracker.issues.history(id)).items;
      expect(point).toMatchObject({
        turn: { kind: "unmuted", reason: { kind: "by-person" } },
        by: { kind: "user", id: "ann" },
        comment: "enough",
        eventId: null,
      });
      expect(await story.alertKinds()).toEqual([]);
    });
  });

  describe("rule 8: commands", () => {
    test("resolving a muted issue clears the mute", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { until: START + HOUR, wakeOn: "deadline" });
      expect((await story.tracker.issues.resolve(id)).state).toMatchObject({ status: "resolved" });
      expect(await story.tracker.tick(START + DAY)).toEqual({
        unmuted: 0,
        mutedAgain: 0,
        autoResolved: 0,
        unreadable: [],
      });
    });

    test("muting a resolved issue, reopening an open one and unmuting one that is not muted are errors, with a code", async () => {
      const id = await issueWith(1);
      expect(await failureOf(story.tracker.issues.reopen(id))).toMatchObject({ code: "not-resolved" });
      expect(await failureOf(story.tracker.issues.unmute(id))).toMatchObject({ code: "not-muted" });
      await story.tracker.issues.resolve(id);
      expect(await failureOf(story.tracker.issues.mute(id))).toMatchObject({ code: "issue-resolved" });
      expect(await story.history(id)).toEqual(["first-seen", "resolved"]);
    });

    test("muting a muted issue replaces its conditions and its deadline", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { until: START + HOUR });
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(3, "total")] });
      story.clock.advanceTo(START + DAY);
      expect((await story.event()).unmuted).toBeNull();
      expect((await story.event()).unmuted).toMatchObject({ kind: "volume-reached" });
    });

    test("resolving a resolved issue by a release adds that release, for a back-port", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.event({ release: "2.0.0" });
      await story.tracker.issues.resolve(id, { in: { release: "2.1.0" } });
      const both = await story.tracker.issues.resolve(id, { in: { release: "1.0.1" } });
      expect(both.state).toMatchObject({ resolution: { kind: "by-release", releases: ["2.1.0", "1.0.1"] } });
      expect((await story.event({ release: "2.0.0" })).regressed).toBeNull();
      expect((await story.event({ release: "1.0.1" })).regressed).toEqual({
        kind: "fixed-in-release",
        release: "1.0.1",
        fixedIn: "1.0.1",
      });
    });

    test("resolving plainly what is resolved plainly moves the time of the resolution; other ways are refused", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id);
      story.clock.advanceBy(HOUR);
      const again = await story.tracker.issues.resolve(id, { comment: "now it is really out" });
      expect(again.state).toMatchObject({ resolvedAt: START + HOUR });
      expect((await story.event({ occurredAt: START + MINUTE })).regressed).toBeNull();
      expect(await story.history(id)).toEqual(["first-seen", "resolved", "resolved"]);
      const byNext = await failureOf(story.tracker.issues.resolve(id, { in: "next-release" }));
      expect(byNext).toMatchObject({ code: "already-resolved" });
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      const refusals = [
        failureOf(story.tracker.issues.resolve(id)),
        failureOf(story.tracker.issues.resolve(id, { in: "next-release" })),
      ];
      for (const refusal of refusals) expect(await refusal).toMatchObject({ code: "already-resolved" });
    });

    test("a bulk command applies to the issues it can, and reports the others with the reason", async () => {
      const [open, resolved] = [await story.event({ type: "A" }), await story.event({ type: "B" })];
      await story.tracker.issues.resolve(resolved.issue.id, { in: { release: "1.0.0" } });
      const ids = [open.issue.id, resolved.issue.id, "no such issue"];
      expect(await story.tracker.issues.bulk({ projectId: "shop", ids }, { kind: "resolve" })).toMatchObject({
        applied: 1,
        refused: 2,
        refusals: [
          { issueId: resolved.issue.id, code: "already-resolved" },
          { issueId: "no such issue", code: "unknown-issue" },
        ],
      });
    });
  });

  describe("rule 9: resolved plainly", () => {
    test("any later event is a regression, in whatever release", async () => {
      const id = await issueWith(1, "1.0.0");
      story.clock.advanceBy(MINUTE);
      await story.tracker.issues.resolve(id);
      const outcome = await story.event({ release: "0.9.0" });
      expect(outcome.regressed).toEqual({ kind: "resolved-plainly", resolvedAt: START + MINUTE });
      expect(outcome.issue.state).toEqual({ status: "open", regressedAt: outcome.issue.lastSeenAt });
      expect(await story.history(id)).toEqual(["first-seen", "resolved", "regressed"]);
      expect(await story.alertKinds()).toEqual(["regression"]);
    });
  });

  describe("rule 9: resolved by a release", () => {
    test("events of releases before it are none, of it and later ones are", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "2.0.0" } });
      expect((await story.event({ release: "1.5.0" })).regressed).toBeNull();
      expect((await story.event({ release: "2.1.0" })).regressed).toEqual({
        kind: "fixed-in-release",
        release: "2.1.0",
        fixedIn: "2.0.0",
      });
    });

    test("fixed, then seen again, then fixed later: the release that is known to be broken is no regression", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      expect((await story.event({ release: "1.1.0" })).regressed).not.toBeNull();
      await story.tracker.issues.resolve(id, { in: { release: "1.2.0" } });
      expect((await story.event({ release: "1.1.0" })).regressed).toBeNull();
      expect((await story.event({ release: "1.2.0" })).regressed).not.toBeNull();
    });

    test("seen, then fixed in the same release: the next event there is a regression", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: "latest-release" });
      expect((await story.event({ release: "1.0.0" })).regressed).toEqual({
        kind: "fixed-in-release",
        release: "1.0.0",
        fixedIn: "1.0.0",
      });
      await story.tracker.issues.resolve(id, { in: "latest-release" });
      expect((await story.event({ release: "1.0.0" })).regressed).not.toBeNull();
    });

    test("a release that was not seen yet is announced: not latest, and not what 'next' waits for", async () => {
      const id = await issueWith(1, "1.0.0");
      const waiting = await story.event({ type: "waiting", release: "1.0.0" });
      await story.tracker.issues.resolve(waiting.issue.id, { in: "next-release" });
      await story.tracker.issues.resolve(id, { in: { release: "2.0.0" } });
      expect((await story.tracker.releases.latest("shop"))?.version).toBe("1.0.0");
      expect(await story.history(waiting.issue.id)).toEqual(["first-seen", "resolved"]);
      expect((await story.event({ type: "other", release: "2.0.0" })).created).toBe(true);
      expect((await story.tracker.releases.latest("shop"))?.version).toBe("2.0.0");
      expect(await story.history(waiting.issue.id)).toEqual(["first-seen", "resolved", "next-materialized"]);
    });

    test("an announced version has its place before it is seen", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      await story.event({ type: "other", release: "1.2.0" });
      expect((await story.event({ release: "1.2.0" })).regressed).toMatchObject({ fixedIn: "1.1.0" });
      expect(await releaseNames()).toEqual(["1.2.0", "1.1.0", "1.0.0"]);
    });

    test("the announced releases of two projects in one batch are independent", async () => {
      await story.tracker.projects.save({ id: "blog" });
      const ids: string[] = [];
      for (const projectId of ["shop", "blog"]) ids.push((await story.event({ projectId, release: "aaa" })).issue.id);
      for (const id of ids) await story.tracker.issues.resolve(id, { in: { release: "fix", announce: true } });
      story.clock.advanceBy(MINUTE);
      const batch = await story.tracker.digest([
        { projectId: "shop", type: "other", release: "fix", receivedAt: START },
        { projectId: "blog", type: "E", release: "aaa" },
        { projectId: "blog", type: "E", release: "bbb" },
        { projectId: "shop", type: "E", release: "bbb" },
      ]);
      const regressed = batch.map((each) => each.kind === "digested" && each.regressed !== null);
      expect(regressed).toEqual([false, false, false, true]);
    });

    test("an announced release that is ordered by date sorts after all known ones until it is first seen", async () => {
      const id = await issueWith(1, "aaa");
      await story.tracker.issues.resolve(id, { in: { release: "fix", announce: true } });
      expect((await story.event({ release: "bbb" })).regressed).toBeNull();
      story.clock.advanceBy(MINUTE);
      expect((await story.event({ type: "other", release: "fix" })).created).toBe(true);
      expect((await story.event({ release: "bbb" })).regressed).toBeNull();
      story.clock.advanceBy(MINUTE);
      expect((await story.event({ release: "ccc" })).regressed).toEqual({
        kind: "fixed-in-release",
        release: "ccc",
        fixedIn: "fix",
      });
    });
  });

  describe("rule 9: resolved by the next release", () => {
    test("the event that introduces a new latest release makes it the fix, and is a regression", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: "next-release", by: "ann" });
      expect((await story.event({ release: "1.0.0" })).regressed).toBeNull();
      expect((await story.event({ release: "0.9.0" })).regressed).toBeNull();
      expect((await story.event({ release: "1.0.0-rc.1" })).regressed).toBeNull();
      expect((await story.event()).regressed).toBeNull();
      const { regressed, eventId } = await story.event({ release: "1.1.0" });
      expect(regressed).toEqual({ kind: "fixed-in-release", release: "1.1.0", fixedIn: "1.1.0" });
      expect(await story.history(id)).toEqual(["first-seen", "resolved", "next-materialized", "regressed"]);
      const [, materialized] = (await story.tracker.issues.history(id)).items;
      expect(materialized).toMatchObject({ turn: { release: "1.1.0" }, eventId, by: { kind: "system" } });
      expect(await story.tracker.events.get("shop", eventId)).toMatchObject({ kept: true });
    });

    test("an event of an older release, after the next one appeared, is no regression", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: "next-release" });
      const { eventId } = await story.event({ type: "other", release: "1.1.0" });
      expect((await story.tracker.issues.history(id)).items[0]).toMatchObject({
        turn: { kind: "next-materialized" },
        eventId,
      });
      expect((await story.tracker.issues.get(id))?.state).toMatchObject({
        resolution: { kind: "by-release", releases: ["1.1.0"] },
      });
      expect((await story.event({ release: "1.0.0" })).regressed).toBeNull();
      expect((await story.event({ release: "1.2.0" })).regressed).toMatchObject({ fixedIn: "1.1.0" });
    });

    test.each([
      ["of the waiting issue, though it is no regression", "E"],
      ["of another issue", "other"],
    ])("an event %s that brings it is kept from eviction, and no further one is", async (_which, type) => {
      const id = await issueWith(1, "1.0.0");
      await story.event({ type: "other", release: "1.0.0" });
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.resolve(id, { in: "next-release" });
      const old = await story.event({ type, release: "1.1.0", occurredAt: START });
      const same = await story.event({ type, release: "1.1.0", occurredAt: START });
      const idle = await story.event({ type, release: "1.2.0", occurredAt: START });
      expect(old.regressed).toBeNull();
      await story.tracker.events.evict({ projectId: "shop", receivedBefore: START + DAY });
      const kept = [old, same, idle].map(({ eventId }) => story.tracker.events.get("shop", eventId));
      expect((await Promise.all(kept)).map((event) => event?.kept)).toEqual([true, undefined, undefined]);
    });

    test("registering a release makes it the fix without an event", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: "next-release" });
      await story.tracker.releases.register({ projectId: "shop", version: "1.1.0" });
      await story.tracker.releases.register({ projectId: "shop", version: "1.1.0" });
      expect(await story.history(id)).toEqual(["first-seen", "resolved", "next-materialized"]);
    });

    test("is per project: events of two projects in one batch are independent", async () => {
      await story.tracker.projects.save({ id: "blog" });
      const ids: string[] = [];
      for (const projectId of ["shop", "blog"]) ids.push((await story.event({ projectId, release: "1.0.0" })).issue.id);
      for (const id of ids) await story.tracker.issues.resolve(id, { in: "next-release" });
      const batch = await story.tracker.digest([
        { projectId: "shop", type: "E", release: "1.0.0" },
        { projectId: "blog", type: "E", release: "1.0.0" },
        { projectId: "shop", type: "E", release: "2.0.0" },
        { projectId: "blog", type: "E", release: "1.0.0" },
      ]);
      const regressed = batch.map((each) => each.kind === "digested" && each.regressed !== null);
      expect(regressed).toEqual([false, false, true, false]);
      expect(await Promise.all(ids.map((id) => story.status(id)))).toEqual(["open", "resolved"]);
      expect(await story.history(ids[1] ?? "")).toEqual(["first-seen", "resolved"]);
    });

    test("the fix is claimed as of the resolve command, not as of the release", async () => {
      const id = await issueWith(1, "1.0.0");
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.resolve(id, { in: "next-release" });
      story.clock.advanceBy(HOUR);
      await story.tracker.releases.register({ projectId: "shop", version: "1.1.0" });
      const { items } = await story.tracker.issues.releases(id);
      expect(items[0]).toMatchObject({ version: "1.1.0", last: "fixed", fixedAt: START + HOUR });
      const between = { release: "1.1.0", occurredAt: START + HOUR + MINUTE };
      expect((await story.event(between)).regressed).toMatchObject({ fixedIn: "1.1.0" });
    });

    test("reopening cancels the wait", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: "next-release" });
      await story.tracker.issues.reopen(id);
      expect((await story.event({ release: "1.1.0" })).regressed).toBeNull();
      expect(await story.history(id)).toEqual(["first-seen", "resolved", "reopened"]);
    });
  });

  describe("rule 10: an event that occurred before the resolution and arrives afterwards", () => {
    test("is counted, but is no regression", async () => {
      const id = await issueWith(1);
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.resolve(id);
      const late = await story.event({ occurredAt: START + HOUR - 1 });
      expect(late.regressed).toBeNull();
      expect(late.issue).toMatchObject({ eventCount: 2, state: { status: "resolved" } });
      expect((await story.event({ occurredAt: START + HOUR })).regressed).not.toBeNull();
    });

    test("does not undo the fix claim of its release", async () => {
      const id = await issueWith(1, "1.0.0");
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.resolve(id, { in: { release: "2.0.0" } });
      const early = await story.event({ release: "2.0.0", occurredAt: START });
      expect(early.regressed).toBeNull();
      expect(early.notRegressed).toEqual({ kind: "occurred-before-resolution" });
      expect((await story.event({ release: "2.0.0" })).regressed).not.toBeNull();
    });

    test("leaves no mark, so that it hides no regression of a later release", async () => {
      const id = await issueWith(1, "1.0.0");
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.resolve(id, { in: { release: "1.0.2" } });
      expect((await story.event({ release: "1.0.3", occurredAt: START })).regressed).toBeNull();
      const marks = (await story.tracker.issues.releases(id)).items.map(({ version, last }) => [version, last]);
      expect(marks).toEqual([
        ["1.0.2", "fixed"],
        ["1.0.0", "seen"],
      ]);
      expect((await story.event({ release: "1.0.3" })).regressed).toMatchObject({ release: "1.0.3", fixedIn: "1.0.2" });
      await story.tracker.issues.resolve(id, { in: { release: "1.0.4" } });
      story.clock.advanceBy(HOUR);
      expect((await story.event({ release: "1.0.4", occurredAt: START })).regressed).toBeNull();
      expect((await story.event({ release: "2.0.0" })).regressed).toMatchObject({ fixedIn: "1.0.4" });
    });

    test("before a back-port was claimed is none either, and leaves no mark", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "2.0.0" } });
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.resolve(id, { in: { release: "1.0.5" } });
      const between = { release: "1.0.6", occurredAt: START + MINUTE };
      expect((await story.event(between)).notRegressed).toEqual({ kind: "occurred-before-resolution" });
      expect((await story.event({ release: "1.0.6" })).regressed).toMatchObject({ fixedIn: "1.0.5" });
    });

    test("a client's clock in the future does not count for more than now", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.event({ release: "2.0.0", occurredAt: START + 900 * DAY });
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.resolve(id, { in: { release: "2.0.0" } });
      const late = { release: "2.0.0", receivedAt: START + MINUTE, occurredAt: START + 900 * DAY };
      expect((await story.event(late)).regressed).toBeNull();
      expect((await story.event({ release: "2.0.0" })).regressed).not.toBeNull();
    });
  });

  describe("rule 11: reading releases", () => {
    test("blanks at the ends are dropped, and names that say nothing are no release", async () => {
      const id = await issueWith(1, "2.0.0");
      for (const release of ["", "dev", " DEV ", "web@unknown", "latest"])
        await story.event({ type: "other", release });
      await story.event({ type: "other", release: "2.1.0\n" });
      expect(await releaseNames()).toEqual(["2.1.0", "2.0.0"]);
      await story.tracker.issues.resolve(id, { in: { release: " 2.1.0 " } });
      expect(await resolvedIn(id)).toEqual(["2.1.0"]);
    });

    test("names of an equal place are one release, with one mark", async () => {
      const id = await issueWith(1, "v2.1.0");
      await story.event({ release: "2.1" });
      await story.tracker.issues.resolve(id, { in: { release: "2.1.0" } });
      expect(await releaseNames()).toEqual(["v2.1.0"]);
      expect((await story.event({ release: "v2.1.0" })).regressed).toMatchObject({ fixedIn: "v2.1.0" });
    });

    test.each([
      [
        ["8.0", "8.1", "8.0.1"],
        ["8.1", "8.0.1", "8.0"],
      ],
      [
        ["v10.24.0", "v10.18.7"],
        ["v10.24.0", "v10.18.7"],
      ],
      [
        ["1.0.0+10", "1.0.0+9"],
        ["1.0.0+10", "1.0.0+9"],
      ],
      [
        ["1.0.0+9", "1.0.0+10", "1.0.0"],
        ["1.0.0+10", "1.0.0+9", "1.0.0"],
      ],
      [
        ["1.0.0+abc", "1.0.0+5"],
        ["1.0.0+abc", "1.0.0+5"],
      ],
      [
        ["2026.7.30", "2026.7.30-2"],
        ["2026.7.30-2", "2026.7.30"],
      ],
      [
        ["1.2.3", "1.2.3-2"],
        ["1.2.3", "1.2.3-2"],
      ],
      [
        ["1.2.3 (456)", "1.2.3 (457)"],
        ["1.2.3 (457)", "1.2.3 (456)"],
      ],
      [
        ["v1.2.3", "v1.2.3-14-gabcdef1"],
        ["v1.2.3-14-gabcdef1", "v1.2.3"],
      ],
      [
        ["1.2.3.4", "1.2.3.10"],
        ["1.2.3.10", "1.2.3.4"],
      ],
      [
        ["9", "v10"],
        ["v10", "9"],
      ],
    ])("releases seen as %j are in the order %j, last first", async (seen, listed) => {
      for (const release of seen) await story.event({ release });
      expect(await releaseNames()).toEqual(listed);
      expect(await latest()).toBe(listed[0]);
    });

    test("a release is not newer because it was seen later", async () => {
      const id = await issueWith(1, "v10.24.0");
      await story.tracker.issues.resolve(id, { in: "latest-release" });
      expect((await story.event({ release: "v10.18.7" })).notRegressed).toEqual({ kind: "before-every-fix" });
    });

    test.each([
      ["bbb", "aaa"],
      ["aaa", "bbb"],
    ])("of two hashes in one batch the second is latest: %s, %s", async (one, other) => {
      await story.tracker.digest([
        { projectId: "shop", type: "E", release: one },
        { projectId: "shop", type: "E", release: other },
      ]);
      expect(await latest()).toBe(other);
      expect(await releaseNames()).toEqual([other, one]);
    });

    test("the order is pluggable, and releases are placed anew when its version changes", async () => {
      const id = await issueWith(1, "b");
      await story.event({ type: "other", release: "a" });
      await story.tracker.issues.resolve(id, { in: { release: "a" } });
      expect(await latest()).toBe("a");
      const alphabetical: ReleaseOrder = {
        version: "alphabetical/1",
        read: (release) => (release === "" ? null : { name: release, line: "", place: release, byDate: false }),
      };
      const tracker = createIssueTracker({ store: story.store, clock: story.clock, releaseOrder: alphabetical });
      const outcome = await tracker.digest({ projectId: "shop", type: "E", release: "b" });
      // "a" is before "b" now, and the issue was last seen in "b".
      expect(outcome).toMatchObject({ notRegressed: { kind: "known-to-be-broken", seenIn: "b" } });
      expect((await tracker.releases.latest("shop"))?.version).toBe("b");
      expect(await tracker.digest({ projectId: "shop", type: "E", release: "aa" })).toMatchObject({
        regressed: { release: "aa", fixedIn: "a" },
      });
    });
  });

  describe("rule 11: release lines", () => {
    test("an old release after one without a name is neither latest nor next", async () => {
      const id = await issueWith(1, "2.0.0");
      await story.event();
      await story.event({ release: "dev" });
      await story.tracker.issues.resolve(id, { in: "next-release" });
      const old = await story.event({ release: "1.9.1" });
      expect(old.notRegressed).toEqual({ kind: "awaiting-next-release" });
      expect(await latest()).toBe("2.0.0");
      expect((await story.event({ release: "2.0.1" })).regressed).toMatchObject({ fixedIn: "2.0.1" });
    });

    test("packages are lines of their own: the next release and the latest are those of the issue's line", async () => {
      const id = await issueWith(1, "app1@1.0.0");
      await story.event({ type: "other", release: "app2@2.0.0" });
      await story.tracker.issues.resolve(id, { in: "next-release" });
      await story.event({ type: "other", release: "app2@2.1.0" });
      expect(await resolvedIn(id)).toBe("by-next");
      expect((await story.event({ release: "app1@1.0.1" })).regressed).toMatchObject({ fixedIn: "app1@1.0.1" });
      await story.event({ type: "other", release: "app2@2.2.0" });
      await story.tracker.issues.resolve(id, { in: "latest-release" });
      expect(await resolvedIn(id)).toEqual(["app1@1.0.1"]);
    });

    test("in another line the next release is one in which the issue itself occurs", async () => {
      const id = await issueWith(1, "web@1.0.0");
      await story.event({ type: "other", release: "api@1.0.0" });
      await story.tracker.issues.resolve(id, { in: "next-release" });
      await story.event({ type: "other", release: "api@1.1.0" });
      expect(await resolvedIn(id)).toBe("by-next");
      expect((await story.event({ release: "api@1.0.0" })).notRegressed).toEqual({ kind: "awaiting-next-release" });
      expect((await story.event({ release: "api@1.1.0" })).regressed).toMatchObject({ fixedIn: "api@1.1.0" });
    });

    test("between lines the dates decide: fixed in a hash, seen in a version that appeared later", async () => {
      const id = await issueWith(1, "deadbee");
      await story.event({ type: "old", release: "browser@3.0.0" });
      story.clock.advanceBy(DAY);
      await story.event({ type: "other", release: "cafebab" });
      await story.tracker.issues.resolve(id, { in: { release: "cafebab" } });
      story.clock.advanceBy(DAY);
      expect((await story.event({ release: "browser@3.0.0" })).notRegressed).toEqual({ kind: "before-every-fix" });
      expect((await story.event({ release: "browser@3.1.0" })).regressed).toMatchObject({ fixedIn: "cafebab" });
    });

    test("a date that was wrong can be corrected where dates decide", async () => {
      const id = await issueWith(1, "aaa");
      story.clock.advanceBy(DAY);
      await story.event({ type: "other", release: "fix" });
      story.clock.advanceBy(DAY);
      await story.event({ type: "other", release: "bbb" });
      await story.tracker.issues.resolve(id, { in: { release: "fix" } });
      // "bbb" is an old build that somebody started again.
      await story.tracker.releases.register({ projectId: "shop", version: "bbb", releasedAt: START + HOUR });
      expect(await releaseNames()).toEqual(["fix", "bbb", "aaa"]);
      expect(await latest()).toBe("fix");
      expect((await story.event({ release: "bbb" })).notRegressed).toEqual({
        kind: "known-to-be-broken",
        seenIn: "aaa",
      });
      await story.tracker.releases.register({ projectId: "shop", version: "bbb", releasedAt: START + 99 * DAY });
      const [first] = (await story.tracker.releases.list("shop")).items;
      expect(first).toMatchObject({ version: "bbb", releasedAt: START + 2 * DAY }); // never later than now
    });

    test("a mark moves with the corrected date of its release", async () => {
      const id = await issueWith(1, "aaa");
      story.clock.advanceBy(DAY);
      await story.event({ release: "bbb" });
      await story.tracker.issues.resolve(id, { in: { release: "aaa" } });
      expect((await story.event({ release: "bbb" })).notRegressed).toMatchObject({ seenIn: "bbb" });
      await story.tracker.releases.register({ projectId: "shop", version: "bbb", releasedAt: START - DAY });
      expect((await story.event({ release: "ccc" })).regressed).toMatchObject({ fixedIn: "aaa" });
    });
  });

  describe("rule 11: an event without a release", () => {
    test("belongs to the latest of the line in which its issue was last seen", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      expect((await story.event()).notRegressed).toEqual({ kind: "known-to-be-broken", seenIn: "1.0.0" });
      await story.event({ type: "other", release: "1.1.0" });
      expect((await story.event()).regressed).toEqual({
        kind: "fixed-in-release",
        release: "1.1.0",
        assumed: true,
        fixedIn: "1.1.0",
      });
    });

    test("belongs to the line of a claim, if a release became the latest there later", async () => {
      const id = await issueWith(1, "web@1.0.0");
      await story.event({ type: "other", release: "api@1.0.0" });
      await story.tracker.issues.resolve(id, { in: { release: "api@1.0.0" } });
      expect((await story.event()).regressed).toMatchObject({ release: "api@1.0.0", assumed: true });
    });

    test("of a new issue belongs to the project's latest", async () => {
      await issueWith(1, "1.0.0");
      const created = await story.event({ type: "new" });
      const { items } = await story.tracker.issues.releases(created.issue.id);
      expect(items).toMatchObject([{ version: "1.0.0", last: "seen" }]);
      await story.tracker.issues.resolve(created.issue.id, { in: "next-release" });
      expect((await story.event({ type: "new" })).regressed).toBeNull();
      expect((await story.event({ type: "new", release: "1.0.1" })).regressed).not.toBeNull();
    });

    test("belongs to none in a project that knows none, and no fix can be claimed in the next", async () => {
      const id = await issueWith(1);
      for (const claim of ["next-release", "latest-release"] as const) {
        expect(await failureOf(story.tracker.issues.resolve(id, { in: claim }))).toMatchObject({ code: "no-release" });
      }
      await story.tracker.issues.resolve(id, { in: { release: "1.0.1" } });
      expect((await story.event()).notRegressed).toEqual({ kind: "before-every-fix" });
      await story.event({ type: "other", release: "1.0.1" });
      expect((await story.event()).regressed).toMatchObject({ release: "1.0.1", assumed: true });
    });

    test("brings the next release when that is the latest, though no event of the issue names it", async () => {
      await issueWith(1, "1.0.0");
      const id = (await story.event({ type: "nameless" })).issue.id;
      await story.tracker.issues.resolve(id, { in: "next-release" });
      expect((await story.event({ type: "nameless" })).regressed).toBeNull();
      await story.event({ type: "other", release: "1.1.0" });
      expect((await story.event({ type: "nameless" })).regressed).toMatchObject({ release: "1.1.0", assumed: true });
    });

    test("in a batch belongs to the latest release right before it", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      const outcomes = await story.tracker.digest([
        { projectId: "shop", type: "E" },
        { projectId: "shop", type: "other", release: "1.1.0" },
        { projectId: "shop", type: "E" },
      ]);
      const regressed = outcomes.map((each) => (each.kind === "digested" ? each.regressed : undefined));
      expect(regressed).toMatchObject([null, null, { release: "1.1.0", assumed: true }]);
    });
  });

  describe("rule 11: claims", () => {
    test("in a release that cannot be compared are refused, saying what the releases look like", async () => {
      const id = await issueWith(1, "2.0.0");
      const refusal = await failureOf(story.tracker.issues.resolve(id, { in: { release: "9f8e7d6c" } }));
      expect(refusal).toMatchObject({ code: "release-not-comparable" });
      expect(String(refusal)).toContain('which look like "2.0.0"');
      for (const release of ["dev", "web@1.0.0", "42"]) {
        const other = await failureOf(story.tracker.issues.resolve(id, { in: { release } }));
        expect(other).toMatchObject({ code: "release-not-comparable" });
      }
      for (const release of ["", " "]) {
        const empty = await failureOf(story.tracker.issues.resolve(id, { in: { release } }));
        expect(empty).toMatchObject({ code: "release-not-comparable" });
        expect(String(empty)).toContain('"" does not name a release. Name one as in "2.0.0".');
      }
      expect(await story.history(id)).toEqual(["first-seen"]);
      await story.tracker.issues.resolve(id, { in: { release: "9f8e7d6c", announce: true } });
      expect((await story.event({ release: "9f8e7d6c" })).regressed).toMatchObject({ fixedIn: "9f8e7d6c" });
    });

    test("name a known release in any of its names", async () => {
      const id = await issueWith(1, "2.1.0");
      await story.tracker.issues.resolve(id, { in: { release: "v2.1.0" } });
      const again = await failureOf(story.tracker.issues.resolve(id, { in: { release: "2.1" } }));
      expect(again).toMatchObject({ code: "already-resolved" });
      expect(await resolvedIn(id)).toEqual(["2.1.0"]);
    });

    test("are announced in a line that has known releases: with a place, neither latest nor next", async () => {
      const id = await issueWith(1, "2.0.0");
      const waiting = (await story.event({ type: "waiting", release: "2.0.0" })).issue.id;
      await story.tracker.issues.resolve(waiting, { in: "next-release" });
      await story.tracker.issues.resolve(id, { in: { release: "2.2.0" } });
      expect(await resolvedIn(waiting)).toBe("by-next");
      expect(await latest()).toBe("2.0.0");
      expect((await story.event({ release: "2.1.0" })).notRegressed).toMatchObject({ seenIn: "2.0.0" });
      expect((await story.event({ release: "2.3.0" })).regressed).toMatchObject({ fixedIn: "2.2.0" });
    });
  });

  describe("rule 11: a retired release", () => {
    test("counts as if it had never been seen: the one before it is latest, and 'next' goes on", async () => {
      const id = await issueWith(1, "2.0.0");
      await story.tracker.issues.resolve(id, { in: "next-release" });
      await story.event({ type: "other", release: "999.9.9" });
      expect(await resolvedIn(id)).toEqual(["999.9.9"]);
      await story.tracker.releases.retire({ projectId: "shop", version: "999.9.9", by: "ann" });
      expect(await latest()).toBe("2.0.0");
      expect(await resolvedIn(id)).toBe("by-next");
      const [withdrawn] = (await story.tracker.issues.history(id)).items;
      expect(withdrawn).toMatchObject({
        turn: { kind: "claims-withdrawn", releases: ["999.9.9"] },
        by: { kind: "user", id: "ann" },
      });
      expect((await story.event({ release: "999.9.9" })).notRegressed).toEqual({
        kind: "release-retired",
        release: "999.9.9",
      });
      expect((await story.event({ release: "2.1.0" })).regressed).toMatchObject({ fixedIn: "2.1.0" });
    });

    test("gives way to the releases that it hid", async () => {
      const id = await issueWith(1, "2.0.0");
      await story.tracker.issues.resolve(id, { in: "next-release" });
      await story.event({ type: "other", release: "999.9.9" });
      await story.event({ type: "other", release: "2.1.0" });
      await story.tracker.releases.retire({ projectId: "shop", version: "999.9.9" });
      expect(await latest()).toBe("2.1.0");
      expect(await resolvedIn(id)).toEqual(["2.1.0"]);
      expect((await story.event({ release: "2.1.0" })).regressed).not.toBeNull();
    });

    test("is no regression, not even of an issue that is resolved plainly, and cannot be claimed", async () => {
      const id = await issueWith(1, "2.0.0");
      await story.event({ type: "other", release: "3.0.0" });
      await story.tracker.releases.retire({ projectId: "shop", version: "v3.0.0" });
      const claim = await failureOf(story.tracker.issues.resolve(id, { in: { release: "3.0.0" } }));
      expect(claim).toMatchObject({ code: "release-retired" });
      await story.tracker.issues.resolve(id);
      expect((await story.event({ release: "3.0.0" })).regressed).toBeNull();
      const again = { projectId: "shop", version: "3.0.0" };
      expect(await failureOf(story.tracker.releases.register(again))).toMatchObject({ code: "release-retired" });
      const unknown = { projectId: "shop", version: "4.0.0" };
      expect(await failureOf(story.tracker.releases.retire(unknown))).toMatchObject({ code: "unknown-release" });
    });

    test("keeps the other claims of a resolution, and leaves no mark", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.event({ release: "2.0.0" });
      await story.tracker.issues.resolve(id, { in: { release: "1.0.1" } });
      await story.tracker.issues.resolve(id, { in: { release: "2.0.0" } });
      await story.tracker.releases.retire({ projectId: "shop", version: "2.0.0" });
      expect(await resolvedIn(id)).toEqual(["1.0.1"]);
      expect((await story.tracker.issues.releases(id)).items.map(({ version }) => version)).toEqual(["1.0.1", "1.0.0"]);
      expect((await story.event({ release: "1.2.0" })).regressed).toMatchObject({ fixedIn: "1.0.1" });
    });

    test("can be restored", async () => {
      await issueWith(1, "1.0.0");
      await story.event({ release: "2.0.0" });
      await story.tracker.releases.retire({ projectId: "shop", version: "2.0.0" });
      expect(await latest()).toBe("1.0.0");
      await story.tracker.releases.restore({ projectId: "shop", version: "2.0.0" });
      expect(await latest()).toBe("2.0.0");
    });
  });

  describe("rule 12: a duplicate", () => {
    test("changes nothing and is reported, alone, in a batch, and within one batch", async () => {
      const first = await story.event({ id: "x", release: "1.0.0" });
      const again = await story.tracker.digest({ projectId: "shop", id: "x", type: "quite another", release: "2.0.0" });
      expect(again).toEqual({ kind: "duplicate", eventId: "x", issueId: first.issue.id });
      const batch = await story.tracker.digest([
        { projectId: "shop", id: "y", type: "E" },
        { projectId: "shop", id: "x", type: "E" },
        { projectId: "shop", id: "y", type: "F" },
      ]);
      expect(batch.map(({ kind }) => kind)).toEqual(["digested", "duplicate", "duplicate"]);
      expect((await story.tracker.issues.list({ projectId: "shop" })).items).toHaveLength(1);
      expect((await story.tracker.issues.get(first.issue.id))?.eventCount).toBe(2);
      expect((await story.tracker.releases.list("shop")).items.map(({ version }) => version)).toEqual(["1.0.0"]);
    });

    test("is one only in its own project", async () => {
      await story.tracker.projects.save({ id: "blog" });
      await story.event({ id: "x" });
      expect((await story.event({ id: "x", projectId: "blog" })).created).toBe(true);
    });
  });

  describe("rule 13: reopening keeps the fix claims", () => {
    test("by a person and by a regression keeps the fix claims", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "2.0.0" } });
      await story.tracker.issues.reopen(id);
      await story.tracker.issues.resolve(id, { in: { release: "1.0.1" } });
      await story.event({ release: "1.0.1" });
      const { items } = await story.tracker.issues.releases(id);
      expect(items).toMatchObject([
        { version: "2.0.0", last: "fixed", seen: false },
        { version: "1.0.1", last: "seen", fixedAt: START },
        { version: "1.0.0", last: "seen", fixedAt: null },
      ]);
    });
  });

  describe("rule 13: withdrawing fix claims", () => {
    test("of the present resolution at reopen: they decide no more", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      await story.tracker.issues.reopen(id, { withdraw: true });
      const [reopened] = (await story.tracker.issues.history(id)).items;
      expect(reopened?.turn).toEqual({ kind: "reopened", withdrawn: ["1.1.0"] });
      await story.tracker.issues.resolve(id, { in: { release: "1.3.0" } });
      expect((await story.event({ release: "1.2.0" })).notRegressed).toMatchObject({ seenIn: "1.0.0" });
    });

    test("without it they stay", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      await story.tracker.issues.reopen(id);
      await story.tracker.issues.resolve(id, { in: { release: "1.3.0" } });
      expect((await story.event({ release: "1.2.0" })).regressed).toMatchObject({ fixedIn: "1.1.0" });
    });

    test("of a list, in any of their names; where none is claimed, that is an error", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      await story.tracker.issues.resolve(id, { in: { release: "1.0.0" } });
      const unclaimed = await failureOf(story.tracker.issues.reopen(id, { withdraw: ["1.4.0"] }));
      expect(unclaimed).toMatchObject({ code: "not-claimed" });
      await story.tracker.issues.reopen(id, { withdraw: ["v1.1.0", "1.0"] });
      const [reopened] = (await story.tracker.issues.history(id)).items;
      expect(reopened?.turn).toEqual({ kind: "reopened", withdrawn: ["1.1.0", "1.0.0"] });
      // It was seen in 1.0.0 before the claim.
      expect((await story.tracker.issues.releases(id)).items).toMatchObject([{ version: "1.0.0", last: "seen" }]);
    });
  });

  test("rule 13: a fix claim that is listed twice, also by another name of its release, is withdrawn once", async () => {
    const id = await issueWith(1, "1.0.0");
    await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
    await story.tracker.issues.reopen(id, { withdraw: ["1.1.0", "v1.1.0", "1.1", "1.1.0"] });
    const [reopened] = (await story.tracker.issues.history(id)).items;
    expect(reopened?.turn).toEqual({ kind: "reopened", withdrawn: ["1.1.0"] });
  });

  describe("rule 14: alerts", () => {
    test("are raised for a new issue, a regression and an unmute, complete", async () => {
      const first = await story.event({ value: "v", release: "1.0.0" });
      await story.tracker.issues.resolve(first.issue.id);
      const second = await story.event({ value: "v", release: "1.0.0", level: "fatal", occurredAt: START });
      await story.tracker.issues.mute(first.issue.id, { conditions: [volumeCondition(1, "day")], sinceMute: true });
      await story.event({ value: "v", release: "1.0.0" });
      const alerts = await story.alerts();
      expect(alerts.map(({ reason }) => reason.kind)).toEqual(["new-issue", "regression", "unmute"]);
      expect(alerts[1]).toMatchObject({
        version: 2,
        kind: "regression",
        level: "fatal",
        subject: `"E: v" in "shop" (Regression)`,
        text: "The issue came back. It had been resolved.",
        project: { id: "shop", slug: "shop" },
        issue: { id: first.issue.id, friendlyId: "SHOP-1", title: "E: v", status: "open", eventCount: 2 },
        event: { id: second.eventId, release: "1.0.0", receivedAt: START, occurredAt: START },
        turningPoint: 3,
        raisedAt: START,
        reason: { kind: "regression", reason: { kind: "resolved-plainly" } },
      });
      expect(new Set(alerts.map(({ id }) => id)).size).toBe(3);
      expect(JSON.parse(JSON.stringify(alerts))).toEqual(alerts);
    });

    test.each(["new-issue", "regression", "unmute"] as const)("can be switched off each: %s", async (off) => {
      await story.tracker.projects.save({ id: "shop", alerts: { [off]: false } });
      const { issue } = await story.event();
      await story.tracker.issues.resolve(issue.id);
      await story.event();
      await story.tracker.issues.mute(issue.id, { conditions: [volumeCondition(1, "day")], sinceMute: true });
      await story.event();
      const all = ["new-issue", "regression", "unmute"];
      expect(await story.alertKinds()).toEqual(all.filter((kind) => kind !== off));
    });

    test("are raised when the event was received, not when the alert is written", async () => {
      await story.event({ receivedAt: START - DAY });
      expect(await story.alerts()).toMatchObject([{ raisedAt: START - DAY }]);
    });

    test("that are switched off change no state and no history", async () => {
      await story.tracker.projects.save({
        id: "shop",
        alerts: { "new-issue": false, regression: false, unmute: false },
      });
      const id = await issueWith(1);
      await story.tracker.issues.resolve(id);
      expect((await story.event()).regressed).not.toBeNull();
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(1, "day")], sinceMute: true });
      expect((await story.event()).unmuted).not.toBeNull();
      expect(await story.alertKinds()).toEqual([]);
      expect(await story.history(id)).toEqual(["first-seen", "resolved", "regressed", "muted", "unmuted"]);
    });
  });

  describe("rule 14: what is old when it arrives", () => {
    const noisyAfterADay = { random: () => 0, inOrder: true, limits: null, quietAfterMs: DAY };
    beforeEach(async () => {
      story = await Scenario.begin(await open(), { alerts: noisyAfterADay });
      return () => story.tracker.close();
    });

    test("raises no alert, and the first event that is not old says what nobody heard of, once", async () => {
      story.clock.advanceBy(30 * HOUR);
      const old = await story.event({ receivedAt: START });
      await story.events(2, { receivedAt: START + MINUTE });
      expect(await story.alerts()).toEqual([]);
      expect((await story.tracker.issues.get(old.issue.id))?.state).toMatchObject({
        status: "open",
        quietAlert: { reason: { kind: "new-issue" }, since: START, turningPoint: 1 },
      });
      await story.event();
      expect(await story.alerts()).toMatchObject([
        { reason: { kind: "new-issue" }, quietSince: START, turningPoint: 1, raisedAt: START + 30 * HOUR },
      ]);
      await story.event();
      expect(await story.alerts()).toEqual([]);
    });

    test("is remembered for a regression and an unmute too", async () => {
      const regressing = await issueWith(1, "1.0.0");
      const muted = (await story.event({ type: "muted" })).issue.id;
      await story.alerts();
      await story.tracker.issues.resolve(regressing);
      await story.tracker.issues.mute(muted, { conditions: [volumeCondition(2, "total")] });
      story.clock.advanceBy(30 * HOUR);
      expect((await story.event({ receivedAt: START + MINUTE })).regressed).not.toBeNull();
      expect((await story.event({ type: "muted", receivedAt: START + MINUTE })).unmuted).not.toBeNull();
      expect(await story.alerts()).toEqual([]);
      await story.event();
      await story.event({ type: "muted" });
      expect(await story.alerts()).toMatchObject([
        { reason: { kind: "regression" }, quietSince: START + MINUTE },
        { reason: { kind: "unmute" }, quietSince: START + MINUTE },
      ]);
    });

    test("within one batch is said by its first event that is not old", async () => {
      story.clock.advanceBy(30 * HOUR);
      await story.tracker.digest([
        { projectId: "shop", type: "E", receivedAt: START },
        { projectId: "shop", type: "E", receivedAt: START + 29 * HOUR },
        { projectId: "shop", type: "E" },
      ]);
      expect(await story.alerts()).toMatchObject([{ reason: { kind: "new-issue" }, quietSince: START }]);
    });

    test("is forgotten by a person's command", async () => {
      story.clock.advanceBy(30 * HOUR);
      const { issue } = await story.event({ receivedAt: START });
      await story.tracker.issues.annotate(issue.id, "seen");
      await story.event();
      expect(await story.alerts()).toEqual([]);
    });

    test("is not raised later where a switch silenced it", async () => {
      await story.tracker.projects.save({ id: "shop", alerts: { "new-issue": false } });
      story.clock.advanceBy(30 * HOUR);
      await story.event({ receivedAt: START });
      await story.tracker.projects.save({ id: "shop", alerts: { "new-issue": true } });
      await story.event();
      expect(await story.alerts()).toEqual([]);
    });

    test("gives way to an alert of a later event's own", async () => {
      story.clock.advanceBy(30 * HOUR);
      const { issue } = await story.event({ receivedAt: START });
      await story.tracker.issues.resolve(issue.id);
      await story.event();
      expect(await story.alerts()).toMatchObject([{ reason: { kind: "regression" }, quietSince: null }]);
    });
  });

  describe("rule 16: within one event", () => {
    test("after a regression there is no mute to end, and there is one history entry and one alert", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(2, "day")] });
      await story.tracker.issues.resolve(id);
      const outcome = await story.event();
      expect([outcome.regressed?.kind, outcome.unmuted]).toEqual(["resolved-plainly", null]);
      expect(await story.alertKinds()).toEqual(["regression"]);
    });

    test("a deadline goes before a volume", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { until: START + HOUR, conditions: [volumeCondition(2, "total")] });
      story.clock.advanceTo(START + HOUR + 1);
      expect((await story.event()).unmuted).toMatchObject({ kind: "deadline-passed" });
      expect(await story.alertKinds()).toEqual(["unmute"]);
    });

    test("the first event of an issue only opens it", async () => {
      const outcome = await story.event({ release: "1.0.0" });
      expect(outcome).toMatchObject({
        created: true,
        regressed: null,
        unmuted: null,
        issue: { eventCount: 1, number: 1, friendlyId: "SHOP-1" },
      });
      expect(await story.history(outcome.issue.id)).toEqual(["first-seen"]);
      expect(await story.tracker.events.get("shop", outcome.eventId)).toMatchObject({ kept: true });
    });
  });

  describe("rule 20: a new grouping strategy adopts the issues of the old one", () => {
    /** By type and transaction, as the old strategy; by type alone, as the new one. */
    const old: GroupingStrategy = {
      version: "both/1",
      group: ({ type, transaction }) => ({ key: `${type} ${transaction}`, title: `old ${type}` }),
    };
    const byType: GroupingStrategy = {
      version: "type/2",
      group: ({ type }) => ({ key: type, title: type }),
      replaces: [old],
    };
    let before: Scenario;
    const trackerBy = (grouping: GroupingStrategy) =>
      Scenario.begin(story.store, { grouping, clock: story.clock, alertSink: "elsewhere" });
    beforeEach(async () => {
      before = await trackerBy(old);
    });

    test("an event whose old key has an issue goes there, and its new key leads there from then on", async () => {
      const known = await before.event({ transaction: "/a" });
      const after = await trackerBy(byType);
      const first = await after.event({ transaction: "/a" });
      expect(first).toMatchObject({ created: false, issue: { id: known.issue.id, eventCount: 2, title: "E" } });
      const elsewhere = await after.event({ transaction: "/never seen" });
      expect(elsewhere).toMatchObject({ created: false, issue: { id: known.issue.id, eventCount: 3 } });
    });

    test("a new key that leads somewhere stays: known errors stay the issues they are", async () => {
      const [a, b] = [await before.event({ transaction: "/a" }), await before.event({ transaction: "/b" })];
      const after = await trackerBy(byType);
      const issueOf = async (transaction: string) => (await after.event({ transaction })).issue.id;
      expect(await issueOf("/b")).toBe(b.issue.id);
      expect(await issueOf("/a")).toBe(a.issue.id);
      expect(await issueOf("/c")).toBe(b.issue.id);
      expect(await issueOf("/a")).toBe(a.issue.id);
    });

    test("muted and resolved as they are", async () => {
      const [muted, resolved] = [await before.event({ type: "M" }), await before.event({ type: "R" })];
      await story.tracker.issues.mute(muted.issue.id, { conditions: [volumeCondition(3, "total")] });
      await story.tracker.issues.resolve(resolved.issue.id);
      await story.alerts();
      const after = await trackerBy(byType);
      expect(await after.event({ type: "M" })).toMatchObject({ unmuted: null, created: false });
      expect(await after.event({ type: "R" })).toMatchObject({ regressed: { kind: "resolved-plainly" } });
      expect(await after.event({ type: "M" })).toMatchObject({ unmuted: { kind: "volume-reached", count: 3 } });
      expect(await after.event({ type: "New" })).toMatchObject({ created: true });
      expect(await story.alertKinds()).toEqual(["regression", "unmute", "new-issue"]);
    });

    test("does so within one batch as for events one by one, and a duplicate adopts nothing", async () => {
      const [a, b] = [await before.event({ id: "a", transaction: "/a" }), await before.event({ transaction: "/b" })];
      const after = await trackerBy(byType);
      const event = (more: object) => ({ projectId: "shop", type: "E", ...more });
      const [duplicate] = await after.tracker.digest([event({ id: "a", transaction: "/b" })]);
      expect(duplicate?.kind).toBe("duplicate");
      const outcomes = await after.tracker.digest([
        event({ transaction: "/c" }),
        event({ transaction: "/b" }),
        event({ transaction: "/d" }),
        event({ transaction: "/a" }),
        event({ type: "F", transaction: "/a" }),
      ]);
      const issues = outcomes.map((outcome) => (outcome.kind === "digested" ? outcome.issue.id : outcome.kind));
      const created = outcomes.map((outcome) => outcome.kind === "digested" && outcome.created);
      expect(created).toEqual([true, false, false, false, true]);
      expect(issues.slice(1, 4)).toEqual([b.issue.id, issues[0], a.issue.id]);
    });

    test("the latest of several old strategies decides, and those that they replaced follow", async () => {
      const oldest: GroupingStrategy = { version: "all/0", group: () => ({ key: "all", title: "all" }) };
      const all = await trackerBy(oldest).then((scenario) => scenario.event({ type: "X" }));
      const known = await before.event({ transaction: "/a" });
      const after = await trackerBy({ ...byType, replaces: [{ ...old, replaces: [oldest] }] });
      expect((await after.event({ transaction: "/a" })).issue.id).toBe(known.issue.id);
      expect((await after.event({ type: "Y" })).issue.id).toBe(all.issue.id);
    });

    test("all groups of a deleted issue are free: its next event opens a new one", async () => {
      const known = await before.event({ transaction: "/a" });
      const after = await trackerBy(byType);
      await after.event({ transaction: "/a" });
      await after.tracker.issues.delete(known.issue.id);
      expect(await after.event({ transaction: "/a" })).toMatchObject({ created: true });
      expect(await before.event({ transaction: "/a" })).toMatchObject({ created: true });
    });

    test("without a strategy to replace, known errors are new issues", async () => {
      await before.event();
      const after = await trackerBy({ ...byType, replaces: [] });
      expect(await after.event()).toMatchObject({ created: true });
    });

    test("the default adopts the issues of title/1", async () => {
      const first = await trackerBy(titleGrouping);
      const known = await first.event({ value: "order 12 failed", transaction: "/orders/12" });
      const after = await trackerBy(DEFAULT_GROUPING);
      for (const event of [
        { value: "order 12 failed", transaction: "/orders/12" },
        { value: "order 13 failed", transaction: "/orders/13" },
      ]) {
        expect(await after.event(event)).toMatchObject({ created: false, issue: { id: known.issue.id } });
      }
    });
  });

  describe("rule 20: a grouping strategy", () => {
    test("sees platform, level, mechanism and in-app frames with function, module and file, besides the texts", async () => {
      const seen: GroupingInput[] = [];
      const watching: GroupingStrategy = {
        version: "watching/1",
        group: (input) => {
          seen.push(input);
          return { key: input.type, title: input.type };
        },
      };
      const { tracker } = await Scenario.begin(story.store, { grouping: watching, alertSink: "elsewhere" });
      const given = {
        type: "E",
        value: "v",
        transaction: "/a",
        platform: "python",
        mechanism: "django",
        level: "warning",
        fingerprint: ["f"],
      } as const;
      const frames = [{ function: "pay", module: "shop.cart", file: "shop/cart.py" }, { function: "charge" }];
      await tracker.digest([
        { projectId: "shop", ...given, frames },
        { projectId: "shop", type: "F" },
      ]);
      expect(seen).toEqual([
        { ...given, frames: [frames[0], { function: "charge", module: "", file: "" }] },
        {
          type: "F",
          value: "",
          transaction: "",
          platform: "",
          mechanism: "",
          level: "error",
          fingerprint: [],
          frames: [],
        },
      ]);
    });

    test("gets them from what a Sentry SDK sends", async () => {
      const payload = {
        platform: "python",
        level: "critical",
        exception: {
          values: [
            {
              type: "E",
              value: "v",
              mechanism: { type: "django" },
              stacktrace: {
                frames: [
                  { function: "pay", module: "shop.cart", filename: "shop/cart.py", in_app: true },
                  { function: "get", module: "django.http", filename: "django/http.py", in_app: false },
                ],
              },
            },
          ],
        },
      };
      const byPlace: GroupingStrategy = {
        version: "place/1",
        group: ({ platform, level, mechanism, frames }) => ({
          key: JSON.stringify([platform, level, mechanism, frames]),
          title: frames.map(({ module, function: name }) => `${module}.${name}`).join(" < "),
        }),
      };
      const { tracker } = await Scenario.begin(story.store, { grouping: byPlace, alertSink: "elsewhere" });
      const outcome = await tracker.digest(readSentryEvent(payload, { projectId: "shop" }));
      expect(outcome).toMatchObject({ issue: { title: "shop.cart.pay" } });
    });
  });

  describe("rule 20: an event without anything to group by", () => {
    test.each<[string, object, string]>([
      ["nothing but a project", {}, "got an event with only projectId"],
      ["other members", { transaction: "/a", level: "fatal" }, "got an event with only projectId, transaction, level"],
      ["empty texts", { type: "", value: "", fingerprint: [] }, "got an event with only projectId, type, value"],
    ])("is refused: %s", async (_, members, message) => {
      const failure = await failureOf(story.tracker.digest([{ projectId: "shop", ...members }]));
      expect(failure).toMatchObject({ code: "invalid-input", field: "events[0]" });
      expect(failure).toMatchObject({ message: expect.stringContaining(message) });
      expect(failure).toMatchObject({ message: expect.stringContaining("a type, a value or a fingerprint") });
      expect((await story.tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    });

    test.each([
      ["message", 'instead of "message" give "value"'],
      ["name", 'instead of "name" give "type"'],
      ["error", "...eventFromError(error)"],
    ])("is refused with a hint for the member %s", async (member, hint) => {
      const event = { projectId: "shop", [member]: "boom" };
      expect(await failureOf(story.tracker.digest(event))).toMatchObject({
        code: "invalid-input",
        message: expect.stringContaining(hint),
      });
    });

    test.each([{ type: "E" }, { value: "v" }, { fingerprint: ["f"] }])(
      "is not: one with %j is taken",
      async (members) => {
        expect(await story.tracker.digest({ projectId: "shop", ...members })).toMatchObject({ created: true });
      },
    );
  });
});
