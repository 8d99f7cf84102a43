// A process of a rolling deployment: rolling-worker.mjs <kind> <where> <name>. It opens the store, and digests events and gives commands
// until its standard input ends. It prints a line for each event that was acknowledged, and for each call that was refused.
import { writeSync } from "node:fs";
import { createIssueTracker } from "issue-lifecycle";
import { openStore } from "./rolling-stores.mjs";

const [kind, where, name] = process.argv.slice(2);
const ISSUES = 7;

let isEnding = false;
process.stdin.on("end", () => (isEnding = true)).resume();

const print = (line) => writeSync(1, `${line}\n`);
const report = (error) => print(`refused ${String(error.code)} ${String(error.message).replaceAll("\n", " ")}`);

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    report(error);
    return undefined;
  }
}

const store = await attempt(() => openStore(kind, where));
if (store !== undefined) {
  const tracker = createIssueTracker({ store, alertSink: () => undefined, onError: report });
  await attempt(() => tracker.projects.save({ id: "shop" }));
  for (let at = 0; !isEnding; at++) {
    const type = `E${String(at % ISSUES)}`;
    const release = `1.${String(at % 5)}.0`;
    const ids = ["a", "b"].map((part) => `${name}-${String(at)}-${part}`);
    const events = ids.map((id) => ({ projectId: "shop", id, type, release, userId: name }));
    const outcomes = await attempt(() => tracker.digest(events));
    for (const each of outcomes ?? []) print(`${each.kind} ${each.eventId} ${type}`);
    const [first] = outcomes ?? [];
    if (first !== undefined && at % 10 === 0)
      await attempt(() => tracker.issues.annotate(first.issue.id, `${name} ${String(at)}`));
    if (at % 25 === 0) await attempt(() => tracker.tick());
  }
  await tracker.settled();
  await tracker.close();
}
