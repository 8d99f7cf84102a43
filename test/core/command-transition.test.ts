import { describe, expect, test } from "vitest";
import {
  allowedCommands,
  applyCommand,
  COMMAND_TRANSITIONS,
  NO_COMMAND_RELEASES,
  refuse,
  type CommandContext,
  type CommandReleases,
} from "../../src/core/command-transition.ts";
import {
  COMMAND_KINDS,
  parseCommand,
  parseReopenRequest,
  parseResolveRequest,
  type Command,
} from "../../src/core/command.ts";
import type { Issue, IssueState } from "../../src/core/issue.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import { markFixed } from "../../src/core/release-mark.ts";
import { volumeCondition } from "../../src/core/conditions/volume-condition.ts";
import { ReleaseBook } from "../support/release-book.ts";

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const STATES = {
  open: { status: "open" },
  discarded: { status: "discarded", discard: { discardedAt: 1, eventCount: 1, conditions: [], checkAt: 0 } },
  "resolved plainly": { status: "resolved", resolvedAt: 1, afterRelease: 1, resolution: { kind: "plain" } },
  "resolved by a release": {
    status: "resolved",
    resolvedAt: 1,
    afterRelease: 1,
    resolution: { kind: "by-release", releases: ["1.0.0"] },
  },
  "resolved by the next release": {
    status: "resolved",
    resolvedAt: 1,
    afterRelease: 1,
    resolution: { kind: "by-next" },
  },
  muted: { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null } },
} as const satisfies Record<string, IssueState>;

const issueIn = (state: IssueState): Issue => ({
  id: "i",
  projectId: "p",
  number: 1,
  title: "E",
  transaction: "",
  level: "error",
  firstSeenAt: 0,
  lastSeenAt: NOW,
  eventCount: 7,
  lastEventNumber: 0,
  userCount: 0,
  environments: [],
  watch: null,
  latestEventId: "e",
  lastSeenIn: "1.0.0",
  seenNumber: 1,
  turningPointCount: 3,
  parts: null,
  state,
});
const counter = PeriodCounter.ofOneMinute({ newestMinute: Math.floor(NOW / 60_000), total: 7 });
const context: CommandContext = {
  now: NOW,
  by: { kind: "user", id: "ann" },
  comment: "why",
  counter,
  releases: NO_COMMAND_RELEASES,
};
const apply = (state: IssueState, command: Command, more: Partial<CommandContext> = {}) =>
  applyCommand(issueIn(state), parseCommand(command, NOW), { ...context, ...more });

const book = ReleaseBook.of("0.9.5", "1.0.0", "2.0.0");
/** What a tracker finds for a command: the project's latest release, and the one that the command names. */
const found = (named: string, more: Partial<CommandReleases> = {}): Pick<CommandContext, "releases"> => ({
  releases: { ...NO_COMMAND_RELEASES, count: 3, latest: book.known("2.0.0"), named: book.get(named), ...more },
});
const resolveIn = (state: IssueState, release: string, more: Partial<CommandContext> = {}) =>
  apply(state, { kind: "resolve", in: { release } }, { ...found(release), ...more });

