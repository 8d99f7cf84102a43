import type { ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual, expectFailure } from "../../assertion/assertion.ts";
import { BLOG, newIssue, sampleIssue, SHOP } from "../samples.ts";

/** Projects. */
export const projectCases: readonly ConformanceCase[] = [
  {
    id: "project-saved",
    title: "a project is found by its id and by its slug, and is replaced when it is saved again",
    requires: "saveProject() saves a project by its id, and leaves its issue count.",
    async run(context) {
      const { store } = context;
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.insertIssues([newIssue(sampleIssue(1))]);
      });
      const renamed = { ...SHOP, slug: "Store", alerts: { "new-issue": false, regression: true, unmute: false } };
      await write(context, (transaction) => transaction.saveProject(renamed));
      await store.read(async (reader) => {
        const expected = { project: renamed, issueCount: 1 };
        const found = await reader.findProjects([SHOP.id, "nowhere", BLOG.id]);
        expectEqual(
          "by ids",
          found,
          new Map([
            [SHOP.id, expected],
            [BLOG.id, { project: BLOG, issueCount: 0 }],
          ]),
        );
        expectEqual("by its slug", await reader.findProjectBySlug("STORE"), expected);
        expectEqual("by the slug it had", await reader.findProjectBySlug("SHOP"), undefined);
      });
    },
  },
  {
    id: "projects-listed",
    title: "all projects are listed by slug",
    requires: "listProjects() gives all projects, by slug in upper case.",
    async run(context) {
      const slugs = ["b", "A", "c-1", "C"];
      await write(context, async (transaction) => {
        for (const slug of slugs) await transaction.saveProject({ ...SHOP, id: `id of ${slug}`, slug });
      });
      const listed = await context.store.read((reader) => reader.listProjects());
      expectEqual(
        "the slugs",
        listed.map(({ project }) => project.slug),
        ["A", "b", "C", "c-1"],
      );
    },
  },
  {
    id: "slug-taken",
    title: "a slug belongs to one project, in whatever case it is written",
    requires: "saveProject() fails with `slug-taken`, changing nothing, if another project has the same slug key.",
    async run(context) {
      await write(context, (transaction) => transaction.saveProject(SHOP));
      const other = { ...BLOG, slug: "SHOP" };
      await expectFailure("a second project with the slug", "slug-taken", () =>
        write(context, (transaction) => transaction.saveProject(other)),
      );
      const listed = await context.store.read((reader) => reader.listProjects());
      expectEqual(
        "the projects",
        listed.map(({ project }) => project),
        [SHOP],
      );
      await write(context, async (transaction) => {
        await transaction.saveProject({ ...SHOP, slug: "sHOP" });
        await transaction.saveProject({ ...SHOP, slug: "elsewhere" });
        await transaction.saveProject(other);
      });
    },
  },
];
