import type { NewEvent } from "../../src/index.ts";
import { MINUTE, START } from "./scenario.ts";
import { randomOf } from "./script.ts";

/*
 * What a crowd of processes digests into one database: a ring of events, of which each process takes a part that overlaps
 * with the next one's, so that every event is digested by two processes. All of them get to the same releases at the same
 * time. Events of the project "attic" are of groups whose issues are deleted meanwhile.
 */

/** How many processes there are. */
export const LANES = 8;

/** How many events there are for each of them to digest first. */
const STRIDE = 60;

/** How many events there are. */
const RING = LANES * STRIDE;

/** How many events one process digests. */
export const LANE_LENGTH = 2 * STRIDE;

/** When the last event is received; all are received within the 24 hours that counters keep hours for. */
export const CROWD_ENDS = START + STRIDE * 20 * MINUTE;

/** The ids of all events, each with its project. */
export const CROWD_EVENTS: readonly string[] = Array.from({ length: RING }, (_, index) => {
  const { projectId, id } = crowdEvent(index, 0);
  return `${projectId} ${id}`;
});

/** The ring's event with this number, as a process digests it. */
function crowdEvent(index: number, lane: number): NewEvent & { readonly id: string } {
  const place = index % RING;
  const phase = place % STRIDE;
  const random = randomOf(place);
  return {
    ...groupOf(place, lane, random),
    id: `e-${String(place)}`,
    release: releaseOf(Math.floor(phase / 5), random),
    receivedAt: START + phase * 20 * MINUTE + random(MINUTE),
    data: { place },
  };
}

/** The events that a process digests in one go, with the number of the next one: one event, or a batch. */
export function crowdStep(lane: number, at: number): { readonly events: readonly NewEvent[]; readonly next: number } {
  const random = randomOf(lane * 10_000 + at);
  const size = [1, 1, 1, 2, 5, 9][random(6)] ?? 1;
  const next = Math.min(at + size, LANE_LENGTH);
  const events: NewEvent[] = [];
  for (let each = at; each < next; each++) events.push(crowdEvent(lane * STRIDE + each, lane));
  const [first] = events;
  // Now and then a batch repeats an event.
  if (size === 9 && first !== undefined) events.push(first);
  return { events, next };
}

function groupOf(place: number, lane: number, random: (below: number) => number) {
  const choice = random(20);
  // Two clients that use one id for events of different groups: whoever is first has it.
  if (choice === 0) return { projectId: "shop", type: "Disputed", value: String(lane) };
  if (choice < 10) return { projectId: "shop", type: "Hot", value: String(random(4)) };
  if (choice < 16) return { projectId: "shop", type: "New", value: String(Math.floor(place / 3)) };
  return { projectId: "attic", type: "Old", value: String(random(6)) };
}

function releaseOf(number: number, random: (below: number) => number): string {
  const choice = random(10);
  if (choice === 0) return "";
  if (choice < 3) return `build-${String(number)}`;
  if (choice < 6) return `shop@1.${String(number)}.${String(random(3))}`;
  return `1.${String(number)}.0`;
}
