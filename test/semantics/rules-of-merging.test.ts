import { describe, expect, onTestFinished, test } from "vitest";
import { volumeCondition, type NewEvent, type TrackedIssue } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { MAX_MERGED_ISSUES } from "../../src/core/merging.ts";
import { DAY, failureOf, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";
import { storesForStories, type StoreKind } from "../support/stores.ts";

async function begin({ open }: StoreKind): Promise<Scenario> {
  const store = await open();
  const scenario = await Scenario.begin(store);
  onTestFinished(async () => {
    await scenario.tracker.close();
    await store.close();
  });
  return scenario;
}

/** Digests an event of each type, and returns the ids of their issues. */
async function openAll(scenario: Scenario, ...types: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const type of types) ids.push((await scenario.event({ type, ...ABOUT })).issue.id);
  return ids;
}

const ABOUT: Partial<NewEvent> = { release: "1.0.0" };

async function issueOf({ tracker }: Scenario, id: string): Promise<TrackedIssue> {
  const issue = await tracker.issues.get(id);
  if (issue === undefined) throw new Error("The issue is gone.");
  return issue;
}

/** What each release of an issue's marks says last. */
async function marksOf({ tracker }: Scenario, id: string): Promise<string[]> {
  const { items } = await tracker.issues.releases(id);
  return items.map(({ version, last }) => `${version} ${last}`);
}

const COMMANDS: readonly Command[] = [
  { kind: "resolve" },
  { kind: "reopen" },
  { kind: "mute" },
  { kind: "unmute" },
  { kind: "discard" },
  { kind: "undiscard" },
  { kind: "watch", conditions: null },
  { kind: "annotate", comment: "x" },
  { kind: "delete" },
];