describe("rule 8: which commands apply", () => {
  test("is returned by allowedCommands and enforced by applyCommand, for every state and command", () => {
    const examples: Record<(typeof COMMAND_KINDS)[number], Command> = {
      resolve: { kind: "resolve", in: { release: "2.0.0" } },
      reopen: { kind: "reopen" },
      mute: { kind: "mute" },
      unmute: { kind: "unmute" },
      discard: { kind: "discard" },
      undiscard: { kind: "undiscard" },
      watch: { kind: "watch", conditions: null },
      annotate: { kind: "annotate", comment: "hm" },
      delete: { kind: "delete" },
    };
    for (const state of Object.values(STATES)) {
      const allowed = allowedCommands({ state });
      for (const kind of COMMAND_KINDS) {
        const outcome = apply(state, examples[kind], found("2.0.0"));
        expect([kind, outcome.kind !== "refused"]).toEqual([kind, allowed.includes(kind)]);
        const next = {
          applied: "issue" in outcome ? outcome.issue.state.status : "",
          deleted: null,
          refused: undefined,
        };
        expect([kind, next[outcome.kind]]).toEqual([kind, COMMAND_TRANSITIONS[state.status][kind]]);
      }
    }
  });

  test.each([
    ["resolved by a release", { kind: "resolve" }, "already-resolved"],
    ["resolved by the next release", { kind: "resolve" }, "already-resolved"],
    ["resolved plainly", { kind: "resolve", in: "next-release" }, "already-resolved"],
    ["resolved by a release", { kind: "resolve", in: "next-release" }, "already-resolved"],
    ["resolved by the next release", { kind: "resolve", in: "next-release" }, "already-resolved"],
    ["resolved by a release", { kind: "resolve", in: { release: "v1.0" } }, "already-resolved"],
    ["open", { kind: "reopen" }, "not-resolved"],
    ["muted", { kind: "reopen" }, "not-resolved"],
    ["resolved plainly", { kind: "mute" }, "issue-resolved"],
    ["open", { kind: "unmute" }, "not-muted"],
    ["resolved plainly", { kind: "unmute" }, "not-muted"],
    ["discarded", { kind: "resolve" }, "issue-discarded"],
    ["discarded", { kind: "mute" }, "issue-discarded"],
    ["discarded", { kind: "reopen" }, "not-resolved"],
    ["discarded", { kind: "unmute" }, "not-muted"],
    ["muted", { kind: "undiscard" }, "not-discarded"],
  ] as const)("an issue that is %s refuses %j with %s", (name, command, code) => {
    expect(apply(STATES[name], command, found("1.0.0"))).toMatchObject({ kind: "refused", code });
  });

  test.each(["latest-release", "next-release"] as const)("resolving in the %s needs a release", (release) => {
    expect(apply(STATES.open, { kind: "resolve", in: release })).toMatchObject({
      kind: "refused",
      code: "no-release",
      message: "The project knows no release yet. Resolve the issue plainly, or register a release.",
    });
  });

  test("resolving in the latest release claims a fix there, unless one is claimed already", () => {
    const latest = found("1.0.0", { latest: book.known("1.0.0") });
    expect(apply(STATES.open, { kind: "resolve", in: "latest-release" }, latest)).toMatchObject({
      issue: { state: { resolvedAt: NOW, resolution: { kind: "by-release", releases: ["1.0.0"] } } },
      claimedRelease: { version: "1.0.0" },
    });
    const again = apply(STATES["resolved by a release"], { kind: "resolve", in: "latest-release" }, latest);
    expect(again).toMatchObject({ kind: "refused", code: "already-resolved" });
  });

  test("resolving in a release in which no fix can be claimed is refused for the reason that was found", () => {
    const named = refuse("release-not-comparable", "a reason");
    expect(resolveIn(STATES.open, "2.0.0", found("2.0.0", { named }))).toEqual(named);
  });
});

