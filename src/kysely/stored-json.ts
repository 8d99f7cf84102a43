import type { Alert, AlertReason } from "../core/alert.ts";
import { ALERT_KINDS } from "../core/alert.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import {
  requireArray,
  requireBoolean,
  requireInstant,
  requireInteger,
  requireObject,
  requireOneOf,
  requireText,
} from "../core/input.ts";
import { ISSUE_STATUSES, type IssueState, type Resolution } from "../core/issue.ts";
import type { MuteTerms } from "../core/mute-request.ts";
import { WAKE_ON, type Mute, type MuteDeadline, type MuteVolume, type UnmuteReason } from "../core/mute.ts";
import type { RegressionReason } from "../core/regression.ts";
import type { Turn } from "../core/turning-point.ts";
import { parseVolumeCondition, type VolumeBasedCondition } from "../core/volume-condition.ts";

/*
 * States, turns and alerts are stored as JSON. What is read back is checked member by member: a row that something else
 * wrote, or half wrote, is reported as corrupt instead of being believed.
 */

/** Reads an issue's state. */
export function readState(json: string): IssueState {
  return read("an issue's state", json, parseState);
}

/** Reads what turned. */
export function readTurn(json: string): Turn {
  return read("a turning point", json, parseTurn);
}

/** Reads an alert. */
export function readAlert(json: string): Alert {
  return read("an alert", json, parseAlert);
}

function read<Value>(what: string, json: string, parse: (value: unknown) => Value): Value {
  try {
    return parse(JSON.parse(json));
  } catch (cause) {
    throw new IssueLifecycleError("corrupt-data", `The store holds something that is not ${what}.`, { cause });
  }
}

function parseState(value: unknown): IssueState {
  const given = requireObject("state", value);
  const status = requireOneOf("state.status", given["status"], ISSUE_STATUSES);
  switch (status) {
    case "open":
      return { status };
    case "resolved":
      return { status, resolvedAt: instant(given, "resolvedAt"), resolution: parseResolution(given["resolution"]) };
    case "muted":
      return { status, mute: parseMute(given["mute"]) };
  }
}

function parseResolution(value: unknown): Resolution {
  const given = requireObject("resolution", value);
  const kind = requireOneOf("resolution.kind", given["kind"], ["plain", "by-release", "by-next"]);
  if (kind !== "by-release") return { kind };
  return {
    kind,
    releases: requireArray("resolution.releases", given["releases"]).map((each) => text({ each }, "each")),
  };
}

function parseMute(value: unknown): Mute {
  const given = requireObject("mute", value);
  return {
    mutedAt: instant(given, "mutedAt"),
    deadline: orNull(given["deadline"], parseDeadline),
    volume: orNull(given["volume"], parseVolume),
  };
}

function parseDeadline(value: unknown): MuteDeadline {
  const given = requireObject("deadline", value);
  return { at: instant(given, "at"), wakeOn: requireOneOf("deadline.wakeOn", given["wakeOn"], WAKE_ON) };
}

function parseVolume(value: unknown): MuteVolume {
  const given = requireObject("volume", value);
  return {
    conditions: parseConditions(given["conditions"]),
    countedFrom: count(given, "countedFrom"),
    checkAt: count(given, "checkAt"),
  };
}

function parseConditions(value: unknown): VolumeBasedCondition[] {
  return requireArray("conditions", value).map((each) => parseVolumeCondition(each));
}

function parseTurn(value: unknown): Turn {
  const given = requireObject("turn", value);
  const kind = requireOneOf("turn.kind", given["kind"], TURN_KINDS);
  switch (kind) {
    case "first-seen":
    case "reopened":
    case "annotated":
      return { kind };
    case "resolved":
      return { kind, claim: parseResolution(given["claim"]) };
    case "muted":
      return { kind, terms: parseTerms(given["terms"]) };
    case "unmuted":
      return { kind, reason: parseUnmuteReason(given["reason"]) };
    case "regressed":
      return { kind, reason: parseRegressionReason(given["reason"]) };
    case "next-materialized":
      return { kind, release: text(given, "release") };
  }
}

