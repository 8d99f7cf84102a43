import { allReadable } from "../../../core/unreadable.ts";
import type { EventPosition, IssueEventPageRequest, StoredEvent, StoreReader } from "../../../ports/issue-store.ts";
import { AssertionFailure, expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { BLOG, newIssue, NOON, sampleEvent, sampleIssue, SHOP } from "../samples.ts";

const [FIRST, SECOND] = [sampleIssue(1), sampleIssue(2)];
const ELSEWHERE = sampleIssue(3, { projectId: BLOG.id });
/** Ids that databases are known to take for each other, and long ones that begin alike. */
const IDS = [
  "event",
  "Event",
  "event ",
  "event\0",
  "eventé",
  "\ud800",
  "\uffff",
  "😀",
  "x".repeat(200),
  "x".repeat(199),
];

type Direction = Pick<IssueEventPageRequest, "descending">;
const DIRECTIONS: readonly Direction[] = [{ descending: false }, { descending: true }];

async function pageOf(
  reader: StoreReader,
  page: Pick<IssueEventPageRequest, "descending" | "after" | "limit">,
  issue = FIRST,
): Promise<readonly StoredEvent[]> {
  const { projectId, id: issueId } = issue;
  return allReadable(await reader.pageIssueEvents({ projectId, issueId, ...page }));
}

const positionOf = ({ number, id }: StoredEvent): EventPosition => ({ number, id });

/** All events of an issue, in pages. */
async function listOf(
  context: CaseContext,
  direction: Direction,
  limit: number,
  issue = FIRST,
  between: (page: readonly StoredEvent[]) => Promise<void> = () => Promise.resolve(),
): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  for (let after: EventPosition | null = null; ;) {
    const at: EventPosition | null = after;
    const page = await read(context, (reader) => pageOf(reader, { ...direction, after: at, limit }, issue));
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return found;
    if (found.length > 1_000) throw new AssertionFailure("the pages of an issue's events", "an end", "no end");
    after = positionOf(last);
    await between(page);
  }
}

const idsOf = (events: readonly StoredEvent[]): string[] => events.map(({ id }) => id);

/** In the order of the numbers; those without a number are compared as they come. */
function inOrder(events: readonly StoredEvent[], { descending }: Direction): StoredEvent[] {
  const ascending = events.toSorted((one, other) => one.number - other.number);
  return descending ? ascending.reverse() : ascending;
}