describe("rule 8: what a command does", () => {
  test("resolving a muted issue clears the mute", () => {
    expect(apply(STATES.muted, { kind: "resolve" }, found("2.0.0"))).toMatchObject({
      kind: "applied",
      issue: { state: { status: "resolved", resolvedAt: NOW, afterRelease: 3, resolution: { kind: "plain" } } },
      claimedRelease: null,
    });
  });

  test("resolving plainly what is resolved plainly moves the time of the resolution to now", () => {
    expect(apply(STATES["resolved plainly"], { kind: "resolve" }, found("2.0.0"))).toMatchObject({
      issue: { state: { status: "resolved", resolvedAt: NOW, afterRelease: 3, resolution: { kind: "plain" } } },
      turningPoint: { turn: { kind: "resolved", claim: { kind: "plain" } }, at: NOW },
    });
  });

  test("resolving by the next release remembers which releases there were", () => {
    expect(apply(STATES.muted, { kind: "resolve", in: "next-release" }, found("2.0.0"))).toMatchObject({
      issue: { state: { status: "resolved", resolvedAt: NOW, afterRelease: 3, resolution: { kind: "by-next" } } },
      claimedRelease: null,
    });
  });

  test("resolving an issue that is resolved by a release adds that release, and keeps when it was resolved", () => {
    expect(resolveIn(STATES["resolved by a release"], "0.9.5")).toMatchObject({
      issue: {
        state: {
          resolvedAt: 1,
          afterRelease: 1,
          resolution: { kind: "by-release", releases: ["1.0.0", "0.9.5"], claimedAt: [1, NOW] },
        },
      },
      turningPoint: {
        turn: { kind: "resolved", claim: { kind: "by-release", releases: ["0.9.5"] } },
      },
      claimedRelease: book.get("0.9.5"),
    });
  });

  test.each(["resolved plainly", "resolved by the next release"] as const)(
    "a release takes the place of what an issue %s was resolved by",
    (name) => {
      expect(resolveIn(STATES[name], "0.9.5")).toMatchObject({
        issue: { state: { resolvedAt: 1, resolution: { kind: "by-release", releases: ["0.9.5"], claimedAt: [NOW] } } },
      });
    },
  );

  test("a fix claimed in the release in which the issue was last seen is remembered until its next event", () => {
    expect(resolveIn(STATES.open, "1.0.0")).toMatchObject({ issue: { lastSeenIn: "1.0.0", seenNumber: 0 } });
    expect(resolveIn(STATES.open, "2.0.0")).toMatchObject({ issue: { lastSeenIn: "1.0.0", seenNumber: 1 } });
    const claimed = { ...issueIn(STATES["resolved by a release"]), seenNumber: 0 };
    const command = parseCommand({ kind: "resolve", in: { release: "2.0.0" } }, NOW);
    expect(applyCommand(claimed, command, { ...context, ...found("2.0.0") })).toMatchObject({
      issue: { seenNumber: 0 },
    });
  });

  test("reopening keeps the fix claims, and withdraws those that it is asked to", () => {
    const reopen = { kind: "reopen", withdraw: true } as const;
    expect(apply(STATES["resolved by a release"], { kind: "reopen" })).toMatchObject({
      issue: { state: { status: "open" } },
      turningPoint: { turn: { kind: "reopened" } },
      withdrawn: [],
    });
    const withdrawn = [markFixed(book.get("1.0.0"), undefined, 1)];
    expect(apply(STATES["resolved by a release"], reopen, found("1.0.0", { withdrawn }))).toMatchObject({
      issue: { state: { status: "open" } },
      turningPoint: { turn: { kind: "reopened", withdrawn: ["1.0.0"] } },
      withdrawn,
    });
    const refusal = refuse("not-claimed", "a reason");
    expect(apply(STATES["resolved plainly"], reopen, found("1.0.0", { withdrawn: refusal }))).toEqual(refusal);
    expect(apply(STATES.open, reopen, found("1.0.0", { withdrawn: refusal }))).toMatchObject({ code: "not-resolved" });
  });

  test("every command ends the memory of an alert that nobody heard of", () => {
    const quietAlert: IssueState = {
      status: "open",
      quietAlert: { reason: { kind: "new-issue" }, since: 1, turningPoint: 1 },
    };
    const commands: readonly Command[] = [
      { kind: "annotate", comment: "hm" },
      { kind: "mute" },
      { kind: "resolve" },
      { kind: "resolve", in: { release: "2.0.0" } },
    ];
    for (const command of commands) {
      const outcome = apply(quietAlert, command, found("2.0.0"));
      if (outcome.kind !== "applied") throw new Error(outcome.kind);
      expect(outcome.issue.state).not.toHaveProperty("quietAlert");
    }
  });

  test("muting a muted issue replaces its deadline and its conditions", () => {
    const first = apply(STATES.open, { kind: "mute", until: NOW + 1_000, conditions: [volumeCondition(8, "day")] });
    if (first.kind !== "applied") throw new Error("refused");
    expect(apply(first.issue.state, { kind: "mute" })).toMatchObject({
      issue: { state: { status: "muted", mute: { deadline: null, volume: null } } },
    });
  });

  test("writes one turning point: what, when, who and why", () => {
    expect(apply(STATES.muted, { kind: "unmute" })).toEqual({
      kind: "applied",
      issue: { ...issueIn({ status: "open", quietFrom: NOW }), turningPointCount: 4 },
      turningPoint: {
        turn: { kind: "unmuted", reason: { kind: "by-person" } },
        at: NOW,
        by: { kind: "user", id: "ann" },
        eventId: null,
        comment: "why",
      },
      claimedRelease: null,
      withdrawn: [],
    });
    expect(apply(STATES.open, { kind: "annotate", comment: " look at this " })).toMatchObject({
      issue: { state: { status: "open" } },
      turningPoint: { turn: { kind: "annotated" }, comment: " look at this " },
    });
    expect(apply(STATES.open, { kind: "delete" })).toEqual({ kind: "deleted" });
  });
});

