import type { IssueTracker, NewEvent } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { volumeCondition } from "../../src/index.ts";
import { START } from "./scenario.ts";

/** One step of an endless script, the same at every run: a batch of events, or a command on one group. */
type ScriptStep =
  | { readonly kind: "digest"; readonly events: readonly NewEvent[] }
  | { readonly kind: "command"; readonly group: string; readonly command: Command };

const GROUPS = ["A", "B", "C", "D", "E"];

/** The time of a step. */
export function timeOfStep(index: number): number {
  return START + index * 7_000;
}

/** The step with this number, the same in every process. */
function stepOf(index: number): ScriptStep {
  const random = randomOf(index);
  const group = GROUPS[random(GROUPS.length)] ?? "A";
  if (index % 3 === 2) return { kind: "command", group, command: commandOf(random(5), index) };
  const release = `1.${String(Math.floor(index / 40))}.${String(random(2))}`;
  const events = Array.from({ length: 1 + random(4) }, (_, place) => ({
    projectId: "shop",
    id: `step-${String(index)}-${String(place)}`,
    type: GROUPS[random(GROUPS.length)] ?? "A",
    release,
    receivedAt: timeOfStep(index),
    data: { index, place },
  }));
  return { kind: "digest", events };
}

function commandOf(choice: number, index: number): Command {
  switch (choice) {
    case 0:
      return { kind: "mute", conditions: [volumeCondition(3, "total")], sinceMute: true };
    case 1:
      return { kind: "mute", until: timeOfStep(index + 5), wakeOn: "deadline" };
    case 2:
      return { kind: "resolve", in: "next-release" };
    case 3:
      return { kind: "resolve" };
    default:
      return { kind: "annotate", comment: `step ${String(index)}` };
  }
}

/** Runs a step. */
export async function takeStep(tracker: IssueTracker, index: number): Promise<void> {
  const step = stepOf(index);
  if (step.kind === "digest") {
    await tracker.digest(step.events);
    return;
  }
  const { items } = await tracker.issues.list({ projectId: "shop" });
  const ids = items.filter(({ title }) => title === step.group).map(({ id }) => id);
  const options = step.command.kind === "annotate" ? {} : { comment: `step ${String(index)}` };
  await tracker.issues.bulk({ projectId: "shop", ids }, step.command, options);
}

/** Whether a step that was not acknowledged was committed nevertheless. */
export async function wasTaken(tracker: IssueTracker, index: number): Promise<boolean> {
  const step = stepOf(index);
  if (step.kind === "digest") return (await tracker.events.get("shop", step.events[0]?.id ?? "")) !== undefined;
  const { items } = await tracker.issues.list({ projectId: "shop" });
  const id = items.find(({ title }) => title === step.group)?.id;
  if (id === undefined) return false;
  const history = await tracker.issues.history(id, { limit: 1_000 });
  return history.items.some(({ comment }) => comment === `step ${String(index)}`);
}

/** All that a tracker can tell, without ids: equal for two trackers after the same steps. */
export async function stateOf(tracker: IssueTracker): Promise<unknown> {
  const { items } = await tracker.issues.list({ projectId: "shop", sort: "first-seen" });
  const alerts = (await tracker.alerts.list({ limit: 1_000 })).items;
  const releases = await tracker.releases.list("shop", { limit: 1_000 });
  const issues = items.map(async ({ id, ...issue }) => ({
    ...issue,
    history: (await tracker.issues.history(id, { limit: 1_000 })).items.map(({ issueId: _differs, ...point }) => point),
    perMinute: await tracker.issues.eventCounts(id, { period: "minute" }),
    perDay: await tracker.issues.eventCounts(id, { period: "day" }),
    releases: (await tracker.issues.releases(id, { limit: 1_000 })).items,
  }));
  return {
    issues: await Promise.all(issues),
    releases: releases.items,
    alerts: alerts.map(({ alert }) => ({ ...alert, id: "", issue: alert.issue && { ...alert.issue, id: "" } })),
  };
}

/** A pseudo-random number generator. */
export function randomOf(seed: number): (below: number) => number {
  let state = (seed + 1) * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return (state >>> 8) % below;
  };
}