const TURN_KINDS = [
  "first-seen",
  "resolved",
  "muted",
  "unmuted",
  "regressed",
  "reopened",
  "next-materialized",
  "annotated",
] as const satisfies Turn["kind"][];

function parseTerms(value: unknown): MuteTerms {
  const given = requireObject("terms", value);
  return {
    deadline: orNull(given["deadline"], parseDeadline),
    conditions: parseConditions(given["conditions"]),
    sinceMute: requireBoolean("terms.sinceMute", given["sinceMute"]),
  };
}

function parseUnmuteReason(value: unknown): UnmuteReason {
  const given = requireObject("reason", value);
  const kind = requireOneOf("reason.kind", given["kind"], ["by-person", "deadline-passed", "volume-reached"]);
  switch (kind) {
    case "by-person":
      return { kind };
    case "deadline-passed": {
      const noticedBy = requireOneOf("reason.noticedBy", given["noticedBy"], ["event", "clock"]);
      return { kind, deadline: instant(given, "deadline"), noticedBy };
    }
    case "volume-reached": {
      const sinceMute = requireBoolean("reason.sinceMute", given["sinceMute"]);
      return { kind, condition: parseVolumeCondition(given["condition"]), count: count(given, "count"), sinceMute };
    }
  }
}

function parseRegressionReason(value: unknown): RegressionReason {
  const given = requireObject("reason", value);
  const kind = requireOneOf("reason.kind", given["kind"], ["resolved-plainly", "fixed-in-release"]);
  if (kind === "resolved-plainly") return { kind, resolvedAt: instant(given, "resolvedAt") };
  return { kind, release: text(given, "release"), fixedIn: text(given, "fixedIn") };
}

function parseAlert(value: unknown): Alert {
  const given = requireObject("alert", value);
  const project = requireObject("alert.project", given["project"]);
  const issue = requireObject("alert.issue", given["issue"]);
  requireInteger("alert.version", given["version"], 1, 1);
  return {
    version: 1,
    id: text(given, "id"),
    reason: parseAlertReason(given["reason"]),
    project: { id: text(project, "id"), slug: text(project, "slug") },
    issue: {
      id: text(issue, "id"),
      friendlyId: text(issue, "friendlyId"),
      title: text(issue, "title"),
      status: requireOneOf("alert.issue.status", issue["status"], ISSUE_STATUSES),
      eventCount: count(issue, "eventCount"),
      firstSeenAt: instant(issue, "firstSeenAt"),
      lastSeenAt: instant(issue, "lastSeenAt"),
    },
    eventId: orNull(given["eventId"], (eventId) => text({ eventId }, "eventId")),
    turningPoint: count(given, "turningPoint"),
    raisedAt: instant(given, "raisedAt"),
  };
}

function parseAlertReason(value: unknown): AlertReason {
  const given = requireObject("reason", value);
  const kind = requireOneOf("reason.kind", given["kind"], ALERT_KINDS);
  switch (kind) {
    case "new-issue":
      return { kind };
    case "regression":
      return { kind, reason: parseRegressionReason(given["reason"]) };
    case "unmute":
      return { kind, reason: parseUnmuteReason(given["reason"]) };
  }
}

type Given = Readonly<Record<string, unknown>>;

function text(given: Given, member: string): string {
  return requireText(member, given[member], 0, Number.MAX_SAFE_INTEGER);
}

function instant(given: Given, member: string): number {
  return requireInstant(member, given[member]);
}

function count(given: Given, member: string): number {
  return requireInteger(member, given[member], 0, Number.MAX_SAFE_INTEGER);
}

function orNull<Value>(value: unknown, parse: (value: unknown) => Value): Value | null {
  return value === null ? null : parse(value);
}
