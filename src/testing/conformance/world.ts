import { ALL_ISSUES as EVERY_ISSUE } from "../../core/issue-list.ts";
import type { Issue, IssueState } from "../../core/issue.ts";
import { ISSUE_ORDERS } from "../../core/issue-list.ts";
import { markFixed, markSeen } from "../../core/release-mark.ts";
import type { KnownRelease } from "../../core/release.ts";
import { allReadable } from "../../core/unreadable.ts";
import type { GroupRef, LockSelection, StoreChanges, StoreReader, StoreTransaction } from "../../ports/issue-store.ts";
import {
  ALL_PROJECTS,
  BLOG,
  inProject,
  newIssue,
  NOON,
  refOf,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
} from "./samples.ts";

/*
 * A small world with something of every kind, changes of all of it, and everything that can be read of it: for cases in which
 * nothing may have changed, or everything must have.
 */

const { all: RELEASES, known, announced, alone } = sampleReleases();
const [R1, BUILD, R2, R1_5] = known;
/** An announced release that becomes known, and a new one. */
const ARRIVED: KnownRelease = { ...R1, ...names(announced), number: 50, releasedAt: NOON + 50 };
const ADDED: KnownRelease = { ...R1, name: "9.9.9", version: "9.9.9", number: 51, orderKey: `${announced.orderKey}9` };
/** The first of its line, and the newest. */
const OPENING: KnownRelease = {
  ...ADDED,
  name: "api@1",
  version: "api@1",
  line: "api",
  lineNumber: 52,
  number: 53,
  orderKey: "~",
  placedBy: "new/1",
};

function names({ name, version, orderKey }: typeof announced) {
  return { name, version, orderKey };
}

const WAITING: IssueState = {
  status: "resolved",
  resolvedAt: NOON,
  afterRelease: 1,
  resolution: { kind: "by-next" },
};

function mutedUntil(at: number): IssueState {
  return {
    status: "muted",
    mute: { mutedAt: NOON, deadline: { at, wakeOn: "deadline", isDuration: false }, volume: null },
  };
}

/** An issue with everything, one that waits for the next release, one whose mute the clock ends, and one of another project. */
const FULL = sampleIssue(1);
const AWAITING = sampleIssue(2, { state: WAITING });
const MUTED = sampleIssue(3, { state: mutedUntil(NOON + 5) });
const ELSEWHERE = sampleIssue(4, { projectId: BLOG.id, number: 1 });
/** Issues that are added. */
const LATER = sampleIssue(5, { number: 4, state: WAITING });
const LAST = sampleIssue(6, { number: 5, state: mutedUntil(NOON + 2) });

const ALL_ISSUES = [FULL, AWAITING, MUTED, ELSEWHERE, LATER, LAST];
const IDS = ALL_ISSUES.map(({ id }) => id);
/** The issue that {@link deleteFromWorld} deletes. */
export const FULL_ISSUE: Issue = FULL;

const groupOf = (key: string): GroupRef => ({ projectId: SHOP.id, strategy: "world/1", key });
const GROUPS = [...ALL_ISSUES.map(sampleGroup), groupOf("added"), groupOf("added later")];
const PROJECT_IDS = [SHOP.id, BLOG.id, "new"];
const ALL_RELEASES = [...RELEASES, ADDED, OPENING];
const RELEASE_REFS = ALL_RELEASES.map((release) => refOf(SHOP.id, release));
const TIMELINES = [SHOP.id, BLOG.id].map((projectId) => {
  return { projectId, lines: [...new Set(ALL_RELEASES.map(({ line }) => line))] };
});
const EVENTS = ["old", "kept", "new", "of another"].map((id) => ({ projectId: SHOP.id, id }));

/** The world as it is at first. */
export const WORLD: StoreChanges = {
  projects: [SHOP, BLOG],
  releases: [...inProject(SHOP.id, RELEASES), ...inProject(BLOG.id, [R1])],
  newIssues: [FULL, AWAITING, MUTED, ELSEWHERE].map(newIssue),
  addedGroups: [{ issueId: FULL.id, group: groupOf("added") }],
  counters: new Map([FULL, AWAITING].map(({ id, number }) => [id, Uint8Array.of(number, 7)])),
  marks: [
    ...[R1, R1_5, R2].map((release) => ({ issueId: FULL.id, mark: markSeen(release, undefined) })),
    ...[FULL, AWAITING].map(({ id }) => ({ issueId: id, mark: markFixed(BUILD, undefined, NOON) })),
    { issueId: MUTED.id, mark: markFixed(announced, undefined, NOON) },
    { issueId: AWAITING.id, mark: markSeen(alone, undefined) },
  ],
  users: [1, 2].flatMap((number) => [FULL, AWAITING].map(({ id }) => sampleUser(id, number))),
  turningPoints: [sampleTurningPoint(FULL.id, 1), sampleTurningPoint(AWAITING.id, 1)],
  events: [
    sampleEvent(FULL, "old", { receivedAt: NOON - 9 }),
    sampleEvent(FULL, "kept", { receivedAt: NOON - 9, kept: true }),
    sampleEvent(AWAITING, "of another"),
  ],
};

