import type { NewEvent } from "../../src/index.ts";
import { MINUTE, START } from "./scenario.ts";
import { randomOf } from "./script.ts";

/*
 * The events that many processes digest into one database. Two processes each digest the same part of the events, at about
 * the same time but in other batches; all processes reach the same releases at about the same time. The project "attic" has
 * groups whose issues are deleted meanwhile.
 */

/** The number of processes. */
export const LANES = 8;

/** The number of events of each process. */
export const LANE_LENGTH = 120;

/** The number of releases that are seen in the second half only. */
export const LATE_RELEASES = 8;

/** The number of different events. */
const CROWD = (LANES / 2) * LANE_LENGTH;

/** The time between two events, such that all are within the 24 hours for which counters keep hours. */
const PACE = 10 * MINUTE;

/** All events, as project and id. */
export const CROWD_EVENTS: readonly string[] = Array.from({ length: CROWD }, (_, index) => {
  const { projectId, id } = crowdEvent(index, 0);
  return `${projectId} ${id}`;
});

/** The event with this number, as a process digests it. */
function crowdEvent(index: number, lane: number): NewEvent & { readonly id: string } {
  const phase = index % LANE_LENGTH;
  const random = randomOf(index);
  return {
    ...groupOf(index, lane, random),
    id: `e-${String(index)}`,
    release: releaseOf(Math.floor(phase / 10), random),
    receivedAt: START + phase * PACE + random(MINUTE),
    data: { index },
    count: 1 + random(3),
    environment: ["", "production", "staging"][random(3)] ?? "",
    // Some are too long to be stored with the rest of the event.
    transaction: random(5) === 0 ? "/".repeat(1_000) : "",
    ...(random(4) > 0 && { userId: `user ${String(random(9))}` }),
  };
}

/** The event or batch that a process digests at a step, and the number of its next event. */
export function crowdStep(lane: number, at: number): { readonly events: readonly NewEvent[]; readonly next: number } {
  const random = randomOf(lane * 10_000 + at);
  const size = [1, 1, 1, 2, 5, 9][random(6)] ?? 1;
  const next = Math.min(at + size, LANE_LENGTH);
  const part = Math.floor(lane / 2) * LANE_LENGTH;
  const events: NewEvent[] = [];
  for (let each = at; each < next; each++) events.push(crowdEvent(part + each, lane));
  const [first] = events;
  // Some batches repeat an event.
  if (size === 9 && first !== undefined) events.push(first);
  return { events, next };
}

function groupOf(index: number, lane: number, random: (below: number) => number) {
  const choice = random(20);
  // Both processes have an event with this id, each of another group: the first one wins.
  if (choice < 3) return { projectId: "shop", type: "Disputed", value: String(lane) };
  if (choice < 11) return { projectId: "shop", type: "Hot", value: String(random(4)) };
  if (choice < 16) return { projectId: "shop", type: "New", value: String(Math.floor(index / 3)) };
  return { projectId: "attic", type: "Old", value: String(random(6)) };
}

/** The release of an event. There are twelve releases of each kind, one after the other. */
function releaseOf(number: number, random: (below: number) => number): string {
  const choice = random(10);
  if (choice === 0) return "";
  // Dated releases: announced until they are first seen.
  if (choice < 3) return number < 6 ? `build-${String(number)}` : `late-${String(random(LATE_RELEASES))}`;
  if (choice < 6) return `shop@1.${String(number)}.${String(random(3))}`;
  return `1.${String(number)}.0`;
}
