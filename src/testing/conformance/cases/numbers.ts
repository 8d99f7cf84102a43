import { ALL_ISSUES } from "../../../core/issue-list.ts";
import type { Alert } from "../../../core/alert.ts";
import type { IssueState } from "../../../core/issue.ts";
import { markFixed } from "../../../core/release-mark.ts";
import type { AnnouncedRelease, KnownRelease } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { OutboxStatus } from "../../../ports/alert-outbox.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { everything, outboxOf } from "../outbox.ts";
import {
  inProject,
  newIssue,
  refOf,
  sampleAlert,
  sampleEvent,
  sampleIssue,
  sampleReleases,
  sampleTally,
  sampleThrottled,
  sampleTurningPoint,
  sampleUser,
  SHOP,
} from "../samples.ts";

const MOST = Number.MAX_SAFE_INTEGER;
/** The last millisecond of the year 9999. */
const LAST_INSTANT = 253_402_300_799_999;

/** Numbers at which columns end that are too small: of 1, 2 and 4 bytes, of doubles, and those in between. */
const NUMBERS = [
  0,
  1,
  127,
  128,
  255,
  256,
  32_767,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 32 + 1,
  2 ** 52 + 1,
  MOST - 1,
  MOST,
];
const INSTANTS = [...NUMBERS.filter((number) => number < LAST_INSTANT), LAST_INSTANT];

const [RELEASE] = sampleReleases().known;

/** An issue for each number, in which it is the value of all that are numbers. */
const ISSUES = NUMBERS.map((value, index) =>
  sampleIssue(index + 1, {
    eventCount: Math.max(1, value),
    lastEventNumber: value,
    userCount: value,
    seenNumber: value,
    turningPointCount: value,
    firstSeenAt: instantOf(index),
    lastSeenAt: instantOf(index),
    state: { status: "resolved", resolvedAt: instantOf(index), afterRelease: value, resolution: { kind: "plain" } },
  }),
);
const IDS = ISSUES.map(({ id }) => id);

function instantOf(index: number): number {
  return INSTANTS[Math.min(index, INSTANTS.length - 1)] ?? LAST_INSTANT;
}

/** Releases, users, turning points and events with these numbers. */
const RELEASES = NUMBERS.slice(1).map((number, index): KnownRelease => {
  const version = `1.${String(index)}.0`;
  return {
    ...RELEASE,
    version,
    name: version,
    number,
    lineNumber: number,
    orderKey: `1.${String(index).padStart(3, "0")}`,
    releasedAt: instantOf(index),
  };
});
const ANNOUNCED: AnnouncedRelease = {
  ...sampleReleases().announced,
  number: 5,
  orderKey: "2",
  announcedAt: LAST_INSTANT,
};
const USERS = NUMBERS.flatMap((value, index) =>
  IDS.slice(0, 1).map((id) => sampleUser(id, index, { lastDay: Math.min(value, 2_932_896), lastTurn: value })),
);
const HISTORY = NUMBERS.slice(1).map((number, index) => {
  return { ...sampleTurningPoint(IDS[0] ?? "", 1), number, at: instantOf(index) };
});
const EVENTS = ISSUES.map((issue, index) => {
  const count = Math.max(1, issue.eventCount);
  return sampleEvent(issue, String(index), {
    count,
    number: issue.lastEventNumber,
    receivedAt: instantOf(index),
    occurredAt: instantOf(index),
  });
});

/** Alerts and tallies with the numbers. */
async function expectOutboxNumbers(context: CaseContext): Promise<void> {
  const alerts = ISSUES.map((issue, index) =>
    sampleAlert(issue, index, {
      turningPoint: NUMBERS[index] ?? 0,
      raisedAt: instantOf(index),
      quietSince: instantOf(index),
    }),
  );
  const ids = alerts.map(({ id }) => id);
  const counts = { "new-issue": MOST, regression: MOST - 1, unmute: 2 ** 32, loud: 2 ** 53 - 3 };
  const tallies = ISSUES.map(({ id: issueId, userCount: admitted }, index) =>
    sampleTally(
      { projectId: SHOP.id, issueId },
      {
        startsAt: instantOf(index),
        endsAt: instantOf(index),
        admitted,
        throttled: { counts, examples: [], level: "info" },
      },
    ),
  );
  const throttled = sampleThrottled(500, {
    reason: { kind: "throttled", from: 0, until: LAST_INSTANT, counts, examples: [] },
  });
  const stored = await transact(context, async (transaction) => {
    const outbox = outboxOf(transaction);
    await transaction.write({ alerts });
    for (const [index, id] of ids.entries()) {
      await outbox.move({ to: "pending", ids: [id], from: null, dueAt: instantOf(index) });
    }
    await outbox.writeTallies({ save: tallies });
    return outbox.lockTallies({ scopes: tallies });
  });
  const byEnd = stored.toSorted((one, other) => one.admitted - other.admitted);
  expectEqual("the tallies", byEnd, tallies);
  const { pending } = await everything(context);
  const expected = alerts.map((alert, index) => ({
    alert,
    state: { status: "pending", dueAt: instantOf(index) },
    attempts: 0,
    lastError: null,
    memo: null,
  }));
  expectEqual("the alerts", pending, expected);
  await expectLastInstants(context, [throttled, ...alerts.slice(0, 2)]);
}

