import { wakeTimeOf, type Issue } from "../../../core/issue.ts";
import { awaitsNextRelease } from "../../../core/next-release.ts";
import { markFixed, markSeen, wasSeen } from "../../../core/release-mark.ts";
import { allReadable } from "../../../core/unreadable.ts";
import { DUE_AT_ONCE, OUTBOX_STATUSES, type OutboxEntry } from "../../../ports/alert-outbox.ts";
import type { StoredKind } from "../../../ports/issue-store.ts";
import { storedKeyOf, type StoredEntries, type StoredGroup } from "../../../ports/stored-entries.ts";
import { expectEqual, expectFailure, failureOf } from "../../assertion/assertion.ts";
import { load, lock, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { HOSTILE_TEXTS } from "../hostile-texts.ts";
import { STATES } from "../issue-states.ts";
import { outboxOf } from "../outbox.ts";
import { pause, race, RACERS } from "../race.ts";
import {
  ALL_PROJECTS,
  BLOG,
  inProject,
  MINUTE,
  newIssue,
  NOON,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTally,
  sampleThrottled,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  uuid,
} from "../samples.ts";
import { walkSteps } from "../steps.ts";

const { all: RELEASES, known: KNOWN } = sampleReleases();

/** Issues in all states, the one with the highest number first, and one in another project. */
const ISSUES: readonly Issue[] = [
  ...STATES.map((state, index) => sampleIssue(index + 1, { state })).reverse(),
  sampleIssue(40, { projectId: BLOG.id, number: 1 }),
];
const [FIRST] = ISSUES;

/** The id of an issue that was deleted. */
const GONE = { id: uuid(500), projectId: SHOP.id };

/** A key that a store need not keep. */
const LONG_KEY = `\ud800${"long ".repeat(200)}`;

const ADDED = ISSUES.slice(0, 3).map((issue) => ({
  issueId: issue.id,
  group: { ...sampleGroup(issue), strategy: "sample/2" },
}));
const LONG = { issueId: ISSUES[1]?.id ?? "", group: { projectId: SHOP.id, strategy: "sample/1", key: LONG_KEY } };
const GROUPS: readonly StoredGroup[] = [
  ...ISSUES.map((issue) => ({ issueId: issue.id, group: sampleGroup(issue) })),
  ...ADDED,
  LONG,
].map(({ issueId, group }) => ({
  issueId,
  projectId: group.projectId,
  strategy: group.strategy,
  key: storedKeyOf(group),
}));

const MARKS = ISSUES.flatMap(({ id }, index) =>
  KNOWN.map((release) => {
    const seen = index % 3 === 0 ? undefined : markSeen(release, undefined);
    return {
      issueId: id,
      mark: index % 2 === 0 ? markFixed(release, seen, NOON + index) : markSeen(release, undefined),
    };
  }),
);

const COUNTERS = new Map(ISSUES.slice(1).map(({ id }, index) => [id, Uint8Array.of(1, 0, 255, index)]));

const EVENTS = [
  ...ISSUES.flatMap((issue) => [1, 2].map((number) => sampleEvent(issue, `${issue.id} ${String(number)}`, { number }))),
  sampleEvent(FIRST ?? GONE, "bare", { content: null, user: null, data: null, occurredAt: null, kept: true }),
];
const EVENT_OF_DELETED = sampleEvent(GONE, "of a deleted issue");

/** Entries of all kinds but those of the outbox. The counts of the projects are above the numbers that are left. */
const ENTRIES = {
  projects: [
    { project: SHOP, issueCount: 600, releaseCount: 700 },
    { project: BLOG, issueCount: 1, releaseCount: Math.max(...KNOWN.map(({ number }) => number)) + 3 },
  ],
  releases: [...inProject(SHOP.id, RELEASES), ...inProject(BLOG.id, KNOWN)],
  issues: ISSUES.map((issue) => ({ issue, counter: COUNTERS.get(issue.id) ?? null })),
  groups: GROUPS,
  turningPoints: ISSUES.flatMap(({ id }) => [1, 2, 3].map((number) => sampleTurningPoint(id, number))),
  users: ISSUES.flatMap(({ id }) => [1, 2, 3].map((number) => sampleUser(id, number))),
  marks: MARKS.map(({ issueId, mark }) => {
    const { orderKey, last, fixedAt } = mark;
    return { issueId, orderKey, last, fixedAt, seen: wasSeen(mark) };
  }),
  events: [...EVENTS, EVENT_OF_DELETED],
} satisfies StoredEntries;

/** Alerts of one issue in all states, and one about none. The first is leased elsewhere. */
const ALERTS: readonly OutboxEntry[] = [
  {
    alert: sampleAlert(sampleIssue(1), 1),
    state: { status: "pending", dueAt: NOON + MINUTE },
    attempts: 2,
    lastError: "it failed",
    memo: "half",
  },
  {
    alert: sampleAlert(sampleIssue(1), 2),
    state: { status: "pending", dueAt: DUE_AT_ONCE },
    attempts: 0,
    lastError: null,
    memo: null,
  },
  {
    alert: sampleAlert(sampleIssue(1), 3),
    state: { status: "dead", diedAt: NOON - 7 },
    attempts: 9,
    lastError: "it died",
    memo: null,
  },
  {
    alert: sampleAlert(sampleIssue(2), 4),
    state: { status: "discarded", discardedAt: NOON - 8, reason: "why", by: { kind: "user", id: "ann" } },
    attempts: 1,
    lastError: null,
    memo: "more",
  },
  {
    alert: sampleThrottled(5),
    state: { status: "discarded", discardedAt: NOON - 9, reason: "old", by: { kind: "system" } },
    attempts: 0,
    lastError: null,
    memo: null,
  },
];

const TALLIES = [
  sampleTally({ projectId: SHOP.id, issueId: null }),
  sampleTally({ projectId: SHOP.id, issueId: uuid(1) }, { admitted: 7 }),
  sampleTally({ projectId: BLOG.id, issueId: null }, { endsAt: NOON + 2 * MINUTE }),
];

const KINDS: readonly StoredKind[] = [
  "projects",
  "releases",
  "issues",
  "groups",
  "turningPoints",
  "users",
  "marks",
  "events",
  "alerts",
  "tallies",
];

/** All entries that pages return, in an order of their own. */
async function pagesOf(context: CaseContext, limit: number): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const kind of KINDS) {
    const found: unknown[] = [];
    await walkSteps(`the pages of ${kind}`, async (after) => {
      const { entries, next } = await read(context, (reader) => reader.pageStored({ kind, after, limit }));
      found.push(...(entries[kind] ?? []));
      const others = KINDS.filter((other) => other !== kind && (entries[other] ?? []).length > 0);
      expectEqual(`other kinds in a page of ${kind}`, others, []);
      return next;
    });
    all[kind] = inOrder(found);
  }
  return all;
}

