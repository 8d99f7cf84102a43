import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueStore, type IssueTracker } from "../../src/index.ts";
import { SQLITE } from "../support/databases.ts";
import { failureOf, Scenario } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";
import { replacing } from "../testing/mutants/harness.ts";

async function idOf(tracker: IssueTracker, type: string, release?: string): Promise<string> {
  const outcome = await tracker.digest({
    projectId: "shop",
    type,
    fingerprint: [type],
    ...(release !== undefined && { release }),
  });
  return outcome.kind === "digested" ? outcome.issue.id : "";
}

/** A store whose transactions wait from the second one on, until it is released. */
function holding(inner: IssueStore): { readonly store: IssueStore; readonly release: () => void } {
  const gate = Promise.withResolvers<undefined>();
  let begun = 0;
  return {
    store: {
      ...inner,
      transaction: async (work) => {
        if (begun++ > 0) await gate.promise;
        return inner.transaction(work);
      },
    },
    release: () => {
      gate.resolve(undefined);
    },
  };
}

/** Issues of a line that wait for the next release: more than one step applies it to. */
async function waitingIssues(tracker: IssueTracker, release: string): Promise<string[]> {
  const events = Array.from({ length: 600 }, (_, index) => {
    return { projectId: "shop", type: "F", fingerprint: [String(index)], release };
  });
  const outcomes = await tracker.digest(events);
  const ids = outcomes.flatMap((each) => (each.kind === "digested" ? each.issue.id : []));
  await tracker.issues.bulk({ projectId: "shop", ids }, { kind: "resolve", in: "next-release" });
  return ids;
}

describe("merging while a release is applied in steps", () => {
  test("gives a member that is unmerged the release that its target has got", async () => {
    const inner = createMemoryStore();
    const { tracker } = await Scenario.begin(inner);
    const member = await idOf(tracker, "M", "1.0.0");
    await waitingIssues(tracker, "1.0.0");
    const target = await idOf(tracker, "T", "1.0.0");
    await tracker.issues.merge(member, { into: target });
    await tracker.issues.resolve(target, { in: "next-release" });
    const { store, release } = holding(inner);
    const slow = createIssueTracker({ store, alertSink: "elsewhere" });
    await slow.digest({ projectId: "shop", type: "new", release: "2.0.0" });
    const unmerged = await tracker.issues.unmerge(member);
    expect(unmerged.state).toMatchObject({ resolution: { releases: ["2.0.0"] } });
    release();
    await slow.settled();
    await tracker.close();
  });

  test("does not change which release an issue gets", async () => {
    const inner = createMemoryStore();
    const { tracker } = await Scenario.begin(inner);
    const member = await idOf(tracker, "M", "app@1.0.0");
    await waitingIssues(tracker, "app@1.0.0");
    const target = await idOf(tracker, "T", "web@1.0.0");
    await tracker.issues.resolve(target, { in: "next-release" });
    const { store, release } = holding(inner);
    const slow = createIssueTracker({ store, alertSink: "elsewhere" });
    await slow.digest({ projectId: "shop", type: "new", release: "app@2.0.0" });
    // Only now it comes to the line of that release.
    await tracker.issues.merge(member, { into: target });
    release();
    await slow.settled();
    expect((await tracker.issues.get(target))?.state).toMatchObject({ resolution: { kind: "by-next" } });
    await tracker.close();
  });
});

