import { beforeEach, describe, expect, test } from "vitest";
import { createIssueTracker, IssueLifecycleError, type IssueStore, type IssueTracker } from "../../src/index.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { failureOf, HOUR, START } from "../support/scenario.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** A call about one issue: by its id, for a project. */
type Call = (tracker: IssueTracker, id: string, scope: { readonly projectId: string }) => Promise<unknown>;

/** All public calls about one issue. Each refuses an issue of another project. */
const CALLS: Readonly<Record<string, Call>> = {
  "issues.get": ({ issues }, id, scope) => issues.get(id, scope),
  "issues.history": ({ issues }, id, scope) => issues.history(id, scope),
  "issues.eventCounts": ({ issues }, id, scope) => issues.eventCounts(id, { period: "day", ...scope }),
  "issues.muteProgress": ({ issues }, id, scope) => issues.muteProgress(id, scope),
  "issues.discardProgress": ({ issues }, id, scope) => issues.discardProgress(id, scope),
  "issues.watchProgress": ({ issues }, id, scope) => issues.watchProgress(id, scope),
  "issues.occursInLatestRelease": ({ issues }, id, scope) => issues.occursInLatestRelease(id, scope),
  "issues.releases": ({ issues }, id, scope) => issues.releases(id, scope),
  "issues.resolve": ({ issues }, id, scope) => issues.resolve(id, { in: "latest-release", ...scope }),
  "issues.reopen": ({ issues }, id, scope) => issues.reopen(id, scope),
  "issues.mute": ({ issues }, id, scope) => issues.mute(id, { for: { period: "day", nrOfPeriods: 1 }, ...scope }),
  "issues.unmute": ({ issues }, id, scope) => issues.unmute(id, scope),
  "issues.discard": ({ issues }, id, scope) => issues.discard(id, scope),
  "issues.undiscard": ({ issues }, id, scope) => issues.undiscard(id, scope),
  "issues.watch": ({ issues }, id, scope) => issues.watch(id, { conditions: [{ kind: "spike" }], ...scope }),
  "issues.annotate": ({ issues }, id, scope) => issues.annotate(id, "seen", scope),
  "issues.merge": ({ issues }, id, scope) => issues.merge(id, { into: `${scope.projectId}-2`, ...scope }),
  "issues.merge into": ({ issues }, id, scope) => issues.merge(`${scope.projectId}-2`, { into: id, ...scope }),
  "issues.unmerge": ({ issues }, id, scope) => issues.unmerge(id, scope),
  "issues.delete": ({ issues }, id, scope) => issues.delete(id, scope),
  "events.list": ({ events }, id, scope) => events.list(id, scope),
};

/** The other calls of the same parts. They name a project in another way. */
const OTHERS: Readonly<Record<string, string>> = {
  "issues.list": "it lists the issues of a project",
  "issues.count": "it counts the issues of a project",
  "issues.counts": "the same",
  "issues.bulk": "its selection names a project",
  "issues.getMany": "it says of each issue of another project that there is none: see below",
  "issues.eventCountsOfMany": "the same",
  "events.get": "an event is named by its project and id",
  "events.next": "the same",
  "events.previous": "the same",
  "events.erase": "the same",
  "events.evict": "it evicts events of a project",
};

/** A store that notes whether anything was loaded, which locks it, or written. */
function noting(inner: IssueStore): { readonly store: IssueStore; readonly touched: string[] } {
  const touched: string[] = [];
  const store: IssueStore = {
    ...inner,
    transaction: (work) =>
      inner.transaction((transaction) =>
        work(
          replacing(transaction, {
            load: (request) => {
              touched.push("load");
              if (request.issues !== undefined && "ids" in request.issues) loaded.push(request.issues.ids);
              return transaction.load(request);
            },
            write: (changes) => {
              touched.push("write");
              return transaction.write(changes);
            },
          }),
        ),
      ),
  };
  return { store, touched };
}

/** The ids of issues that were loaded. */
const loaded: (readonly string[])[] = [];

let tracker: IssueTracker;
let touched: string[];

/** Two projects, each with two issues. */
beforeEach(async () => {
  const noted = noting(createMemoryStore());
  touched = noted.touched;
  tracker = createIssueTracker({ store: noted.store, clock: createVirtualClock(START + HOUR), alertSink: "elsewhere" });
  for (const projectId of ["shop", "blog"]) {
    await tracker.projects.save({ id: projectId });
    const events = ["A", "B"].map((type) => ({ projectId, id: `${projectId} ${type}`, type, release: "1.0.0" }));
    await tracker.digest(events);
  }
  touched.length = 0;
  return () => tracker.close();
});

/** What a call fails with; `undefined` if it does not. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What can be seen of an error, with another name of the issue. */
function seenOf(error: unknown, id: string) {
  if (!IssueLifecycleError.is(error)) throw error;
  const { code, field, message, retryable } = error;
  return { code, field, retryable, message: message.replaceAll(id, "the issue") };
}

