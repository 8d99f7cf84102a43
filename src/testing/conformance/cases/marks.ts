import type { IssueState } from "../../../core/issue.ts";
import {
  markedRelease,
  markFixed,
  markSeen,
  mergeMarks,
  type FixedMark,
  type ReleaseMark,
} from "../../../core/release-mark.ts";
import { EMPTY_TIMELINE, registerRelease, type KnownRelease, type Release } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { Loaded } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import {
  BLOG,
  inProject,
  MINUTE,
  newIssue,
  NOON,
  readSample,
  releasesAt,
  sampleIssue,
  sampleReleases,
  SHOP,
  uuid,
} from "../samples.ts";

/** All marks of some issues, greatest order key first, as a reader finds them and as they are loaded. */
async function expectMarks(
  context: CaseContext,
  what: string,
  marksOf: readonly (readonly [string, readonly ReleaseMark[]])[],
): Promise<void> {
  const marks = marksOf.map(([issueId]) => ({ issueId, upTo: null, limit: 99 }));
  const expected = marksOf.map(([, found]) => lastFirst(found));
  expectEqual(what, await read(context, (reader) => reader.findMarks(marks)), expected);
  const loaded = await load(context, { details: () => ({ marks }) });
  expectEqual(`${what}, loaded`, loaded.marks, expected);
}

const lastFirst = <Keyed extends { readonly orderKey: string }>(values: readonly Keyed[]): Keyed[] =>
  values.toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));

const fixed = (release: Release, fixedAt = NOON): FixedMark => markFixed(release, undefined, fixedAt);
const seen = (release: Release): ReleaseMark => markSeen(release, undefined);

/** The same mark, for another release. */
const at = (release: Release, mark: ReleaseMark): ReleaseMark => ({ ...mark, ...markedRelease(release) });

/** Known releases of several lines, whose order is neither that of their names nor that in which they became known. */
const COMPARED: readonly KnownRelease[] = [
  ...releasesAt("B", "a", "A", "a ", "a10", "a9", "a-b", "a.b", `${"x".repeat(990)}b`, `${"x".repeat(990)}B`).map(
    (release) => ({
      ...release,
      number: release.number + 100,
    }),
  ),
  ...registered(
    "1.10.0",
    "1.9.0",
    "v3",
    "1.10.0-rc.10",
    "1.10.0-rc.9",
    "cafe",
    "1.10.0-rc",
    "1.10.0+7",
    "v12",
    "10.0.0",
    "beef",
    "2.0.0",
    "api@1.0.0",
    "API@1.0.0",
    "1.10.0+07.x",
    "2026.7.30-456",
    "api@0.9",
  ),
];

/** Releases that become known one after the other. */
function registered(...versions: readonly string[]): KnownRelease[] {
  let timeline = EMPTY_TIMELINE;
  return versions.map((version, index) => {
    const added = registerRelease(timeline, readSample(version), NOON + index);
    timeline = added.timeline;
    return added.release;
  });
}

const ELSEWHERE = sampleIssue(9, { projectId: BLOG.id });

const PLAIN: IssueState = { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "plain" } };
const MUTED: IssueState = { status: "muted", mute: { mutedAt: NOON, deadline: null, volume: null } };

/** Known releases of one line, in order. */
function threeReleases(): readonly [KnownRelease, KnownRelease, KnownRelease] {
  const [first, second, third] = releasesAt("a", "b", "c");
  if (first === undefined || second === undefined || third === undefined) throw new Error("There are three.");
  return [first, second, third];
}

