import type { Issue } from "../../../core/issue.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { EventHead, EventRef, StoredEvent } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { walkSteps } from "../steps.ts";
import { claim, dead, discarding, insert, lease, list, move, settle, withOutbox } from "../outbox.ts";
import {
  BLOG,
  newIssue,
  NOON,
  sampleAlert,
  sampleEvent,
  sampleIssue,
  sampleThrottled,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
} from "../samples.ts";

/** Ids that databases are known to take for each other. */
const IDS = ["event", "Event", "event ", "event\0", " event", "e\u0301vent", "event 1", "eventé", "\ud800"] as const;

async function pagesOf(context: CaseContext, projectId: string, limit: number): Promise<EventHead[]> {
  const found: EventHead[] = [];
  await walkSteps("a list of events", async (after) => {
    const { entries, next } = await read(context, (reader) => reader.pageEvents({ projectId, after, limit }));
    found.push(...entries);
    return next;
  });
  return found;
}

function headOf({ content, data: _data, ...event }: StoredEvent): EventHead {
  const { id, issueId, number, count, environment, user, receivedAt, kept } = event;
  return { id, issueId, number, count, environment, user, receivedAt, kept, hasContent: content !== null };
}

const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1);

async function forget(context: CaseContext, ids: readonly string[], limit: number): Promise<void> {
  await walkSteps("forgetting events", async (after) => {
    const request = { projectId: SHOP.id, ids, after, limit };
    return (await transact(context, (transaction) => transaction.forgetEvents(request))).next;
  });
}

async function eventIdsOf(context: CaseContext, issue: Issue): Promise<(string | null)[]> {
  const history = await read(context, (reader) => reader.pageHistory(issue.id, null, 999));
  return allReadable(history)
    .map(({ eventId }) => eventId)
    .reverse();
}