test("every public call about issues or events is in one of these tables", () => {
  const calls = (["issues", "events"] as const).flatMap((part) =>
    Object.keys(tracker[part]).map((name) => `${part}.${name}`),
  );
  const known = [...Object.keys(CALLS), ...Object.keys(OTHERS)].filter((name) => name !== "issues.merge into");
  expect(known.sort()).toEqual(calls.sort());
});

describe.each(Object.entries(CALLS))("%s, with a project,", (_name, call) => {
  test("answers for an issue of another project as for one that does not exist, and touches nothing", async () => {
    const foreign = await tracker.issues.get("BLOG-1");
    const [id, missing] = [foreign?.id ?? "", "00000000-0000-4000-8000-000000000000"];
    for (const [given, absent] of [
      [id, missing],
      ["BLOG-1", "BLOG-9"],
      ["blog-1", "NONE-1"],
    ] as const) {
      const refusal = await errorOf(call(tracker, given, { projectId: "shop" }));
      const expected = await errorOf(call(tracker, absent, { projectId: "shop" }));
      if (expected === undefined) expect(refusal).toBeUndefined();
      else expect(seenOf(refusal, given)).toEqual(seenOf(expected, absent));
    }
    expect(touched).toEqual([]);
    expect(await tracker.issues.get("BLOG-1")).toEqual(foreign);
    expect((await tracker.issues.history("BLOG-1")).items).toHaveLength(1);
  });

  test("does for an issue of the project what it does without it", async () => {
    const error = await errorOf(call(tracker, "BLOG-1", { projectId: "blog" }));
    // The state that the issue is in may refuse a command.
    if (error !== undefined) expect(seenOf(error, "BLOG-1").code).toMatch(/^not-/u);
  });
});

test("a query of an issue of another project says nothing, not even that it cannot be read", async () => {
  expect(await tracker.issues.get("BLOG-1", { projectId: "shop" })).toBeUndefined();
  expect(await tracker.issues.get("BLOG-1", { projectId: "blog" })).toMatchObject({ title: "A" });
  expect(await failureOf(tracker.issues.get("BLOG-1", { projectId: "" }))).toMatchObject({
    field: "options.projectId",
  });
});

test("many issues are found at once, in their order, and those of other projects are not", async () => {
  const idOf = async (name: string) => (await tracker.issues.get(name))?.id ?? "";
  const [shop, blog] = [await idOf("SHOP-1"), await idOf("BLOG-2")];
  const ids = ["shop-2", blog, shop, "SHOP-9", "nonsense", "BLOG-1", shop];
  const found = await tracker.issues.getMany(ids);
  expect(found.map(({ id }) => id)).toEqual(ids);
  expect(found.map((each) => (each.kind === "found" ? each.value.friendlyId : each.kind))).toEqual([
    "SHOP-2",
    "BLOG-2",
    "SHOP-1",
    "not-found",
    "not-found",
    "BLOG-1",
    "SHOP-1",
  ]);
  for (const each of found) if (each.kind === "found") expect(each.value).toEqual(await tracker.issues.get(each.id));
  const scoped = await tracker.issues.getMany(ids, { projectId: "shop" });
  const kinds = ["found", "not-found", "found", "not-found", "not-found", "not-found", "found"];
  expect(scoped.map(({ kind }) => kind)).toEqual(kinds);
  const options = { period: "hour", nrOfPeriods: 3 } as const;
  const counts = await tracker.issues.eventCountsOfMany(ids, options);
  for (const each of counts) {
    if (each.kind === "found") expect(each.value).toEqual(await tracker.issues.eventCounts(each.id, options));
  }
  expect(counts.map(({ kind }) => kind)).toEqual(found.map(({ kind }) => kind));
  const scopedCounts = await tracker.issues.eventCountsOfMany(ids, { ...options, projectId: "shop" });
  expect(scopedCounts.map(({ kind }) => kind)).toEqual(kinds);
  expect(await tracker.issues.getMany([])).toEqual([]);
  expect(await failureOf(tracker.issues.getMany(Array.from({ length: 1_001 }, () => "SHOP-1")))).toMatchObject({
    code: "invalid-input",
    field: "ids",
  });
  expect(await failureOf(tracker.issues.eventCountsOfMany(ids, { period: "hour", nrOfPeriods: 25 }))).toMatchObject({
    field: "options.nrOfPeriods",
  });
});

test("a bulk command by ids does not load issues of another project, and refuses them as unknown", async () => {
  const [own, foreign] = [await tracker.issues.get("SHOP-1"), await tracker.issues.get("BLOG-1")];
  const ids = [own?.id ?? "", foreign?.id ?? ""];
  const outcome = await tracker.issues.bulk({ projectId: "shop", ids }, { kind: "resolve" });
  expect(outcome).toMatchObject({
    applied: 1,
    refused: 1,
    refusals: [{ issueId: foreign?.id, code: "unknown-issue" }],
  });
  expect(loaded.flat()).toContain(own?.id);
  expect(loaded.flat()).not.toContain(foreign?.id);
  expect(await tracker.issues.get("BLOG-1")).toEqual(foreign);
});
