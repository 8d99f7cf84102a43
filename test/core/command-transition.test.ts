import { describe, expect, test } from "vitest";
import {
  allowedCommands,
  applyCommand,
  COMMAND_TRANSITIONS,
  type CommandContext,
} from "../../src/core/command-transition.ts";
import { COMMAND_KINDS, parseCommand, parseResolveRequest, type Command } from "../../src/core/command.ts";
import { applyDeadline, applyEvent, EVENT_TRANSITIONS } from "../../src/core/event-transition.ts";
import type { Issue, IssueState } from "../../src/core/issue.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import { volumeCondition } from "../../src/core/volume-condition.ts";

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const STATES = {
  open: { status: "open" },
  "resolved plainly": { status: "resolved", resolvedAt: 1, resolution: { kind: "plain" } },
  "resolved by a release": {
    status: "resolved",
    resolvedAt: 1,
    resolution: { kind: "by-release", releases: ["1.0.0"] },
  },
  "resolved by the next release": { status: "resolved", resolvedAt: 1, resolution: { kind: "by-next" } },
  muted: { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null } },
} as const satisfies Record<string, IssueState>;

const issueIn = (state: IssueState): Issue => ({
  id: "i",
  projectId: "p",
  number: 1,
  title: "E",
  transaction: "",
  firstSeenAt: 0,
  lastSeenAt: NOW,
  eventCount: 7,
  latestEventId: "e",
  lastSeenIn: "1.0.0",
  turningPointCount: 3,
  state,
});
const counter = PeriodCounter.ofOneMinute({ newestMinute: Math.floor(NOW / 60_000), total: 7 });
const context: CommandContext = {
  now: NOW,
  by: { kind: "user", id: "ann" },
  comment: "why",
  counter,
  latestRelease: "2.0.0",
};
const apply = (state: IssueState, command: Command, more: Partial<CommandContext> = {}) =>
  applyCommand(issueIn(state), parseCommand(command, NOW), { ...context, ...more });

describe("rule 8: which commands apply", () => {
  test("is returned by allowedCommands and enforced by applyCommand, for every state and command", () => {
    const examples: Record<(typeof COMMAND_KINDS)[number], Command> = {
      resolve: { kind: "resolve", in: { release: "9.9.9" } },
      reopen: { kind: "reopen" },
      mute: { kind: "mute" },
      unmute: { kind: "unmute" },
      annotate: { kind: "annotate", comment: "hm" },
      delete: { kind: "delete" },
    };
    for (const state of Object.values(STATES)) {
      const allowed = allowedCommands({ state });
      for (const kind of COMMAND_KINDS) {
        const outcome = apply(state, examples[kind]);
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
    ["resolved plainly", { kind: "resolve" }, "already-resolved"],
    ["resolved by the next release", { kind: "resolve", in: "next-release" }, "already-resolved"],
    ["resolved by a release", { kind: "resolve", in: { release: "1.0.0" } }, "already-resolved"],
    ["open", { kind: "reopen" }, "not-resolved"],
    ["muted", { kind: "reopen" }, "not-resolved"],
    ["resolved plainly", { kind: "mute" }, "issue-resolved"],
    ["open", { kind: "unmute" }, "not-muted"],
    ["resolved plainly", { kind: "unmute" }, "not-muted"],
  ] as const)("an issue that is %s refuses %j with %s", (name, command, code) => {
    expect(apply(STATES[name], command)).toMatchObject({ kind: "refused", code });
  });

  test("resolving by the latest release needs one", () => {
    expect(apply(STATES.open, { kind: "resolve", in: "latest-release" }, { latestRelease: undefined })).toMatchObject({
      code: "no-release",
    });
    expect(apply(STATES.open, { kind: "resolve", in: "latest-release" })).toMatchObject({ claimedRelease: "2.0.0" });
  });
});

describe("what events and the clock do to a state", () => {
  test("is described by EVENT_TRANSITIONS", () => {
    const event = {
      id: "e2",
      title: "E",
      transaction: "",
      release: { version: "1.0.0", number: 1, orderKey: "1" },
      receivedAt: NOW,
      occurredAt: NOW,
    };
    const deadline = { at: NOW - 1, wakeOn: "deadline" } as const;
    const states: readonly IssueState[] = [
      ...Object.values(STATES),
      { status: "muted", mute: { mutedAt: 1, deadline, volume: null } },
    ];
    const seen = states.flatMap((state) => {
      const { change, issue } = applyEvent(issueIn(state), event, counter, undefined);
      const byClock = applyDeadline(issueIn(state), NOW);
      if (byClock !== undefined) expect(byClock.issue.state.status).toBe("open");
      return change.kind === "none" ? [] : [[state.status, change.kind, issue.state.status]];
    });
    const said = Object.entries(EVENT_TRANSITIONS).flatMap(([from, changes]) =>
      Object.entries(changes).map(([kind, to]) => [from, kind, to]),
    );
    expect(seen).toEqual(said);
  });
});

describe("rule 8: what a command does", () => {
  test("resolving a muted issue clears the mute", () => {
    expect(apply(STATES.muted, { kind: "resolve" })).toMatchObject({
      kind: "applied",
      issue: { state: { status: "resolved", resolvedAt: NOW, resolution: { kind: "plain" } } },
      claimedRelease: null,
    });
  });

  test("resolving an issue that is resolved by a release adds that release, and keeps when it was resolved", () => {
    expect(apply(STATES["resolved by a release"], { kind: "resolve", in: { release: "0.9.5" } })).toMatchObject({
      issue: { state: { resolvedAt: 1, resolution: { kind: "by-release", releases: ["1.0.0", "0.9.5"] } } },
      turningPoint: { turn: { kind: "resolved", claim: { kind: "by-release", releases: ["0.9.5"] } } },
      claimedRelease: "0.9.5",
    });
  });

  test.each(["resolved plainly", "resolved by the next release"] as const)(
    "a release takes the place of what an issue %s was resolved by",
    (name) => {
      expect(apply(STATES[name], { kind: "resolve", in: { release: "0.9.5" } })).toMatchObject({
        issue: { state: { resolution: { kind: "by-release", releases: ["0.9.5"] } } },
      });
    },
  );

  test("a fix claimed in the release that was seen last makes the issue look again", () => {
    expect(apply(STATES.open, { kind: "resolve", in: { release: "1.0.0" } })).toMatchObject({
      issue: { lastSeenIn: undefined },
    });
    expect(apply(STATES.open, { kind: "resolve", in: { release: "2.0.0" } })).toMatchObject({
      issue: { lastSeenIn: "1.0.0" },
    });
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
      issue: { ...issueIn({ status: "open" }), turningPointCount: 4 },
      turningPoint: {
        turn: { kind: "unmuted", reason: { kind: "by-person" } },
        at: NOW,
        by: { kind: "user", id: "ann" },
        eventId: null,
        comment: "why",
      },
      claimedRelease: null,
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
      expect.stringContaining("There are already 7 events or more in the current day (7)"),
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
    [{ kind: "reopen", comment: "x" }, 'reopen: got "comment"; allowed is no member'],
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
    expect(parseCommand({ kind: "reopen", comment: undefined }, NOW)).toEqual({ kind: "reopen" });
    expect(parseResolveRequest({ in: undefined })).toEqual({ kind: "plain" });
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
