import { IssueLifecycleError, volumeCondition, type IssueTracker } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { LATE_RELEASES } from "./crowd.ts";
import { HOUR, START } from "./scenario.ts";
import { randomOf } from "./script.ts";

/** The codes with which a command may be refused: another process was faster, or the command does not fit the issue. */
const REFUSALS = new Set([
  "already-resolved",
  "condition-already-met",
  "issue-discarded",
  "issue-resolved",
  "no-release",
  "not-discarded",
  "not-muted",
  "not-resolved",
  "release-not-comparable",
  "unknown-issue",
]);

/**
 * Gives some commands to issues of the crowd's projects. Yields what was done: `applied <issue> <comment>` for a command that
 * leaves one turning point with this comment, or `deleted <issue>`.
 */
export async function* commandSome(tracker: IssueTracker, turn: number): AsyncGenerator<string> {
  const random = randomOf(turn);
  const { items } = await tracker.issues.list({ projectId: "shop", sort: "event-count", limit: 12 });
  const comment = `command ${String(turn)}`;
  const ids = items.map(({ id }) => id);
  const one = ids[random(Math.min(4, ids.length))];
  const command = commandOf(random, comment);
  if (one !== undefined && random(3) > 0) {
    if (await wasApplied(give(tracker, one, command, comment))) yield `applied ${one} ${comment}`;
  } else if (ids.length > 0) {
    const some = ids.filter(() => random(2) === 0);
    const options = command.kind === "annotate" ? {} : { comment };
    const { refusals } = await tracker.issues.bulk({ projectId: "shop", ids: some }, command, options);
    const refused = new Set(refusals.map(({ issueId }) => issueId));
    yield* some.filter((id) => !refused.has(id)).map((id) => `applied ${id} ${comment}`);
  }
  if (turn % 5 === 0) await tracker.tick(START + random(24) * HOUR);
  if (turn % 7 === 0) yield* deleteSome(tracker, random);
}

/** Deletes the first issues of the project "attic". */
async function* deleteSome(tracker: IssueTracker, random: (below: number) => number): AsyncGenerator<string> {
  const { items } = await tracker.issues.list({ projectId: "attic", sort: "first-seen", limit: 1 + random(3) });
  const ids = items.map(({ id }) => id);
  const [only] = ids;
  if (only !== undefined && ids.length === 1) {
    if (await wasApplied(tracker.issues.delete(only))) yield `deleted ${only}`;
    return;
  }
  const { refusals } = await tracker.issues.bulk({ projectId: "attic", ids }, { kind: "delete" });
  const refused = new Set(refusals.map(({ issueId }) => issueId));
  yield* ids.filter((id) => !refused.has(id)).map((id) => `deleted ${id}`);
}

function commandOf(random: (below: number) => number, comment: string): Command {
  switch (random(14)) {
    case 0:
      return { kind: "resolve" };
    case 1:
      return { kind: "resolve", in: "next-release" };
    case 2:
      return { kind: "resolve", in: "latest-release" };
    // Releases that may be known by now, announced, or unknown.
    case 3:
      return { kind: "resolve", in: { release: `1.${String(random(14))}.0` } };
    case 4:
    case 5:
      return { kind: "resolve", in: { release: `late-${String(random(LATE_RELEASES))}`, announce: true } };
    case 6:
      return { kind: "mute", conditions: [volumeCondition(5 + random(20), "day")], sinceMute: true };
    case 7:
      return {
        kind: "mute",
        until: START + random(20) * HOUR + 1,
        wakeOn: random(2) === 0 ? "deadline" : "next-event",
      };
    case 8:
      return { kind: "reopen", withdraw: random(2) === 0 };
    case 9:
      return { kind: "unmute" };
    case 10:
      return { kind: "discard", conditions: random(2) === 0 ? [] : [volumeCondition(30 + random(20), "total")] };
    case 11:
    case 12:
      return { kind: "undiscard" };
    default:
      return { kind: "annotate", comment };
  }
}

/** Gives a command to one issue, by the command's own method. */
async function give(tracker: IssueTracker, id: string, command: Command, comment: string): Promise<unknown> {
  switch (command.kind) {
    case "resolve":
    case "mute": {
      const { kind, ...request } = command;
      return tracker.issues[kind](id, { ...request, comment });
    }
    case "reopen": {
      const { kind: _, ...request } = command;
      return tracker.issues.reopen(id, { ...request, comment });
    }
    case "unmute":
      return tracker.issues.unmute(id, { comment });
    case "discard": {
      const { kind: _, ...request } = command;
      return tracker.issues.discard(id, { ...request, comment });
    }
    case "undiscard":
      return tracker.issues.undiscard(id, { comment });
    case "watch":
      return tracker.issues.watch(id, { conditions: command.conditions, comment });
    case "annotate":
      return tracker.issues.annotate(id, command.comment);
    case "delete":
      return tracker.issues.delete(id);
  }
}

/** Whether a command was applied and not refused. */
async function wasApplied(command: Promise<unknown>): Promise<boolean> {
  try {
    await command;
    return true;
  } catch (error) {
    if (IssueLifecycleError.is(error) && REFUSALS.has(error.code)) return false;
    throw error;
  }
}
