import { ALL_ISSUES, matchesSearch } from "../../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue } from "../../core/issue.ts";
import { slugKeyOf } from "../../core/project.ts";
import type { ReleaseTimeline } from "../../core/release.ts";
import { foldForSearch } from "../../core/text.ts";
import { allReadable } from "../../core/unreadable.ts";
import type { GroupRef, NewIssue, StoreReader, StoreTransaction } from "../../ports/issue-store.ts";
import { expectEqual } from "../assertion/assertion.ts";
import { transact, write, type CaseContext } from "./case.ts";
import { abbreviated } from "./long-text.ts";
import { ALL_PROJECTS, refOf } from "./samples.ts";
import type { TextWorld } from "./text-world.ts";
import { expectAlerts, storeAlerts } from "./world-alerts.ts";

/*
 * Text worlds in a store: how they get there, and how each method gives them back.
 */

/** Stores worlds, and compares all that every method then returns of them. */
export async function expectKept(
  context: CaseContext,
  worlds: readonly TextWorld[],
  nameOf: (world: TextWorld) => string,
): Promise<void> {
  await write(context, {
    projects: worlds.map(({ project }) => project),
    releases: worlds.flatMap(({ project, releases }) =>
      releases.map((release) => ({ projectId: project.id, release })),
    ),
    newIssues: worlds.flatMap(({ issues }) => issues),
    addedGroups: worlds.map((world) => ({ issueId: world.issues[0].issue.id, group: addedGroupOf(world) })),
    marks: worlds.flatMap(({ marks }) => marks),
    users: worlds.map(({ user }) => user),
    turningPoints: worlds.flatMap(({ turningPoints }) => turningPoints),
    events: worlds.map(({ event }) => event),
  });
  if (context.hasOutbox) await transact(context, (transaction) => storeAlerts(transaction, worlds));
  await transact(context, async (transaction) => {
    const read = await readBatches(transaction, worlds);
    const loaded = await loadWorlds(transaction, worlds);
    for (const [index, world] of worlds.entries()) {
      const actual = { ...read[index], ...(await readOne(transaction, world)), loaded: loaded[index] };
      const expected = { ...batchesOf(world), ...answersOf(world), loaded: loadingOf(world) };
      expectEqual(`all that is made of ${nameOf(world)}`, abbreviated(actual), abbreviated(expected));
    }
    if (context.hasOutbox) await expectAlerts(transaction, worlds, nameOf);
  });
}

function addedGroupOf(world: TextWorld): GroupRef {
  const { projectId, strategy } = groupOf(world.issues[0]);
  return { projectId, strategy, key: world.addedKey };
}

function groupOf({ group }: NewIssue): GroupRef {
  if (group === null) throw new Error("An issue of this world has a group.");
  return group;
}

const issuesOf = ({ issues }: TextWorld): Issue[] => issues.map(({ issue }) => issue);
const refsOf = ({ project, releases }: TextWorld) => releases.map((release) => refOf(project.id, release));
const lookupsOf = ({ marks }: TextWorld) => marks.map(({ issueId }) => ({ issueId, upTo: null, limit: 9 }));
const timelineRequest = ({ project, releases: [{ line }] }: TextWorld) => ({ projectId: project.id, lines: [line] });
const byIssueId = (issues: readonly Issue[]) => new Map(issues.map((issue) => [issue.id, issue]));

function storedProjectOf({ project }: TextWorld) {
  return { project, issueCount: 2, releaseCount: 2 };
}

function timelineOf({ releases }: TextWorld): ReleaseTimeline {
  const [{ line, placedBy, lineNumber }] = releases;
  const latest = releases.find((release) => release.standing === "known");
  return { count: 2, latest, placedBy, lines: new Map([[line, { number: lineNumber, latest }]]) };
}

/** What one call of each method returns for all worlds, by world. */
async function readBatches(reader: StoreReader, worlds: readonly TextWorld[]) {
  const ids = worlds.map(({ project }) => project.id);
  const projects = await reader.findProjects({ ids });
  const listed = await reader.findProjects(ALL_PROJECTS);
  const issues = await reader.findIssues({ ids: worlds.flatMap(issuesOf).map(({ id }) => id) });
  const issuesById = byIssueId(allReadable(issues));
  const marks = await reader.findMarks(worlds.flatMap(lookupsOf));
  const users = await reader.findUsers(worlds.map(({ user }) => user));
  const releases = await reader.findReleases(worlds.flatMap(refsOf));
  const timelines = await reader.findTimelines(worlds.map(timelineRequest));
  const counts = [projects, listed, issues].map(({ length }) => length);
  const expected = [worlds.length, worlds.length, 2 * worlds.length];
  expectEqual("the number of projects, of those listed, and of issues", counts, expected);
  return worlds.map((world, index) => ({
    project: projects.find(({ project }) => project.id === world.project.id),
    listed: listed.find(({ project }) => project.slug === world.slug),
    issues: issuesOf(world).map(({ id }) => issuesById.get(id)),
    marks: marks.slice(2 * index, 2 * index + 2),
    user: users[index],
    releases: releases.slice(2 * index, 2 * index + 2),
    timeline: timelines.get(world.project.id),
  }));
}

