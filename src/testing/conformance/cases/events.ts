import { MAX_EVENT_TEXT_LENGTH } from "../../../core/event.ts";
import type { EventContent } from "../../../core/event.ts";
import type { Issue } from "../../../core/issue.ts";
import type { EvictionStep, StoredEvent } from "../../../ports/issue-store.ts";
import { expectEqual, expectFailure } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { walkSteps } from "../steps.ts";
import { BLOG, newIssue, NOON, sampleEvent, sampleIssue, SHOP } from "../samples.ts";

/** Evicts events in steps. Returns how many were removed. */
export async function evict(
  context: CaseContext,
  receivedBefore: number,
  limit: number,
  keepNewest: number | null = null,
): Promise<number> {
  let evicted = 0;
  await walkSteps("an eviction", async (after) => {
    const request = { projectId: SHOP.id, receivedBefore, keepNewest, after, limit };
    const step: EvictionStep = await transact(context, (transaction) => transaction.evictEvents(request));
    evicted += step.evicted;
    return step.next;
  });
  return evicted;
}

/** What an event says that is only an error. */
const PLAIN: EventContent = { level: "error", type: "", value: "", transaction: "" };

const ref = (id: string) => ({ projectId: SHOP.id, id });

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
        sampleEvent(issue, "without a number", { number: 0 }),
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
      const [issue, gone, elsewhere] = [sampleIssue(1), sampleIssue(2), sampleIssue(3, { projectId: BLOG.id })];
      const plain = { kind: "plain" } as const;
      const state = { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: plain } as const;
      const resolved = sampleIssue(4, { state });
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [issue, gone, elsewhere, resolved].map(newIssue),
        events: [
          sampleEvent(issue, "old", { receivedAt: NOON - 1 }),
          sampleEvent(issue, "old, without data", { receivedAt: NOON - 1, data: null, content: null }),
          sampleEvent(resolved, "old, of a resolved issue", { receivedAt: NOON - 1 }),
          sampleEvent(issue, "old and kept", { receivedAt: NOON - 1, kept: true }),
          sampleEvent(issue, "oldest and kept", { receivedAt: 0, kept: true }),
          sampleEvent(issue, "just in time", { receivedAt: NOON }),
          sampleEvent(gone, "of a deleted issue", { receivedAt: NOON + 9, kept: true }),
          sampleEvent(gone, "and a new one", { receivedAt: NOON + 1_000_000_000 }),
          sampleEvent(elsewhere, "old", { receivedAt: NOON - 1 }),
        ],
      });
      await write(context, { deletedIssues: [gone.id] });
      expectEqual("how many were evicted", await evict(context, NOON, 100), 5);
      const ids = ["old", "old and kept", "oldest and kept", "just in time", "of a deleted issue", "and a new one"];
      const events = ids.map((id) => ({ projectId: SHOP.id, id }));
      const { duplicateOf } = await load(context, { events: [...events, { projectId: BLOG.id, id: "old" }] });
      const kept = [issue.id, issue.id, issue.id];
      expectEqual("what is left", duplicateOf, [undefined, ...kept, undefined, undefined, elsewhere.id]);
      await write(context, { deletedIssues: [issue.id, resolved.id] });
      expectEqual("how many were evicted, where no issue is left", await evict(context, 0, 100), 3);
    },
  },
  {
    id: "events-evicted-by-number",
    title:
      "eviction keeps the requested number of each issue's newest events, besides those that are kept, and no others",
    requires: "evictEvents() removes events that are not among the newest of their issue and not kept, and no others.",
    async run(context) {
      const [hot, cold, gone] = [
        sampleIssue(1, { lastEventNumber: 0 }),
        sampleIssue(2, { lastEventNumber: 0 }),
        sampleIssue(3, { lastEventNumber: 0 }),
      ];
      const former = sampleIssue(4, { lastEventNumber: 2 ** 40 });
      const elsewhere = sampleIssue(5, { projectId: BLOG.id, lastEventNumber: 9 });
      const numbered = (issue: Issue, name: string, numbers: readonly number[], more: Partial<StoredEvent> = {}) =>
        numbers.map((number) => sampleEvent(issue, `${name} ${String(number)}`, { number, ...more }));
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [hot, cold, gone, former, elsewhere].map(newIssue),
        updates: [{ before: hot, after: { ...hot, lastEventNumber: 6 } }],
        events: [
          // The order of their digestion decides, not that of their times or ids.
          ...numbered(hot, "hot", [1, 3, 4, 5, 6], { receivedAt: NOON + 50 }),
          ...numbered(hot, "another hot", [5], { receivedAt: 0 }),
          ...numbered(hot, "kept", [2], { kept: true }),
          ...numbered(hot, "of an earlier version", [0]),
          ...numbered(cold, "cold", [0]),
          ...numbered(gone, "gone", [2 ** 52], { kept: true }),
          ...numbered(former, "former", [0, 2 ** 40 - 2, 2 ** 40 - 1, 2 ** 40]),
          ...numbered(elsewhere, "elsewhere", [1]),
        ],
      });
      await write(context, { deletedIssues: [gone.id] });
      const stays = [
        ["hot 1", false],
        ["kept 2", true],
        ["hot 3", false],
        ["hot 4", true],
        ["another hot 5", true],
        ["hot 6", true],
        ["of an earlier version 0", false],
        ["cold 0", true],
        ["gone 4503599627370496", false],
        ["former 0", false],
        ["former 1099511627774", true],
      ] as const;
      expectEqual("how many were evicted", await evict(context, 0, 100, 3), 5);
      const events = stays.map(([id]) => ref(id));
      const { duplicateOf } = await load(context, { events: [...events, { projectId: BLOG.id, id: "elsewhere 1" }] });
      const found = duplicateOf.map((issueId) => issueId !== undefined);
      expectEqual("what is left", found, [...stays.map(([, isLeft]) => isLeft), true]);
      expectEqual("how many are old, or not the newest", await evict(context, 1, 100, 2), 3);
      expectEqual("how many are not the newest", await evict(context, 0, 100, 1), 2);
    },
  },
  {
    id: "events-of-deleted-issues",
    title: "events of a deleted issue are not found, but stay duplicates until the next eviction, which removes them",
    requires:
      "load(): an event whose issue was deleted stays stored in this respect until the next eviction in its project; findEvent() does not return it.",
    async run(context) {
      const [gone, other] = [sampleIssue(1), sampleIssue(2)];
      const events = ["a", "b"].map((id) => sampleEvent(gone, id, { receivedAt: NOON + 9, kept: id === "b" }));
      await write(context, { projects: [SHOP], newIssues: [gone, other].map(newIssue), events });
      await write(context, { deletedIssues: [gone.id] });
      const duplicates = async () => (await load(context, { events })).duplicateOf;
      const found = () =>
        read(context, async (reader) => [await reader.findEvent(ref("a")), await reader.findEvent(ref("b"))]);
      expectEqual("events found", await found(), [undefined, undefined]);
      expectEqual("duplicates before an eviction", await duplicates(), [gone.id, gone.id]);
      const again = events.map((event) => ({ ...event, issueId: other.id }));
      await expectFailure("the event of another issue, with the same id", "store-conflict", () =>
        write(context, { events: again.slice(0, 1) }),
      );
      expectEqual("how many were evicted, where none is old", await evict(context, 0, 1), 2);
      expectEqual("duplicates after it", await duplicates(), [undefined, undefined]);
      await write(context, { events: again });
      expectEqual("events that were stored again", await found(), again);
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
      // Ids that databases are known to take for each other, and a run of kept events that is longer than a step.
      const names = ["A", "a", "B", "b", "a\0", "a ", "a  ", "\0", " "].map((name) =>
        sampleEvent(issue, name, { receivedAt: 1 }),
      );
      const run = Array.from({ length: 9 }, (_, index) =>
        sampleEvent(issue, `M${String(index)}`, { kept: true, receivedAt: 1 }),
      );
      events.push(...names, ...run);
      await write(context, { projects: [SHOP], newIssues: [newIssue(issue)], events });
      const leaving = events.filter(({ kept, receivedAt }) => !kept && receivedAt < NOON + 20);
      expectEqual("how many were evicted", await evict(context, NOON + 20, 3), leaving.length);
      expectEqual("how many are left to evict", await evict(context, NOON + 20, 4), 0);
      await write(context, { events: names });
      expectEqual("how many were evicted one by one", await evict(context, NOON + 20, 1), names.length);
      await read(context, async (reader) => {
        for (const event of events) {
          const found = await reader.findEvent(event);
          expectEqual(`"${event.id}"`, found, leaving.includes(event) ? undefined : event);
        }
      });
    },
  },
];
