import { markOfBoth, markOfRest, markOfUnmerged } from "../core/merging.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import { corruptIssue, isUnreadable } from "../core/unreadable.ts";
import type { IssueMark, MarkRef, StoreTransaction } from "../ports/issue-store.ts";
import { isTurnLong, pause } from "../ports/pause.ts";

/** How many marks are copied at once. */
const AT_ONCE = 500;

/** Gives an issue the marks of another as they are. */
export async function copyMarks(transaction: StoreTransaction, from: string, to: string): Promise<void> {
  await eachMarks(transaction, from, async (marks) => {
    await transaction.write({ marks: marks.map((mark) => ({ issueId: to, mark })) });
  });
}

/** Adds the marks of an issue to those of the one that it is merged into. */
export async function addMarks(transaction: StoreTransaction, from: string, target: string): Promise<void> {
  await eachMarks(transaction, from, async (marks) => {
    const ofTarget = await marksAt(transaction, target, marks);
    await transaction.write({
      marks: marks.map((mark, place) => ({ issueId: target, mark: markOfBoth(ofTarget[place], mark) })),
    });
  });
}

/** Gives a member the fix claims of its target, and leaves to the target the marks of its rest. */
export async function separateMarks(
  transaction: StoreTransaction,
  member: string,
  target: string,
  rest: readonly string[],
): Promise<void> {
  await eachMarks(transaction, member, async (marks) => {
    const ofTarget = await marksAt(transaction, target, marks);
    const gone = marks.filter((_, place) => ofTarget[place] === undefined);
    await writeMarks(
      transaction,
      member,
      gone.map((mark) => [mark, markOfUnmerged(mark, undefined)]),
    );
  });
  await eachMarks(transaction, target, async (marks) => {
    const ofMember = await marksAt(transaction, member, marks);
    const ofRest = await marksOfRest(transaction, marks, rest);
    await writeMarks(
      transaction,
      member,
      marks.map((mark, place) => [mark, markOfUnmerged(ofMember[place], mark)]),
    );
    await writeMarks(
      transaction,
      target,
      marks.map((mark, place) => [mark, markOfRest(mark, ofMember[place], ofRest[place] ?? [])]),
    );
  });
}

/** Leaves to an issue the marks of its own part, with the claims that were made in it since others were merged into it. */
export async function leaveOwnMarks(transaction: StoreTransaction, issueId: string, ownPart: string): Promise<void> {
  await eachMarks(transaction, issueId, async (marks) => {
    const ofRest = await marksOfRest(transaction, marks, [ownPart]);
    await writeMarks(
      transaction,
      issueId,
      marks.map((mark, place) => [mark, markOfRest(mark, undefined, ofRest[place] ?? [])]),
    );
  });
}

/** For each of some marks those of other issues for the same release. */
async function marksOfRest(
  transaction: StoreTransaction,
  marks: readonly ReleaseMark[],
  rest: readonly string[],
): Promise<ReleaseMark[][]> {
  const found = marks.map((): ReleaseMark[] => []);
  for (const issueId of rest) {
    if (isTurnLong()) await pause();
    for (const [place, mark] of (await marksAt(transaction, issueId, marks)).entries()) {
      if (mark !== undefined) found[place]?.push(mark);
    }
  }
  return found;
}

/** @param changes - each mark of a release, and what is in its place from then on */
async function writeMarks(
  transaction: StoreTransaction,
  issueId: string,
  changes: readonly (readonly [ReleaseMark, ReleaseMark | undefined])[],
): Promise<void> {
  const marks: IssueMark[] = [];
  const deletedMarks: MarkRef[] = [];
  for (const [{ orderKey }, mark] of changes) {
    if (mark === undefined) deletedMarks.push({ issueId, orderKey });
    else marks.push({ issueId, mark });
  }
  await transaction.write({ deletedMarks, marks });
}

/** The marks of an issue for the releases of other marks. */
async function marksAt(
  transaction: StoreTransaction,
  issueId: string,
  marks: readonly ReleaseMark[],
): Promise<(ReleaseMark | undefined)[]> {
  const requests = marks.map(({ orderKey }) => ({ issueId, upTo: orderKey, limit: 1 }));
  const found = await transaction.findMarks(requests);
  return marks.map(({ orderKey }, place) => {
    const mark = found[place]?.[0];
    if (mark !== undefined && isUnreadable(mark)) throw corruptIssue(issueId, mark.error);
    return mark?.orderKey === orderKey ? mark : undefined;
  });
}

/** Works on all marks of an issue, some at a time, those of the greatest releases first. */
async function eachMarks(
  transaction: StoreTransaction,
  issueId: string,
  work: (marks: readonly ReleaseMark[]) => Promise<void>,
): Promise<void> {
  let upTo: string | null = null;
  for (;;) {
    if (isTurnLong()) await pause();
    const [found = []] = await transaction.findMarks([{ issueId, upTo, limit: AT_ONCE + 1 }]);
    const from: string | null = upTo;
    const marks: ReleaseMark[] = [];
    for (const mark of found) {
      if (isUnreadable(mark)) throw corruptIssue(issueId, mark.error);
      if (mark.orderKey !== from) marks.push(mark);
    }
    if (marks.length > 0) await work(marks);
    const last = marks.at(-1);
    if (last === undefined || found.length <= AT_ONCE) return;
    upTo = last.orderKey;
  }
}
