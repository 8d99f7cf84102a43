import { ALL_ISSUES } from "../../../core/issue-list.ts";
import { markSeen } from "../../../core/release-mark.ts";
import { ISSUE_STATUSES, type Issue } from "../../../core/issue.ts";
import type { OutboxStatus } from "../../../ports/alert-outbox.ts";
import type { PendingRelease, ProjectErasureStep, StoreReader, StoreTransaction } from "../../../ports/issue-store.ts";
import { allReadable } from "../../../core/unreadable.ts";
import { AssertionFailure, expectEqual } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { discarding, outboxOf } from "../outbox.ts";
import { MAX_STEPS, walkSteps } from "../steps.ts";
import { pause, RACERS, retry, startAtOnce } from "../race.ts";
import {
  ALL_PROJECTS,
  BLOG,
  inProject,
  newIssue,
  NOON,
  refOf,
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
  userHash,
} from "../samples.ts";

const { known: RELEASES } = sampleReleases();
const [RELEASE] = RELEASES;

/** The issues of the erased project, one of which is deleted before, and one of another project. */
const [FIRST, SECOND, GONE] = [sampleIssue(1), sampleIssue(2), sampleIssue(3)];
const ELSEWHERE = sampleIssue(4, { projectId: BLOG.id, number: 1 });
const ISSUES = [FIRST, SECOND, GONE, ELSEWHERE];
const EVENT_IDS = ["a", "b", "kept", "of a deleted issue"];

const pendingIn = (projectId: string): PendingRelease => {
  return { ...refOf(projectId, RELEASE), number: RELEASE.number, at: NOON, eventId: "a", reached: 1 };
};

/** Does one step of an erasure. */
function step(context: CaseContext, after: string | null, limit: number): Promise<ProjectErasureStep> {
  return transact(context, (transaction) => transaction.eraseProject({ projectId: SHOP.id, after, limit }));
}

/** Erases the project in steps. Returns how many there were. */
function erase(context: CaseContext, limit: number): Promise<number> {
  return walkSteps("an erasure", async (after) => {
    const { removed, next } = await step(context, after, limit);
    if (next !== null && next === after && removed === 0) {
      throw new AssertionFailure("a step that leads to itself", "that it removes something", 0);
    }
    return next;
  });
}

/** Stores two projects with something of everything. */
async function store(context: CaseContext): Promise<void> {
  const issues = ISSUES.map(({ id }) => id);
  await write(context, {
    projects: [SHOP, BLOG],
    releases: [...inProject(SHOP.id, RELEASES), ...inProject(BLOG.id, RELEASES)],
    pendingReleases: [pendingIn(SHOP.id), pendingIn(BLOG.id)],
    newIssues: ISSUES.map(newIssue),
    addedGroups: [FIRST, ELSEWHERE].map((issue) => ({ issueId: issue.id, group: addedGroupOf(issue) })),
    counters: new Map(ISSUES.map(({ id, number }) => [id, Uint8Array.of(number)])),
    marks: issues.map((issueId) => ({ issueId, mark: markSeen(RELEASE, undefined) })),
    users: issues.flatMap((id) => [1, 2, 3].map((number) => sampleUser(id, number))),
    turningPoints: issues.flatMap((id) => [1, 2].map((number) => sampleTurningPoint(id, number))),
    events: [
      sampleEvent(FIRST, "a"),
      sampleEvent(SECOND, "b", { data: null }),
      sampleEvent(FIRST, "kept", { kept: true }),
      sampleEvent(GONE, "of a deleted issue"),
      sampleEvent(ELSEWHERE, "a"),
    ],
  });
  await write(context, { deletedIssues: [GONE.id] });
  if (context.hasOutbox) await transact(context, storeAlerts);
}

const addedGroupOf = (issue: Issue) => ({ ...sampleGroup(issue), key: "added" });

