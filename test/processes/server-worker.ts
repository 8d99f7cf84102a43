import { once } from "node:events";
import { appendFileSync, writeSync } from "node:fs";
import { createIssueTracker, DeliveryError, type DigestOutcome, type IssueTracker } from "../../src/index.ts";
import { kyselyStore, migrate } from "../../src/kysely/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { commandSome } from "../support/commander.ts";
import { connectTo, isSharedKind, tablesAt, type Address } from "../support/connections.ts";
import { crowdStep, LANE_LENGTH } from "../support/crowd.ts";
import { isRefusedOnce, timeOfRound } from "../support/rounds.ts";
import { START } from "../support/scenario.ts";

/*
 * A process that works on a database: node server-worker.ts <what> <kind> <where> <arguments>. It prints "ready", and begins
 * when it reads from standard input. It prints what it has done, and only that, line by line and at once.
 */
const [what, kind, where = "", ...rest] = process.argv.slice(2);
const [first = 0, second = 0] = rest.map(Number);

if (!isSharedKind(kind)) throw new Error(`unknown kind of database ${String(kind)}`);
const address: Address = { kind, where };

let statements = 0;
let killedAfter = 0;
let nextIsInFlight = false;
const db = connectTo(address, {
  log: () => {
    statements++;
    if (statements !== killedAfter) return;
    const kill = (): void => void process.kill(process.pid, "SIGKILL");
    // By then the next statement has been sent.
    if (nextIsInFlight) setImmediate(kill);
    else kill();
  },
});

const print = (...lines: string[]): void => {
  if (lines.length === 0) return;
  writeSync(1, lines.map((line) => `${line}\n`).join(""));
};

/** Runs a task with a tracker when it reads from standard input. Alerts stay in the outbox, so that they can be counted. */
const work = async (task: (tracker: IssueTracker) => Promise<void>): Promise<void> => {
  const tracker = createIssueTracker({
    store: kyselyStore(tablesAt(address, db)),
    clock: createVirtualClock(START),
    alertSink: "elsewhere",
  });
  print("ready");
  await once(process.stdin, "data");
  process.stdin.destroy();
  await task(tracker);
  await tracker.close();
};

const acknowledgement = (projectId: string | undefined, outcome: DigestOutcome): string => {
  const event = `${String(projectId)} ${outcome.eventId}`;
  if (outcome.kind === "refused") throw outcome.error;
  if (outcome.kind === "duplicate") return `duplicate ${event} ${outcome.issueId}`;
  return `digested ${event} ${outcome.issue.id}${outcome.created ? ` ${outcome.issue.friendlyId}` : ""}`;
};

switch (what) {
  /** Digests the crowd's events of a lane, from a given one on. */
  case "crowd":
    await work(async (tracker) => {
      for (let at = second; at < LANE_LENGTH;) {
        const { events, next } = crowdStep(first, at);
        const [only] = events;
        const outcomes =
          only !== undefined && events.length === 1 ? [await tracker.digest(only)] : await tracker.digest(events);
        print(
          ...outcomes.map((outcome, place) => acknowledgement(events[place]?.projectId, outcome)),
          `at ${String(next)}`,
        );
        at = next;
      }
    });
    break;
  /** Issues commands until it is killed. */
  case "command":
    await work(async (tracker) => {
      for (let turn = first; ; turn++) for await (const line of commandSome(tracker, turn)) print(line);
    });
    break;
  /** Reads the feed from a position on until it is killed. */
  case "follow":
    await work(async (tracker) => {
      for (let cursor = `feed:${String(first)}`; ;) {
        const page = await tracker.feed({ cursor, limit: 20 });
        const seen = page.entries.map(({ cursor: at, issueId, turningPoint }) => {
          return `${at.slice("feed:".length)} ${issueId} ${String(turningPoint.number)}`;
        });
        print(...seen);
        cursor = page.next;
        if (!page.hasMore) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    break;
  /** Digests a number of events of one group, in pairs and one by one. */
  case "loud":
    await work(async (tracker) => {
      for (let index = 0; index < second; index += 3) {
        const [one, ...pair] = [0, 1, 2].map((offset) => ({
          projectId: "shop",
          id: `${String(first)}-${String(index + offset)}`,
          type: "E",
        }));
        if (one !== undefined) await tracker.digest(one);
        await tracker.digest(pair);
      }
    });
    break;
  /** Opens the database, which may have no tables yet, and digests one event. */
  case "open":
    await work(async (tracker) => {
      await migrate(tablesAt(address, db));
      await tracker.projects.save({ id: "shop" });
      await tracker.digest({ projectId: "shop", type: "E" });
    });
    break;
  /** Creates the tables and prints the number of statements, unless it is killed after some of them, or during the next. */
  case "migrate":
    killedAfter = first;
    nextIsInFlight = second === 1;
    await migrate(tablesAt(address, db));
    print(String(statements));
    break;
  /** Delivers alerts in a round, each into a file, and is killed after a number of them, before the last is settled. */
  case "deliver":
  case "deliver-in-order": {
    const [, , file = ""] = rest;
    let delivered = 0;
    const tracker = createIssueTracker({
      store: kyselyStore(tablesAt(address, db)),
      clock: createVirtualClock(timeOfRound(first)),
      alerts: { inOrder: what === "deliver-in-order", limits: null, backoffMs: 1 },
      alertSink: async (alert, { number }) => {
        if (number === 1 && isRefusedOnce(alert)) throw new Error("not the first time");
        const notified = alert.issue === null ? [alert] : [...alert.earlier, alert];
        appendFileSync(
          file,
          notified.map(({ id, turningPoint }) => `${alert.issue?.id ?? ""} ${String(turningPoint)} ${id}\n`).join(""),
        );
        if (++delivered === second) process.kill(process.pid, "SIGKILL");
        await new Promise(setImmediate);
      },
      onError: (error) => {
        if (!(error instanceof DeliveryError)) console.error(error);
      },
    });
    print("ready");
    await once(process.stdin, "data");
    process.stdin.destroy();
    await tracker.alerts.drain();
    await tracker.close();
    break;
  }
  default:
    throw new Error(`unknown work ${String(what)}`);
}
await db.destroy();
