// The entries that need no database can be imported and required, whatever else is installed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { liveInMemory } from "./life.mjs";

const require = createRequire(import.meta.url);
for (const entry of ["", "/memory", "/kv", "/copy", "/sentry", "/sinks", "/testing", "/backtest"]) {
  const imported = await import(`issue-lifecycle${entry}`);
  const required = require(`issue-lifecycle${entry}`);
  assert.ok(Object.keys(required).length > 0);
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort());
}
await liveInMemory();
