import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMemoryStore, type IssueTracker } from "../../src/index.ts";
import type { TrackedEvent } from "../../src/core/index.ts";
import { createKeyValueStore } from "../../src/kv/index.ts";
import { rounds } from "../support/effort.ts";
import { checking, memoryEngine } from "../support/key-value-engines.ts";
import { failureOf, MINUTE, Scenario } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const STORES = [
  ...storesForStories().slice(0, rounds({ quick: 2, full: 9 })),
  { name: "a sorted map of few keys", open: async () => createKeyValueStore(checking(memoryEngine())) },
];

type Direction = "ascending" | "descending";

/** All events of an issue, in pages. */
async function allOf(tracker: IssueTracker, issueId: string, direction: Direction, limit: number) {
  const items: TrackedEvent[] = [];
  let cursor: string | null = null;
  do {
    const page = await tracker.events.list(issueId, { direction, limit, ...(cursor !== null && { cursor }) });
    expect(page.unreadable).toEqual([]);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

/** What a story does: events of three issues, and what removes some of them. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("digest" as const),
      types: fc.array(fc.constantFrom("A", "B", "C"), { minLength: 1, maxLength: 9 }),
      minute: fc.integer({ min: -9, max: 0 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("evict" as const), keep: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("erase" as const), place: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("merge" as const), type: fc.constantFrom("B", "C") }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Plays a story. Returns the ids of all events, by the id of their issue, in the order of digestion. */
async function play(
  { tracker, clock }: Scenario,
  steps: readonly Step[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ofIssue = new Map<string, string[]>();
  const issueOf = new Map<string, string>();
  let count = 0;
  for (const each of steps) {
    clock.advanceBy(MINUTE);
    switch (each.do) {
      case "digest": {
        const receivedAt = clock.now() + each.minute * MINUTE;
        const events = each.types.map((type) => {
          const id = `${String(count++)}"\u0000`;
          return { projectId: "shop", id, type, receivedAt, data: { of: id } };
        });
        for (const [place, outcome] of (await tracker.digest(events)).entries()) {
          if (outcome.kind !== "digested") continue;
          const id = outcome.member ?? outcome.issue.id;
          issueOf.set(events[place]?.type ?? "", id);
          ofIssue.set(id, [...(ofIssue.get(id) ?? []), outcome.eventId]);
        }
        break;
      }
      case "evict":
        await tracker.events.evict({ projectId: "shop", keepPerIssue: each.keep });
        break;
      case "erase":
        await tracker.events.erase("shop", `${String(each.place)}"\u0000`);
        break;
      case "merge": {
        const [member, into] = [issueOf.get(each.type), issueOf.get("A")];
        const [issue, target] = [
          member && (await tracker.issues.get(member)),
          into && (await tracker.issues.get(into)),
        ];
        if (!issue || !target) break;
        if (issue.state.status === "merged") await tracker.issues.unmerge(issue.id);
        else await tracker.issues.merge(issue.id, { into: target.id });
      }
    }
  }
  return ofIssue;
}

describe.each(STORES)("events of an issue on $name", ({ open }) => {
  test("are listed, and found one after the other, as a naive list of those that are stored has them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 7 }), async (steps, limit) => {
        const scenario = await Scenario.begin(await open());
        const { tracker } = scenario;
        for (const [issueId, ids] of await play(scenario, steps)) {
          const found = await Promise.all(ids.map((id) => tracker.events.get("shop", id)));
          const stored = found.flatMap((event) => event ?? []);
          if ((await tracker.issues.get(issueId)) === undefined) continue;
          expect(await allOf(tracker, issueId, "ascending", limit)).toEqual(stored);
          expect(await allOf(tracker, issueId, "descending", limit)).toEqual(stored.toReversed());
          for (const [place, { id }] of stored.entries()) {
            expect(await tracker.events.next("shop", id)).toEqual(stored[place + 1]);
            expect(await tracker.events.previous("shop", id)).toEqual(stored[place - 1]);
          }
        }
        await tracker.close();
      }),
      { numRuns: rounds({ quick: 8, full: 100 }) },
    );
  });

  test("of a merged issue are its own: those of its members and of its target are listed for these", async () => {
    const { tracker } = await Scenario.begin(await open());
    for (const id of ["1", "2", "3", "4"]) {
      await tracker.digest({ projectId: "shop", id, type: Number(id) % 2 === 0 ? "B" : "A" });
    }
    const { parts } = await tracker.issues.merge("SHOP-2", { into: "SHOP-1" });
    await tracker.digest(["5", "6"].map((id) => ({ projectId: "shop", id, type: id === "5" ? "A" : "B" })));
    const idsOf = async (issueId: string) => (await tracker.events.list(issueId)).items.map(({ id }) => id);
    expect(await idsOf("shop-1")).toEqual(["5", "3", "1"]);
    expect(await Promise.all((parts?.members ?? []).map(idsOf))).toEqual([["6", "4", "2"]]);
    expect(await idsOf(parts?.ownPart ?? "")).toEqual([]);
    expect(await tracker.events.next("shop", "2")).toMatchObject({ id: "4" });
    await tracker.close();
  });

  test("end a page early where they are large, and lose none", async () => {
    const { tracker } = await Scenario.begin(await open());
    const data = "x".repeat(3_000_000);
    for (let count = 0; count < 12; count++) {
      await tracker.digest({ projectId: "shop", id: String(count), type: "E", ...(count < 3 && { data }) });
    }
    const first = await tracker.events.list("SHOP-1", { direction: "ascending" });
    expect(first.items.length).toBeLessThan(12);
    expect((await allOf(tracker, "SHOP-1", "ascending", 50)).map(({ number }) => number)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    await tracker.close();
  });
});

test("what is no issue, no event or no cursor of this list is refused", async () => {
  const { tracker } = await Scenario.begin(createMemoryStore());
  await tracker.digest(["1", "2"].map((id) => ({ projectId: "shop", id, type: "E" })));
  const unknown = { code: "unknown-issue", field: "issueId" };
  for (const id of ["SHOP-2", "nonsense"]) expect(await failureOf(tracker.events.list(id))).toMatchObject(unknown);
  const notStored = { code: "unknown-event", field: "id", message: expect.stringContaining(`"3"`) };
  for (const projectId of ["shop", "no project"]) {
    expect(await failureOf(tracker.events.next(projectId, "3"))).toMatchObject(notStored);
    expect(await failureOf(tracker.events.previous(projectId, "3"))).toMatchObject(notStored);
  }
  const { next } = await tracker.events.list("SHOP-1", { limit: 1 });
  const cursors = ["events-descending:0", "events-descending:-1", `events-descending:""`, "events-descending:{}", "1"];
  for (const cursor of [String(next).replace("descending", "ascending"), ...cursors]) {
    const failure = await failureOf(tracker.events.list("SHOP-1", { cursor }));
    expect(failure).toMatchObject({ code: "invalid-input", field: "options.cursor" });
  }
  await tracker.close();
});