describe.each(storesForStories())("merged issues on $name", (kind) => {
  test("rule 22: the target shows the sum and has the state; the member keeps its own, and takes no commands", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    await scenario.events(2, { type: "B", userId: "ann", environment: "production", release: "1.1.0" });
    await tracker.issues.mute(member, { by: "ann" });
    await scenario.alerts();
    const { issueId } = await scenario.event({ type: "B", id: "own" }).then(({ issue }) => ({ issueId: issue.id }));
    expect(issueId).toBe(member);
    const merged = await tracker.issues.merge(member, { into: target, by: "bob", comment: "the same" });
    expect(merged).toMatchObject({ id: target, eventCount: 5, userCount: 1, environments: ["production"] });
    expect(merged.parts?.members).toEqual([member]);
    expect(merged.state.status).toBe("open");
    expect(await issueOf(scenario, member)).toMatchObject({ eventCount: 4, state: { status: "merged", into: target } });
    expect(await marksOf(scenario, target)).toEqual(["1.1.0 seen", "1.0.0 seen"]);
    expect(await scenario.history(target)).toEqual(["first-seen", "member-merged"]);
    expect(await scenario.history(member)).toEqual(["first-seen", "muted", "merged"]);
    const { items } = await tracker.issues.history(member);
    expect(items[0]).toMatchObject({ by: { kind: "user", id: "bob" }, comment: "the same", turn: { into: target } });

    const outcome = await scenario.event({ type: "B", id: "later", userId: "eve" });
    expect(outcome).toMatchObject({ created: false, member, issue: { id: target, eventCount: 6, userCount: 2 } });
    expect(await tracker.events.get("shop", "later")).toMatchObject({ issueId: member });
    expect(await issueOf(scenario, member)).toMatchObject({ eventCount: 5, userCount: 2, state: { status: "merged" } });
    expect(await scenario.alerts()).toEqual([]);

    for (const command of COMMANDS) {
      const { refusals } = await tracker.issues.bulk({ projectId: "shop", ids: [member] }, command);
      expect(refusals.map(({ code }) => code)).toEqual(["issue-merged"]);
    }
    expect(await failureOf(tracker.issues.delete(member))).toMatchObject({ code: "issue-merged" });
    await tracker.issues.resolve(target);
    const regression = await scenario.event({ type: "B" });
    expect(regression).toMatchObject({ issue: { id: target }, regressed: { kind: "resolved-plainly" } });
    expect(await scenario.alertKinds()).toEqual(["regression"]);
  });

  test("rule 22: an issue that is unmerged takes the state and the claims that the target has then", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    for (const release of ["2.0.0", "3.0.0"]) await scenario.event({ type: "C", release });
    await tracker.issues.resolve(member, { in: { release: "2.0.0" } });
    await tracker.issues.merge(member, { into: target });
    expect(await marksOf(scenario, target)).toEqual(["2.0.0 fixed", "1.0.0 seen"]);
    await tracker.issues.resolve(target, { in: { release: "3.0.0" } });
    const unmerged = await tracker.issues.unmerge(member, { by: "ann" });
    expect(unmerged).toMatchObject({ id: member, eventCount: 1, parts: null });
    expect(unmerged.state).toMatchObject({ status: "resolved", resolution: { releases: ["3.0.0"] } });
    expect(await issueOf(scenario, target)).toMatchObject({ eventCount: 1, parts: null, state: unmerged.state });
    // The claim that the member had brought along goes with it.
    expect(await marksOf(scenario, target)).toEqual(["3.0.0 fixed", "1.0.0 seen"]);
    expect(await marksOf(scenario, member)).toEqual(["3.0.0 fixed", "2.0.0 fixed", "1.0.0 seen"]);
    expect(await scenario.history(member)).toEqual(["first-seen", "resolved", "merged", "unmerged"]);
    expect(await scenario.history(target)).toEqual(["first-seen", "member-merged", "resolved", "member-unmerged"]);
    expect(await scenario.event({ type: "B", release: "3.0.0" })).toMatchObject({ regressed: { fixedIn: "3.0.0" } });
    expect(await scenario.status(target)).toBe("resolved");
    expect(await scenario.event({ type: "A", release: "3.0.0" })).toMatchObject({ regressed: { fixedIn: "3.0.0" } });
  });

  test("rule 22: a claim that was withdrawn from the target is none of the member's, and one that only a member contradicted stands again", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    await scenario.event({ type: "C", release: "2.0.0" });
    await tracker.issues.resolve(member, { in: { release: "2.0.0" } });
    await tracker.issues.merge(member, { into: target });
    await tracker.issues.resolve(target, { in: { release: "2.0.0" } });
    await tracker.issues.reopen(target, { withdraw: true });
    await tracker.issues.unmerge(member);
    expect(await marksOf(scenario, member)).toEqual(["1.0.0 seen"]);

    await tracker.issues.merge(member, { into: target });
    await tracker.issues.resolve(target, { in: { release: "2.0.0" } });
    expect(await scenario.event({ type: "B", release: "2.0.0" })).toMatchObject({ issue: { id: target } });
    expect(await marksOf(scenario, target)).toEqual(["2.0.0 seen", "1.0.0 seen"]);
    await tracker.issues.unmerge(member);
    expect(await marksOf(scenario, target)).toEqual(["2.0.0 fixed", "1.0.0 seen"]);
    expect(await marksOf(scenario, member)).toEqual(["2.0.0 seen", "1.0.0 seen"]);
  });

  test("rule 22: in a release in which both have something, the target decides, and no claim comes back that was contradicted", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = "", third = ""] = await openAll(scenario, "A", "B", "D");
    for (const release of ["2.0.0", "2.1.0", "3.0.0"]) await scenario.event({ type: "C", release });
    // The member contradicts its own claim.
    await tracker.issues.resolve(member, { in: { release: "2.0.0" } });
    await scenario.event({ type: "B", release: "2.0.0" });
    await tracker.issues.merge(member, { into: target });
    expect(await marksOf(scenario, target)).toEqual(["2.0.0 seen", "1.0.0 seen"]);
    await tracker.issues.unmerge(member);
    expect(await marksOf(scenario, target)).toEqual(["1.0.0 seen"]);
    // The member claims a fix where the target occurred later.
    await tracker.issues.resolve(member, { in: { release: "2.1.0" } });
    await scenario.event({ type: "A", release: "2.1.0" });
    await tracker.issues.merge(member, { into: target });
    expect(await marksOf(scenario, target)).toEqual(["2.1.0 seen", "2.0.0 seen", "1.0.0 seen"]);
    // The claim of a family is contradicted by its member, and the family is merged into another.
    await tracker.issues.resolve(target, { in: { release: "3.0.0" } });
    await scenario.event({ type: "B", release: "3.0.0" });
    await tracker.issues.merge(target, { into: third });
    expect(await marksOf(scenario, third)).toEqual(["3.0.0 seen", "2.1.0 seen", "2.0.0 seen", "1.0.0 seen"]);
  });

  test("rule 22: after a clock that was ahead the target counts no users of later days", async () => {
    const scenario = await begin(kind);
    const { tracker, clock } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    await tracker.issues.merge(member, { into: target });
    clock.advanceBy(10 * DAY);
    for (const type of ["A", "B"]) for (const userId of ["u1", "u2"]) await scenario.event({ type, userId });
    clock.jumpBy(HOUR - 10 * DAY);
    await tracker.issues.unmerge(member);
    clock.advanceBy(3 * DAY);
    await scenario.event({ type: "A", userId: "u3" });
    await tracker.issues.watch(target, { conditions: [{ kind: "users", users: 100, days: 1 }] });
    expect((await tracker.issues.watchProgress(target))[0]?.count).toBe(1);
  });

  test("rules 22 and 23: erased events are taken back from the side of a mute or a merge on which they were", async () => {
    const scenario = await begin(kind);
    const { tracker, clock } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    const sinceMute = { conditions: [volumeCondition(9, "total")], sinceMute: true } as const;
    const countOf = async (id: string) => (await tracker.issues.muteProgress(id))?.conditions[0]?.count;
    await tracker.issues.mute(target, sinceMute);
    clock.advanceBy(HOUR);
    await scenario.event({ type: "B", id: "before the merge", count: 100 });
    await tracker.issues.merge(member, { into: target });
    clock.advanceBy(HOUR);
    for (const id of ["b1", "b2"]) await scenario.event({ type: "B", id });
    await tracker.events.erase("shop", "before the merge");
    expect(await countOf(target)).toBe(2);
    await tracker.events.erase("shop", "b1");
    expect(await countOf(target)).toBe(1);
    clock.advanceBy(HOUR);
    await tracker.issues.unmerge(member);
    clock.advanceBy(HOUR);
    await scenario.event({ type: "B" });
    await tracker.events.erase("shop", "b2");
    expect([await countOf(target), await countOf(member)]).toEqual([0, 1]);
  });

  test("rule 22: what is usual for a muted issue is found anew where its counts change", async () => {
    const scenario = await begin(kind);
    const { tracker, clock } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    for (let day = 0; day < 3; day++) {
      await scenario.event({ type: "A", count: 2 });
      await scenario.event({ type: "B", count: 200 });
      clock.advanceBy(DAY);
    }
    const usualOf = async (id: string): Promise<unknown> => {
      const { state } = await issueOf(scenario, id);
      const conditions = state.status === "muted" ? state.mute.volume?.conditions : undefined;
      return conditions?.map((each) => (each.kind === "louder" ? each.usual : undefined));
    };
    await tracker.issues.mute(target, { conditions: [{ kind: "louder", floor: 50, factor: 3 }] });
    expect(await usualOf(target)).toEqual([2]);
    await tracker.issues.merge(member, { into: target });
    expect(await usualOf(target)).toEqual([202]);
    expect(await scenario.event({ type: "B", count: 200 })).toMatchObject({ unmuted: null });
    await tracker.issues.unmerge(member);
    expect([await usualOf(target), await usualOf(member)]).toEqual([[2], [200]]);
  });

  test("rule 22: what counts since a mute goes on at a merge, and begins anew for both at an unmerge", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    await scenario.events(5, { type: "B", userId: "ann" });
    const conditions = [volumeCondition(4, "total"), { kind: "users", users: 3 } as const];
    await tracker.issues.mute(target, { conditions, sinceMute: true });
    await scenario.events(2, { type: "A", userId: "bob" });
    await tracker.issues.merge(member, { into: target });
    const countsOf = async (id: string) => {
      const progress = await tracker.issues.muteProgress(id);
      return progress?.conditions.map(({ count }) => count);
    };
    expect(await countsOf(target)).toEqual([2, 1]);
    expect((await scenario.event({ type: "B", userId: "ann" })).issue.state.status).toBe("muted");
    expect(await countsOf(target)).toEqual([3, 2]);
    expect((await tracker.issues.unmerge(member)).state.status).toBe("muted");
    for (const id of [target, member]) expect(await countsOf(id)).toEqual([0, 0]);
    await scenario.events(3, { type: "B", userId: "ann" });
    expect(await countsOf(member)).toEqual([3, 1]);
    expect(await countsOf(target)).toEqual([0, 0]);
    expect(await scenario.event({ type: "B" })).toMatchObject({
      issue: { id: member },
      unmuted: { kind: "volume-reached" },
    });
    expect(await scenario.status(target)).toBe("muted");
  });

  test("rule 22: a mute is judged by the sum from the next event on", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    await scenario.events(5, { type: "B" });
    await tracker.issues.mute(target, { conditions: [volumeCondition(8, "hour")] });
    await tracker.issues.merge(member, { into: target });
    expect(await scenario.status(target)).toBe("muted");
    expect(await scenario.event({ type: "B" })).toMatchObject({ issue: { id: target }, unmuted: { count: 8 } });
  });

  test("rule 22: events of a discarded issue are discarded for its members, too, whose counts go on", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    await tracker.issues.merge(member, { into: target });
    await tracker.issues.discard(target);
    expect(await scenario.event({ type: "B", id: "b", userId: "ann" })).toMatchObject({ discarded: true });
    expect(await tracker.events.get("shop", "b")).toMatchObject({ issueId: member, type: null });
    expect(await issueOf(scenario, member)).toMatchObject({ eventCount: 2, userCount: 0 });
    expect(await tracker.issues.discardProgress(target)).toMatchObject({ discarded: 1 });
    const unmerged = await tracker.issues.unmerge(member);
    expect(unmerged).toMatchObject({ eventCount: 2, state: { status: "discarded" } });
    expect(await tracker.issues.discardProgress(member)).toMatchObject({ discarded: 0 });
    expect(await scenario.event({ type: "B" })).toMatchObject({ issue: { id: member }, discarded: true });
  });

  test("rule 22: an issue that waits for the next release gets it by a member, and a member that waits on its own does so after", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = "", other = ""] = await openAll(scenario, "A", "B", "C");
    for (const each of [member, other]) await tracker.issues.merge(each, { into: target });
    await tracker.issues.resolve(target, { in: "next-release" });
    await tracker.issues.unmerge(other);
    expect(await scenario.event({ type: "B", release: "1.1.0" })).toMatchObject({ regressed: { fixedIn: "1.1.0" } });
    expect(await scenario.history(other)).toContain("next-materialized");
    expect((await issueOf(scenario, other)).state).toMatchObject({ resolution: { releases: ["1.1.0"] } });
    expect(await scenario.history(member)).toEqual(["first-seen", "merged"]);
    expect(await scenario.status(target)).toBe("open");
  });

  test("rule 22: an issue with members is merged with them, and each can be unmerged later", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [one = "", two = "", three = ""] = await openAll(scenario, "A", "B", "C");
    await tracker.issues.merge(two, { into: one });
    await scenario.events(2, { type: "B" });
    const merged = await tracker.issues.merge(one, { into: three });
    expect(merged).toMatchObject({ id: three, eventCount: 5 });
    expect(merged.parts?.members).toEqual([one, two]);
    expect(await issueOf(scenario, one)).toMatchObject({ eventCount: 1, parts: null, state: { into: three } });
    expect(await issueOf(scenario, two)).toMatchObject({ eventCount: 3, state: { into: three } });
    expect(await scenario.history(one)).toEqual(["first-seen", "member-merged", "merged"]);
    expect(await scenario.history(two)).toEqual(["first-seen", "merged", "merged"]);
    expect(await scenario.history(three)).toEqual(["first-seen", "member-merged", "member-merged"]);
    expect(await scenario.event({ type: "B" })).toMatchObject({ issue: { id: three, eventCount: 6 } });
    expect(await tracker.issues.unmerge(one)).toMatchObject({ eventCount: 1 });
    expect(await issueOf(scenario, three)).toMatchObject({ eventCount: 5, parts: { members: [two] } });
    expect(await tracker.issues.unmerge(two)).toMatchObject({ eventCount: 4 });
    expect(await issueOf(scenario, three)).toMatchObject({ eventCount: 1, parts: null });
  });

  test("rule 22: what cannot be merged or unmerged is refused, and nothing is changed", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    await tracker.projects.save({ id: "blog" });
    const [one = "", two = "", three = ""] = await openAll(scenario, "A", "B", "C");
    const { issue: elsewhere } = await scenario.event({ projectId: "blog" });
    await tracker.issues.merge("shop-2", { into: "SHOP-1" });
    const before = await issueOf(scenario, one);
    const codeOf = async (promise: Promise<unknown>) => {
      const error = await failureOf(promise);
      return error instanceof Error ? Object.getOwnPropertyDescriptor(error, "code")?.value : error;
    };
    const messageOf = async (promise: Promise<unknown>) => {
      const error = await failureOf(promise);
      return error instanceof Error ? error.message.replaceAll(one, "(one)") : error;
    };
    const { merge, unmerge } = tracker.issues;
    expect(await codeOf(merge(three, { into: three }))).toBe("invalid-input");
    expect(await codeOf(merge(three, { into: elsewhere.id }))).toBe("invalid-input");
    expect(await codeOf(merge(three, { into: "SHOP-77" }))).toBe("unknown-issue");
    expect(await codeOf(merge("SHOP-77", { into: three }))).toBe("unknown-issue");
    expect(await codeOf(merge(two, { into: three }))).toBe("issue-merged");
    expect(await codeOf(merge(three, { into: two }))).toBe("issue-merged");
    expect(await codeOf(unmerge(one))).toBe("not-merged");
    expect(await codeOf(unmerge(three))).toBe("not-merged");
    expect(await codeOf(unmerge(before.parts?.ownPart ?? ""))).toBe("not-merged");
    expect(await codeOf(unmerge("SHOP-77"))).toBe("unknown-issue");
    expect(await messageOf(merge("SHOP-3", { into: "SHOP-3" }))).toBe(
      'options.into: got "SHOP-3"; allowed is another issue.',
    );
    expect(await messageOf(merge("SHOP-3", { into: "SHOP-2" }))).toBe(
      'options.into: got "SHOP-2"; allowed is an issue that is not merged; this one is, into issue (one).',
    );
    expect(await messageOf(unmerge("SHOP-3"))).toBe(
      'id: got "SHOP-3"; allowed is an issue that was merged into another.',
    );
    expect(await issueOf(scenario, one)).toEqual(before);
    expect(await scenario.status(three)).toBe("open");
  });

  test("rule 22: lists, bulk commands and ticks leave merged issues out", async () => {
    const scenario = await begin(kind);
    const { tracker, clock } = scenario;
    await tracker.projects.save({ id: "shop", autoResolveAfterMs: 30 * DAY });
    const [target = "", member = "", muted = ""] = await openAll(scenario, "A", "B", "C");
    for (const id of [member, muted]) {
      await tracker.issues.mute(id, { until: START + HOUR, wakeOn: "deadline" });
      await tracker.issues.merge(id, { into: target });
    }
    const listed = async (options: object = {}) => {
      const { items } = await tracker.issues.list({ projectId: "shop", ...options });
      return items.map(({ id }) => id);
    };
    const { parts } = await issueOf(scenario, target);
    expect(await listed()).toEqual([target]);
    expect((await listed({ status: "merged" })).sort()).toEqual([parts?.ownPart, member, muted].sort());
    clock.advanceBy(2 * HOUR);
    expect(await tracker.tick()).toMatchObject({ unmuted: 0 });
    clock.advanceBy(40 * DAY);
    expect(await tracker.tick()).toMatchObject({ autoResolved: 1 });
    expect(await scenario.history(member)).toEqual(["first-seen", "muted", "merged"]);
    const outcome = await tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "annotate", comment: "x" });
    expect(outcome).toMatchObject({ applied: 1, refused: 0 });
  });

  test("rule 22: deleting an issue deletes those that were merged into it, and frees their groups", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [one = "", two = "", three = "", four = ""] = await openAll(scenario, "A", "B", "C", "D");
    const ownParts: string[] = [];
    for (const [member, into] of [
      [two, one],
      [four, three],
    ] as const) {
      ownParts.push((await tracker.issues.merge(member, { into })).parts?.ownPart ?? "");
    }
    await tracker.issues.delete(one);
    await tracker.issues.bulk({ projectId: "shop", ids: [three] }, { kind: "delete" });
    for (const id of [one, two, three, four, ...ownParts]) expect(await tracker.issues.get(id)).toBeUndefined();
    for (const type of ["A", "B", "C", "D"]) expect(await scenario.event({ type })).toMatchObject({ created: true });
  });

  test("rule 22: duplicates stay duplicates, and eviction by number keeps the newest events of each issue", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    await scenario.event({ type: "B", id: "b1" });
    await tracker.issues.merge(member, { into: target });
    for (const id of ["b2", "b3"]) await scenario.event({ type: "B", id });
    for (const id of ["a1", "a2", "a3", "a4"]) await scenario.event({ type: "A", id });
    for (const id of ["b1", "b3", "a1"]) {
      expect(await tracker.digest({ projectId: "shop", type: "B", id })).toMatchObject({
        kind: "duplicate",
        issueId: id.startsWith("a") ? target : member,
      });
    }
    await tracker.events.evict({ projectId: "shop", keepPerIssue: 2 });
    const stored: string[] = [];
    for (const id of ["b1", "b2", "b3", "a1", "a2", "a3", "a4"]) {
      if ((await tracker.events.get("shop", id)) !== undefined) stored.push(id);
    }
    expect(stored).toEqual(["b2", "b3", "a3", "a4"]);
    await tracker.issues.unmerge(member);
    expect(await issueOf(scenario, member)).toMatchObject({ eventCount: 4, lastEventNumber: 4 });
    expect(await issueOf(scenario, target)).toMatchObject({ eventCount: 5, lastEventNumber: 5 });
  });

  test("rules 4 and 22: what a clock that was ahead had counted is set back at a merge, in both issues", async () => {
    const scenario = await begin(kind);
    const { tracker, clock } = scenario;
    clock.advanceBy(90 * DAY);
    const [target = "", member = ""] = await openAll(scenario, "A", "B");
    clock.jumpBy(START - clock.now());
    await tracker.issues.merge(member, { into: target });
    for (const id of [target, member]) {
      expect(await issueOf(scenario, id)).toMatchObject({ firstSeenAt: START, lastSeenAt: START });
    }
    clock.advanceBy(MINUTE);
    expect((await scenario.event({ type: "B" })).issue.lastSeenAt).toBe(START + MINUTE);
    const counts = await tracker.issues.eventCounts(target, { period: "hour", nrOfPeriods: 2 });
    expect(counts.map(({ count }) => count)).toEqual([0, 3]);
  });

  test("rule 22: no more than 100 issues are merged into one", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const types = Array.from({ length: MAX_MERGED_ISSUES + 3 }, (_, index) => `E${String(index)}`);
    const outcomes = await tracker.digest(types.map((type) => ({ projectId: "shop", type, fingerprint: [type] })));
    const ids = outcomes.map((outcome) => (outcome.kind === "digested" ? outcome.issue.id : ""));
    const [target = "", other = "", last = "", ...members] = ids;
    for (const id of members.slice(1)) await tracker.issues.merge(id, { into: target });
    await tracker.issues.merge(members[0] ?? "", { into: other });
    for (const id of [other, target]) {
      const into = id === other ? target : other;
      expect(await failureOf(tracker.issues.merge(id, { into }))).toMatchObject({ code: "too-many-members" });
    }
    expect((await tracker.issues.merge(last, { into: target })).parts?.members).toHaveLength(MAX_MERGED_ISSUES);
    expect(await failureOf(tracker.issues.merge(other, { into: target }))).toMatchObject({ code: "too-many-members" });
  });

  test("rules 22 and 23: an erased event is taken back from its issue and from the target, with its user and its title", async () => {
    const scenario = await begin(kind);
    const { tracker, clock } = scenario;
    const ofType = (type: string) => ({ type, fingerprint: [type] });
    const target = (await scenario.event(ofType("A"))).issue.id;
    clock.advanceBy(1);
    const member = (await scenario.event(ofType("B"))).issue.id;
    const erased = { userId: "ann", value: "secret" };
    await tracker.issues.merge(member, { into: target });
    for (const [type, id] of [
      ["A", "a"],
      ["B", "b"],
    ] as const) {
      clock.advanceBy(MINUTE);
      await scenario.event({ ...ofType(type), id, ...erased });
    }
    expect(await issueOf(scenario, target)).toMatchObject({ eventCount: 4, userCount: 1, title: "B: secret" });
    await tracker.events.erase("shop", "b");
    expect(await issueOf(scenario, target)).toMatchObject({ eventCount: 3, userCount: 1, title: "A: secret" });
    expect(await issueOf(scenario, member)).toMatchObject({ eventCount: 1, userCount: 0, title: "B" });
    await tracker.users.erase("shop", "ann");
    expect(await issueOf(scenario, target)).toMatchObject({ eventCount: 2, userCount: 0, title: "B" });
    const counts = await tracker.issues.eventCounts(target, { period: "hour", nrOfPeriods: 1 });
    expect(counts.map(({ count }) => count)).toEqual([2]);
    const { items } = await tracker.issues.list({ projectId: "shop", status: ["open", "merged"] });
    for (const { title } of items) expect(title).not.toContain("secret");
  });

  test("rules 22 and 23: an issue without events leaves the target, and a target without any is deleted with its own part", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    for (const type of ["A", "B", "C"]) await scenario.event({ type, id: type });
    for (const id of ["SHOP-2", "SHOP-3"]) await tracker.issues.merge(id, { into: "SHOP-1" });
    const target = await issueOf(scenario, "SHOP-1");
    await tracker.events.erase("shop", "A");
    await tracker.events.erase("shop", "B");
    expect(await tracker.issues.get("SHOP-2")).toBeUndefined();
    const left = await issueOf(scenario, "SHOP-1");
    expect(left).toMatchObject({ eventCount: 1, title: "C" });
    expect(left.parts?.members).toHaveLength(1);
    expect(await issueOf(scenario, target.parts?.ownPart ?? "")).toMatchObject({ eventCount: 0 });
    await scenario.event({ type: "A", id: "A again" });
    expect(await issueOf(scenario, "SHOP-1")).toMatchObject({ eventCount: 2 });
    await tracker.events.erase("shop", "A again");
    expect(await tracker.issues.unmerge("SHOP-3")).toMatchObject({ eventCount: 1, state: { status: "open" } });
    expect(await tracker.issues.get("SHOP-1")).toBeUndefined();
    expect(await scenario.event({ type: "A" })).toMatchObject({ created: true });
    await tracker.issues.merge("SHOP-3", { into: "SHOP-5" });
    await tracker.events.erase("shop", "C");
    expect(await tracker.issues.get("SHOP-3")).toBeUndefined();
    expect(await issueOf(scenario, "SHOP-5")).toMatchObject({ eventCount: 1, parts: null });
  });

  test("rules 22 and 23: an erasure of all events of all merged issues leaves none of them, nor their own part", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const ids: string[] = [];
    for (const type of ["A", "B", "C"]) ids.push((await scenario.event({ type, userId: "ann" })).issue.id);
    const [target = "", ...members] = ids;
    for (const id of members) await tracker.issues.merge(id, { into: target });
    const { parts } = await issueOf(scenario, target);
    expect(await tracker.users.erase("shop", "ann")).toBe(3);
    for (const id of [...ids, parts?.ownPart ?? ""]) expect(await tracker.issues.get(id)).toBeUndefined();
    expect(await scenario.event({ type: "B" })).toMatchObject({ created: true, member: null });
  });

  test("rule 22: events that come while issues are merged and unmerged are all counted, once in each", async () => {
    const scenario = await begin(kind);
    const { tracker } = scenario;
    const [one = "", two = "", three = ""] = await openAll(scenario, "A", "B", "C");
    const digests = Array.from({ length: 30 }, (_, index) =>
      tracker.digest(["A", "B", "C"].map((type) => ({ projectId: "shop", type, userId: `u${String(index % 7)}` }))),
    );
    const merges = async () => {
      for (let round = 0; round < 3; round++) {
        await tracker.issues.merge(two, { into: one });
        await tracker.issues.merge(one, { into: three });
        await tracker.issues.unmerge(two);
        await tracker.issues.merge(two, { into: three });
        await tracker.issues.unmerge(one);
        await tracker.issues.unmerge(two);
      }
      await tracker.issues.merge(two, { into: one });
    };
    await Promise.all([...digests, merges()]);
    expect(await issueOf(scenario, one)).toMatchObject({ eventCount: 62, userCount: 7 });
    for (const id of [two, three]) expect(await issueOf(scenario, id)).toMatchObject({ eventCount: 31, userCount: 7 });
    const { items } = await tracker.issues.list({ projectId: "shop", status: "merged" });
    expect(items.map(({ eventCount }) => eventCount)).toEqual([31, 31]);
  });
});
