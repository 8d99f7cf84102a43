import type { Alert } from "../../core/alert.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import type { IssueTracker } from "../../tracker/tracker.ts";
import type { TimelineEntry } from "./entry.ts";
import { timelineMermaid } from "./mermaid.ts";
import { timelineSvg } from "./svg-picture.ts";
import { timelineText } from "./text.ts";

/** The result of a timeline that was played. */
export interface TimelineResult {
  /** All steps, in order. */
  readonly entries: readonly TimelineEntry[];
  /** The outcomes of the events, in order. */
  readonly outcomes: readonly DigestOutcome[];
  /** The alerts that were raised, in order. */
  readonly alerts: readonly Alert[];
  /** The issues at the end, in the order in which they were opened. */
  readonly issues: readonly TrackedIssue[];
  /** The tracker that the timeline was played on, for more queries. */
  readonly tracker: IssueTracker;
  /** The steps as a calendar: a heading for each day, a line for each step. */
  toText(): string;
  /** Counts against thresholds as Mermaid charts, one per issue and condition; `""` if no mute had conditions. */
  toMermaid(): string;
  /** Counts against thresholds as an SVG image. */
  toSvg(): string;
}

/** Creates a result. */
export function resultOf(
  tracker: IssueTracker,
  entries: readonly TimelineEntry[],
  issues: readonly TrackedIssue[],
): TimelineResult {
  return {
    entries,
    outcomes: entries.flatMap(({ outcome }) => outcome ?? []),
    alerts: entries.flatMap(({ alerts }) => alerts),
    issues,
    tracker,
    toText: () => timelineText(entries),
    toMermaid: () => timelineMermaid(entries),
    toSvg: () => timelineSvg(entries),
  };
}
