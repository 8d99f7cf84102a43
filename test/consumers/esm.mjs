// A host in JavaScript, as an ES module: every entry can be imported, and an issue lives in memory and in SQLite.
import assert from "node:assert/strict";
import { createIssueTracker, createMemoryStore, IssueLifecycleError, volumeCondition } from "issue-lifecycle";
import * as memory from "issue-lifecycle/memory";
import { kyselyStore, migrate, sqliteDialect } from "issue-lifecycle/kysely";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { createKeyValueStore } from "issue-lifecycle/kv";
import { copyStore } from "issue-lifecycle/copy";
import { createSentryIntake, readSentryEvent } from "issue-lifecycle/sentry";
import { createErrorCapture } from "issue-lifecycle/capture";
import { toNodeHandler } from "issue-lifecycle/node";
import { createBoard } from "issue-lifecycle/board";
import { isPublicAddress, routeAlerts, webhookSink } from "issue-lifecycle/sinks";
import { backtest } from "issue-lifecycle/backtest";
import { openTelemetryHooks } from "issue-lifecycle/opentelemetry";
import { createRecordingSink, createVirtualClock } from "issue-lifecycle/testing";

assert.equal(memory.createMemoryStore, createMemoryStore);
for (const each of [
  backtest,
  copyStore,
  createKeyValueStore,
  kyselyStore,
  migrate,
  readSentryEvent,
  createVirtualClock,
])
  assert.equal(typeof each, "function");
assert.equal(sqliteDialect.name, "SQLite");
assert.equal(isPublicAddress("169.254.169.254"), false);
assert.throws(
  () => webhookSink({ url: "http://shop.test", secrets: [] }),
  (error) => IssueLifecycleError.is(error) && error.code === "invalid-input",
);
for (const store of [createMemoryStore(), await openSqliteStore({ filename: ":memory:" })]) {
  const sink = createRecordingSink();
  const alertSink = routeAlerts([{ name: "record", sink: sink.deliver }]);
  const turns = [];
  const committed = ({ turningPoints }) => turns.push(...turningPoints.map(({ turn }) => turn.kind));
  const tracker = createIssueTracker({ store, alertSink, hooks: [openTelemetryHooks(), { committed }] });
  await tracker.projects.save({ id: "shop" });
  const { issue } = await tracker.digest({ projectId: "shop", type: "E" });
  await tracker.issues.mute(issue.id, { conditions: [volumeCondition(2, "total")] });
  assert.equal((await tracker.digest({ projectId: "shop", type: "E" })).unmuted.kind, "volume-reached");
  await assert.rejects(
    tracker.issues.reopen(issue.id),
    (error) => IssueLifecycleError.is(error) && error.code === "not-resolved",
  );
  await tracker.settled();
  assert.deepEqual(
    sink.alerts.map(({ reason }) => reason.kind),
    ["new-issue", "unmute"],
  );
  assert.deepEqual(turns, ["first-seen", "muted", "unmuted"]);

  const intake = createSentryIntake({ tracker, projects: [{ id: "shop", number: 1, keys: ["key"] }] });
  assert.equal(typeof toNodeHandler(intake), "function");
  const url = "http://localhost/api/1/store/?sentry_key=key";
  assert.equal((await intake(new Request(url, { method: "POST", body: `{"message":"sent"}` }))).status, 200);
  await intake.close();
  const board = createBoard({ tracker, authorize: () => ({ id: "ann", projects: "all", mayChange: true }) });
  assert.match(await (await board(new Request("http://localhost/board"))).text(), /<h1[^>]*>Open issues<\/h1>/);
  const capture = createErrorCapture({ tracker, projectId: "shop" });
  capture.error(new Error("captured"));
  await capture.close();
  assert.deepEqual((await tracker.issues.list({ projectId: "shop" })).items.map(({ title }) => title).sort(), [
    "E",
    "Error: captured",
    "sent",
  ]);
  await tracker.close();
}
