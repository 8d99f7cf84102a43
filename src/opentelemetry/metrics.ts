import type { Attributes, Meter } from "@opentelemetry/api";
import type { TurningPointKind } from "../core/turning-point.ts";
import type { CommittedChanges, EventTally, TrackerHooks } from "../ports/tracker-hooks.ts";
import { attributesOf, endAttributesOf, PROJECT_ID } from "./attributes.ts";

/** Upper bounds in seconds: from a digest in memory to an erasure in many steps. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const EVENT_OUTCOMES = ["digested", "duplicate", "refused", "discarded"] as const satisfies (keyof EventTally)[];

/**
 * Hooks that count and measure.
 *
 * @param withProject - whether each project is counted by itself
 */
export function metricHooks(meter: Meter, withProject: boolean): Omit<TrackerHooks, "around"> {
  const { events, transitions, notifications, duration } = instrumentsOf(meter);
  const of = (projectId: string | undefined): Attributes =>
    withProject && projectId !== undefined ? { [PROJECT_ID]: projectId } : {};
  return {
    ended(operation) {
      duration.record(operation.durationMs / 1_000, { ...attributesOf(operation), ...endAttributesOf(operation) });
      if (operation.outcome === "failed" || operation.inHostTransaction) return;
      for (const tally of operation.events) {
        for (const outcome of EVENT_OUTCOMES) {
          const attributes = { "issue_lifecycle.event.outcome": outcome, ...of(tally.projectId) };
          if (tally[outcome] > 0) events.add(tally[outcome], attributes);
        }
      }
    },
    committed(changes) {
      for (const [projectId, kinds] of countTransitions(changes, withProject)) {
        for (const [kind, count] of kinds) {
          transitions.add(count, { "issue_lifecycle.transition.kind": kind, ...of(projectId) });
        }
      }
    },
    delivered({ kind, alert }) {
      notifications.add(1, { "issue_lifecycle.notification.outcome": kind, ...of(alert.project.id) });
    },
  };
}

function instrumentsOf(meter: Meter) {
  return {
    events: meter.createCounter("issue_lifecycle.events", {
      description: "Events given to digest, by what became of them.",
      unit: "{event}",
    }),
    transitions: meter.createCounter("issue_lifecycle.transitions", {
      description: "Entries added to the histories of issues, by their kind.",
      unit: "{transition}",
    }),
    notifications: meter.createCounter("issue_lifecycle.notifications", {
      description: "Results of deliveries of alerts, by their kind.",
      unit: "{notification}",
    }),
    duration: meter.createHistogram("issue_lifecycle.operation.duration", {
      description: "How long operations of the tracker and calls of its sink take.",
      unit: "s",
      advice: { explicitBucketBoundaries: DURATION_BUCKETS },
    }),
  };
}

/** How many turning points of each kind there are, by project if that is wanted. */
function countTransitions({ created, changed, turningPoints }: CommittedChanges, withProject: boolean) {
  const projects = new Map<string, string>();
  if (withProject) for (const { id, projectId } of [...created, ...changed]) projects.set(id, projectId);
  const counts = new Map<string | undefined, Map<TurningPointKind, number>>();
  for (const { issueId, turn } of turningPoints) {
    const projectId = projects.get(issueId);
    const kinds = counts.get(projectId) ?? new Map<TurningPointKind, number>();
    counts.set(projectId, kinds.set(turn.kind, (kinds.get(turn.kind) ?? 0) + 1));
  }
  return counts;
}
