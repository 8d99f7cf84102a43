// What an issue goes through, in whatever runtime and on whatever store: told apart by nothing but how the store is opened.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createIssueTracker, createMemoryStore, volumeCondition } from "issue-lifecycle";

const event = { projectId: "shop", type: "TypeError", value: "x is undefined", release: "1.0.0" };

/** Digests, mutes until it gets loud, hears of it, reads the history, and closes. Gives the issue's id. */
async function live(store) {
  const alerts = [];
  const tracker = createIssueTracker({ store, alertSink: ({ reason }) => void alerts.push(reason.kind) });
  await tracker.projects.save({ id: "shop" });
  const { issue } = await tracker.digest(event);
  assert.equal(issue.friendlyId, "SHOP-1");
  await tracker.issues.mute(issue.id, { conditions: [volumeCondition(3, "total")], by: "ann" });
  assert.equal((await tracker.digest(event)).unmuted, null);
  assert.equal((await tracker.digest(event)).unmuted.kind, "volume-reached");
  await tracker.settled();
  assert.deepEqual(alerts, ["new-issue", "unmute"]);
  await expectHistory(tracker, issue.id);
  await tracker.close();
  return issue.id;
}

async function expectHistory(tracker, id) {
  const { items } = await tracker.issues.history(id);
  assert.deepEqual(items.map(({ turn }) => turn.kind).sort(), ["first-seen", "muted", "unmuted"]);
  assert.equal((await tracker.issues.get(id)).eventCount, 3);
}

/** An issue's life in memory. */
export async function liveInMemory() {
  await live(createMemoryStore());
}

/** An issue's life in a file, which is opened again afterwards. */
export async function liveInFile(open) {
  // Beside the program, whose folder goes with everything in it.
  const folder = mkdtempSync(join(import.meta.dirname, "file-"));
  const filename = join(folder, "issues.sqlite");
  const id = await live(await open(filename));
  const tracker = createIssueTracker({ store: await open(filename) });
  await expectHistory(tracker, id);
  assert.equal((await tracker.digest(event)).issue.eventCount, 4);
  await tracker.close();
  rmSync(folder, { recursive: true });
}
