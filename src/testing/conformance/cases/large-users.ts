import type { IssueUser, IssueUserRef, UserCountRequest } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { expectAnswers, lookups, MANY, NO_LIMIT, numbersTo, refsIn, shuffled, type Lookup } from "../many.ts";
import { newIssue, sampleIssue, SHOP, userHash, uuid } from "../samples.ts";

const ISSUES = numbersTo(MANY).map((number) => sampleIssue(number));
const [FIRST] = ISSUES;
const FIRST_ID = FIRST?.id ?? "";

/** The users of the first issue, and one of each other issue. No two of one issue are alike. */
function usersAt(later: number): IssueUser[] {
  const user = (issueId: string, number: number): IssueUser => {
    const place = (number * 7_919) % MANY;
    return { issueId, user: userHash(place), lastDay: 20_000 + ((number + later) % 28), lastTurn: place + later };
  };
  return numbersTo(MANY).flatMap((number) => {
    const id = ISSUES[number]?.id;
    const ofFirst = user(FIRST_ID, number);
    return id === undefined ? [ofFirst] : [ofFirst, user(id, number)];
  });
}

/** Counts of the users of each issue, from days and turns on, with limits. */
function countsOf(users: readonly IssueUser[]): Lookup<UserCountRequest, number>[] {
  const ofIssue = Map.groupBy(users, ({ issueId }) => issueId);
  const requestOf = (issueId: string, number: number): UserCountRequest => ({
    issueId,
    fromDay: number % 3 === 0 ? null : 20_000 + (number % 28),
    fromTurn: number % 3 === 1 ? null : number,
    limit: number % 500 === 0 ? MANY : 1 + (number % 9),
  });
  const requests = ISSUES.map(({ id, number }) => requestOf(number % 2 === 0 ? FIRST_ID : id, number));
  return lookups(
    requests,
    (request) => {
      const { issueId, fromDay, fromTurn, limit } = request;
      const from = { day: fromDay ?? -1, turn: fromTurn ?? -1 };
      const counted = (ofIssue.get(issueId) ?? []).filter(
        ({ lastDay, lastTurn }) => lastDay >= from.day && lastTurn >= from.turn,
      );
      return { ref: request, answer: Math.min(limit, counted.length) };
    },
    (number) => requestOf(uuid(10_000 + number), 1),
  ).map(({ ref, answer }) => ({ ref, answer: answer ?? 0 }));
}

async function expectUsers(context: CaseContext, what: string, users: readonly IssueUser[]): Promise<void> {
  const asked = lookups(
    users,
    (answer): Lookup<IssueUserRef, IssueUser> => ({ ref: { issueId: answer.issueId, user: answer.user }, answer }),
    (number) => ({ issueId: FIRST_ID, user: userHash(100_000 + number) }),
  );
  expectAnswers(what, await read(context, (reader) => reader.findUsers(refsIn(asked))), asked);
}

async function expectCounts(context: CaseContext, users: readonly IssueUser[]): Promise<void> {
  const all: UserCountRequest = { issueId: FIRST_ID, fromDay: 0, fromTurn: null, limit: NO_LIMIT };
  const asked = [...countsOf(users), { ref: all, answer: MANY }];
  expectAnswers("counts of users", await read(context, (reader) => reader.countUsers(refsIn(asked))), asked);
}

/** Many users. */
export const largeUserCases: readonly ConformanceCase[] = [
  {
    id: "many-users",
    title: "thousands of users, of one issue or of as many, are saved, replaced, set back, found and counted at once",
    requires: "A batch of any size is accepted: of users, of references to them and of requests to count them.",
    async run(context) {
      const [first, second] = [usersAt(0), usersAt(10_000)];
      await write(context, { projects: [SHOP], newIssues: ISSUES.map(newIssue), users: shuffled(first) });
      await expectUsers(context, "users as they were saved", first);
      await write(context, { users: shuffled(second) });
      await expectUsers(context, "users as they were replaced", second);
      const latest = ISSUES.map(({ id, number }) => ({ issueId: id, day: 20_000 + (number % 19) }));
      const days = new Map(latest.map(({ issueId, day }) => [issueId, day]));
      await write(context, { latestUserDays: shuffled(latest) });
      const setBack = second.map((user) => {
        return { ...user, lastDay: Math.min(user.lastDay, days.get(user.issueId) ?? user.lastDay) };
      });
      await expectUsers(context, "users after they were set back", setBack);
      await expectCounts(context, setBack);
      await write(context, { erasedUsers: shuffled(setBack).map(({ issueId, user }) => ({ issueId, user })) });
      const left = await read(context, (reader) => reader.findUsers(setBack));
      expectEqual(
        "users after they were erased",
        left,
        setBack.map(() => undefined),
      );
    },
  },
];