/** The events of issues, in the order of their numbers. */
export const issueEventCases: readonly ConformanceCase[] = [
  {
    id: "issue-events-listed",
    title: "the pages of an issue's events have each once, whole, in the order of their numbers, in both directions",
    requires: "pageIssueEvents() returns an issue's events, whole, in the order of their numbers.",
    async run(context) {
      const former = IDS.map((id, index) => sampleEvent(FIRST, id, { number: 0, receivedAt: NOON + 40 - index }));
      const numbered = [
        ...[5, 1, 12, 3, 2].map((number) => sampleEvent(FIRST, `number ${String(number)}`, { number })),
        sampleEvent(FIRST, "received late", { number: 4, receivedAt: NOON + 50, kept: true }),
        sampleEvent(FIRST, "received early", { number: 13, receivedAt: NOON - 50 }),
        sampleEvent(FIRST, "with nothing", { number: 100, user: null, content: null, environment: "", data: null }),
        sampleEvent(FIRST, "a long one", {
          number: 99,
          content: { level: "fatal", type: "x".repeat(5_000), value: "", transaction: "" },
          data: JSON.stringify("y".repeat(20_000)),
        }),
        sampleEvent(FIRST, "the last", { number: Number.MAX_SAFE_INTEGER }),
      ];
      const others = [7, 0].map((number) => sampleEvent(SECOND, `of another ${String(number)}`, { number }));
      const elsewhere = [0, 6].map((number) => sampleEvent(ELSEWHERE, IDS[number] ?? "", { number }));
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [FIRST, SECOND, ELSEWHERE].map(newIssue),
        events: [...numbered, ...former, ...others, ...elsewhere],
      });
      const whole = await listOf(context, { descending: false }, 100);
      const ofFormer = whole.slice(0, former.length);
      expectEqual("the events without a number", ofFormer.toSorted(byId), former.toSorted(byId));
      for (const direction of DIRECTIONS) {
        const expected = inOrder([...ofFormer, ...numbered], direction);
        for (const limit of [1, 2, 3, 7, 100]) {
          const found = await listOf(context, direction, limit);
          const what = `${direction.descending ? "newest" : "oldest"} first, ${String(limit)} at a time`;
          expectEqual(`the events, ${what}`, idsOf(found), idsOf(expected));
          expectEqual(`what is stored of the events, ${what}`, found, expected);
        }
        expectEqual("other events", await listOf(context, direction, 1, SECOND), inOrder(others, direction));
        const ofProject = await listOf(context, direction, 9, ELSEWHERE);
        expectEqual("events of another project", ofProject, inOrder(elsewhere, direction));
      }
    },
  },
  {
    id: "issue-events-follow-changes",
    title:
      "pages of an issue's events have each that is stored throughout once, whatever is added or removed between them",
    requires:
      "When pages of events follow each other, each event that is stored throughout is returned exactly once, whatever is added, evicted or erased meanwhile.",
    async run(context) {
      const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
      const former = ["a", "b", "c", "d"].map((id) => sampleEvent(FIRST, id, { number: 0 }));
      const old = { receivedAt: NOON - 9 };
      const events = numbers.map((number) =>
        sampleEvent(FIRST, `event ${String(number)}`, { number, ...(number % 5 === 0 && old) }),
      );
      await write(context, { projects: [SHOP], newIssues: [newIssue(FIRST)], events: [...former, ...events] });
      const throughout = new Set(numbers.filter((number) => number % 5 !== 0 && number % 4 !== 0));
      for (const [round, direction] of DIRECTIONS.entries()) {
        let step = 0;
        // All that is listed leaves the store, half by eviction; and events come at both ends.
        const found = await listOf(context, direction, 2, FIRST, async (page) => {
          const added = sampleEvent(FIRST, `added ${String(round)} ${String(step)}`, {
            number: 100 + 50 * round + step,
          });
          step++;
          await transact(context, async (transaction) => {
            await transaction.write({
              erasedEvents: page.filter((event) => !throughout.has(event.number)),
              events: [added],
            });
            const eviction = { receivedBefore: NOON - 1, keepNewest: null, after: null, limit: 99 };
            await transaction.evictEvents({ projectId: SHOP.id, ...eviction });
          });
        });
        const listed = found.map(({ number }) => number).filter((number) => throughout.has(number));
        const expected = direction.descending ? [...throughout].reverse() : [...throughout];
        expectEqual("the events that are stored throughout", listed, expected);
        expectEqual("events that are listed twice", found.length - new Set(idsOf(found)).size, 0);
      }
      const stored = await listOf(context, { descending: false }, 99);
      const failing = transact(context, async (transaction) => {
        await transaction.write({
          erasedEvents: stored.slice(0, 1),
          events: [sampleEvent(FIRST, "undone", { number: 999 })],
        });
        const [newest] = await pageOf(transaction, { descending: true, after: null, limit: 1 });
        expectEqual("the newest event in the transaction that added it", newest?.id, "undone");
        const [oldest] = await pageOf(transaction, { descending: false, after: null, limit: 1 });
        expectEqual("the oldest event in the transaction that erased the one before", oldest, stored[1]);
        throw new Error("this transaction fails");
      });
      await failing.catch((error: unknown) => {
        if (error instanceof AssertionFailure) throw error;
      });
      expectEqual("the events after a failed transaction", await listOf(context, { descending: false }, 99), stored);
    },
  },
];

function byId(one: StoredEvent, other: StoredEvent): number {
  return one.id < other.id ? -1 : 1;
}
