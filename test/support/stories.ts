import fc from "fast-check";
import type { MuteRequest } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { condition, stepMs } from "./arbitraries.ts";
import type { StoryStep } from "./duel.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What a story is about. */
interface StoryShape {
  readonly groups: readonly string[];
  /** What events, claims and registrations name; those that name no release are left out of registrations. */
  readonly releases: readonly string[];
  /** Milliseconds between events. */
  readonly step: fc.Arbitrary<number>;
  /** How often mutes are asked for: the weight of that step. */
  readonly mutes: number;
}

/** Milliseconds between events of stories about releases: often none, so that dates are equal; sometimes back. */
export const SHORT_STEPS = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 2 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: -2 * HOUR, max: 0 }) },
);

const muting: fc.Arbitrary<{ command: Command; inMs: number | undefined }> = fc
  .record(
    {
      inMs: fc.integer({ min: -MINUTE, max: 30 * DAY }),
      conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
      sinceMute: fc.boolean(),
      wakes: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map(({ inMs, conditions, sinceMute, wakes }) => {
    const request: MuteRequest = {
      ...(inMs !== undefined && wakes === true && { wakeOn: "deadline" as const }),
      ...(conditions !== undefined && { conditions }),
      ...(conditions !== undefined && sinceMute !== undefined && { sinceMute }),
    };
    return { command: { kind: "mute", ...request }, inMs };
  });

/** The step of a story about mutes: {@link stepMs}. */
export const LONG_STEPS = stepMs;

/** Any step of stories of a shape. */
export function storyStep({ groups, releases, step, mutes }: StoryShape): fc.Arbitrary<StoryStep> {
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
  });
  const digest = fc.record({
    kind: fc.constant("digest" as const),
    events: fc.array(event, { minLength: 1, maxLength: 6 }),
    oneByOne: fc.boolean(),
  });
  const command = (of: fc.Arbitrary<Command>): fc.Arbitrary<StoryStep> =>
    fc.record({ kind: fc.constant("command" as const), group, command: of });
  return fc.oneof(
    { weight: 7, arbitrary: digest },
    { weight: 4, arbitrary: command(resolveIn(named)) },
    { weight: 2, arbitrary: command(reopening(named)) },
    {
      weight: mutes,
      arbitrary: fc.tuple(group, muting).map(([of, given]) => ({ kind: "command" as const, group: of, ...given })),
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
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3 * DAY }) }),
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
