import type { Evidence } from "../core/conditions/condition-rule.ts";
import type { Condition } from "../core/conditions/condition.ts";
import { MAX_INSTANT, type Instant } from "../core/instant.ts";
import { nextUnmet } from "../core/mute-again.ts";

/**
 * The first instant at which none of the conditions is met any more, if no event comes before it; `Infinity` if there is none.
 * Without events a condition that is met stays met until a bucket ends.
 *
 * @param evidence - what they are judged by, at the newest time counted or a later one
 */
export function firstUnmet(conditions: readonly Condition[], evidence: Evidence): Instant {
  let { at } = evidence;
  for (;;) {
    const next = nextUnmet(conditions, { ...evidence, at });
    if (next > MAX_INSTANT) return Infinity;
    if (next <= at) return at;
    at = next;
  }
}
