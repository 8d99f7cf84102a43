import { MAX_ISSUE_ENVIRONMENTS, type Issue, type IssueState } from "../../../core/issue.ts";
import { markSeen } from "../../../core/release-mark.ts";
import { IssueLifecycleError } from "../../../core/errors.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { OutboxStatus } from "../../../ports/alert-outbox.ts";
import type { LockSelection, StoreReader, StoreTransaction } from "../../../ports/issue-store.ts";
import { expectEqual, expectFailure, failureOf } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { discarding, outboxOf, redriving } from "../outbox.ts";
import {
  BLOG,
  longName,
  MINUTE,
  newIssue,
  NOON,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
  uuid,
} from "../samples.ts";

/** Every kind of state, with every kind of member. */
const STATES: readonly IssueState[] = [
  { status: "open" },
  { status: "open", quietAlert: { reason: { kind: "new-issue" }, since: NOON, turningPoint: 1 } },
  {
    status: "open",
    quietAlert: {
      reason: { kind: "regression", reason: { kind: "resolved-plainly", resolvedAt: NOON - 7 } },
      since: NOON - 5,
      turningPoint: 3,
    },
  },
  { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "plain" } },
  { status: "resolved", resolvedAt: NOON, afterRelease: 17, resolution: { kind: "by-next" } },
  {
    status: "resolved",
    resolvedAt: NOON,
    afterRelease: 3,
    resolution: { kind: "by-release", releases: ["1.0.0", "", "x\0"], claimedAt: [NOON, NOON + 1, NOON + 7] },
  },
  {
    status: "resolved",
    resolvedAt: NOON,
    afterRelease: 0,
    resolution: { kind: "by-release", releases: ["1.0.0"], claimedAt: [] },
  },
  { status: "open", watch: { of: "abc", checkAt: Number.MAX_SAFE_INTEGER, lookAt: NOON, metAt: [null, NOON - 3] } },
  {
    status: "open",
    quietAlert: { reason: { kind: "new-issue" }, since: NOON, turningPoint: 1, cause: "environment" },
    watch: { of: "abd", checkAt: 17, lookAt: NOON + 1, metAt: [] },
    muteAgain: {
      at: NOON + 77,
      terms: {
        deadline: { at: NOON + MINUTE, wakeOn: "next-event", isDuration: true },
        conditions: [{ kind: "users", users: 5 }],
        sinceMute: true,
        again: { quietFor: { period: "day", nrOfPeriods: 2 }, for: { period: "hour", nrOfPeriods: 3 } },
      },
    },
  },
  { status: "muted", mute: { mutedAt: NOON, deadline: null, volume: null } },
  {
    status: "muted",
    mute: { mutedAt: NOON, deadline: { at: NOON + 5, wakeOn: "next-event", isDuration: true }, volume: null },
  },
  {
    status: "muted",
    mute: {
      mutedAt: NOON,
      deadline: { at: NOON + MINUTE, wakeOn: "deadline", isDuration: false },
      volume: {
        conditions: [
          { kind: "volume", period: "hour", nrOfPeriods: 3, volume: 17 },
          { kind: "volume", period: "total", nrOfPeriods: 1, volume: Number.MAX_SAFE_INTEGER },
          { kind: "users", users: 3 },
          { kind: "louder", floor: 50, factor: 10, usual: 0.5 },
        ],
        countedFrom: 4,
        checkAt: 21,
        usersSince: 3,
      },
      again: { quietFor: { period: "week", nrOfPeriods: 1 } },
    },
  },
];

const [RELEASE] = sampleReleases().known;
const MARK = markSeen(RELEASE, undefined);

/** The numbers of the issues whose alerts are in the outbox, by state, and the outbox's counts. */
async function readAlerts(reader: StoreReader) {
  const outbox = outboxOf(reader);
  const of = async (status: OutboxStatus) =>
    allReadable(await outbox.page({ status, after: null, limit: 9 })).map(({ alert }) => alert.issue?.id);
  return {
    pending: await of("pending"),
    dead: await of("dead"),
    discarded: await of("discarded"),
    counts: await outbox.count(NOON),
  };
}

