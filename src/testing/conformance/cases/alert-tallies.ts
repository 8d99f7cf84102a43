import type { AlertTally, TallyScope, Throttled } from "../../../ports/alert-outbox.ts";
import { expectEqual, failureOf } from "../../assertion/assertion.ts";
import { write, type CaseContext, type ConformanceCase } from "../case.ts";
import { takeEndedTallies, withOutbox } from "../outbox.ts";
import { BLOG, MINUTE, newIssue, NOON, sampleIssue, sampleTally, SHOP, uuid } from "../samples.ts";

const OF_SHOP: TallyScope = { projectId: SHOP.id, issueId: null };
const OF_BLOG: TallyScope = { projectId: BLOG.id, issueId: null };
const OF_ISSUE: TallyScope = { projectId: SHOP.id, issueId: uuid(1) };

/** Sorts tallies, so that they can be compared. */
export function sortTallies(tallies: readonly AlertTally[]): AlertTally[] {
  const keyOf = ({ projectId, issueId }: TallyScope): string => JSON.stringify([projectId, issueId]);
  return tallies.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** The stored tallies of scopes, sorted. */
async function find(context: CaseContext, ...scopes: readonly TallyScope[]): Promise<AlertTally[]> {
  return sortTallies(await withOutbox(context, (outbox) => outbox.lockTallies({ scopes })));
}

/** Removes tallies that ended. Returns them, sorted. */
async function take(context: CaseContext, endedAt: number, limit = 99): Promise<AlertTally[]> {
  return sortTallies(await withOutbox(context, (outbox) => takeEndedTallies(outbox, endedAt, limit)));
}

/** What was throttled, different for each number. */
function throttled(number: number): Throttled {
  const examples = [{ id: uuid(number), friendlyId: `SHOP-${String(number)}`, title: `Title ${String(number)}` }];
  return { counts: { "new-issue": number, regression: 2, unmute: 3, loud: 4 }, examples, level: "warning" };
}

function present<Value>(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value];
}

async function save(context: CaseContext, ...tallies: readonly AlertTally[]): Promise<void> {
  await write(context, { projects: [SHOP, BLOG] });
  await withOutbox(context, (outbox) => outbox.writeTallies({ save: tallies }));
}

