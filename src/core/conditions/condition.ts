import { readMember, requireObject, requireOneOf } from "../input.ts";
import type { Shape } from "../shape.ts";
import type { ConditionRule } from "./condition-rule.ts";
import {
  describeGotLouder,
  gotLouderMembers,
  louderConditionInput,
  louderConditionShape,
  louderRule,
  type GotLouder,
  type LouderCondition,
  type LouderConditionInput,
} from "./louder-condition.ts";
import {
  describeSpiked,
  spikeConditionInput,
  spikeConditionShape,
  spikedMembers,
  spikeRule,
  type SpikeCondition,
  type SpikeConditionInput,
  type Spiked,
} from "./spike-condition.ts";
import {
  describeUsersReached,
  usersConditionInput,
  usersConditionShape,
  usersReachedMembers,
  usersRule,
  type UsersCondition,
  type UsersReached,
} from "./users-condition.ts";
import {
  describeVolumeReached,
  volumeConditionInput,
  volumeConditionShape,
  volumeReachedMembers,
  volumeRule,
  type VolumeBasedCondition,
  type VolumeConditionInput,
  type VolumeReached,
} from "./volume-condition.ts";

/** What ends a mute, or what an open issue is watched for. */
export type Condition = VolumeBasedCondition | UsersCondition | SpikeCondition | LouderCondition;

/** A {@link Condition} that a caller gives. */
export type ConditionInput = VolumeConditionInput | UsersCondition | SpikeConditionInput | LouderConditionInput;

/** That a condition was met, with the numbers that met it. */
export type ConditionMet = VolumeReached | UsersReached | Spiked | GotLouder;

/** The kind of a condition. */
export type ConditionKind = Condition["kind"];

/** All kinds of conditions. */
export const CONDITION_KINDS = ["volume", "users", "spike", "louder"] as const satisfies ConditionKind[];

/** The shapes of conditions: as a caller gives them, and as they are stored. */
const SHAPES: Readonly<Record<ConditionKind, { readonly input: Shape<Condition>; readonly stored: Shape<Condition> }>> =
  {
    volume: { input: volumeConditionInput, stored: volumeConditionShape },
    users: { input: usersConditionInput, stored: usersConditionShape },
    spike: { input: spikeConditionInput, stored: spikeConditionShape },
    louder: { input: louderConditionInput, stored: louderConditionShape },
  };

/** The stored forms of the members of {@link ConditionMet}, by kind. */
export const CONDITION_MET_CASES = {
  "volume-reached": volumeReachedMembers,
  "users-reached": usersReachedMembers,
  spiked: spikedMembers,
  "got-louder": gotLouderMembers,
};

/** The shape of a condition that a caller gives. Without a `kind` it is one of volume. */
export function conditionInput(field: string, value: unknown): Condition {
  return SHAPES[kindOf(field, value)].input(field, value);
}

/** The stored form of a condition. */
export function conditionShape(field: string, value: unknown): Condition {
  return SHAPES[kindOf(field, value)].stored(field, value);
}

function kindOf(field: string, value: unknown): ConditionKind {
  const path = `${field}.kind`;
  const kind = readMember(path, requireObject(field, value, EXAMPLE), "kind");
  return kind === undefined ? "volume" : requireOneOf(path, kind, CONDITION_KINDS);
}

const EXAMPLE = `a condition, as in { kind: "volume", period: "day", nrOfPeriods: 1, volume: 100 } or { kind: "spike" }`;

/**
 * Checks a condition, such as one from parsed JSON.
 *
 * @param value - a {@link ConditionInput}, unchecked
 * @param field - its name in an error; default `condition`
 * @throws {@link IssueLifecycleError} `invalid-input`, or `condition-out-of-range` for a window that is not kept
 */
export function parseCondition(value: unknown, field = "condition"): Condition {
  return conditionInput(field, value);
}

/** How a condition is judged. */
export function ruleOf(condition: Condition): ConditionRule {
  switch (condition.kind) {
    case "volume":
      return volumeRule(condition);
    case "users":
      return usersRule(condition);
    case "spike":
      return spikeRule(condition);
    case "louder":
      return louderRule(condition);
  }
}

/** A condition in words: "100 events or more in the current day". */
export function describeCondition(condition: Condition): string {
  return ruleOf(condition).describe();
}

/** What meets a condition, as a sentence: "The condition is met by 100 events or more in one calendar day." */
export function describeWhenMet(condition: Condition): string {
  return `The condition is met by ${ruleOf(condition).describeTimeless(false)}.`;
}

/**
 * What ends a mute or a discard by conditions, after "until": "there are 5 events or more in one calendar hour".
 *
 * @param sinceMute - whether only what comes after the mute counts
 */
export function describeUntil(conditions: readonly Condition[], sinceMute: boolean): readonly string[] {
  return conditions.map((condition) => {
    const events = ruleOf(condition).describeTimeless(sinceMute);
    return `there ${/^(?:more than )?1 /u.test(events) ? "is" : "are"} ${events}`;
  });
}

/** Why a condition was met, as a sentence that is true at any later time. */
export function describeConditionMet(met: ConditionMet): string {
  switch (met.kind) {
    case "volume-reached":
      return describeVolumeReached(met);
    case "users-reached":
      return describeUsersReached(met);
    case "spiked":
      return describeSpiked(met);
    case "got-louder":
      return describeGotLouder(met);
  }
}
