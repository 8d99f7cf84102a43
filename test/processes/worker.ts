import { once } from "node:events";
import { statSync, writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import Database from "better-sqlite3";
import { createIssueTracker } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { takeStep, timeOfStep } from "../support/script.ts";
import { START } from "../support/scenario.ts";

/*
 * A process that works on a database file: node worker.ts <what> <file> <arguments>. It prints what it has done, and only
 * that, to standard output, line by line and at once.
 */
const [what, filename = "", ...rest] = process.argv.slice(2);
const [first = 0, second = 0] = rest.map(Number);

const print = (line: string): void => {
  writeSync(1, `${line}\n`);
};

switch (what) {
  /** Takes the script's steps from a given one on, until it is killed. */
  case "script": {
    const clock = createVirtualClock(START);
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename }), clock, alertSink: "elsewhere" });
    print("ready");
    for (let index = first; ; index++) {
      clock.advanceTo(timeOfStep(index));
      await takeStep(tracker, index);
      print(String(index));
    }
  }
  /** Digests so many events in batches of three, from a given number on. */
  case "digest": {
    const tracker = createIssueTracker({
      store: await openSqliteStore({ filename, busyTimeoutMs: 60_000 }),
      clock: createVirtualClock(START),
      alertSink: "elsewhere",
    });
    print("ready");
    for (let index = first; index < first + second; index += 3) {
      await tracker.digest(
        [0, 1, 2].map((offset) => ({
          projectId: "shop",
          id: `e-${String(index + offset)}`,
          type: "E",
          receivedAt: START,
        })),
      );
      print(String(index));
    }
    await tracker.close();
    break;
  }
  /** Digests events one by one, so many at the same time, from a given number on, until it is killed. */
  case "flood": {
    const store = await openSqliteStore({ filename });
    const tracker = createIssueTracker({ store, clock: createVirtualClock(START), alertSink: "elsewhere" });
    let next = first;
    const flood = async (): Promise<never> => {
      for (;;) {
        const id = String(next++);
        await tracker.digest({ projectId: "shop", id, type: `E${String(Number(id) % 7)}` });
        print(id);
      }
    };
    await Promise.all(Array.from({ length: second }, flood));
    break;
  }
  /** Digests so many batches of about 500 pages each, from a given one on, prints the size of the log, and does not close its store. */
  case "pages": {
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename }), alertSink: "elsewhere" });
    const data = { text: "x".repeat(4_000) };
    for (let batch = first; batch < first + second; batch++) {
      const ids = Array.from({ length: 500 }, (_, index) => `${String(batch)}-${String(index)}`);
      await tracker.digest(ids.map((id) => ({ projectId: "shop", id, type: "E", data })));
      print(`${String(batch)} ${String(statSync(`${filename}-wal`).size)}`);
    }
    break;
  }
  /** Digests events until the log is moved to the file, one more, and closes the store. */
  case "move-and-close": {
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename }), alertSink: "elsewhere" });
    const other = new Database(filename);
    const log = other.prepare<[], { readonly log: number; readonly checkpointed: number }>(
      "pragma wal_checkpoint(noop)",
    );
    const data = { text: "x".repeat(4_000) };
    for (let batch = 0; (log.get()?.log ?? 0) < 4_500; batch++) {
      const ids = Array.from({ length: 500 }, (_, index) => `${String(batch)}-${String(index)}`);
      await tracker.digest(ids.map((id) => ({ projectId: "shop", id, type: "E", data })));
    }
    while (log.get()?.checkpointed === 0) await nextTurn();
    // The thread's answer comes in another turn.
    for (let turn = 0; turn < 1_000; turn++) await nextTurn();
    other.close();
    await tracker.digest({ projectId: "shop", id: "last", type: "E" });
    await Promise.all([tracker.close(), tracker.close()]);
    await tracker.close();
    print("closed");
    break;
  }
  /** Opens the file, which may be new, when it reads from standard input. */
  case "open": {
    print("ready");
    await once(process.stdin, "data");
    process.stdin.destroy();
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename, busyTimeoutMs: 60_000 }) });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest({ projectId: "shop", type: "E" });
    await tracker.close();
    break;
  }
  default:
    throw new Error(`unknown work ${String(what)}`);
}
