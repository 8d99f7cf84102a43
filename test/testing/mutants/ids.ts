import { IssueLifecycleError } from "../../../src/core/errors.ts";
import type { Mutant } from "./harness.ts";
import { rewriting, texts } from "./rewriting.ts";
import { rowsOf } from "./tables.ts";

/** Where methods are given the ids of issues or alerts that may not be stored, or be no ids at all. */
const IDS = {
  "issues to find": /^findIssues\.ids$/u,
  "issues to load": /^load\.issues\.ids$/u,
  "issues to delete": /^write\.deletedIssues$/u,
  "issues to find counters of": /^findCounters$/u,
  "issues to load counters of": /^load\.details\.counters$/u,
  "issues to find marks of": /^findMarks\.issueId$/u,
  "issues to load marks of": /^load\.details\.marks\.issueId$/u,
  "issues to find users of": /^findUsers\.issueId$/u,
  "issues to count users of": /^countUsers\.issueId$/u,
  "issues to page the history of": /^pageHistory$/u,
  "issues to set users back of": /^write\.latestUserDays\.issueId$/u,
  "issues to remove marks of": /^write\.deletedMarks\.issueId$/u,
  "issues to claim alerts of": /^claim\.issueIds$/u,
  "alerts to settle": /^settle\.id$/u,
  "alerts to move": /^move\.ids$/u,
} as const;

type Place = keyof typeof IDS;

/** Where methods are given the ids of projects that may not be stored. */
const PROJECTS = {
  "projects to find": /^findProjects\.ids$/u,
  "projects to load": /^load\.projectIds$/u,
  "projects to page issues of": /^pageIssues\.projectId$/u,
  "projects to page releases of": /^pageReleases$/u,
  "projects to find issues of": /^findIssues\.projectId$/u,
  "projects to find releases of": /^findReleases\.projectId$/u,
  "projects to find timelines of": /^findTimelines\.projectId$/u,
  "projects to find events of": /^findEvent\.projectId$/u,
  "projects to load groups of": /^load\.groups\.projectId$/u,
  "projects to load former groups of": /^load\.formerGroups\.projectId$/u,
  "projects to load events of": /^load\.events\.projectId$/u,
  "projects to load releases of": /^load\.releases\.projectId$/u,
  "projects to load timelines of": /^load\.timelines\.projectId$/u,
  "projects to load waiting issues of": /^load\.issues\.awaitingNextIn$/u,
  "projects to load fixed issues of": /^load\.issues\.fixedIn\.projectId$/u,
  "projects to lock tallies of": /^lockTallies\.scopes\.projectId$/u,
  "projects to remove tallies of": /^writeTallies\.remove\.projectId$/u,
} as const;

type ProjectPlace = keyof typeof PROJECTS;

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/iu;

function fail(message: string): never {
  throw new IssueLifecycleError("store-failed", message);
}

/** What is done with ids, and the cases that see it. */
const WRONG: Readonly<Record<Place, Readonly<Record<"malformed" | "unknown" | "upper", string>>>> = {
  "issues to find": { malformed: "issues-kept", unknown: "transaction-reads-its-writes", upper: "ids-of-nothing" },
  "issues to load": { malformed: "issues-kept", unknown: "transaction-rolls-back", upper: "ids-of-nothing" },
  "issues to delete": { malformed: "issues-deleted", unknown: "transaction-rolls-back", upper: "ids-of-nothing" },
  "issues to find counters of": {
    malformed: "ids-of-nothing",
    unknown: "transaction-rolls-back",
    upper: "ids-of-nothing",
  },
  "issues to load counters of": {
    malformed: "ids-of-nothing",
    unknown: "transaction-rolls-back",
    upper: "ids-of-nothing",
  },
  "issues to find marks of": {
    malformed: "ids-of-nothing",
    unknown: "transaction-rolls-back",
    upper: "ids-of-nothing",
  },
  "issues to load marks of": {
    malformed: "ids-of-nothing",
    unknown: "transaction-rolls-back",
    upper: "ids-of-nothing",
  },
  "issues to find users of": { malformed: "users-kept", unknown: "handles-agree", upper: "ids-of-nothing" },
  "issues to count users of": { malformed: "users-counted", unknown: "handles-agree", upper: "ids-of-nothing" },
  "issues to page the history of": {
    malformed: "ids-of-nothing",
    unknown: "transaction-rolls-back",
    upper: "ids-of-nothing",
  },
  "issues to set users back of": { malformed: "ids-of-nothing", unknown: "users-set-back", upper: "ids-of-nothing" },
  "issues to remove marks of": { malformed: "ids-of-nothing", unknown: "ids-of-nothing", upper: "ids-of-nothing" },
  "issues to claim alerts of": {
    malformed: "alerts-claimed-by-issue",
    unknown: "issues-deleted",
    upper: "ids-of-nothing",
  },
  "alerts to settle": { malformed: "alerts-settled-by-holder", unknown: "alerts-settled", upper: "ids-of-nothing" },
  "alerts to move": { malformed: "alerts-discarded", unknown: "issues-deleted", upper: "ids-of-nothing" },
};

/** The cases that see that unknown projects are errors. */
const UNKNOWN: Readonly<Record<ProjectPlace, Readonly<Record<"unknown", string>>>> = {
  "projects to find": { unknown: "transaction-rolls-back" },
  "projects to load": { unknown: "transaction-rolls-back" },
  "projects to page issues of": { unknown: "texts-kept-apart" },
  "projects to page releases of": { unknown: "releases-kept" },
  "projects to find issues of": { unknown: "issues-kept" },
  "projects to find releases of": { unknown: "ids-of-nothing" },
  "projects to find timelines of": { unknown: "timelines-known" },
  "projects to find events of": { unknown: "texts-kept-apart" },
  "projects to load groups of": { unknown: "digest-keeps-apart" },
  "projects to load former groups of": { unknown: "ids-of-nothing" },
  "projects to load events of": { unknown: "digest-keeps-apart" },
  "projects to load releases of": { unknown: "digest-keeps-apart" },
  "projects to load timelines of": { unknown: "timelines-known" },
  "projects to load waiting issues of": { unknown: "awaiting-next" },
  "projects to load fixed issues of": { unknown: "fixed-in" },
  "projects to lock tallies of": { unknown: "tallies-kept" },
  "projects to remove tallies of": { unknown: "tallies-kept" },
};

export const idMutants: readonly Mutant[] = [
  ...rowsOf(WRONG).map(({ row: place, column: what, seenBy }): Mutant => {
    const at = IDS[place];
    switch (what) {
      case "malformed":
        return {
          name: `fails on what is no id among ${place}`,
          seenBy,
          open: rewriting(() => ({ given: texts(at, (id) => (UUID.test(id) ? id : fail(`invalid input: ${id}`))) })),
        };
      case "unknown":
        return {
          name: `fails on unknown ids among ${place}`,
          seenBy,
          open: rewriting(({ issues, alerts }) => ({
            given: texts(at, (id) => (issues.has(id) || alerts.has(id) || !UUID.test(id) ? id : fail("not found"))),
          })),
        };
      case "upper":
        return {
          name: `takes ids in upper case for the same among ${place}`,
          seenBy,
          open: rewriting(() => ({ given: texts(at, (id) => id.toLowerCase()) })),
        };
    }
  }),
  ...rowsOf(UNKNOWN).map(({ row: place, seenBy }) => ({
    name: `fails on unknown ids among ${place}`,
    seenBy,
    open: rewriting(({ projects }) => ({
      given: texts(PROJECTS[place], (id) => (projects.has(id) ? id : fail("no such project"))),
    })),
  })),
];