/** Alerts in all states, of issues and of projects, and tallies. */
async function storeAlerts(transaction: StoreTransaction): Promise<void> {
  const outbox = outboxOf(transaction);
  const lease = { token: "first", until: NOON + 9 };
  const alertsFrom = (number: number) => [
    sampleAlert(FIRST, number),
    sampleAlert(ELSEWHERE, number + 1, { project: { id: BLOG.id, slug: BLOG.slug } }),
    sampleThrottled(number + 2),
    sampleThrottled(number + 3, { project: { id: BLOG.id, slug: BLOG.slug } }),
  ];
  const [dead, leased, discarded, due] = [10, 20, 30, 40].map(alertsFrom);
  await transaction.write({ alerts: [...(dead ?? []), ...(leased ?? [])] });
  await outbox.claim({ lease, now: NOON, limit: 99, issueIds: null, inOrder: false });
  const died = { lease, outcome: "dead", diedAt: NOON, error: "it died", memo: null } as const;
  await outbox.settle((dead ?? []).map(({ id }) => ({ ...died, id })));
  await transaction.write({ alerts: [...(discarded ?? []), ...(due ?? [])] });
  await outbox.move(discarding((discarded ?? []).map(({ id }) => id)));
  await outbox.writeTallies({
    save: [FIRST, ELSEWHERE].flatMap(({ id, projectId }) => [
      sampleTally({ projectId, issueId: null }),
      sampleTally({ projectId, issueId: id }),
    ]),
  });
}

/** All that can be found of a project, by the ids and names of what was stored in it. */
async function readProject(context: CaseContext, projectId: string) {
  const lines = [RELEASE.line];
  const events = EVENT_IDS.map((id) => ({ projectId, id }));
  const issues = ISSUES.filter((issue) => issue.projectId === projectId);
  const groups = issues.flatMap((issue) => [sampleGroup(issue), addedGroupOf(issue)]);
  const loaded = await load(context, { projectIds: [projectId], events, groups, timelines: [{ projectId, lines }] });
  const alerts = context.hasOutbox ? await transact(context, (each) => readAlerts(each, projectId, issues)) : undefined;
  return read(context, async (reader) => ({
    projects: loaded.projects,
    duplicateOf: loaded.duplicateOf,
    grouped: loaded.grouped,
    timeline: loaded.timelines.get(projectId),
    ...(await readIssues(reader, projectId, issues)),
    events: await Promise.all(events.map((event) => reader.findEvent(event))),
    releases: await reader.pageReleases(projectId, null, 99),
    pending: await reader.findPendingReleases([projectId]),
    alerts,
  }));
}

async function readIssues(reader: StoreReader, projectId: string, issues: readonly Issue[]) {
  const page = { projectId, statuses: ISSUE_STATUSES, ...ALL_ISSUES, descending: true } as const;
  const ids = issues.map(({ id }) => id);
  const histories = [];
  for (const id of ids) histories.push(...(await reader.pageHistory(id, null, 9)));
  return {
    page: (await reader.pageIssues({ ...page, order: "last-seen", after: null, limit: 99 })).entries,
    byId: await reader.findIssues({ ids }),
    histories,
    counters: [...(await reader.findCounters(ids)).keys()],
    marks: (await reader.findMarks(ids.map((issueId) => ({ issueId, upTo: null, limit: 9 })))).flat(),
    users: (
      await reader.findUsers(ids.flatMap((issueId) => [1, 2, 3].map((each) => ({ issueId, user: userHash(each) }))))
    ).filter((user) => user !== undefined),
  };
}

