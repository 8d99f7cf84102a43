import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, volumeCondition, type IssueTracker } from "../../src/index.ts";
import { checkSchema, kyselyStore, migrate, type TablesOptions } from "../../src/kysely/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { Acknowledgements } from "../support/acknowledgements.ts";
import { bundle } from "../support/bundle.ts";
import { CROWD_EVENTS, LANE_LENGTH, LANES } from "../support/crowd.ts";
import { SERVERS, SQLITE, type SharedDatabaseKind, type SharedPlace } from "../support/databases.ts";
import { contradictions, readTables, type Tables } from "../support/recount.ts";
import { rounds } from "../support/effort.ts";
import { DAY, HOUR, START } from "../support/scenario.ts";
import { allAtOnce, StartingLine } from "../support/starting-line.ts";
import { tablesIn } from "../support/tables.ts";
import { Worker } from "../support/worker.ts";

const PROGRAM = await bundle("server-worker.ts");

/** How many of the crowd's processes are killed. */
const KILLS = 6;

/** A place that is dropped after the test. */
async function placeIn({ makePlace }: SharedDatabaseKind): Promise<SharedPlace> {
  const place = await makePlace();
  onTestFinished(() => place.drop());
  return place;
}

/** A tracker in this process. Alerts stay in the outbox, so that they can be counted. */
function trackerOn(tables: TablesOptions): IssueTracker {
  return createIssueTracker({ store: kyselyStore(tables), clock: createVirtualClock(START), alertSink: "elsewhere" });
}

function workIn({ address }: SharedPlace, what: string, ...rest: number[]): Worker {
  return new Worker(PROGRAM, what, address.kind, address.where, ...rest.map(String));
}

async function recount(place: SharedPlace): Promise<Tables> {
  return readTables(place.connect(), place.schema);
}

/**
 * Digests a lane of the crowd's events through a process that may be killed, and is then replaced by one that begins a few
 * events before the last acknowledged one.
 */
async function digestLane(
  place: SharedPlace,
  lane: number,
  { line, kills, known }: { readonly line: StartingLine; readonly kills: number; readonly known: Acknowledgements },
): Promise<void> {
  let at = 0;
  for (let kill = 0; ; kill++) {
    const worker = workIn(place, "crowd", lane, Math.max(0, at - 5));
    const isToDie = kill < kills;
    let linesLeft = 1 + Math.floor((Math.random() * LANE_LENGTH) / (kills + 1));
    for await (const each of worker.lines()) {
      if (each === "ready") {
        await line.wait();
        worker.go();
      } else if (each.startsWith("at ")) at = Number(each.slice(3));
      else known.note(each);
      if (isToDie && --linesLeft === 0) worker.kill();
    }
    if (!isToDie) {
      expect([await worker.ended, worker.errors]).toEqual([0, ""]);
      return;
    }
    expect([await worker.ended, worker.errors]).toEqual(["SIGKILL", ""]);
  }
}

/** Issues commands through processes that are killed and replaced, until they are stopped. */
class Commander {
  readonly #place: SharedPlace;
  readonly #known: Acknowledgements;
  #isToStop = false;
  #worker: Worker | undefined;
  readonly ended: Promise<void>;

  constructor(place: SharedPlace, line: StartingLine, known: Acknowledgements) {
    this.#place = place;
    this.#known = known;
    this.ended = this.#command(line);
  }

  async stop(): Promise<void> {
    this.#isToStop = true;
    this.#worker?.kill();
    await this.ended;
  }

  async #command(line: StartingLine): Promise<void> {
    for (let round = 0; !this.#isToStop; round++) {
      const worker = workIn(this.#place, "command", round * 100_000);
      this.#worker = worker;
      let linesLeft = 20 + Math.floor(Math.random() * 200);
      for await (const each of worker.lines()) {
        if (each === "ready") {
          await line.wait();
          worker.go();
        } else this.#known.note(each);
        if (--linesLeft === 0) worker.kill();
      }
      expect([await worker.ended, worker.errors]).toEqual(["SIGKILL", ""]);
    }
  }
}

/** Reads the feed through processes that are killed and replaced, until it is stopped. */
class Follower {
  readonly #place: SharedPlace;
  #isToStop = false;
  #worker: Worker | undefined;
  /** The names of the turning points that it has seen, each of issue and number. */
  readonly seen: string[] = [];
  #position = 0;
  readonly ended: Promise<void>;

  constructor(place: SharedPlace, line: StartingLine) {
    this.#place = place;
    this.ended = this.#follow(line);
  }

  /** Kills its last process, and reads the rest. */
  async stop(tracker: IssueTracker): Promise<void> {
    this.#isToStop = true;
    this.#worker?.kill();
    await this.ended;
    for (let hasMore = true; hasMore;) {
      const page = await tracker.feed({ cursor: `feed:${String(this.#position)}` });
      for (const { issueId, turningPoint } of page.entries)
        this.#note(positionIn(page.next), issueId, turningPoint.number);
      this.#position = positionIn(page.next);
      ({ hasMore } = page);
    }
  }

