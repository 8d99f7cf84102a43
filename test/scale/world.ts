import { minuteOf } from "../../src/core/calendar.ts";
import type { IssueState, Resolution } from "../../src/core/issue.ts";
import type { TimeRange } from "../../src/core/issue-list.ts";
import type { MuteDeadline } from "../../src/core/mute.ts";
import { DEFAULT_RELEASE_ORDER, readRelease } from "../../src/core/release-order.ts";
import {
  announceRelease,
  EMPTY_TIMELINE,
  registerRelease,
  type ReadRelease,
  type Release,
} from "../../src/core/release.ts";
import type { TableName } from "../../src/kysely/schema/tables.ts";

/*
 * The contents of the generated tables. All of an issue follows from its number, from 1 on, so that tests know what the
 * tables hold without a query.
 */

export const ISSUES = 1_000_000;

/** Three projects; see `projectKeyOf`. */
export const PROJECT_KEYS = [1, 2, 3] as const;

/** A project's id. */
export function projectIdOf(key: number): string {
  return `project-${String(key)}`;
}

/** The tables that grow with the events. There are few projects. */
export const GROWING_TABLES = [
  "issues",
  "groups",
  "added_groups",
  "counters",
  "issue_users",
  "release_marks",
  "project_releases",
  "events",
  "event_data",
  "turning_points",
  "outbox",
  "tallies",
] as const satisfies TableName[];

/** The time of the queries. */
export const NOW = Date.UTC(2026, 0, 1);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The number of minutes in which issues were last seen. */
export const SEEN_MINUTES = 90 * 24 * 60;
export const NOW_MINUTE = minuteOf(NOW);

/** The event counts of issues: most have a few events. Each number is that of one of 10,000 issues. */
export const EVENT_COUNTS: readonly number[] = Array.from({ length: 10_000 }, (_, place) =>
  Math.floor(10_000 / (place + 1)),
);

/** Some days in the middle of those in which issues were seen. */
export const SOME_DAYS: TimeRange = { from: NOW - 48 * 24 * HOUR, before: NOW - 45 * 24 * HOUR };

/** The states of issues, and how many of a hundred issues are in each. */
export const STATES = {
  open: { share: 85, state: { status: "open" } },
  regressed: { share: 5, state: { status: "open", regressedAt: NOW - HOUR } },
  waking: { share: 1, state: muted({ at: NOW, wakeOn: "deadline" }) },
  muted: { share: 3, state: muted({ at: NOW, wakeOn: "next-event" }) },
  byNext: { share: 1, state: resolved({ kind: "by-next" }) },
  resolved: { share: 5, state: resolved({ kind: "plain" }) },
} as const satisfies Record<string, { share: number; state: IssueState }>;

/** The deadlines of mutes that end by the clock. */
export const DEADLINES = { from: NOW - 2 * 24 * HOUR, within: 30 * 24 * HOUR } as const;

/** Each project's known releases, first to last, and then announced ones. */
export const KNOWN_RELEASES = 700;
export const ANNOUNCED_RELEASES = 10;
export const RELEASES: readonly Release[] = makeReleases();

/** One project has many more, like one that is released with every change. */
export const FREQUENT_RELEASES = { project_key: 2, count: 60_000 } as const;

/** Issues were seen in two releases; one of so many has an announced fix; and the first ones were seen in all releases. */
export const ISSUES_PER_ANNOUNCED_FIX = 97;
export const OLD_ISSUES = 500;

/** One of five issues occurred here. */
export const ENVIRONMENT = "staging";

/** The first issue has many users, of days that are numbered from 0 on; one of a hundred occurred at each. */
export const USERS_OF_FIRST_ISSUE = 400_000;
export const USER_DAYS = 100;
/** The day on which it was muted: users since then have this turn, and one of a thousand a later one. */
export const MUTE = { day: 90, turn: 2, laterTurn: 3 } as const;
/** So many other issues have one user each. */
export const ISSUES_WITH_USER = 250_000;

/** The hash of the `n`th user. */
export function userHashOf(n: number): string {
  return scrambled(n, 32);
}

