import type { Alert } from "../core/alert.ts";
import type { HeldBack } from "../core/alert-limits.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { requireArray, requireBoolean, requireObject, requireOneOf } from "../core/input.ts";
import { ISSUE_STATUSES, type IssueState, type Resolution } from "../core/issue.ts";
import type { MuteTerms } from "../core/mute-request.ts";
import { WAKE_ON, type Mute, type MuteDeadline, type MuteVolume } from "../core/mute.ts";
import type { Turn } from "../core/turning-point.ts";
import { parseVolumeCondition, type VolumeBasedCondition } from "../core/volume-condition.ts";
import { parseAlert, parseHeldBack } from "./stored-alert.ts";
import { count, instant, orNull, text } from "./stored-members.ts";
import { parseRegressionReason, parseUnmuteReason } from "./stored-reasons.ts";

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

/** Reads what was held back. */
export function readHeldBack(json: string): HeldBack {
  return read("what was held back", json, parseHeldBack);
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
