// A host in JavaScript, as CommonJS: every entry can be required, and errors are recognised across the two copies.
const assert = require("node:assert/strict");
const {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  PermanentDeliveryError,
} = require("issue-lifecycle");
const { openSqliteStore } = require("issue-lifecycle/sqlite");
for (const entry of [
  ...["memory", "kysely", "kv", "copy", "sentry", "capture", "node", "board", "sinks"],
  ...["backtest", "opentelemetry", "testing"],
])
  assert.ok(Object.keys(require(`issue-lifecycle/${entry}`)).length > 0);

async function main() {
  for (const store of [createMemoryStore(), await openSqliteStore({ filename: ":memory:" })]) {
    const tracker = createIssueTracker({ store });
    await tracker.projects.save({ id: "shop" });
    assert.equal((await tracker.digest({ projectId: "shop", type: "E" })).issue.friendlyId, "SHOP-1");
    await tracker.close();
  }
  const esm = await import("issue-lifecycle");
  assert.notEqual(esm.IssueLifecycleError, IssueLifecycleError);
  assert.ok(PermanentDeliveryError.is(new esm.PermanentDeliveryError("by the other copy")));
  assert.ok(IssueLifecycleError.is(new esm.IssueLifecycleError("closed", "by the other copy")));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
