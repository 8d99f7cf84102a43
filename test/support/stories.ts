import fc from "fast-check";
import { volumeCondition, type MuteRequest } from "../../src/index.ts";
import type { Command, Condition, MuteDuration } from "../../src/core/index.ts";
import { condition, muteCondition, stepMs, watchCondition } from "./arbitraries.ts";
import type { StoryStep } from "./duel.ts";
import type { NaiveLoad } from "./naive-tracker.ts";
import { DAY, HOUR, MINUTE } from "./scenario.ts";

/** What a story is about. */
interface StoryShape {
  readonly groups: readonly string[];
  /** What events, claims and registrations name; those that name no release are left out of registrations. */
  readonly releases: readonly string[];
  /** Milliseconds between events. */
  readonly step: fc.Arbitrary<number>;
  /** How often mutes are asked for, and the clock ends them: the weight of these steps. */
  readonly mutes: number;
  /** Whether it is also about what gets loud: watches, what events carry, and conditions of all kinds. Default `false`. */
  readonly isLoud?: boolean;
  /** How often issues are merged and taken apart: the weight of these steps. Default 0. */
  readonly merges?: number;
}

/** Milliseconds between events of stories about releases: often none, so that dates are equal; sometimes back. */
export const SHORT_STEPS = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 2 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: -2 * HOUR, max: 0 }) },
);

const duration: fc.Arbitrary<MuteDuration> = fc.oneof(
  fc.record({ period: fc.constant("minute" as const), nrOfPeriods: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ period: fc.constant("hour" as const), nrOfPeriods: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ period: fc.constant("day" as const), nrOfPeriods: fc.integer({ min: 1, max: 10 }) }),
);

/** Any mute, until one of some conditions or some time. */
function muting(
  until: fc.Arbitrary<Condition>,
): fc.Arbitrary<{ readonly command: Command; readonly inMs: number | undefined }> {
  return fc
    .record(
      {
        inMs: fc.oneof(fc.integer({ min: -MINUTE, max: 30 * DAY }), duration),
        conditions: fc.array(until, { minLength: 1, maxLength: 3 }),
        sinceMute: fc.boolean(),
        wakes: fc.boolean(),
        again: duration,
      },
      { requiredKeys: [] },
    )
    .map(({ inMs, conditions, sinceMute, wakes, again }) => {
      const lasts = typeof inMs === "object" ? inMs : undefined;
      const request: MuteRequest = {
        ...(lasts !== undefined && { for: lasts }),
        ...(inMs !== undefined && wakes === true && { wakeOn: "deadline" as const }),
        ...(conditions !== undefined && { conditions }),
        ...(conditions !== undefined && sinceMute !== undefined && { sinceMute }),
        ...((conditions ?? lasts) !== undefined && again !== undefined && { again }),
      };
      return { command: { kind: "mute", ...request }, inMs: typeof inMs === "number" ? inMs : undefined };
    });
}

/** The step of a story about mutes: {@link stepMs}. */
export const LONG_STEPS = stepMs;

/** Milliseconds between events of stories about what gets loud: mostly within an hour, often on another day, sometimes back. */
export const LOUD_STEPS = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 2 * MINUTE }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 * HOUR }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: -3 * HOUR, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: -3 * DAY, max: 0 }) },
);

const NOTHING_CARRIED: fc.Arbitrary<NaiveLoad> = fc.constant({});
const carried: fc.Arbitrary<NaiveLoad> = fc.record(
  {
    count: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 9 })),
    userId: fc.constantFrom("ann", "bob", "cleo", "dan", "eve"),
    environment: fc.constantFrom("", "production", "staging", "test"),
  },
  { requiredKeys: [] },
);

/** Few conditions, so that the same ones come again. */
const FEW_CONDITIONS: Condition[] = [
  volumeCondition(4, "total"),
  volumeCondition(3, "hour"),
  { kind: "spike", floor: 2, factor: 1 },
  { kind: "users", users: 2, days: 1 },
];

/** Conditions of stories. */
interface StoryConditions {
  readonly ofMute: fc.Arbitrary<Condition>;
  /** The users of discarded events are not known. */
  readonly ofDiscard: fc.Arbitrary<Condition>;
  readonly ofWatch: fc.Arbitrary<readonly Condition[]>;
}

/** Conditions of all kinds but those that are left out. */
function allConditions(isLeftOut: (condition: Condition) => boolean): StoryConditions {
  const few = FEW_CONDITIONS.filter((each) => !isLeftOut(each));
  const ofMute = fc.oneof(muteCondition, fc.constantFrom(...few)).filter((each) => !isLeftOut(each));
  const ofWatch = watchCondition.filter((each) => !isLeftOut(each));
  return {
    ofMute,
    ofDiscard: ofMute.filter(({ kind }) => kind !== "users"),
    ofWatch: fc.oneof(fc.array(ofWatch, { maxLength: 3 }), fc.subarray(few, { maxLength: 2 }), fc.constant([])),
  };
}

