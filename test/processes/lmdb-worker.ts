import { once } from "node:events";
import { writeSync } from "node:fs";
import { openLmdbEngine } from "../../examples/lmdb-store/lmdb-engine.ts";
import { createIssueTracker } from "../../src/index.ts";
import { createKeyValueStore } from "../../src/kv/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { START } from "../support/scenario.ts";
import { takeStep, timeOfStep } from "../support/script.ts";

/*
 * A process that works on a file of LMDB: node lmdb-worker.ts <what> <file> <arguments>. It prints what it has done, and only that,
 * to standard output, line by line and at once.
 */
const [what, filename = "", ...rest] = process.argv.slice(2);
const [first = 0, second = 0] = rest.map(Number);

const engine = openLmdbEngine(filename);
const clock = createVirtualClock(START);
const tracker = createIssueTracker({ store: createKeyValueStore(engine), clock, alertSink: "elsewhere" });

const print = (line: string): void => {
  writeSync(1, `${line}\n`);
};

switch (what) {
  /** Takes the script's steps from a given one on, until it is killed. */
  case "script": {
    print("ready");
    for (let index = first; ; index++) {
      clock.advanceTo(timeOfStep(index));
      await takeStep(tracker, index);
      print(String(index));
    }
  }
  /** Digests so many batches when it reads from standard input, as the process with this number. */
  case "digest": {
    print("ready");
    await once(process.stdin, "data");
    process.stdin.destroy();
    for (let index = 0; index < second; index++) {
      await tracker.digest([
        { projectId: "shop", id: `common ${String(index)}`, type: "Common" },
        { projectId: "shop", id: `${String(first)} ${String(index)}`, type: "E" },
        { projectId: "shop", type: `New in ${String(first)}, ${String(index)}` },
      ]);
    }
    await tracker.close();
    await engine.close();
    break;
  }
  default:
    throw new Error(`unknown work ${String(what)}`);
}
