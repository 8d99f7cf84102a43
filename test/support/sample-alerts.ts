import { issueAlert, type AlertKind, type AlertReason, type IssueAlert } from "../../src/core/index.ts";
import { START } from "./scenario.ts";

const REASONS: Readonly<Record<AlertKind, AlertReason>> = {
  "new-issue": { kind: "new-issue" },
  regression: { kind: "regression", reason: { kind: "resolved-plainly", resolvedAt: START } },
  unmute: { kind: "unmute", reason: { kind: "deadline-passed", deadline: START, noticedBy: "clock" } },
  loud: {
    kind: "loud",
    reason: { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 11, usual: 3 },
  },
};

/** An alert as a tracker raises it. Its number is in its id, and is its turning point. */
export function alertOf(
  number: number,
  { project = "shop", issue = 1, kind = "new-issue" }: { project?: string; issue?: number; kind?: AlertKind } = {},
): IssueAlert {
  return issueAlert({
    id: uuid(1_000 + number),
    project: { id: project, slug: project },
    level: "error",
    reason: REASONS[kind],
    issue: {
      id: uuid(issue),
      friendlyId: `${project.toUpperCase()}-${String(issue)}`,
      title: `Title ${String(issue)}`,
      status: "open",
      eventCount: 1,
      firstSeenAt: START,
      lastSeenAt: START,
    },
    event: null,
    turningPoint: number,
    raisedAt: START + number,
  });
}

function uuid(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}
