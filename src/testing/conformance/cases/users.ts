import type { IssueUser, StoreReader, UserCountRequest } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type ConformanceCase } from "../case.ts";
import { walkSteps } from "../steps.ts";
import { newIssue, sampleIssue, sampleUser, SHOP, userHash, uuid } from "../samples.ts";

const [FIRST, SECOND] = [sampleIssue(1), sampleIssue(2)];

/** Counts of which one store may do several at once. */
async function count(
  reader: StoreReader,
  requests: readonly (Partial<UserCountRequest> & { readonly expected: number })[],
): Promise<void> {
  const asked = requests.map(({ expected: _, ...request }) => {
    return { issueId: FIRST.id, fromDay: null, fromTurn: null, limit: 100, ...request };
  });
  const expected = requests.map((request) => request.expected);
  expectEqual(`the counts of ${JSON.stringify(asked)}`, await reader.countUsers(asked), expected);
  for (const [index, request] of asked.entries()) {
    const alone = await reader.countUsers([request]);
    expectEqual(`the count of ${JSON.stringify(request)}`, alone, expected.slice(index, index + 1));
  }
}

async function pagesOf(
  reader: StoreReader,
  issueId: string,
  limit: number,
  from: string | null = null,
): Promise<IssueUser[]> {
  const found: IssueUser[] = [];
  const step = async (after: string | null): Promise<string | null> => {
    const { entries, next } = await reader.pageUsers({ issueId, after, limit });
    found.push(...entries);
    return next;
  };
  await walkSteps("a list of users", step, from);
  return found;
}

const byHash = (one: IssueUser, other: IssueUser): number => (one.user < other.user ? -1 : 1);

