import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IssueUser, LatestUserDay, UserCountRequest } from "../../src/ports/index.ts";
import { newIssue, sampleIssue, SHOP, userHash } from "../../src/testing/conformance/samples.ts";
import { rounds } from "../support/effort.ts";
import { storesForStories } from "../support/stores.ts";

const ISSUES = [sampleIssue(1), sampleIssue(2)];

const issueId = fc.constantFrom(...ISSUES.map(({ id }) => id));
const day = fc.integer({ min: -1, max: 9 });
const turn = fc.integer({ min: -1, max: 9 });

const user: fc.Arbitrary<IssueUser> = fc.record({
  issueId,
  user: fc.integer({ min: 0, max: 24 }).map(userHash),
  lastDay: day,
  lastTurn: turn,
});

const bound = fc.integer({ min: 0, max: 10 });

const request: fc.Arbitrary<UserCountRequest> = fc
  .record({
    issueId,
    bounds: fc.oneof(
      fc.record({ fromDay: bound, fromTurn: fc.constant(null) }),
      fc.record({ fromDay: fc.constant(null), fromTurn: bound }),
      fc.record({ fromDay: bound, fromTurn: bound }),
    ),
    limit: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ bounds, ...others }) => ({ ...others, ...bounds }));

interface Step {
  readonly users: readonly IssueUser[];
  readonly latestUserDays: readonly LatestUserDay[];
  readonly fails: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  users: fc.uniqueArray(user, { selector: nameOf, maxLength: 40 }),
  latestUserDays: fc.uniqueArray(fc.record({ issueId, day }), { selector: (each) => each.issueId, maxLength: 1 }),
  fails: fc.boolean(),
});

function nameOf(each: Pick<IssueUser, "issueId" | "user">): string {
  return `${each.issueId} ${each.user}`;
}

/** The users after a step. */
function after(users: ReadonlyMap<string, IssueUser>, { users: saved, latestUserDays }: Step): Map<string, IssueUser> {
  const result = new Map(
    Array.from(users, ([name, each]) => {
      const latest = latestUserDays.find((setBack) => setBack.issueId === each.issueId)?.day ?? Infinity;
      return [name, { ...each, lastDay: Math.min(each.lastDay, latest) }];
    }),
  );
  for (const each of saved) result.set(nameOf(each), each);
  return result;
}

function countOf(users: ReadonlyMap<string, IssueUser>, wanted: UserCountRequest): number {
  const counted = [...users.values()].filter(
    (each) =>
      each.issueId === wanted.issueId &&
      (wanted.fromDay === null || each.lastDay >= wanted.fromDay) &&
      (wanted.fromTurn === null || each.lastTurn >= wanted.fromTurn),
  );
  return Math.min(counted.length, wanted.limit);
}

describe.each(storesForStories())("users on $name", ({ open }) => {
  test("are found and counted as by a list of all of them, whatever was saved, set back and rolled back", async () => {
    const store = await open();
    await store.transaction((work) => work.write({ projects: [SHOP] }));
    let number = 0;
    const story = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.array(request, { minLength: 1, maxLength: 70 }),
      async (steps, requests) => {
        const ids = ISSUES.map(({ id }) => id);
        const issues = ISSUES.map((issue) => newIssue({ ...issue, number: ++number }));
        await store.transaction((work) => work.write({ newIssues: issues }));
        let users: ReadonlyMap<string, IssueUser> = new Map();
        for (const each of steps) {
          const { fails, ...changes } = each;
          const expected = after(users, each);
          const counts = requests.map((wanted) => countOf(expected, wanted));
          const writing = store.transaction(async (work) => {
            await work.write(changes);
            expect(await work.countUsers(requests)).toEqual(counts);
            if (fails) throw new RangeError("roll back");
          });
          if (fails) await expect(writing).rejects.toThrow(RangeError);
          else await writing;
          users = fails ? users : expected;
        }
        const refs = steps.flatMap((each) => each.users);
        await store.read(async (reader) => {
          expect(await reader.findUsers(refs)).toEqual(refs.map((each) => users.get(nameOf(each))));
          expect(await reader.countUsers(requests)).toEqual(requests.map((wanted) => countOf(users, wanted)));
          for (const wanted of requests.slice(0, 3)) {
            expect(await reader.countUsers([wanted])).toEqual([countOf(users, wanted)]);
          }
        });
        await store.transaction((work) => work.write({ deletedIssues: ids }));
        const left = await store.read((reader) => reader.countUsers(requests));
        expect(left).toEqual(requests.map(() => 0));
      },
    );
    await fc.assert(story, { numRuns: rounds({ quick: 15, full: 100 }) });
    await store.close();
  });
});
