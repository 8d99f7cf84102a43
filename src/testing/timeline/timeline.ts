import type { AlertKind } from "../../core/alert.ts";
import type { Command, ResolveRequest } from "../../core/command.ts";
import { IssueLifecycleError, type IssueLifecycleErrorCode } from "../../core/errors.ts";
import type { NewEvent } from "../../core/event.ts";
import { requireInstant, requireInteger } from "../../core/input.ts";
import { formatInstant } from "../../core/instant.ts";
import type { IssueStatus } from "../../core/issue.ts";
import type { MuteRequest } from "../../core/mute-request.ts";
import type { CommandOptions } from "../../tracker/command-context.ts";
import { AssertionFailure } from "../assertion/assertion.ts";
import { toInstant, toMs, type Duration } from "./duration.ts";
import { Player } from "./player.ts";
import type { Story } from "./story.ts";
import { timelineText } from "./text.ts";

/** How a timeline begins. */
export interface TimelineOptions {
  /** When: a day, a time of it, or epoch milliseconds. Always in UTC. Default `"2026-01-05"`, a Monday. */
  readonly startsAt?: string | number;
}

/** How to repeat an event. */
export interface Repetition {
  /** How long after the one before each of them comes. Default: at once. */
  readonly every?: Duration;
}

/** The events of a timeline: all that an event can have but its project and when it was received. */
export type TimelineEvent = Omit<NewEvent, "projectId" | "receivedAt">;

type Step = (player: Player) => Promise<void>;

/**
 * A story about issues, told step by step, to be played on the real tracker and the memory store: no database, no waiting.
 * Times are in UTC and never go back; commands and expectations are about the issue of the last event.
 *
 * Nothing happens before {@link Timeline.run}. A step that fails, or an expectation that does not hold, makes it reject with
 * what was expected and found, and a calendar of what had happened until then.
 */
export class Timeline {
  readonly #startsAt: number;
  readonly #steps: Step[] = [];

  /** Begins a timeline; {@link timeline} does the same. */
  constructor({ startsAt = "2026-01-05" }: TimelineOptions = {}) {
    this.#startsAt = requireInstant("startsAt", toInstant("startsAt", startsAt, 0));
  }

