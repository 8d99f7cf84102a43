import { count, looseObject, object, oneOf, type Shape } from "../shape.ts";
import { judgedAt, type ConditionRule } from "./condition-rule.ts";
import { describeMoreThanUsual, factorOfUsualMembers, moreThanIn, usualRule, type FactorOfUsual } from "./usual.ts";

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

const MEMBERS = { kind: oneOf(["spike"]), ...factorOfUsualMembers(10, 3) };

/** The shape of a condition that a caller gives. */
export const spikeConditionInput: Shape<SpikeCondition> = object<SpikeCondition>(MEMBERS, `{ kind: "spike" }`);

/** The stored form of a condition. */
export const spikeConditionShape: Shape<SpikeCondition> = looseObject<SpikeCondition>(MEMBERS);

/** The stored form of {@link Spiked}. */
export const spikedMembers = { condition: spikeConditionShape, count, usual: count };

/** How a spike is judged. */
export function spikeRule(condition: SpikeCondition): ConditionRule {
  return {
    ...usualRule(condition, {
      period: "hour",
      periodInWords: HOUR,
      count: (evidence) => evidence.counter.busiestHour(judgedAt(evidence)),
      exceeded: moreThanIn(condition.factor, `in ${USUAL_HOUR}`),
    }),
    asRequested: condition,
    asMuted: () => condition,
    reason: ({ count: found, usual }) => ({ kind: "spiked", condition, count: found, usual }),
  };
}

const HOUR = "hour";
const USUAL_HOUR = "the busiest hour of the week before";

/** {@link Spiked} as a sentence. */
export function describeSpiked(spiked: Spiked): string {
  return describeMoreThanUsual(spiked.condition, spiked, HOUR, USUAL_HOUR);
}
