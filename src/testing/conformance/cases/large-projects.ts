import type { Project } from "../../../core/project.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { expectAnswers, expectFound, lookups, MANY, numbersTo, refsIn, shuffled } from "../many.ts";
import { newIssue, NOON, refOf, releasesAt, sampleEvent, sampleGroup, sampleIssue, uuid } from "../samples.ts";
import type { StoredProject } from "../../../ports/issue-store.ts";

/** Fewer than of all else, because stores may save one after the other. */
const PROJECTS = 1_200;

/** Projects, no two of which are alike. The order of their slugs is not that of their numbers. */
function projectOf(number: number): Project {
  const flag = (bit: number): boolean => ((number >> bit) & 1) === 1;
  return {
    id: `project ${String(number)}`,
    slug: `${flag(0) ? "s" : "S"}${String((number * 7_919) % PROJECTS)}`,
    alerts: { "new-issue": flag(1), regression: flag(2), unmute: flag(3), loud: flag(4) },
    watch: { conditions: [{ kind: "volume", period: "hour", nrOfPeriods: 1, volume: number }] },
    stateEnvironments: flag(5) ? [`environment ${String(number)}`] : null,
    autoResolveAfterMs: flag(6) ? 3_600_000 + number : null,
  };
}

/** A project with one of everything. */
function contentOf(number: number) {
  const project = projectOf(number);
  const projectId = project.id;
  const issue = sampleIssue(number, { id: uuid(number), projectId });
  const event = sampleEvent(issue, "event", { count: number });
  const releases = releasesAt("016000.a").map((release) => ({
    ...release,
    number,
    lineNumber: number,
    releasedAt: NOON + number,
    placedBy: `order/${String(number)}`,
    becameLatest: number % 2 === 0,
  }));
  const [release] = releases;
  const latest = number % 2 === 0 ? release : undefined;
  const stored: StoredProject = { project, issueCount: number, releaseCount: number };
  const lines = new Map([["the line", { number, latest: release }]]);
  const timeline = { count: number, latest, placedBy: `order/${String(number)}`, lines };
  return { projectId, stored, issue, event, release, releases, timeline };
}

const CONTENTS = numbersTo(PROJECTS).map(contentOf);
const UNKNOWN = numbersTo(MANY).map((number) => `unknown ${String(number)}`);
const RELEASE = { name: "name 016000.a", line: "the line" };

/** Stores all projects; some of them before, with other members. */
async function store(context: CaseContext): Promise<void> {
  const projects = CONTENTS.map(({ stored }) => stored.project);
  const before = projects.slice(0, 100).map((project) => ({ ...project, slug: `X${project.slug}` }));
  await write(context, { projects: before });
  await write(context, {
    projects: shuffled(projects),
    releases: shuffled(CONTENTS).flatMap(({ projectId, releases }) =>
      releases.map((release) => ({ projectId, release })),
    ),
    newIssues: shuffled(CONTENTS).map(({ issue }) => newIssue(issue)),
    events: shuffled(CONTENTS).map(({ event }) => event),
  });
}

/** Lookups of something in each project, and in some that do not exist. */
function inEach<Ref, Answer>(
  refFor: (projectId: string, number: number) => Ref,
  answer: (content: (typeof CONTENTS)[number]) => Answer,
) {
  return lookups(
    CONTENTS,
    (content) => ({ ref: refFor(content.projectId, content.issue.number), answer: answer(content) }),
    (number) => refFor(`unknown ${String(number)}`, number),
  );
}

async function expectLoaded(context: CaseContext): Promise<void> {
  const events = inEach(
    (projectId) => ({ projectId, id: "event" }),
    ({ event }) => event.issueId,
  );
  const groups = inEach(
    (projectId, number) => sampleGroup({ projectId, number }),
    ({ issue }) => issue,
  );
  const releases = inEach(
    (projectId) => refOf(projectId, RELEASE),
    ({ release }) => release,
  );
  const requests = inEach(
    (projectId) => ({ projectId, lines: ["the line"] }),
    ({ timeline }) => timeline,
  );
  const known = requests.filter(({ answer }) => answer !== undefined);
  await transact(context, async (transaction) => {
    const loaded = await transaction.load({ events: refsIn(events), groups: refsIn(groups), timelines: refsIn(known) });
    expectAnswers("issues of events in many projects", loaded.duplicateOf, events);
    expectAnswers("issues of groups in many projects", loaded.grouped, groups);
    expectAnswers(
      "loaded timelines",
      known.map(({ ref }) => loaded.timelines.get(ref.projectId)),
      known,
    );
    expectFound(
      "projects of groups",
      [...loaded.projects.values()],
      CONTENTS.map(({ stored }) => stored),
      idOf,
    );
    const { releases: found } = await transaction.load({ releases: refsIn(releases) });
    expectAnswers("loaded releases of many projects", found, releases);
    const timelines = await transaction.findTimelines(refsIn(known));
    expectAnswers(
      "timelines of many projects",
      known.map(({ ref }) => timelines.get(ref.projectId)),
      known,
    );
    expectAnswers("releases of many projects", await transaction.findReleases(refsIn(releases)), releases);
  });
}

const idOf = ({ project }: StoredProject): string => project.id;

/** Many projects. */
export const largeProjectCases: readonly ConformanceCase[] = [
  {
    id: "many-projects",
    title: "thousands of projects are saved, listed and loaded at once, with what belongs to each",
    requires: "A batch of any size is accepted: of projects, and of references to what is in as many of them.",
    async run(context) {
      await store(context);
      const all = CONTENTS.map(({ stored }) => stored);
      const ids = [...shuffled(all).map(idOf), ...UNKNOWN];
      await read(context, async (reader) => {
        expectFound("projects by id", await reader.findProjects({ ids }), all, idOf);
        const bySlug = all.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
        expectEqual("all projects", await reader.findProjects({ after: null, limit: 2 * all.length }), bySlug);
      });
      const { projects } = await transact(context, (transaction) => transaction.load({ projectIds: ids }));
      expectFound("loaded projects", [...projects.values()], all, idOf);
      await expectLoaded(context);
    },
  },
];

const keyOf = ({ project }: StoredProject): string => project.slug.toUpperCase();
