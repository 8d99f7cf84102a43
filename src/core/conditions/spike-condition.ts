import { count, integer, looseObject, object, oneOf, withDefault, type Shape } from "../shape.ts";
import { pluralize } from "../text.ts";
import { countTowards } from "../threshold.ts";
import { judgedAt, type ConditionRule } from "./condition-rule.ts";
import { factor, timesUsual, type FactorOfUsual } from "./usual.ts";

/**
 * A condition that is met when the current clock hour (UTC) has more than `floor` events, and more than `factor` times as many as
 * the busiest of the hours before it, today and on the 7 days before today.
 */
export interface SpikeCondition extends FactorOfUsual {
  readonly kind: "spike";
}

/** A {@link SpikeCondition} that a caller gives. */
export interface SpikeConditionInput {
  readonly kind: "spike";
  /** Default 10. */
  readonly floor?: number;
  /** Default 3. */
  readonly factor?: number;
}

/** That a {@link SpikeCondition} was met. */
export interface Spiked {
  readonly kind: "spiked";
  readonly condition: SpikeCondition;
  /** The events of the hour. */
  readonly count: number;
  /** The events of the busiest hour before it. */
  readonly usual: number;
}

const MEMBERS = {
  kind: oneOf(["spike"]),
  floor: withDefault(integer(1, Number.MAX_SAFE_INTEGER), 10),
  factor: withDefault(factor, 3),
};

/** The shape of a condition that a caller gives. */
export const spikeConditionInput: Shape<SpikeCondition> = object<SpikeCondition>(MEMBERS, `{ kind: "spike" }`);

/** The stored form of a condition. */
export const spikeConditionShape: Shape<SpikeCondition> = looseObject<SpikeCondition>(MEMBERS);

/** The stored form of {@link Spiked}. */
export const spikedMembers = { condition: spikeConditionShape, count, usual: count };

const HOUR = { period: "hour", nrOfPeriods: 1 } as const;

/** How a spike is judged. */
export function spikeRule(condition: SpikeCondition): ConditionRule {
  return {
    window: HOUR,
    countsUsers: false,
    isSinceMute: false,
    asRequested: condition,
    asMuted: () => condition,
    standing: (evidence) => {
      const at = judgedAt(evidence);
      const { counter, countedFrom } = evidence;
      return timesUsual(condition, countTowards(counter, HOUR, countedFrom, at), counter.busiestHour(at));
    },
    // In a later hour the busiest one may be less busy, but all of the floor has to come again.
    eventsUntilMet: ({ count: found, needed }) => Math.min(needed - found, condition.floor + 1),
    reason: ({ count: found, usual }) => ({ kind: "spiked", condition, count: found, usual }),
    describe: () =>
      `more than ${pluralize(condition.floor, "event")} in the current hour, and ${describeFactor(condition)}`,
    describeStanding: ({ count: found, needed }, sinceMute) =>
      `${String(found)} of ${pluralize(needed, "event")}${sinceMute ? " since the mute" : ""} in the current hour (more than ${String(condition.floor)}, and ${describeFactor(condition)})`,
  };
}

function describeFactor({ factor: times }: SpikeCondition): string {
  return `more than ${String(times)} times as many as in the busiest hour of the week before`;
}

/** {@link Spiked} as a sentence. */
export function describeSpiked({ condition, count: found, usual }: Spiked): string {
  const { floor, factor: times } = condition;
  return (
    `There were ${pluralize(found, "event")} in one hour: more than ${String(floor)}, and more than ` +
    `${String(times)} times the ${String(usual)} of the busiest hour of the week before.`
  );
}
