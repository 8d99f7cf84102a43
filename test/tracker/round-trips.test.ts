import { beforeEach, describe, expect, test } from "vitest";
import { createMemoryStore, volumeCondition, type IssueStore } from "../../src/index.ts";
import type { StoreTransaction } from "../../src/ports/index.ts";
import { MINUTE, Scenario, START } from "../support/scenario.ts";

/** Notes the methods that are called on transactions. */
function noting(store: IssueStore, calls: string[]): IssueStore {
  const wrap = (transaction: StoreTransaction): StoreTransaction =>
    new Proxy(transaction, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...parameters: unknown[]): unknown => {
          calls.push(String(name));
          return Reflect.apply(member, target, parameters);
        };
      },
    });
  return { ...store, transaction: (work) => store.transaction((transaction) => work(wrap(transaction))) };
}

describe("a transaction takes one load and one write", () => {
  const calls: string[] = [];
  let story: Scenario;
  let id: string;
  beforeEach(async () => {
    const alerts = { quietAfterMs: null };
    story = await Scenario.begin(noting(createMemoryStore(), calls), { alertSink: () => undefined, alerts });
    id = (await story.event({ release: "1.0.0" })).issue.id;
    await story.tracker.settled();
    calls.length = 0;
    return () => story.tracker.close();
  });

  test("for a digest of any events", async () => {
    await story.tracker.issues.mute(id, { conditions: [volumeCondition(100, "day")] });
    calls.length = 0;
    story.clock.advanceBy(5 * MINUTE);
    await story.tracker.digest([
      { projectId: "shop", type: "E", release: "1.0.0" },
      { projectId: "shop", type: "E", release: "0.9.0" },
      { projectId: "shop", type: "F" },
    ]);
    expect(calls.slice(0, 2)).toEqual(["load", "write"]);
    await story.tracker.settled();
    calls.length = 0;
    await story.event({ release: "0.9.0" });
    expect(calls).toEqual(["load", "write"]);
  });

  test("with one more look-up for events without a release, and one for fix claims in another line", async () => {
    await story.tracker.digest([
      { projectId: "shop", type: "E" },
      { projectId: "shop", type: "E" },
    ]);
    expect(calls).toEqual(["load", "findTimelines", "write"]);
    await story.tracker.issues.resolve(id, { in: { release: "fix", announce: true } });
    calls.length = 0;
    await story.tracker.digest([{ projectId: "shop", type: "E", release: "1.0.0" }]);
    expect(calls).toEqual(["load", "findReleases", "write"]);
  });

  test("but no writes for duplicates", async () => {
    await story.event({ id: "once" });
    calls.length = 0;
    await story.tracker.digest([{ projectId: "shop", type: "E", id: "once" }]);
    expect(calls).toEqual(["load"]);
  });

  test("and two more look-ups where a release becomes the latest: of pending releases, and of the issues that await it", async () => {
    await story.tracker.digest({ projectId: "shop", type: "E", release: "2.0.0" });
    expect(calls).toEqual(["load", "findPendingReleases", "load", "write"]);
    await story.tracker.issues.resolve(id, { in: "next-release" });
    const [other] = await story.tracker.digest([{ projectId: "shop", type: "F", release: "2.0.0" }]);
    await story.tracker.settled();
    calls.length = 0;
    await story.tracker.digest({ projectId: "shop", type: "F", id: "bringer", release: "3.0.0" });
    expect(calls).toEqual(["load", "findPendingReleases", "load", "findMarks", "write"]);
    expect(other?.kind).toBe("digested");
    expect(await story.history(id)).toEqual(["first-seen", "resolved", "next-materialized"]);
    await story.tracker.events.evict({ projectId: "shop", receivedBefore: START + 1 });
    expect(await story.tracker.events.get("shop", "bringer")).toMatchObject({ kept: true });
  });

  test("also where many stored issues await it: it is applied to others in steps", async () => {
    const types = Array.from({ length: 600 }, (_, place) => `T${String(place)}`);
    await story.tracker.digest(types.map((type) => ({ projectId: "shop", type, release: "2.0.0" })));
    await story.tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve", in: "next-release" });
    await story.tracker.settled();
    calls.length = 0;
    await story.tracker.digest({ projectId: "shop", type: "F", release: "3.0.0" });
    const step = ["load", "findPendingReleases", "load", "findMarks", "write"];
    expect(calls).toEqual(step);
    await story.tracker.settled();
    expect(calls).toEqual([...step, "load", "findPendingReleases", "findReleases", ...step.slice(2)]);
    const { items } = await story.tracker.issues.list({ projectId: "shop", search: "T599" });
    expect(items).toMatchObject([{ state: { status: "resolved", resolution: { kind: "by-release" } } }]);
  });

  test.each<[string, (story: Scenario, id: string) => Promise<unknown>, string[]]>([
    ["resolve", ({ tracker }, id) => tracker.issues.resolve(id), ["load", "write"]],
    [
      "mute",
      ({ tracker }, id) => tracker.issues.mute(id, { conditions: [volumeCondition(100, "day")] }),
      ["load", "write"],
    ],
    ["annotate", ({ tracker }, id) => tracker.issues.annotate(id, "x"), ["load", "write"]],
    ["delete", ({ tracker }, id) => tracker.issues.delete(id), ["load", "write"]],
    [
      "resolve in the latest release",
      ({ tracker }, id) => tracker.issues.resolve(id, { in: "latest-release" }),
      ["findIssues", "load", "findTimelines", "findMarks", "write"],
    ],
    [
      "resolve in a new release",
      ({ tracker }, id) => tracker.issues.resolve(id, { in: { release: "9.0" } }),
      ["findIssues", "load", "write"],
    ],
    [
      "a friendly id",
      ({ tracker }) => tracker.issues.resolve("SHOP-1"),
      ["findProjects", "findIssues", "load", "write"],
    ],
    [
      "a bulk command",
      ({ tracker }, id) =>
        tracker.issues.bulk({ projectId: "shop", ids: [id] }, { kind: "resolve", in: { release: "9.0" } }),
      // Issues of other projects are not loaded, so it looks first whose they are.
      ["findIssues", "load", "write"],
    ],
    ["a project", ({ tracker }) => tracker.projects.save({ id: "shop", slug: "store" }), ["load", "write"]],
  ])("for a command: %s", async (_name, run, expected) => {
    await run(story, id);
    expect(calls).toEqual(expected);
  });

  test("for a tick", async () => {
    await story.tracker.issues.mute(id, { until: START + 1, wakeOn: "deadline" });
    calls.length = 0;
    expect(await story.tracker.tick(START + 2)).toEqual({ unmuted: 1, mutedAgain: 0, autoResolved: 0, unreadable: [] });
    expect(calls.slice(0, 2)).toEqual(["load", "write"]);
  });
});
