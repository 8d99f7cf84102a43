import { ALL_ISSUES } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue, type IssueState } from "../../../core/issue.ts";
import { markFixed } from "../../../core/release-mark.ts";
import type { KnownRelease } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { AlertTally } from "../../../ports/alert-outbox.ts";
import type { StoredProject, StoreReader, StoreTransaction } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext } from "../case.ts";
import { outboxOf } from "../outbox.ts";
import {
  inProject,
  newIssue,
  NOON,
  refOf,
  releasesAt,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleTally,
  SHOP,
  uuid,
} from "../samples.ts";
import { expectByKey, oneByOne, stored } from "./key-texts.ts";

const AWAITING: IssueState = {
  status: "resolved",
  resolvedAt: NOON,
  afterRelease: 0,
  resolution: { kind: "by-next" },
};

/** A project with one of everything. */
interface Content {
  readonly stored: StoredProject;
  readonly issue: Issue;
  readonly release: KnownRelease;
  readonly tally: AlertTally;
}

function contentOf(id: string, index: number): Content {
  const project = { ...SHOP, id, slug: `content-${String(index)}` };
  const issue = sampleIssue(1, { id: uuid(80_000 + index), projectId: id, state: AWAITING });
  const [release] = releasesAt("016000.a");
  if (release === undefined) throw new Error("There is a release.");
  return {
    stored: { project, issueCount: 1, releaseCount: 1 },
    issue,
    release: { ...release, version: `version ${String(index)}` },
    tally: sampleTally({ projectId: id, issueId: null }, { admitted: index }),
  };
}

/** Projects with different ids are different projects, and so is all that belongs to them. */
export async function expectProjectIdsApart(context: CaseContext, ids: readonly string[]): Promise<void> {
  const contents = ids.map((id, index) => (index % 2 === 0 ? contentOf(id, index) : undefined));
  await writeContents(
    context,
    contents.filter((each) => each !== undefined),
  );
  await expectContents(context, ids, contents);
}

const scopeOf = (projectId: string) => ({ projectId, issueId: null });

async function writeContents(context: CaseContext, contents: readonly Content[]): Promise<void> {
  await transact(context, async (transaction) => {
    await transaction.write({
      projects: contents.map((each) => each.stored.project),
      releases: contents.flatMap(({ issue, release }) => inProject(issue.projectId, [release])),
      newIssues: contents.map(({ issue }) => newIssue(issue)),
      marks: contents.map(({ issue, release }) => ({ issueId: issue.id, mark: markFixed(release, undefined, NOON) })),
      events: contents.map(({ issue }) => sampleEvent(issue, "event")),
    });
    if (context.hasOutbox) await outboxOf(transaction).writeTallies({ save: contents.map(({ tally }) => tally) });
  });
}

type Contents = readonly (Content | undefined)[];

/** Compares what each method finds in each of these projects. */
async function expectContents(context: CaseContext, ids: readonly string[], contents: Contents): Promise<void> {
  await transact(context, async (transaction) => {
    await expectInOneBatch(transaction, ids, contents);
    if (!context.hasOutbox) return;
    const tallies = await outboxOf(transaction).lockTallies({ scopes: ids.map(scopeOf) });
    const found = ids.map((id) => tallies.find(({ projectId }) => projectId === id));
    expectByKey("tallies by the id of the project", ids, found, tallyOf(contents));
  });
  await read(context, async (reader) => {
    const numbers = contents.map((content) => (content === undefined ? [] : [content.issue.id]));
    for (const [what, find] of Object.entries(FINDERS)) {
      expectByKey(`${what} by the id of the project`, ids, await oneByOne(ids, (id) => find(reader, id)), numbers);
    }
    const pages = await oneByOne(ids, (id) => reader.pageReleases(id, null, 9));
    const releases = contents.map((content) => (content === undefined ? [] : [content.release]));
    expectByKey("pages of releases by the id of the project", ids, pages, releases);
  });
}

