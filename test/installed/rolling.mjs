// A rolling deployment on one database: the package of an earlier version, in the folder "earlier", is at work when this one opens the
// store and upgrades its tables, and goes on beside it. rolling.mjs <kind>. Either both work, or the earlier one stops with a code;
// whatever was acknowledged is there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createIssueTracker } from "issue-lifecycle";
import { makePlace, openStore } from "./rolling-stores.mjs";

const [kind] = process.argv.slice(2);
const FOLDER = import.meta.dirname;
const ENOUGH = 200;
const LIMIT_MS = 120_000;

/** A process of a folder's version, and what it has printed. */
function start(folder, name, where) {
  const program = join(folder, "rolling-worker.mjs");
  const child = spawn(process.execPath, [program, kind, where, name], {
    stdio: ["pipe", "pipe", "inherit"],
    timeout: LIMIT_MS,
  });
  const lines = [];
  const waiting = new Set();
  let rest = "";
  const look = () => waiting.forEach((each) => each());
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop();
    lines.push(...parts);
    look();
  });
  const exited = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  void exited.then(look);
  const count = (word) => lines.filter((line) => line.startsWith(word)).length;
  /** Waits until it has acknowledged so many more events, or was refused. */
  const works = (more) =>
    new Promise((resolve, reject) => {
      const goal = count("digested") + more;
      const refusals = count("refused");
      const check = () => {
        if (count("digested") >= goal || count("refused") > refusals) resolve(waiting.delete(check));
        else if (child.exitCode !== null) reject(new Error(`${name} ended:\n${lines.slice(-20).join("\n")}`));
      };
      waiting.add(check);
      check();
    });
  const end = async () => {
    child.stdin.end();
    assert.equal(await exited, 0);
  };
  return { name, lines, works, end };
}

const { where, drop } = await makePlace(kind);
try {
  const earlier = start(join(FOLDER, "earlier"), "earlier", where);
  await earlier.works(ENOUGH);
  const later = start(FOLDER, "later", where);
  await later.works(ENOUGH);
  await Promise.all([earlier.works(ENOUGH), later.works(ENOUGH)]);
  await earlier.end();
  await later.works(ENOUGH);
  await later.end();

  const refusals = ({ lines }) => lines.filter((line) => line.startsWith("refused"));
  assert.deepEqual(refusals(later), []);
  assert.deepEqual(
    refusals(earlier).filter((line) => !line.startsWith("refused schema-newer ")),
    [],
  );

  const tracker = createIssueTracker({ store: await openStore(kind, where) });
  const acknowledged = [earlier, later].flatMap(({ lines }) => lines.filter((line) => line.startsWith("digested")));
  const counts = new Map();
  for (const line of acknowledged) {
    const [, id, type] = line.split(" ");
    assert.equal((await tracker.events.get("shop", id))?.type, type, `event ${id}`);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const { items } = await tracker.issues.list({ projectId: "shop", limit: 100 });
  assert.deepEqual(
    new Map(items.map(({ title, eventCount }) => [title, eventCount]).sort()),
    new Map([...counts].sort()),
  );
  await tracker.close();
  const how = refusals(earlier).length === 0 ? "both work" : "the earlier one stops with schema-newer";
  console.log(`${kind}: ${how}, and all of ${String(acknowledged.length)} acknowledged events are there`);
} finally {
  await drop();
}
