import type { AlertKind } from "../../core/alert-reason.ts";
import type { ReopenRequest, ResolveRequest } from "../../core/command.ts";
import type { DiscardRequest } from "../../core/discard.ts";
import type { IssueLifecycleErrorCode } from "../../core/errors.ts";
import { MAX_EVENT_TEXT_LENGTH, type NewEvent } from "../../core/event.ts";
import { invalidInput, requireInteger, requireText } from "../../core/input.ts";
import type { Instant } from "../../core/instant.ts";
import type { IssueStatus } from "../../core/issue.ts";
import type { MuteRequest } from "../../core/mute-request.ts";
import type { ProjectInput } from "../../core/project.ts";
import { object, text, withDefault, type Shape } from "../../core/shape.ts";
import type { WatchRequest } from "../../core/watch.ts";
import type { CommandOptions } from "../../tracker/commands.ts";
import { AssertionFailure } from "../assertion/assertion.ts";
import { givenBy, reopenAction, resolveAction } from "./action-words.ts";
import { CallSite } from "./call-site.ts";
import { formatTime } from "../format-time.ts";
import { toInstant, toMs, type Duration, type Time } from "./duration.ts";
import { Player, type IssueCommand } from "./player.ts";
import type { TimelineResult } from "./result.ts";
import { timelineText } from "./text.ts";

/** How a timeline begins. */
export interface TimelineOptions {
  /** When it begins. Default `"2026-01-05"`, a Monday. */
  readonly startsAt?: Time;
}

/** How to repeat an event. */
export interface Repetition {
  /** The time from each event to the next. Default: 0. */
  readonly every?: Duration;
}

/** An event of a timeline: all members of an event but its project and when it was received. */
export type TimelineEvent = Omit<NewEvent, "projectId" | "receivedAt">;

/** Settings of the project of a timeline. */
export type TimelineProject = Omit<ProjectInput, "id" | "slug">;

type Play = (player: Player) => Promise<void>;

/** A step, and where in the test it was added. */
interface Step {
  readonly play: Play;
  readonly site: CallSite;
  /** Whether it looks at the refusal of the command before it; otherwise that makes the timeline fail. */
  readonly takesRefusal: boolean;
}

const DEFAULT_START = Date.UTC(2026, 0, 5);

const timelineOptions = object(
  {
    startsAt: withDefault((field, value) => toInstant(field, value, 0), DEFAULT_START),
  } satisfies Record<keyof TimelineOptions, Shape<unknown>>,
  '{ startsAt: "2026-11-23" }',
);

const repetition = object(
  { every: withDefault(toMs, 0) } satisfies Record<keyof Repetition, Shape<unknown>>,
  '{ every: "10m" }',
);

/** A member that the tracker checks when the timeline is played. */
const later: Shape<unknown> = (_, value) => value;

const eventMembers = object({
  id: later,
  type: later,
  value: later,
  transaction: later,
  platform: later,
  mechanism: later,
  frames: later,
  fingerprint: later,
  release: later,
  level: later,
  occurredAt: later,
  count: later,
  userId: later,
  environment: later,
  data: later,
} satisfies Record<keyof TimelineEvent, Shape<unknown>>);

const commandMembers = { by: later, comment: later } satisfies Record<keyof CommandOptions, Shape<unknown>>;

const commandOptions = object(commandMembers);
const resolveOptions = object({ in: later, ...commandMembers } satisfies Record<
  keyof (ResolveRequest & CommandOptions),
  Shape<unknown>
>);
const reopenOptions = object({ withdraw: later, ...commandMembers } satisfies Record<
  keyof (ReopenRequest & CommandOptions),
  Shape<unknown>
>);
const muteOptions = object({
  until: later,
  for: later,
  wakeOn: later,
  conditions: later,
  sinceMute: later,
  again: later,
  ...commandMembers,
} satisfies Record<keyof (MuteRequest & CommandOptions), Shape<unknown>>);

const discardOptions = object({ conditions: later, ...commandMembers } satisfies Record<
  keyof (DiscardRequest & CommandOptions),
  Shape<unknown>
>);

const mergeOptions = object({ into: text(0, MAX_EVENT_TEXT_LENGTH), ...commandMembers } satisfies Record<
  "into" | keyof CommandOptions,
  Shape<unknown>
>);

const watchOptions = object({ conditions: later, ...commandMembers } satisfies Record<
  keyof (WatchRequest & CommandOptions),
  Shape<unknown>
>);
const projectSettings = object({
  watch: later,
  stateEnvironments: later,
  autoResolveAfterMs: later,
  alerts: later,
} satisfies Record<keyof TimelineProject, Shape<unknown>>);

