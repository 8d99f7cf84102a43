import { IssueLifecycleError } from "../../../core/errors.ts";
import type { IssueStore } from "../../../ports/issue-store.ts";
import { expectEqual, expectFailure, failureOf } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { newIssue, sampleEvent, sampleIssue, SHOP } from "../samples.ts";
import type { HostTransaction } from "../subject.ts";

const [FIRST, SECOND, THIRD] = [sampleIssue(1), sampleIssue(2), sampleIssue(3)];

/** A transaction of the host, and the store in it. */
async function begin(context: CaseContext): Promise<HostTransaction & { readonly store: IssueStore }> {
  await write(context, { projects: [SHOP] });
  const host = await context.beginHost();
  const store = context.store.withTransaction?.(host.transaction);
  if (store === undefined) {
    throw new Error(
      'The store has no withTransaction; give it one, or give the reason why there is none in lacks["host-transactions"].',
    );
  }
  return { ...host, store };
}

/** The ids of the issues and the event that are stored. */
function stored(context: Pick<CaseContext, "store">): Promise<string[]> {
  return read(context, async (reader) => {
    const issues = await reader.findIssues({ ids: [FIRST, SECOND, THIRD].map(({ id }) => id) });
    const event = await reader.findEvent({ projectId: SHOP.id, id: "e" });
    return [...issues.map(({ id }) => id).sort(), ...(event === undefined ? [] : [event.id])];
  });
}

/** Writes an issue with an event, and then fails. */
function failIn(store: IssueStore): Promise<unknown> {
  return failureOf(() =>
    store.transaction(async (transaction) => {
      await transaction.write({ newIssues: [newIssue(SECOND)], events: [sampleEvent(SECOND, "e")] });
      throw new Error("the work fails");
    }),
  );
}

/** A store in a transaction of the host. */
export const hostTransactionCases: readonly ConformanceCase[] = [
  {
    needs: ["host-transactions"],
    id: "host-commits",
    title: "what was written in a transaction of the host is found in it, and by everybody when the host has committed",
    requires: "withTransaction(): writes are committed together with the host's own.",
    async run(context) {
      const host = await begin(context);
      const { store } = host;
      await write({ store }, { newIssues: [newIssue(FIRST)] });
      await write({ store }, { events: [sampleEvent(FIRST, "e")] });
      expectEqual("what is found in the transaction", await stored({ store }), [FIRST.id, "e"]);
      await host.commit();
      expectEqual("what is stored after the commit", await stored(context), [FIRST.id, "e"]);
    },
  },
  {
    needs: ["host-transactions"],
    id: "host-rolls-back",
    title: "what was written in a transaction of the host is gone when the host rolls back",
    requires: "withTransaction(): writes are rolled back together with the host's own.",
    async run(context) {
      const host = await begin(context);
      const { store } = host;
      await write({ store }, { newIssues: [newIssue(FIRST)], events: [sampleEvent(FIRST, "e")] });
      await write({ store }, { newIssues: [newIssue(SECOND)] });
      await host.rollback();
      expectEqual("what is stored after the rollback", await stored(context), []);
      await write(context, { newIssues: [newIssue(FIRST)], events: [sampleEvent(FIRST, "e")] });
    },
  },
  {
    needs: ["host-transactions"],
    id: "host-work-fails-alone",
    title: "work that fails leaves no writes in the host's transaction, which goes on with all others",
    requires: "withTransaction(): work that fails leaves no writes behind in the host's transaction.",
    async run(context) {
      const host = await begin(context);
      const { store } = host;
      await write({ store }, { newIssues: [newIssue(FIRST)] });
      const failure = await failIn(store);
      expectEqual("the error of the work", failure instanceof Error && failure.message, "the work fails");
      expectEqual("what is found when work has failed", await stored({ store }), [FIRST.id]);
      const taken = { issue: sampleIssue(4), group: newIssue(FIRST).group };
      await expectFailure("work that the store refuses", "store-conflict", () =>
        write({ store }, { newIssues: [newIssue(SECOND), taken], events: [sampleEvent(SECOND, "e")] }),
      );
      expectEqual("what is found when work was refused", await stored({ store }), [FIRST.id]);
      await write({ store }, { newIssues: [newIssue(THIRD)] });
      await host.commit();
      expectEqual("what is stored after the commit", await stored(context), [FIRST.id, THIRD.id]);
    },
  },
  {
    needs: ["host-transactions"],
    id: "host-ended",
    title: "work in a transaction that the host has ended fails, and writes nothing",
    requires:
      "withTransaction(): if the host has ended the transaction, the work fails with `transaction-ended`, and leaves no writes.",
    async run(context) {
      for (const end of ["commit", "rollback"] as const) {
        const host = await begin(context);
        await host[end]();
        await expectFailure(`work after the host's ${end}`, "transaction-ended", () =>
          write(host, { newIssues: [newIssue(FIRST)], events: [sampleEvent(FIRST, "e")] }),
        );
        expectEqual(`what is stored after the host's ${end}`, await stored(context), []);
      }
    },
  },
  {
    needs: ["host-transactions"],
    id: "host-ends-early",
    title: "work during which the host ends the transaction is part of it, or fails and writes nothing",
    requires:
      "withTransaction(): if the host ends the transaction before the work's writes are part of it, the work fails with `transaction-ended`, and leaves no writes.",
    async run(context) {
      for (const [end, number] of [
        ["rollback", 1],
        ["commit", 2],
      ] as const) {
        const host = await begin(context);
        const issue = sampleIssue(number);
        const ends: Promise<void>[] = [];
        const failure = await failureOf(() =>
          host.store.transaction(async (transaction) => {
            await transaction.load({ projectIds: [SHOP.id] });
            // Some databases' transactions end at once, others when the work has ended: so it cannot wait for that.
            ends.push(host[end]());
            await transaction.write({ newIssues: [newIssue(issue)], events: [sampleEvent(issue, "e")] });
          }),
        );
        await Promise.all(ends);
        if (failure !== undefined) {
          const code = IssueLifecycleError.is(failure) ? failure.code : failure;
          expectEqual(`the error of work that the host's ${end} came before`, code, "transaction-ended");
        }
        const isStored = failure === undefined && end === "commit";
        expectEqual(`what is stored after the host's ${end}`, await stored(context), isStored ? [issue.id, "e"] : []);
      }
    },
  },
  {
    needs: ["host-transactions"],
    id: "host-store-closes-nothing",
    title: "to close the store in a transaction of the host closes neither that transaction nor the store",
    requires: "withTransaction(): closing the returned store does nothing.",
    async run(context) {
      const host = await begin(context);
      const { store } = host;
      await store.close();
      await write({ store }, { newIssues: [newIssue(FIRST)] });
      await store.close();
      await host.commit();
      await transact(context, (transaction) => transaction.write({ newIssues: [newIssue(SECOND)] }));
      expectEqual("what is stored", await stored(context), [FIRST.id, SECOND.id]);
    },
  },
];
