import { ALL_ISSUES, type SearchCriteria } from "../../src/core/issue-list.ts";
import { COUNTED } from "../../src/kysely/statements/count-statements.ts";
import { searchParameters } from "../../src/kysely/statements/issue-search.ts";
import { changeableColumns } from "../../src/kysely/rows/issue-row.ts";
import { releaseRow } from "../../src/kysely/rows/release-row.ts";
import { namesIn } from "../../src/kysely/schema/tables.ts";
import type { StoredKind } from "../../src/ports/issue-store.ts";
import type { Values } from "../../src/kysely/statements/statement.ts";
import * as world from "./world.ts";

/** The values of a statement's parameters, for the row at a place of a batch. */
export type Sample = (place: number) => Values;

/** The number of rows of a batch: as many as a bulk command changes at once. */
export const BATCH = 500;

/** The number of issues that are read for a page of 50: one more shows whether there is another page. */
export const PAGE = 51;

const { NOW } = world;

/** The values of a batch. */
function batchOf(sample: Sample): Values[] {
  return Array.from({ length: BATCH }, (_, place) => sample(place));
}

/** A UUID as hexadecimal digits. */
function hexOf(id: string): string {
  return id.replaceAll("-", "");
}

/** Issues far from each other. */
function issueAt(place: number): number {
  return 1_000 + place * 1_991;
}

/** Issues that are not stored yet. */
function newIssueAt(place: number): number {
  return world.ISSUES + 1 + place;
}

/** The columns of an issue that can change. */
export const ISSUE_COLUMNS = changeableColumns(
  {
    id: "",
    projectId: world.projectIdOf(1),
    number: 1,
    title: "TypeError: cannot read field 1 of undefined",
    transaction: "POST /checkout/1",
    level: "warning",
    firstSeenAt: NOW,
    lastSeenAt: NOW,
    eventCount: 1_000,
    lastEventNumber: 900,
    userCount: 5,
    environments: [world.ENVIRONMENT],
    watch: null,
    latestEventId: world.eventIdOf(1),
    lastSeenIn: "shop@6.9.9",
    seenNumber: 1,
    turningPointCount: 2,
    parts: null,
    state: world.STATES.byNext.state,
  },
  1,
  "typeerror: cannot read field 1 of undefined post /checkout/1",
);

const issueId: Sample = (place) => ({ id: world.idOf("issue", issueAt(place)) });
const ofIssue: Sample = (place) => ({ issue_id: world.idOf("issue", issueAt(place)) });

function groupOf(n: number): { project_key: number; hash: Uint8Array } {
  return { project_key: world.projectKeyOf(n), hash: world.groupHashOf(n) };
}

function eventKeyOf(n: number): { project_key: number; id: string } {
  return { project_key: world.projectKeyOf(n), id: world.eventIdOf(n) };
}

const group: Sample = (place) => groupOf(issueAt(place));
const event: Sample = (place) => eventKeyOf(issueAt(place));
const eventData: Sample = (place) => ({ id: world.dataIdOf(1 + place * 499) });

const projectKey: Sample = (place) => ({ key: 1 + (place % world.PROJECT_KEYS.length) });
const projectId: Sample = (place) => ({ id: world.projectIdOf(1 + (place % world.PROJECT_KEYS.length)) });
const project: Sample = (place) => ({
  ...projectKey(place),
  id: world.projectIdOf(4 + place),
  slug: world.projectIdOf(4 + place),
  slug_key: world.projectIdOf(4 + place).toUpperCase(),
  alert_new_issue: true,
  alert_regression: true,
  alert_unmute: true,
  alert_loud: true,
  watch: null,
  state_environments: null,
  auto_resolve_after: null,
  issue_count: 0,
  release_count: 0,
});

function releaseOf(index: number) {
  const release = world.RELEASES[index % world.RELEASES.length];
  if (release === undefined) throw new Error("There has to be a release.");
  return release;
}

