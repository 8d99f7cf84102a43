import { describe, expect, test } from "vitest";
import { volumeCondition } from "../../src/index.ts";
import { Timeline, timeline } from "../../src/testing/index.ts";
import { failureOf } from "../support/scenario.ts";

const steps = () =>
  timeline({ startsAt: "2026-11-23" })
    .at("09:00")
    .release("1.0.0")
    .event({ type: "TypeError" })
    .expectAlerts("new-issue")
    .mute({ conditions: [volumeCondition(5, "hour")], by: "ann" })
    .times(3, { every: "10m" })
    .expectMuted()
    .expectAlerts()
    .times(1, { every: "1m" })
    .expectOpen()
    .expectAlerts("unmute")
    .resolve({ in: "next-release", by: "ann" })
    .after("1d")
    .event({ type: "TypeError", release: "1.0.0" })
    .expectResolved()
    .release("2.0.0")
    .event({ type: "TypeError" })
    .expectOpen()
    .expectAlerts("regression")
    .expectEventCount(7);

describe("a timeline", () => {
  test("plays steps on the real tracker, and returns what happened", async () => {
    const played = await steps().run();
    expect(played.alerts.map(({ reason }) => reason.kind)).toEqual(["new-issue", "unmute", "regression"]);
    expect(played.outcomes).toHaveLength(7);
    expect(played.issues).toMatchObject([{ friendlyId: "SHOP-1", eventCount: 7, state: { status: "open" } }]);
    expect((await played.tracker.issues.history(played.issues[0]?.id ?? "")).items).toHaveLength(6);
  });

  test("is a calendar as text: the same for the same steps", async () => {
    const [one, other] = await Promise.all([steps().run(), steps().run()]);
    expect(one.toText()).toBe(other.toText());
    expect(one.toText()).toBe(
      [
        "2026-11-23",
        "  09:00        release 1.0.0",
        "  09:00        SHOP-1  event: This issue was not seen before. [ALERT new-issue]",
        "  09:00        SHOP-1  mute by ann: until 5 events or more in the current hour",
        "  09:10-09:30  SHOP-1  event, 3 times",
        "  09:31        SHOP-1  event: There were 5 events or more in one calendar hour. [ALERT unmute]",
        "  09:31        SHOP-1  resolve in the next release by ann",
        "2026-11-24",
        "  09:31        SHOP-1  event of 1.0.0: no regression. The issue is resolved in its next release, and the event's release is not that.",
        "  09:31        release 2.0.0",
        "  09:31        SHOP-1  next release: 2.0.0 is the fix",
        "  09:31        SHOP-1  event: It occurred in release 2.0.0, and a fix was claimed in release 2.0.0. [ALERT regression]",
      ].join("\n"),
    );
  });

  test("says what was claimed, where and why, and what became of it", async () => {
    const played = await timeline({ startsAt: "2026-11-23" })
      .release("2.0.0")
      .event()
      .resolve({ in: "latest-release", by: "ann", comment: "deployed\nat noon" })
      .resolve({ in: { release: "v1.9.1" } })
      .resolve({ in: { release: "9f8e7d6c" } })
      .expectRefused("release-not-comparable")
      .reopen({ withdraw: ["1.9.1"], by: "ben", comment: "x".repeat(300) })
      .reopen()
      .expectRefused("not-resolved")
      .resolve({ in: { release: "2.1.0" } })
      .reopen({ withdraw: true })
      .resolve({ in: { release: "2.2.0" } })
      .release("2.2.0")
      .retire("2.2.0")
      .run();
    expect(played.toText().split("\n").slice(3)).toEqual([
      '  00:00        SHOP-1  resolve in the latest release by ann ("deployed\uFFFDat noon"): fix claimed in 2.0.0',
      "  00:00        SHOP-1  resolve in v1.9.1: fix claimed in 2.0.0, v1.9.1",
      "  00:00        SHOP-1  resolve in 9f8e7d6c: refused (release-not-comparable)",
      `  00:00        SHOP-1  reopen (withdrawing the fix claimed in 1.9.1) by ben ("${"x".repeat(199)}…"): fix no longer claimed in v1.9.1`,
      "  00:00        SHOP-1  reopen: refused (not-resolved)",
      "  00:00        SHOP-1  resolve in 2.1.0",
      "  00:00        SHOP-1  reopen (withdrawing all claims): fix no longer claimed in 2.1.0",
      "  00:00        SHOP-1  resolve in 2.2.0",
      "  00:00        release 2.2.0",
      "  00:00        retire 2.2.0",
      "  00:00        SHOP-1  fix no longer claimed in 2.2.0",
    ]);
  });

  test("says which issues a tick unmuted, and for which ones a release is the next", async () => {
    const hour = { for: { period: "hour", nrOfPeriods: 1 }, wakeOn: "deadline" } as const;
    const played = await timeline({ startsAt: "2026-11-23" })
      .release("1.0.0")
      .event({ type: "A" })
      .mute(hour)
      .event({ type: "B" })
      .resolve({ in: "next-release" })
      .event({ type: "C" })
      .mute(hour)
      .after("1h")
      .tick()
      .tick()
      .event({ type: "D", release: "1.1.0" })
      .run();
    const passed = "unmuted: The mute's deadline of 2026-11-23 01:00 UTC has passed. [ALERT unmute]";
    expect(played.toText().split("\n").slice(-6)).toEqual([
      "  01:00        tick: 2 unmuted",
      `  01:00        SHOP-1  ${passed}`,
      `  01:00        SHOP-3  ${passed}`,
      "  01:00        tick",
      "  01:00        SHOP-4  event of 1.1.0: This issue was not seen before. [ALERT new-issue]",
      "  01:00        SHOP-2  next release: 1.1.0 is the fix",
    ]);
    const turns = played.entries.flatMap(({ turningPoints }) => turningPoints);
    expect(turns.map(({ issue, turn }) => `${issue} ${turn.kind}`)).toEqual([
      "SHOP-1 first-seen",
      "SHOP-1 muted",
      "SHOP-2 first-seen",
      "SHOP-2 resolved",
      "SHOP-3 first-seen",
      "SHOP-3 muted",
      "SHOP-1 unmuted",
      "SHOP-3 unmuted",
      "SHOP-2 next-materialized",
      "SHOP-4 first-seen",
    ]);
  });

  test("says what a project and an issue are watched for, and what an event carries", async () => {
    const played = await timeline({ startsAt: "2026-11-23" })
      .project({ watch: { conditions: [volumeCondition(3, "hour")] }, stateEnvironments: ["production", ""] })
      .event({ userId: "u1" })
      .times(2, { every: "1m" })
      .expectAlerts("new-issue", "loud")
      .event({ environment: "staging", userId: "u2", count: 25 })
      .expectAlerts()
      .watch({ conditions: [{ kind: "users", users: 2, days: 1 }], by: "ann", comment: "few users" })
      .event({ environment: "production", release: "1.0.0", userId: "u3" })
      .expectAlerts("loud")
      .watch({ conditions: [] })
      .watch({ conditions: null })
      .project({ watch: { conditions: [] }, stateEnvironments: null, alerts: { loud: false, regression: true } })
      .expectOpen()
      .expectEventCount(29)
      .run();
    expect(played.toText().split("\n")).toEqual([
      "2026-11-23",
      "  00:00        project: watches for 3 events or more in the current hour; events of production, no environment change states",
      "  00:00        SHOP-1  event (user u1): This issue was not seen before. [ALERT new-issue]",
      "  00:01        SHOP-1  event (user u1)",
      "  00:02        SHOP-1  event (user u1): There were 3 events or more in one calendar hour. [ALERT loud]",
      "  00:02        SHOP-1  event in staging (user u2, count 25)",
      '  00:02        SHOP-1  watch by ann ("few users"): for 2 users or more in the current day',
      "  00:02        SHOP-1  event of 1.0.0 in production (user u3): It occurred for 2 users or more in one calendar day. [ALERT loud]",
      "  00:02        SHOP-1  watch: for nothing",
      "  00:02        SHOP-1  watch: as its project says",
      "  00:02        project: watches for nothing; events of all environments change states; regression alerts on; loud alerts off",
    ]);
    expect(played.entries.map(({ watched }) => watched.map(({ count }) => count))).toEqual([
      [],
      [1],
      [2],
      [3],
      [3],
      [1],
      [2],
      [],
      [4],
      [],
    ]);
    const turns = played.entries.flatMap(({ turningPoints }) => turningPoints.map(({ turn }) => turn.kind));
    expect(turns).toEqual(["first-seen", "loud", "watched", "loud", "watched", "watched"]);
  });

  test("merges and unmerges issues, named by the types of their events, and refuses what the tracker refuses", async () => {
    const played = await timeline({ startsAt: "2026-11-23" })
      .event({ type: "A" })
      .event({ type: "B" })
      .merge("B", { into: "A", by: "ann", comment: "the same" })
      .event({ type: "B" })
      .expectEventCount(3)
      .merge("B", { into: "A" })
      .expectRefused("issue-merged")
      .mute()
      .unmerge("B", { by: "bob" })
      .expectMuted()
      .expectEventCount(2)
      .unmerge("A")
      .expectRefused("not-merged")
      .expectEventCount(1)
      .run();
    expect(played.toText().split("\n").slice(3)).toEqual([
      '  00:00        SHOP-1  merge SHOP-2 by ann ("the same"): 2 events in all',
      "  00:00        SHOP-1  event",
      "  00:00        SHOP-1  merge SHOP-2: refused (issue-merged)",
      "  00:00        SHOP-1  mute: for ever",
      "  00:00        SHOP-2  unmerge from SHOP-1 by bob: muted, 2 events",
      "  00:00        SHOP-1  unmerge: refused (not-merged)",
    ]);
    const members = played.outcomes.map((outcome) => outcome.kind === "digested" && outcome.member !== null);
    expect(members).toEqual([false, false, true]);
    await expect(timeline().event().merge("A", { into: "Error" }).run()).rejects.toThrow(
      'No event of the type "A" has opened an issue yet.',
    );
  });

  test("says when a project resolves quiet issues, and when events of an issue are discarded", async () => {
    const played = await timeline({ startsAt: "2026-11-23" })
      .project({ autoResolveAfterMs: 90 * 60_000 })
      .event()
      .discard({ by: "ann" })
      .times(2)
      .expectDiscarded()
      .discard({ conditions: [volumeCondition(9, "day"), { kind: "spike" }] })
      .mute()
      .expectRefused("issue-discarded")
      .undiscard()
      .after("90m")
      .tick()
      .expectResolved()
      .project({ autoResolveAfterMs: null })
      .expectEventCount(3)
      .expectAlerts("new-issue")
      .run();
    expect(played.toText().split("\n")).toEqual([
      "2026-11-23",
      "  00:00        project: resolves issues after 90 minutes without events",
      "  00:00        SHOP-1  event: This issue was not seen before. [ALERT new-issue]",
      "  00:00        SHOP-1  discard by ann: for ever",
      "  00:00        SHOP-1  event, 2 times: discarded",
      "  00:00        SHOP-1  discard: until 9 events or more in the current day, or until more than 10 events in the current hour, and more than 3 times as many as in the busiest hour of the week before",
      "  00:00        SHOP-1  mute: refused (issue-discarded)",
      "  00:00        SHOP-1  undiscard",
      "  01:30        tick: 1 resolved",
      "  01:30        SHOP-1  resolved: 90 minutes without events",
      "  01:30        project: resolves no quiet issues",
    ]);
  });

  test("mutes again by a tick, once it was quiet", async () => {
    const again = { period: "hour", nrOfPeriods: 6 } as const;
    const played = await timeline({ startsAt: "2026-11-23" })
      .event()
      .mute({ conditions: [volumeCondition(5, "hour")], again })
      .times(4, { every: "1m" })
      .expectOpen()
      .after("5h")
      .tick()
      .expectOpen()
      .after("1h")
      .tick()
      .expectMuted()
      .expectAlerts("new-issue", "unmute")
      .run();
    expect(played.toText().split("\n").slice(2)).toEqual([
      "  00:00        SHOP-1  mute: until 5 events or more in the current hour; again after 6 hours without events",
      "  00:01-00:03  SHOP-1  event, 3 times",
      "  00:04        SHOP-1  event: There were 5 events or more in one calendar hour. [ALERT unmute]",
      "  05:04        tick",
      "  06:04        tick: 1 muted again",
      "  06:04        SHOP-1  muted again: until 5 events or more in the current hour; again after 6 hours without events",
    ]);
  });

  test("has mutes until there are more users, and says the progress of every kind of condition", async () => {
    const conditions = [{ kind: "users", users: 2 }, { kind: "spike" }, { kind: "louder" }] as const;
    const played = await timeline()
      .event({ userId: "u1" })
      .mute({ conditions })
      .event({ userId: "u1" })
      .event({ userId: "u2" })
      .expectAlerts("new-issue", "unmute")
      .run();
    const counts = played.entries.map(({ progress }) =>
      progress.map(({ condition, count }) => [condition.kind, count]),
    );
    expect(counts).toEqual([
      [],
      [
        ["users", 0],
        ["spike", 1],
        ["louder", 1],
      ],
      [
        ["users", 1],
        ["spike", 2],
        ["louder", 2],
      ],
      [["users", 2]],
    ]);
  });

  test("points an expectation that fails, or a step that is refused, at its own line", async () => {
    const lineOf = (error: unknown): string | undefined =>
      error instanceof Error ? /timeline\.test\.ts:(\d+):/u.exec(error.stack ?? "")?.[1] : undefined;
    const here = new Error("here");
    const expected = timeline()
      .event()
      .expectMuted() // 3 lines below
      .event();
    const refused = timeline()
      .event()
      .unmute({ by: "ann" }) // 7 lines below
      .event();
    const backwards = timeline()
      .event()
      .at("09:00")
      .at("08:59") // 12 lines below
      .event();
    const failures = await Promise.all([expected, refused, backwards].map((steps) => failureOf(steps.run())));
    const line = Number(lineOf(here));
    expect(failures.map((failure) => Number(lineOf(failure)) - line)).toEqual([3, 7, 12]);
    const [first, , last] = failures;
    expect(first).toMatchObject({ stack: expect.stringMatching(/^AssertionFailure: at 2026-01-05 00:00 UTC/u) });
    expect(last).toMatchObject({
      message: expect.stringContaining(
        'at: got "2026-01-05 08:59 UTC"; allowed is a time from 2026-01-05 09:00 UTC on, because time never goes back.',
      ),
    });
  });

  test("does nothing before it is run, and can be run again", async () => {
    const events = timeline().event().event();
    expect((await events.run()).issues[0]?.eventCount).toBe(2);
    expect((await events.run()).issues[0]?.eventCount).toBe(2);
  });

  test("has deadlines, ticks, reopening and unmuting", async () => {
    await timeline()
      .event()
      .mute({ for: { period: "hour", nrOfPeriods: 1 }, wakeOn: "deadline" })
      .after("59m")
      .tick()
      .expectMuted()
      .after("1m")
      .tick()
      .expectOpen()
      .expectAlerts("new-issue", "unmute")
      .mute()
      .unmute({ by: "ann", comment: "enough" })
      .expectOpen()
      .resolve()
      .reopen()
      .expectOpen()
      .expectAlerts()
      .run();
  });

  test("says when a mute ends", async () => {
    const conditions = [volumeCondition(5, "hour"), volumeCondition(9, "total")];
    const events = timeline()
      .at("09:00")
      .event()
      .mute({ conditions, sinceMute: true, until: Date.UTC(2026, 0, 6) });
    expect((await events.run()).toText()).toContain(
      "mute: until 5 events or more in the current hour, or until 9 events or more in total, or until 2026-01-06 00:00 UTC, counted from now",
    );
  });

  test("fails on a refused command, unless it is expected", async () => {
    const refused = timeline().event().unmute({ by: "ann" });
    expect(await failureOf(refused.run())).toMatchObject({
      code: "not-muted",
      message: expect.stringContaining("SHOP-1  unmute by ann: refused (not-muted)"),
    });
    await refused.expectRefused("not-muted").event().run();
    expect(await failureOf(timeline().event().mute().expectRefused("not-muted").run())).toMatchObject({
      message: expect.stringContaining('the refusal:\n  value: expected "not-muted", got undefined'),
    });
  });

  test("says what was expected, what was found, and what happened before, when an expectation does not hold", async () => {
    const failure = await failureOf(
      timeline().at("09:00").event().mute().times(2, { every: "30s" }).expectAlerts("new-issue", "unmute").run(),
    );
    expect(failure).toMatchObject({
      name: "AssertionFailure",
      message: [
        "at 2026-01-05 09:01 UTC, the alerts:",
        "  .length: expected 2, got 1",
        '  [1]: expected "unmute", got undefined',
        "",
        "What happened:",
        "2026-01-05",
        "  09:00        SHOP-1  event: This issue was not seen before. [ALERT new-issue]",
        "  09:00        SHOP-1  mute: for ever",
        "  09:00-09:01  SHOP-1  event, 2 times",
      ].join("\n"),
    });
  });

  test.each<[string, () => unknown, string]>([
    ["a time", () => timeline().at("9 o'clock").run(), "at"],
    ["a time of any day", () => timeline().at("24:00").run(), "at"],
    ["a day of any month", () => timeline().at("2026-02-30").run(), "at"],
    ["a time without more", () => timeline().at("2026-02-03 ").run(), "at"],
    ["a time before the clock's", () => timeline().at("09:00").at("08:59").run(), "at"],
    ["a duration", () => timeline().after(-5).run(), "after"],
    ["a number of times", () => timeline().event().times(0).run(), "times"],
    ["a beginning", () => timeline({ startsAt: "soon" }), "options.startsAt"],
    ["an instant", () => timeline({ startsAt: new Date(Number.NaN) }), "options.startsAt"],
    ["an event", () => timeline().event({ id: "" }).run(), "event.id"],
    ["a pause", () => Reflect.apply(timeline().times, timeline(), [1, { every: Symbol("5m") }]), "options.every"],
  ])("refuses what is not %s", async (_what, make, field) => {
    expect(await failureOf(Promise.resolve().then(make))).toMatchObject({ code: "invalid-input", field });
  });

  test.each<[string, string, unknown[], string]>([
    ["a timeline", "constructor", [{ startAt: "2026-11-23" }], "options"],
    ["a timeline that is null", "constructor", [null], "options"],
    ["an event", "event", [{ relase: "1.0.0" }], "event"],
    ["an event's project", "event", [{ projectId: "blog" }], "event"],
    ["a repetition", "times", [3, { each: "5m" }], "options"],
    ["a mute", "mute", [{ condition: [] }], "options"],
    ["a watch", "watch", [{ condition: [] }], "options"],
    ["a project", "project", [{ slug: "blog" }], "settings"],
    ["an unmute", "unmute", [{ unitl: 5 }], "options"],
    ["a resolution", "resolve", [{ inn: "next-release" }], "options"],
    ["a reopening", "reopen", [{ comments: "no" }], "options"],
  ])("refuses an unknown member of %s at once", (_what, method, input, field) => {
    const call = () => {
      if (method === "constructor") return void Reflect.construct(Timeline, input);
      const begun = timeline();
      Reflect.apply(Reflect.get(begun, method), begun, input);
    };
    expect(call).toThrow(expect.objectContaining({ code: "invalid-input", field }));
  });

  test("takes a Date wherever it takes a time", async () => {
    const noon = new Date("2026-11-23T12:00:00Z");
    const played = await timeline({ startsAt: new Date("2026-11-23T09:00:00Z") })
      .event()
      .at(noon)
      .event()
      .run();
    expect(played.entries.map(({ at }) => at)).toEqual([Date.UTC(2026, 10, 23, 9), noon.getTime()]);
  });

  test("writes a step on one line, whatever a name contains", async () => {
    const hostile = "x\n2026-01-06\u2028\uFFFF<&>";
    const played = await timeline()
      .release(hostile)
      .event()
      .mute({ conditions: [volumeCondition(9, "day")], by: hostile })
      .run();
    expect(played.toText().split("\n")).toHaveLength(4);
  });

  test("gives each event an id that no other event has", async () => {
    const played = await timeline().event({ id: "event 1" }).event().times(2).run();
    expect(played.outcomes.map(({ kind }) => kind)).toEqual(["digested", "digested", "digested", "digested"]);
  });

  test("refuses a command before there is an issue", async () => {
    expect(await failureOf(timeline().mute().run())).toMatchObject({
      code: "unknown-issue",
      message: expect.stringMatching(/none yet: begin with "event\(\)"\.$/u),
    });
  });
});
