import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, type Alert, type IssueTracker } from "../../src/index.ts";
import { kyselyStore } from "../../src/kysely/index.ts";
import type { AlertLease, IssueStore, OutboxTransaction } from "../../src/ports/index.ts";
import { DATABASES_FOR_STORIES, SERVERS, type DatabaseKind } from "../support/databases.ts";
import { openStore, tablesIn } from "../support/tables.ts";

const NOW = Date.now() + 60_000;

function lease(token: string): AlertLease {
  return { token, until: NOW + 60_000 };
}

function withOutbox<Result>(store: IssueStore, work: (outbox: OutboxTransaction) => Promise<Result>): Promise<Result> {
  return store.transaction(async ({ outbox }) => {
    if (outbox === undefined) throw new Error("The store has no outbox.");
    return work(outbox);
  });
}

/** Claims in order. Returns the ids of the alerts. */
async function claim(store: IssueStore, token: string): Promise<string[]> {
  const request = { lease: lease(token), now: NOW, limit: 4, issueIds: null, inOrder: true };
  return (await withOutbox(store, (outbox) => outbox.claim(request))).map(({ alert: { id } }) => id);
}

/** The next claim of an alert, or the claim that finds none. */
async function claimOne(store: IssueStore, token: string): Promise<string> {
  const [id = "none", ...others] = await claim(store, token);
  expect(others).toEqual([]);
  return id;
}

function settle(store: IssueStore, id: string, token: string): Promise<readonly string[]> {
  return withOutbox(store, (outbox) => outbox.settle([{ id, lease: lease(token), outcome: "done" }]));
}

function release(store: IssueStore, ids: readonly string[], token: string): Promise<readonly string[]> {
  const settlements = ids.map((id) => ({ id, lease: lease(token), outcome: "released", dueAt: 0 }) as const);
  return withOutbox(store, (outbox) => outbox.settle(settlements));
}

/** Raises one more alert of the same issue. */
async function raise(tracker: IssueTracker): Promise<void> {
  const [issue] = (await tracker.issues.list({ projectId: "shop" })).items;
  if (issue !== undefined) await tracker.issues.resolve(issue.id);
  await tracker.digest({ projectId: "shop", type: "Broken" });
}

/** Two stores on separate connections, as in two processes. */
async function open({ makePlace }: DatabaseKind) {
  const place = await makePlace();
  onTestFinished(() => place.drop());
  const one = await openStore(tablesIn(place));
  const other = kyselyStore(tablesIn(place));
  const alone = { alertSink: "elsewhere", gatherDigests: false } as const;
  const tracker = createIssueTracker({ store: other, ...alone });
  await tracker.projects.save({ id: "shop" });
  return { one, other, tracker };
}

describe.each(SERVERS)("alerts of one issue, in order, on $name", (kind) => {
  test("one that is raised while the one before it leaves is claimed after that", async () => {
    const { one, other, tracker } = await open(kind);
    await raise(tracker);
    const first = await claimOne(one, "a");
    await withOutbox(one, async (outbox) => {
      await outbox.settle([{ id: first, lease: lease("a"), outcome: "done" }]);
      await raise(tracker);
      expect(await claim(other, "b")).toEqual([]);
    });
    expect(await claim(other, "c")).toHaveLength(1);
  });

  test("one that is raised while the result of the one before it is stored is delivered by the same drain", async () => {
    const { one, other, tracker } = await open(kind);
    await raise(tracker);
    let hasRaised = false;
    const racing: IssueStore = {
      ...one,
      transaction: (work) =>
        one.transaction(async (transaction) => {
          const result = await work(transaction);
          const pending = await transaction.outbox?.page({ status: "pending", after: null, limit: 9 });
          if (pending?.length === 0 && !hasRaised) {
            // The result is stored, and this transaction has claimed again, but it is not committed.
            hasRaised = true;
            await raise(tracker);
            expect(await claim(other, "b")).toEqual([]);
          }
          return result;
        }),
    };
    const delivered: string[] = [];
    const alertSink = ({ kind: of }: Alert): void => void delivered.push(of);
    const delivering = createIssueTracker({ store: racing, alertSink, alerts: { inOrder: true } });
    await delivering.alerts.drain();
    expect(delivered).toEqual(["new-issue", "regression"]);
  });

  test("a claim does not wait for one that is in the middle of another transaction, nor for those behind it", async () => {
    const { one, other, tracker } = await open(kind);
    for (let alert = 0; alert < 3; alert++) await raise(tracker);
    await withOutbox(one, async (outbox) => {
      const request = { lease: lease("a"), now: NOW, limit: 1, issueIds: null, inOrder: true };
      expect(await outbox.claim(request)).toHaveLength(1);
      expect(await claim(other, "b")).toEqual([]);
      await tracker.digest({ projectId: "shop", type: "Other" });
      expect(await claim(other, "b")).toHaveLength(1);
    });
    expect(await claim(other, "c")).toEqual([]);
  });
});

describe.each(DATABASES_FOR_STORIES)("alerts of one issue, in order, on $name", (kind) => {
  test("none is forgotten while alerts are raised, claimed, delivered and discarded at once", async () => {
    const { one, other, tracker } = await open(kind);
    let left = 0;
    for (let round = 0; round < 10; round++) {
      for (let alert = 0; alert < 4; alert++) await raise(tracker);
      left += 4;
      const token = String(round);
      const first = await claimOne(one, token);
      const pending = (await tracker.alerts.list({ status: "pending" })).items.map(({ alert: { id } }) => id);
      const discarded = pending.filter((id) => id !== first).slice(0, 2);
      const [settled, claimed, claimedToo] = await Promise.all([
        settle(one, first, token),
        claim(other, `${token} meanwhile`),
        claim(one, `${token} too`),
        raise(tracker),
        ...discarded.map((id) => tracker.alerts.discard([id], { reason: "noise" })),
      ]);
      expect(settled).toEqual([first]);
      await release(one, claimed, `${token} meanwhile`);
      await release(one, claimedToo, `${token} too`);
      left -= discarded.length;
    }
    for (; left > 0; left--) {
      const token = `last ${String(left)}`;
      const next = await claimOne(one, token);
      expect(await settle(other, next, token)).toEqual([next]);
    }
    expect(await claim(one, "end")).toEqual([]);
  });
});
