import type { IssueState } from "../../core/issue.ts";
import { MINUTE, NOON, uuid } from "./samples.ts";

/** Every kind of state, with every kind of member. */
export const STATES: readonly IssueState[] = [
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
  { status: "open", quietFrom: NOON + 9 },
  { status: "open", regressedAt: NOON + 1 },
  { status: "open", loudAt: NOON + 2, regressedAt: NOON - 4 },
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
  { status: "discarded", discard: { discardedAt: NOON, eventCount: 1, conditions: [], checkAt: 0 } },
  {
    status: "discarded",
    discard: {
      discardedAt: NOON + 3,
      eventCount: Number.MAX_SAFE_INTEGER,
      conditions: [{ kind: "spike", floor: 10, factor: 3 }],
      checkAt: 22,
    },
  },
  { status: "merged", into: uuid(7_000), as: "member", at: NOON },
  { status: "merged", into: uuid(7_000), as: "own-part", at: NOON + 1 },
];