const release: Sample = (place) => ({ project_key: 1, name: releaseOf(place).name });
const releasePlace: Sample = (place) => ({ project_key: 1, order_key: releaseOf(place).orderKey });
const lastOrderKey = releaseOf(world.KNOWN_RELEASES - 1).orderKey;
const announced = releaseOf(world.KNOWN_RELEASES);

const pendingRelease: Sample = (place) => ({
  project_key: 1,
  number: 1 + place,
  name: releaseOf(place).name,
  line: releaseOf(place).line,
  at: NOW,
  event_id: null,
  reached: BATCH,
});

/** A part of a project's timeline. */
const timelinePart: Sample = (place) => ({
  place,
  project_key: 1 + (place % world.PROJECT_KEYS.length),
  part: (["latest", "newest-other", "line"] as const)[place % 3],
  line: releaseOf(0).line,
});

/** The id before all others. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** The position before all issues with a fix claim. */
const FIRST_FIXED = { id: FIRST_ID, limit: BATCH };

/** The position before all deadlines. */
const FIRST_DEADLINE = { at: -1, id: FIRST_ID };

/** Alerts that are due. */
const alert: Sample = (place) => ({ id: world.idOf("alert", 1 + place * 19) });

/** Changes of alerts. */
const changedAlert: Sample = (place) => ({
  ...alert(place),
  status: 0,
  at: NOW + 60_000,
  attempts: 1,
  lease_token: "worker-1",
  last_error: null,
  memo: null,
  discard_reason: null,
  discarded_by: null,
});

/** The pending alerts of issues. */
const alertsOfIssue: Sample = (place) => ({
  issue_id: world.idOf("issue", (1 + place * 19) * (world.ISSUES / world.ALERTS)),
});

/** The tallies of issues in this hour. */
const tally: Sample = (place) => {
  const n = 1 + place * 97;
  return {
    project_key: world.projectKeyOf(n),
    issue_id: world.idOf("issue", n),
    starts_at: NOW,
    ends_at: NOW + 3_600_000,
    admitted: 2,
    throttled: null,
  };
};

/** The marks of an issue, up to that of the last release. */
const mark: Sample = (place) => ({ ...ofIssue(place), place, order_key: lastOrderKey, up_to: lastOrderKey });

/** A move of the marks of a release: of some announced ones, and of others without marks. */
const move: Sample = (place) => {
  const isAnnounced = place < 3;
  const from = isAnnounced ? releaseOf(world.KNOWN_RELEASES + place).orderKey : `none ${String(place)}`;
  return { project_key: 3, order_key: from, moved_to: `${from}.moved` };
};

/** The same of issues that were seen in every release, up to one of the first releases or to the last one. */
const markOfOldIssue =
  (orderKey: string): Sample =>
  (place) => ({ place, issue_id: world.idOf("issue", 1 + (place % world.OLD_ISSUES)), up_to: orderKey });

/** Issues with users: the first one has many. */
function withUser(place: number): { issue_id: string } {
  return { issue_id: world.idOf("issue", 1 + (place % world.ISSUES_WITH_USER)) };
}

/** Counts of users, up to many of the issue that has many. */
function counting(bounds: Values): Sample {
  return (place) => ({ place, ...withUser(place), ...bounds, limit: 2_000 });
}

