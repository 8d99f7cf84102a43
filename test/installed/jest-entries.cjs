// Jest in its default mode, which has neither ES modules nor import(): every entry that needs no database loads.
const { createIssueTracker, createMemoryStore, volumeCondition } = require("issue-lifecycle");
const { createRecordingSink } = require("issue-lifecycle/testing");

test.each(["memory", "kv", "copy", "sentry", "sinks", "testing", "backtest"])("requires %s", (entry) => {
  expect(Object.keys(require(`issue-lifecycle/${entry}`))).not.toHaveLength(0);
});

test("an issue lives in memory", async () => {
  const sink = createRecordingSink();
  const tracker = createIssueTracker({ store: createMemoryStore(), alertSink: sink.deliver });
  await tracker.projects.save({ id: "shop" });
  const { issue } = await tracker.digest({ projectId: "shop", type: "E" });
  await tracker.issues.mute(issue.id, { conditions: [volumeCondition(2, "total")] });
  expect((await tracker.digest({ projectId: "shop", type: "E" })).unmuted.kind).toBe("volume-reached");
  await tracker.settled();
  expect(sink.alerts.map(({ reason }) => reason.kind)).toEqual(["new-issue", "unmute"]);
  await tracker.close();
});
