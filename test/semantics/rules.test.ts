import { beforeEach, describe, expect, test } from "vitest";
import { volumeCondition } from "../../src/index.ts";
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
      const id = await issueWith(3);
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
      await story.event({ receivedAt: START + 3 * HOUR });
      expect((await story.event({ receivedAt: START + HOUR })).unmuted).toBeNull();
      expect((await story.event({ receivedAt: START + 2 * HOUR })).unmuted).toBeNull();
      const third = await story.event({ receivedAt: START + 2 * HOUR + 5 });
      expect(third.unmuted).toMatchObject({ count: 3 });
      expect(third.issue).toMatchObject({ eventCount: 5, lastSeenAt: START + 3 * HOUR });
      const counts = await story.tracker.issues.eventCounts(id, { period: "hour", nrOfPeriods: 4 });
      expect(counts.map(({ count }) => count)).toEqual([1, 1, 2, 1]);
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
      expect(await story.tracker.tick()).toEqual({ unmuted: 0, unreadable: [] });
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
      expect(await story.tracker.tick(START + HOUR - 1)).toEqual({ unmuted: 0, unreadable: [] });
      expect(await story.tracker.tick(START + HOUR)).toEqual({ unmuted: 1, unreadable: [] });
      expect(await story.status(id)).toBe("open");
      expect(await story.tracker.tick(START + HOUR)).toEqual({ unmuted: 0, unreadable: [] });
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
      expect((await story.event({ receivedAt: START + HOUR + 1 })).unmuted).toMatchObject({ noticedBy: "event" });
      expect(await story.tracker.tick(START + DAY)).toEqual({ unmuted: 0, unreadable: [] });
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
      expect(await story.tracker.tick(START + DAY)).toEqual({ unmuted: 0, unreadable: [] });
    });

    test("muting a resolved issue, reopening an open one and unmuting one that is not muted are errors, with a code", async () => {
      const id = await issueWith(1);
      expect(await failureOf(story.tracker.issues.reopen(id))).toMatchObject({ code: "not-resolved" });
      expect(await failureOf(story.tracker.issues.unmute(id))).toMatchObject({ code: "not-muted" });
      await story.tracker.issues.resolve(id);
      expect(await failureOf(story.tracker.issues.mute(id))).toMatchObject({ code: "issue-resolved" });
      expect(await failureOf(story.tracker.issues.resolve(id))).toMatchObject({ code: "already-resolved" });
      expect(await story.history(id)).toEqual(["first-seen", "resolved"]);
    });

    test("muting a muted issue replaces its conditions and its deadline", async () => {
      const id = await issueWith(1);
      await story.tracker.issues.mute(id, { until: START + HOUR });
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(3, "total")] });
      expect((await story.event({ receivedAt: START + DAY })).unmuted).toBeNull();
      expect((await story.event({ receivedAt: START + DAY })).unmuted).toMatchObject({ kind: "volume-reached" });
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

    test("a bulk command applies to the issues it can, and reports the others with the reason", async () => {
      const [open, resolved] = [await story.event({ type: "A" }), await story.event({ type: "B" })];
      await story.tracker.issues.resolve(resolved.issue.id);
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
      expect(outcome.issue.state).toEqual({ status: "open" });
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

    test("an announced semver release keeps its place, though the scheme changes before it is seen", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      await story.event({ type: "other", release: "nightly" });
      await story.event({ type: "other", release: "1.1.0" });
      const { items } = await story.tracker.releases.list("shop");
      expect(items.map(({ version }) => version)).toEqual(["nightly", "1.1.0", "1.0.0"]);
      expect((await story.tracker.releases.latest("shop"))?.version).toBe("nightly");
    });

    test("the announced releases of two projects in one batch are independent", async () => {
      await story.tracker.projects.save({ id: "blog" });
      const ids: string[] = [];
      for (const projectId of ["shop", "blog"]) ids.push((await story.event({ projectId, release: "aaa" })).issue.id);
      for (const id of ids) await story.tracker.issues.resolve(id, { in: { release: "fix" } });
      story.clock.advanceBy(MINUTE);
      const batch = await story.tracker.digest([
        { projectId: "shop", type: "other", release: "fix" },
        { projectId: "blog", type: "E", release: "aaa", receivedAt: START + 2 * MINUTE },
        { projectId: "blog", type: "E", release: "bbb", receivedAt: START + 2 * MINUTE },
        { projectId: "shop", type: "E", release: "bbb", receivedAt: START + 2 * MINUTE },
      ]);
      const regressed = batch.map((each) => each.kind === "digested" && each.regressed !== null);
      expect(regressed).toEqual([false, false, false, true]);
    });

    test("an announced release that is not semver sorts after all known ones until it is first seen", async () => {
      const id = await issueWith(1, "aaa");
      await story.tracker.issues.resolve(id, { in: { release: "fix" } });
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
      expect((await story.event({ release: "2.0.0", occurredAt: START })).regressed).toBeNull();
      expect((await story.event({ release: "2.0.0" })).regressed).not.toBeNull();
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

  describe("rule 11: the order of releases", () => {
    test("is by epochs of semver and of dates, and lists all of them", async () => {
      for (const release of ["deadbeef", "1.0.0", "pkg@0.9.0", "cafe", ""]) {
        await story.event({ release });
        story.clock.advanceBy(MINUTE);
      }
      const { items } = await story.tracker.releases.list("shop");
      expect(items.map(({ version }) => version)).toEqual(["", "cafe", "1.0.0", "pkg@0.9.0", "deadbeef"]);
      expect((await story.tracker.releases.latest("shop"))?.version).toBe("cafe");
    });

    test("an event without a release sorts after the semver releases that were there before it", async () => {
      const id = await issueWith(1, "1.0.0");
      await story.event({ type: "other", release: "1.1.0" });
      await story.tracker.issues.resolve(id, { in: { release: "1.1.0" } });
      expect((await story.event()).regressed).toEqual({ kind: "fixed-in-release", release: "", fixedIn: "1.1.0" });
    });

    test("an event without a release that was seen before the first semver release sorts before all of them", async () => {
      const id = await issueWith(1);
      await story.event({ release: "1.0.0" });
      await story.tracker.issues.resolve(id, { in: { release: "1.0.0" } });
      expect((await story.event()).regressed).toBeNull();
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
      expect((await story.tracker.releases.list("shop")).items.map(({ version }) => version)).toEqual(["", "1.0.0"]);
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
      expect((await story.event({ receivedAt: START + HOUR + 1 })).unmuted).toMatchObject({ kind: "deadline-passed" });
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
});