const tallyOf = (contents: Contents) => contents.map((content) => content?.tally);

/** Methods that find a project's one issue. They return its id. */
const FINDERS: Readonly<Record<string, (reader: StoreReader, projectId: string) => Promise<string[]>>> = {
  "issues by number": async (reader, projectId) =>
    allReadable(await reader.findIssues({ projectId, number: 1 })).map(({ id }) => id),
  "pages of issues": async (reader, projectId) => {
    const filter = { statuses: ISSUE_STATUSES, ...ALL_ISSUES } as const;
    const order = { order: "first-seen", descending: false, after: null } as const;
    const { entries } = await reader.pageIssues({ projectId, ...filter, ...order, limit: 9 });
    return allReadable(entries).map(({ id }) => id);
  },
  events: async (reader, projectId) => {
    const event = await reader.findEvent({ projectId, id: "event" });
    return event === undefined ? [] : [event.issueId];
  },
};

/** Loads from all projects at once, and issues by selection from each. */
async function expectInOneBatch(
  transaction: StoreTransaction,
  ids: readonly string[],
  contents: Contents,
): Promise<void> {
  const refs = ids.map((projectId) => refOf(projectId, { name: "name 016000.a", line: "the line" }));
  const projects = contents.map((content) => content?.stored);
  const found = await transaction.findProjects({ ids });
  const byId = new Map(found.map((each) => [each.project.id, each]));
  expectByKey(
    "projects by id",
    ids,
    ids.map((id) => byId.get(id)),
    projects,
  );
  expectEqual("how many projects were found by id", found.length, stored(ids).length);
  const loaded = await transaction.load({
    projectIds: ids,
    events: ids.map((projectId) => ({ projectId, id: "event" })),
    groups: ids.map((projectId) => sampleGroup({ projectId, number: 1 })),
    releases: refs,
    timelines: ids.map((projectId) => ({ projectId, lines: ["the line"] })),
  });
  const issueIds = contents.map((content) => content?.issue.id);
  const releases = contents.map((content) => content?.release);
  const loadedProjects = ids.map((id) => loaded.projects.get(id));
  const latest = ids.map((id) => loaded.timelines.get(id)?.latest);
  expectByKey("loaded projects by id", ids, loadedProjects, projects);
  expectByKey("loaded timelines by the id of the project", ids, latest, releases);
  expectByKey("loaded releases by the id of the project", ids, loaded.releases, releases);
  expectByKey("duplicates by the id of the project", ids, loaded.duplicateOf, issueIds);
  const groups = loaded.grouped.map((issue) => issue?.id);
  expectByKey("issues of groups by the id of the project", ids, groups, issueIds);
  for (const [what, select] of Object.entries(SELECTIONS)) {
    const selected = await oneByOne(ids, async (id) => (await transaction.load({ issues: select(id) })).issues[0]?.id);
    expectByKey(`${what} by the id of the project`, ids, selected, issueIds);
  }
}

/** Selections of a project's one issue. */
const SELECTIONS = {
  "issues that await the next release": (projectId: string) => ({ awaitingNextIn: projectId, after: 0, limit: 9 }),
  "issues with a fix claim": (projectId: string) => ({ fixedIn: { projectId, orderKey: "016000.a" }, limit: 9 }),
};

/** Projects are found by their own slug keys only. */
export async function expectSlugsApart(context: CaseContext, slugs: readonly string[]): Promise<void> {
  const projects = stored(slugs).map((slug, index) => ({ ...SHOP, id: `slug ${String(index)}`, slug }));
  await write(context, { projects });
  const keys = slugs.map((slug) => slug.toUpperCase());
  const found = await read(context, (reader) =>
    oneByOne(keys, async (slugKey) => (await reader.findProjects({ slugKey })).map(({ project }) => project.slug)),
  );
  const expected = slugs.map((slug, index) => (index % 2 === 0 ? [slug] : []));
  expectByKey("projects by slug key", keys, found, expected);
}