/** What a reader finds of two issues, one of which was deleted. */
async function readRest(reader: StoreReader, kept: Issue, gone: Issue) {
  const request = {
    projectId: SHOP.id,
    statuses: ["open", "muted", "resolved"],
    search: "",
    environment: null,
    limit: 9,
    after: null,
  } as const;
  return {
    byId: (await reader.findIssues({ ids: [gone.id, kept.id] })).map(({ id }) => id),
    byNumber: await reader.findIssues({ projectId: SHOP.id, number: gone.number }),
    page: (await reader.pageIssues({ ...request, order: "first-seen", descending: false })).map(({ id }) => id),
    history: (await reader.pageHistory(gone.id, null, 5)).length,
    counters: [...(await reader.findCounters([gone.id, kept.id])).keys()],
    marks: await reader.findMarks([null, MARK.orderKey].map((upTo) => ({ issueId: gone.id, upTo, limit: 5 }))),
    users: await reader.findUsers([gone, kept].map(({ id }) => ({ issueId: id, user: userHash(1) }))),
    counts: await reader.countUsers(
      [gone, kept].map(({ id }) => ({ issueId: id, fromDay: 0, fromTurn: null, limit: 9 })),
    ),
    event: await reader.findEvent({ projectId: SHOP.id, id: "of 2" }),
  };
}

/** A dead, a discarded and a held alert of an issue. */
async function addAlertsInAllStates(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const outbox = outboxOf(transaction);
  const [dead, discarded, held] = [0, 1, 2].map((state) => sampleAlert(issue, 3 * issue.number + state));
  if (dead === undefined || discarded === undefined || held === undefined) return;
  const lease = { token: "held", until: NOON + 1 };
  await transaction.write({ alerts: [dead, held] });
  await outbox.claim({ lease, now: NOON, limit: 9, issueIds: null, inOrder: false });
  await outbox.settle([{ id: dead.id, lease, outcome: "dead", diedAt: NOON, error: "it died", memo: null }]);
  await transaction.write({ alerts: [discarded] });
  await outbox.move(discarding([discarded.id]));
}

/** Checks that of two issues' alerts, one's can neither be claimed nor moved. */
async function expectAlertsGone(transaction: StoreTransaction, gone: Issue, kept: Issue): Promise<void> {
  const outbox = outboxOf(transaction);
  const request = { lease: { token: "t", until: NOON + 5 }, now: NOON + 1, limit: 9, inOrder: false };
  expectEqual("claimed of the deleted issue", await outbox.claim({ ...request, issueIds: [gone.id] }), []);
  const claimed = await outbox.claim({ ...request, issueIds: null });
  expectEqual(
    "claimed",
    claimed.map(({ alert }) => alert.issue?.id),
    [kept.id],
  );
  const ids = [0, 1, 2].map((state) => sampleAlert(gone, 3 * gone.number + state).id);
  expectEqual("redriven", await outbox.move(redriving(ids, NOON)), []);
  expectEqual("discarded", await outbox.move(discarding(ids)), []);
}

/** The issues of a selection, in its order. */
async function lock(context: CaseContext, selection: LockSelection): Promise<readonly Issue[]> {
  return allReadable((await load(context, { issues: selection })).issues);
}

