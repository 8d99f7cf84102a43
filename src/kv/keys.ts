import type { IssueOrder } from "../core/issue-list.ts";
import { concat } from "./bytes.ts";
import { numberPart } from "./key-parts.ts";

/*
 * The layout of the keys, version 2: docs/key-value-stores.md describes it. A key begins with one byte, which says what it is of. The
 * texts of maps follow in `TextMap`. To change anything here is a new version of the layout.
 */

/** The version of the layout that this code reads and writes. */
export const LAYOUT_VERSION = 2;

/** The first bytes of keys. */
const FIRST = {
  layout: 0x00,
  lastNumber: 0x01,
  copyProgress: 0x02,
  project: 0x10,
  slug: 0x11,
  issue: 0x20,
  issueByNumber: 0x21,
  issueInList: 0x22,
  awaitingNext: 0x23,
  toWake: 0x24,
  group: 0x28,
  groupOfIssue: 0x29,
  turningPoint: 0x30,
  counter: 0x31,
  feedEntry: 0x32,
  feedPosition: 0x33,
  waitingForFeed: 0x34,
  feedEnd: 0x35,
  user: 0x38,
  userByDay: 0x39,
  userByTurn: 0x3a,
  release: 0x40,
  releaseByOrder: 0x41,
  releaseByNumber: 0x42,
  latestRelease: 0x43,
  pendingRelease: 0x44,
  line: 0x48,
  releaseOfLine: 0x49,
  knownReleaseOfLine: 0x4a,
  mark: 0x50,
  markByRelease: 0x51,
  event: 0x60,
  eventBody: 0x61,
  eventOfIssue: 0x62,
  alert: 0x70,
  alertState: 0x71,
  alertByTime: 0x72,
  alertToClaim: 0x73,
  alertOfIssue: 0x74,
  pendingOfIssue: 0x75,
  tally: 0x78,
  tallyByEnd: 0x79,
} as const;

function key(first: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(first), ...parts);
}

function byte(value: number): Uint8Array {
  return Uint8Array.of(value);
}

/** The orders of lists of issues in keys. */
const ORDERS: Readonly<Record<IssueOrder, number>> = { "last-seen": 0, "first-seen": 1, "event-count": 2 };

/**
 * All keys, and the prefixes of keys that are read together. `project` and `line` are internal numbers; `issue`, `alert` and `user`
 * are the parts of ids; `text` is the part of a text.
 */
