import type { IssueUser, IssueUserRef, StoreTransaction } from "../ports/issue-store.ts";
import { isTurnLong, pause } from "../ports/pause.ts";
import { storeRepeats } from "../ports/progress.ts";

/** How many users are copied at once. */
const AT_ONCE = 500;

/** Gives an issue the users of another as they are. */
export async function copyUsers(transaction: StoreTransaction, from: string, to: string): Promise<void> {
  await eachUsers(transaction, from, async (users) => {
    await transaction.write({ users: users.map((user) => ({ ...user, issueId: to })) });
  });
}

/**
 * Makes the users of an issue users of the one that it is merged into. Their events were before what counts since a mute.
 *
 * @returns how many were none before
 */
export async function addUsers(transaction: StoreTransaction, from: string, target: string): Promise<number> {
  let newUsers = 0;
  await eachUsers(transaction, from, async (users) => {
    const found = await transaction.findUsers(refsOf(target, users));
    newUsers += found.filter((user) => user === undefined).length;
    const added = users.map(({ user, lastDay }, place): IssueUser => {
      const known = found[place];
      return {
        issueId: target,
        user,
        lastDay: Math.max(lastDay, known?.lastDay ?? -1),
        lastTurn: known?.lastTurn ?? -1,
      };
    });
    await transaction.write({ users: added });
  });
  return newUsers;
}

/**
 * Removes the users of an issue from a target, but those whom the rest of the target has.
 *
 * @returns how many were removed
 */
export async function removeUsers(
  transaction: StoreTransaction,
  of: string,
  target: string,
  rest: readonly string[],
): Promise<number> {
  let removed = 0;
  await eachUsers(transaction, of, async (users) => {
    const ofTarget = await transaction.findUsers(refsOf(target, users));
    const lastDays = await lastDaysIn(transaction, users, rest);
    const erasedUsers: IssueUserRef[] = [];
    const left: IssueUser[] = [];
    for (const [place, { user }] of users.entries()) {
      const known = ofTarget[place];
      const lastDay = lastDays.get(user);
      if (known === undefined) continue;
      if (lastDay === undefined) erasedUsers.push({ issueId: target, user });
      else left.push({ ...known, lastDay });
    }
    removed += erasedUsers.length;
    await transaction.write({ users: left, erasedUsers });
  });
  return removed;
}

/** Removes all users of an issue, some at a time: to delete an issue with all its users takes one statement. */
export async function eraseUsers(transaction: StoreTransaction, issueId: string): Promise<void> {
  await eachUsers(transaction, issueId, (users) => transaction.write({ erasedUsers: refsOf(issueId, users) }));
}

/** The last day of each of some users in any of some issues; none of a user whom no issue has. */
async function lastDaysIn(
  transaction: StoreTransaction,
  users: readonly IssueUser[],
  issueIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const lastDays = new Map<string, number>();
  for (const issueId of issueIds) {
    if (isTurnLong()) await pause();
    for (const found of await transaction.findUsers(refsOf(issueId, users))) {
      if (found !== undefined) lastDays.set(found.user, Math.max(found.lastDay, lastDays.get(found.user) ?? -1));
    }
  }
  return lastDays;
}

/** Works on all users of an issue, some at a time. */
async function eachUsers(
  transaction: StoreTransaction,
  issueId: string,
  work: (users: readonly IssueUser[]) => Promise<void>,
): Promise<void> {
  let after: string | null = null;
  const passed = new Set<string | null>();
  do {
    if (passed.has(after)) throw storeRepeats("a page of users");
    passed.add(after);
    const page = await transaction.pageUsers({ issueId, after, limit: AT_ONCE });
    // A store in memory may return all of them.
    for (let start = 0; start < page.entries.length; start += AT_ONCE) {
      if (isTurnLong()) await pause();
      await work(page.entries.slice(start, start + AT_ONCE));
    }
    after = page.next;
  } while (after !== null);
}

function refsOf(issueId: string, users: readonly IssueUser[]): IssueUserRef[] {
  return users.map(({ user }) => ({ issueId, user }));
}
