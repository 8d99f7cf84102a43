import { describe, expect, test } from "vitest";
import { allowedCommands, createIssueTracker, createMemoryStore } from "../../src/index.ts";
import {
  AssertionFailure,
  buildEvent,
  buildIssue,
  BUILT_AT,
  expectEqual,
  toSnapshot,
} from "../../src/testing/index.ts";

describe("builders", () => {
  test("build an event that a tracker takes, with what a test gives it", async () => {
    const tracker = createIssueTracker({ store: createMemoryStore(), clock: { now: () => BUILT_AT } });
    await tracker.projects.save({ id: "shop" });
    const outcome = await tracker.digest(buildEvent({ id: "event 1" }));
    if (outcome.kind !== "digested") throw new Error("a duplicate");
    const { friendlyId: _, ...issue } = outcome.issue;
    expectEqual("the issue of a built event", { ...issue, id: "" }, { ...buildIssue(), id: "" });
    expect(buildEvent({ release: "2.1.0" })).toMatchObject({ release: "2.1.0", type: "TypeError" });
  });

  test("build an issue that the core takes, with what a test gives it", () => {
    expect(allowedCommands(buildIssue())).toContain("mute");
    const state = { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null } } as const;
    expect(allowedCommands(buildIssue({ state }))).toContain("unmute");
  });
});

describe("snapshots", () => {
  test("have names for ids, the same wherever one stands, and are the same at every run", async () => {
    const run = async () => {
      const tracker = createIssueTracker({ store: createMemoryStore(), clock: { now: () => BUILT_AT } });
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

  test("leave dates, bytes, errors and sets what they are", () => {
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
  test("passes values that are alike, and says in which places others are not", () => {
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
