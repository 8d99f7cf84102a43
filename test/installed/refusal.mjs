// Node 24 with better-sqlite3 12: the store is refused in words, before anything is loaded that could end the process.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { IssueLifecycleError } from "issue-lifecycle";
import { openSqliteStore } from "issue-lifecycle/sqlite";

const { version } = createRequire(import.meta.url)("better-sqlite3/package.json");
await assert.rejects(openSqliteStore({ filename: ":memory:" }), (error) => {
  assert.ok(IssueLifecycleError.is(error), String(error));
  assert.equal(error.code, "unsupported-platform");
  for (const part of [version, process.versions.node, "install 13"])
    assert.ok(error.message.includes(part), error.message);
  return true;
});
