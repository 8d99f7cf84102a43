import type { ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { BLOG, newIssue, sampleEvent, sampleGroup, sampleIssue, sampleReleases, SHOP } from "../samples.ts";

/** What a digest loads. */
export const digestCases: readonly ConformanceCase[] = [
  {
    id: "digest-snapshot",
    title: "a digest is told of duplicates, issues and releases, place by place as it asked",
    requires:
      "loadForDigest() gives the projects that exist, and lists that go with those of the request, place by place.",
    async run(context) {
      const [first, second] = [sampleIssue(1), sampleIssue(2)];
      const { known } = sampleReleases();
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([first, second].map(newIssue));
        await transaction.insertEvents([sampleEvent(first, "a"), sampleEvent(second, "b")]);
        await transaction.saveReleases(SHOP.id, known);
        await transaction.saveProject({ ...SHOP, slug: "Store" });
      });
      const ref = { projectId: SHOP.id };
      const snapshot = await write(context, (each) =>
        each.loadForDigest({
          events: [
            { ...ref, id: "new" },
            { ...ref, id: "b" },
            { ...ref, id: "a" },
          ],
          groups: [sampleGroup(second), { ...sampleGroup(first), key: "new" }, sampleGroup(first)],
          releases: [
            { ...ref, version: "new" },
            { ...ref, version: "2.0.0" },
          ],
        }),
      );
      const { project, issueCount } = snapshot.projects.get(SHOP.id) ?? {};
      expectEqual("the project", [project, issueCount], [{ ...SHOP, slug: "Store" }, 2]);
      expectEqual("the duplicates", snapshot.duplicateOf, [undefined, second.id, first.id]);
      expectEqual("the issues", snapshot.issues, [second, undefined, first]);
      expectEqual("the releases", snapshot.releases, [undefined, known[2]]);
    },
  },
  {
    id: "digest-keeps-apart",
    title: "what belongs to another project, or was grouped by another strategy, is not found",
    requires: "Events, groups and releases belong to a project; keys of different strategies are different groups.",
    async run(context) {
      const issue = sampleIssue(1);
      const { known } = sampleReleases();
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.insertIssues([newIssue(issue)]);
        await transaction.insertEvents([sampleEvent(issue, "a")]);
        await transaction.saveReleases(SHOP.id, known);
      });
      const group = sampleGroup(issue);
      const snapshot = await write(context, (each) =>
        each.loadForDigest({
          events: [
            { projectId: BLOG.id, id: "a" },
            { projectId: "nowhere", id: "a" },
          ],
          groups: [
            { ...group, projectId: BLOG.id },
            { ...group, strategy: "sample/2" },
            { ...group, projectId: "nowhere" },
          ],
          releases: [
            { projectId: BLOG.id, version: "2.0.0" },
            { projectId: "nowhere", version: "2.0.0" },
          ],
        }),
      );
      expectEqual("the projects", [...snapshot.projects.keys()].sort(), [BLOG.id, SHOP.id]);
      expectEqual("the duplicates", snapshot.duplicateOf, [undefined, undefined]);
      expectEqual("the issues", snapshot.issues, [undefined, undefined, undefined]);
      expectEqual("the releases", snapshot.releases, [undefined, undefined]);
    },
  },
];
