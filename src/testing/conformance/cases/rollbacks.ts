import { AssertionFailure, expectEqual, failureOf } from "../../assertion/assertion.ts";
import type { StoreTransaction } from "../../../ports/issue-store.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { addToOutbox, changeOutbox, readOutbox, readTallies, seedOutbox } from "../outbox-work.ts";
import { outboxOf } from "../outbox.ts";
import { NOON } from "../samples.ts";
import { changeWorld, deleteFromWorld, FULL_ISSUE, loadWorld, readWorld, WORLD, type WorldParts } from "../world.ts";

/** Lets work fail in a transaction. */
async function failIn(context: CaseContext, work: (transaction: StoreTransaction) => Promise<void>): Promise<void> {
  const own = new Error("roll back");
  const failure = await failureOf(() =>
    transact(context, async (transaction) => {
      await work(transaction);
      throw own;
    }),
  );
  if (failure !== own) throw new AssertionFailure("the error of the transaction", own, failure);
}

/** Lets transactions fail that change the world, or delete from it, and compares parts of it before and after. */
async function expectRolledBack(context: CaseContext, parts: readonly (keyof WorldParts)[]): Promise<void> {
  await write(context, WORLD);
  const readParts = async () => {
    const [found, loaded] = [await read(context, readWorld), await transact(context, loadWorld)];
    return parts.map((part) => ({ [part]: { found: found[part], loaded: loaded[part] } }));
  };
  const before = await readParts();
  await failIn(context, changeWorld);
  expectEqual("what was there before a change that was rolled back", await readParts(), before);
  await failIn(context, deleteFromWorld);
  expectEqual("what was there before a deletion that was rolled back", await readParts(), before);
  // What was taken by the failed transaction, such as numbers, groups and events, is free.
  await transact(context, changeWorld);
}

/** What a failed transaction leaves behind: nothing. */
export const rollbackCases: readonly ConformanceCase[] = [
  {
    id: "transaction-rolls-back",
    title: "a transaction that fails leaves no writes behind: not of projects, events, users, counters or history",
    requires: "transaction() discards all writes when the work rejects.",
    run: (context) => expectRolledBack(context, ["projects", "belongings"]),
  },
  {
    id: "issues-roll-back",
    title:
      "when a transaction fails, its issues are not there, and those it changed are in the lists and groups they were in",
    requires:
      "transaction() discards all writes when the work rejects, also from lists, groups and selections of issues.",
    run: (context) => expectRolledBack(context, ["issues"]),
  },
  {
    id: "releases-roll-back",
    title: "when a transaction fails, releases, timelines and marks are as they were, also those that it moved",
    requires: "transaction() discards all writes when the work rejects, also of releases, timelines and marks.",
    run: (context) => expectRolledBack(context, ["releases"]),
  },
  {
    needs: ["outbox"],
    id: "alerts-roll-back",
    title: "when a transaction fails, alerts, their leases and tallies are as they were",
    requires: "transaction() discards all writes when the work rejects, also of alerts and tallies.",
    async run(context) {
      await write(context, WORLD);
      await transact(context, (transaction) => seedOutbox(transaction, FULL_ISSUE));
      const everything = () =>
        transact(context, async (transaction) => ({
          alerts: await readOutbox(transaction),
          counts: await outboxOf(transaction).count(NOON),
          tallies: await readTallies(transaction, FULL_ISSUE),
        }));
      const before = await everything();
      for (const change of [addToOutbox, changeOutbox, deleteFromWorld]) {
        await failIn(context, (transaction) => change(transaction, FULL_ISSUE));
        expectEqual("what was there before changes that were rolled back", await everything(), before);
      }
      await transact(context, (transaction) => changeOutbox(transaction, FULL_ISSUE));
    },
  },
];
