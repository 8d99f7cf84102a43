import { beforeEach, describe, expect, test } from "vitest";
import type { ProjectInput } from "../../src/core/index.ts";
import { volumeCondition } from "../../src/index.ts";
import { DAY, failureOf, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

// Rules 21 to 23: issues that are quiet, issues whose events are discarded, and events and users that are erased.
describe.each(storesForStories())("on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  const save = (settings: Omit<ProjectInput, "id">) => story.tracker.projects.save({ id: "shop", ...settings });
  const opened = async (type = "E"): Promise<string> => (await story.event({ type })).issue.id;

  describe("rule 21: open issues that are quiet", () => {
    test("are resolved plainly by a tick, as the system, once they had no event for as long as their project says", async () => {
      await save({ autoResolveAfterMs: 2 * DAY });
      const id = await opened();
      story.clock.advanceBy(DAY);
      await story.event();
      story.clock.advanceBy(2 * DAY - 1);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 0 });
      expect(await story.status(id)).toBe("open");
      story.clock.advanceBy(1);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 1, unreadable: [] });
      expect((await story.tracker.issues.get(id))?.state).toMatchObject({
        resolvedAt: START + 3 * DAY,
        resolution: { kind: "plain" },
      });
      const { items } = await story.tracker.issues.history(id);
      expect(items[0]).toEqual({
        issueId: id,
        number: 2,
        turn: { kind: "auto-resolved", quietForMs: 2 * DAY },
        at: START + 3 * DAY,
        by: { kind: "system" },
        eventId: null,
        comment: "",
      });
      expect(await story.alertKinds()).toEqual(["new-issue"]);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 0 });
    });

    test("regress with a later event, and not with one that occurred before", async () => {
      await save({ autoResolveAfterMs: HOUR });
      const id = await opened();
      story.clock.advanceBy(HOUR);
      await story.tracker.tick();
      expect((await story.event({ occurredAt: START + 1 })).notRegressed).toEqual({
        kind: "occurred-before-resolution",
      });
      expect((await story.event()).regressed).toEqual({ kind: "resolved-plainly", resolvedAt: START + HOUR });
      expect(await story.history(id)).toEqual(["first-seen", "auto-resolved", "regressed"]);
      expect(await story.alertKinds()).toEqual(["new-issue", "regression"]);
    });

    test("stay open in a project that does not say so, or no longer", async () => {
      const id = await opened();
      story.clock.advanceBy(1_000 * DAY);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 0 });
      await save({ autoResolveAfterMs: DAY });
      await save({ autoResolveAfterMs: null });
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 0 });
      expect(await story.status(id)).toBe("open");
    });

    test("are not quiet before a person's last command, or before the clock ended their mute", async () => {
      await save({ autoResolveAfterMs: 2 * DAY });
      const [reopened, unmuted, annotated, watched, woken] = await Promise.all(["A", "B", "C", "D", "E"].map(opened));
      const { issues } = story.tracker;
      await issues.resolve(reopened ?? "");
      await issues.mute(unmuted ?? "");
      await issues.mute(woken ?? "", { until: START + DAY, wakeOn: "deadline" });
      story.clock.advanceBy(DAY);
      await issues.reopen(reopened ?? "");
      await issues.unmute(unmuted ?? "");
      await issues.annotate(annotated ?? "", "looking at it");
      await issues.watch(watched ?? "", { conditions: [volumeCondition(9, "day")] });
      expect(await story.tracker.tick()).toMatchObject({ unmuted: 1, autoResolved: 0 });
      story.clock.advanceBy(2 * DAY - 1);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 0 });
      story.clock.advanceBy(1);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 5 });
    });

    test("are no muted, resolved or discarded ones", async () => {
      await save({ autoResolveAfterMs: HOUR });
      const [muted, resolved, discarded] = await Promise.all(["A", "B", "C"].map(opened));
      await story.tracker.issues.mute(muted ?? "");
      await story.tracker.issues.resolve(resolved ?? "");
      await story.tracker.issues.discard(discarded ?? "");
      story.clock.advanceBy(DAY);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 0 });
    });

    test("are muted again before they are resolved, if their mute said so", async () => {
      await save({ autoResolveAfterMs: HOUR });
      const id = await opened();
      const again = { period: "hour", nrOfPeriods: 1 } as const;
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(2, "day")], again });
      await story.event();
      story.clock.advanceBy(DAY);
      expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 1, autoResolved: 0 });
    });

    test("are found however many there are, in every project that says so", async () => {
      await save({ autoResolveAfterMs: HOUR });
      await story.tracker.projects.save({ id: "blog", autoResolveAfterMs: DAY });
      await story.tracker.projects.save({ id: "attic" });
      const events = (projectId: string, count: number) =>
        Array.from({ length: count }, (_, index) => ({
          projectId,
          type: `E${String(index)}`,
          fingerprint: [String(index)],
        }));
      await story.tracker.digest([...events("shop", 1_203), ...events("blog", 2), ...events("attic", 1)]);
      story.clock.advanceBy(30 * MINUTE);
      await story.tracker.digest(events("shop", 3));
      story.clock.advanceBy(30 * MINUTE);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 1_200 });
      story.clock.advanceBy(DAY);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 5 });
      const { items } = await story.tracker.issues.list({ projectId: "shop", status: "open" });
      expect(items).toEqual([]);
    });

    test("are resolved after a clock that was ahead went back, and not for ever by it", async () => {
      await save({ autoResolveAfterMs: 2 * HOUR });
      const id = await opened();
      story.clock.advanceBy(HOUR);
      await story.tracker.issues.annotate(id, "by a clock that is right");
      story.clock.jumpBy(50 * DAY);
      await story.tracker.issues.annotate(id, "by a clock that is ahead");
      story.clock.jumpBy(-50 * DAY);
      await story.event();
      story.clock.advanceBy(2 * HOUR);
      expect(await story.tracker.tick()).toMatchObject({ autoResolved: 1 });
    });

    test("are resolved only after a time from an hour to ten years", async () => {
      for (const autoResolveAfterMs of [0, HOUR - 1, 3_650 * DAY + 1, HOUR + 0.5]) {
        expect(await failureOf(save({ autoResolveAfterMs }))).toMatchObject({
          code: "invalid-input",
          field: "project.autoResolveAfterMs",
        });
      }
      expect(await save({ autoResolveAfterMs: 3_650 * DAY })).toMatchObject({ autoResolveAfterMs: 3_650 * DAY });
    });
  });

  describe("rule 22: an issue whose events are discarded", () => {
    const data = { page: "of a noisy client" };
    const noisy = { release: "1.0.0", environment: "staging", userId: "ann", transaction: "/noise", data } as const;

    test("counts them, keeps their ids so that duplicates stay duplicates, and nothing else changes or is stored", async () => {
      const id = await opened();
      const before = await story.tracker.issues.discard(id, { by: "ann", comment: "known noise" });
      story.clock.advanceBy(MINUTE);
      const outcome = await story.event({ ...noisy, id: "noise", count: 3 });
      expect(outcome).toMatchObject({ discarded: true, created: false, undiscarded: null, unmuted: null, loud: null });
      const after = await story.tracker.issues.get(id);
      expect(after).toEqual({ ...before, eventCount: 4, lastEventNumber: 2, lastSeenAt: START + MINUTE });
      expect(await story.tracker.digest({ projectId: "shop", type: "E", id: "noise" })).toMatchObject({
        kind: "duplicate",
        issueId: id,
      });
      expect(await story.tracker.events.get("shop", "noise")).toEqual({
        projectId: "shop",
        id: "noise",
        issueId: id,
        number: 2,
        count: 3,
        level: null,
        type: null,
        value: null,
        transaction: null,
        environment: "",
        release: "",
        receivedAt: START + MINUTE,
        occurredAt: null,
        kept: false,
        data: undefined,
      });
      expect((await story.tracker.issues.releases(id)).items).toEqual([]);
      expect(await story.tracker.issues.discardProgress(id)).toEqual({ discarded: 3, conditions: [] });
      expect(await story.history(id)).toEqual(["first-seen", "discarded"]);
      expect(await story.alertKinds()).toEqual(["new-issue"]);
    });

    test("makes releases known by them, which may be the next release of others", async () => {
      const other = await story.event({ type: "Other", release: "1.0.0" });
      const id = await opened();
      await story.tracker.issues.resolve(other.issue.id, { in: "next-release" });
      await story.tracker.issues.discard(id);
      await story.event({ release: "2.0.0" });
      expect((await story.tracker.releases.latest("shop"))?.version).toBe("2.0.0");
      expect((await story.tracker.issues.get(other.issue.id))?.state).toMatchObject({
        resolution: { kind: "by-release", releases: ["2.0.0"] },
      });
    });

    test("does not regress, is in no mute, and raises no alert, whatever state it had", async () => {
      const id = await opened();
      const { issues } = story.tracker;
      await issues.resolve(id);
      await issues.discard(id);
      expect(await story.event()).toMatchObject({ discarded: true, regressed: null, notRegressed: null });
      await issues.undiscard(id);
      await issues.mute(id, { conditions: [volumeCondition(4, "total")] });
      await issues.discard(id);
      await story.events(5);
      expect(await story.status(id)).toBe("discarded");
      expect(await story.alertKinds()).toEqual(["new-issue"]);
    });

    test("opens again by a person, without an alert, and later events are stored", async () => {
      const id = await opened();
      await story.tracker.issues.discard(id);
      await story.events(2);
      expect(await story.tracker.issues.undiscard(id, { by: "ann" })).toMatchObject({
        eventCount: 3,
        state: { status: "open" },
      });
      expect(await story.event({ ...noisy, id: "heard" })).toMatchObject({ discarded: false });
      expect(await story.tracker.events.get("shop", "heard")).toMatchObject({ type: "E", data });
      expect(await story.tracker.issues.get(id)).toMatchObject({ userCount: 1, environments: ["staging"] });
      expect(await story.history(id)).toEqual(["first-seen", "discarded", "undiscarded"]);
      expect(await story.alertKinds()).toEqual(["new-issue"]);
      expect(await story.tracker.issues.discardProgress(id)).toBeUndefined();
    });

    test("opens again by the event that meets a condition, which is kept whole and raises an alert", async () => {
      const id = await opened();
      await story.tracker.issues.discard(id, { conditions: [volumeCondition(4, "day")] });
      await story.events(2);
      expect(await story.tracker.issues.discardProgress(id)).toMatchObject({
        discarded: 2,
        conditions: [{ count: 3, missing: 1 }],
      });
      const met = { kind: "volume-reached", condition: volumeCondition(4, "day"), count: 4 } as const;
      const ending = await story.event({ ...noisy, id: "loud" });
      expect(ending).toMatchObject({ discarded: false, undiscarded: met, issue: { state: { status: "open" } } });
      expect(ending.issue).toMatchObject({ userCount: 1, environments: ["staging"], latestEventId: "loud" });
      expect(await story.tracker.events.get("shop", "loud")).toMatchObject({ kept: true, data, release: "1.0.0" });
      expect((await story.tracker.issues.history(id)).items[0]).toMatchObject({
        turn: { kind: "undiscarded", reason: met },
        eventId: "loud",
        by: { kind: "system" },
      });
      const [, alert] = await story.alerts();
      expect(alert).toMatchObject({
        kind: "unmute",
        subject: `"E" in "shop" (No longer discarded)`,
        text: "Events of the issue are no longer discarded. There were 4 events or more in one calendar day.",
      });
    });

    test("is discarded in a batch up to the event that ends it", async () => {
      const id = await opened();
      await story.tracker.issues.discard(id, { conditions: [volumeCondition(3, "day")] });
      const outcomes = await story.tracker.digest(
        Array.from({ length: 4 }, (_, index) => ({ projectId: "shop", type: "E", id: `b${String(index)}`, data })),
      );
      expect(outcomes.map((outcome) => outcome.kind === "digested" && outcome.discarded)).toEqual([
        true,
        false,
        false,
        false,
      ]);
      const stored = await Promise.all(["b0", "b1", "b2"].map((each) => story.tracker.events.get("shop", each)));
      expect(stored.map((event) => event?.data)).toEqual([undefined, data, data]);
    });

    test("refuses other commands than undiscard, comments and deletion, and conditions on users or already met", async () => {
      const id = await opened();
      const { issues } = story.tracker;
      expect(await failureOf(issues.undiscard(id))).toMatchObject({ code: "not-discarded" });
      expect(await failureOf(issues.discard(id, { conditions: [volumeCondition(1, "day")] }))).toMatchObject({
        code: "condition-already-met",
      });
      expect(await failureOf(issues.discard(id, { conditions: [{ kind: "users", users: 5, days: 1 }] }))).toMatchObject(
        {
          code: "invalid-input",
          field: "discard.conditions[0]",
        },
      );
      await issues.discard(id);
      expect(await failureOf(issues.resolve(id))).toMatchObject({ code: "issue-discarded" });
      expect(await failureOf(issues.mute(id))).toMatchObject({ code: "issue-discarded" });
      expect(await failureOf(issues.reopen(id))).toMatchObject({ code: "not-resolved" });
      expect(await failureOf(issues.unmute(id))).toMatchObject({ code: "not-muted" });
      await issues.annotate(id, "still noise");
      expect(await story.status(id)).toBe("discarded");
    });

    test("gets other conditions by another discard, which goes on counting what was discarded", async () => {
      const id = await opened();
      await story.tracker.issues.discard(id);
      await story.events(2);
      await story.tracker.issues.discard(id, { conditions: [volumeCondition(10, "total")] });
      await story.event();
      expect(await story.tracker.issues.discardProgress(id)).toMatchObject({
        discarded: 3,
        conditions: [{ count: 4, missing: 6 }],
      });
    });

    test("is only counted in total by events of an environment that changes no states, which end nothing", async () => {
      const id = await opened();
      await save({ stateEnvironments: [""] });
      await story.tracker.issues.discard(id, { conditions: [volumeCondition(3, "total")] });
      expect(await story.event({ environment: "test", count: 9 })).toMatchObject({ discarded: true });
      expect(await story.tracker.issues.get(id)).toMatchObject({ eventCount: 10, environments: [] });
      expect(await story.event()).toMatchObject({ discarded: false, undiscarded: { count: 11 } });
    });

    test("keeps its conditions when a clock that was ahead goes back", async () => {
      const id = await opened();
      story.clock.jumpBy(9 * DAY);
      await story.tracker.issues.discard(id, { conditions: [volumeCondition(3, "day")] });
      await story.event();
      story.clock.jumpBy(-9 * DAY);
      expect(await story.event()).toMatchObject({ discarded: false, undiscarded: { count: 3 } });
    });

    test("has evicted events forgotten, so that they may come again", async () => {
      const id = await opened();
      await story.tracker.issues.discard(id);
      await story.event({ id: "noise" });
      story.clock.advanceBy(DAY);
      expect(await story.tracker.events.evict({ projectId: "shop", receivedBefore: START + HOUR })).toBe(1);
      expect(await story.event({ id: "noise" })).toMatchObject({ discarded: true, issue: { id, eventCount: 3 } });
    });

    test("is in lists of its state, and commands can be given to all of a list", async () => {
      await opened("A");
      await opened("B");
      const all = { filter: { projectId: "shop", status: "open" } } as const;
      expect(await story.tracker.issues.bulk(all, { kind: "discard" })).toMatchObject({ applied: 2, refused: 0 });
      const { items } = await story.tracker.issues.list({ projectId: "shop", status: "discarded" });
      expect(items.map(({ title }) => title).sort()).toEqual(["A", "B"]);
    });
  });

  describe("rule 23: events and end users that are erased", () => {
    const erase = (id: string) => story.tracker.events.erase("shop", id);

    test("are counted no more, and their issue shows the newest event that is left", async () => {
      const id = (await story.event({ id: "first", value: "of one", userId: "ann" })).issue.id;
      story.clock.advanceBy(MINUTE);
      await story.event({
        id: "last",
        value: "of another",
        transaction: "/last",
        userId: "bob",
        count: 3,
        fingerprint: ["E"],
      });
      const last = await story.tracker.events.get("shop", "last");
      expect(await erase("last")).toBe(true);
      expect(await story.tracker.events.get("shop", "last")).toBeUndefined();
      expect(last?.issueId === id).toBe(false);
      // It was the only one of its issue.
      expect(await story.tracker.issues.get(last?.issueId ?? "")).toBeUndefined();
      await story.event({ id: "second", value: "of one", transaction: "/second", userId: "bob", count: 3 });
      await story.event({ id: "late", value: "of one", transaction: "/late", userId: "ann", receivedAt: START - 1 });
      expect(await erase("second")).toBe(true);
      expect(await story.tracker.issues.get(id)).toMatchObject({
        transaction: "",
        latestEventId: "first",
        eventCount: 2,
        userCount: 1,
      });
      expect(await story.tracker.users.erase("shop", "ann")).toBe(2);
      expect(await story.tracker.issues.get(id)).toBeUndefined();
    });

    test("do not count for a mute or a discard any more, nor for the watch", async () => {
      const id = await opened();
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(3, "day")], sinceMute: true });
      story.clock.advanceBy(MINUTE);
      await story.event({ id: "one" });
      await story.event({ id: "two" });
      await erase("one");
      expect(await story.event({ id: "three" })).toMatchObject({ unmuted: null });
      expect(await story.event({ id: "four" })).toMatchObject({ unmuted: { count: 3 } });
      await story.tracker.issues.discard(id, { conditions: [volumeCondition(6, "day")] });
      await story.event({ id: "five" });
      expect(await story.tracker.issues.discardProgress(id)).toMatchObject({ discarded: 1 });
      await erase("five");
      expect(await story.tracker.issues.discardProgress(id)).toMatchObject({ discarded: 0 });
      await erase("two");
      expect(await story.tracker.issues.discardProgress(id)).toMatchObject({ discarded: 0 });
      await story.event({ id: "six" });
      await story.event({ id: "seven" });
      expect(await story.tracker.issues.discardProgress(id)).toMatchObject({ discarded: 2 });
      expect(await story.event({ id: "eight" })).toMatchObject({ undiscarded: { count: 6 } });
      await story.tracker.issues.watch(id, { conditions: [volumeCondition(7, "day")] });
      await erase("eight");
      expect(await story.event({ id: "nine" })).toMatchObject({ loud: null });
      expect(await story.event({ id: "ten" })).toMatchObject({ loud: { count: 7 } });
    });

    test("leave the title of the newest event that is shown, which a discarded one is not", async () => {
      const id = (await story.event({ id: "shown", transaction: "/shown" })).issue.id;
      story.clock.advanceBy(MINUTE);
      await story.event({ id: "newest", transaction: "/newest" });
      await story.tracker.issues.discard(id);
      story.clock.advanceBy(MINUTE);
      await story.event({ id: "discarded", transaction: "/discarded" });
      await erase("newest");
      expect(await story.tracker.issues.get(id)).toMatchObject({
        transaction: "/shown",
        latestEventId: "shown",
        eventCount: 2,
      });
      await erase("shown");
      expect(await story.tracker.issues.get(id)).toMatchObject({
        title: "(erased)",
        transaction: "",
        latestEventId: "",
        eventCount: 1,
      });
      await story.tracker.issues.undiscard(id);
      expect((await story.event({ id: "next" })).issue).toMatchObject({ title: "E", latestEventId: "next" });
    });

    test("before a mute leave its count since then as it is", async () => {
      const id = await opened();
      await story.event({ id: "before", count: 5 });
      story.clock.advanceBy(MINUTE);
      await story.tracker.issues.mute(id, { conditions: [volumeCondition(2, "total")], sinceMute: true });
      await story.event();
      await erase("before");
      expect(await story.event()).toMatchObject({ unmuted: { count: 2 } });
    });

    test("before a mute do not make it count from the beginning, also when it comes again", async () => {
      const id = (await story.event({ id: "before" })).issue.id;
      story.clock.advanceBy(MINUTE);
      await story.tracker.issues.mute(id, {
        conditions: [volumeCondition(3, "total")],
        sinceMute: true,
        again: { period: "day", nrOfPeriods: 1 },
      });
      story.clock.advanceBy(MINUTE);
      await story.event();
      await erase("before");
      await story.events(3);
      expect(await story.status(id)).toBe("open");
      story.clock.advanceBy(2 * DAY);
      expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 1 });
      expect(await story.status(id)).toBe("muted");
    });

    test("are named by no turning point and no alert, while what happened stays", async () => {
      const id = await opened();
      await story.tracker.issues.resolve(id);
      story.clock.advanceBy(MINUTE);
      await story.event({ id: "came back" });
      await erase("came back");
      expect(await story.status(id)).toBe("open");
      expect((await story.tracker.issues.history(id)).items).toMatchObject([
        { turn: { kind: "regressed" }, eventId: null },
        { turn: { kind: "resolved" } },
        { turn: { kind: "first-seen" } },
      ]);
      expect(await story.event({ id: "came back" })).toMatchObject({ kind: "digested" });
    });

    test("of environments that change no states are taken from the total only", async () => {
      await save({ stateEnvironments: ["production"] });
      const id = (await story.event({ environment: "production" })).issue.id;
      await story.event({ id: "staging", environment: "staging", count: 4 });
      await erase("staging");
      const counts = await story.tracker.issues.eventCounts(id, { period: "minute", nrOfPeriods: 1 });
      expect(counts.map(({ count }) => count)).toEqual([1]);
      expect(await story.tracker.issues.get(id)).toMatchObject({ eventCount: 1 });
    });

    test("and were evicted stay counted, because nobody knows any more whose they were", async () => {
      const id = await opened();
      await story.event({ id: "evicted", userId: "ann" });
      await story.tracker.events.evict({ projectId: "shop", receivedBefore: START + 1 });
      expect(await erase("evicted")).toBe(false);
      expect(await story.tracker.users.erase("shop", "ann")).toBe(0);
      expect(await story.tracker.issues.get(id)).toMatchObject({ eventCount: 2, userCount: 0 });
    });

    test("need a project that is saved, and ids", async () => {
      const { events, users } = story.tracker;
      const unknown = { code: "unknown-project", field: "projectId" };
      expect(await failureOf(events.erase("nowhere", "e"))).toMatchObject(unknown);
      expect(await failureOf(users.erase("nowhere", "ann"))).toMatchObject(unknown);
      expect(await failureOf(events.erase("shop", ""))).toMatchObject({ code: "invalid-input", field: "id" });
      expect(await failureOf(users.erase("shop", ""))).toMatchObject({ code: "invalid-input", field: "userId" });
    });
  });
});