/**
 * A test of policies: steps about issues, played on a tracker with the memory store, without a database and without
 * waiting. All times are in UTC and never go back. Commands and expectations are about the issue of the last event.
 *
 * Nothing happens before {@link Timeline.run}. When a step fails or an expectation does not hold, it rejects with what was
 * expected and found, and with a calendar of the steps up to then. Values of events and commands are checked then too;
 * unknown members are refused at once.
 */
export class Timeline {
  readonly #startsAt: Instant;
  readonly #steps: Step[] = [];

  /** Does the same as {@link timeline}. */
  constructor(options: TimelineOptions = {}) {
    this.#startsAt = timelineOptions("options", options).startsAt;
  }

  /** Moves the clock to a time: `"09:00"` is one on the same day. */
  at(time: Time): this {
    return this.#step("at", async ({ clock }) => {
      const [at, now] = [toInstant("at", time, clock.now()), clock.now()];
      if (at < now)
        throw invalidInput("at", formatTime(at), `a time from ${formatTime(now)} on, because time never goes back`);
      clock.advanceTo(at);
    });
  }

  /** Moves the clock forward. */
  after(duration: Duration): this {
    const ms = toMs("after", duration);
    return this.#step("after", async ({ clock }) => {
      clock.advanceBy(ms);
    });
  }

  /** Digests an event. Default: one of type `Error`, of the release that was registered last. */
  event(event: TimelineEvent = {}): this {
    eventMembers("event", event);
    return this.#step("event", (player) => player.event(event));
  }

  /** Repeats the last event `count` times. */
  times(count: number, options: Repetition = {}): this {
    requireInteger("times", count, 1, 1_000_000);
    const { every } = repetition("options", options);
    return this.#step("times", async (player) => {
      for (let index = 0; index < count; index++) {
        player.clock.advanceBy(every);
        await player.again();
      }
    });
  }

  /**
   * Saves settings of the project: what its open issues are watched for, which environments may change states, when quiet issues are
   * resolved, and its alerts.
   */
  project(settings: TimelineProject): this {
    projectSettings("settings", settings);
    return this.#step("project", (player) => player.project(settings));
  }

  /** Registers a release. Later events are of this release, unless they name another. */
  release(version: string): this {
    return this.#step("release", (player) => player.release(version));
  }

  /** Retires a release: it counts as if it had never been seen. */
  retire(version: string): this {
    return this.#step("retire", (player) => player.retire(version));
  }

  /** Mutes the issue. */
  mute(options: MuteRequest & CommandOptions = {}): this {
    muteOptions("options", options);
    return this.#command("mute", "mute", options, (issues, id) => issues.mute(id, options));
  }

  /** Ends the issue's mute. */
  unmute(options: CommandOptions = {}): this {
    commandOptions("options", options);
    return this.#command("unmute", "unmute", options, (issues, id) => issues.unmute(id, options));
  }

  /** Discards the issue's events from now on. */
  discard(options: DiscardRequest & CommandOptions = {}): this {
    discardOptions("options", options);
    return this.#command("discard", "discard", options, (issues, id) => issues.discard(id, options));
  }

  /** Ends the discard of the issue's events. */
  undiscard(options: CommandOptions = {}): this {
    commandOptions("options", options);
    return this.#command("undiscard", "undiscard", options, (issues, id) => issues.undiscard(id, options));
  }

  /**
   * Merges the issue that an event of a type opened last into that of another type. What follows is about the other one.
   *
   * @param type - the type of the events whose issue is merged
   * @param options - `into`: the type of the events of the other issue
   */
  merge(type: string, options: { readonly into: string } & CommandOptions): this {
    requireText("type", type, 0, MAX_EVENT_TEXT_LENGTH);
    const { into } = mergeOptions("options", options);
    return this.#step("merge", (player) => player.merge(type, { ...options, into }));
  }

  /** Takes the issue that an event of a type opened last out of the one that it was merged into. What follows is about it. */
  unmerge(type: string, options: CommandOptions = {}): this {
    requireText("type", type, 0, MAX_EVENT_TEXT_LENGTH);
    commandOptions("options", options);
    return this.#step("unmerge", (player) => player.unmerge(type, options));
  }

  /** Watches the issue for conditions of its own; `null`: for those of its project again. */
  watch(options: WatchRequest & CommandOptions): this {
    watchOptions("options", options);
    return this.#command("watch", "watch", options, (issues, id) => issues.watch(id, options));
  }

  /** Resolves the issue. */
  resolve(options: ResolveRequest & CommandOptions = {}): this {
    resolveOptions("options", options);
    return this.#command("resolve", resolveAction(options), options, (issues, id) => issues.resolve(id, options));
  }

  /** Reopens the issue. */
  reopen(options: ReopenRequest & CommandOptions = {}): this {
    reopenOptions("options", options);
    return this.#command("reopen", reopenAction(options), options, (issues, id) => issues.reopen(id, options));
  }

  /**
   * Ends the mutes that end by the clock, if their deadline has passed, mutes issues again that were quiet for long enough, and resolves
   * those that were quiet for as long as the project says.
   */
  tick(): this {
    return this.#step("tick", (player) => player.tick());
  }

  /** Expects the issue to be open. */
  expectOpen(): this {
    return this.#expectStatus("expectOpen", "open");
  }

  /** Expects the issue to be muted. */
  expectMuted(): this {
    return this.#expectStatus("expectMuted", "muted");
  }

  /** Expects the issue's events to be discarded. */
  expectDiscarded(): this {
    return this.#expectStatus("expectDiscarded", "discarded");
  }

  /** Expects the issue to be resolved. */
  expectResolved(): this {
    return this.#expectStatus("expectResolved", "resolved");
  }

  /** Expects exactly these alerts since the last `expectAlerts`, in this order; without arguments, no alerts. */
  expectAlerts(...kinds: readonly AlertKind[]): this {
    return this.#step("expectAlerts", async (player) => {
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

  /** Expects the number of the issue's events. */
  expectEventCount(count: number): this {
    return this.#step("expectEventCount", async (player) => {
      expectHere(player, "the event count", (await player.issue()).eventCount, count);
    });
  }

  /** Expects the last command to fail with a code. A failure that is not expected makes the timeline fail. */
  expectRefused(code: IssueLifecycleErrorCode): this {
    const expectRefusal: Play = async (player) => {
      expectHere(player, "the refusal", player.refusal?.code, code);
      player.refusal = undefined;
    };
    return this.#step("expectRefused", expectRefusal, true);
  }

  /**
   * Plays the timeline. Each call plays it from the start.
   *
   * @throws {@link AssertionFailure} when an expectation does not hold, or `IssueLifecycleError` when a step fails
   */
  async run(): Promise<TimelineResult> {
    const player = new Player(this.#startsAt);
    await player.begin();
    let site: CallSite | undefined;
    try {
      for (const step of this.#steps) {
        if (!step.takesRefusal) throwRefusal(player);
        site = step.site;
        await step.play(player);
      }
      throwRefusal(player);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (player.entries.length > 0) error.message += `\n\nWhat happened:\n${timelineText(player.entries)}`;
      site?.pointTo(error);
      throw error;
    }
    return player.result();
  }

  #command(name: StepName, asked: string, options: CommandOptions, command: IssueCommand): this {
    return this.#step(name, (player) => player.command(asked, givenBy(options), command));
  }

  #expectStatus(name: StepName, status: IssueStatus): this {
    return this.#step(name, async (player) => {
      expectHere(player, "the issue's state", (await player.issue()).state.status, status);
    });
  }

  /** @param name - the method that the test called */
  #step(name: StepName, play: Play, takesRefusal = false): this {
    this.#steps.push({ play, site: new CallSite(Reflect.get(Timeline.prototype, name)), takesRefusal });
    return this;
  }
}

type StepName = Exclude<keyof Timeline, "run">;

/**
 * Begins a timeline.
 *
 * @example
 * ```ts
 * import { volumeCondition } from "issue-lifecycle";
 * import { timeline } from "issue-lifecycle/testing";
 *
 * const played = await timeline()
 *   .at("09:00")
 *   .event({ type: "TypeError" })
 *   .mute({ conditions: [volumeCondition(5, "hour")], by: "ann" })
 *   .times(3, { every: "10m" })
 *   .expectMuted()
 *   .times(1)
 *   .expectAlerts("new-issue", "unmute")
 *   .run();
 * console.log(played.toText());
 * ```
 */
export function timeline(options: TimelineOptions = {}): Timeline {
  return new Timeline(options);
}

function throwRefusal({ refusal }: Player): void {
  if (refusal !== undefined) throw refusal;
}

function expectHere(player: Player, what: string, actual: unknown, expected: unknown): void {
  const when = `at ${formatTime(player.clock.now())}, ${what}`;
  const failure = new AssertionFailure(when, expected, actual);
  if (failure.differences.length > 0) throw failure;
}