/** Positions in the tables, by the first and the second column of their keys: rows are counted and read from there on. */
const POSITIONS: Readonly<Record<StoredKind, Readonly<Record<string, { first: unknown; second?: unknown }>>>> = {
  projects: { "from the first on": { first: -1 } },
  issues: { "from the first on": { first: "" }, "from the middle on": { first: hexOf(world.idOf("issue", 500_000)) } },
  groups: {
    "from the first on": { first: -1, second: "" },
    "of the first project": { first: 1, second: "80" },
    "of the last project": { first: 3, second: "80" },
  },
  turningPoints: {
    "from the first on": { first: "", second: -1 },
    "from the middle on": { first: hexOf(world.idOf("issue", 500_000)), second: 1 },
  },
  users: {
    "from the first on": { first: "", second: "" },
    "of an issue with many": { first: hexOf(world.idOf("issue", 1)), second: "80" },
    "of an issue with one": { first: hexOf(world.idOf("issue", 125_000)), second: "" },
  },
  marks: {
    "from the first on": { first: "", second: "" },
    "of an issue that was seen in all releases": { first: hexOf(world.idOf("issue", 1)), second: lastOrderKey },
    "of another one, from its middle on": { first: hexOf(world.idOf("issue", 250)), second: releaseOf(350).orderKey },
    "of an issue that was seen in few releases": { first: hexOf(world.idOf("issue", 500_000)), second: "" },
  },
  releases: {
    "from the first on": { first: -1, second: "" },
    "of the first project": { first: 1, second: "m" },
    "of a project with many": { first: 2, second: "build-40000" },
  },
  events: {
    "from the first on": { first: -1, second: "" },
    "of the first project": { first: 1, second: "8" },
    "of the last project": { first: 3, second: "8" },
  },
  alerts: { "from the first on": { first: "" }, "from the middle on": { first: hexOf(world.idOf("alert", 25_000)) } },
  tallies: { "from the first on": { first: -1, second: "" }, "of the first project": { first: 1, second: "80" } },
};

/** The values of statements on a range of a kind, from each position on. */
function positionsOf(kind: StoredKind, values: Values): Readonly<Record<string, Sample>> {
  return Object.fromEntries(
    Object.entries(POSITIONS[kind]).map(([title, { first, second = first }]) => [
      title,
      () => ({ first, second, ...values }),
    ]),
  );
}

/** The statements on the ranges of each kind: on those of a table with a key of one column there is one. */
const RANGES = namesIn(COUNTED).flatMap((kind) =>
  (COUNTED[kind].second === undefined ? ["above"] : ["above", "within"]).map((range) => ({ kind, range })),
);

/** How many rows a statement counts. */
const COUNTED_AT_ONCE = 1_000;

/** The samples of the statements that count. */
const COUNTS = Object.fromEntries(
  RANGES.flatMap(({ kind, range }) =>
    ["nth", "count"].map((what) => [
      `counts.${kind}.${range}.${what}`,
      positionsOf(kind, { others: COUNTED_AT_ONCE - 1, limit: COUNTED_AT_ONCE }),
    ]),
  ),
);

/** The samples of the statements that read whole entries, as a copy does. */
const ENTRIES = Object.fromEntries(
  RANGES.map(({ kind, range }) => [`entries.${kind}.${range}`, positionsOf(kind, { limit: BATCH })]),
);

/** How far a copy has come: there is one at a time. */
const copyProgress: Sample = (place) => ({ id: 1 + place, progress: '{"kind":"events","after":"1 8"}' });

/** A long count of the largest project's issues, of which MariaDB reads each twice; and more that are short. */
const countOfIssues: Sample = (place) => {
  return { project_key: 1, status: 0, after: -1, up_to: world.ISSUES, limit: place === 0 ? 4_000 : 1 };
};

/** The same of those that match, of as many as are looked at in a step. */
const countOfMatching =
  (criteria: Partial<SearchCriteria>): Sample =>
  (place) => {
    const up_to = place === 0 ? 503_000 : 500_001;
    return { ...countOfIssues(place), after: 500_000, up_to, ...searchParameters({ ...ALL_ISSUES, ...criteria }) };
  };

/** Lists of issues in states that this version does not know. */
const inUnknownStates: Readonly<Record<string, Sample>> = Object.fromEntries(
  Object.entries<Partial<SearchCriteria>>({
    all: {},
    "with a text": { search: "field 7" },
    "of a release": { seenIn: lastOrderKey },
    "of a level, in a range of time": { levels: ["warning"], lastSeen: world.SOME_DAYS },
  }).map(([title, criteria]) => [
    title,
    () => ({ project_key: 1, ...searchParameters({ ...ALL_ISSUES, ...criteria }), limit: PAGE }),
  ]),
);

