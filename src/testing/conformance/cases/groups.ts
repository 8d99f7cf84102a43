import type { Issue } from "../../../core/issue.ts";
import { requireReadable } from "../../../core/unreadable.ts";
import type { GroupRef, LoadRequest } from "../../../ports/issue-store.ts";
import { expectEqual, expectFailure } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { pause, race, RACERS } from "../race.ts";
import { BLOG, newIssue, sampleGroup, sampleIssue, sampleUser, SHOP, uuid } from "../samples.ts";

const [FIRST, SECOND] = [sampleIssue(1), sampleIssue(2)];
const ELSEWHERE = sampleIssue(3, { projectId: BLOG.id });
/** Groups of another strategy, one with a key that databases damage. */
const [ADDED, ALSO_ADDED]: readonly [GroupRef, GroupRef] = [
  { projectId: SHOP.id, strategy: "sample/2", key: "key 1 \ud800\0" },
  { projectId: SHOP.id, strategy: "sample/2", key: "key 1" },
];

const seed = (context: CaseContext): Promise<void> =>
  write(context, { projects: [SHOP, BLOG], newIssues: [FIRST, SECOND, ELSEWHERE].map(newIssue) });

/** The issues of requested groups, and of former ones. */
async function issuesOf(context: CaseContext, request: LoadRequest) {
  const { grouped, formerGrouped } = await load(context, request);
  return { grouped, formerGrouped };
}

/** Whether an issue has a user. */
const usersOf = (context: CaseContext, { id }: Issue) =>
  read(context, (reader) => reader.findUsers([sampleUser(id, 1)]));