  /** Goes to a time: `"09:00"` of the same day, `"2026-01-06 09:00"`, `"2026-01-06"`, or epoch milliseconds. */
  at(time: string | number): this {
    return this.#step(async ({ clock }) => {
      clock.advanceTo(toInstant("at", time, clock.now()));
    });
  }

  /** Lets time pass: `"90s"`, `"5m"`, `"2h"`, `"3d"`, `"1w"`, or milliseconds. */
  after(duration: Duration): this {
    const ms = toMs("after", duration);
    return this.#step(async ({ clock }) => {
      clock.advanceBy(ms);
    });
  }

  /** An event. By default one of type `Error`, in the release that was registered last. */
  event(event: TimelineEvent = {}): this {
    return this.#step((player) => player.event(event));
  }

  /** The last event, so many times more. */
  times(count: number, { every = 0 }: Repetition = {}): this {
    requireInteger("times", count, 1, 1_000_000);
    const ms = toMs("every", every);
    return this.#step(async (player) => {
      for (let index = 0; index < count; index++) {
        player.clock.advanceBy(ms);
        await player.again();
      }
    });
  }

  /** Registers a release; the events after it are of this release, unless they say another. */
  release(version: string): this {
    return this.#step((player) => player.release(version));
  }

  /** Mutes the issue. */
  mute(request: MuteRequest & CommandOptions = {}): this {
    return this.#command("mute", request);
  }

  /** Lifts its mute. */
  unmute(options: CommandOptions = {}): this {
    return this.#command("unmute", options);
  }

  /** Resolves it. */
  resolve(request: ResolveRequest & CommandOptions = {}): this {
    return this.#command("resolve", request);
  }

  /** Reopens it. */
  reopen(options: CommandOptions = {}): this {
    return this.#command("reopen", options);
  }

  /** Lets the clock lift the mutes that asked for it. */
  tick(): this {
    return this.#step((player) => player.tick());
  }

  /** Expects the issue to be open. */
  expectOpen(): this {
    return this.#expectStatus("open");
  }

  /** Expects the issue to be muted. */
  expectMuted(): this {
    return this.#expectStatus("muted");
  }

  /** Expects the issue to be resolved. */
  expectResolved(): this {
    return this.#expectStatus("resolved");
  }

  /** Expects just these alerts, in order, since alerts were expected last; none of them given: none. */
  expectAlerts(...kinds: readonly AlertKind[]): this {
    return this.#step(async (player) => {
      const alerts = player.entries.slice(player.alertsExpectedUpTo).flatMap((entry) => entry.alerts);
      player.alertsExpectedUpTo = player.entries.length;
      expectHere(
        player,
        "the alerts",
        alerts.map(({ reason }) => reason.kind),
        kinds,
      );
    });
  }

  /** Expects the issue to have had so many events. */
  expectEventCount(count: number): this {
    return this.#step(async (player) => {
      expectHere(player, "the event count", (await player.issue()).eventCount, count);
    });
  }

  /** Expects the last command to have been refused with a code; otherwise a refusal makes the timeline fail. */
  expectRefused(code: IssueLifecycleErrorCode): this {
    this.#steps.push(async (player) => {
      expectHere(player, "the refusal", player.refusal?.code, code);
      player.refusal = undefined;
    });
    return this;
  }

  /**
   * Plays it.
   *
   * @throws {@link AssertionFailure} when an expectation does not hold, or `IssueLifecycleError` when a step fails
   */
  async run(): Promise<Story> {
    const player = new Player(this.#startsAt);
    await player.begin();
    try {
      for (const step of this.#steps) await step(player);
      throwRefusal(player);
    } catch (error) {
      if (error instanceof Error) error.message += `\n\nWhat happened:\n${timelineText(player.entries)}`;
      throw error;
    }
    return player.story();
  }

  #command(
    kind: "mute" | "unmute" | "resolve" | "reopen",
    request: MuteRequest & ResolveRequest & CommandOptions,
  ): this {
    const { by, comment, ...rest } = request;
    const command: Command = { ...rest, kind };
    const options = { ...(by !== undefined && { by }), ...(comment !== undefined && { comment }) };
    return this.#step(async (player) => {
      try {
        await player.command(command, options);
      } catch (error) {
        if (!IssueLifecycleError.is(error)) throw error;
        player.refusal = error;
      }
    });
  }

  #expectStatus(status: IssueStatus): this {
    return this.#step(async (player) => {
      expectHere(player, "the issue's state", (await player.issue()).state.status, status);
    });
  }

  #step(step: Step): this {
    this.#steps.push(async (player) => {
      throwRefusal(player);
      await step(player);
    });
    return this;
  }
}

/**
 * Begins a timeline.
 *
 * @example
 * ```ts
 * import { volumeCondition } from "issue-lifecycle";
 * import { timeline } from "issue-lifecycle/testing";
 *
 * const story = await timeline()
 *   .at("09:00")
 *   .event({ type: "TypeError" })
 *   .mute({ conditions: [volumeCondition(5, "hour")], by: "ann" })
 *   .times(3, { every: "10m" })
 *   .expectMuted()
 *   .times(1)
 *   .expectAlerts("new-issue", "unmute")
 *   .run();
 * console.log(story.toText());
 * ```
 */
export function timeline(options: TimelineOptions = {}): Timeline {
  return new Timeline(options);
}

function throwRefusal({ refusal }: Player): void {
  if (refusal !== undefined) throw refusal;
}

function expectHere(player: Player, what: string, actual: unknown, expected: unknown): void {
  const when = `at ${formatInstant(player.clock.now())}, ${what}`;
  const failure = new AssertionFailure(when, expected, actual);
  if (failure.differences.length > 0) throw failure;
}