/** What {@link readBatches} returns for a world. */
function batchesOf(world: TextWorld): Awaited<ReturnType<typeof readBatches>>[number] {
  return {
    project: storedProjectOf(world),
    listed: storedProjectOf(world),
    issues: issuesOf(world),
    marks: world.marks.map(({ mark }) => [mark]),
    user: world.user,
    releases: [...world.releases],
    timeline: timelineOf(world),
  };
}

/** What the methods return that are about one project, issue or event. */
async function readOne(reader: StoreReader, world: TextWorld) {
  const { project, event, slug, text } = world;
  const projectId = project.id;
  return {
    projectOfSlug: await reader.findProjects({ slugKey: slugKeyOf(slug) }),
    issueOfNumber: await reader.findIssues({ projectId, number: 2 }),
    page: (
      await reader.pageIssues({
        projectId,
        ...ALL_ISSUES,
        statuses: ISSUE_STATUSES,
        search: foldForSearch(text(1_000)),
        environment: text(200),
        order: "first-seen",
        descending: false,
        after: null,
        limit: 9,
      })
    ).entries,
    history: allReadable(await reader.pageHistory(event.issueId, null, 99)),
    pageOfReleases: await reader.pageReleases(projectId, null, 9),
    event: await reader.findEvent(event),
    eventsOfIssue: allReadable(
      await reader.pageIssueEvents({ projectId, issueId: event.issueId, descending: true, after: null, limit: 9 }),
    ),
  };
}

/** What {@link readOne} returns. */
function answersOf(world: TextWorld): Awaited<ReturnType<typeof readOne>> {
  const { releases, event, turningPoints, text } = world;
  const issues = issuesOf(world);
  return {
    projectOfSlug: [storedProjectOf(world)],
    issueOfNumber: issues.slice(1),
    page: issues.filter((issue) => matchesSearch(issue, foldForSearch(text(1_000)))),
    history: turningPoints.toReversed(),
    pageOfReleases: releases.toReversed(),
    event,
    eventsOfIssue: [event],
  };
}

/** What a digest or a command loads of all worlds, by world. */
async function loadWorlds(transaction: StoreTransaction, worlds: readonly TextWorld[]) {
  const loaded = await transaction.load({
    projectIds: worlds.map(({ project }) => project.id),
    events: worlds.map(({ event: { projectId, id } }) => ({ projectId, id })),
    groups: worlds.flatMap(({ issues }) => issues.map(groupOf)),
    formerGroups: worlds.map(addedGroupOf),
    releases: worlds.flatMap(refsOf),
    timelines: worlds.map(timelineRequest),
    issues: { ids: worlds.flatMap(issuesOf).map(({ id }) => id) },
    details: () => ({ marks: worlds.flatMap(lookupsOf) }),
  });
  const issues = byIssueId(allReadable(loaded.issues));
  return worlds.map((world, index) => ({
    project: loaded.projects.get(world.project.id),
    duplicateOf: loaded.duplicateOf[index],
    grouped: loaded.grouped.slice(2 * index, 2 * index + 2),
    formerGrouped: loaded.formerGrouped[index],
    releases: loaded.releases.slice(2 * index, 2 * index + 2),
    timeline: loaded.timelines.get(world.project.id),
    issues: issuesOf(world).map(({ id }) => issues.get(id)),
    marks: loaded.marks.slice(2 * index, 2 * index + 2),
  }));
}

/** What {@link loadWorlds} returns for a world. */
function loadingOf(world: TextWorld): Awaited<ReturnType<typeof loadWorlds>>[number] {
  const issues = issuesOf(world);
  return {
    project: storedProjectOf(world),
    duplicateOf: world.event.issueId,
    grouped: issues,
    formerGrouped: issues[0],
    releases: [...world.releases],
    timeline: timelineOf(world),
    issues,
    marks: world.marks.map(({ mark }) => [mark]),
  };
}
