import type { Alert } from "../../src/index.ts";
import { HOUR, START } from "./scenario.ts";

/*
 * Processes that deliver alerts in rounds. In the next one the leases of the one before are over, and what failed is due: the time
 * is said, not waited for.
 */

/** The time in a round. */
export function timeOfRound(round: number): number {
  return START + round * HOUR;
}

/** Whether the sink fails on an alert at its first attempt. */
export function isRefusedOnce({ id }: Alert): boolean {
  return id.endsWith("7");
}