/** Marks that issues have for releases. */
export const markCases: readonly ConformanceCase[] = [
  {
    id: "marks-kept",
    title: "marks are returned as they were last saved, last release first",
    requires:
      "write() saves marks by issue and release; findMarks() returns them, greatest order key first, at most `limit`.",
    async run(context) {
      const { all, known } = sampleReleases();
      const [first] = known;
      const marks = all.map((release, index): ReleaseMark =>
        index % 2 === 0
          ? { ...markedRelease(release), last: "fixed", fixedAt: NOON + index, seen: index % 4 === 0 }
          : { ...markedRelease(release), last: "seen", fixedAt: index === 1 ? null : NOON - index },
      );
      const replaced: ReleaseMark = { ...markedRelease(first), last: "seen", fixedAt: NOON };
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, all),
        newIssues: [sampleIssue(1), sampleIssue(2)].map(newIssue),
        marks: marks.map((mark) => ({ issueId: uuid(1), mark })),
      });
      await write(context, {
        marks: [
          { issueId: uuid(1), mark: replaced },
          { issueId: uuid(2), mark: fixed(first) },
        ],
      });
      const order = lastFirst([replaced, ...marks.slice(1)]);
      await expectMarks(context, "all, last first", [
        [uuid(1), order],
        [uuid(2), [fixed(first)]],
      ]);
      const over: ReleaseMark[] = [
        { ...replaced, fixedAt: null },
        { ...markedRelease(first), last: "fixed", fixedAt: 0, seen: false },
        { ...replaced, fixedAt: 0 },
      ];
      for (const mark of over) {
        await write(context, { marks: [{ issueId: uuid(2), mark }] });
        await expectMarks(context, "a mark that was saved over another", [[uuid(2), [mark]]]);
      }
      await read(context, async (reader) => {
        const marksOf = async (upTo: string | null, limit: number) =>
          (await reader.findMarks([{ issueId: uuid(1), upTo, limit }]))[0];
        expectEqual("the first two", await marksOf(null, 2), order.slice(0, 2));
        expectEqual("from one on", await marksOf(order[1]?.orderKey ?? "", 2), order.slice(1, 3));
      });
    },
  },
  {
    id: "marks-nearest",
    title: "the nearest mark is the one with the greatest order key that is not above the requested one",
    requires:
      "findMarks() returns for each request the issue's marks at or below its order key, greatest first, at most its limit.",
    async run(context) {
      const issues = [sampleIssue(1), sampleIssue(2)];
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, COMPARED),
        newIssues: issues.map(newIssue),
        marks: COMPARED.map((release, index) => ({ issueId: uuid(1 + (index % 2)), mark: seen(release) })),
      });
      const bounds = COMPARED.flatMap(({ orderKey }) => [orderKey, `${orderKey} `, orderKey.slice(0, -1)]);
      for (const limit of [1, 3]) {
        const requests = [...bounds, "\u0020", "~", null].flatMap((upTo) =>
          [uuid(1), uuid(77), uuid(2)].map((issueId) => ({ issueId, upTo, limit })),
        );
        const expected = requests.map(({ issueId, upTo }) => {
          const ofIssue = COMPARED.filter((_, index) => uuid(1 + (index % 2)) === issueId);
          const below = ofIssue.filter(({ orderKey }) => upTo === null || orderKey <= upTo);
          return lastFirst(below)
            .slice(0, limit)
            .map(({ name }) => name);
        });
        const namesOf = (found: Loaded["marks"]) =>
          found.map((marks) =>
            allReadable(marks).map(({ orderKey }) => COMPARED.find((each) => each.orderKey === orderKey)?.name),
          );
        const found = await read(context, (reader) => reader.findMarks(requests));
        expectEqual(`the nearest marks, at most ${String(limit)}`, namesOf(found), expected);
        const { marks } = await load(context, { details: () => ({ marks: requests }) });
        expectEqual(`the nearest marks that are loaded, at most ${String(limit)}`, namesOf(marks), expected);
      }
    },
  },
  {
    id: "marks-follow-releases",
    title: "marks have the version, line, number and date of their releases as they are now",
    requires: "findMarks() returns marks with their releases as they are stored now.",
    async run(context) {
      const { known, announced } = sampleReleases();
      const [first, , second] = known;
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, [...known, announced]), ...inProject(BLOG.id, [second])],
        newIssues: [sampleIssue(1), ELSEWHERE].map(newIssue),
        marks: [
          { issueId: uuid(1), mark: seen({ ...first, version: "of an earlier read", number: 77, releasedAt: 0 }) },
          { issueId: uuid(1), mark: fixed(second) },
          { issueId: uuid(1), mark: fixed(announced) },
          { issueId: ELSEWHERE.id, mark: fixed(second) },
        ],
      });
      await expectMarks(context, "marks of which only what happened is stored", [
        [uuid(1), [seen(first), fixed(second), fixed(announced)]],
      ]);
      const { becameLatest: _, ...others } = second;
      const changed: Release[] = [
        { ...first, releasedAt: NOON - MINUTE, becameLatest: false },
        { ...others, version: "2", line: "another line", lineNumber: 60, standing: "retired", releasedAt: NOON - 1 },
        { ...announced, standing: "known", number: 61, releasedAt: NOON + MINUTE, becameLatest: true },
      ];
      await write(context, { releases: inProject(SHOP.id, changed) });
      const [firstNow = first, secondNow = second, announcedNow = announced] = changed;
      await expectMarks(context, "marks when their releases were saved again", [
        [uuid(1), [seen(firstNow), fixed(secondNow), fixed(announcedNow)]],
        [ELSEWHERE.id, [fixed(second)]],
      ]);
    },
  },
  {
    id: "marks-moved",
    title: "all marks for a release move to its new order key, or are removed, in its project alone",
    requires: "write() moves marks to another order key, or removes them, of all issues of a project.",
    async run(context) {
      const { known, announced, alone, all } = sampleReleases();
      const timeline = {
        count: 7,
        latest: known[2],
        placedBy: "",
        lines: new Map([[alone.line, { number: alone.lineNumber, latest: undefined }]]),
      };
      const { release } = registerRelease(timeline, readSample(alone.version), NOON + MINUTE);
      const marks = [fixed(alone), seen(announced), fixed(known[0])];
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, all), ...inProject(BLOG.id, all)],
        newIssues: [sampleIssue(1, { state: PLAIN }), sampleIssue(2, { state: MUTED }), ELSEWHERE].map(newIssue),
        marks: [uuid(1), uuid(2), ELSEWHERE.id].flatMap((issueId) => marks.map((mark) => ({ issueId, mark }))),
      });
      await write(context, {
        releases: inProject(SHOP.id, [release]),
        movedMarks: [
          { projectId: SHOP.id, from: alone.orderKey, to: release.orderKey },
          { projectId: SHOP.id, from: announced.orderKey, to: null },
          { projectId: SHOP.id, from: known[1].orderKey, to: null },
        ],
      });
      await expectMarks(
        context,
        "the marks",
        [uuid(1), uuid(2)].map((id) => [id, [fixed(release), fixed(known[0])]]),
      );
      await expectMarks(context, "marks in another project", [[ELSEWHERE.id, marks]]);
      const nearest = [release, announced].map(({ orderKey }) => ({ issueId: uuid(1), upTo: orderKey, limit: 1 }));
      const found = await read(context, (reader) => reader.findMarks(nearest));
      expectEqual("the nearest marks", found, [[fixed(release)], [fixed(known[0])]]);
    },
  },
  {
    id: "marks-merged",
    title: "where a mark is moved to another one of its issue, one stays that says what both say",
    requires: "write() moves marks: where an issue has a mark at both keys, it keeps `mergeMarks(present, moved)`.",
    async run(context) {
      const [first, second, third] = threeReleases();
      const kinds = (release: Release): ReleaseMark[] => [
        seen(release),
        { ...markedRelease(release), last: "seen", fixedAt: NOON - release.number },
        { ...markedRelease(release), last: "fixed", fixedAt: NOON - release.number, seen: false },
        { ...markedRelease(release), last: "fixed", fixedAt: NOON + release.number, seen: true },
      ];
      const pairs = kinds(first).flatMap((moved) => kinds(second).map((present) => ({ moved, present })));
      const ofPairs = pairs.map((pair, index) => ({ id: uuid(index + 1), ...pair }));
      const [onlyMoved, three] = [uuid(50), uuid(51)];
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [first, second, third]),
        newIssues: [...pairs.map((_, index) => index + 1), 50, 51].map((number) => newIssue(sampleIssue(number))),
        marks: [
          ...ofPairs.flatMap(({ id, moved, present }) => [moved, present].map((mark) => ({ issueId: id, mark }))),
          { issueId: onlyMoved, mark: seen(first) },
          ...[fixed(first, NOON + 5), seen(second), fixed(third)].map((mark) => ({ issueId: three, mark })),
        ],
      });
      await write(context, {
        movedMarks: [first, third].map(({ orderKey }) => ({
          projectId: SHOP.id,
          from: orderKey,
          to: second.orderKey,
        })),
      });
      await expectMarks(context, "marks that were merged", [
        ...ofPairs.map(({ id, moved, present }) => [id, [at(second, mergeMarks(present, moved))]] as const),
        [onlyMoved, [seen(second)]],
        [three, [{ ...fixed(second, NOON + 5), seen: true }]],
      ]);
    },
  },
  {
    id: "marks-removed",
    title: "a mark that was removed is not found, and can be saved again; others stay",
    requires: "write() removes marks by issue and order key.",
    async run(context) {
      const [first, second, third] = threeReleases();
      const both = [first, second].map((release) => fixed(release));
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [first, second, third]),
        newIssues: [sampleIssue(1), sampleIssue(2)].map(newIssue),
        marks: [uuid(1), uuid(2)].flatMap((issueId) => both.map((mark) => ({ issueId, mark }))),
      });
      await write(context, { deletedMarks: [{ issueId: uuid(1), orderKey: second.orderKey }] });
      await expectMarks(context, "the marks", [
        [uuid(1), [fixed(first)]],
        [uuid(2), both],
      ]);
      await write(context, { marks: [{ issueId: uuid(1), mark: seen(second) }] });
      await expectMarks(context, "a mark that was saved again", [[uuid(1), [fixed(first), seen(second)]]]);
    },
  },
  {
    id: "fixed-in",
    title: "issues are selected as long as a fix is the last thing that happened in a release",
    requires:
      "load() returns the issues of a project whose mark for the release with an order key is a fix claim, at most `limit`.",
    async run(context) {
      const [first, second, third] = threeReleases();
      const [longer] = releasesAt(`${first.orderKey}a`).map((release) => ({ ...release, number: 9 }));
      if (longer === undefined) return;
      const issues = [1, 2, 3, 4].map((number) => sampleIssue(number));
      const lowest = sampleIssue(5, { id: uuid(0) });
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, [first, second, third, longer]), ...inProject(BLOG.id, [first])],
        newIssues: [...issues, lowest, ELSEWHERE].map(newIssue),
        marks: [
          { issueId: lowest.id, mark: seen(first) },
          { issueId: lowest.id, mark: fixed(longer) },
          ...[1, 2, 4].map((number) => ({ issueId: uuid(number), mark: fixed(first) })),
          { issueId: uuid(3), mark: { ...markedRelease(first), last: "seen", fixedAt: NOON } },
          { issueId: uuid(3), mark: fixed(second) },
          { issueId: ELSEWHERE.id, mark: fixed(first) },
        ],
      });
      const fixedIn = async (release: Release, projectId = SHOP.id, limit = 9): Promise<readonly string[]> => {
        const selection = { fixedIn: { projectId, orderKey: release.orderKey }, limit };
        const { issues: found } = await load(context, { issues: selection });
        return found.map(({ id }) => id).toSorted();
      };
      expectEqual("those of the first release", await fixedIn(first), [uuid(1), uuid(2), uuid(4)]);
      expectEqual("how many, if at most three", (await fixedIn(first, SHOP.id, 3)).length, 3);
      expectEqual("how many, if at most two", (await fixedIn(first, SHOP.id, 2)).length, 2);
      expectEqual("how many, if at most one", (await fixedIn(first, SHOP.id, 1)).length, 1);
      expectEqual("those of one whose order key begins with another", await fixedIn(longer), [lowest.id]);
      expectEqual("those of the second", await fixedIn(second), [uuid(3)]);
      expectEqual("those of the third", await fixedIn(third), []);
      expectEqual("those of another project", await fixedIn(first, BLOG.id), [ELSEWHERE.id]);
      expectEqual("those of an unknown project", await fixedIn(first, "nowhere"), []);
      await write(context, {
        deletedMarks: [{ issueId: uuid(1), orderKey: first.orderKey }],
        marks: [{ issueId: uuid(2), mark: markSeen(first, fixed(first)) }],
      });
      expectEqual("after a claim was withdrawn, and an occurrence", await fixedIn(first), [uuid(4)]);
      await write(context, {
        movedMarks: [{ projectId: SHOP.id, from: first.orderKey, to: third.orderKey }],
      });
      expectEqual("where marks were moved to", await fixedIn(third), [uuid(4)]);
      expectEqual("where they were moved from", await fixedIn(first), []);
      await write(context, { deletedIssues: [uuid(4)] });
      expectEqual("after the issue was deleted", await fixedIn(third), []);
    },
  },
];