/** The values for each statement, by its name: one sample, or several by their titles. */
export const SAMPLES: Readonly<Record<string, Sample | Readonly<Record<string, Sample>>>> = {
  "projects.byId": projectId,
  "projects.byKey": projectKey,
  "projects.lock": projectKey,
  "projects.bySlugKey": (place) => ({ slug_key: world.projectIdOf(1 + place).toUpperCase() }),
  "projects.page": {
    "the first": () => ({ after: "", limit: 1_000 }),
    "after one": () => ({ after: world.projectIdOf(1).toUpperCase(), limit: 1_000 }),
  },
  "projects.insert": project,
  "projects.update": project,
  "projects.delete": (place) => ({ key: world.PROJECT_KEYS.length + 1 + place }),
  "projects.raiseIssueCount": () => ({ key: 1, first: world.ISSUES + 1, count: world.ISSUES + 2 }),
  "projects.raiseReleaseCount": () => ({ key: 1, count: world.RELEASES.length + 1 }),

  "issues.byId": issueId,
  "issues.existing": issueId,
  "issues.ofEvicted": issueId,
  "issues.lock": issueId,
  "issues.byNumber": () => ({ project_key: 1, number: 500_000 }),
  "issues.byNumberInUnknownState": () => ({ project_key: 1, number: 500_000 }),
  "issues.belowKnownStates": inUnknownStates,
  "issues.aboveKnownStates": inUnknownStates,
  "issues.count": countOfIssues,
  "issues.countMatching": {
    "with a text": countOfMatching({ search: "field 7" }),
    "in an environment": countOfMatching({ environment: world.ENVIRONMENT }),
    "of a release": countOfMatching({ seenIn: lastOrderKey }),
    "of an announced release": countOfMatching({ seenIn: announced.orderKey }),
    "of a level, in a range of time": countOfMatching({ levels: ["warning"], firstSeen: world.SOME_DAYS }),
    "that regressed": countOfMatching({ regressed: true }),
    "that nothing matches": countOfMatching({ loud: true, seenIn: "none", lastSeen: { from: 1, before: 2 } }),
  },
  "issues.byGroup": group,
  "issues.groups": group,
  "issues.latestGroups": group,
  "issues.lockOfGroups": {
    "one group": (place) => ({ groups: [group(place)] }),
    [`${String(BATCH)} groups`]: () => ({ groups: batchOf(group) }),
  },
  "issues.lockOfGroupsIfComplete": {
    "one group": (place) => ({ groups: [group(place)], required: [group(place)], releases: [release(place)] }),
    [`${String(BATCH)} groups`]: () => ({
      groups: batchOf(group),
      required: batchOf(group),
      releases: [release(0)],
    }),
  },
  "issues.awaitingNext": {
    "of a project with few": () => ({ project_key: 3, number: 0, limit: BATCH }),
    "of a project with many": () => ({ project_key: 1, number: 0, limit: BATCH }),
  },
  "issues.fixedIn": {
    "of a release with many marks and no claim": () => ({ project_key: 1, order_key: lastOrderKey, ...FIRST_FIXED }),
    "of a release with many claims": () => ({ project_key: 1, order_key: announced.orderKey, ...FIRST_FIXED }),
  },
  "issues.toWake": {
    "now and then": () => ({ now: world.DEADLINES.from + 60_000, ...FIRST_DEADLINE, limit: BATCH }),
    "after a while": () => ({ now: NOW, ...FIRST_DEADLINE, limit: BATCH }),
  },
  "issues.insert": (place) => {
    const n = newIssueAt(place);
    const { project_key, hash } = groupOf(n);
    return { ...ISSUE_COLUMNS, id: world.idOf("issue", n), project_key, number: n, group_hash: hash };
  },
  "issues.insertGroups": (place) => {
    const n = newIssueAt(place);
    return { ...groupOf(n), issue_id: world.idOf("issue", n), strategy: "default", grouping_key: `new ${String(n)}` };
  },
  "issues.addedGroups": ofIssue,
  "issues.insertAddedGroups": (place) => {
    const n = newIssueAt(place);
    return { ...groupOf(n), issue_id: world.idOf("issue", n) };
  },
  "issues.openingGroups": issueId,
  "issues.setOpeningGroup": (place) => ({ ...issueId(place), group_hash: world.groupHashOf(newIssueAt(place)) }),
  "issues.deleteAddedGroups": ofIssue,
  "issues.update": (place) => ({ ...ISSUE_COLUMNS, ...issueId(place) }),
  "issues.projects": issueId,
  "issues.someOfProject": () => ({ project_key: 1, limit: BATCH }),
  "issues.toDelete": issueId,
  "issues.delete": issueId,
  "issues.deleteGroups": group,
  "issues.counters": ofIssue,
  "issues.saveCounters": (place) => ({ ...ofIssue(place), buckets: new Uint8Array(400) }),
  "issues.deleteCounters": ofIssue,

  "users.byKey": (place) => ({ ...withUser(place), user_hash: world.userHashOf(1 + place) }),
  "users.fromDay": {
    "of an issue with many": counting({ from_day: 30 }),
    "of an issue with many, but none since": counting({ from_day: world.USER_DAYS }),
  },
  "users.fromTurn": {
    "of an issue with many": counting({ from_turn: world.MUTE.turn }),
    "of an issue with many, but none since": counting({ from_turn: 9 }),
  },
  "users.fromTurnAndDay": counting({ from_turn: world.MUTE.laterTurn, from_day: 95 }),
  "users.fromTurnOnDay": {
    "of the mute": counting({ from_turn: world.MUTE.turn, day: world.MUTE.day }),
    "before the mute": counting({ from_turn: world.MUTE.turn, day: world.MUTE.day - 1 }),
  },
  "users.newestDay": (place) => ({ place, ...withUser(place) }),
  "users.save": {
    "that are new": (place) => ({ ...withUser(place), user_hash: "f".repeat(32), last_day: 99, last_turn: 3 }),
    "that occurred before": (place) => ({
      ...withUser(place),
      user_hash: world.userHashOf(1 + place),
      last_day: 99,
      last_turn: 3,
    }),
  },
  "users.setBack": () => ({ issue_id: world.idOf("issue", 1), day: world.USER_DAYS - 1 }),
  "users.delete": (place) => withUser(place + 1),
  "users.firstOfIssue": () => ({ issue_id: world.idOf("issue", 1), limit: BATCH }),
  "users.nextOfIssue": () => ({ issue_id: world.idOf("issue", 1), user_hash: world.userHashOf(500), limit: BATCH }),
  "users.deleteSome": (place) => ({ ...withUser(place + 1), user_hash: "0".repeat(32) }),

  "releases.byName": release,
  "releases.lockByName": release,
  "releases.inPlace": releasePlace,
  "releases.page": () => ({ project_key: 1, before: lastOrderKey, limit: PAGE }),
  "releases.timelines": {
    "of all projects": timelinePart,
    "of the newest other release": (place) => ({ ...timelinePart(place), project_key: 2, part: "newest-other" }),
    "of the latest release": (place) => ({ ...timelinePart(place), project_key: 2, part: "latest" }),
    "of a line with few releases": (place) => ({ ...timelinePart(place), project_key: 1, part: "line" }),
    "of a line with many releases": (place) => ({
      ...timelinePart(place),
      project_key: 2,
      part: "line",
      line: "builds",
    }),
  },
  "releases.pending": (place) => ({ project_key: 1 + (place % world.PROJECT_KEYS.length) }),
  "releases.allPending": () => ({}),
  "releases.savePending": pendingRelease,
  "releases.deletePending": pendingRelease,
  "releases.save": (place) => ({ ...releaseRow(1, releaseOf(place)), at: NOW }),
  "releases.delete": release,
  "releases.someOfProject": () => ({ project_key: 1, limit: BATCH }),
  "releases.deletePendingOfProject": () => ({ project_key: 1 }),

  "marks.nearest": {
    "of issues that were seen in few releases": mark,
    "of issues that were seen in all releases, up to the last one": markOfOldIssue(lastOrderKey),
    "of issues that were seen in all releases, up to one of the first": markOfOldIssue(releaseOf(20).orderKey),
  },
  "marks.upTo": {
    "of an issue that was seen in few releases": () => ({ ...ofIssue(1), up_to: lastOrderKey, limit: PAGE }),
    "of an issue that was seen in all releases": () => ({
      issue_id: world.idOf("issue", 1),
      up_to: releaseOf(350).orderKey,
      limit: 51,
    }),
  },
  "marks.byKey": mark,
  "marks.save": (place) => ({ ...mark(place), project_key: 1, fixed_last: false, fixed_at: null, seen: true }),
  "marks.delete": mark,
  "marks.deleteOfIssues": ofIssue,
  "marks.deleteOfReleases": move,
  "marks.move": move,
  "marks.meeting": move,

  "events.byId": event,
  "events.stored": event,
  "events.lock": event,
  "events.data": eventData,
  "events.listedData": eventData,
  "events.numberedAbove": () => ({ issue_id: world.idOf("issue", 1), number: -1, limit: PAGE }),
  "events.numberedBelow": () => ({ issue_id: world.idOf("issue", 1), number: 2 ** 40, limit: PAGE }),
  "events.unnumberedAbove": () => ({ issue_id: world.idOf("issue", 1), id: "", limit: PAGE }),
  "events.unnumberedBelow": () => ({ issue_id: world.idOf("issue", 1), id: "8", limit: PAGE }),
  "events.insert": (place) => {
    const n = newIssueAt(place);
    return {
      ...eventKeyOf(n),
      issue_id: world.idOf("issue", issueAt(place)),
      release: "shop@6.9.9",
      received_at: NOW,
      occurred_at: null,
      kept: false,
      data_id: world.dataIdOf(n),
      details: '{"type":"TypeError"}',
      number: 2,
    };
  },
  "events.insertData": (place) => ({ id: world.dataIdOf(newIssueAt(place)), data: '{"note":"new"}', details: null }),
  "events.pageAfter": {
    "from the first on": () => ({ project_key: 1, after: "", limit: BATCH }),
    "from the middle on": () => ({ project_key: 1, after: "8", limit: BATCH }),
  },
  "events.longDetails": eventData,
  "events.someOfProject": () => ({ project_key: 1, limit: BATCH }),
  "events.delete": event,
  "events.deleteData": eventData,

  "history.page": () => ({ ...ofIssue(1), before: Number.MAX_SAFE_INTEGER, limit: PAGE }),
  "history.insert": (place) => ({
    ...ofIssue(place),
    number: 2,
    turn: { kind: "reopened", withdrawn: [] },
    at: NOW,
    by_user: null,
    event_id: null,
    comment: "",
  }),
  "history.delete": ofIssue,
  "history.origins": () => ({ issue_id: FIRST_ID, number: 0, limit: BATCH }),
  "history.setCause": (place) => ({ ...ofIssue(place), number: 1, event_id: null }),
  "history.setAuthor": (place) => ({ ...ofIssue(place), number: 1, by_user: "erased" }),
  "history.some": () => ({ ...ofIssue(1), limit: BATCH }),
  "history.deleteSome": (place) => ({ ...ofIssue(place), number: 1 }),

  "feed.page": {
    "from the first on": () => ({ after: 0, limit: PAGE }),
    "from the middle on": () => ({ after: world.PLACED_IN_FEED / 2, limit: PAGE }),
    "after the last": () => ({ after: world.PLACED_IN_FEED, limit: PAGE }),
  },
  "feed.anyWaiting": () => ({}),
  "feed.waiting": () => ({ limit: BATCH }),
  "feed.setPosition": (place) => ({ ...ofIssue(place), number: 1, feed_position: world.PLACED_IN_FEED + 1 + place }),
  "feed.end": () => ({ key: 1 }),
  "feed.lockEnd": () => ({ key: 1 }),
  "feed.insertEnd": (place) => ({ key: 2 + place, last_position: 0 }),
  "feed.moveEnd": () => ({ key: 1, last_position: world.PLACED_IN_FEED }),

  ...COUNTS,

  ...ENTRIES,
  "entries.progress": copyProgress,
  "entries.lockProgress": copyProgress,
  "entries.saveProgress": copyProgress,
  "entries.deleteProgress": copyProgress,

  "alerts.page": {
    "from the first on": () => ({ status: 0, at: -1, limit: PAGE }),
    "of dead ones, from the middle on": () => ({ status: 1, at: world.alertDueAt(25_000), limit: PAGE }),
  },
  "alerts.pageOfInstant": () => ({
    status: 1,
    at: world.alertDueAt(25_000),
    id: world.idOf("alert", 25_000),
    limit: PAGE,
  }),
  "alerts.belowKnownStates": () => ({ limit: PAGE }),
  "alerts.aboveKnownStates": () => ({ limit: PAGE }),
  "alerts.count": () => ({ now: NOW }),
  "alerts.due": () => ({ now: NOW, limit: 4 }),
  "alerts.dueBlocked": () => ({ now: NOW, limit: 4 }),
  "alerts.dueInOrder": {
    "from the first on": () => ({ now: NOW, at: -1, id: FIRST_ID, limit: 4 }),
    "from the middle on": () => ({ now: NOW, at: world.alertDueAt(25_000), id: world.idOf("alert", 25_000), limit: 4 }),
  },
  "alerts.lockFree": alert,
  "alerts.ofIssues": alertsOfIssue,
  "alerts.chosen": alert,
  "alerts.firstBlocked": alertsOfIssue,
  "alerts.ended": () => ({ status: 1, before: NOW, limit: BATCH }),
  "alerts.dueLast": {
    "that a clock wrote which was ahead, none": () => ({ due_after: world.alertDueAt(world.ALERTS), limit: 100 }),
    "that a clock wrote which was ahead, most": () => ({ due_after: NOW, limit: 100 }),
  },
  "alerts.dueLastBlocked": () => ({ due_after: NOW, limit: 100 }),
  "alerts.lock": alert,
  "alerts.insert": (place) => {
    const n = world.ALERTS + 1 + place;
    return {
      ...changedAlert(place),
      id: world.idOf("alert", n),
      issue_id: world.idOf("issue", issueAt(place)),
      turn: 1,
      alert: '{"version":1}',
    };
  },
  "alerts.lease": changedAlert,
  "alerts.settle": changedAlert,
  "alerts.discard": changedAlert,
  "alerts.redrive": changedAlert,
  "alerts.block": changedAlert,
  "alerts.unblock": alert,
  "alerts.delete": alert,
  "alerts.deleteOfIssues": alertsOfIssue,
  "alerts.after": {
    "from the first on": () => ({ id: FIRST_ID, limit: BATCH }),
    "from the middle on": () => ({ id: world.idOf("alert", 25_000), limit: BATCH }),
  },
  "alerts.discarders": () => ({ id: FIRST_ID, limit: BATCH }),
  "alerts.replace": (place) => ({ ...alert(place), alert: "{}" }),
  "alerts.setDiscarder": (place) => ({ ...alert(place), user: "ann", discarded_by: "erased" }),
  "alerts.ofNoIssue": () => ({}),

  "tallies.lock": tally,
  "tallies.ended": () => ({ ended_at: NOW, limit: BATCH }),
  "tallies.endingLast": {
    "of periods in the future, none": () => ({ ends_after: NOW + 2 * 3_600_000, limit: 100 }),
    "of periods in the future, all": () => ({ ends_after: NOW, limit: 100 }),
  },
  "tallies.insert": (place) => ({ ...tally(place), issue_id: world.idOf("gone", place) }),
  "tallies.update": tally,
  "tallies.delete": tally,
  "tallies.deleteOfProject": () => ({ project_key: world.PROJECT_KEYS.length + 1 }),
};
