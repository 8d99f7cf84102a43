import { ALL_ISSUES, ISSUE_ORDERS, orderValue } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue, type IssueState } from "../../../core/issue.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { TurningPoint } from "../../../core/turning-point.ts";
import type { IssuePageRequest, IssuePosition, StoreReader } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type ConformanceCase } from "../case.ts";
import { oneByOne } from "../keys/key-texts.ts";
import { meets } from "../listed-issues.ts";
import { MANY, NO_LIMIT, numbersTo, shuffled } from "../many.ts";
import { newIssue, NOON, sampleIssue, sampleTurningPoint, SHOP, uuid } from "../samples.ts";

const STATES: readonly IssueState[] = [
  { status: "open" },
  { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "plain" } },
  { status: "muted", mute: { mutedAt: NOON, deadline: null, volume: null } },
  { status: "discarded", discard: { discardedAt: NOON, eventCount: 1, conditions: [], checkAt: 0 } },
  { status: "merged", into: uuid(77), as: "member", at: NOON },
];

/** Issues that share times and counts. */
const ISSUES: readonly Issue[] = numbersTo(MANY).map((number) =>
  sampleIssue(number, {
    lastSeenAt: NOON + ((number * 7_919) % 700) * 1_000,
    eventCount: 1 + ((number * 31) % 900) * 3,
    environments: number % 2 === 0 ? ["even", "all"] : ["odd", "all"],
    state: STATES[number % STATES.length] ?? { status: "open" },
  }),
);
const [FIRST] = ISSUES;
const FIRST_ID = FIRST?.id ?? "";

/** Many turning points of one issue, and one of each other. */
const OF_FIRST: readonly TurningPoint[] = numbersTo(MANY).map((number) => sampleTurningPoint(FIRST_ID, number));
const OF_OTHERS: readonly TurningPoint[] = ISSUES.slice(1).map(({ id, number }) => {
  return { ...sampleTurningPoint(id, 1), comment: `of ${String(number)}` };
});

type List = Omit<IssuePageRequest, "projectId" | "after" | "limit">;

const ALL = { statuses: ISSUE_STATUSES, ...ALL_ISSUES } as const;
const LISTS: readonly List[] = [
  ...ISSUE_ORDERS.flatMap((order) => [true, false].map((descending) => ({ ...ALL, order, descending }))),
  { statuses: ["open", "muted"], ...ALL_ISSUES, search: "title 1", order: "last-seen", descending: true },
  { statuses: ISSUE_STATUSES, ...ALL_ISSUES, environment: "even", order: "event-count", descending: false },
];

/** The issues of a list, in its order. */
function listed(list: List): Issue[] {
  const { order, descending } = list;
  const sign = descending ? -1 : 1;
  return ISSUES.filter((issue) => meets(issue, list)).sort(
    (one, other) => sign * (orderValue(one, order) - orderValue(other, order) || one.number - other.number),
  );
}

/** All pages of a list, of at most 1,000 issues each. */
async function pagesOf(reader: StoreReader, list: List): Promise<Issue[]> {
  const issues: Issue[] = [];
  let after: IssuePosition | null = null;
  while (issues.length <= MANY) {
    const { entries } = await reader.pageIssues({ ...list, projectId: SHOP.id, after, limit: 1_000 });
    const page: readonly Issue[] = allReadable(entries);
    issues.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    after = { value: orderValue(last, list.order), number: last.number };
  }
  return issues;
}

async function expectIssues(reader: StoreReader): Promise<void> {
  for (const list of LISTS) {
    expectEqual(`pages of issues: ${JSON.stringify(list)}`, await pagesOf(reader, list), listed(list));
  }
  const list = { ...ALL, order: "last-seen", descending: true } as const;
  const all = await reader.pageIssues({ ...list, projectId: SHOP.id, after: null, limit: NO_LIMIT });
  expectEqual("all issues on one page", all.entries, listed(list));
}

async function expectHistory(reader: StoreReader): Promise<void> {
  const newestFirst = OF_FIRST.toReversed();
  expectEqual("a history on one page", await reader.pageHistory(FIRST_ID, null, NO_LIMIT), newestFirst);
  const pages = await oneByOne([null, 1_501, 501], (before) => reader.pageHistory(FIRST_ID, before, 1_000));
  expectEqual("a history in pages", pages.flat(), newestFirst);
  const others = OF_OTHERS.filter((_, index) => index % 50 === 0);
  const found = await oneByOne(others, ({ issueId }) => reader.pageHistory(issueId, null, NO_LIMIT));
  expectEqual("histories of other issues", found.flat(), others);
}

/** Long lists. */
export const largePageCases: readonly ConformanceCase[] = [
  {
    id: "pages-of-any-size",
    title: "thousands of issues and turning points are listed, in pages of a thousand and on one page",
    requires: "pageIssues() and pageHistory() return at most `limit`, and not fewer as long as there are more.",
    async run(context) {
      await write(context, {
        projects: [SHOP],
        newIssues: ISSUES.map(newIssue),
        turningPoints: [...shuffled(OF_OTHERS), ...OF_FIRST],
      });
      await read(context, async (reader) => {
        await expectIssues(reader);
        await expectHistory(reader);
      });
    },
  },
];
