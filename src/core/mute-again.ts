import { addPeriods } from "./add-periods.ts";
import { endOfBucket, isMet, judgedAt, NEVER, type Evidence } from "./conditions/condition-rule.ts";
import { ruleOf, type Condition } from "./conditions/condition.ts";
import type { MuteDuration } from "./duration.ts";
import { IssueLifecycleError } from "./errors.ts";
import { requireInstant } from "./input.ts";
import { MAX_INSTANT, type Instant } from "./instant.ts";
import { muteTermsShape, termsOf, type Mute, type MuteDeadline, type MuteTerms } from "./mute.ts";
import { looseObject, type Shape } from "./shape.ts";

/** That an issue, which was unmuted by an event or the clock, is muted again once it is quiet. */
export interface MuteAgainLater {
  /** When `tick` looks whether it was quiet for long enough. */
  readonly at: Instant;
  readonly terms: MuteTerms;
}

/** The stored form of {@link MuteAgainLater}. */
export const muteAgainLaterShape: Shape<MuteAgainLater> = looseObject({ at: requireInstant, terms: muteTermsShape });

/**
 * What mutes an issue again after an event or the clock has ended its mute; `undefined` if nothing does.
 *
 * @param now - when the mute ended
 */
export function muteAgainAfter(mute: Mute, now: Instant): MuteAgainLater | undefined {
  if (mute.again === undefined) return undefined;
  const terms = termsOf(mute);
  const conditions = terms.conditions.map((condition) => ruleOf(condition).asRequested);
  return { at: quietUntil(now, mute.again.quietFor), terms: { ...terms, conditions } };
}

/** When an issue without further events was quiet for so long; the last instant of all if that is beyond. */
export function quietUntil(lastSeenAt: Instant, { period, nrOfPeriods }: MuteDuration): Instant {
  try {
    return addPeriods(lastSeenAt, nrOfPeriods, period);
  } catch (error) {
    if (!IssueLifecycleError.is(error)) throw error;
    return MAX_INSTANT;
  }
}

/** The terms of the same mute when it begins now; `undefined` if its end has passed. */
export function termsAgain(terms: MuteTerms, now: Instant): MuteTerms | undefined {
  const deadline = deadlineAgain(terms, now);
  return deadline === undefined ? undefined : { ...terms, deadline };
}

function deadlineAgain({ deadline, again }: MuteTerms, now: Instant): MuteDeadline | null | undefined {
  if (deadline === null) return null;
  if (again?.for !== undefined) return { ...deadline, at: quietUntil(now, again.for) };
  return deadline.at > now ? deadline : undefined;
}

/** When the conditions that are met may not be met any more; after all instants if they always will be. */
export function nextUnmet(conditions: readonly Condition[], evidence: Evidence): number {
  const at = judgedAt(evidence);
  const ends = conditions.map((condition) => {
    const rule = ruleOf(condition);
    return isMet(rule.standing(evidence)) ? endOfBucket(rule.window, at) : at;
  });
  return Math.min(NEVER, Math.max(at, ...ends));
}