describe("rule 3: muting with a condition that is already met", () => {
  test("is refused, because the mute would end at once", () => {
    const outcome = apply(STATES.open, {
      kind: "mute",
      conditions: [volumeCondition(8, "hour"), volumeCondition(7, "day")],
    });
    expect(outcome).toMatchObject({ kind: "refused", code: "condition-already-met" });
    expect(outcome).toHaveProperty(
      "message",
      expect.stringContaining("The condition is already met: 7 events or more in the current day (7)"),
    );
  });

  test("is judged at the time of the mute, not of the newest event", () => {
    expect(
      apply(STATES.open, { kind: "mute", conditions: [volumeCondition(7, "hour")] }, { now: NOW + 3_600_000 }).kind,
    ).toBe("applied");
  });

  test("is allowed since the mute", () => {
    expect(
      apply(STATES.open, { kind: "mute", conditions: [volumeCondition(7, "day")], sinceMute: true }),
    ).toMatchObject({
      issue: { state: { mute: { volume: { countedFrom: 7, checkAt: 14 } } } },
    });
  });
});

describe("a command from anywhere", () => {
  test.each([
    [null, "command: got null"],
    [{ kind: "explode" }, "command.kind"],
    [{ kind: "resolve", in: "someday" }, "resolve.in"],
    [{ kind: "resolve", in: null }, "resolve.in"],
    [{ kind: "resolve", in: { release: 5 } }, "resolve.in.release"],
    [
      { kind: "resolve", in: { release: "x".repeat(251) } },
      "a string of 251 characters; allowed is a string of 0 to 250",
    ],
    [
      { kind: "resolve", in: "1.0.0" },
      '"latest-release", "next-release" or a release, as in { in: { release: "1.0.0" } }',
    ],
    [{ kind: "resolve", release: "1.0.0" }, 'allowed is only the member in, as in { in: { release: "1.0.0" } }'],
    [{ kind: "resolve", in: { release: "1.0.0", environment: "live" } }, 'resolve.in: got "environment"'],
    [{ kind: "resolve", in: { release: "1.0.0", announce: "yes" } }, "resolve.in.announce"],
    [{ kind: "reopen", comment: "x" }, 'reopen: got "comment"; allowed is only the member withdraw'],
    [{ kind: "reopen", withdraw: "1.0.0" }, "reopen.withdraw"],
    [{ kind: "reopen", withdraw: [] }, "reopen.withdraw"],
    [{ kind: "reopen", withdraw: [""] }, "reopen.withdraw[0]"],
    [{ kind: "reopen", withdraw: Array.from({ length: 101 }, String) }, "reopen.withdraw"],
    [{ kind: "unmute", withdraw: true }, 'unmute: got "withdraw"; allowed is no member'],
    [{ kind: "mute", forever: true }, 'mute: got "forever"; allowed is only the members until, for, wakeOn'],
    [{ kind: "annotate", comment: "x", by: "ann" }, 'annotate: got "by"'],
    [{ kind: "annotate" }, "annotate.comment"],
    [{ kind: "annotate", comment: " \n " }, "not blank"],
    [{ kind: "annotate", comment: "x".repeat(10_001) }, "1 to 10000 characters"],
    [{ kind: "__proto__" }, "command.kind"],
  ])("%j is refused", (command, message) => {
    expect(() => parseCommand(command, NOW)).toThrow(
      expect.objectContaining({ code: "invalid-input", message: expect.stringContaining(message) }),
    );
  });

  test("with a member that is undefined is as without it", () => {
    expect(parseCommand({ kind: "reopen", comment: undefined }, NOW)).toEqual({
      kind: "reopen",
      withdraw: false,
    });
    expect(parseResolveRequest({ in: undefined })).toEqual({ kind: "plain" });
    expect(parseReopenRequest({ withdraw: undefined })).toBe(false);
  });

  test("names a release without blanks at its ends, announced only if it says so", () => {
    expect(parseResolveRequest({ in: { release: " 1.0.0\n" } })).toEqual({
      kind: "by-release",
      release: "1.0.0",
      announce: false,
    });
    expect(parseResolveRequest({ in: { release: "1.0.0", announce: true } })).toMatchObject({ announce: true });
    expect(parseReopenRequest({ withdraw: ["1.0.0", "2.0.0"] })).toEqual(["1.0.0", "2.0.0"]);
    expect(parseReopenRequest({ withdraw: true })).toBe(true);
  });

  test("whose getter for `kind` changes its mind is taken by its first word, or refused", () => {
    const words = ["mute", "delete"];
    const command = {
      get kind() {
        return words.shift();
      },
    };
    expect(parseCommand(command, NOW)).toEqual({
      kind: "mute",
      terms: { deadline: null, conditions: [], sinceMute: false },
    });
  });
});
