import type { AlertTally, TallyScope } from "../../../core/alert-limits.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual, failureOf } from "../../assertion/assertion.ts";
import { BLOG, MINUTE, NOON, sampleTally, SHOP, uuid } from "../samples.ts";

const OF_SHOP: TallyScope = { projectId: SHOP.id, issueId: null };
const OF_BLOG: TallyScope = { projectId: BLOG.id, issueId: null };
const OF_ISSUE: TallyScope = { projectId: SHOP.id, issueId: uuid(1) };

/** Tallies in one order, to be compared. */
export function sortTallies(tallies: readonly AlertTally[]): AlertTally[] {
  const keyOf = ({ projectId, issueId }: TallyScope): string => JSON.stringify([projectId, issueId]);
  return tallies.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** The tallies of scopes, in one order. */
async function find(context: CaseContext, ...scopes: readonly TallyScope[]): Promise<AlertTally[]> {
  return sortTallies(await write(context, (transaction) => transaction.lockAlertTallies(scopes)));
}

async function take(context: CaseContext, now: number, limit = 99): Promise<AlertTally[]> {
  return sortTallies(await write(context, (transaction) => transaction.takeEndedTallies(now, limit)));
}

async function save(context: CaseContext, ...tallies: readonly AlertTally[]): Promise<void> {
  await write(context, async (transaction) => {
    await transaction.saveProject(SHOP);
    await transaction.saveProject(BLOG);
    await transaction.saveAlertTallies(tallies);
  });
}

/** How many messages there were. */
export const tallyCases: readonly ConformanceCase[] = [
  {
    id: "tallies-kept",
    title: "tallies come back as they were last saved, those of a project apart from those of its issues",
    requires: "lockAlertTallies() gives the tallies that are stored for the scopes.",
    async run(context) {
      const counts = { "new-issue": 1, regression: 20, unmute: 0 };
      const examples = [{ id: uuid(1), friendlyId: "SHOP-1", title: "a \0 \ud800 😀" }];
      const ofShop = sampleTally(OF_SHOP, { admitted: 7, heldBack: { counts, examples } });
      const ofIssue = sampleTally(OF_ISSUE, { startsAt: 0, endsAt: 253_402_300_799_999, admitted: 1 });
      const ofBlog = sampleTally(OF_BLOG, { admitted: 0 });
      await save(context, ofShop, ofIssue, ofBlog);
      const unknown: readonly TallyScope[] = [
        { projectId: BLOG.id, issueId: uuid(1) },
        { projectId: SHOP.id, issueId: uuid(2) },
        { projectId: "SHOP", issueId: null },
        { projectId: "nowhere", issueId: uuid(1) },
      ];
      const asked = [OF_ISSUE, ...unknown, OF_SHOP, OF_BLOG];
      expectEqual("all", await find(context, ...asked), sortTallies([ofShop, ofIssue, ofBlog]));
      expectEqual("some", await find(context, OF_ISSUE), [ofIssue]);
      const next = sampleTally(OF_SHOP, { startsAt: NOON + MINUTE, endsAt: NOON + 2 * MINUTE, admitted: 2 });
      const ofSecond = sampleTally({ projectId: SHOP.id, issueId: uuid(2) });
      await save(context, next, ofSecond);
      expectEqual("saved over", await find(context, ...asked), sortTallies([next, ofIssue, ofBlog, ofSecond]));
      await write(context, async (transaction) => {
        await transaction.saveAlertTallies([ofShop]);
        expectEqual("saved in a transaction", await transaction.lockAlertTallies([OF_SHOP]), [ofShop]);
      });
    },
  },
  {
    id: "tallies-ended",
    title: "tallies whose period is over are given once, and again where what was made of them was rolled back",
    requires:
      "takeEndedTallies() removes tallies whose period is over, and gives them: each to one transaction that commits.",
    async run(context) {
      const ends = [5, 3, 4, 9, 6];
      const tallies = ends.map((after, index) =>
        sampleTally(index === 0 ? OF_SHOP : { projectId: SHOP.id, issueId: uuid(index) }, { endsAt: NOON + after }),
      );
      const ofBlog = sampleTally(OF_BLOG, { endsAt: NOON + 5 });
      await save(context, ...tallies, ofBlog);
      const ended = sortTallies([...tallies.slice(0, 3), ofBlog]);
      expectEqual("before any has ended", await take(context, NOON + 2), []);
      let seen: readonly AlertTally[] = [];
      await failureOf(() =>
        write(context, async (transaction) => {
          seen = await transaction.takeEndedTallies(NOON + 5, 99);
          expectEqual("more, in the same transaction", await transaction.takeEndedTallies(NOON + 5, 99), []);
          throw new Error("undo it");
        }),
      );
      expectEqual("those that ended", sortTallies(seen), ended);
      const first = await take(context, NOON + 5, 3);
      expectEqual("how many, where at most three were asked for", first.length, 3);
      const second = await take(context, NOON + 5, 3);
      expectEqual("those that ended, once more", sortTallies([...first, ...second]), ended);
      expectEqual("when all were given", await take(context, NOON + 5), []);
      const left = await find(context, OF_SHOP, OF_BLOG, ...tallies);
      expectEqual("what is left", left, sortTallies(tallies.slice(3)));
      const anew = sampleTally(OF_SHOP, { startsAt: NOON + MINUTE, endsAt: NOON + 2 * MINUTE, admitted: 1 });
      await save(context, anew);
      expectEqual("saved anew", await find(context, OF_SHOP), [anew]);
    },
  },
];
