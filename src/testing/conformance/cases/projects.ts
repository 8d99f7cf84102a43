import type { Condition } from "../../../core/conditions/condition.ts";
import type { Project } from "../../../core/project.ts";
import { expectEqual, expectFailure } from "../../assertion/assertion.ts";
import { read, transact, write, type ConformanceCase } from "../case.ts";
import { BLOG, inProject, longName, newIssue, sampleIssue, sampleReleases, SHOP } from "../samples.ts";

/** Conditions of every kind. */
const CONDITIONS: readonly Condition[] = [
  { kind: "volume", period: "total", nrOfPeriods: 1, volume: Number.MAX_SAFE_INTEGER },
  { kind: "users", users: 10_000, days: 30 },
  { kind: "spike", floor: 1, factor: 1.5 },
  { kind: "louder", floor: 50, factor: 10 },
];

/** As many environments as a project can name, told apart at the end of the longest names. */
const ENVIRONMENTS = ["", "a\0 \ud800", ...Array.from({ length: 98 }, (_, index) => longName(index))];

/** Projects. */
export const projectCases: readonly ConformanceCase[] = [
  {
    id: "project-saved",
    title: "a project is found by its id and by its slug, and is replaced when it is saved again",
    requires:
      "write() saves projects by their ids and keeps their issue and release counts; findProjects() returns those selected.",
    async run(context) {
      await write(context, {
        projects: [SHOP, BLOG],
        releases: inProject(SHOP.id, sampleReleases().all),
        newIssues: [newIssue(sampleIssue(1))],
      });
      const renamed: Project = {
        id: SHOP.id,
        slug: "Store",
        alerts: { "new-issue": false, regression: true, unmute: false, loud: true },
        watch: { conditions: CONDITIONS },
        stateEnvironments: ENVIRONMENTS,
        autoResolveAfterMs: Number.MAX_SAFE_INTEGER,
      };
      await write(context, { projects: [renamed] });
      await read(context, async (reader) => {
        const expected = { project: renamed, issueCount: 1, releaseCount: 7 };
        const found = await reader.findProjects({ ids: [SHOP.id, "nowhere", BLOG.id] });
        expectEqual(
          "by ids",
          new Map(found.map((stored) => [stored.project.id, stored])),
          new Map([
            [SHOP.id, expected],
            [BLOG.id, { project: BLOG, issueCount: 0, releaseCount: 0 }],
          ]),
        );
        expectEqual("by its slug", await reader.findProjects({ slugKey: "STORE" }), [expected]);
        expectEqual("by its former slug", await reader.findProjects({ slugKey: "SHOP" }), []);
      });
      const plain: Project = { ...BLOG, id: SHOP.id, slug: "Store" };
      await write(context, { projects: [plain] });
      const [stored] = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }));
      expectEqual("without what it watched for", stored?.project, plain);
    },
  },
  {
    id: "projects-listed",
    title: "all projects are listed by slug key",
    requires: 'findProjects("all") returns all projects by slug key.',
    async run(context) {
      const slugs = ["c_", "b", "A", "c-1", "ca", "C"];
      await write(context, { projects: slugs.map((slug) => ({ ...SHOP, id: `id of ${slug}`, slug })) });
      const listed = await read(context, (reader) => reader.findProjects("all"));
      expectEqual(
        "the slugs",
        listed.map(({ project }) => project.slug),
        ["A", "b", "C", "c-1", "ca", "c_"],
      );
    },
  },
  {
    id: "slug-taken",
    title: "a slug belongs to one project, in upper and lower case",
    requires: "write() fails with `slug-taken` if another project has the same slug key.",
    async run(context) {
      await write(context, { projects: [SHOP] });
      const other = { ...BLOG, slug: "SHOP" };
      await expectFailure("a second project with the slug", "slug-taken", () => write(context, { projects: [other] }));
      const listed = await read(context, (reader) => reader.findProjects("all"));
      expectEqual(
        "the projects",
        listed.map(({ project }) => project),
        [SHOP],
      );
      await transact(context, async (transaction) => {
        await transaction.write({ projects: [{ ...SHOP, slug: "sHOP" }] });
        await transaction.write({ projects: [{ ...SHOP, slug: "elsewhere" }] });
        await transaction.write({ projects: [other] });
      });
      const owners = await read(context, (reader) => reader.findProjects({ slugKey: "SHOP" }));
      expectEqual(
        "the project that has the slug when it was free",
        owners.map(({ project }) => project.id),
        [BLOG.id],
      );
    },
  },
];