  #note(position: number, issueId: string, number: number | string): void {
    this.seen.push(`${issueId.replaceAll("-", "")} ${String(number)}`);
    this.#position = position;
  }

  async #follow(line: StartingLine): Promise<void> {
    while (!this.#isToStop) {
      const worker = workIn(this.#place, "follow", this.#position);
      this.#worker = worker;
      let linesLeft = 100 + Math.floor(Math.random() * 500);
      for await (const each of worker.lines()) {
        if (each === "ready") {
          await line.wait();
          worker.go();
          continue;
        }
        const [position = "", issueId = "", number = ""] = each.split(" ");
        this.#note(Number(position), issueId, number);
        if (--linesLeft === 0) worker.kill();
      }
      expect([await worker.ended, worker.errors]).toEqual(["SIGKILL", ""]);
    }
  }
}

function positionIn(cursor: string): number {
  return Number(cursor.slice("feed:".length));
}

/** Compares what readers of the feed have seen with the histories: each turning point once, and those of an issue in order. */
function expectFollowed(followers: readonly Follower[], { turningPoints }: Tables): void {
  const histories = Map.groupBy(turningPoints, ({ issue }) => issue);
  for (const { seen } of followers) {
    expect(new Set(seen).size).toBe(seen.length);
    const seenOf = Map.groupBy(seen, (name) => name.slice(0, name.indexOf(" ")));
    for (const [issue, { length }] of histories) {
      expect(seenOf.get(issue)).toEqual(Array.from({ length }, (_, index) => `${issue} ${String(index + 1)}`));
    }
  }
}

/** The number of events of each issue by its counter, in each hour or day that has some. */
async function countedPer(period: "hour" | "day", tracker: IssueTracker): Promise<Map<string, number[][]>> {
  const counted = new Map<string, number[][]>();
  for (const projectId of ["shop", "attic"]) {
    for (const { id } of (await tracker.issues.list({ projectId, limit: 1_000 })).items) {
      const buckets = await tracker.issues.eventCounts(id, { period });
      const filled = buckets.filter(({ count }) => count > 0).map(({ startsAt, count }) => [startsAt, count]);
      counted.set(id.replaceAll("-", ""), filled);
    }
  }
  return counted;
}

/** The same numbers by the stored events. */
function recountedPer(length: number, { issues, events }: Tables): Map<string, number[][]> {
  const byIssue = Map.groupBy(events, ({ issue }) => issue);
  const recounted = issues.map(({ id }): [string, number[][]] => {
    const starts = Map.groupBy(byIssue.get(id) ?? [], ({ receivedAt }) => Math.floor(receivedAt / length) * length);
    const buckets = Array.from(starts, ([start, own]) => [start, own.reduce((sum, { count }) => sum + count, 0)]);
    return [id, buckets.sort(([one = 0], [other = 0]) => one - other)];
  });
  return new Map(recounted);
}

/** Compares what processes acknowledged with what is in the tables. */
function expectAcknowledged(known: Acknowledgements, tables: Tables): void {
  const projects = new Map(tables.projects.map(({ key, id }) => [key, id]));
  const stored = tables.events.map(({ project, id, issue }): [string, string[]] => [
    `${String(projects.get(project))} ${id}`,
    [issue],
  ]);
  const acknowledged = [...known.issuesOf].map(([event, issues]): [string, string[]] => [event, [...issues]]);
  expect(new Map(stored)).toEqual(new Map(acknowledged));
  expect(stored.length).toBe(CROWD_EVENTS.length);
  expect(Math.max(...known.digested.values())).toBe(1);
  expect(new Set(known.created).size).toBe(known.created.length);

  const commented = tables.turningPoints.filter(({ comment }) => comment !== "");
  const commands = commented.map(({ issue, comment }) => `${issue} ${comment}`);
  expect(new Set(commands).size).toBe(commands.length);
  expect(known.applied.filter((each) => !commands.includes(each))).toEqual([]);
  const issues = new Set(tables.issues.map(({ id }) => id));
  expect(known.deleted.filter((id) => issues.has(id))).toEqual([]);
}

describe.each(SERVERS)("processes that digest into one database on $name, and are killed and replaced", (kind) => {
  test("keep what was acknowledged exactly once, counted and in order", { timeout: 120_000 }, async () => {
    const place = await placeIn(kind);
    const tables = tablesIn(place);
    await migrate(tables);
    const tracker = trackerOn(tables);
    for (const id of ["shop", "attic"]) await tracker.projects.save({ id });
    const known = new Acknowledgements();
    const line = new StartingLine(LANES + 3);
    const commander = new Commander(place, line, known);
    const followers = [new Follower(place, line), new Follower(place, line)];
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      digestLane(place, lane, { line, kills: lane < KILLS / 2 ? 2 : 0, known }),
    );
    const end = Promise.all(lanes).then(() => commander.stop());
    await Promise.all([end, commander.ended]);
    for (const follower of followers) await follower.stop(tracker);

    const found = await recount(place);
    expectFollowed(followers, found);
    expect(contradictions(found)).toEqual([]);
    expect(found.users.length).toBeGreaterThan(0);
    expect(found.data.filter(({ details }) => details !== null).length).toBeGreaterThan(0);
    expectAcknowledged(known, found);
    // None of this project's issues was deleted: they have all numbers up to its count, each once.
    const shop = found.projects.find(({ id }) => id === "shop");
    expect(found.issues.filter(({ project }) => project === shop?.key).length).toBe(shop?.issueCount);
    expect(await countedPer("hour", tracker)).toEqual(recountedPer(HOUR, found));
    expect(await countedPer("day", tracker)).toEqual(recountedPer(DAY, found));
  });
});