/** Alerts that are held until the last instant, die at it and were discarded at it. */
async function expectLastInstants(context: CaseContext, alerts: readonly Alert[]): Promise<void> {
  const [held, dead, discarded] = alerts.map(({ id }) => id);
  if (held === undefined || dead === undefined || discarded === undefined) return;
  const lease = { token: "last", until: LAST_INSTANT };
  const states = await transact(context, async (transaction) => {
    const outbox = outboxOf(transaction);
    await transaction.write({ alerts: alerts.slice(0, 1) });
    await outbox.claim({ lease, now: 1, limit: 99, issueIds: null, inOrder: false });
    await outbox.settle([{ id: dead, lease, outcome: "dead", diedAt: LAST_INSTANT, error: "it died", memo: null }]);
    await outbox.move({ to: "discarded", ids: [discarded], at: LAST_INSTANT, reason: "noise", by: { kind: "system" } });
    const ofStatus = async (status: OutboxStatus) => allReadable(await outbox.page({ status, after: null, limit: 99 }));
    return [...(await ofStatus("pending")), ...(await ofStatus("dead")), ...(await ofStatus("discarded"))];
  });
  const found = new Map(states.map(({ alert, state }) => [alert.id, { alert, state }]));
  expectEqual("a held alert", found.get(held), { alert: alerts[0], state: { status: "pending", dueAt: LAST_INSTANT } });
  expectEqual("a dead one", found.get(dead), { alert: alerts[1], state: { status: "dead", diedAt: LAST_INSTANT } });
  const by = { kind: "system" };
  const state = { status: "discarded", discardedAt: LAST_INSTANT, reason: "noise", by };
  expectEqual("a discarded one", found.get(discarded), { alert: alerts[2], state });
}

/** States with the last instant. */
const LAST_STATES: readonly IssueState[] = [
  {
    status: "muted",
    mute: {
      mutedAt: LAST_INSTANT,
      deadline: { at: LAST_INSTANT, wakeOn: "deadline", isDuration: false },
      volume: null,
    },
  },
  { status: "open", muteAgain: { at: LAST_INSTANT, terms: { deadline: null, conditions: [], sinceMute: false } } },
];
const LAST_ISSUES = LAST_STATES.map((state, index) => sampleIssue(50 + index, { state }));

/** Numbers and instants. */
export const numberCases: readonly ConformanceCase[] = [
  {
    id: "numbers-kept",
    title: "numbers from 0 to 2^53 - 1, and instants up to the year 9999, are returned unchanged and in their order",
    requires: "Numbers are whole, and at most 2^53 - 1; instants are epoch milliseconds.",
    async run(context) {
      const [id = ""] = IDS;
      const top = sampleIssue(99, { number: MOST });
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [...RELEASES, ANNOUNCED]),
        newIssues: [...ISSUES, ...LAST_ISSUES, top].map(newIssue),
        marks: RELEASES.map((release, index) => ({
          issueId: id,
          mark: markFixed(release, undefined, instantOf(index)),
        })),
        users: USERS,
        turningPoints: HISTORY,
        events: EVENTS,
      });
      const request = {
        projectId: SHOP.id,
        statuses: ["resolved"],
        ...ALL_ISSUES,
        after: null,
      } as const;
      await read(context, async (reader) => {
        for (const order of ["first-seen", "event-count", "last-seen"] as const) {
          const page = await reader.pageIssues({ ...request, order, descending: false, limit: 99 });
          expectEqual(`the issues by ${order}`, page.entries, ISSUES);
        }
        expectEqual(
          "the issue with the highest number",
          await reader.findIssues({ projectId: SHOP.id, number: MOST }),
          [top],
        );
        expectEqual("the history", await reader.pageHistory(id, null, 99), HISTORY.toReversed());
        const releases = [ANNOUNCED, ...RELEASES.toReversed()];
        expectEqual("the releases", await reader.pageReleases(SHOP.id, null, 99), releases);
        const [marks = []] = await reader.findMarks([{ issueId: id, upTo: null, limit: 99 }]);
        const expected = RELEASES.map((release, index) => markFixed(release, undefined, instantOf(index)));
        expectEqual("the marks", marks, expected.toReversed());
        expectEqual("the users", await reader.findUsers(USERS), USERS);
        const turns = NUMBERS.map((fromTurn) => ({ issueId: id, fromDay: null, fromTurn, limit: 99 }));
        expectEqual(
          "users by turns",
          await reader.countUsers(turns),
          NUMBERS.map((_, index) => NUMBERS.length - index),
        );
        for (const event of EVENTS) expectEqual("an event", await reader.findEvent(event), event);
      });
      const waking = { wakesUntil: LAST_INSTANT, limit: 9 };
      expectEqual("issues to wake at the end", (await load(context, { issues: waking })).issues, LAST_ISSUES);
      const [stored] = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }));
      expectEqual("the project's counts", [stored?.issueCount, stored?.releaseCount], [MOST, MOST]);
      const refs = RELEASES.map((release) => refOf(SHOP.id, release));
      expectEqual("the loaded releases", (await load(context, { releases: refs })).releases, RELEASES);
      if (context.hasOutbox) await expectOutboxNumbers(context);
    },
  },
];
