import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueTracker } from "../../src/index.ts";
import { DAY, failureOf, Scenario, START } from "../support/scenario.ts";

/** A call as a caller without types can make it. */
type Call = (tracker: IssueTracker, id: string) => Promise<unknown>;

/** Calls a method with whatever arguments. */
function call(method: (...parameters: never[]) => unknown, ...parameters: unknown[]): Promise<unknown> {
  return Promise.resolve(Reflect.apply(method, undefined, parameters));
}

/** An object none of whose members can be read. */
function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const failing = {
  get by(): string {
    throw new Error("no");
  },
};

describe("a tracker's methods", () => {
  let story: Scenario;
  let id: string;
  beforeEach(async () => {
    story = await Scenario.begin(createMemoryStore());
    id = (await story.event({ release: "1.0.0" })).issue.id;
    return () => story.tracker.close();
  });

  const MISSPELT: [string, Call, string, string][] = [
    ["an event", ({ digest }) => call(digest, { projectId: "shop", tpye: "E" }), "event", "tpye"],
    ["an event of a batch", ({ digest }) => call(digest, [{ projectId: "shop", user: 1 }]), "events[0]", "user"],
    ["resolve", ({ issues }, id) => call(issues.resolve, id, { release: "1.0.0" }), "resolve", "release"],
    ["resolve, a command", ({ issues }, id) => call(issues.resolve, id, { kind: "delete" }), "resolve", "kind"],
    [
      "resolve, a release",
      ({ issues }, id) => call(issues.resolve, id, { in: { release: "1", environment: "x" } }),
      "resolve.in",
      "environment",
    ],
    ["reopen", ({ issues }, id) => call(issues.reopen, id, { user: "ann" }), "reopen", "user"],
    ["mute", ({ issues }, id) => call(issues.mute, id, { wakesOn: "deadline" }), "mute", "wakesOn"],
    [
      "mute, a duration",
      ({ issues }, id) => call(issues.mute, id, { for: { period: "day", nrOfPeriods: 1, wakeOn: "deadline" } }),
      "mute.for",
      "wakeOn",
    ],
    [
      "mute, a condition",
      ({ issues }, id) =>
        call(issues.mute, id, { conditions: [{ period: "day", nrOfPeriods: 1, volume: 9, sinceMute: true }] }),
      "mute.conditions[0]",
      "sinceMute",
    ],
    ["unmute", ({ issues }, id) => call(issues.unmute, id, { why: "" }), "options", "why"],
    ["annotate", ({ issues }, id) => call(issues.annotate, id, "x", { comment: "y" }), "options", "comment"],
    [
      "bulk, a selection by ids",
      ({ issues }, id) => call(issues.bulk, { projectId: "shop", ids: [id], status: "open" }, { kind: "reopen" }),
      "selection",
      "status",
    ],
    [
      "bulk, a selection by a filter",
      ({ issues }) => call(issues.bulk, { filter: { projectId: "shop" }, projectId: "shop" }, { kind: "reopen" }),
      "selection",
      "projectId",
    ],
    [
      "bulk, a filter",
      ({ issues }) => call(issues.bulk, { filter: { projectId: "shop", state: "open" } }, { kind: "reopen" }),
      "selection.filter",
      "state",
    ],
    [
      "bulk, a command",
      ({ issues }, id) => call(issues.bulk, { projectId: "shop", ids: [id] }, { kind: "reopen", in: "next-release" }),
      "reopen",
      "in",
    ],
    [
      "bulk, the options",
      ({ issues }, id) => call(issues.bulk, { projectId: "shop", ids: [id] }, { kind: "reopen" }, { onRefuse: 1 }),
      "options",
      "onRefuse",
    ],
    ["list", ({ issues }) => call(issues.list, { projectId: "shop", statuses: ["open"] }), "options", "statuses"],
    ["history", ({ issues }, id) => call(issues.history, id, { limitt: 1 }), "options", "limitt"],
    [
      "eventCounts",
      ({ issues }, id) => call(issues.eventCounts, id, { period: "day", nrOfPeriod: 1 }),
      "options",
      "nrOfPeriod",
    ],
    ["releases", ({ issues }, id) => call(issues.releases, id, { page: 1 }), "options", "page"],
    ["a project", ({ projects }) => call(projects.save, { id: "shop", name: "Shop" }), "project", "name"],
    [
      "a project's alerts",
      ({ projects }) => call(projects.save, { id: "shop", alerts: { quiet: true } }),
      "project.alerts",
      "quiet",
    ],
    [
      "a release",
      ({ releases }) => call(releases.register, { projectId: "shop", version: "2.0.0", date: 1 }),
      "release",
      "date",
    ],
    ["the releases", ({ releases }) => call(releases.list, "shop", { limitt: 1 }), "options", "limitt"],
    [
      "an eviction",
      ({ events }) => call(events.evict, { projectId: "shop", receivedBefore: START + DAY, dryRun: true }),
      "eviction",
      "dryRun",
    ],
    ["close", (tracker) => call(tracker.close, { timeoutMs: 1 }), "options", "timeoutMs"],
  ];

  test.each(MISSPELT)("refuse a member they do not know: %s", async (_name, run, field, member) => {
    const before = [await story.tracker.issues.get(id), await story.tracker.projects.list()];
    expect(await failureOf(run(story.tracker, id))).toMatchObject({
      code: "invalid-input",
      field,
      message: expect.stringContaining(JSON.stringify(member)),
    });
    expect([await story.tracker.issues.get(id), await story.tracker.projects.list()]).toEqual(before);
    expect(await story.tracker.events.get("shop", (await story.event()).eventId)).toBeDefined();
  });

  const MALFORMED: [string, Call, string][] = [
    ["a revoked proxy as an event", ({ digest }) => call(digest, revoked({})), "event"],
    ["a revoked array of events", ({ digest }) => call(digest, revoked([])), "event"],
    ["a hole in a batch", ({ digest }) => call(digest, new Array(2)), "events[0]"],
    ["a getter that throws", ({ issues }, id) => call(issues.resolve, id, failing), "options.by"],
    ["a revoked proxy as options", ({ issues }, id) => call(issues.mute, id, revoked({})), "options"],
    ["null as options", ({ issues }, id) => call(issues.reopen, id, null), "options"],
    ["null as a page", ({ issues }, id) => call(issues.history, id, null), "options"],
    ["a BigInt as an id", ({ issues }) => call(issues.get, 5n), "id"],
    ["a symbol as a project", ({ releases }) => call(releases.latest, Symbol("shop")), "projectId"],
    ["a function as an event's id", ({ events }) => call(events.get, "shop", () => "e"), "id"],
    [
      "a hole among ids",
      ({ issues }) => call(issues.bulk, { projectId: "shop", ids: new Array(1) }, { kind: "reopen" }),
      "selection.ids[0]",
    ],
    [
      "a hole among states",
      ({ issues }) => call(issues.list, { projectId: "shop", status: new Array(1) }),
      "options.status[0]",
    ],
    ["a text as a time", ({ tick }) => call(tick, "2026-11-23"), "now"],
    ["nothing as a project", ({ projects }) => call(projects.save), "project"],
    ["a number as a transaction", ({ withTransaction }) => (async () => call(withTransaction, 5))(), "transaction"],
  ];

  test.each(MALFORMED)("refuse %s with a code", async (_name, run, field) => {
    expect(await failureOf(run(story.tracker, id))).toMatchObject({ code: "invalid-input", field });
  });

  const EXAMPLES: [string, Call, string][] = [
    [
      "resolve in a text",
      ({ issues }, id) => call(issues.resolve, id, { in: "1.0.0" }),
      `{ in: { release: "1.0.0" } }`,
    ],
    [
      "resolve a release",
      ({ issues }, id) => call(issues.resolve, id, { release: "1" }),
      `{ in: { release: "1.0.0" } }`,
    ],
    [
      "mute for a text",
      ({ issues }, id) => call(issues.mute, id, { for: "1 week" }),
      `{ for: { period: "week", nrOfPeriods: 1 } }`,
    ],
    ["an unknown issue", ({ issues }) => call(issues.resolve, "SHOP-99"), "such as SHOP-12"],
  ];

  test.each(EXAMPLES)("refuse with an example: %s", async (_name, run, example) => {
    expect(await failureOf(run(story.tracker, id))).toMatchObject({ message: expect.stringContaining(example) });
  });

  test("take a Date wherever they take an instant", async () => {
    const { tracker } = story;
    await story.event({ id: "dated", receivedAt: new Date(START), occurredAt: new Date(START - 5) });
    expect(await tracker.events.get("shop", "dated")).toMatchObject({ receivedAt: START, occurredAt: START - 5 });
    const release = { projectId: "shop", version: "2.0.0", releasedAt: new Date(START - DAY) };
    expect(await tracker.releases.register(release)).toMatchObject({ releasedAt: START - DAY });
    await tracker.issues.mute(id, { until: new Date(START + DAY), wakeOn: "deadline" });
    expect(await tracker.tick(new Date(START + DAY - 1))).toEqual({
      unmuted: 0,
      mutedAgain: 0,
      autoResolved: 0,
      unreadable: [],
    });
    expect(await tracker.tick(new Date(START + DAY))).toEqual({
      unmuted: 1,
      mutedAgain: 0,
      autoResolved: 0,
      unreadable: [],
    });
    expect(await tracker.events.evict({ projectId: "shop", receivedBefore: new Date(START + DAY) })).toBe(1);
  });
});

describe("createIssueTracker's options", () => {
  test("tell the caller to await a store that is a Promise", () => {
    const options = { store: Promise.resolve(createMemoryStore()) };
    expect(() => Reflect.apply(createIssueTracker, undefined, [options])).toThrow("got a Promise (await it)");
  });

  test.each([
    [{ store: createMemoryStore(), sink: 1 }, "options"],
    [{ store: createMemoryStore(), alerts: { limit: null } }, "options.alerts"],
    [{ store: revoked({}) }, "options.store"],
    [{ store: createMemoryStore(), clock: revoked({}) }, "options.clock"],
    [createMemoryStore(), "options"],
  ])("are refused with a code (%#)", (options, field) => {
    expect(() => Reflect.apply(createIssueTracker, undefined, [options])).toThrow(
      expect.objectContaining({ code: "invalid-input", field }),
    );
  });
});
