import { execFile } from "node:child_process";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueStore, type IssueTracker } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { failureOf, Scenario } from "../support/scenario.ts";
import { migratedFile } from "../support/sqlite-image.ts";

const COUNT_SEVEN = "update issue_lifecycle_issues set event_count = 7, event_count_class = 7";

let filename: string;
let story: Scenario;

beforeEach(async () => {
  filename = await migratedFile();
  // Nothing is delivered, so that the store is idle between calls.
  story = await Scenario.begin(await openSqliteStore({ filename }), { alertSink: "elsewhere" });
  // The second event finds the issue, its release and its project in the cache.
  await story.events(2, { release: "1.0.0" });
  return () => story.tracker.close();
});

/** Another connection to the file. */
function otherConnection(): Database.Database {
  const other = new Database(filename);
  onTestFinished(() => {
    other.close();
  });
  return other;
}

/** What all values of a kind have their methods from. */
function prototypeOf<Value extends object>(value: Value): Value {
  const prototype: Value = Object.getPrototypeOf(value);
  return prototype;
}

describe("the embedded store reads only what it does not know", () => {
  test("of an issue that the last transaction knew: whether the event is stored already", async () => {
    const all = vi.spyOn(prototypeOf(otherConnection().prepare("select 1")), "all");
    await story.event({ release: "1.0.0" });
    expect(all).toHaveBeenCalledTimes(1);
    all.mockClear();
    await story.event({ release: "1.0.0", type: "F" });
    // The groups by both strategies, too.
    expect(all).toHaveBeenCalledTimes(3);
    all.mockRestore();
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(4);
  });
});

describe("the embedded store never works on what is out of date", () => {
  test("after a write of another connection", async () => {
    otherConnection().exec(COUNT_SEVEN);
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(8);
  });

  test("after a write of another process", async () => {
    const program = `new (require("better-sqlite3"))(process.argv[1]).exec(process.argv[2])`;
    await promisify(execFile)(process.execPath, ["-e", program, filename, COUNT_SEVEN]);
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(8);
  });

  test("after a write of another connection that it had not seen at the end of its own", async () => {
    const other = otherConnection();
    other.exec("begin immediate");
    other.exec(COUNT_SEVEN);
    const waiting = story.event({ release: "1.0.0" });
    other.exec("commit");
    expect((await waiting).issue.eventCount).toBe(8);
  });

  test("after another connection has changed the tables", async () => {
    const other = otherConnection();
    other.exec("alter table issue_lifecycle_issues rename to away");
    expect(await failureOf(story.event({ release: "1.0.0" }))).toMatchObject({ code: "schema-outdated" });
    other.exec("alter table away rename to issue_lifecycle_issues");
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(3);
  });

  test("where another connection has damaged a row, or repaired it", async () => {
    const other = otherConnection();
    other.exec("update issue_lifecycle_issues set status = 9");
    expect(await failureOf(story.event({ release: "1.0.0" }))).toMatchObject({ code: "corrupt-data" });
    other.exec("update issue_lifecycle_issues set status = 0");
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(3);
  });

  test("after a transaction of its own that was rolled back", async () => {
    const { issue } = await story.event({ release: "1.0.0" });
    const work = story.store.transaction(async (transaction) => {
      const { issues } = await transaction.load({ issues: { ids: [issue.id] } });
      const before = issues.find((each) => !("error" in each));
      if (before === undefined || "error" in before) throw new Error("The issue is missing.");
      await transaction.write({ updates: [{ before, after: { ...before, eventCount: 100 } }] });
      throw new Error("no");
    });
    expect(await failureOf(work)).toMatchObject({ message: "no" });
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(4);
  });

  test("after a commit that failed", async () => {
    // What the trigger inserts refers to nothing, which only a commit finds out.
    otherConnection().exec(`
      create table parents (id integer primary key);
      create table children (id integer references parents (id) deferrable initially deferred);
      create trigger failing after update on issue_lifecycle_issues when new.latest_event_id = 'bad'
        begin insert into children values (1); end;
    `);
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(3);
    expect(await failureOf(story.event({ release: "1.0.0", id: "bad" }))).toMatchObject({ code: "store-failed" });
    expect((await story.event({ release: "1.0.0" })).issue.eventCount).toBe(4);
  });

  test("after a host has tried to change an issue that it was given", async () => {
    const { issue } = await story.event({ environment: "production" });
    expect(() => Reflect.apply(Array.prototype.push, issue.environments, ["staging"])).toThrow(TypeError);
    expect((await story.event()).issue.environments).toEqual(["production"]);
  });
});