describe.each(SERVERS)("processes that all make a muted issue loud at once on $name", (kind) => {
  test("end the mute once, with one alert", { timeout: 120_000 }, async () => {
    const place = await placeIn(kind);
    const tables = tablesIn(place);
    await migrate(tables);
    const tracker = trackerOn(tables);
    await tracker.projects.save({ id: "shop" });
    const outcome = await tracker.digest({ projectId: "shop", type: "E" });
    if (outcome.kind !== "digested") throw new Error("the first event is a duplicate");
    const { id } = outcome.issue;
    await tracker.issues.mute(id, { conditions: [volumeCondition(100, "day")], sinceMute: true });
    await allAtOnce(Array.from({ length: 8 }, (_, lane) => workIn(place, "loud", lane, 30)));

    const { items } = await tracker.issues.history(id);
    expect(items.map(({ turn }) => turn.kind)).toEqual(["unmuted", "muted", "first-seen"]);
    expect(items[0]).toMatchObject({ turn: { reason: { kind: "volume-reached", count: 100 } } });
    expect((await tracker.alerts.list()).items.map(({ alert }) => alert.reason.kind)).toEqual(["new-issue", "unmute"]);
    expect(await tracker.issues.get(id)).toMatchObject({ eventCount: 241, state: { status: "open" } });
    expect(contradictions(await recount(place))).toEqual([]);
  });
});

describe.each(SERVERS)("twenty processes that open an empty database at once on $name", (kind) => {
  test("all find their tables, created once", { timeout: 120_000 }, async () => {
    const place = await placeIn(kind);
    await allAtOnce(Array.from({ length: 20 }, () => workIn(place, "open")));
    const tables = await recount(place);
    expect(contradictions(tables)).toEqual([]);
    expect(tables.events.length).toBe(20);
    expect(tables.issues).toMatchObject([{ eventCount: 20 }]);
    await checkSchema(tablesIn(place));
  });
});

/** A process is killed after every so many statements. */
const KILL_EVERY = rounds({ quick: 3, full: 2 });

/** When a process that creates the tables is killed: after a number of statements, while the next one is in flight or not. */
interface Kill {
  readonly after: number;
  readonly nextIsInFlight: boolean;
}

/** Creates the tables in a process, which is killed or prints the number of statements. */
async function migrateUntilKilled(place: SharedPlace, kill: Kill | undefined): Promise<number> {
  const worker = workIn(place, "migrate", kill?.after ?? 0, Number(kill?.nextIsInFlight ?? false));
  let statements = 0;
  for await (const line of worker.lines()) statements = Number(line);
  expect([await worker.ended, worker.errors]).toEqual([kill === undefined ? 0 : "SIGKILL", ""]);
  return statements;
}

describe.each([SQLITE, ...SERVERS])("a process that is killed while it creates the tables on $name", (kind) => {
  test(
    "leaves a state that the next one completes, whichever statement was its last",
    // Dozens of processes are killed, two at a time on a machine with two cores.
    { timeout: 400_000 },
    async () => {
      const statements = await migrateUntilKilled(await placeIn(kind), undefined);
      expect(statements).toBeGreaterThan(10);
      const kills = Array.from({ length: statements }, (_, index): Kill[] => {
        const after = index + 1;
        // A server may still be running a statement whose sender is gone. SQLite ends with the process.
        const both = [false, true].map((nextIsInFlight) => ({ after, nextIsInFlight }));
        return kind.isServer ? both : [{ after, nextIsInFlight: false }];
      })
        .filter((_, index) => index % KILL_EVERY === 0)
        .flat();
      const killAndRepair = async (): Promise<void> => {
        for (let kill = kills.shift(); kill !== undefined; kill = kills.shift()) {
          const place = await kind.makePlace();
          try {
            await migrateUntilKilled(place, kill);
            const tables = tablesIn(place);
            await migrate(tables);
            await checkSchema(tables);
            const tracker = trackerOn(tables);
            await tracker.projects.save({ id: "shop" });
            expect(await tracker.digest({ projectId: "shop", type: "E" })).toMatchObject({ created: true });
          } finally {
            // There are more statements than a server has connections.
            await place.drop();
          }
        }
      };
      await Promise.all([killAndRepair(), killAndRepair(), killAndRepair()]);
    },
  );
});