/** Changes of every kind: all that can be read of the world is another afterwards. */
const CHANGES: StoreChanges = {
  projects: [
    { ...SHOP, slug: "Store" },
    { ...BLOG, slug: "shop", watch: SHOP.watch, stateEnvironments: ["x"], autoResolveAfterMs: 3_600_000 },
    { ...BLOG, id: "new", slug: "new" },
  ],
  deletedReleases: [R1_5, alone].map((release) => refOf(SHOP.id, release)),
  releases: inProject(SHOP.id, [{ ...R2, becameLatest: false, releasedAt: NOON - 5 }, ARRIVED, ADDED, OPENING]),
  movedMarks: [
    { projectId: SHOP.id, from: R1_5.orderKey, to: R2.orderKey },
    { projectId: SHOP.id, from: BUILD.orderKey, to: ADDED.orderKey },
    { projectId: SHOP.id, from: alone.orderKey, to: null },
  ],
  newIssues: [LATER, LAST].map(newIssue),
  addedGroups: [{ issueId: AWAITING.id, group: groupOf("added later") }],
  updates: [
    {
      before: FULL,
      after: { ...FULL, title: "changed", eventCount: 80, lastSeenAt: NOON + 99, environments: ["new"] },
    },
    { before: AWAITING, after: { ...AWAITING, state: { status: "open" }, eventCount: 81 } },
    { before: MUTED, after: { ...MUTED, state: WAITING, eventCount: 82 } },
    { before: ELSEWHERE, after: { ...ELSEWHERE, state: mutedUntil(NOON + 1), title: "changed" } },
  ],
  counters: new Map([FULL, LATER].map(({ id }) => [id, Uint8Array.of(99)])),
  deletedMarks: [{ issueId: FULL.id, orderKey: R1.orderKey }],
  marks: [{ issueId: LATER.id, mark: markFixed(R1, undefined, NOON) }],
  latestUserDays: [{ issueId: FULL.id, day: 20_001 }],
  users: [3, 1].map((number) => sampleUser(FULL.id, number, { lastDay: 20_009, lastTurn: 9 })),
  turningPoints: [sampleTurningPoint(FULL.id, 2), sampleTurningPoint(LATER.id, 1)],
  events: [sampleEvent(FULL, "new")],
};

/** Changes the world, and evicts what is old. */
export async function changeWorld(transaction: StoreTransaction): Promise<void> {
  await transaction.write(CHANGES);
  await transaction.evictEvents({
    projectId: SHOP.id,
    receivedBefore: NOON - 1,
    keepNewest: null,
    after: null,
    limit: 99,
  });
}

/** Deletes an issue with all that belongs to it. */
export async function deleteFromWorld(transaction: StoreTransaction): Promise<void> {
  await transaction.write({ deletedIssues: [FULL.id, LAST.id] });
}

/** The parts of the world. */
export interface WorldParts {
  readonly projects: unknown;
  readonly issues: unknown;
  readonly belongings: unknown;
  readonly releases: unknown;
}

/** Everything of the world that a reader finds. */
export async function readWorld(reader: StoreReader): Promise<WorldParts> {
  return {
    projects: await readProjects(reader),
    issues: await readIssues(reader),
    belongings: await readBelongings(reader),
    releases: await readReleases(reader),
  };
}

/** Everything of the world that a transaction loads. */
export async function loadWorld(transaction: StoreTransaction): Promise<WorldParts> {
  const { projects } = await transaction.load({ projectIds: PROJECT_IDS });
  const { duplicateOf } = await transaction.load({ events: EVENTS });
  const { counters } = await transaction.load({ details: () => ({ counters: IDS }) });
  return {
    projects,
    issues: await loadIssues(transaction),
    belongings: { duplicateOf, counters: numbersIn(counters) },
    releases: await loadReleases(transaction),
  };
}

async function readProjects(reader: StoreReader) {
  const bySlug = [];
  for (const slugKey of ["SHOP", "STORE", "BLOG"]) bySlug.push(await reader.findProjects({ slugKey }));
  return {
    listed: await reader.findProjects(ALL_PROJECTS),
    byId: byId(await reader.findProjects({ ids: PROJECT_IDS }), ({ project }) => project.id),
    bySlug,
  };
}