function inOrder(entries: readonly unknown[]): unknown[] {
  const texts = new Map(entries.map((entry) => [entry, textOf(entry)]));
  return [...entries].sort((one, other) => ((texts.get(one) ?? "") < (texts.get(other) ?? "") ? -1 : 1));
}

/** A text that does not depend on the order of members. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (value instanceof Uint8Array) return value.join();
  return `{${Object.entries(value)
    .flatMap(([name, member]) => (member === undefined ? [] : `${name}:${textOf(member)}`))
    .sort()
    .join()}}`;
}

function expectedPages(entries: StoredEntries): Record<string, unknown[]> {
  return Object.fromEntries(KINDS.map((kind) => [kind, inOrder(entries[kind] ?? [])]));
}

/** What is expected of a store, with the outbox if it has one. */
function withAlerts({ hasOutbox }: CaseContext, entries: StoredEntries): StoredEntries {
  return hasOutbox ? { ...entries, alerts: ALERTS, tallies: TALLIES } : entries;
}

/** Puts entries of all kinds. */
function putAll(context: CaseContext): Promise<void> {
  return transact(context, (transaction) => transaction.putStored(withAlerts(context, ENTRIES), null));
}

/** Writes what the entries are about by the other methods. */
async function writeAll(context: CaseContext): Promise<void> {
  const gone = { ...sampleIssue(500), number: 600 };
  const ascending = [...ISSUES].sort((one, other) => one.number - other.number);
  await write(context, {
    projects: [SHOP, BLOG],
    releases: ENTRIES.releases,
    newIssues: [...ascending, gone].map(newIssue),
    addedGroups: [...ADDED, LONG],
    counters: COUNTERS,
    marks: MARKS,
    users: ENTRIES.users,
    turningPoints: ENTRIES.turningPoints,
    events: ENTRIES.events,
    deletedIssues: [gone.id],
  });
}