async function readAlerts(transaction: StoreTransaction, projectId: string, issues: readonly Issue[]) {
  const outbox = outboxOf(transaction);
  const found: string[] = [];
  for (const status of ["pending", "dead", "discarded"] satisfies OutboxStatus[]) {
    const page = allReadable(await outbox.page({ status, after: null, limit: 99 }));
    for (const { alert } of page) if (alert.project.id === projectId) found.push(`${status} ${alert.id}`);
  }
  const scopes = [null, ...issues.map(({ id }) => id)].map((issueId) => ({ projectId, issueId }));
  const ofIssues = issues.map(({ id }) => id);
  const claimed = await outbox.claim({
    lease: { token: "claims nothing", until: NOON + 99 },
    now: -1,
    limit: 99,
    issueIds: ofIssues,
    inOrder: false,
  });
  return { found, tallies: await outbox.lockTallies({ scopes }), claimed };
}

/** What is found of a project with nothing in it. */
function emptyProject(context: CaseContext, projects: ReadonlyMap<string, unknown>) {
  return {
    projects,
    duplicateOf: EVENT_IDS.map(() => undefined),
    grouped: [FIRST, SECOND, GONE].flatMap(() => [undefined, undefined]),
    timeline: { count: 0, latest: undefined, placedBy: undefined, lines: new Map() },
    page: [],
    byId: [],
    histories: [],
    counters: [],
    marks: [],
    users: [],
    events: EVENT_IDS.map(() => undefined),
    releases: [],
    pending: [],
    alerts: context.hasOutbox ? { found: [], tallies: [], claimed: [] } : undefined,
  };
}

/** Projects that are erased. */
export const projectErasureCases: readonly ConformanceCase[] = [
  {
    id: "project-erased",
    title: "nothing of an erased project is left, nor found again in a new project with its id",
    requires: "eraseProject(): after its last step nothing of the project is stored.",
    async run(context) {
      await store(context);
      await erase(context, 100);
      expectEqual("what is left", await readProject(context, SHOP.id), emptyProject(context, new Map()));
      await write(context, { projects: [SHOP] });
      const stored = new Map([[SHOP.id, { project: SHOP, issueCount: 0, releaseCount: 0 }]]);
      expectEqual("what a new one has", await readProject(context, SHOP.id), emptyProject(context, stored));
      expectEqual("the steps of what is not stored", await erase(context, 100).then(() => erase(context, 100)), 1);
    },
  },
  {
    id: "project-erased-frees",
    title: "the id and the slug of an erased project can be used again",
    requires: "eraseProject(): after its last step the id and the slug of the project are free.",
    async run(context) {
      await store(context);
      await erase(context, 100);
      const [another, again] = [
        { ...BLOG, id: "another", slug: SHOP.slug },
        { ...SHOP, slug: "again" },
      ];
      await write(context, {
        projects: [another, again],
        newIssues: [newIssue(FIRST)],
        events: [sampleEvent(FIRST, "a")],
      });
      await read(context, async (reader) => {
        const [ofSlug] = await reader.findProjects({ slugKey: SHOP.slug.toUpperCase() });
        expectEqual("the project of the slug", ofSlug?.project, another);
        expectEqual(
          "an event with the id of an erased one",
          await reader.findEvent({ projectId: SHOP.id, id: "a" }),
          sampleEvent(FIRST, "a"),
        );
      });
    },
  },
  {
    id: "project-erased-alone",
    title: "nothing of another project changes when one is erased",
    requires: "eraseProject() does not change anything of other projects.",
    async run(context) {
      await store(context);
      const before = await readProject(context, BLOG.id);
      await erase(context, 100);
      expectEqual("what is stored of the other project", await readProject(context, BLOG.id), before);
    },
  },
  {
    id: "project-erasure-steps",
    title: "a project is erased in steps of any size, and anew after some of them; it is known until the last one",
    requires: "eraseProject() works in steps, and can begin anew after any of them.",
    async run(context) {
      for (const limit of [1, 2, 7]) {
        await store(context);
        const { next } = await step(context, null, limit);
        const found = (await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }))).length;
        expectEqual("whether the project is known while steps are left", found, next === null ? 0 : 1);
        await erase(context, limit);
        expectEqual("what is left", await readProject(context, SHOP.id), emptyProject(context, new Map()));
        await transact(context, (transaction) => eraseOther(transaction, limit));
      }
    },
  },
  {
    id: "race-on-an-erased-project",
    title: "what is written for a project while it is erased is erased too, or finds no project",
    requires:
      "eraseProject(): what other transactions write for the project meanwhile is removed too, or they find no project, or fail with `store-conflict`.",
    needs: ["second-handle"],
    async run(context) {
      await write(context, { projects: [SHOP] });
      let hasEnded = false;
      const written = new Set<string>();
      await startAtOnce(context, async (handle, racer) => {
        if (racer === 0) {
          // The others begin meanwhile.
          await retry(() =>
            handle.transaction((transaction) => addEvent(transaction, racer, `0.${String(MAX_STEPS)}`)),
          );
          await retry(() => erase({ ...context, store: handle }, 1_000));
          hasEnded = true;
          return;
        }
        for (let round = 0; round < MAX_STEPS; round++) {
          const isLast = hasEnded;
          const id = `${String(racer)}.${String(round)}`;
          const found = await retry(() => handle.transaction((transaction) => addEvent(transaction, racer, id)));
          if (found) written.add(id);
          if (!found || isLast) return;
        }
      });
      const projects = await read(context, (reader) => reader.findProjects(ALL_PROJECTS));
      expectEqual("the projects that are left", projects, []);
      await write(context, { projects: [SHOP] });
      const { duplicateOf, grouped } = await load(context, {
        events: Array.from(written, (id) => ({ projectId: SHOP.id, id })),
        groups: Array.from({ length: RACERS }, (_, racer) => groupOf(racer)),
      });
      const events = duplicateOf.filter((id) => id !== undefined).length;
      expectEqual("the events that are left", events, 0);
      expectEqual("the issues that are left", grouped.filter((issue) => issue !== undefined).length, 0);
      await expectNoAlerts(context);
    },
  },
];

