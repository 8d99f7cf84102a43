import type { NewEvent } from "../../src/index.ts";
import { MINUTE, START } from "./scenario.ts";
import { randomOf } from "./script.ts";

/*
 * What a crowd of processes digests into one database. Two processes each digest the same part of the events, at about the
 * same time but in other batches; all processes get to the same releases at the same time. Events of the project "attic"
 * are of groups whose issues are deleted meanwhile.
 */

/** How many processes there are. */
export const LANES = 8;

/** How many events each of them digests. */
export const LANE_LENGTH = 120;

/** How many releases there are that are only seen in the second half. */
export const LATE_RELEASES = 8;

/** How many events there are. */
const CROWD = (LANES / 2) * LANE_LENGTH;

/** How far apart they are received: all within the 24 hours for which counters keep hours. */
const PACE = 10 * MINUTE;

/** The ids of all events, each with its project. */
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
  };
}

/** The events that a process digests in one go, with the number of the next one: one event, or a batch. */
export function crowdStep(lane: number, at: number): { readonly events: readonly NewEvent[]; readonly next: number } {
  const random = randomOf(lane * 10_000 + at);
  const size = [1, 1, 1, 2, 5, 9][random(6)] ?? 1;
  const next = Math.min(at + size, LANE_LENGTH);
  const part = Math.floor(lane / 2) * LANE_LENGTH;
  const events: NewEvent[] = [];
  for (let each = at; each < next; each++) events.push(crowdEvent(part + each, lane));
  const [first] = events;
  // Now and then a batch repeats an event.
  if (size === 9 && first !== undefined) events.push(first);
  return { events, next };
}

function groupOf(index: number, lane: number, random: (below: number) => number) {
  const choice = random(20);
  // Both processes have an event of this id, each of another group: whoever is first.
  if (choice < 3) return { projectId: "shop", type: "Disputed", value: String(lane) };
  if (choice < 11) return { projectId: "shop", type: "Hot", value: String(random(4)) };
  if (choice < 16) return { projectId: "shop", type: "New", value: String(Math.floor(index / 3)) };
  return { projectId: "attic", type: "Old", value: String(random(6)) };
}

/** The release of an event, by how far the releases have got: there are twelve of each kind. */
function releaseOf(number: number, random: (below: number) => number): string {
  const choice = random(10);
  if (choice === 0) return "";
  // Those without an order of their own are announced while they wait for their place.
  if (choice < 3) return number < 6 ? `build-${String(number)}` : `late-${String(random(LATE_RELEASES))}`;
  if (choice < 6) return `shop@1.${String(number)}.${String(random(3))}`;
  return `1.${String(number)}.0`;
}