export const copyCases: readonly ConformanceCase[] = [
  {
    id: "stored-paged",
    title: "everything that is stored is returned to a copy, of all projects and in whatever state",
    requires: "pageStored() returns each entry of a kind whole: of all projects, and events of deleted issues too.",
    async run(context) {
      expectEqual("the pages of an empty store", await pagesOf(context, 1_000), expectedPages({}));
      await writeAll(context);
      const count = Math.max(...RELEASES.flatMap(({ number, lineNumber }) => [number, lineNumber]));
      const ofBlog = Math.max(...KNOWN.flatMap(({ number, lineNumber }) => [number, lineNumber]));
      const projects = [
        { project: SHOP, issueCount: 600, releaseCount: count },
        { project: BLOG, issueCount: 1, releaseCount: ofBlog },
      ];
      expectEqual("the pages", await pagesOf(context, 1_000), expectedPages({ ...ENTRIES, projects }));
    },
  },
  {
    id: "stored-paged-in-steps",
    title: "the pages for a copy together have every entry once, whatever their limits",
    requires: "The pages of pageStored() together have each entry exactly once, whatever their limits.",
    async run(context) {
      await putAll(context);
      const expected = expectedPages(withAlerts(context, ENTRIES));
      for (const limit of [1, 2, 3, 7, Number.MAX_SAFE_INTEGER]) {
        expectEqual(`the pages of ${String(limit)}`, await pagesOf(context, limit), expected);
      }
    },
  },
  {
    id: "stored-put",
    title: "a store to which everything was copied answers as the original",
    requires:
      "After putStored() each method answers as that of the store that the entries come from; numbers that were given are not given again.",
    async run(context) {
      for (const kind of KINDS) {
        const entries = Object.entries(withAlerts(context, ENTRIES)).filter(([name]) => name === kind);
        await transact(context, (transaction) => transaction.putStored(Object.fromEntries(entries), null));
      }
      expectEqual("the pages", await pagesOf(context, 1_000), expectedPages(withAlerts(context, ENTRIES)));
      const ids = ISSUES.map(({ id }) => id);
      const found = await read(context, async (reader) => ({
        projects: await reader.findProjects({ ids: [SHOP.id, BLOG.id] }).then(inOrder),
        listed: await reader.findProjects(ALL_PROJECTS).then(inOrder),
        issues: inOrder(await reader.findIssues({ ids })),
        byNumber: await reader.findIssues({ projectId: SHOP.id, number: FIRST?.number ?? 0 }),
        counters: await reader.findCounters(ids),
        marks: (await reader.findMarks(ids.map((issueId) => ({ issueId, upTo: null, limit: 99 })))).flat(),
        events: await Promise.all([...EVENTS, EVENT_OF_DELETED].map((event) => reader.findEvent(event))),
        releases: await reader.pageReleases(SHOP.id, null, 99),
        history: await reader.pageHistory(FIRST?.id ?? "", null, 99),
        users: await reader.countUsers(ids.map((issueId) => ({ issueId, fromDay: 0, fromTurn: 2, limit: 9 }))),
      }));
      expectEqual("what readers find", found, {
        projects: inOrder(ENTRIES.projects),
        listed: inOrder(ENTRIES.projects),
        issues: inOrder(ISSUES),
        byNumber: ISSUES.slice(0, 1),
        counters: COUNTERS,
        marks: ids.flatMap((id) =>
          MARKS.filter(({ issueId }) => issueId === id)
            .map(({ mark }) => mark)
            .sort((one, other) => (one.orderKey < other.orderKey ? 1 : -1)),
        ),
        events: [...EVENTS, undefined],
        releases: RELEASES.toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1)),
        history: [3, 2, 1].map((number) => sampleTurningPoint(FIRST?.id ?? "", number)),
        users: ids.map(() => 2),
      });
      const { duplicateOf } = await load(context, { events: [EVENT_OF_DELETED] });
      expectEqual("of what the event of a deleted issue is a duplicate", duplicateOf, [GONE.id]);
      const waiting = await lock(context, { awaitingNextIn: SHOP.id, after: 0, limit: 99 });
      expectEqual(
        "the issues that await the next release",
        inOrder(waiting),
        inOrder(ISSUES.filter(({ state }) => awaitsNextRelease(state))),
      );
      const waking = await lock(context, { wakesUntil: NOON + 2 * MINUTE, limit: 99 });
      const wakes = ISSUES.filter(({ state }) => (wakeTimeOf(state) ?? Infinity) <= NOON + 2 * MINUTE);
      expectEqual("the issues that the clock wakes", inOrder(waking), inOrder(wakes));
      await expectFailure("an issue with a number that was given", "store-conflict", () =>
        write(context, { newIssues: [newIssue({ ...sampleIssue(501), number: 600 })] }),
      );
      await write(context, { newIssues: [newIssue({ ...sampleIssue(601), number: 601 })] });
    },
  },
  {
    id: "stored-groups-put",
    title: "groups that were copied lead to their issues and belong to them, also those with long keys",
    requires:
      "After putStored() groups lead to their issues, and are free when these are deleted, also where their keys are long.",
    async run(context) {
      await putAll(context);
      const groups = [...ISSUES.map(sampleGroup), ...ADDED.map(({ group }) => group), LONG.group];
      const other = { ...LONG.group, key: `${LONG_KEY}.` };
      const elsewhere = { ...LONG.group, projectId: BLOG.id };
      const idsOf = async (): Promise<(string | undefined)[]> => {
        const { grouped, formerGrouped } = await load(context, {
          groups: [...groups, other, elsewhere],
          formerGroups: [LONG.group, other],
        });
        return [...grouped, ...formerGrouped].map((issue) => issue?.id);
      };
      const ids = [...ISSUES.map(({ id }) => id), ...ADDED.map(({ issueId }) => issueId), LONG.issueId];
      expectEqual("the issues of groups", await idsOf(), [...ids, undefined, undefined, LONG.issueId, undefined]);
      const taken = { issueId: ISSUES[2]?.id ?? "", group: LONG.group };
      await expectFailure("a group that is taken", "store-conflict", () => write(context, { addedGroups: [taken] }));
      await write(context, { deletedIssues: ISSUES.slice(0, 3).map(({ id }) => id) });
      const left = ids.map((id) => (ISSUES.slice(0, 3).some((issue) => issue.id === id) ? undefined : id));
      expectEqual("the issues of groups after some were deleted", await idsOf(), [
        ...left,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      const owner = ISSUES[4]?.id ?? "";
      await write(context, { addedGroups: [{ issueId: owner, group: LONG.group }] });
      const { grouped } = await load(context, { groups: [LONG.group] });
      expectEqual(
        "the issue of a group that was free",
        grouped.map((issue) => issue?.id),
        [owner],
      );
    },
  },
  {
    id: "stored-alerts-put",
    title: "alerts that were copied are in their states, and are delivered when they are due",
    requires:
      "After putStored() alerts are in their states, with their attempts, errors and memos; a lease does not hold one.",
    needs: ["outbox"],
    async run(context) {
      await putAll(context);
      for (const status of OUTBOX_STATUSES) {
        const page = await read(context, (reader) => outboxOf(reader).page({ status, after: null, limit: 99 }));
        const expected = ALERTS.filter(({ state }) => state.status === status);
        expectEqual(`the ${status} alerts`, inOrder(allReadable(page)), inOrder(expected));
      }
      const claim = (now: number, inOrder: boolean, token: string) =>
        transact(context, (transaction) => {
          const lease = { token, until: now + MINUTE };
          return outboxOf(transaction).claim({ lease, now, limit: 9, issueIds: null, inOrder });
        });
      const [first, second] = ALERTS;
      expectEqual("what is claimed before the first alert is due", await claim(NOON, true, "one"), []);
      const claimed = await claim(NOON + MINUTE, true, "two");
      expectEqual(
        "what is claimed in order when the first alert is due",
        claimed.map(({ alert, dueAt, attempts, memo }) => ({ alert, dueAt, attempts, memo })),
        [{ alert: first?.alert, dueAt: NOON + MINUTE, attempts: 3, memo: "half" }],
      );
      const others = await claim(NOON + MINUTE, false, "three");
      expectEqual(
        "what is claimed in no order",
        others.map(({ alert }) => alert.id),
        [second?.alert.id],
      );
      const tallies = await transact(context, (transaction) => {
        return outboxOf(transaction).lockTallies({ endedAt: NOON + MINUTE, limit: 9 });
      });
      expectEqual("the tallies that have ended", inOrder(tallies), inOrder(TALLIES.slice(0, 2)));
      const evicted = await transact(context, (transaction) =>
        outboxOf(transaction).evict({ endedBefore: NOON, limit: 9 }),
      );
      expectEqual("how many alerts that have ended are evicted", evicted, 3);
    },
  },
  {
    id: "copy-progress-kept",
    title: "the progress of a copy is kept with the entries, and is none",
    requires: "putStored() keeps a text, or forgets it, in the transaction of its entries; it is no entry.",
    async run(context) {
      const progress = (): Promise<string | null> => read(context, (reader) => reader.findCopyProgress());
      const put = (text: string | null, entries: StoredEntries = {}): Promise<void> =>
        transact(context, (transaction) => transaction.putStored(entries, text));
      expectEqual("the progress in a new store", await progress(), null);
      for (const text of ["begun", ...HOSTILE_TEXTS, "", "x".repeat(10_000)]) {
        await put(text);
        expectEqual("the progress", await progress(), text);
      }
      expectEqual("the pages", await pagesOf(context, 1_000), expectedPages({}));
      await failureOf(() =>
        transact(context, async (transaction) => {
          await transaction.putStored({ projects: ENTRIES.projects }, "lost");
          expectEqual("the progress in its transaction", await transaction.findCopyProgress(), "lost");
          throw new Error("The work fails.");
        }),
      );
      expectEqual("the progress after a failure", await progress(), "x".repeat(10_000));
      expectEqual("the pages after a failure", await pagesOf(context, 1_000), expectedPages({}));
      await put(null, { projects: ENTRIES.projects });
      expectEqual("the progress after the end", await progress(), null);
      const { projects } = await pagesOf(context, 1_000);
      expectEqual("the projects after the end", projects, inOrder(ENTRIES.projects));
    },
  },
  {
    id: "race-on-a-copy",
    title: "transactions that race to go on with a copy each find what the one before has put",
    requires: "Two transactions that read the same progress of a copy never both put another one.",
    needs: ["second-handle"],
    async run(context) {
      await transact(context, (transaction) => transaction.putStored({}, "0"));
      await race(context, async (transaction) => {
        const progress = await transaction.findCopyProgress();
        await pause();
        await transaction.putStored({}, String(Number(progress) + 1));
      });
      const progress = await read(context, (reader) => reader.findCopyProgress());
      expectEqual("how often the progress was raised by one", progress, String(RACERS));
    },
  },
];