/** Steps that change what is watched for, or which environments may change states. */
function loudSteps(group: fc.Arbitrary<string>, watched: fc.Arbitrary<readonly Condition[]>): fc.Arbitrary<StoryStep> {
  const watch = fc.oneof({ weight: 3, arbitrary: watched }, fc.constant(null));
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("watch" as const), conditions: watched }) },
    {
      weight: 2,
      arbitrary: fc.tuple(group, watch).map(([of, given]): StoryStep => ({
        kind: "command",
        group: of,
        command: { kind: "watch", conditions: given },
      })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("environments" as const),
        names: fc.constantFrom(null, ["production"], ["production", ""], ["", "staging"]),
      }),
    },
  );
}

/** Any step of stories of a shape. */
export function storyStep({
  groups,
  releases,
  step,
  mutes,
  isLoud = false,
  merges = 0,
}: StoryShape): fc.Arbitrary<StoryStep> {
  const group = fc.constantFrom(...groups);
  const release = fc.constantFrom(...releases);
  const named = release.filter((text) => text !== "");
  const event = fc.record({
    group,
    release,
    step,
    delay: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.integer({ min: -MINUTE, max: 2 * HOUR }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 * DAY }) },
    ),
    repeats: fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, fc.nat({ max: 20 })),
    carries: isLoud ? carried : NOTHING_CARRIED,
  });
  const digest = fc.record({
    kind: fc.constant("digest" as const),
    events: fc.array(event, { minLength: 1, maxLength: 6 }),
    oneByOne: fc.boolean(),
  });
  const command = (of: fc.Arbitrary<Command>): fc.Arbitrary<StoryStep> =>
    fc.record({ kind: fc.constant("command" as const), group, command: of });
  // The sum of two issues does not know the busiest hours of earlier days.
  const conditions = allConditions(({ kind }) => merges > 0 && kind === "spike");
  const until = isLoud ? conditions.ofDiscard : condition;
  return fc.oneof(
    { weight: isLoud ? 20 : 7, arbitrary: digest },
    {
      weight: 1,
      arbitrary: command(
        fc.oneof(
          fc.constantFrom<Command[]>({ kind: "discard" }, { kind: "undiscard" }),
          fc
            .array(until, { minLength: 1, maxLength: 2 })
            .map((ending): Command => ({ kind: "discard", conditions: ending })),
        ),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("auto-resolve" as const),
        afterMs: fc.constantFrom(null, HOUR, DAY, 9 * DAY),
      }),
    },
    { weight: merges, arbitrary: fc.record({ kind: fc.constant("merge" as const), group, into: group }) },
    { weight: merges, arbitrary: fc.record({ kind: fc.constant("unmerge" as const), group }) },
    { weight: isLoud ? 7 : 0, arbitrary: loudSteps(group, conditions.ofWatch) },
    { weight: isLoud ? 3 : 4, arbitrary: command(resolveIn(named)) },
    { weight: 2, arbitrary: command(reopening(named)) },
    {
      weight: mutes,
      arbitrary: fc
        .tuple(group, muting(isLoud ? conditions.ofMute : condition))
        .map(([of, given]) => ({ kind: "command" as const, group: of, ...given })),
    },
    { weight: 1, arbitrary: command(fc.constantFrom<Command[]>(...OTHER_COMMANDS)) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("register" as const),
        version: named,
        ago: fc.oneof(fc.constant(undefined), fc.constantFrom(0, HOUR, DAY), fc.integer({ min: -HOUR, max: 2 * DAY })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom("retire" as const, "restore" as const), version: named }),
    },
    { weight: mutes, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
    {
      weight: isLoud ? mutes : 1,
      arbitrary: fc.record({
        kind: fc.constant("wait" as const),
        ms: fc.oneof(fc.integer({ min: 0, max: 3 * DAY }), fc.integer({ min: 0, max: 2 * HOUR })),
      }),
    },
  );
}

const OTHER_COMMANDS: Command[] = [{ kind: "unmute" }, { kind: "annotate", comment: "hm" }, { kind: "delete" }];

/** Any way to resolve an issue. */
function resolveIn(release: fc.Arbitrary<string>): fc.Arbitrary<Command & { kind: "resolve" }> {
  return fc.oneof(
    fc.constantFrom<(Command & { kind: "resolve" })[]>(
      { kind: "resolve" },
      { kind: "resolve", in: "next-release" },
      { kind: "resolve", in: "latest-release" },
    ),
    fc.record({ release, announce: fc.boolean() }).map((named) => ({ kind: "resolve" as const, in: named })),
  );
}

function reopening(release: fc.Arbitrary<string>): fc.Arbitrary<Command> {
  return fc.oneof(
    fc.constantFrom<Command[]>({ kind: "reopen" }, { kind: "reopen", withdraw: true }),
    fc.array(release, { minLength: 1, maxLength: 2 }).map((withdraw): Command => ({ kind: "reopen", withdraw })),
  );
}
