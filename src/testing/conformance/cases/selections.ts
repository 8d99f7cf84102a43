import { type Issue, type IssueState } from "../../../core/issue.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { lock, write, type ConformanceCase } from "../case.ts";
import { STATES } from "../issue-states.ts";
import { BLOG, newIssue, NOON, sampleIssue, SHOP, uuid } from "../samples.ts";

/** Issues that are selected by what they wait for. */
export const selectionCases: readonly ConformanceCase[] = [
  {
    id: "awaiting-next",
    title:
      "issues resolved by the next release, and no others, are selected, lowest number first, as long as they wait",
    requires:
      "load() returns a project's issues that are resolved by the next release and have numbers above `after`, lowest number first, at most `limit`.",
    async run(context) {
      const waiting: IssueState = {
        status: "resolved",
        resolvedAt: NOON,
        afterRelease: 2,
        resolution: { kind: "by-next" },
      };
      // Ids, and numbers as texts, are in another order than numbers.
      const issues = [2, 9, 10, 100].map((number) => sampleIssue(number, { id: uuid(500 - number) }));
      const waitingSince = (place: number): IssueState => ({ ...waiting, resolvedAt: NOON - place });
      const others = STATES.filter((state) => state.status !== "resolved" || state.resolution.kind !== "by-next");
      const elsewhere = sampleIssue(5, { projectId: BLOG.id, state: waiting });
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: [
          sampleIssue(1, { state: { ...waiting, resolution: { kind: "plain" } } }),
          ...issues.slice(0, 3),
          ...others.map((state, index) => sampleIssue(20 + index, { state })),
          ...issues.slice(3),
          elsewhere,
        ].map(newIssue),
        updates: [3, 0, 2].flatMap((place) => {
          const before = issues[place];
          return before === undefined ? [] : [{ before, after: { ...before, state: waitingSince(place) } }];
        }),
      });
      const numbers = async (limit: number): Promise<number[]> =>
        (await lock(context, { awaitingNextIn: SHOP.id, after: 0, limit })).map(({ number }) => number);
      expectEqual("all", await numbers(99), [2, 10, 100]);
      expectEqual("at most one", await numbers(1), [2]);
      expectEqual("at most two", await numbers(2), [2, 10]);
      const after = async (number: number, limit: number): Promise<number[]> =>
        (await lock(context, { awaitingNextIn: SHOP.id, after: number, limit })).map((issue) => issue.number);
      expectEqual("after the first", await after(2, 99), [10, 100]);
      expectEqual("after a number between them, at most one", await after(9, 1), [10]);
      expectEqual("after the last", await after(100, 99), []);
      expectEqual("in another project", await lock(context, { awaitingNextIn: BLOG.id, after: 0, limit: 9 }), [
        elsewhere,
      ]);
      expectEqual("in an unknown project", await lock(context, { awaitingNextIn: "nowhere", after: 0, limit: 9 }), []);
      const change = (before: IssueState, after: IssueState) =>
        write(context, {
          updates: issues.slice(0, 1).map((issue) => ({
            before: { ...issue, state: before },
            after: { ...issue, state: after },
          })),
        });
      const plain: IssueState = { ...waiting, resolution: { kind: "plain" } };
      await change(waiting, plain);
      expectEqual("after one was resolved plainly", await numbers(99), [10, 100]);
      await change(plain, waiting);
      expectEqual("after it waits again", await numbers(99), [2, 10, 100]);
      await change(waiting, { status: "open" });
      expectEqual("after it was reopened", await numbers(99), [10, 100]);
    },
  },
  {
    id: "waking-order",
    title:
      "issues whose mute ends by the clock, or which may be muted again, are selected from that time on, the earliest first",
    requires:
      "load() returns issues for which the clock has something to do not later than `wakesUntil`, earliest first, ties by id, at most `limit`.",
    async run(context) {
      const mute = (number: number, at: number, wakeOn: "deadline" | "next-event"): Issue =>
        sampleIssue(number, {
          state: {
            status: "muted",
            mute: { mutedAt: NOON, deadline: { at, wakeOn, isDuration: false }, volume: null },
          },
        });
      const issues = [
        mute(1, NOON + 20, "deadline"),
        mute(2, NOON + 10, "deadline"),
        mute(3, NOON + 10, "next-event"),
        mute(4, NOON + 30, "deadline"),
        { ...mute(5, NOON + 20, "deadline"), projectId: BLOG.id },
        { ...mute(6, NOON + 20, "deadline"), id: uuid(0) },
      ];
      await write(context, { projects: [SHOP, BLOG], newIssues: issues.map(newIssue) });
      const due = async (wakesUntil: number, limit: number): Promise<string[]> =>
        (await lock(context, { wakesUntil, limit })).map(({ id }) => id);
      expectEqual("before the first deadline", await due(NOON + 9, 9), []);
      expectEqual("at the first deadline", await due(NOON + 10, 9), [uuid(2)]);
      expectEqual("at the second", await due(NOON + 20, 9), [uuid(2), uuid(0), uuid(1), uuid(5)]);
      expectEqual("at most two", await due(NOON + 99, 2), [uuid(2), uuid(0)]);
      await write(context, {
        updates: issues.slice(1, 2).map((before) => ({ before, after: { ...before, state: { status: "open" } } })),
      });
      expectEqual("after one was unmuted", await due(NOON + 20, 9), [uuid(0), uuid(1), uuid(5)]);
      await write(context, {
        updates: issues.slice(0, 1).map((before) => ({ before, after: mute(1, NOON + 21, "deadline") })),
      });
      expectEqual("after one was muted for longer", await due(NOON + 20, 9), [uuid(0), uuid(5)]);
      const again = (at: number): Partial<Issue> => ({
        state: { status: "open", muteAgain: { at, terms: { deadline: null, conditions: [], sinceMute: false } } },
      });
      const [, second, third] = issues;
      if (second === undefined || third === undefined) return;
      const open: Issue = { ...second, state: { status: "open" } };
      await write(context, {
        newIssues: [newIssue(sampleIssue(7, again(NOON + 20)))],
        updates: [
          { before: open, after: { ...open, ...again(NOON + 5) } },
          { before: third, after: { ...third, ...again(NOON + 40) } },
        ],
      });
      expectEqual("with those that may be muted again", await due(NOON + 20, 9), [uuid(2), uuid(0), uuid(5), uuid(7)]);
      expectEqual("later", await due(NOON + 40, 9), [uuid(2), uuid(0), uuid(5), uuid(7), uuid(1), uuid(4), uuid(3)]);
      await write(context, { updates: [{ before: { ...open, ...again(NOON + 5) }, after: open }] });
      expectEqual("after one is not muted again", await due(NOON + 20, 9), [uuid(0), uuid(5), uuid(7)]);
    },
  },
];