/** Groups that issues have by more than one grouping strategy, or none. */
export const groupCases: readonly ConformanceCase[] = [
  {
    id: "former-groups",
    title: "the issues of former groups are found in the order of the request, alone and beside those of other groups",
    requires: "load() returns for each of formerGroups its issue, else undefined.",
    async run(context) {
      await seed(context);
      const unknown = { ...sampleGroup(FIRST), key: "new" };
      const otherStrategy = { ...sampleGroup(SECOND), strategy: "sample/2" };
      const otherProject = { ...sampleGroup(FIRST), projectId: BLOG.id };
      expectEqual(
        "the issues",
        await issuesOf(context, {
          groups: [otherStrategy, sampleGroup(SECOND)],
          formerGroups: [sampleGroup(SECOND), unknown, otherProject, sampleGroup(ELSEWHERE), sampleGroup(FIRST)],
        }),
        { grouped: [undefined, SECOND], formerGrouped: [SECOND, undefined, undefined, ELSEWHERE, FIRST] },
      );
      expectEqual(
        "the issue of one former group",
        await issuesOf(context, { groups: [unknown], formerGroups: [sampleGroup(FIRST)] }),
        { grouped: [undefined], formerGrouped: [FIRST] },
      );
      const { projects } = await load(context, { formerGroups: [sampleGroup(ELSEWHERE)] });
      expectEqual("the project of a former group", [...projects.keys()], [BLOG.id]);
      expectEqual("the issues, where none are requested", await issuesOf(context, {}), {
        grouped: [],
        formerGrouped: [],
      });
    },
  },
  {
    id: "groups-added-once",
    title: "groups that are added lead to their issues, and a group that is taken is refused",
    requires: "write() adds groups to issues, and fails with `store-conflict` if a group has an issue already.",
    async run(context) {
      await seed(context);
      await write(context, {
        addedGroups: [
          { issueId: SECOND.id, group: ALSO_ADDED },
          { issueId: FIRST.id, group: ADDED },
        ],
      });
      const fresh = sampleIssue(4);
      await write(context, {
        newIssues: [newIssue(fresh)],
        addedGroups: [{ issueId: fresh.id, group: { ...ADDED, key: "of a new issue" } }],
      });
      expectEqual(
        "the issues",
        await issuesOf(context, {
          groups: [ADDED, ALSO_ADDED, { ...ADDED, key: "of a new issue" }, sampleGroup(FIRST)],
          formerGroups: [ALSO_ADDED],
        }),
        { grouped: [FIRST, SECOND, fresh, FIRST], formerGrouped: [SECOND] },
      );
      for (const group of [ADDED, sampleGroup(FIRST)]) {
        await expectFailure("a group that is taken", "store-conflict", () =>
          write(context, { addedGroups: [{ issueId: SECOND.id, group }] }),
        );
      }
      await expectFailure("a new issue in an added group", "store-conflict", () =>
        write(context, { newIssues: [{ issue: sampleIssue(5), group: ADDED }] }),
      );
    },
  },
  {
    id: "added-groups-deleted",
    title: "all groups of a deleted issue are free, those of other issues are not",
    requires: "write() deletes issues: all their groups are free.",
    async run(context) {
      await seed(context);
      await write(context, {
        addedGroups: [
          { issueId: FIRST.id, group: ADDED },
          { issueId: SECOND.id, group: ALSO_ADDED },
        ],
      });
      await transact(context, async (transaction) => {
        const group = { ...ADDED, key: "of the same transaction" };
        await transaction.write({ addedGroups: [{ issueId: FIRST.id, group }], deletedIssues: [FIRST.id] });
        await transaction.write({ addedGroups: [{ issueId: SECOND.id, group }] });
      });
      expectEqual(
        "the issues",
        await issuesOf(context, { groups: [ADDED, sampleGroup(FIRST), ALSO_ADDED], formerGroups: [ADDED] }),
        { grouped: [undefined, undefined, SECOND], formerGrouped: [undefined] },
      );
      const fresh = sampleIssue(6);
      await write(context, { newIssues: [{ issue: fresh, group: ADDED }] });
      expectEqual("the new issue of the group", await issuesOf(context, { groups: [ADDED] }), {
        grouped: [fresh],
        formerGrouped: [],
      });
    },
  },
  {
    id: "race-on-an-added-group",
    title:
      "concurrent first events of a group that has an issue by a former strategy add the group once, and lose no count",
    requires: "load(): where a group has no issue, no other transaction can give it one: a later one finds this one's.",
    needs: ["second-handle"],
    async run(context) {
      await write(context, { projects: [SHOP], newIssues: [newIssue(sampleIssue(1, { eventCount: 1 }))] });
      const outcomes = await race(context, async (transaction) => {
        const request = { groups: [ADDED], formerGroups: [sampleGroup(FIRST)] };
        const { grouped, formerGrouped } = await transaction.load(request);
        const [found, before] = [grouped[0], formerGrouped[0]];
        if (before === undefined) throw new Error("The issue is gone.");
        await pause();
        const issue: Issue = requireReadable(before);
        await transaction.write({
          addedGroups: found === undefined ? [{ issueId: issue.id, group: ADDED }] : [],
          updates: [{ before: issue, after: { ...issue, eventCount: issue.eventCount + 1 } }],
        });
        return found === undefined ? "added" : "found";
      });
      expectEqual("how often the group was added", outcomes.filter((outcome) => outcome === "added").length, 1);
      const { grouped } = await load(context, { groups: [ADDED] });
      expectEqual(
        "the issue's count (if it is lower, updates were lost)",
        grouped[0] && requireReadable(grouped[0]).eventCount,
        1 + RACERS,
      );
      expectEqual("the issue", grouped[0]?.id, uuid(1));
    },
  },
  {
    id: "issues-without-group",
    title: "issues to which no group leads are stored as others are, and deleting one frees no group",
    requires: "write() adds issues without a group, to which no group leads.",
    async run(context) {
      const state = { status: "merged", into: FIRST.id, as: "own-part", at: 7 } as const;
      const [one, another] = [sampleIssue(10, { state }), sampleIssue(11, { state, eventCount: 0 })];
      await seed(context);
      await write(context, {
        newIssues: [
          { issue: one, group: null },
          { issue: another, group: null },
        ],
        counters: new Map([[one.id, new Uint8Array([1, 2, 3])]]),
        users: [sampleUser(one.id, 1)],
      });
      const found = () => read(context, (reader) => reader.findIssues({ ids: [one.id, another.id] }));
      expectEqual("the issues", (await found()).map(({ id }) => id).sort(), [one.id, another.id]);
      await read(context, async (reader) => {
        expectEqual("by number", await reader.findIssues({ projectId: SHOP.id, number: 11 }), [another]);
      });
      const { projects } = await load(context, { projectIds: [SHOP.id] });
      expectEqual("the highest number", projects.get(SHOP.id)?.issueCount, 11);
      await write(context, { deletedIssues: [one.id] });
      expectEqual("after one was deleted", await found(), [another]);
      const groups = [FIRST, SECOND, ELSEWHERE].map(sampleGroup);
      expectEqual("the issues of groups", await issuesOf(context, { groups }), {
        grouped: [FIRST, SECOND, ELSEWHERE],
        formerGrouped: [],
      });
      const later = sampleIssue(12);
      await write(context, { newIssues: [newIssue(later), { issue: { ...one, number: 13 }, group: null }] });
      expectEqual("the users of an issue that was stored again", await usersOf(context, one), [undefined]);
      expectEqual("the issue of a group", await issuesOf(context, { groups: [sampleGroup(later)] }), {
        grouped: [later],
        formerGrouped: [],
      });
    },
  },
  {
    id: "race-on-a-former-group",
    title: "concurrent events that find an issue by a former group alone lose no count",
    requires: "load(): until the transaction ends, no other can change an issue that was returned, by whatever group.",
    needs: ["second-handle"],
    async run(context) {
      await write(context, { projects: [SHOP], newIssues: [newIssue(sampleIssue(1, { eventCount: 1 }))] });
      await race(context, async (transaction, racer) => {
        const groups = racer % 4 < 2 ? [] : [{ ...ADDED, key: String(racer) }];
        const { formerGrouped } = await transaction.load({ groups, formerGroups: [sampleGroup(FIRST)] });
        const [found] = formerGrouped;
        if (found === undefined) throw new Error("The issue is gone.");
        await pause();
        const before: Issue = requireReadable(found);
        await transaction.write({ updates: [{ before, after: { ...before, eventCount: before.eventCount + 1 } }] });
      });
      const [issue] = (await load(context, { formerGroups: [sampleGroup(FIRST)] })).formerGrouped;
      const count = issue && requireReadable(issue).eventCount;
      expectEqual("the issue's count (if it is lower, updates were lost)", count, 1 + RACERS);
    },
  },
];
