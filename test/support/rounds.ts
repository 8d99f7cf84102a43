import type { Alert } from "../../src/index.ts";
import { HOUR, START } from "./scenario.ts";

/*
 * Processes deliver alerts in rounds. In each round the leases of the round before have ended, and failed alerts are due: the
 * clock is set, so nothing has to wait.
 */

/** The time of a round. */
export function timeOfRound(round: number): number {
  return START + round * HOUR;
}

/** Whether the sink fails to deliver an alert at its first attempt. */
export function isRefusedOnce({ id }: Alert): boolean {
  return id.endsWith("7");
}
