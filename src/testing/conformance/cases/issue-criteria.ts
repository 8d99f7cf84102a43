import { EVENT_LEVELS } from "../../../core/event-level.ts";
import { ALL_ISSUES, ISSUE_ORDERS, type SearchCriteria } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue } from "../../../core/issue.ts";
import { markFixed, markSeen, withdrawClaim, type ReleaseMark } from "../../../core/release-mark.ts";
import { foldForSearch } from "../../../core/text.ts";
import type { IssueMark } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { expected, ISSUES, pagesOf, seed } from "../listed-issues.ts";
import { NO_LIMIT } from "../many.ts";
import { inProject, MINUTE, NOON, releasesAt, SHOP } from "../samples.ts";

const OF_ALL = { projectId: SHOP.id, statuses: ISSUE_STATUSES, ...ALL_ISSUES } as const;

/** What issues are listed by, one thing at a time, and then several. */
const CRITERIA: readonly Partial<SearchCriteria>[] = [
  ...EVENT_LEVELS.map((level) => ({ levels: [level] })),
  { levels: ["debug", "fatal"] },
  { levels: EVENT_LEVELS },
  ...[
    { from: NOON - 2 * MINUTE, before: NOON },
    { from: NOON - 2 * MINUTE, before: NOON - 2 * MINUTE + 1 },
    { from: NOON - MINUTE + 1, before: NOON + 1 },
    { from: NOON, before: NOON },
    { from: NOON + 1, before: NOON - 1 },
  ].map((firstSeen) => ({ firstSeen })),
  ...[
    { from: NOON + 7, before: NOON + MINUTE },
    { from: NOON + 8, before: NOON + MINUTE + 1 },
    { from: NOON, before: NOON + 7 },
    { from: 0, before: NOON + 2 * MINUTE },
  ].map((lastSeen) => ({ lastSeen })),
  { regressed: true },
  { loud: true },
  { regressed: true, loud: true },
  { levels: ["error", "info"], firstSeen: { from: NOON - 5 * MINUTE, before: NOON }, search: foldForSearch("timeout") },
  { loud: true, lastSeen: { from: NOON, before: NOON + MINUTE }, environment: "staging" },
  { levels: ["fatal", "warning", "debug"], environment: "production" },
];

/** How many issues match, of all states. */
async function counted(context: CaseContext, criteria: SearchCriteria): Promise<number> {
  const request = { ...OF_ALL, ...criteria, after: null, limit: NO_LIMIT };
  const { counts } = await read(context, (reader) => reader.countIssues(request));
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

async function expectListed(context: CaseContext, what: string, criteria: SearchCriteria, numbers: readonly number[]) {
  const request = { ...OF_ALL, ...criteria, order: "first-seen", descending: false, limit: 5 } as const;
  expectEqual(what, await pagesOf(context, request), numbers);
  expectEqual(`how many are ${what}`, await counted(context, criteria), numbers.length);
}

/** What lists and counts of issues may be narrowed by. */
export const issueCriteriaCases: readonly ConformanceCase[] = [
  {
    id: "pages-by-criteria",
    title:
      "pages and counts hold only issues of the levels and times that are asked for, and that regressed or got loud",
    requires:
      "pageIssues() and countIssues() return and count the issues for which `matchesCriteria` holds, as they are now.",
    async run(context) {
      await seed(context);
      for (const criteria of CRITERIA) {
        const given = { ...ALL_ISSUES, ...criteria };
        for (const order of ISSUE_ORDERS) {
          const request = { ...OF_ALL, ...given, order, descending: true, limit: 5 } as const;
          expectEqual(`by ${order}, ${JSON.stringify(criteria)}`, await pagesOf(context, request), expected(request));
        }
        const all = expected({ ...OF_ALL, ...given, order: "first-seen", descending: false });
        expectEqual(`how many match ${JSON.stringify(criteria)}`, await counted(context, given), all.length);
      }
      const [first] = ISSUES;
      if (first === undefined) return;
      const changed: Issue = {
        ...first,
        level: "info",
        firstSeenAt: 7,
        state: { status: "open", regressedAt: NOON, loudAt: NOON },
      };
      await write(context, { updates: [{ before: first, after: changed }] });
      const begin = { from: 7, before: 8 };
      const early: SearchCriteria = { ...ALL_ISSUES, firstSeen: begin, levels: ["info"], regressed: true, loud: true };
      await expectListed(context, "an updated issue", early, [first.number]);
      const after: Issue = { ...changed, level: "error", state: { status: "open", loudAt: NOON } };
      await write(context, { updates: [{ before: changed, after }] });
      await expectListed(context, "one that has changed again", early, []);
      const later: SearchCriteria = { ...ALL_ISSUES, firstSeen: begin, levels: ["error"], loud: true };
      await expectListed(context, "one that has changed again, as it is now", later, [first.number]);
    },
  },
  {
    id: "pages-by-release",
    title: "pages and counts hold only issues that occurred in the release",
    requires:
      "pageIssues() and countIssues() return and count only issues with a mark for the release of `seenIn` for which `wasSeen` holds, as it is now.",
    async run(context) {
      await seed(context);
      const [release, other] = releasesAt("b", "ba");
      const [one, two, three, four] = ISSUES;
      if (release === undefined || other === undefined || one === undefined || two === undefined) return;
      if (three === undefined || four === undefined) return;
      await write(context, { releases: inProject(SHOP.id, [release, other]) });
      const seen = markSeen(release, undefined);
      const markOf = ({ id }: Issue, mark: ReleaseMark): IssueMark => ({ issueId: id, mark });
      await write(context, {
        marks: [
          markOf(one, seen),
          markOf(two, markFixed(release, undefined, NOON)),
          markOf(three, markFixed(release, seen, NOON)),
          markOf(three, markSeen(other, undefined)),
          markOf(four, markSeen(other, undefined)),
        ],
      });
      const inRelease = (seenIn: string): SearchCriteria => ({ ...ALL_ISSUES, seenIn });
      await expectListed(context, "issues of a release", inRelease(release.orderKey), [one.number, three.number]);
      await expectListed(context, "issues of another one", inRelease(other.orderKey), [three.number, four.number]);
      await expectListed(context, "issues of a release that no issue has", inRelease("c"), []);
      const both = { ...inRelease(release.orderKey), levels: [one.level] };
      const bothNumbers = [one, three].filter(({ level }) => level === one.level).map(({ number }) => number);
      await expectListed(context, "issues of a release and a level", both, bothNumbers);
      const claimed = markFixed(release, undefined, NOON);
      const withdrawn = withdrawClaim(markFixed(release, seen, NOON));
      await write(context, {
        marks: [
          markOf(two, markSeen(release, claimed)),
          ...(withdrawn === undefined ? [] : [markOf(three, withdrawn)]),
        ],
        deletedMarks: [{ issueId: one.id, orderKey: release.orderKey }],
      });
      await expectListed(context, "issues of a release, as their marks are now", inRelease(release.orderKey), [
        two.number,
        three.number,
      ]);
    },
  },
];