/** The numbers of notifications in a period. */
export const tallyCases: readonly ConformanceCase[] = [
  {
    needs: ["outbox"],
    id: "tallies-kept",
    title:
      "tallies are returned as they were last saved, those of a project apart from those of its issues, until they are removed",
    requires: "lockTallies() returns the stored tallies that are selected; writeTallies() saves and removes them.",
    async run(context) {
      const counts = { "new-issue": 1, regression: 20, unmute: 0, loud: 300 };
      const examples = [9, 1, 10, 8, 2, 7, 3, 6, 4, 5].map((number) => {
        return { id: uuid(number), friendlyId: `SHOP-${String(number)}`, title: `a \0 \ud800 😀 ${String(number)}` };
      });
      const ofShop = sampleTally(OF_SHOP, { admitted: 7, throttled: { counts, examples, level: "fatal" } });
      const ofIssue = sampleTally(OF_ISSUE, { startsAt: 0, endsAt: 253_402_300_799_999, admitted: 1 });
      const ofBlog = sampleTally(OF_BLOG, { admitted: 0 });
      await save(context, ofShop, ofIssue, ofBlog);
      const unknown: readonly TallyScope[] = [
        { projectId: BLOG.id, issueId: uuid(1) },
        { projectId: SHOP.id, issueId: uuid(2) },
        { projectId: "SHOP", issueId: null },
        { projectId: "nowhere", issueId: uuid(1) },
      ];
      const scopes = [OF_ISSUE, ...unknown, OF_SHOP, OF_BLOG];
      expectEqual("all", await find(context, ...scopes), sortTallies([ofShop, ofIssue, ofBlog]));
      expectEqual("some", await find(context, OF_ISSUE), [ofIssue]);
      const next = sampleTally(OF_SHOP, { startsAt: NOON + MINUTE, endsAt: NOON + 2 * MINUTE, admitted: 0 });
      const ofSecond = sampleTally({ projectId: SHOP.id, issueId: uuid(2) });
      await save(context, next, ofSecond);
      expectEqual("saved over", await find(context, ...scopes), sortTallies([next, ofIssue, ofBlog, ofSecond]));
      await withOutbox(context, async (outbox) => {
        await outbox.writeTallies({ save: [ofShop], remove: [OF_BLOG, ...unknown.slice(2)] });
        const scopes = [OF_SHOP, OF_BLOG];
        expectEqual("saved and removed in a transaction", await outbox.lockTallies({ scopes }), [ofShop]);
      });
      expectEqual("what is left", await find(context, ...scopes), sortTallies([ofShop, ofIssue, ofSecond]));
    },
  },
  {
    needs: ["outbox"],
    id: "tallies-ended",
    title: "tallies whose period ended are selected until they are removed, and again when that is rolled back",
    requires: "lockTallies() selects tallies whose period ended at or before an instant, at most `limit`.",
    async run(context) {
      const ends = [5, 3, 4, 9, 6];
      const tallies = ends.map((after, index) =>
        sampleTally(index === 0 ? OF_SHOP : { projectId: SHOP.id, issueId: uuid(index) }, {
          endsAt: NOON + after,
          admitted: index,
          throttled: throttled(index),
        }),
      );
      const ofBlog = sampleTally(OF_BLOG, { endsAt: NOON + 5, throttled: throttled(9) });
      await save(context, ...tallies, ofBlog);
      const ended = sortTallies([...tallies.slice(0, 3), ofBlog]);
      expectEqual("before any has ended", await take(context, NOON + 2), []);
      let seen: readonly AlertTally[] = [];
      let more: readonly AlertTally[] = seen;
      await failureOf(() =>
        withOutbox(context, async (outbox) => {
          seen = await takeEndedTallies(outbox, NOON + 5, 99);
          more = await takeEndedTallies(outbox, NOON + 5, 99);
          throw new Error("roll back");
        }),
      );
      expectEqual("those that ended", sortTallies(seen), ended);
      expectEqual("those left, in the same transaction", more, []);
      const first = await take(context, NOON + 5, 3);
      expectEqual("how many of at most three", first.length, 3);
      const second = await take(context, NOON + 5, 3);
      expectEqual("those that ended, after the rollback", sortTallies([...first, ...second]), ended);
      expectEqual("when all were removed", await take(context, NOON + 5), []);
      const left = await find(context, OF_SHOP, OF_BLOG, ...tallies);
      expectEqual("what is left", left, sortTallies(tallies.slice(3)));
      const next = sampleTally(OF_SHOP, { startsAt: NOON + MINUTE, endsAt: NOON + 2 * MINUTE, admitted: 1 });
      await save(context, next);
      expectEqual("saved again", await find(context, OF_SHOP), [next]);
      await take(context, NOON + 9);
      const earlier = { ...next, endsAt: NOON + MINUTE };
      await save(context, earlier);
      expectEqual("saved with an earlier end", await take(context, NOON + MINUTE), [earlier]);
    },
  },
  {
    needs: ["outbox"],
    id: "tallies-ahead",
    title: "tallies whose period ends after an instant are selected, the last to end first, as they were last saved",
    requires: "lockTallies() selects tallies whose period ends after an instant: at most `limit`, the last to end.",
    async run(context) {
      const ends = [5, 9, 3, 7];
      const tallies = ends.map((after, index) =>
        sampleTally(
          { projectId: SHOP.id, issueId: index === 0 ? null : uuid(index) },
          { endsAt: NOON + after, admitted: index, throttled: throttled(index) },
        ),
      );
      const ofBlog = sampleTally(OF_BLOG, { endsAt: NOON + 8, throttled: throttled(9) });
      await save(context, ...tallies, ofBlog);
      const ahead = async (endsAfter: number, limit = 99) =>
        sortTallies(await withOutbox(context, (outbox) => outbox.lockTallies({ endsAfter, limit })));
      const [ofShop, second, , fourth] = tallies;
      expectEqual("after all ends", await ahead(NOON + 9), []);
      expectEqual("all that end later", await ahead(NOON + 5), sortTallies([second, fourth, ofBlog].flatMap(present)));
      expectEqual("the last two to end", await ahead(NOON + 2, 2), sortTallies([second, ofBlog].flatMap(present)));
      await save(context, ...[second].flatMap(present).map((tally) => ({ ...tally, endsAt: NOON + 4 })));
      await withOutbox(context, (outbox) => outbox.writeTallies({ remove: [OF_BLOG] }));
      expectEqual("after a change", await ahead(NOON + 4), sortTallies([ofShop, fourth].flatMap(present)));
      const early = [ofShop, fourth].flatMap(present).map((tally) => ({ ...tally, endsAt: NOON + 1 }));
      await save(context, ...early);
      expectEqual("when all were set back", await ahead(NOON + 4), []);
    },
  },
  {
    needs: ["outbox"],
    id: "tallies-deleted",
    title: "the tallies of a deleted issue are gone, those of other issues and of the project stay",
    requires: "write() deletes issues: their tallies are gone.",
    async run(context) {
      const [gone, kept] = [sampleIssue(1), sampleIssue(2)];
      const ofIssues = [gone, kept].map(({ id }) => sampleTally({ projectId: SHOP.id, issueId: id }, { admitted: 0 }));
      await save(context, sampleTally(OF_SHOP), ...ofIssues);
      await write(context, { newIssues: [gone, kept].map(newIssue) });
      await write(context, { deletedIssues: [gone.id] });
      const left = [...ofIssues.slice(1), sampleTally(OF_SHOP)];
      expectEqual("the tallies by scope", await find(context, OF_SHOP, ...ofIssues), sortTallies(left));
      const later = { endsAfter: NOON, limit: 9 };
      const ahead = await withOutbox(context, (outbox) => outbox.lockTallies(later));
      expectEqual("those that end later", sortTallies(ahead), sortTallies(left));
      expectEqual("those that ended", await take(context, NOON + 2 * MINUTE), sortTallies(left));
    },
  },
];