/** What is compared of issues: not their ids. */
async function issuesOf(tracker: IssueTracker) {
  const { items } = await tracker.issues.list({ projectId: "shop", limit: 100 });
  return items.map((each) =>
    "error" in each ? each.id : [each.friendlyId, each.state.status, each.eventCount, each.lastSeenIn, each.title],
  );
}

/** One of the things that users do, on one of the first issues. */
async function doSomething(tracker: IssueTracker, choice: number, which: number, id: string): Promise<unknown> {
  const friendlyId = `SHOP-${String(which)}`;
  const event = { projectId: "shop", type: `T${String(which)}`, value: "it failed" };
  switch (choice) {
    case 0:
      return tracker.issues.resolve(friendlyId);
    case 1:
      return tracker.issues.resolve(friendlyId, { in: "next-release" });
    case 2:
      return tracker.issues.mute(friendlyId);
    case 3:
      return tracker.issues.delete(friendlyId);
    case 4:
      return tracker.projects.save({ id: "shop", stateEnvironments: which > 3 ? ["production"] : null });
    case 5:
      return tracker.releases.register({ projectId: "shop", version: `1.${String(which)}.0` });
    case 6:
      return tracker.digest([
        { ...event, id: `${id}a`, release: "1.1.0" },
        { ...event, id: `${id}b`, type: "T1" },
      ]);
    case 7:
      return tracker.digest({ ...event, id, release: `1.${String(which)}.0` });
    default:
      return tracker.digest({ ...event, id, release: "1.0.0" });
  }
}

/** Whether it was done, or the code of the error. */
async function outcomeOf(done: Promise<unknown>): Promise<unknown> {
  try {
    await done;
    return "done";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}

describe("two embedded stores on one file have the results of the store in memory", () => {
  test.each([1, 2, 3, 4])("whichever of them is used: run %i", async (seed) => {
    const trackerOn = (store: IssueStore): IssueTracker => createIssueTracker({ store, clock: story.clock });
    const shared = await migratedFile();
    const handles = [
      trackerOn(await openSqliteStore({ filename: shared })),
      trackerOn(await openSqliteStore({ filename: shared })),
    ];
    const expected = trackerOn(createMemoryStore());
    for (const each of [handles[0], expected]) await each?.projects.save({ id: "shop" });
    let random = seed;
    const below = (limit: number): number => {
      random = (random * 48_271) % 2_147_483_647;
      return random % limit;
    };
    for (let step = 0; step < 150; step++) {
      const [choice, which, id] = [below(16), 1 + below(6), `event-${String(step - below(2))}`];
      const handle = handles[below(5) === 0 ? 1 : 0];
      if (handle === undefined) throw new Error("There are two handles.");
      const [actual, wanted] = [
        await outcomeOf(doSomething(handle, choice, which, id)),
        await outcomeOf(doSomething(expected, choice, which, id)),
      ];
      expect({ step, choice, actual }).toEqual({ step, choice, actual: wanted });
      story.clock.advanceBy(1_000);
    }
    for (const handle of handles) expect(await issuesOf(handle)).toEqual(await issuesOf(expected));
    for (const each of [...handles, expected]) await each.close();
  });
});
