import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueStore } from "../../src/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { failureOf, HOUR, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";
import { withoutOutbox } from "../support/without-outbox.ts";

describe.each(storesForStories())("a tracker without a sink on $name", ({ open }) => {
  const opened = async () => {
    const store = await open();
    const clock = createVirtualClock(START);
    return { store, clock };
  };

  test.each([{}, { alerts: {} }, { alerts: "none" as const }])("stores no alerts: %j", async (options) => {
    const { store, clock } = await opened();
    const tracker = createIssueTracker({ store, clock, ...options });
    await tracker.projects.save({ id: "shop" });
    const outcome = await tracker.digest({ projectId: "shop", type: "E" });
    if (outcome.kind !== "digested") throw new Error("It is new.");
    await tracker.issues.resolve(outcome.issue.id);
    expect(await tracker.digest({ projectId: "shop", type: "E" })).toMatchObject({ regressed: {} });
    await tracker.issues.mute(outcome.issue.id, { until: START + HOUR, wakeOn: "deadline" });
    clock.advanceBy(HOUR);
    expect(await tracker.tick()).toMatchObject({ unmuted: 1 });
    expect(await tracker.alerts.counts()).toEqual({ due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 });
    expect((await tracker.issues.history(outcome.issue.id)).items).toHaveLength(5);
    await tracker.close();
  });

  test('stores alerts for another tracker to deliver, if its sink is "elsewhere"', async () => {
    const { store, clock } = await opened();
    const tracker = createIssueTracker({ store, clock, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", type: "E" });
    expect(await tracker.alerts.drain()).toMatchObject({ delivered: 0 });
    expect(await tracker.alerts.counts()).toMatchObject({ due: 1 });
    const taken: string[] = [];
    const delivering = createIssueTracker({ store, clock, alertSink: ({ kind }) => void taken.push(kind) });
    await delivering.alerts.drain();
    expect(taken).toEqual(["new-issue"]);
    await tracker.close();
  });
});

describe("the options of a tracker's alerts", () => {
  const create = async (options: object): Promise<unknown> =>
    Promise.resolve(Reflect.apply(createIssueTracker, undefined, [{ store: createMemoryStore(), ...options }]));

  test('refuse "none" together with a sink, which would never receive an alert', async () => {
    for (const alertSink of [() => undefined, "elsewhere"]) {
      expect(await failureOf(create({ alertSink, alerts: "none" }))).toMatchObject({
        code: "invalid-input",
        field: "options.alerts",
        message: expect.stringContaining("no alertSink"),
      });
    }
  });

  test("refuse other words, and name those that are allowed", async () => {
    expect(await failureOf(create({ alerts: "all" }))).toMatchObject({
      field: "options.alerts",
      message: expect.stringContaining('"none"'),
    });
    expect(await failureOf(create({ alertSink: "stdout" }))).toMatchObject({
      field: "options.alertSink",
      message: expect.stringContaining('"elsewhere"'),
    });
  });

  test("cannot store alerts for another tracker on a store without an outbox: they are reported as lost", async () => {
    const errors: unknown[] = [];
    const store: IssueStore = withoutOutbox(createMemoryStore());
    const onError = (error: unknown): void => void errors.push(error);
    const tracker = createIssueTracker({ store, alertSink: "elsewhere", onError });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", type: "E" });
    expect(errors).toMatchObject([
      { code: "no-outbox", message: expect.stringContaining("another tracker to deliver are lost") },
    ]);
  });
});
