import { MAX_EVENT_TEXT_LENGTH } from "../../../core/event.ts";
import type { EventContent } from "../../../core/event.ts";
import type { EvictionStep } from "../../../ports/issue-store.ts";
import { AssertionFailure, expectEqual, expectFailure } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { BLOG, newIssue, NOON, sampleEvent, sampleIssue, SHOP } from "../samples.ts";

/** More steps than any of the evictions here needs. */
const MAX_STEPS = 100;

/** Evicts events in steps. Returns how many were removed. */
export async function evict(context: CaseContext, receivedBefore: number, limit: number): Promise<number> {
  let evicted = 0;
  let after: string | null = null;
  let steps = 0;
  do {
    const request = { projectId: SHOP.id, receivedBefore, after, limit };
    const step: EvictionStep = await transact(context, (transaction) => transaction.evictEvents(request));
    evicted += step.evicted;
    after = step.next;
    if (++steps > MAX_STEPS)
      throw new AssertionFailure("the steps of an eviction", `at most ${String(MAX_STEPS)}`, steps);
  } while (after !== null);
  return evicted;
}

/** What an event says that is only an error. */
const PLAIN: EventContent = { level: "error", type: "", value: "", transaction: "" };

/** Texts as long as an event's may be and shorter, each of its own length, that differ at their ends. */
const LONG = [100, 200, 600, 650, 700, 750, 1_000, 4_000, 70_000, MAX_EVENT_TEXT_LENGTH].map((length, index) => {
  const unit = length < 500 || length > 10_000 ? "€" : "x";
  return `${unit.repeat(length - 1)}${String(index)}`;
});

/** Stored events. */
export const eventCases: readonly ConformanceCase[] = [
  {
    id: "events-kept",
    title: "events are returned unchanged, each in its own project",
    requires: "findEvent() returns the event, unless it was evicted or its issue deleted.",
    async run(context) {
      const issue = sampleIssue(1);
      const elsewhere = sampleIssue(2, { projectId: BLOG.id });
      const events = [
        sampleEvent(issue, "a"),
        sampleEvent(issue, "b", { release: "", occurredAt: null, kept: true, data: null }),
        sampleEvent(issue, "c", { receivedAt: 0, occurredAt: 253_402_300_799_999, data: '"\\u0000"' }),
        sampleEvent(issue, "plain", { count: 1, content: PLAIN, environment: "", user: null, data: null }),
        sampleEvent(issue, "of an earlier version", { count: 1, content: null, environment: "", user: null }),
        sampleEvent(issue, "without content", { content: null, data: null }),
        sampleEvent(issue, "most", { count: Number.MAX_SAFE_INTEGER, content: { ...PLAIN, level: "debug" } }),
        ...LONG.flatMap((value, index) => [
          sampleEvent(issue, `long ${String(index)}`, { content: { ...PLAIN, value }, data: null }),
          sampleEvent(issue, `long ${String(index)} with data`, { content: { ...PLAIN, type: value } }),
        ]),
        sampleEvent(elsewhere, "a", { data: "[]" }),
      ];
      await write(context, { projects: [SHOP, BLOG], newIssues: [issue, elsewhere].map(newIssue), events });
      await read(context, async (reader) => {
        for (const event of events) expectEqual("an event", await reader.findEvent(event), event);
        const missing = await reader.findEvent({ projectId: BLOG.id, id: "b" });
        expectEqual("an event of another project", missing, undefined);
      });
    },
  },
  {
    id: "events-inserted-once",
    title: "an event that is stored already is refused, and nothing of its batch is left behind",
    requires: "write() fails with `store-conflict` if one of the events is stored already.",
    async run(context) {
      const issue = sampleIssue(1);
      await write(context, {
        projects: [SHOP],
        newIssues: [newIssue(issue)],
        events: [sampleEvent(issue, "a")],
      });
      await expectFailure("an event that is stored", "store-conflict", () =>
        write(context, { events: [sampleEvent(issue, "b"), sampleEvent(issue, "a", { data: null })] }),
      );
      await expectFailure("an event twice in a batch", "store-conflict", () =>
        write(context, { events: [sampleEvent(issue, "b"), sampleEvent(issue, "b")] }),
      );
      await read(context, async (reader) => {
        const first = await reader.findEvent({ projectId: SHOP.id, id: "a" });
        expectEqual("the event that was stored before", first, sampleEvent(issue, "a"));
        const other = await reader.findEvent({ projectId: SHOP.id, id: "b" });
        expectEqual("the other event of the batch", other, undefined);
      });
    },
  },
  {
    id: "events-evicted",
    title: "eviction removes old events that are not kept, and those of deleted issues, and no others",
    requires: "evictEvents() removes old events that are not kept, and events of deleted issues, and no others.",
    async run(context) {
      const [issue, gone] = [sampleIssue(1), sampleIssue(2)];
      const elsewhere = sampleIssue(3, { projectId: BLOG.id });
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [issue, gone, elsewhere].map(newIssue),
        events: [
          sampleEvent(issue, "old", { receivedAt: NOON - 1 }),
          sampleEvent(issue, "old and kept", { receivedAt: NOON - 1, kept: true }),
          sampleEvent(issue, "just in time", { receivedAt: NOON }),
          sampleEvent(gone, "of a deleted issue", { receivedAt: NOON + 9, kept: true }),
          sampleEvent(elsewhere, "old", { receivedAt: NOON - 1 }),
        ],
      });
      await write(context, { deletedIssues: [gone.id] });
      expectEqual("how many were evicted", await evict(context, NOON, 100), 2);
      const ids = ["old", "old and kept", "just in time", "of a deleted issue"];
      const events = ids.map((id) => ({ projectId: SHOP.id, id }));
      const { duplicateOf } = await load(context, { events: [...events, { projectId: BLOG.id, id: "old" }] });
      expectEqual("what is left", duplicateOf, [undefined, issue.id, issue.id, undefined, elsewhere.id]);
    },
  },
  {
    id: "eviction-steps",
    title: "the steps of an eviction together look at each event once, however many steps there are",
    requires: "evictEvents() works in steps that together look at each event once.",
    async run(context) {
      const issue = sampleIssue(1);
      const count = 25;
      const events = Array.from({ length: count }, (_, index) =>
        sampleEvent(issue, `event ${String((index * 7) % count)}`, { receivedAt: NOON + index, kept: index % 5 === 0 }),
      );
      await write(context, { projects: [SHOP], newIssues: [newIssue(issue)], events });
      const leaving = events.filter(({ kept, receivedAt }) => !kept && receivedAt < NOON + 20);
      expectEqual("how many were evicted", await evict(context, NOON + 20, 3), leaving.length);
      expectEqual("how many are left to evict", await evict(context, NOON + 20, 4), 0);
      await read(context, async (reader) => {
        for (const event of events) {
          const found = await reader.findEvent(event);
          expectEqual(`"${event.id}"`, found, leaving.includes(event) ? undefined : event);
        }
      });
    },
  },
];
