import type { Condition } from "../../../core/conditions/condition.ts";
import { slugKeyOf, type Project } from "../../../core/project.ts";
import { expectEqual, expectFailure } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { ALL_PROJECTS, BLOG, inProject, longName, newIssue, sampleIssue, sampleReleases, SHOP } from "../samples.ts";

/** Conditions of every kind. */
const CONDITIONS: readonly Condition[] = [
  { kind: "volume", period: "total", nrOfPeriods: 1, volume: Number.MAX_SAFE_INTEGER },
  { kind: "users", users: 10_000, days: 30 },
  { kind: "spike", floor: 1, factor: 1.5 },
  { kind: "louder", floor: 50, factor: 10 },
];

/** As many environments as a project can name, told apart at the end of the longest names. */
const ENVIRONMENTS = ["", "a\0 \ud800", ...Array.from({ length: 98 }, (_, index) => longName(index))];

/** Slugs, as they are saved. */
const SLUGS = ["c_", "b", "A", "c-1", "9", "ca", "C", "10", "c1"];
const SLUGS_IN_ORDER = ["10", "9", "A", "b", "C", "c-1", "c1", "ca", "c_"];

function withSlug(name: string, slug: string): Project {
  return { ...SHOP, id: `id of ${name}`, slug };
}

async function slugsOfPage(context: CaseContext, after: string | null, limit: number): Promise<string[]> {
  const page = await read(context, (reader) => reader.findProjects({ after, limit }));
  return page.map(({ project }) => project.slug);
}

/** The slugs of the first two projects after each of some slug keys. */
function slugsAfter(context: CaseContext, slugKeys: readonly string[]): Promise<string[][]> {
  return Promise.all(slugKeys.map((after) => slugsOfPage(context, after, 2)));
}

/** The slugs of pages that follow each other, up to one that is not full. */
async function slugsInPages(context: CaseContext, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | null = null;
  // A store that repeats itself has more pages than projects.
  while (pages.length <= SLUGS.length) {
    const page = await slugsOfPage(context, after, limit);
    pages.push(page);
    if (page.length < limit) break;
    after = slugKeyOf(page.at(-1) ?? "");
  }
  return pages;
}

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
    id: "projects-paged",
    title: "projects are listed in pages by slug key",
    requires:
      "A page of findProjects() has the first `limit` of all projects as they are now whose slug keys are after `after`, in the order of their code units.",
    async run(context) {
      await write(context, { projects: SLUGS.map((slug) => withSlug(slug, slug)) });
      for (const limit of [1, 2, 4, SLUGS.length, SLUGS.length + 1]) {
        const pages = [];
        for (let place = 0; place < SLUGS_IN_ORDER.length; place += limit) {
          pages.push(SLUGS_IN_ORDER.slice(place, place + limit));
        }
        if (SLUGS.length % limit === 0) pages.push([]);
        expectEqual(`the slugs in pages of ${String(limit)}`, await slugsInPages(context, limit), pages);
      }
      expectEqual("after slug keys that no project has", await slugsAfter(context, ["", "C0", "C11", "ZZ"]), [
        ["10", "9"],
        ["c1", "ca"],
        ["ca", "c_"],
        [],
      ]);
      // Since a page that ended with A, some projects were added and others were given other slugs: that one, too.
      await write(context, {
        projects: [
          withSlug("new before", "0"),
          withSlug("new behind", "aa"),
          withSlug("A", "D"),
          withSlug("9", "bb"),
          withSlug("ca", "1"),
        ],
      });
      expectEqual("the page after changes", await slugsOfPage(context, "A", 3), ["aa", "b", "bb"]);
      expectEqual("the page after it", await slugsOfPage(context, "BB", 9), ["C", "c-1", "c1", "c_", "D"]);
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
      const listed = await read(context, (reader) => reader.findProjects(ALL_PROJECTS));
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