/** Issues: stored, changed, refused, deleted, and selected. */
export const issueCases: readonly ConformanceCase[] = [
  {
    id: "issues-kept",
    title: "issues are returned unchanged, by id and by number, in every state; an invalid id finds nothing",
    requires: "findIssues() returns the selected issues that exist; a text that is no issue's id is not found.",
    async run(context) {
      const issues = STATES.map((state, index) => sampleIssue(index + 1, { state }));
      const bare = sampleIssue(99, { transaction: "", lastSeenIn: undefined, eventCount: Number.MAX_SAFE_INTEGER });
      const stored = [...issues, bare];
      await write(context, { projects: [SHOP], newIssues: stored.map(newIssue) });
      const noIds = [uuid(77), "no id", "", uuid(1).toUpperCase().replace("0190", "A190")];
      const ids = [...stored.map(({ id }) => id), ...noIds];
      const expected = new Map(stored.map((issue) => [issue.id, issue]));
      const byId = (found: readonly Issue[]) => new Map(found.map((issue) => [issue.id, issue]));
      expectEqual("locked by ids", byId(await lock(context, { ids })), expected);
      await read(context, async (reader) => {
        expectEqual("by ids", byId(allReadable(await reader.findIssues({ ids }))), expected);
        for (const issue of issues) {
          const { projectId, number } = issue;
          expectEqual("by number", await reader.findIssues({ projectId, number }), [issue]);
        }
        const number = async (projectId: string, value: number) => reader.findIssues({ projectId, number: value });
        expectEqual("by a number that no issue has", await number(SHOP.id, 50), []);
        expectEqual("by a number of another project", await number(BLOG.id, 1), []);
      });
    },
  },
  {
    id: "issues-updated",
    title: "an update writes every member that can change, and only those of its own issue",
    requires: "write() updates issues.",
    async run(context) {
      const before = sampleIssue(1);
      const other = sampleIssue(2);
      const changes: Partial<Issue>[] = [
        { title: "another" },
        { title: "", transaction: "", latestEventId: "", lastSeenIn: undefined },
        { firstSeenAt: 0, lastSeenAt: 0, turningPointCount: 0 },
        { title: "another", latestEventId: "event", lastSeenIn: "1.0.0", eventCount: 1, turningPointCount: 1 },
        { transaction: "elsewhere" },
        { firstSeenAt: NOON - 9 * MINUTE, lastSeenAt: NOON + 9 * MINUTE },
        { userCount: Number.MAX_SAFE_INTEGER },
        { environments: ["production", "staging", "a \0 \ud800"] },
        { environments: [] },
        { environments: Array.from({ length: MAX_ISSUE_ENVIRONMENTS }, (_, index) => longName(index)) },
        { watch: [] },
        { watch: [{ kind: "spike", floor: 10, factor: 3 }], userCount: 0 },
        { watch: null },
        { latestEventId: "the latest" },
        { lastSeenIn: undefined },
        { lastSeenIn: "9.9.9", turningPointCount: 44 },
        { seenNumber: 9_007_199_254_740_991 },
        { seenNumber: 0 },
        ...STATES.map((state) => ({ state })),
        ...STATES.flatMap((state): Partial<Issue>[] => [{ state: { status: "open" } }, { state }]),
        { state: { status: "open" } },
      ];
      const find = async () => {
        const found = await read(context, (reader) => reader.findIssues({ ids: [before.id, other.id] }));
        return new Map(found.map((issue) => [issue.id, issue]));
      };
      await write(context, { projects: [SHOP], newIssues: [before, other].map(newIssue) });
      const counted = [before, other].map((issue) => ({ ...issue, eventCount: 50 + issue.number }));
      await write(context, {
        updates: counted.toReversed().map((after) => ({ before: after.id === before.id ? before : other, after })),
      });
      expectEqual("two updated at once", await find(), new Map(counted.map((issue) => [issue.id, issue])));
      await write(context, {
        updates: counted.map((each) => ({ before: each, after: each.id === before.id ? before : other })),
      });
      let current = before;
      for (const change of changes) {
        const after: Issue = { ...current, ...change };
        await write(context, { updates: [{ before: current, after }] });
        const found = await find();
        expectEqual("the updated issue", found.get(before.id), after);
        expectEqual("the other issue", found.get(other.id), other);
        current = after;
      }
    },
  },
  {
    id: "issues-inserted-once",
    title: "an id, a group or a number that is taken is refused, and no number is used again",
    requires:
      "write() raises the projects' issueCount, and fails with `store-conflict` if an id or a group is taken, or a number is not above its project's issueCount.",
    async run(context) {
      const [first, second] = [sampleIssue(1), sampleIssue(4)];
      const group = sampleGroup(first);
      await write(context, { projects: [SHOP, BLOG], newIssues: [first, second].map(newIssue) });
      const refused = [
        ["a number that is taken", { issue: { ...sampleIssue(5), number: 4 }, group: { ...group, key: "new" } }],
        ["a number below the highest", { issue: { ...sampleIssue(5), number: 2 }, group: { ...group, key: "new" } }],
        ["an id that is taken", { issue: { ...sampleIssue(5), id: first.id }, group: { ...group, key: "new" } }],
        ["a group that is taken", { issue: sampleIssue(5), group }],
      ] as const;
      for (const [what, issue] of refused) {
        await expectFailure(what, "store-conflict", () => write(context, { newIssues: [issue] }));
      }
      const failure = await failureOf(() => write(context, { newIssues: [newIssue(first)] }));
      expectEqual("whether a conflict is retryable", IssueLifecycleError.is(failure) && failure.retryable, true);
      const twice = [newIssue(sampleIssue(5)), { issue: sampleIssue(6), group: sampleGroup(sampleIssue(5)) }];
      await expectFailure("a group twice in a batch", "store-conflict", () => write(context, { newIssues: twice }));
      await transact(context, async (transaction) => {
        await transaction.write({ deletedIssues: [second.id] });
        await transaction.write({
          newIssues: [
            { issue: sampleIssue(5), group: { ...group, strategy: "sample/2" } },
            { issue: { ...sampleIssue(6), number: 1, projectId: BLOG.id }, group: { ...group, projectId: BLOG.id } },
          ],
        });
      });
      const projects = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id, BLOG.id] }));
      const counts = projects.map(({ issueCount }) => issueCount);
      expectEqual("the issue counts", counts.sort(), [1, 5]);
      await expectFailure("the number of a deleted issue", "store-conflict", () =>
        write(context, { newIssues: [newIssue(sampleIssue(4))] }),
      );
    },
  },
  {
    id: "issues-deleted",
    title: "nothing of a deleted issue is found, its group is free, and its alerts are not delivered",
    requires:
      "write() deletes issues: neither they nor anything of theirs may be found afterwards, their groups are free, and their alerts are not delivered.",
    async run(context) {
      const deadline = { at: NOON, wakeOn: "deadline", isDuration: false } as const;
      const [kept, gone, muted] = [
        sampleIssue(1),
        sampleIssue(2, {
          state: { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "by-next" } },
        }),
        sampleIssue(3, { state: { status: "muted", mute: { mutedAt: NOON, deadline, volume: null } } }),
      ];
      const full = [kept, gone];
      await transact(context, async (transaction) => {
        await transaction.write({
          projects: [SHOP],
          releases: [{ projectId: SHOP.id, release: RELEASE }],
          newIssues: [kept, gone, muted].map(newIssue),
          counters: new Map(full.map(({ id, number }) => [id, Uint8Array.of(number)])),
          marks: full.map(({ id }) => ({ issueId: id, mark: MARK })),
          users: full.map(({ id }) => sampleUser(id, 1)),
          turningPoints: full.map(({ id }) => sampleTurningPoint(id, 1)),
          events: full.map((issue) => sampleEvent(issue, `of ${String(issue.number)}`)),
        });
        if (context.hasOutbox) for (const issue of full) await addAlertsInAllStates(transaction, issue);
      });
      await write(context, { deletedIssues: [gone.id, muted.id, uuid(77), "no id"] });
      expectEqual("what is left", await read(context, (reader) => readRest(reader, kept, gone)), {
        byId: [kept.id],
        byNumber: [],
        page: [kept.id],
        history: 0,
        counters: [kept.id],
        marks: [[], []],
        users: [undefined, sampleUser(kept.id, 1)],
        counts: [0, 1],
        event: undefined,
      });
      expectEqual("awaiting the next release", await lock(context, { awaitingNextIn: SHOP.id, limit: 5 }), []);
      expectEqual("to be woken", await lock(context, { wakesUntil: NOON, limit: 5 }), []);
      const group = sampleGroup(gone);
      expectEqual("the issue of its group", (await load(context, { groups: [group] })).grouped, [undefined]);
      if (context.hasOutbox) {
        expectEqual("the alerts left", await read(context, readAlerts), {
          pending: [kept.id],
          dead: [kept.id],
          discarded: [kept.id],
          counts: { due: 0, waiting: 0, leased: 1, dead: 1, discarded: 1 },
        });
        await transact(context, (transaction) => expectAlertsGone(transaction, gone, kept));
      }
      await write(context, { newIssues: [{ issue: sampleIssue(4), group }] });
    },
  },
  {
    id: "awaiting-next",
    title:
      "issues resolved by the next release, and no others, are selected, lowest number first, as long as they wait",
    requires:
      "load() returns a project's issues that are resolved by the next release, lowest number first, at most `limit`.",
    async run(context) {
      const waiting: IssueState = {
        status: "resolved",
        resolvedAt: NOON,
        afterRelease: 2,
        resolution: { kind: "by-next" },
      };
      // Ids, and numbers as texts, are in another order than numbers.
      const issues = [2, 9, 10, 100].map((number) => sampleIssue(number, { id: uuid(500 - number) }));
      const waitingSince = (place: number): IssueState => ({ ...waiting, resolvedAt: NOON - place });
      const others = STATES.filter((state) => state.status !== "resolved" || state.resolution.kind !== "by-next");
      const elsewhere = sampleIssue(5, { projectId: BLOG.id, state: waiting });
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [
          sampleIssue(1, { state: { ...waiting, resolution: { kind: "plain" } } }),
          ...issues.slice(0, 3),
          ...others.map((state, index) => sampleIssue(20 + index, { state })),
          ...issues.slice(3),
          elsewhere,
        ].map(newIssue),
        updates: [3, 0, 2].flatMap((place) => {
          const before = issues[place];
          return before === undefined ? [] : [{ before, after: { ...before, state: waitingSince(place) } }];
        }),
      });
      const numbers = async (limit: number): Promise<number[]> =>
        (await lock(context, { awaitingNextIn: SHOP.id, limit })).map(({ number }) => number);
      expectEqual("all", await numbers(99), [2, 10, 100]);
      expectEqual("at most one", await numbers(1), [2]);
      expectEqual("at most two", await numbers(2), [2, 10]);
      expectEqual("in another project", await lock(context, { awaitingNextIn: BLOG.id, limit: 9 }), [elsewhere]);
      expectEqual("in an unknown project", await lock(context, { awaitingNextIn: "nowhere", limit: 9 }), []);
      const change = (before: IssueState, after: IssueState) =>
        write(context, {
          updates: issues.slice(0, 1).map((issue) => ({
            before: { ...issue, state: before },
            after: { ...issue, state: after },
          })),
        });
      const plain: IssueState = { ...waiting, resolution: { kind: "plain" } };
      await change(waiting, plain);
      expectEqual("after one was resolved plainly", await numbers(99), [10, 100]);
      await change(plain, waiting);
      expectEqual("after it waits again", await numbers(99), [2, 10, 100]);
      await change(waiting, { status: "open" });
      expectEqual("after it was reopened", await numbers(99), [10, 100]);
    },
  },
  {
    id: "waking-order",
    title:
      "issues whose mute ends by the clock, or which may be muted again, are selected from that time on, the earliest first",
    requires:
      "load() returns issues for which the clock has something to do not later than `wakesUntil`, earliest first, ties by id, at most `limit`.",
    async run(context) {
      const mute = (number: number, at: number, wakeOn: "deadline" | "next-event"): Issue =>
        sampleIssue(number, {
          state: {
            status: "muted",
            mute: { mutedAt: NOON, deadline: { at, wakeOn, isDuration: false }, volume: null },
          },
        });
      const issues = [
        mute(1, NOON + 20, "deadline"),
        mute(2, NOON + 10, "deadline"),
        mute(3, NOON + 10, "next-event"),
        mute(4, NOON + 30, "deadline"),
        { ...mute(5, NOON + 20, "deadline"), projectId: BLOG.id },
        { ...mute(6, NOON + 20, "deadline"), id: uuid(0) },
      ];
      await write(context, { projects: [SHOP, BLOG], newIssues: issues.map(newIssue) });
      const due = async (wakesUntil: number, limit: number): Promise<string[]> =>
        (await lock(context, { wakesUntil, limit })).map(({ id }) => id);
      expectEqual("before the first deadline", await due(NOON + 9, 9), []);
      expectEqual("at the first deadline", await due(NOON + 10, 9), [uuid(2)]);
      expectEqual("at the second", await due(NOON + 20, 9), [uuid(2), uuid(0), uuid(1), uuid(5)]);
      expectEqual("at most two", await due(NOON + 99, 2), [uuid(2), uuid(0)]);
      await write(context, {
        updates: issues.slice(1, 2).map((before) => ({ before, after: { ...before, state: { status: "open" } } })),
      });
      expectEqual("after one was unmuted", await due(NOON + 20, 9), [uuid(0), uuid(1), uuid(5)]);
      await write(context, {
        updates: issues.slice(0, 1).map((before) => ({ before, after: mute(1, NOON + 21, "deadline") })),
      });
      expectEqual("after one was muted for longer", await due(NOON + 20, 9), [uuid(0), uuid(5)]);
      const again = (at: number): Partial<Issue> => ({
        state: { status: "open", muteAgain: { at, terms: { deadline: null, conditions: [], sinceMute: false } } },
      });
      const [, second, third] = issues;
      if (second === undefined || third === undefined) return;
      const open: Issue = { ...second, state: { status: "open" } };
      await write(context, {
        newIssues: [newIssue(sampleIssue(7, again(NOON + 20)))],
        updates: [
          { before: open, after: { ...open, ...again(NOON + 5) } },
          { before: third, after: { ...third, ...again(NOON + 40) } },
        ],
      });
      expectEqual("with those that may be muted again", await due(NOON + 20, 9), [uuid(2), uuid(0), uuid(5), uuid(7)]);
      expectEqual("later", await due(NOON + 40, 9), [uuid(2), uuid(0), uuid(5), uuid(7), uuid(1), uuid(4), uuid(3)]);
      await write(context, { updates: [{ before: { ...open, ...again(NOON + 5) }, after: open }] });
      expectEqual("after one is not muted again", await due(NOON + 20, 9), [uuid(0), uuid(5), uuid(7)]);
    },
  },
];
