import { Redis } from "ioredis";
import { describe, expect, it, test } from "vitest";
import { openRedisStore } from "../../examples/redis-store/redis-store.ts";
import { createIssueTracker, volumeCondition } from "../../src/index.ts";
import { registerConformance, type RawReader } from "../../src/testing/index.ts";
import { failureOf } from "../support/scenario.ts";

const url = process.env["ISSUE_LIFECYCLE_TEST_REDIS_URL"];

/** Reads the server through a separate connection. */
function rawRedis(redis: Redis): RawReader {
  const keyOf = (...parts: string[]): string => `issue-lifecycle:${JSON.stringify(parts)}`;
  return {
    countIssues: (projectId) => redis.zcard(keyOf("numbers", projectId)),
    countEvents: (projectId) => redis.zcard(keyOf("events", projectId)),
    titleOf: async (id) => {
      const document: { issue: { title: string } } | null = JSON.parse((await redis.get(keyOf("issue", id))) ?? "null");
      return document?.issue.title;
    },
  };
}

describe("the example of a store on Redis", () => {
  test("reports a missing server as an error of the library", async () => {
    expect(await failureOf(openRedisStore({ url: "redis://127.0.0.1:1" }))).toMatchObject({ code: "store-failed" });
  });
});

if (url !== undefined) {
  registerConformance(
    { describe, it },
    {
      name: "Redis",
      open: async () => {
        const redis = new Redis(url);
        await redis.flushdb();
        return {
          store: await openRedisStore({ url }),
          openSecond: () => openRedisStore({ url }),
          raw: rawRedis(redis),
          dispose: async () => {
            await redis.flushdb();
            redis.disconnect();
          },
        };
      },
    },
  );

  describe("a store on Redis that loses its connection", () => {
    test("writes nothing without its lock, reports it, and continues with a new connection", async () => {
      const redis = new Redis(url);
      await redis.flushdb();
      const store = await openRedisStore({ url });
      const tracker = createIssueTracker({ store, alertSink: "elsewhere" });
      await tracker.projects.save({ id: "shop" });
      const opened = await tracker.digest({ projectId: "shop", type: "E" });
      if (opened.kind !== "digested") throw new Error("not digested");
      const { friendlyId: _, ...issue } = opened.issue;
      const losing = store.transaction(async (transaction) => {
        await transaction.load({ issues: { ids: [issue.id] } });
        await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await transaction.write({ updates: [{ before: issue, after: { ...issue, eventCount: 99 } }] });
      });
      expect(await failureOf(losing)).toMatchObject({ code: "store-failed" });
      expect((await tracker.issues.get(issue.id))?.eventCount).toBe(1);
      await tracker.digest({ projectId: "shop", type: "E" });
      expect((await tracker.issues.get(issue.id))?.eventCount).toBe(2);
      await tracker.close();
      await redis.flushdb();
      redis.disconnect();
    });
  });

  describe("a tracker on Redis", () => {
    test("loses nothing and unmutes once when two of them digest at once", async () => {
      const redis = new Redis(url);
      await redis.flushdb();
      const trackers = await Promise.all(
        [1, 2].map(async () => createIssueTracker({ store: await openRedisStore({ url }), alertSink: "elsewhere" })),
      );
      const [first] = trackers;
      if (first === undefined) throw new Error("two trackers");
      await first.projects.save({ id: "shop" });
      const opened = await first.digest({ projectId: "shop", type: "E" });
      if (opened.kind !== "digested") throw new Error("not digested");
      await first.issues.mute(opened.issue.id, { conditions: [volumeCondition(20, "total")] });
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (trackers[index % 2] ?? first).digest({ projectId: "shop", type: "E" }),
        ),
      );
      expect(outcomes.filter((each) => each.kind === "digested" && each.unmuted !== null)).toHaveLength(1);
      expect((await first.issues.get(opened.issue.id))?.eventCount).toBe(41);
      for (const tracker of trackers) await tracker.close();
      await redis.flushdb();
      redis.disconnect();
    });
  });
}
