import type { Alert } from "../../core/alert.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import type { IssueTracker } from "../../tracker/tracker.ts";
import type { TimelineEntry } from "./entry.ts";
import { timelineMermaid, timelineSvg } from "./picture.ts";
import { timelineText } from "./text.ts";

/** A timeline that was played: what happened, for plain reads. */
export interface Story {
  /** Everything that happened, in order. */
  readonly entries: readonly TimelineEntry[];
  /** What came of the events, in order. */
  readonly outcomes: readonly DigestOutcome[];
  /** The alerts that were raised, in order. */
  readonly alerts: readonly Alert[];
  /** The issues as they are at the end, in the order in which they were opened. */
  readonly issues: readonly TrackedIssue[];
  /** The tracker it was played on, for further questions. */
  readonly tracker: IssueTracker;
  /** A calendar of what happened: see the guide on testing policies. */
  toText(): string;
  /** Counts against thresholds, as Mermaid charts; `""` where no mute had conditions. */
  toMermaid(): string;
  /** Counts against thresholds, as an SVG image. */
  toSvg(): string;
}

/** Makes a story of what happened. */
export function storyOf(
  tracker: IssueTracker,
  entries: readonly TimelineEntry[],
  issues: readonly TrackedIssue[],
): Story {
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