export const KEYS = {
  layout: key(FIRST.layout),
  lastNumber: key(FIRST.lastNumber),
  copyProgress: key(FIRST.copyProgress),

  projects: key(FIRST.project),
  slugs: key(FIRST.slug),

  issues: key(FIRST.issue),
  issue: (issue: Uint8Array) => key(FIRST.issue, issue),
  issuesByNumber: (project: number) => key(FIRST.issueByNumber, numberPart(project)),
  issueByNumber: (project: number, number: number) => concat(KEYS.issuesByNumber(project), numberPart(number)),
  issuesInLists: (project: number) => key(FIRST.issueInList, numberPart(project)),
  issuesInOrder: (project: number, order: IssueOrder) =>
    key(FIRST.issueInList, numberPart(project), byte(ORDERS[order])),
  issuesInList: (project: number, order: IssueOrder, status: number) =>
    concat(KEYS.issuesInOrder(project, order), byte(status)),
  issueInList: (list: Uint8Array, value: number, number: number) => concat(list, numberPart(value), numberPart(number)),
  allAwaitingNext: (project: number) => key(FIRST.awaitingNext, numberPart(project)),
  awaitingNext: (project: number, number: number) => concat(KEYS.allAwaitingNext(project), numberPart(number)),
  allToWake: key(FIRST.toWake),
  toWakeAt: (at: number) => key(FIRST.toWake, numberPart(at)),
  toWake: (at: number, issue: Uint8Array) => concat(KEYS.toWakeAt(at), issue),

  allGroups: key(FIRST.group),
  groups: (project: number) => key(FIRST.group, numberPart(project)),
  groupsOfIssue: (issue: Uint8Array) => key(FIRST.groupOfIssue, issue),
  groupOfIssue: (issue: Uint8Array, number: number) => concat(KEYS.groupsOfIssue(issue), numberPart(number)),

  allTurningPoints: key(FIRST.turningPoint),
  turningPoints: (issue: Uint8Array) => key(FIRST.turningPoint, issue),
  turningPoint: (issue: Uint8Array, number: number) => concat(KEYS.turningPoints(issue), numberPart(number)),
  counter: (issue: Uint8Array) => key(FIRST.counter, issue),

  feed: key(FIRST.feedEntry),
  feedEntry: (position: number) => key(FIRST.feedEntry, numberPart(position)),
  feedPositions: (issue: Uint8Array) => key(FIRST.feedPosition, issue),
  feedPosition: (turningPoint: Uint8Array) => key(FIRST.feedPosition, turningPoint),
  allWaitingForFeed: key(FIRST.waitingForFeed),
  issueWaitingForFeed: (issue: Uint8Array) => key(FIRST.waitingForFeed, issue),
  waitingForFeed: (turningPoint: Uint8Array) => key(FIRST.waitingForFeed, turningPoint),
  feedEnd: key(FIRST.feedEnd),

  allUsers: key(FIRST.user),
  users: (issue: Uint8Array) => key(FIRST.user, issue),
  user: (issue: Uint8Array, user: Uint8Array) => concat(KEYS.users(issue), user),
  usersByDay: (issue: Uint8Array) => key(FIRST.userByDay, issue),
  userByDay: (issue: Uint8Array, day: number, user: Uint8Array) =>
    concat(KEYS.usersByDay(issue), numberPart(day), user),
  usersByTurn: (issue: Uint8Array) => key(FIRST.userByTurn, issue),
  userByTurn: (issue: Uint8Array, turn: number, user: Uint8Array) =>
    concat(KEYS.usersByTurn(issue), numberPart(turn), user),

  allReleases: key(FIRST.release),
  releases: (project: number) => key(FIRST.release, numberPart(project)),
  releasesByOrder: (project: number) => key(FIRST.releaseByOrder, numberPart(project)),
  releasesByNumber: (project: number) => key(FIRST.releaseByNumber, numberPart(project)),
  releaseByNumber: (project: number, number: number) => concat(KEYS.releasesByNumber(project), numberPart(number)),
  latestReleases: (project: number) => key(FIRST.latestRelease, numberPart(project)),
  latestRelease: (project: number, number: number) => concat(KEYS.latestReleases(project), numberPart(number)),
  allPendingReleases: key(FIRST.pendingRelease),
  pendingReleases: (project: number) => key(FIRST.pendingRelease, numberPart(project)),
  pendingRelease: (project: number, number: number) => concat(KEYS.pendingReleases(project), numberPart(number)),
  lines: (project: number) => key(FIRST.line, numberPart(project)),
  releasesOfLine: (line: number) => key(FIRST.releaseOfLine, numberPart(line)),
  releaseOfLine: (line: number, number: number) => concat(KEYS.releasesOfLine(line), numberPart(number)),
  knownReleasesOfLine: (line: number) => key(FIRST.knownReleaseOfLine, numberPart(line)),

  allMarks: key(FIRST.mark),
  marks: (issue: Uint8Array) => key(FIRST.mark, issue),
  marksOfProject: (project: number) => key(FIRST.markByRelease, numberPart(project)),
  marksByRelease: (project: number, isFixed: boolean, text: Uint8Array) =>
    key(FIRST.markByRelease, numberPart(project), byte(isFixed ? 1 : 0), text),
  markByRelease: (project: number, isFixed: boolean, text: Uint8Array, issue: Uint8Array) =>
    concat(KEYS.marksByRelease(project, isFixed, text), issue),

  allEvents: key(FIRST.event),
  events: (project: number) => key(FIRST.event, numberPart(project)),
  eventBodies: (project: number) => key(FIRST.eventBody, numberPart(project)),
  eventsOfIssues: (project: number) => key(FIRST.eventOfIssue, numberPart(project)),
  eventsOfIssue: (project: number, issue: Uint8Array) => concat(KEYS.eventsOfIssues(project), issue),
  eventsWithNumber: (project: number, issue: Uint8Array, number: number) =>
    concat(KEYS.eventsOfIssue(project, issue), numberPart(number)),

  alert: (alert: Uint8Array) => key(FIRST.alert, alert),
  alertStates: key(FIRST.alertState),
  alertState: (alert: Uint8Array) => key(FIRST.alertState, alert),
  allAlertsByTime: key(FIRST.alertByTime),
  alertsByTime: (status: number) => key(FIRST.alertByTime, byte(status)),
  alertsAt: (status: number, at: number) => concat(KEYS.alertsByTime(status), numberPart(at)),
  alertByTime: (status: number, at: number, alert: Uint8Array) => concat(KEYS.alertsAt(status, at), alert),
  alertsToClaim: key(FIRST.alertToClaim),
  alertsToClaimAt: (at: number) => key(FIRST.alertToClaim, numberPart(at)),
  alertToClaim: (at: number, alert: Uint8Array) => concat(KEYS.alertsToClaimAt(at), alert),
  alertsOfIssue: (issue: Uint8Array) => key(FIRST.alertOfIssue, issue),
  alertOfIssue: (issue: Uint8Array, alert: Uint8Array) => concat(KEYS.alertsOfIssue(issue), alert),
  allPending: key(FIRST.pendingOfIssue),
  pendingOfIssue: (issue: Uint8Array) => key(FIRST.pendingOfIssue, issue),
  pendingAtTurn: (issue: Uint8Array, turn: number) => concat(KEYS.pendingOfIssue(issue), numberPart(turn)),
  pending: (issue: Uint8Array, turn: number, alert: Uint8Array) => concat(KEYS.pendingAtTurn(issue, turn), alert),

  allTallies: key(FIRST.tally),
  talliesOfProject: (project: number) => key(FIRST.tally, numberPart(project)),
  tally: (project: number, issue: Uint8Array) => key(FIRST.tally, numberPart(project), issue),
  tallies: key(FIRST.tallyByEnd),
  talliesEndingAt: (endsAt: number) => key(FIRST.tallyByEnd, numberPart(endsAt)),
  tallyByEnd: (endsAt: number, project: number, issue: Uint8Array) =>
    concat(KEYS.talliesEndingAt(endsAt), numberPart(project), issue),
} as const;