/** So many turning points have a position in the feed; the others wait for one. */
export const PLACED_IN_FEED = 900_000;

export const COUNTED_ISSUES = 250_000;
export const EVENTS_WITH_DATA = 250_000;

export const ALERT = { version: 1, text: "x".repeat(500) };

/** Alerts that were not claimed for a while: the first ones are due. */
export const ALERTS = 50_000;
const DUE_ALERTS = 10_000;
export const MS_BETWEEN_ALERTS = 1_000;
export const FIRST_ALERT_DUE_AT = NOW - (DUE_ALERTS - 1) * MS_BETWEEN_ALERTS;

/** The parts of ids: a UUIDv7 has a time, and here the number of the thing that it identifies. */
export const ID_PARTS = {
  firstAt: NOW - 100 * 24 * HOUR,
  msBetween: 8_000,
  issue: "70008000",
  alert: "70018000",
  data: "70028000",
  /** Of deleted issues. */
  gone: "70038000",
} as const;

/** A kind of things with ids. */
export type IdKind = "issue" | "alert" | "data" | "gone";

/** The UUID of the `n`th thing. */
export function idOf(kind: IdKind, n: number): string {
  const digits = hex(ID_PARTS.firstAt + n * ID_PARTS.msBetween, 12) + ID_PARTS[kind] + hex(n, 12);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/u, "$1-$2-$3-$4-");
}

/** The id of the `n`th data, which is stored as bytes. */
export function dataIdOf(n: number): Uint8Array {
  return Buffer.from(idOf("data", n).replaceAll("-", ""), "hex");
}

/** Multiplied by this, modulo 2^32, consecutive numbers are in no order, and no two are equal. */
export const SCRAMBLER = 2_654_435_761;

/** The hash of the `n`th group. */
export function groupHashOf(n: number): Uint8Array {
  return Buffer.from(scrambled(n, 64), "hex");
}

/** The client's id of the `n`th event. */
export function eventIdOf(n: number): string {
  return scrambled(n, 32);
}

/** When the `n`th alert is due. */
export function alertDueAt(n: number): number {
  return FIRST_ALERT_DUE_AT + (n - 1) * MS_BETWEEN_ALERTS;
}

/** The key of the `n`th issue's project: the first one has most issues. */
export function projectKeyOf(n: number): number {
  const digit = n % 10;
  if (digit < 7) return 1;
  return digit < 9 ? 2 : 3;
}

function scrambled(n: number, digits: number): string {
  return hex(Number((BigInt(n) * BigInt(SCRAMBLER)) % 2n ** 32n), 8) + hex(n, digits - 8);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function muted(deadline: Pick<MuteDeadline, "at" | "wakeOn">): IssueState {
  return {
    status: "muted",
    mute: { mutedAt: NOW - 24 * HOUR, deadline: { ...deadline, isDuration: false }, volume: null },
  };
}

function resolved(resolution: Resolution): IssueState {
  return { status: "resolved", resolvedAt: NOW - HOUR, afterRelease: 0, resolution };
}

/** A release as the default order reads it. */
function read(version: string): ReadRelease {
  const place = readRelease(DEFAULT_RELEASE_ORDER, version);
  if (place === null) throw new Error(`${version} is no release.`);
  return { version, place, placedBy: DEFAULT_RELEASE_ORDER.version };
}

function makeReleases(): Release[] {
  const releases: Release[] = [];
  let timeline = EMPTY_TIMELINE;
  for (let index = 0; index < KNOWN_RELEASES; index += 1) {
    const version = `shop@${[Math.floor(index / 100), Math.floor(index / 10) % 10, index % 10].map(String).join(".")}`;
    const added = registerRelease(timeline, read(version), NOW - (KNOWN_RELEASES - index) * HOUR);
    timeline = added.timeline;
    releases.push(added.release);
  }
  for (let index = 0; index < ANNOUNCED_RELEASES; index += 1) {
    const added = announceRelease(timeline, read(`hotfix-${String(index)}`), NOW);
    timeline = added.timeline;
    releases.push(added.release);
  }
  return releases;
}
