import { MAX_ISSUE_ENVIRONMENTS, type Issue } from "../../../core/issue.ts";
import { MAX_MERGED_ISSUES } from "../../../core/merging.ts";
import { IssueLifecycleError } from "../../../core/errors.ts";
import { allReadable } from "../../../core/unreadable.ts";
import { expectEqual, expectFailure, failureOf } from "../../assertion/assertion.ts";
import { lock, read, transact, write, type ConformanceCase } from "../case.ts";
import { STATES } from "../issue-states.ts";
import { BLOG, longName, MINUTE, newIssue, NOON, sampleGroup, sampleIssue, SHOP, uuid } from "../samples.ts";

/** Issues: stored, changed and refused. */
export const issueCases: readonly ConformanceCase[] = [
  {
    id: "issues-kept",
    title: "issues are returned unchanged, by id and by number, in every state; an invalid id finds nothing",
    requires: "findIssues() returns the selected issues that exist; a text that is no issue's id is not found.",
    async run(context) {
      const issues = STATES.map((state, index) => sampleIssue(index + 1, { state }));
      const bare = sampleIssue(99, { transaction: "", lastSeenIn: undefined, eventCount: Number.MAX_SAFE_INTEGER });
      const noEvents = sampleIssue(100, {
        state: { status: "merged", into: uuid(99), as: "own-part", at: NOON },
        eventCount: 0,
      });
      const sum = sampleIssue(101, { parts: { ownPart: uuid(100), members: [uuid(98), uuid(7)] } });
      const stored = [...issues, bare, noEvents, sum];
      await write(context, { projects: [SHOP], newIssues: stored.map(newIssue) });
      const noIds = [uuid(77), "no id", "", uuid(1).toUpperCase().replace("0190", "A190")];
      const ids = [...stored.map(({ id }) => id), ...noIds];
      const expected = new Map(stored.map((issue) => [issue.id, issue]));
      const byId = (found: readonly Issue[]) => new Map(found.map((issue) => [issue.id, issue]));
      expectEqual("locked by ids", byId(await lock(context, { ids })), expected);
      await read(context, async (reader) => {
        expectEqual("by ids", byId(allReadable(await reader.findIssues({ ids }))), expected);
        for (const issue of issues) {
          const { projectId, number } = issue;
          expectEqual("by number", await reader.findIssues({ projectId, number }), [issue]);
        }
        const number = async (projectId: string, value: number) => reader.findIssues({ projectId, number: value });
        expectEqual("by a number that no issue has", await number(SHOP.id, 50), []);
        expectEqual("by a number of another project", await number(BLOG.id, 1), []);
      });
    },
  },
  {
    id: "issues-updated",
    title: "an update writes every member that can change, and only those of its own issue",
    requires: "write() updates issues.",
    async run(context) {
      const before = sampleIssue(1);
      const other = sampleIssue(2);
      const changes: Partial<Issue>[] = [
        { title: "another" },
        { title: "", transaction: "", latestEventId: "", lastSeenIn: undefined },
        { firstSeenAt: 0, lastSeenAt: 0, turningPointCount: 0 },
        { title: "another", latestEventId: "event", lastSeenIn: "1.0.0", eventCount: 1, turningPointCount: 1 },
        { transaction: "elsewhere" },
        { firstSeenAt: NOON - 9 * MINUTE, lastSeenAt: NOON + 9 * MINUTE },
        { userCount: Number.MAX_SAFE_INTEGER },
        { lastEventNumber: 7, eventCount: 60 },
        { lastEventNumber: 0 },
        { environments: ["production", "staging", "a \0 \ud800"] },
        { environments: [] },
        { environments: Array.from({ length: MAX_ISSUE_ENVIRONMENTS }, (_, index) => longName(index)) },
        { watch: [] },
        { watch: [{ kind: "spike", floor: 10, factor: 3 }], userCount: 0 },
        { watch: null },
        { parts: { ownPart: uuid(70), members: [uuid(71)] } },
        {
          parts: {
            ownPart: uuid(70),
            members: Array.from({ length: MAX_MERGED_ISSUES }, (_, index) => uuid(171 - index)),
          },
        },
        { parts: null },
        { latestEventId: "the latest" },
        { lastSeenIn: undefined },
        { lastSeenIn: "9.9.9", turningPointCount: 44 },
        { seenNumber: 9_007_199_254_740_991 },
        { seenNumber: 0 },
        ...STATES.map((state) => ({ state })),
        ...STATES.flatMap((state): Partial<Issue>[] => [{ state: { status: "open" } }, { state }]),
        { state: { status: "open" } },
      ];
      const find = async () => {
        const found = await read(context, (reader) => reader.findIssues({ ids: [before.id, other.id] }));
        return new Map(found.map((issue) => [issue.id, issue]));
      };
      await write(context, { projects: [SHOP], newIssues: [before, other].map(newIssue) });
      const counted = [before, other].map((issue) => ({ ...issue, eventCount: 50 + issue.number }));
      await write(context, {
        updates: counted.toReversed().map((after) => ({ before: after.id === before.id ? before : other, after })),
      });
      expectEqual("two updated at once", await find(), new Map(counted.map((issue) => [issue.id, issue])));
      await write(context, {
        updates: counted.map((each) => ({ before: each, after: each.id === before.id ? before : other })),
      });
      let current = before;
      for (const change of changes) {
        const after: Issue = { ...current, ...change };
        await write(context, { updates: [{ before: current, after }] });
        const found = await find();
        expectEqual("the updated issue", found.get(before.id), after);
        expectEqual("the other issue", found.get(other.id), other);
        current = after;
      }
    },
  },
  {
    id: "issues-inserted-once",
    title: "an id, a group or a number that is taken is refused, and no number is used again",
    requires:
      "write() raises the projects' issueCount, and fails with `store-conflict` if an id or a group is taken, or a number is not above its project's issueCount.",
    async run(context) {
      const [first, second] = [sampleIssue(1), sampleIssue(4)];
      const group = sampleGroup(first);
      await write(context, { projects: [SHOP, BLOG], newIssues: [first, second].map(newIssue) });
      const refused = [
        ["a number that is taken", { issue: { ...sampleIssue(5), number: 4 }, group: { ...group, key: "new" } }],
        ["a number below the highest", { issue: { ...sampleIssue(5), number: 2 }, group: { ...group, key: "new" } }],
        ["an id that is taken", { issue: { ...sampleIssue(5), id: first.id }, group: { ...group, key: "new" } }],
        ["a group that is taken", { issue: sampleIssue(5), group }],
      ] as const;
      for (const [what, issue] of refused) {
        await expectFailure(what, "store-conflict", () => write(context, { newIssues: [issue] }));
      }
      const failure = await failureOf(() => write(context, { newIssues: [newIssue(first)] }));
      expectEqual("whether a conflict is retryable", IssueLifecycleError.is(failure) && failure.retryable, true);
      const twice = [newIssue(sampleIssue(5)), { issue: sampleIssue(6), group: sampleGroup(sampleIssue(5)) }];
      await expectFailure("a group twice in a batch", "store-conflict", () => write(context, { newIssues: twice }));
      await transact(context, async (transaction) => {
        await transaction.write({ deletedIssues: [second.id] });
        await transaction.write({
          newIssues: [
            { issue: sampleIssue(5), group: { ...group, strategy: "sample/2" } },
            { issue: { ...sampleIssue(6), number: 1, projectId: BLOG.id }, group: { ...group, projectId: BLOG.id } },
          ],
        });
      });
      const projects = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id, BLOG.id] }));
      const counts = projects.map(({ issueCount }) => issueCount);
      expectEqual("the issue counts", counts.sort(), [1, 5]);
      await expectFailure("the number of a deleted issue", "store-conflict", () =>
        write(context, { newIssues: [newIssue(sampleIssue(4))] }),
      );
    },
  },
];