/** Erases the other project within one transaction. */
async function eraseOther(transaction: StoreTransaction, limit: number): Promise<void> {
  let after: string | null = null;
  do {
    after = (await transaction.eraseProject({ projectId: BLOG.id, after, limit })).next;
  } while (after !== null);
}

/** Each racer has its own group: another case is about groups that they share. */
const groupOf = (racer: number) => ({ projectId: SHOP.id, strategy: "race/1", key: `group ${String(racer)}` });

/** Digests an event, as a tracker does, with an alert. Returns whether the project was found. */
async function addEvent(transaction: StoreTransaction, racer: number, id: string): Promise<boolean> {
  const group = groupOf(racer);
  const { projects, grouped } = await transaction.load({ groups: [group] });
  const stored = projects.get(SHOP.id);
  await pause();
  if (stored === undefined) return false;
  const [before] = allReadable(grouped.filter((issue) => issue !== undefined));
  const number = stored.issueCount + 1;
  const part = `${String(racer).padStart(4, "0")}${id.replace(".", "").padStart(8, "0")}`;
  const issue =
    before ?? sampleIssue(number, { id: `01900000-0000-7000-8000-${part}`, userCount: 0, turningPointCount: 0 });
  await transaction.write({
    ...(before === undefined
      ? { newIssues: [{ issue, group }] }
      : { updates: [{ before, after: { ...before, eventCount: before.eventCount + 1 } }] }),
    events: [sampleEvent(issue, id)],
    ...(transaction.outbox !== undefined && {
      alerts: [sampleAlert(issue, 1, { id: `01900000-0000-7000-9000-${part}` })],
    }),
  });
  return true;
}

async function expectNoAlerts(context: CaseContext): Promise<void> {
  if (!context.hasOutbox) return;
  const counts = await read(context, (reader) => outboxOf(reader).count(NOON));
  expectEqual("the alerts that are left", counts, { due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 });
}
