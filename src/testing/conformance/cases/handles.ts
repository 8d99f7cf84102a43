import { expectEqual, failureOf } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { addToOutbox, changeOutbox, readOutbox, readTallies, seedOutbox } from "../outbox-work.ts";
import { outboxOf, withOutbox } from "../outbox.ts";
import { NOON } from "../samples.ts";
import { changeWorld, deleteFromWorld, FULL_ISSUE, loadWorld, readWorld, WORLD } from "../world.ts";

type Store = Pick<CaseContext, "store">;

/** All alerts and tallies, by a read and by a transaction, and those that could be claimed. */
async function readAlerts(context: Store) {
  const found = await read(context, async (reader) => ({
    counts: await outboxOf(reader).count(NOON),
    alerts: await readOutbox(reader),
  }));
  const loaded = await transact(context, async (transaction) => ({
    alerts: await readOutbox(transaction),
    tallies: await readTallies(transaction, FULL_ISSUE),
  }));
  return { found, loaded, claimed: await claimAndRelease(context) };
}

/** The alerts that are due, which are claimed in a transaction that fails. */
async function claimAndRelease(context: Store): Promise<string[]> {
  const request = { lease: { token: "t", until: NOON + 99 }, now: NOON + 50, limit: 9, issueIds: null, inOrder: false };
  const claimed: string[] = [];
  await failureOf(() =>
    withOutbox(context, async (outbox) => {
      claimed.push(...(await outbox.claim(request)).map(({ alert }) => alert.id));
      throw new Error("roll back");
    }),
  );
  return claimed;
}

/** Two handles on the same data. */
export const handleCases: readonly ConformanceCase[] = [
  {
    needs: ["second-handle"],
    id: "handles-agree",
    title: "a handle that has read before sees what another one has written since",
    requires: "transaction() makes all writes visible at once, to every handle on the data.",
    async run(context) {
      await write(context, WORLD);
      const second = { store: await context.openSecond() };
      for (const [when, change] of [
        ["at first", () => Promise.resolve()],
        ["after a change", changeWorld],
        ["after a deletion", deleteFromWorld],
      ] as const) {
        await transact(context, change);
        const found = await read(second, readWorld);
        expectEqual(`what the other handle finds ${when}`, found, await read(context, readWorld));
        const loaded = await transact(second, loadWorld);
        expectEqual(`what the other handle loads ${when}`, loaded, await transact(context, loadWorld));
      }
    },
  },
  {
    needs: ["second-handle", "outbox"],
    id: "handles-agree-on-alerts",
    title: "a handle that has read before sees which alerts and tallies another one has written since",
    requires: "transaction() makes all writes visible at once, to every handle on the data, also those of the outbox.",
    async run(context) {
      await write(context, WORLD);
      const second = { store: await context.openSecond() };
      for (const [when, change] of [
        ["at first", () => Promise.resolve()],
        ["when some were added", seedOutbox],
        ["when others were added to them", addToOutbox],
        ["when they were changed", changeOutbox],
        ["after a deletion", deleteFromWorld],
      ] as const) {
        await transact(context, (transaction) => change(transaction, FULL_ISSUE));
        const found = await readAlerts(second);
        expectEqual(`the alerts that the other handle finds ${when}`, found, await readAlerts(context));
      }
    },
  },
];
