import type { Issue } from "../core/issue.ts";
import { friendlyIdOf, type Project } from "../core/project.ts";

/** An issue as a tracker gives it. */
export interface TrackedIssue extends Issue {
  /** Its id for people: the project's slug in upper case and the issue's number, `SHOP-12`. */
  readonly friendlyId: string;
}

/** An issue with its id for people. */
export function trackedIssue(project: Project, issue: Issue): TrackedIssue {
  return { ...issue, friendlyId: friendlyIdOf(project.slug, issue.number) };
}