/** The erasure of events, and of what says of them. */
export const eventErasureCases: readonly ConformanceCase[] = [
  {
    id: "events-paged",
    title: "the pages of a project's events together have each once, those of deleted issues too",
    requires: "pageEvents() returns, in pages, each event of a project once.",
    async run(context) {
      const [issue, gone] = [sampleIssue(1), sampleIssue(2)];
      const elsewhere = sampleIssue(3, { projectId: BLOG.id });
      const events = [
        ...IDS.map((id, index) =>
          sampleEvent(issue, id, { number: index, user: userHash(index), receivedAt: NOON - index, kept: index > 6 }),
        ),
        sampleEvent(issue, "without a user", { user: null }),
        sampleEvent(issue, "without anything", { user: null, content: null, environment: "", count: 1, data: null }),
        sampleEvent(issue, "a long one", {
          content: { level: "error", type: "x".repeat(5_000), value: `"user":"${userHash(7)}"`, transaction: "" },
        }),
        sampleEvent(issue, "a short one", {
          user: null,
          content: { level: "error", type: "x", value: `"user":"${userHash(7)}"`, transaction: "" },
        }),
        sampleEvent(gone, "of a deleted issue", { kept: true }),
        ...Array.from({ length: 9 }, (_, index) => sampleEvent(issue, `more ${String(index)}`)),
      ];
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [issue, gone, elsewhere].map(newIssue),
        events: [...events, sampleEvent(elsewhere, "event"), sampleEvent(elsewhere, "only here")],
      });
      await write(context, { deletedIssues: [gone.id] });
      const expected = events.map(headOf).sort(byId);
      for (const limit of [1, 2, 3, 100]) {
        const found = await pagesOf(context, SHOP.id, limit);
        expectEqual(`the events, ${String(limit)} at a time`, found.sort(byId), expected);
      }
      expectEqual("events of an unknown project", await pagesOf(context, "unknown", 9), []);
    },
  },
  {
    id: "events-erased",
    title: "erased events are gone with all that they say, kept ones and those of deleted issues too, and no others",
    requires: "write() removes erased events with all that they say.",
    async run(context) {
      const [issue, gone] = [sampleIssue(1), sampleIssue(2)];
      const elsewhere = sampleIssue(3, { projectId: BLOG.id });
      const long = { level: "error", type: "x".repeat(5_000), value: "", transaction: "" } as const;
      const events = [
        ...IDS.map((id, index) => sampleEvent(issue, id, { kept: index % 2 === 0 })),
        sampleEvent(issue, "without data", { data: null }),
        sampleEvent(issue, "long", { content: long, data: null }),
        sampleEvent(gone, "of a deleted issue", { kept: true }),
      ];
      const other = sampleEvent(elsewhere, "event");
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [issue, gone, elsewhere].map(newIssue),
        events: [...events, other],
      });
      await write(context, { deletedIssues: [gone.id] });
      const refs = (ids: readonly string[]): EventRef[] => ids.map((id) => ({ projectId: SHOP.id, id }));
      const erased = ["event", "event\0", "without data", "long", "of a deleted issue"];
      await write(context, { erasedEvents: refs([...erased, "not there"]) });
      const { duplicateOf } = await load(context, { events: [...events, other] });
      const left = (event: StoredEvent) => (erased.includes(event.id) && event !== other ? undefined : event);
      expectEqual(
        "what is stored",
        duplicateOf,
        [...events, other].map((event) => left(event)?.issueId),
      );
      await read(context, async (reader) => {
        for (const event of [...events, other]) {
          const found = await reader.findEvent(event);
          expectEqual(`"${event.id}"`, found, left(event));
        }
      });
      const again = refs(erased).map(({ id }) => sampleEvent(issue, id, { data: null }));
      await write(context, { events: again });
      await read(context, async (reader) => {
        for (const event of again) expectEqual("an event that was stored again", await reader.findEvent(event), event);
      });
    },
  },
  {
    id: "users-erased",
    title: "erased users are no users of the issue any more, and all others are",
    requires: "write() removes erased users.",
    async run(context) {
      const issues = [sampleIssue(1), sampleIssue(2)];
      const users = issues.flatMap(({ id }) =>
        [0, 1, 2, 3].map((number) => sampleUser(id, number, { lastDay: 20_000 + number, lastTurn: 9 - number })),
      );
      await write(context, { projects: [SHOP], newIssues: issues.map(newIssue), users });
      const erased = [users[1], users[6]].filter((user) => user !== undefined);
      const unknown = { issueId: issues[0]?.id ?? "", user: userHash(77) };
      await write(context, { erasedUsers: [...erased, unknown, { issueId: "no id", user: userHash(1) }] });
      await read(context, async (reader) => {
        const found = await reader.findUsers(users);
        expectEqual(
          "the users",
          found,
          users.map((user) => (erased.includes(user) ? undefined : user)),
        );
        const counts = issues.flatMap(({ id: issueId }) => [
          { issueId, fromDay: 0, fromTurn: null, limit: 9 },
          { issueId, fromDay: null, fromTurn: 0, limit: 9 },
          { issueId, fromDay: 20_000, fromTurn: 0, limit: 9 },
        ]);
        expectEqual("the counts", await reader.countUsers(counts), [3, 3, 3, 3, 3, 3]);
      });
    },
  },
  {
    id: "events-forgotten",
    title: "turning points of a project's issues name none in place of the given events, and nothing else changes",
    requires:
      "forgetEvents() makes the turning points of a project that name given events name none, and changes nothing else.",
    async run(context) {
      const issues = [sampleIssue(1), sampleIssue(2)];
      const elsewhere = sampleIssue(3, { projectId: BLOG.id });
      const pointsOf = ({ id }: Issue) =>
        [...IDS, null].map((eventId, index) => ({ ...sampleTurningPoint(id, index + 1), eventId }));
      const points = [...issues, elsewhere].map(pointsOf);
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [...issues, elsewhere].map(newIssue),
        turningPoints: points.flat(),
      });
      const ids = ["event", "event\0", "not there"];
      await forget(context, ids, 100);
      const elsewhereToo = { projectId: "unknown", ids, after: null, limit: 100 };
      await transact(context, (transaction) => transaction.forgetEvents(elsewhereToo));
      for (const [place, issue] of [...issues, elsewhere].entries()) {
        const history = await read(context, (reader) => reader.pageHistory(issue.id, null, 99));
        const expected = points[place]?.map((point) => {
          const isNamed = issue !== elsewhere && point.eventId !== null && ids.includes(point.eventId);
          return isNamed ? { ...point, eventId: null } : point;
        });
        expectEqual("the history", history.toReversed(), expected);
      }
    },
  },
  {
    id: "event-forgetting-steps",
    title: "the steps of forgetting events together look at all turning points",
    requires: "forgetEvents() works in steps, which together look at each turning point.",
    async run(context) {
      const issues = [1, 2, 3].map((number) => sampleIssue(number));
      await write(context, { projects: [SHOP], newIssues: issues.map(newIssue) });
      let number = 0;
      for (const limit of [1, 2, 3, 100]) {
        const added = issues.flatMap(({ id }) =>
          ["a", "b", "a", "a", "b"].map((eventId, index) => ({
            ...sampleTurningPoint(id, number + index + 1),
            eventId,
          })),
        );
        number += 5;
        await write(context, { turningPoints: added });
        await forget(context, ["a"], limit);
        for (const issue of issues) {
          const expected = Array.from({ length: number }, (_, index) => ([1, 4].includes(index % 5) ? "b" : null));
          expectEqual(`the events, ${String(limit)} at a time`, await eventIdsOf(context, issue), expected);
        }
      }
    },
  },
  {
    id: "alerts-replaced",
    title:
      "replaced alerts stay in their states, held and counted as before, and those that are not stored are ignored",
    requires: "replace() puts alerts in the place of those with the same ids; their states stay as they are.",
    needs: ["outbox"],
    async run(context) {
      const issue = sampleIssue(1);
      const alerts = [1, 2, 3, 4].map((number) => sampleAlert(issue, number));
      const throttled = sampleThrottled(9);
      const [pending, held, died, discarded] = alerts.map(({ id }) => id);
      await write(context, { projects: [SHOP], newIssues: [newIssue(issue)] });
      await insert(context, [...alerts, throttled], NOON);
      const first = lease("first", NOON + 5);
      await claim(context, first, { limit: 99 });
      await settle(context, dead(died ?? "", first, NOON + 1, "a memo"));
      await move(context, discarding([discarded ?? ""], { reason: "noise" }));
      await move(context, { to: "pending", ids: [pending ?? "", throttled.id], from: null, dueAt: NOON + 7 });
      const all = async () => [
        ...(await list(context, "pending")),
        ...(await list(context, "dead")),
        ...(await list(context, "discarded")),
      ];
      const before = await all();
      const replaced = alerts.map((alert) => ({
        ...alert,
        event: null,
        subject: "another",
        issue: { ...alert.issue, title: "(erased) \0 \ud800" },
      }));
      const summary = { ...throttled, subject: "another summary" };
      const unknown = sampleAlert(issue, 77);
      await withOutbox(context, (outbox) => outbox.replace([...replaced, summary, unknown]));
      const contents = new Map([...replaced, summary].map((alert) => [alert.id, alert]));
      expectEqual(
        "the alerts",
        await all(),
        before.map((entry) => ({ ...entry, alert: contents.get(entry.alert.id) })),
      );
      expectEqual("whether the lease holds", await settle(context, dead(held ?? "", first, NOON + 2)), [held]);
    },
  },
];
