// The entry for OpenTelemetry can be imported and required beside its API, and a tracker's operations run within its spans.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { trace } from "@opentelemetry/api";
import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
import { openTelemetryHooks } from "issue-lifecycle/opentelemetry";

const required = createRequire(import.meta.url)("issue-lifecycle/opentelemetry");
const spans = [];
const tracerProvider = {
  getTracer: () => ({
    startSpan(name, options) {
      spans.push(name);
      return trace.getTracerProvider().getTracer("none").startSpan(name, options);
    },
  }),
};
for (const hooks of [openTelemetryHooks({ tracerProvider }), required.openTelemetryHooks({ tracerProvider })]) {
  const tracker = createIssueTracker({ store: createMemoryStore(), hooks });
  await tracker.projects.save({ id: "shop" });
  await tracker.digest({ projectId: "shop", type: "E" });
  await tracker.close();
  assert.deepEqual(spans.splice(0), ["issue_lifecycle projects.save", "issue_lifecycle digest"]);
}
