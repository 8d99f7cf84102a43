import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore } from "../../src/index.ts";
import { allowedCommands } from "../../src/core/index.ts";
import {
  AssertionFailure,
  buildEvent,
  buildIssue,
  BUILT_AT,
  createVirtualClock,
  expectEqual,
  toSnapshot,
} from "../../src/testing/index.ts";

describe("builders", () => {
  test("build an event that a tracker digests, with the given members", async () => {
    const tracker = createIssueTracker({ store: createMemoryStore(), clock: { now: () => BUILT_AT } });
    await tracker.projects.save({ id: "shop" });
    const outcome = await tracker.digest(buildEvent({ id: "event 1" }));
    if (outcome.kind !== "digested") throw new Error("a duplicate");
    const { friendlyId: _, ...issue } = outcome.issue;
    expectEqual("the issue of a built event", { ...issue, id: "" }, { ...buildIssue(), id: "" });
    expect(buildEvent({ release: "2.1.0" })).toMatchObject({ release: "2.1.0", type: "TypeError" });
  });

  test("build an issue for the functions of the core, with the given members", () => {
    expect(allowedCommands(buildIssue())).toContain("mute");
    const state = { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null } } as const;
    expect(allowedCommands(buildIssue({ state }))).toContain("unmute");
  });
});

describe("builders and clocks", () => {
  test.each<[string, () => unknown, string]>([
    ["an event", () => Reflect.apply(buildEvent, undefined, [{ relase: "1.0.0" }]), "event"],
    ["an issue", () => Reflect.apply(buildIssue, undefined, [{ status: "open" }]), "issue"],
    ["no event", () => Reflect.apply(buildEvent, undefined, [null]), "event"],
    ["a clock's beginning", () => createVirtualClock(-1), "startsAt"],
    ["a duration", () => createVirtualClock(5).advanceBy(0.5), "durationMs"],
    ["a time in the past", () => createVirtualClock(5).advanceTo(new Date(4)), "at"],
    ["a value that refers to itself", () => toSnapshot(selfReferring()), "value"],
    ["a value that cannot be read", () => toSnapshot(revoked()), "value"],
    [
      "a getter that fails",
      () =>
        toSnapshot({
          get broken() {
            throw new TypeError("broken");
          },
        }),
      "value.broken",
    ],
  ])("refuse %s with a code", (_what, make, field) => {
    expect(make).toThrow(expect.objectContaining({ code: "invalid-input", field }));
  });

  test("take a Date wherever they take an instant", () => {
    const clock = createVirtualClock(new Date(5));
    clock.advanceTo(new Date(9));
    expect(clock.now()).toBe(9);
  });
});

function selfReferring(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return { proxy };
}

describe("snapshots", () => {
  test("have a name for each id, and are the same at every run", async () => {
    const run = async () => {
      const clock = { now: () => BUILT_AT };
      const tracker = createIssueTracker({ store: createMemoryStore(), clock, alertSink: "elsewhere" });
      await tracker.projects.save({ id: "shop" });
      const outcome = await tracker.digest(buildEvent());
      const alerts = (await tracker.alerts.list()).items;
      return toSnapshot({ outcome, alerts, map: new Map([["a", outcome]]) });
    };
    const [one, other] = [await run(), await run()];
    expect(one).toEqual(other);
    expect(one).toMatchObject({
      outcome: { eventId: "<id 1>", issue: { id: "<id 2>", latestEventId: "<id 1>", firstSeenAt: BUILT_AT } },
      alerts: [{ alert: { id: "<id 3>", issue: { id: "<id 2>" } } }],
    });
  });

  test("copy dates, bytes, errors and sets", () => {
    const id = buildIssue().id;
    expect(toSnapshot([new Set([id]), new Date(5), Uint8Array.of(1), new TypeError(id), id.toUpperCase()])).toEqual([
      new Set(["<id 1>"]),
      new Date(5),
      Uint8Array.of(1),
      { name: "TypeError", message: "<id 1>" },
      "<id 1>",
    ]);
  });
});

describe("an assertion", () => {
  test("passes equal values, and names the places in which others differ", () => {
    expectEqual("issues", buildIssue(), buildIssue());
    const failing = () => {
      expectEqual("the issue", buildIssue({ eventCount: 2, title: "x" }), buildIssue());
    };
    expect(failing).toThrow(AssertionFailure);
    expect(failing).toThrow(
      'the issue:\n  .title: expected "TypeError: x is undefined", got "x"\n  .eventCount: expected 1, got 2',
    );
  });
});
