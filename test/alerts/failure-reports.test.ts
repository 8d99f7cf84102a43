import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  createIssueTracker,
  DeliveryError,
  PermanentDeliveryError,
  type AlertOptions,
  type IssueStore,
  type IssueTracker,
} from "../../src/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { HOUR, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

describe.each(storesForStories())("a failing sink on $name", ({ open }) => {
  let store: IssueStore;
  let clock: VirtualClock;
  let errors: unknown[];
  let failure: Error | undefined;

  function trackerWith(alerts: AlertOptions = {}): IssueTracker {
    return createIssueTracker({
      store,
      clock,
      alertSink: () => {
        if (failure !== undefined) throw failure;
      },
      alerts: { random: () => 0, ...alerts },
      onError: (error) => void errors.push(error),
    });
  }

  beforeEach(async () => {
    store = await open();
    clock = createVirtualClock(START);
    errors = [];
    failure = new Error("smtp is down");
    await trackerWith().projects.save({ id: "shop" });
    return () => store.close();
  });

  const digest = (tracker: IssueTracker, ...types: string[]) =>
    tracker.digest(types.map((type) => ({ projectId: "shop", type })));

  test("is reported to onError at its first failure, with the alert, the attempt and the cause, and not at the next ones", async () => {
    const tracker = trackerWith();
    await digest(tracker, "A");
    await tracker.settled();
    const { items } = await tracker.alerts.list();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(DeliveryError);
    expect(errors[0]).toMatchObject({
      message:
        `Alert ${items[0]?.alert.id ?? ""} of project "shop", "A" in "shop" (New issue), was not delivered at attempt 1 ` +
        "(Error: smtp is down). It is tried again at 2026-11-23 09:00 UTC. The next failure is reported after a delivery has succeeded.",
      cause: failure,
    });
    await digest(tracker, "B", "C");
    clock.advanceBy(MINUTE);
    await tracker.alerts.drain();
    expect(errors).toHaveLength(1);
  });

  test("is reported again when it fails after a success", async () => {
    const tracker = trackerWith();
    await digest(tracker, "A");
    await tracker.settled();
    failure = undefined;
    clock.advanceBy(MINUTE);
    await tracker.alerts.drain();
    failure = new Error("down again");
    await digest(tracker, "B");
    await tracker.settled();
    expect(errors).toMatchObject([{ cause: { message: "smtp is down" } }, { cause: { message: "down again" } }]);
  });

  test("is reported for each dead alert, with the number of attempts", async () => {
    const tracker = trackerWith({ maxAttempts: 2 });
    await digest(tracker, "A", "B");
    await tracker.settled();
    clock.advanceBy(HOUR);
    await tracker.alerts.drain();
    expect(errors).toMatchObject([
      { message: expect.stringContaining("is tried again") },
      { message: expect.stringMatching(/"A" in "shop".* was not delivered after 2 attempts .*It is dead/u) },
      { message: expect.stringMatching(/"B" in "shop".* was not delivered after 2 attempts .*It is dead/u) },
    ]);
  });

  test("is reported once for an alert that is dead at its first attempt", async () => {
    failure = new PermanentDeliveryError("no such channel");
    const tracker = trackerWith();
    await digest(tracker, "A");
    await tracker.settled();
    expect(errors).toMatchObject([{ message: expect.stringContaining("after 1 attempt"), cause: failure }]);
  });

  test("is reported with the number of alerts that are dead together", async () => {
    const raising = createIssueTracker({ store, clock, alertSink: "elsewhere" });
    for (let times = 0; times < 3; times++) {
      await digest(raising, "A");
      const { items } = await raising.issues.list({ projectId: "shop" });
      await raising.issues.resolve(items[0]?.id ?? "");
    }
    const tracker = trackerWith({ maxAttempts: 1 });
    await tracker.alerts.drain();
    expect(errors).toMatchObject([
      { message: expect.stringContaining('"A" in "shop" (Regression), and 2 earlier alerts of its issue, was not') },
    ]);
  });

  test("is reported for an alert whose process ended during the last attempt, which is no failure of the sink", async () => {
    const raising = createIssueTracker({ store, clock, alertSink: "elsewhere" });
    await digest(raising, "A");
    const claim = { lease: { token: "ended", until: START + MINUTE }, now: START, limit: 1, issueIds: null };
    await store.transaction(async ({ outbox }) => outbox?.claim({ ...claim, inOrder: false }));
    clock.advanceBy(MINUTE);
    await digest(raising, "B");
    await trackerWith({ maxAttempts: 1 }).alerts.drain();
    expect(errors).toMatchObject([
      { message: expect.stringContaining("ended during the last attempt") },
      { message: expect.stringContaining("smtp is down") },
    ]);
  });

  test("is reported on the console by default", async () => {
    const write = vi.spyOn(console, "error").mockImplementation(() => undefined);
    onTestFinished(() => {
      write.mockRestore();
    });
    const alertSink = (): never => {
      throw new Error("smtp is down");
    };
    const tracker = createIssueTracker({ store, clock, alertSink });
    await digest(tracker, "A");
    await tracker.settled();
    expect(write.mock.calls).toMatchObject([
      ["issue-lifecycle: an error that no caller waits for.", { cause: new Error("smtp is down") }],
    ]);
  });
});
