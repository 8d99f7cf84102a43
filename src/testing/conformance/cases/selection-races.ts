import { ALERT_KINDS } from "../../../core/alert-reason.ts";
import type { Issue, IssueState } from "../../../core/issue.ts";
import { markFixed } from "../../../core/release-mark.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { LockSelection } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { pause, race, RACERS } from "../race.ts";
import { inProject, newIssue, NOON, sampleIssue, sampleReleases, sampleUser, SHOP, userHash } from "../samples.ts";

const [RELEASE] = sampleReleases().known;
const OPEN: IssueState = { status: "open" };
const WAITING: IssueState = { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "by-next" } };
const MUTED: IssueState = {
  status: "muted",
  mute: { mutedAt: NOON, deadline: { at: NOON, wakeOn: "deadline", isDuration: false }, volume: null },
};

/** More than one transaction takes, and fewer than all of them could. */
const COUNT = 2 * RACERS + 3;
const ISSUES = [WAITING, MUTED, OPEN].map((state, kind) =>
  Array.from({ length: COUNT }, (_, index) => sampleIssue(1 + kind * COUNT + index, { state })),
);

/** Opens issues of a selection, and takes the claims in the release back, in many transactions at a time. Returns their ids. */
async function takeAll(context: CaseContext, selection: LockSelection): Promise<string[]> {
  const take: Parameters<typeof race<string[]>>[1] = async (transaction) => {
    const issues = allReadable((await transaction.load({ issues: selection })).issues);
    await pause();
    await transaction.write({
      updates: issues.map((before): { before: Issue; after: Issue } => ({ before, after: { ...before, state: OPEN } })),
      ...("fixedIn" in selection && {
        deletedMarks: issues.map(({ id }) => ({ issueId: id, orderKey: RELEASE.orderKey })),
      }),
    });
    return issues.map(({ id }) => id);
  };
  const taken = (await race(context, take)).flat();
  for (let last = taken; last.length > 0;) {
    last = await transact(context, (transaction) => take(transaction, 0));
    taken.push(...last);
  }
  return taken.sort();
}

/** Transactions that select what others change. */
export const selectionRaceCases: readonly ConformanceCase[] = [
  {
    id: "race-on-selected-issues",
    title: "concurrent transactions that select issues and change them select each of them once",
    requires: "load(): issues found by a selection match it when they are returned.",
    needs: ["second-handle"],
    async run(context) {
      const [waiting = [], muted = [], fixed = []] = ISSUES;
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [RELEASE]),
        newIssues: ISSUES.flat().map(newIssue),
        marks: fixed.map(({ id }) => ({ issueId: id, mark: markFixed(RELEASE, undefined, NOON) })),
      });
      const idsOf = (issues: readonly Issue[]) => issues.map(({ id }) => id);
      const awaiting = await takeAll(context, { awaitingNextIn: SHOP.id, after: 0, limit: 2 });
      expectEqual("those that await the next release", awaiting, idsOf(waiting));
      expectEqual("those to be woken", await takeAll(context, { wakesUntil: NOON, limit: 2 }), idsOf(muted));
      const fixedIn = { projectId: SHOP.id, orderKey: RELEASE.orderKey };
      expectEqual("those that are fixed", await takeAll(context, { fixedIn, limit: 2 }), idsOf(fixed));
    },
  },
  {
    id: "race-on-a-project",
    title: "a project that is saved while others add issues to it loses no number",
    requires: "Two transactions that touch the same project have the result of running one after the other.",
    needs: ["second-handle"],
    async run(context) {
      const off = { "new-issue": false, regression: false, unmute: false, loud: false };
      const on = { "new-issue": true, regression: true, unmute: true, loud: true };
      await write(context, { projects: [{ ...SHOP, alerts: off }] });
      const added = await race(context, async (transaction, racer) => {
        const group = { projectId: SHOP.id, strategy: "race/1", key: String(racer) };
        const { projects } = await transaction.load({ projectIds: [SHOP.id], groups: racer % 4 < 2 ? [group] : [] });
        const stored = projects.get(SHOP.id);
        if (stored === undefined) throw new Error("The project is gone.");
        await pause();
        const { project, issueCount } = stored;
        if (racer % 4 < 2) {
          const number = issueCount + 1;
          await transaction.write({ newIssues: [{ issue: sampleIssue(1 + racer, { number }), group }] });
          return [number];
        }
        const kind = ALERT_KINDS[(racer % 2) + 2 * ((racer >> 2) % 2)] ?? "loud";
        await transaction.write({ projects: [{ ...project, alerts: { ...project.alerts, [kind]: true } }] });
        return [];
      });
      const numbers = added.flat().sort((one, other) => one - other);
      expectEqual(
        "the numbers",
        numbers,
        Array.from({ length: RACERS / 2 }, (_, index) => index + 1),
      );
      const [stored] = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }));
      expectEqual("the issue count (if it is lower, updates were lost)", stored?.issueCount, RACERS / 2);
      expectEqual("the switches (if one is off, updates were lost)", stored?.project.alerts, on);
    },
  },
  {
    id: "race-on-belongings",
    title: "concurrent transactions that change only what belongs to an issue lose nothing of it",
    requires:
      "load(): until the transaction ends, no other can change an issue that was returned, nor what belongs to it.",
    needs: ["second-handle"],
    async run(context) {
      const issue = sampleIssue(1);
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [RELEASE]),
        newIssues: [newIssue(issue)],
        counters: new Map([[issue.id, Uint8Array.of(1)]]),
        marks: [{ issueId: issue.id, mark: markFixed(RELEASE, undefined, 1) }],
        users: [sampleUser(issue.id, 1, { lastTurn: 1 })],
      });
      const ref = { issueId: issue.id, user: userHash(1) };
      const marks = [{ issueId: issue.id, upTo: null, limit: 1 }];
      await race(context, async (transaction) => {
        const loaded = await transaction.load({
          issues: { ids: [issue.id] },
          details: () => ({ counters: [issue.id], marks }),
        });
        const [user] = await transaction.findUsers([ref]);
        const [mark] = allReadable(loaded.marks[0] ?? []);
        const counter = loaded.counters.get(issue.id)?.[0] ?? 0;
        if (user === undefined) throw new Error("The user is gone.");
        await pause();
        await transaction.write({
          counters: new Map([[issue.id, Uint8Array.of(counter + 1)]]),
          marks: [{ issueId: issue.id, mark: markFixed(RELEASE, undefined, (mark?.fixedAt ?? 0) + 1) }],
          users: [{ ...user, lastTurn: user.lastTurn + 1 }],
        });
      });
      await read(context, async (reader) => {
        const [counter] = (await reader.findCounters([issue.id])).get(issue.id) ?? [];
        const [[mark] = []] = await reader.findMarks(marks);
        const [user] = await reader.findUsers([ref]);
        const counted = [counter, mark && allReadable([mark])[0]?.fixedAt, user?.lastTurn];
        const expected = [1 + RACERS, 1 + RACERS, 1 + RACERS];
        expectEqual("counter, mark and user (where one is lower, updates were lost)", counted, expected);
      });
    },
  },
];