test("a digest of merged issues loads all in one step, once the tracker knows them, and an unmerge is noticed", async () => {
  const inner = createMemoryStore();
  let loads = 0;
  const store: IssueStore = {
    ...inner,
    transaction: (work) =>
      inner.transaction((transaction) =>
        work(
          replacing(transaction, {
            load: (request) => {
              loads++;
              return transaction.load(request);
            },
          }),
        ),
      ),
  };
  const tracker = createIssueTracker({ store, alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  const [target, member] = [await idOf(tracker, "T"), await idOf(tracker, "M")];
  await tracker.issues.merge(member, { into: target });
  const both = ["T", "M"].map((type) => ({ projectId: "shop", type, fingerprint: [type] }));
  const loadsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = loads;
    await work();
    return loads - before;
  };
  expect(await loadsOf(() => tracker.digest(both))).toBe(2);
  expect(await loadsOf(() => tracker.digest(both))).toBe(1);
  expect(await tracker.issues.get(target)).toMatchObject({ eventCount: 6 });
  await tracker.issues.unmerge(member);
  expect(await loadsOf(() => tracker.digest(both))).toBe(1);
  expect(await tracker.issues.get(target)).toMatchObject({ eventCount: 4 });
  expect(await tracker.issues.get(member)).toMatchObject({ eventCount: 4, state: { status: "open" } });
  await tracker.close();
});

test("issues with more users and releases than are copied at once are merged and unmerged wholly", async () => {
  const { tracker } = await Scenario.begin(createMemoryStore());
  const events = (type: string, from: number) =>
    Array.from({ length: 1_100 }, (_, index) => {
      const number = String(from + index);
      return { projectId: "shop", type, fingerprint: [type], userId: `u${number}`, release: `1.${number}.0` };
    });
  await tracker.digest(events("T", 0));
  await tracker.digest(events("M", 500));
  const releasesOf = async (id: string): Promise<number> => {
    let [count, cursor] = [0, ""];
    for (;;) {
      const { items, next } = await tracker.issues.releases(id, { limit: 1_000, ...(cursor !== "" && { cursor }) });
      count += items.length;
      if (next === null) return count;
      cursor = next;
    }
  };
  expect(await tracker.issues.merge("SHOP-2", { into: "SHOP-1" })).toMatchObject({ userCount: 1_600 });
  expect(await releasesOf("SHOP-1")).toBe(1_600);
  expect(await releasesOf("SHOP-3")).toBe(1_100);
  await tracker.issues.unmerge("SHOP-2");
  for (const id of ["SHOP-1", "SHOP-2"]) {
    expect(await tracker.issues.get(id)).toMatchObject({ userCount: 1_100 });
    expect(await releasesOf(id)).toBe(1_100);
    const watched = await tracker.issues.watch(id, { conditions: [{ kind: "users", users: 9_000, days: 1 }] });
    expect((await tracker.issues.watchProgress(watched.id))[0]?.count).toBe(1_100);
  }
  await tracker.close();
});

describe.each([SQLITE])("damaged merged issues on $name", ({ makePlace }) => {
  async function damaged(what: string) {
    const place = await makePlace();
    const store = await openStore(tablesIn(place));
    const tracker = createIssueTracker({ store, alertSink: "elsewhere", onError: () => undefined });
    onTestFinished(async () => {
      await tracker.close();
      await place.drop();
    });
    await tracker.projects.save({ id: "shop" });
    const ids = { target: await idOf(tracker, "T"), member: await idOf(tracker, "M"), other: await idOf(tracker, "N") };
    for (const id of [ids.member, ids.other]) await tracker.issues.merge(id, { into: ids.target });
    const { parts } = (await tracker.issues.get(ids.target)) ?? {};
    await sql.raw(what.replaceAll("(own)", parts?.ownPart ?? "")).execute(place.connect());
    return { tracker, ...ids, ownPart: parts?.ownPart ?? "" };
  }
  const digest = async (tracker: IssueTracker, type: string) =>
    (await tracker.digest([{ projectId: "shop", type, fingerprint: [type] }]))[0];

  test("refuse events of a target that cannot be read, and let its members go when it was deleted", async () => {
    const { tracker, target, member, ownPart } = await damaged(
      "update issue_lifecycle_issues set state = 'x' where number = 1",
    );
    expect(await digest(tracker, "M")).toMatchObject({ kind: "refused", issueId: target });
    expect(await failureOf(tracker.issues.unmerge(member))).toMatchObject({ code: "corrupt-data" });
    await tracker.issues.delete(target);
    expect(await digest(tracker, "M")).toMatchObject({ kind: "refused", issueId: member });
    expect(await tracker.issues.unmerge(member)).toMatchObject({ state: { status: "open" }, eventCount: 1 });
    expect(await digest(tracker, "M")).toMatchObject({ kind: "digested", issue: { id: member, eventCount: 2 } });
    await tracker.issues.delete(ownPart);
    expect(await tracker.issues.get(ownPart)).toBeUndefined();
  });

  test("can be unmerged and merged where another member cannot be read, which is deleted by its id", async () => {
    const { tracker, target, member, other } = await damaged(
      "update issue_lifecycle_issues set state = 'x' where number = 2",
    );
    expect(await digest(tracker, "M")).toMatchObject({ kind: "refused", issueId: member });
    await tracker.issues.delete(member);
    expect(await digest(tracker, "N")).toMatchObject({ issue: { id: target, eventCount: 4 } });
    const into = await idOf(tracker, "R");
    await tracker.issues.merge(target, { into });
    expect(await tracker.issues.get(into)).toMatchObject({ parts: { members: [target, other] } });
    expect(await tracker.issues.unmerge(other)).toMatchObject({ eventCount: 2 });
  });

  test("say so, with a code and the issue, where an own part is missing", async () => {
    const { tracker, target, member } = await damaged("delete from issue_lifecycle_issues where number = 4");
    expect(await digest(tracker, "T")).toMatchObject({ kind: "refused", issueId: target });
    const error = await failureOf(tracker.issues.unmerge(member));
    expect(error).toMatchObject({ code: "corrupt-data" });
    expect(String(error)).toContain(target);
    await tracker.issues.delete(target);
    expect(await tracker.issues.get(member)).toBeUndefined();
  });
});