/** Users of issues. */
export const userCases: readonly ConformanceCase[] = [
  {
    id: "users-kept",
    title: "users are returned as they were last saved, those of each issue apart",
    requires: "findUsers() returns for each reference the user, if the issue has it; write() adds or replaces users.",
    async run(context) {
      const users = [
        sampleUser(FIRST.id, 1),
        sampleUser(FIRST.id, 2, { user: "0".repeat(32), lastDay: -1, lastTurn: -1 }),
        sampleUser(FIRST.id, 3, { user: "f".repeat(32), lastDay: 2_932_896, lastTurn: Number.MAX_SAFE_INTEGER }),
        sampleUser(FIRST.id, 4, { user: `${"0".repeat(31)}1`, lastDay: 0, lastTurn: 0 }),
        ...["12345678901234567890123456789012", "12345678901234567890123456789013"].map((user, index) =>
          sampleUser(FIRST.id, 6, { user, lastDay: index }),
        ),
        sampleUser(SECOND.id, 1, { lastDay: 7, lastTurn: 70 }),
      ];
      const find = (wanted: readonly IssueUser[]) =>
        read(context, (reader) => reader.findUsers(wanted.map(({ issueId, user }) => ({ issueId, user }))));
      await write(context, { projects: [SHOP], newIssues: [FIRST, SECOND].map(newIssue), users });
      const others = [sampleUser(SECOND.id, 2), sampleUser(uuid(77), 1), sampleUser("no id", 1)];
      const wanted = [...users.toReversed(), ...others];
      expectEqual("the users", await find(wanted), [...users.toReversed(), undefined, undefined, undefined]);
      for (const user of users) expectEqual("a user", await find([user]), [user]);
      const seenAgain = users.slice(0, 2).map((user) => ({ ...user, lastDay: 20_500, lastTurn: 99 }));
      const earlier = seenAgain.map((user) => ({ ...user, lastDay: -1, lastTurn: 0 }));
      await write(context, { users: earlier });
      expectEqual("users with earlier days and turns", await find(earlier), earlier);
      const added = sampleUser(FIRST.id, 5);
      await write(context, { users: [...seenAgain, added] });
      const expected = [...seenAgain, ...users.slice(2), added];
      expectEqual("after some occurred again", await find([...users, added]), expected);
    },
  },
  {
    id: "users-counted",
    title: "users are counted from a day or a turn on, or both, up to a limit",
    requires: "countUsers() returns for each request the number of users, but not more than its limit.",
    async run(context) {
      // The later the turn, the earlier the day.
      const users = Array.from({ length: 90 }, (_, index) =>
        sampleUser(FIRST.id, index, { lastDay: 20_000 + (index % 10), lastTurn: 100 - (index % 10) * 10 }),
      );
      const never = sampleUser(FIRST.id, 90, { lastDay: -1, lastTurn: -1 });
      const other = sampleUser(SECOND.id, 1, { lastDay: 30_000, lastTurn: 500 });
      await write(context, { projects: [SHOP], newIssues: [FIRST, SECOND].map(newIssue), users: [...users, never] });
      await write(context, { users: [other] });
      await read(context, (reader) =>
        count(reader, [
          { fromDay: 0, expected: 90 },
          { fromDay: 20_000, expected: 90 },
          { fromDay: 20_001, expected: 81 },
          { fromDay: 20_009, expected: 9 },
          { fromDay: 20_010, expected: 0 },
          { fromDay: 20_000, limit: 1, expected: 1 },
          { fromDay: 20_001, limit: 81, expected: 81 },
          { fromDay: 20_001, limit: 80, expected: 80 },
          { fromDay: 20_001, limit: 10_000, expected: 81 },
          { fromTurn: 0, expected: 90 },
          { fromTurn: 10, expected: 90 },
          { fromTurn: 11, expected: 81 },
          { fromTurn: 100, expected: 9 },
          { fromTurn: 101, expected: 0 },
          { fromTurn: 11, limit: 7, expected: 7 },
          { fromDay: 20_003, fromTurn: 50, expected: 27 },
          { fromDay: 20_003, fromTurn: 50, limit: 27, expected: 27 },
          { fromDay: 20_003, fromTurn: 50, limit: 26, expected: 26 },
          { fromDay: 20_000, fromTurn: 0, expected: 90 },
          { fromDay: 20_000, fromTurn: 0, limit: 60, expected: 60 },
          { fromDay: 20_009, fromTurn: 10, limit: 50, expected: 9 },
          { fromDay: 20_000, fromTurn: 100, limit: 50, expected: 9 },
          { fromDay: 20_009, fromTurn: 100, limit: 5, expected: 0 },
          { issueId: SECOND.id, fromDay: 30_000, expected: 1 },
          { issueId: SECOND.id, fromDay: 30_000, fromTurn: 500, limit: 1, expected: 1 },
          { issueId: uuid(77), fromDay: 0, expected: 0 },
          { issueId: "no id", fromTurn: 0, expected: 0 },
        ]),
      );
      await transact(context, async (transaction) => {
        await transaction.write({ users: users.map((user) => ({ ...user, lastDay: 20_020 })) });
        await count(transaction, [
          { fromDay: 20_010, expected: 90 },
          { fromDay: 20_020, fromTurn: 100, expected: 9 },
        ]);
      });
    },
  },
  {
    id: "users-paged",
    title: "the pages of an issue's users together have each once, as they were last saved, and none of other issues",
    requires: "pageUsers() returns, in pages, each user of an issue once.",
    async run(context) {
      const hashes = ["0".repeat(32), `${"0".repeat(31)}1`, "f".repeat(32), `${"f".repeat(31)}0`];
      const users = [
        ...Array.from({ length: 9 }, (_, index) =>
          sampleUser(FIRST.id, index, { lastDay: 20_000 - index, lastTurn: 3 }),
        ),
        ...hashes.map((user, index) => sampleUser(FIRST.id, 90, { user, lastDay: index - 1, lastTurn: -1 })),
      ];
      const other = sampleUser(SECOND.id, 1, { lastDay: 7 });
      await write(context, {
        projects: [SHOP],
        newIssues: [FIRST, SECOND].map(newIssue),
        users: [...users, other],
      });
      const [seenAgain = other, ...others] = users;
      const later = { ...seenAgain, lastDay: 20_500, lastTurn: 99 };
      await write(context, { users: [later] });
      const expected = [later, ...others].sort(byHash);
      for (const limit of [1, 2, 5, 100]) {
        const found = await read(context, (reader) => pagesOf(reader, FIRST.id, limit));
        expectEqual(`the users, ${String(limit)} at a time`, found.sort(byHash), expected);
      }
      await read(context, async (reader) => {
        expectEqual("the users of another issue", await pagesOf(reader, SECOND.id, 1), [other]);
        expectEqual("users of an issue that is not there", await pagesOf(reader, uuid(77), 9), []);
        expectEqual("users of no id", await pagesOf(reader, "no id", 9), []);
      });
      const [firstOfAll, ...rest] = expected;
      if (firstOfAll !== undefined) {
        const first = await read(context, (reader) => reader.pageUsers({ issueId: FIRST.id, after: null, limit: 3 }));
        const after = first.next;
        // Whoever is on the first page is not looked for again; the others are where they were.
        await write(context, { erasedUsers: first.entries });
        const others = after === null ? [] : await read(context, (reader) => pagesOf(reader, FIRST.id, 3, after));
        const left = expected.filter(({ user }) => !first.entries.some((each) => each.user === user));
        expectEqual("the users after a page whose users were erased", others.sort(byHash), left);
        await write(context, { users: [firstOfAll, ...rest] });
      }
      await transact(context, async (transaction) => {
        const added = sampleUser(FIRST.id, 55);
        await transaction.write({ users: [added], erasedUsers: [other, later] });
        const found = await pagesOf(transaction, FIRST.id, 3);
        const left = [...others, added].sort(byHash);
        expectEqual("the users in a transaction that changes them", found.sort(byHash), left);
      });
    },
  },
  {
    id: "users-set-back",
    title: "days after a given one become that day, of the users of one issue, before users are saved",
    requires:
      "write() sets back the days of issues' users: a `lastDay` after the given day becomes that day. Written before `users`.",
    async run(context) {
      const users = [10, 20, 21, 30].map((lastDay, index) => sampleUser(FIRST.id, index, { lastDay }));
      const other = sampleUser(SECOND.id, 0, { lastDay: 40 });
      await write(context, {
        projects: [SHOP],
        newIssues: [FIRST, SECOND].map(newIssue),
        users: [...users, other],
      });
      const saved = sampleUser(FIRST.id, 9, { lastDay: 25 });
      await write(context, {
        latestUserDays: [
          { issueId: FIRST.id, day: 20 },
          { issueId: SECOND.id, day: 41 },
          { issueId: uuid(77), day: 1 },
        ],
        users: [saved],
      });
      const refs = [...users, other, saved].map(({ issueId, user }) => ({ issueId, user }));
      await read(context, async (reader) => {
        const days = (await reader.findUsers(refs)).map((user) => user?.lastDay);
        expectEqual("the days", days, [10, 20, 20, 20, 40, 25]);
        const turns = (await reader.findUsers(refs)).map((user) => user?.lastTurn);
        expectEqual("the turns", turns, [0, 1, 2, 3, 0, 9]);
        await count(reader, [
          { fromDay: 20, expected: 4 },
          { fromDay: 21, expected: 1 },
          { fromDay: 20, fromTurn: 3, expected: 2 },
          { issueId: SECOND.id, fromDay: 40, expected: 1 },
        ]);
      });
      const missing = await read(context, (reader) => reader.findUsers([{ issueId: FIRST.id, user: userHash(10) }]));
      expectEqual("a user that was not saved", missing, [undefined]);
    },
  },
];
