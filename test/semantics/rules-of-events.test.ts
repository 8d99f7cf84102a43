import { beforeEach, describe, expect, test } from "vitest";
import { volumeCondition, type ConditionInput, type DigestedEvent, type MuteRequest } from "../../src/index.ts";
import { DAY, failureOf, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

// Rules 2, 7 and 16 to 19: what an event carries, conditions of every kind, and what an open issue is watched for.
describe.each(storesForStories())("on $name", ({ open }) => {
  let story: Scenario;
  beforeEach(async () => {
    story = await Scenario.begin(await open());
    return () => story.tracker.close();
  });

  const muteUntil = (id: string, request: MuteRequest) => story.tracker.issues.mute(id, request);
  const watch = (...conditions: readonly ConditionInput[]) =>
    story.tracker.projects.save({ id: "shop", watch: { conditions } });
  const idOf = ({ issue }: DigestedEvent): string => issue.id;
  /** How many events raise an alert of this kind. */
  const alertsOf = async (kind: string): Promise<number> =>
    (await story.alertKinds()).filter((each) => each === kind).length;
  const users = (...names: readonly string[]) => names.map((userId) => ({ projectId: "shop", type: "E", userId }));
  /** Digests some events as a batch, and says what ended the mute at which of them. */
  const unmutedBy = async (events: Parameters<typeof story.tracker.digest>[0]) =>
    [await story.tracker.digest(events)]
      .flat()
      .map((each) => (each.kind === "digested" ? each.unmuted?.kind : each.kind));

  describe("rule 2: the busiest hour of each of the last 8 days", () => {
    test("is what a spike is measured against, however long ago the hours themselves were forgotten", async () => {
      const id = idOf((await story.events(20))[0] ?? (await story.event()));
      story.clock.advanceBy(6 * DAY);
      await story.events(1);
      await muteUntil(id, { conditions: [{ kind: "spike" }] });
      expect(await story.tracker.issues.muteProgress(id)).toMatchObject({ conditions: [{ count: 1, needed: 61 }] });
      story.clock.advanceBy(2 * DAY);
      const outcomes = await story.events(11);
      expect(outcomes.findIndex(({ unmuted }) => unmuted?.kind === "spiked")).toBe(10);
    });
  });

  describe("rule 7: again", () => {
    const again = { period: "day", nrOfPeriods: 2 } as const;

    test("an issue that an event unmuted is muted again on the same terms by a tick, once it had no event for so long", async () => {
      const id = idOf(await story.event());
      await muteUntil(id, { conditions: [volumeCondition(3, "day")], again });
      await story.events(2);
      expect(await story.status(id)).toBe("open");
      story.clock.advanceBy(DAY);
      await story.event();
      story.clock.advanceBy(2 * DAY - 1);
      expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 0 });
      story.clock.advanceBy(1);
      expect(await story.tracker.tick()).toEqual({ unmuted: 0, mutedAgain: 1, autoResolved: 0, unreadable: [] });
      expect(await story.history(id)).toEqual(["first-seen", "muted", "unmuted", "muted"]);
      const { items } = await story.tracker.issues.history(id);
      expect(items[0]).toMatchObject({ by: { kind: "system" }, turn: { terms: { again: { quietFor: again } } } });
      await story.events(3);
      expect(await story.status(id)).toBe("open");
    });

    test("a mute for a duration lasts as long again", async () => {
      const id = idOf(await story.event());
      await muteUntil(id, { for: { period: "hour", nrOfPeriods: 3 }, wakeOn: "deadline", again });
      story.clock.advanceBy(3 * HOUR);
      await story.tracker.tick();
      expect(await story.status(id)).toBe("open");
      story.clock.advanceBy(2 * DAY);
      await story.tracker.tick();
      expect((await story.tracker.issues.get(id))?.state).toMatchObject({
        mute: { mutedAt: story.clock.now(), deadline: { at: story.clock.now() + 3 * HOUR, wakeOn: "deadline" } },
      });
    });

    test("an alert that nobody heard of is raised before the issue is muted again", async () => {
      const quiet = { random: () => 0, inOrder: true, limits: null, quietAfterMs: HOUR };
      const tale = await Scenario.begin(await open(), { alerts: quiet });
      const id = idOf(await tale.event());
      await tale.tracker.issues.mute(id, { conditions: [volumeCondition(3, "day")], again });
      tale.clock.advanceBy(2 * HOUR);
      await tale.events(2, { receivedAt: START });
      expect(await tale.status(id)).toBe("open");
      tale.clock.advanceBy(3 * DAY);
      expect(await tale.tracker.tick()).toMatchObject({ mutedAgain: 0 });
      await tale.event();
      expect(await tale.alertKinds()).toEqual(["new-issue", "unmute"]);
      tale.clock.advanceBy(3 * DAY);
      expect(await tale.tracker.tick()).toMatchObject({ mutedAgain: 1 });
      await tale.tracker.close();
    });

    test("rule 4: a clock that was ahead does not keep the issue from being muted again", async () => {
      const id = idOf(await story.event());
      await muteUntil(id, { for: { period: "hour", nrOfPeriods: 1 }, wakeOn: "deadline", again });
      story.clock.jumpBy(365 * DAY);
      await story.tracker.tick();
      story.clock.jumpBy(-364 * DAY);
      await story.event();
      story.clock.advanceBy(2 * DAY);
      expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 1 });
    });

    test("any command in between ends that, and so does a person who unmutes", async () => {
      const [first, second] = [idOf(await story.event({ type: "A" })), idOf(await story.event({ type: "B" }))];
      for (const id of [first, second]) await muteUntil(id, { conditions: [volumeCondition(2, "day")], again });
      await story.event({ type: "A" });
      await story.tracker.issues.annotate(first, "Let us wait and see");
      await story.tracker.issues.unmute(second);
      story.clock.advanceBy(5 * DAY);
      expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 0 });
    });

    test("an issue whose conditions are still met stays open until they are not, or for ever", async () => {
      const [month, total] = [idOf(await story.event({ type: "A" })), idOf(await story.event({ type: "B" }))];
      await muteUntil(month, { conditions: [volumeCondition(3, "month")], again });
      await muteUntil(total, { conditions: [volumeCondition(3, "total")], again });
      for (const type of ["A", "A", "B", "B"]) await story.event({ type });
      story.clock.advanceBy(2 * DAY);
      expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 0 });
      story.clock.advanceTo(Date.UTC(2026, 11, 1));
      expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 1 });
      expect([await story.status(month), await story.status(total)]).toEqual(["muted", "open"]);
      story.clock.advanceBy(400 * DAY);
      await story.tracker.tick();
      expect(await story.status(total)).toBe("open");
    });
  });

  describe("rule 7: again, of a mute that counts since it began", () => {
    test.each([
      ["events", volumeCondition(5, "total")],
      ["users", { kind: "users", users: 1, days: 1 }],
    ] as const)(
      "begins as soon as it was quiet, whatever was met before, and counts its %s anew",
      async (_name, other) => {
        const id = idOf(await story.event());
        const again = { period: "minute", nrOfPeriods: 5 } as const;
        await muteUntil(id, { conditions: [{ kind: "spike" }, other], sinceMute: true, again });
        expect((await story.event({ count: 20, userId: "ann" })).unmuted?.kind).toBe("spiked");
        story.clock.advanceBy(5 * MINUTE);
        expect(await story.tracker.tick()).toMatchObject({ mutedAgain: 1 });
        expect((await story.event({ count: 5, userId: "ann" })).unmuted).toMatchObject({ condition: other });
      },
    );
  });

  describe("rule 16: one alert for one event", () => {
    test("a watch that is met by an event that raises another alert raises its own at the next event", async () => {
      await watch(volumeCondition(1, "day"), volumeCondition(2, "total"));
      const outcomes = await story.events(3);
      expect(outcomes.map(({ loud }) => loud?.condition)).toEqual([undefined, volumeCondition(1, "day"), undefined]);
      expect(await story.alertKinds()).toEqual(["new-issue", "loud"]);
    });

    test("an unmute comes first, and leaves one entry in the history", async () => {
      const id = idOf(await story.event());
      await watch(volumeCondition(3, "hour"));
      await muteUntil(id, { conditions: [volumeCondition(3, "day")] });
      const outcomes = await story.events(4);
      expect(outcomes.map(({ unmuted, loud }) => [unmuted?.kind, loud?.kind])).toEqual([
        [undefined, undefined],
        ["volume-reached", undefined],
        [undefined, "volume-reached"],
        [undefined, undefined],
      ]);
      expect(await story.history(id)).toEqual(["first-seen", "muted", "unmuted", "loud"]);
    });
  });

  describe("rule 17: watches", () => {
    test("20,000 events of an open issue in 20 seconds raise an alert, once", async () => {
      await watch({ kind: "spike", floor: 10, factor: 3 }, volumeCondition(1_000, "hour"));
      await story.event();
      for (let second = 0; second < 20; second++) {
        story.clock.advanceBy(1_000);
        await story.tracker.digest(Array.from({ length: 1_000 }, () => ({ projectId: "shop", type: "E" })));
      }
      const alerts = await story.alerts();
      expect(alerts.map(({ kind }) => kind)).toEqual(["new-issue", "loud", "loud"]);
      expect(alerts[1]).toMatchObject({
        subject: '"E" in "shop" (Loud issue)',
        text: "The issue got loud. There were 11 events in one hour: more than 10, and more than 3 times the 0 of the busiest hour of the week before.",
        turningPoint: 2,
      });
      expect(alerts[2]?.text).toBe("The issue got loud. There were 1000 events or more in one calendar hour.");
    });

    test("the alert's event is in the history and is kept", async () => {
      await watch(volumeCondition(3, "day"));
      const outcomes = await story.events(3);
      const { eventId, issue } = outcomes[2] ?? (await story.event());
      expect((await story.tracker.issues.history(issue.id)).items[0]).toMatchObject({
        turn: { kind: "loud", reason: { kind: "volume-reached", count: 3 } },
        eventId,
        by: { kind: "system" },
      });
      story.clock.advanceBy(DAY);
      await story.tracker.events.evict({ projectId: "shop", receivedBefore: story.clock.now() });
      expect(await story.tracker.events.get("shop", eventId)).toMatchObject({ kept: true });
    });

    test("an issue's own watch replaces its project's, until it is given back", async () => {
      await watch(volumeCondition(2, "total"));
      const id = idOf(await story.event());
      const own = [volumeCondition(4, "total")];
      expect(await story.tracker.issues.watch(id, { conditions: own, by: "ann" })).toMatchObject({ watch: own });
      expect((await story.events(4)).map(({ loud }) => loud?.count)).toEqual([undefined, undefined, 4, undefined]);
      await story.tracker.issues.watch(id, { conditions: [] });
      expect(await story.tracker.issues.watchProgress(id)).toEqual([]);
      await watch(volumeCondition(6, "total"));
      await story.tracker.issues.watch(id, { conditions: null });
      expect(await story.tracker.issues.watchProgress(id)).toMatchObject([{ count: 5, missing: 1, isArmed: true }]);
      expect((await story.event()).loud).toMatchObject({ count: 6 });
      expect(await story.history(id)).toEqual(["first-seen", "watched", "loud", "watched", "watched", "loud"]);
    });

    test("muted and resolved issues are not watched; milestones that they pass are not made up for", async () => {
      await watch(volumeCondition(3, "total"), volumeCondition(6, "total"), volumeCondition(8, "total"));
      const id = idOf(await story.event());
      await muteUntil(id, {});
      await story.events(3);
      await story.tracker.issues.unmute(id);
      await story.tracker.issues.resolve(id, { in: { release: "9.0.0" } });
      await story.events(2, { release: "1.0.0" });
      expect(await alertsOf("loud")).toBe(0);
      await story.tracker.issues.reopen(id);
      expect((await story.events(3)).map(({ loud }) => loud?.count)).toEqual([undefined, 8, undefined]);
    });

    test("a milestone that was passed while nothing was watched for is not made up for when it is watched for again", async () => {
      await watch(volumeCondition(4, "total"));
      await story.events(2);
      await watch();
      await story.events(5);
      await watch(volumeCondition(4, "total"));
      expect((await story.events(2)).map(({ loud }) => loud)).toEqual([null, null]);
    });

    test("a milestone that events of another environment pass is raised by the next event that may, also by an issue's second", async () => {
      await story.tracker.projects.save({ id: "shop", stateEnvironments: ["production"] });
      await watch(volumeCondition(4, "total"));
      await story.event({ environment: "production" });
      await story.events(5, { environment: "staging" });
      const outcomes = await story.events(2, { environment: "production" });
      expect(outcomes.map(({ loud }) => loud?.count)).toEqual([7, undefined]);
    });

    test.each([
      ["of any", { environment: "production" }, [3, undefined]],
      ["of another", { environment: "staging" }, [undefined, 3]],
    ] as const)(
      "rule 18: an event %s environment from before the first one makes usual days quieter, so that today may be louder",
      async (_name, { environment }, expected) => {
        await story.tracker.projects.save({ id: "shop", stateEnvironments: ["production"] });
        await watch({ kind: "louder", floor: 2, factor: 1 });
        await story.event({ environment: "production", count: 6 });
        story.clock.advanceBy(DAY);
        await story.event({ environment: "production", count: 3 });
        const early = await story.event({ environment, receivedAt: START - 3 * DAY });
        const next = await story.event({ environment: "production", receivedAt: START - 3 * DAY });
        expect([early, next].map(({ loud }) => loud?.count)).toEqual(expected);
      },
    );

    test("a switch for loud alerts silences them, now and later, and changes no history", async () => {
      await watch(volumeCondition(2, "total"));
      await story.tracker.projects.save({ id: "shop", alerts: { loud: false } });
      const id = idOf(await story.event());
      expect((await story.event()).loud).toMatchObject({ count: 2 });
      await story.tracker.projects.save({ id: "shop", alerts: { loud: true } });
      await story.events(2);
      expect(await story.alertKinds()).toEqual(["new-issue"]);
      expect(await story.history(id)).toEqual(["first-seen", "loud"]);
    });

    test.each([{ loud: true }, { loud: false }])(
      "rule 14: old events are not looked at, switches or not: %j",
      async (alerts) => {
        const quiet = { random: () => 0, inOrder: true, limits: null, quietAfterMs: HOUR };
        const tale = await Scenario.begin(await open(), { alerts: quiet });
        await tale.tracker.projects.save({ id: "shop", watch: { conditions: [volumeCondition(3, "day")] }, alerts });
        tale.clock.advanceBy(2 * HOUR);
        const [first] = await tale.events(6, { receivedAt: START });
        expect(await tale.history(first?.issue.id ?? "")).toEqual(["first-seen"]);
        await tale.tracker.close();
      },
    );

    test("the progress says whether the next event that meets a condition raises an alert", async () => {
      await watch(volumeCondition(2, "day"));
      const id = idOf(await story.event());
      expect(await story.tracker.issues.watchProgress(id)).toMatchObject([{ count: 1, isArmed: true }]);
      await story.event();
      expect(await story.tracker.issues.watchProgress(id)).toMatchObject([{ count: 2, isArmed: false }]);
      story.clock.advanceBy(DAY);
      expect(await story.tracker.issues.watchProgress(id)).toMatchObject([{ count: 0, isArmed: true }]);
      expect((await story.events(2)).map(({ loud }) => loud?.count)).toEqual([undefined, 2]);
    });

    test("a condition on a day alerts every day, also shortly before and after midnight", async () => {
      await watch(volumeCondition(2, "day"));
      await story.event();
      story.clock.advanceTo(START + 14 * HOUR + 58 * MINUTE);
      expect((await story.event()).loud).toMatchObject({ count: 2 });
      story.clock.advanceBy(3 * MINUTE);
      expect((await story.events(2)).map(({ loud }) => loud?.count)).toEqual([undefined, 2]);
    });

    test("a batch alerts as its events one by one", async () => {
      await watch(volumeCondition(5, "hour"), volumeCondition(3, "minute"));
      const batch = Array.from({ length: 8 }, (_, index) => ({ projectId: "shop", type: "E", id: String(index) }));
      const outcomes = await story.tracker.digest(batch);
      expect(outcomes.map((each) => (each.kind === "digested" ? each.loud?.condition : each.kind))).toEqual([
        undefined,
        undefined,
        volumeCondition(3, "minute"),
        undefined,
        volumeCondition(5, "hour"),
        undefined,
        undefined,
        undefined,
      ]);
    });

    test("bad conditions are refused, and nothing is written", async () => {
      const id = idOf(await story.event());
      const failure = (conditions: unknown) =>
        failureOf(story.tracker.issues.watch(id, JSON.parse(JSON.stringify({ conditions }))));
      expect(await failure([{ kind: "users", users: 5 }])).toMatchObject({
        code: "invalid-input",
        field: "watch.conditions[0].days",
      });
      expect(await failure([volumeCondition(5, "day"), { kind: "spikes" }])).toMatchObject({
        field: "watch.conditions[1].kind",
      });
      expect(await failure("spike")).toMatchObject({ field: "watch.conditions" });
      expect(await failureOf(story.tracker.projects.save(JSON.parse('{"id":"shop","watch":{}}')))).toMatchObject({
        field: "project.watch.conditions",
      });
      expect(await story.history(id)).toEqual(["first-seen"]);
    });
  });

  describe("rule 18: users", () => {
    test("until 5 users a day: different users of one calendar day, exactly", async () => {
      const id = idOf(await story.event());
      await muteUntil(id, { conditions: [{ kind: "users", users: 3, days: 1 }] });
      expect(await unmutedBy(users("ann", "bob", "ann"))).toEqual([undefined, undefined, undefined]);
      story.clock.advanceBy(DAY);
      expect(await unmutedBy(users("cleo", "cleo", "ann"))).toEqual([undefined, undefined, undefined]);
      expect(await story.tracker.issues.muteProgress(id)).toMatchObject({ conditions: [{ count: 2, missing: 1 }] });
      expect((await story.event({ userId: "dan" })).unmuted).toMatchObject({
        kind: "users-reached",
        count: 3,
        sinceMute: false,
      });
      expect(await story.tracker.issues.get(id)).toMatchObject({ userCount: 4, eventCount: 8 });
    });

    test("until 10 more users: those who occur after the mute, known ones too", async () => {
      const id = idOf(await story.event({ userId: "ann" }));
      await muteUntil(id, { conditions: [{ kind: "users", users: 3 }] });
      expect(await unmutedBy(users("bob", "bob"))).toEqual([undefined, undefined]);
      story.clock.advanceBy(40 * DAY);
      expect(await unmutedBy(users("ann", "cleo", "dan"))).toEqual([undefined, "users-reached", undefined]);
    });

    test("a mute that begins anew counts its users anew", async () => {
      const id = idOf(await story.event({ userId: "ann" }));
      await muteUntil(id, { conditions: [{ kind: "users", users: 2 }] });
      await story.event({ userId: "ann" });
      await muteUntil(id, { conditions: [{ kind: "users", users: 2 }] });
      expect(await unmutedBy(users("bob", "ann"))).toEqual([undefined, "users-reached"]);
    });

    test("users of today that meet a condition already are refused", async () => {
      const id = idOf(await story.event({ userId: "ann" }));
      await story.event({ userId: "bob" });
      expect(await failureOf(muteUntil(id, { conditions: [{ kind: "users", users: 2, days: 1 }] }))).toMatchObject({
        code: "condition-already-met",
        message: expect.stringContaining("The condition is already met: 2 users or more in the current day (2)"),
      });
      await muteUntil(id, { conditions: [{ kind: "users", users: 2, days: 1 }], sinceMute: true });
      expect(await unmutedBy(users("cleo", "dan"))).toEqual([undefined, "users-reached"]);
    });

    test("an open issue is watched for them", async () => {
      await watch({ kind: "users", users: 2, days: 7 });
      await story.event({ userId: "ann" });
      story.clock.advanceBy(3 * DAY);
      expect((await story.event({ userId: "ann" })).loud).toBeNull();
      expect((await story.event({ userId: "bob" })).loud).toMatchObject({ kind: "users-reached", count: 2 });
    });

    test("rule 4: a clock that was ahead does not leave users in later days", async () => {
      const id = idOf(await story.event());
      story.clock.jumpBy(3 * DAY);
      await story.tracker.digest(users("ann", "bob"));
      story.clock.jumpBy(HOUR - 3 * DAY);
      await story.event();
      story.clock.advanceTo(START + 3 * DAY);
      await muteUntil(id, { conditions: [{ kind: "users", users: 2, days: 1 }] });
      expect(await unmutedBy(users("cleo"))).toEqual([undefined]);
    });
  });

  describe("rule 3: since the mute", () => {
    test.each([[{ kind: "spike", floor: 10, factor: 3 }], [{ kind: "louder", floor: 10, factor: 3 }]] as const)(
      "an issue that has just got loud can be muted until it gets loud again: %j",
      async (condition) => {
        await watch(condition);
        const id = idOf(await story.event());
        expect((await story.event({ count: 50 })).loud).toMatchObject({ condition });
        const refused = await failureOf(muteUntil(id, { conditions: [condition] }));
        expect(refused).toMatchObject({
          code: "condition-already-met",
          message: expect.stringContaining("since the mute"),
        });
        await muteUntil(id, { conditions: [condition], sinceMute: true });
        expect((await story.tracker.issues.muteProgress(id))?.conditions[0]?.text).toContain(
          "0 of 11 events since the mute",
        );
        expect((await story.event({ count: 10 })).unmuted).toBeNull();
        expect((await story.event()).unmuted).toMatchObject({ count: 11 });
      },
    );
  });

  describe("rule 18: louder", () => {
    test("until it is louder than when I muted it", async () => {
      const id = idOf(await story.event({ count: 6 }));
      story.clock.advanceBy(DAY);
      await story.event({ count: 8 });
      story.clock.advanceBy(DAY);
      await muteUntil(id, { conditions: [{ kind: "louder" }] });
      expect((await story.event({ count: 70 })).unmuted).toBeNull();
      expect((await story.event()).unmuted).toMatchObject({ kind: "got-louder", count: 71, usual: 7 });
    });
  });

  describe("rule 19: what an event carries", () => {
    test("its count is exact in totals, windows and conditions", async () => {
      const id = idOf(await story.event({ count: 40 }));
      await muteUntil(id, { conditions: [volumeCondition(100, "day")] });
      expect((await story.event({ count: 59 })).unmuted).toBeNull();
      expect((await story.event({ count: 500 })).unmuted).toMatchObject({ count: 599 });
      expect(await story.tracker.issues.get(id)).toMatchObject({ eventCount: 599 });
      expect((await story.tracker.issues.eventCounts(id, { period: "hour" })).at(-1)?.count).toBe(599);
    });

    test("level, type, value and transaction are given back with it, and its data parsed", async () => {
      const said = { level: "warning", type: "T", value: "a\nb \u{1F600} \ud800", transaction: "/t" } as const;
      const data = { a: [1, null, "ü"] };
      const { eventId } = await story.event({ ...said, data, environment: " production ", count: 3 });
      expect(await story.tracker.events.get("shop", eventId)).toEqual({
        projectId: "shop",
        id: eventId,
        issueId: expect.any(String),
        ...said,
        number: 1,
        count: 3,
        environment: "production",
        release: "",
        receivedAt: START,
        occurredAt: null,
        kept: true,
        data,
      });
      const long = { type: "T", value: "v".repeat(100_000), transaction: "t".repeat(5_000) };
      const plain = await story.event({ ...long, data: null });
      expect(await story.tracker.events.get("shop", plain.eventId)).toMatchObject({
        ...long,
        level: "error",
        data: null,
      });
      const none = await story.event({ ...long });
      expect((await story.tracker.events.get("shop", none.eventId))?.data).toBeUndefined();
    });

    test("an issue knows its users and its environments, and lists are filtered by environment", async () => {
      await story.tracker.digest([
        { projectId: "shop", type: "A", userId: "ann", environment: "production" },
        { projectId: "shop", type: "A", userId: "ann" },
        { projectId: "shop", type: "A", userId: "bob", environment: "staging" },
        { projectId: "shop", type: "B", environment: 'pro"duc\\tion' },
      ]);
      await story.event({ type: "A", userId: "ann", environment: "staging" });
      const titles = async (environment?: string) =>
        (await story.tracker.issues.list({ projectId: "shop", ...(environment && { environment }) })).items
          .map(({ title }) => title)
          .sort();
      expect(await titles()).toEqual(["A", "B"]);
      expect(await titles("staging")).toEqual(["A"]);
      expect(await titles("production")).toEqual(["A"]);
      expect(await titles('pro"duc\\tion')).toEqual(["B"]);
      expect(await titles("prod")).toEqual([]);
      const { items } = await story.tracker.issues.list({ projectId: "shop", search: "A" });
      expect(items).toMatchObject([{ userCount: 2, environments: ["production", "staging"] }]);
      await story.tracker.issues.bulk({ filter: { projectId: "shop", environment: "staging" } }, { kind: "resolve" });
      expect(await story.status(items[0]?.id ?? "")).toBe("resolved");
    });

    test("an issue remembers the first 50 of its environments", async () => {
      const environments = Array.from({ length: 52 }, (_, index) => `review-${String(index)}`);
      await story.tracker.digest(environments.map((environment) => ({ projectId: "shop", type: "E", environment })));
      const { items } = await story.tracker.issues.list({ projectId: "shop", environment: "review-49" });
      expect(items).toMatchObject([{ environments: environments.slice(0, 50), eventCount: 52 }]);
    });

    test("the same user of two projects is two users, whose hashes differ", async () => {
      await story.tracker.projects.save({ id: "attic" });
      const events = ["shop", "attic"].map((projectId) => ({ projectId, id: "e", type: "E", userId: "ann" }));
      await story.tracker.digest(events);
      const stored = await Promise.all(events.map((ref) => story.store.read((reader) => reader.findEvent(ref))));
      expect(stored[0]?.user).toMatch(/^[0-9a-f]{32}$/u);
      expect(stored[0]?.user).not.toBe(stored[1]?.user);
    });

    describe("of an environment that changes no states", () => {
      beforeEach(async () => {
        await story.tracker.projects.save({ id: "shop", stateEnvironments: ["production", ""] });
      });
      const staging = { environment: "staging" } as const;

      test("opens an issue that is seen only there; the first event of another environment raises the alert", async () => {
        const outcome = await story.event({ ...staging, release: "1.0.0" });
        expect(outcome).toMatchObject({
          created: true,
          issue: { state: { status: "open", quietAlert: { cause: "environment" } }, lastSeenIn: undefined },
        });
        expect(await story.alertKinds()).toEqual([]);
        expect((await story.tracker.releases.list("shop")).items).toEqual([]);
        await story.event({ environment: "production" });
        const alerts = await story.alerts();
        expect(alerts).toMatchObject([{ kind: "new-issue", quietSince: START, turningPoint: 1 }]);
        expect(alerts[0]?.text).toContain("because events of its environment change no states in this project");
      });

      test("makes no regression, no unmute, no release and no alert, and counts in the total only", async () => {
        const id = idOf(await story.event({ release: "1.0.0" }));
        await story.tracker.issues.resolve(id);
        expect((await story.event({ ...staging, release: "2.0.0" })).notRegressed).toEqual({
          kind: "other-environment",
          environment: "staging",
        });
        expect((await story.tracker.releases.latest("shop"))?.version).toBe("1.0.0");
        await story.tracker.issues.reopen(id);
        await watch(volumeCondition(3, "day"));
        story.clock.advanceBy(MINUTE);
        await story.events(5, staging);
        await muteUntil(id, { conditions: [volumeCondition(3, "hour")], until: START + HOUR });
        story.clock.advanceBy(HOUR);
        await story.events(5, staging);
        expect(await story.status(id)).toBe("muted");
        expect(await alertsOf("loud")).toBe(0);
        expect(await story.tracker.issues.get(id)).toMatchObject({ eventCount: 12, environments: ["staging"] });
        const counts = await story.tracker.issues.eventCounts(id, { period: "day" });
        expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(1);
        expect((await story.event()).unmuted?.kind).toBe("deadline-passed");
      });

      test("does not count among the users of a window", async () => {
        const id = idOf(await story.event());
        await muteUntil(id, { conditions: [{ kind: "users", users: 2, days: 1 }] });
        await story.event({ ...staging, userId: "ann" });
        expect((await story.event({ userId: "bob" })).unmuted).toBeNull();
        expect(await story.tracker.issues.get(id)).toMatchObject({ userCount: 2 });
        expect((await story.event({ userId: "ann" })).unmuted).toMatchObject({ count: 2 });
      });

      test("blanks at the ends of environments say nothing, in a project, an event and a list", async () => {
        await story.tracker.projects.save({ id: "shop", stateEnvironments: [" production "] });
        await story.event({ environment: "production\t" });
        expect(await story.alertKinds()).toEqual(["new-issue"]);
        const { items } = await story.tracker.issues.list({ projectId: "shop", environment: " production" });
        expect(items).toMatchObject([{ environments: ["production"] }]);
        const failure = await failureOf(story.tracker.issues.list({ projectId: "shop", environment: " " }));
        expect(failure).toMatchObject({ code: "invalid-input", field: "options.environment" });
      });

      test("does not count since a mute", async () => {
        const id = idOf(await story.event({ count: 95 }));
        await muteUntil(id, { conditions: [volumeCondition(100, "day")], sinceMute: true });
        await story.event({ ...staging, count: 1_000 });
        expect(await story.tracker.issues.muteProgress(id)).toMatchObject({ conditions: [{ count: 0 }] });
        expect((await story.event({ count: 99 })).unmuted).toBeNull();
        expect((await story.event()).unmuted).toMatchObject({ count: 100 });
      });

      test("rule 14: what a switch for new issues silenced is not raised later", async () => {
        await story.tracker.projects.save({ id: "shop", alerts: { "new-issue": false } });
        await story.event(staging);
        await story.tracker.projects.save({ id: "shop", alerts: { "new-issue": true } });
        await story.event();
        expect(await story.alertKinds()).toEqual([]);
      });

      test("does not count in the counts of periods", async () => {
        const id = idOf(await story.event());
        await story.events(3, staging);
        const counts = await story.tracker.issues.eventCounts(id, { period: "minute" });
        expect(counts.at(-1)?.count).toBe(1);
        expect(await story.tracker.issues.get(id)).toMatchObject({ eventCount: 4 });
      });

      test("a project names the environments, or all of them again", async () => {
        const saved = await story.tracker.projects.save({ id: "shop", stateEnvironments: null });
        expect(saved.stateEnvironments).toBeNull();
        await story.event(staging);
        expect(await story.alertKinds()).toEqual(["new-issue"]);
        expect(await failureOf(story.tracker.projects.save({ id: "shop", stateEnvironments: [] }))).toMatchObject({
          field: "project.stateEnvironments",
        });
      });
    });

    test.each([
      [{ count: 0 }, "event.count"],
      [{ count: 1.5 }, "event.count"],
      [{ count: 1_000_001 }, "event.count"],
      [{ userId: "" }, "event.userId"],
      [{ userId: "u".repeat(201) }, "event.userId"],
      [{ environment: "e".repeat(201) }, "event.environment"],
    ])("%j is refused", async (more, field) => {
      expect(await failureOf(story.event(more))).toMatchObject({ code: "invalid-input", field });
    });
  });
});