async function readIssues(reader: StoreReader) {
  const numbered = [];
  for (const number of [1, 2, 3, 4, 5]) numbered.push(await reader.findIssues({ projectId: SHOP.id, number }));
  return {
    byId: byId(allReadable(await reader.findIssues({ ids: IDS })), ({ id }) => id),
    numbered,
    pages: await readPages(reader),
    issueCounts: await readIssueCounts(reader),
  };
}

async function readIssueCounts(reader: StoreReader): Promise<(number | undefined)[]> {
  const statuses = ["open", "muted", "resolved"] as const;
  const request = { projectId: SHOP.id, statuses, ...EVERY_ISSUE, after: null, limit: 9 };
  const { counts } = await reader.countIssues(request);
  return statuses.map((status) => counts.get(status));
}

async function readPages(reader: StoreReader): Promise<Record<string, number[]>> {
  const all = { projectId: SHOP.id, statuses: ["open", "muted", "resolved"], ...EVERY_ISSUE } as const;
  const rest = { descending: true, after: null, limit: 9 } as const;
  const requests = {
    open: { ...all, statuses: ["open"] },
    resolved: { ...all, statuses: ["resolved"] },
    "with a text": { ...all, search: "changed" },
    "in an environment": { ...all, environment: "new" },
  } as const;
  const pages: Record<string, number[]> = {};
  for (const order of ISSUE_ORDERS) {
    const found = await reader.pageIssues({ ...all, ...rest, order });
    pages[order] = allReadable(found.entries).map(({ number }) => number);
  }
  for (const [name, request] of Object.entries(requests)) {
    const found = await reader.pageIssues({ ...request, ...rest, order: "first-seen" });
    pages[name] = allReadable(found.entries).map(({ number }) => number);
  }
  return pages;
}

async function loadIssues(transaction: StoreTransaction) {
  const selected = async (issues: LockSelection) => allReadable((await transaction.load({ issues })).issues);
  const { grouped, formerGrouped } = await transaction.load({ groups: GROUPS, formerGroups: GROUPS });
  return {
    byId: byId(await selected({ ids: IDS }), ({ id }) => id),
    grouped,
    formerGrouped,
    awaitingNext: await selected({ awaitingNextIn: SHOP.id, after: 0, limit: 9 }),
    waking: await selected({ wakesUntil: NOON + 9, limit: 9 }),
  };
}

async function readBelongings(reader: StoreReader) {
  const histories = [];
  for (const id of IDS) histories.push(await reader.pageHistory(id, null, 9));
  const events = [];
  for (const ref of EVENTS) events.push(await reader.findEvent(ref));
  const full = [FULL, AWAITING].map(({ id }) => id);
  const users = [1, 2, 3].flatMap((number) => full.map((issueId) => ({ issueId, user: userHash(number) })));
  const counts = full.flatMap((issueId) => [
    { issueId, fromDay: 20_002, fromTurn: null, limit: 9 },
    { issueId, fromDay: null, fromTurn: 3, limit: 9 },
    { issueId, fromDay: 20_001, fromTurn: 1, limit: 9 },
  ]);
  return {
    histories,
    events,
    counters: numbersIn(await reader.findCounters(IDS)),
    users: await reader.findUsers(users),
    counts: await reader.countUsers(counts),
  };
}

async function readReleases(reader: StoreReader) {
  return {
    listed: await reader.pageReleases(SHOP.id, null, 99),
    named: await reader.findReleases(RELEASE_REFS),
    timelines: await reader.findTimelines(TIMELINES),
    marks: await reader.findMarks(IDS.map((issueId) => ({ issueId, upTo: null, limit: 9 }))),
  };
}

async function loadReleases(transaction: StoreTransaction) {
  const { releases, timelines, marks } = await transaction.load({
    timelines: TIMELINES,
    releases: RELEASE_REFS,
    details: () => ({ marks: IDS.map((issueId) => ({ issueId, upTo: R2.orderKey, limit: 9 })) }),
  });
  const fixedIn = [];
  for (const { orderKey } of ALL_RELEASES) {
    const selection = { fixedIn: { projectId: SHOP.id, orderKey }, limit: 9 };
    const { issues } = await transaction.load({ issues: selection });
    fixedIn.push(issues.map(({ id }) => id).sort());
  }
  return { releases, timelines, marks, fixedIn };
}

function numbersIn(counters: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, readonly number[]> {
  return new Map(Array.from(counters, ([id, bytes]) => [id, [...bytes]]));
}

function byId<Item>(items: readonly Item[], idOf: (item: Item) => string): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [idOf(item), item]));
}
