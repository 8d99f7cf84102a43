import {
  EMPTY_TIMELINE,
  type KnownRelease,
  type Release,
  type ReleaseLine,
  type ReleaseTimeline,
} from "../core/release.ts";
import type { TimelineRequest } from "../ports/issue-store.ts";
import { lookup, type Lookup } from "./connections/lookup.ts";
import type { KeyedProject } from "./project-keys.ts";
import { releaseOf } from "./rows/release-row.ts";
import type { Statements } from "./statements/index.ts";
import type { TimelinePart } from "./statements/release-statements.ts";

/** Timelines to be found. */
export interface TimelineLookup {
  readonly lookup: Lookup;
  /** Those that were found, by project. */
  readonly take: () => ReadonlyMap<string, ReleaseTimeline>;
}

/**
 * Looks up projects' timelines, by one statement; an unknown project's is empty. A project without releases needs no statement.
 *
 * @param projects - the projects that exist, by id
 */
export function lookUpTimelines(
  statements: Statements["releases"],
  requests: readonly TimelineRequest[],
  projects: ReadonlyMap<string, KeyedProject>,
): TimelineLookup {
  const timelines = new Map<string, FoundTimeline>();
  /** The timelines by the places of input rows. */
  const wanted: FoundTimeline[] = [];
  const input: { place: number; project_key: number; part: TimelinePart; line: string | null }[] = [];
  for (const { projectId, lines } of requests) {
    const project = projects.get(projectId);
    const count = project?.stored.releaseCount ?? 0;
    const timeline = { ...EMPTY_TIMELINE, count, lines: new Map<string, ReleaseLine>(), newest: 0 };
    timelines.set(projectId, timeline);
    if (project === undefined || count === 0) continue;
    const of = { place: wanted.push(timeline) - 1, project_key: project.key };
    input.push({ ...of, part: "latest", line: null }, { ...of, part: "newest-other", line: null });
    for (const line of lines) input.push({ ...of, part: "line", line });
  }
  const found = lookup(statements.timelines, input);
  const take = (): ReadonlyMap<string, ReleaseTimeline> => {
    for (const row of found.rows) {
      const timeline = wanted[row.place];
      if (timeline !== undefined) add(timeline, row.part, releaseOf(row));
    }
    return new Map(
      Array.from(timelines, ([id, { count, latest, placedBy, lines }]) => [id, { count, latest, placedBy, lines }]),
    );
  };
  return { lookup: found, take };
}

/** A timeline of which some parts were found. */
interface FoundTimeline extends ReleaseTimeline {
  latest: KnownRelease | undefined;
  placedBy: string | undefined;
  readonly lines: Map<string, ReleaseLine>;
  /** The number of the newest release that was found. */
  newest: number;
}

/** Adds a release that was found as a part of a timeline. */
function add(timeline: FoundTimeline, part: TimelinePart, release: Release): void {
  const known = release.standing === "known" ? release : undefined;
  if (part === "line") {
    timeline.lines.set(release.line, { number: release.lineNumber, latest: known });
    return;
  }
  if (part === "latest") timeline.latest = known;
  if (release.number < timeline.newest) return;
  timeline.newest = release.number;
  timeline.placedBy = release.placedBy;
}
