import { markFixed, markSeen, type ReleaseMark } from "../../../core/release-mark.ts";
import type { KnownRelease } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { IssueMark, MarkRequest } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import {
  expectAnswers,
  expectFound as expectFoundById,
  lookups,
  MANY,
  NO_LIMIT,
  numbersTo,
  refsIn,
  shuffled,
  type Lookup,
} from "../many.ts";
import { inProject, newIssue, NOON, releasesAt, sampleIssue, SHOP, uuid } from "../samples.ts";

const ISSUES = numbersTo(MANY).map((number) => sampleIssue(number));
const [FIRST_ID = "", ...OTHER_IDS] = ISSUES.map(({ id }) => id);

/** Releases whose order is not that of their numbers. */
function releasesOf(edition: string): KnownRelease[] {
  const keys = numbersTo(MANY).map((number) => `${edition}.${String((number * 7_919) % MANY).padStart(4, "0")}`);
  return releasesAt(...keys).map((release, index) => ({ ...release, name: `name ${String(index)}` }));
}

/** The release in which a fix of all issues but the first is claimed, after all others; and where it is moved to. */
const FIXED_IN = releasesAt("c").map((release) => ({ ...release, number: MANY + 1 }));
const MOVED_TO = FIXED_IN.map((release) => ({ ...release, orderKey: "d", version: "another version" }));

/** A mark of a release. No two are alike. */
function markOf(release: KnownRelease, later: number): ReleaseMark {
  const at = NOON + release.number + later;
  const isSeen = release.number % 2 === 0;
  if (release.number % 3 === 0) return markSeen(release, undefined);
  return markFixed(release, isSeen ? markSeen(release, undefined) : undefined, at);
}

/** The marks of the first issue, one for each release; and of each other issue one for the release of its place. */
function marksIn(releases: readonly KnownRelease[], later = 0): IssueMark[] {
  const ofFirst = releases.map((release) => ({ issueId: FIRST_ID, mark: markOf(release, later) }));
  const ofOthers = releases.flatMap((release, index) => {
    const id = OTHER_IDS[index];
    return id === undefined ? [] : [{ issueId: id, mark: markOf(release, later) }];
  });
  return [...ofFirst, ...ofOthers];
}

/** The fix claims in a release, of all issues but the first. */
function claimsIn(releases: readonly KnownRelease[]): IssueMark[] {
  return releases.flatMap((release) =>
    OTHER_IDS.map((issueId, index) => ({ issueId, mark: markFixed(release, undefined, NOON + index) })),
  );
}

type MarkLookup = Lookup<MarkRequest, readonly ReleaseMark[]>;

/** Requests for all marks of some issues, with the first, and for the marks of the first that are nearest to some of its own. */
function lookupsOf(marks: readonly IssueMark[], step = 2): MarkLookup[] {
  const byIssue = Map.groupBy(marks, ({ issueId }) => issueId);
  const ofIssue = (id: string): ReleaseMark[] => {
    const own = (byIssue.get(id) ?? []).map(({ mark }) => mark);
    return own.toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));
  };
  const all = { upTo: null, limit: NO_LIMIT };
  const isAsked = (_: unknown, index: number): boolean => index % step === 0;
  const nearest = (mark: ReleaseMark): MarkLookup => {
    return { ref: { issueId: FIRST_ID, upTo: mark.orderKey, limit: 1 }, answer: [mark] };
  };
  const asked: MarkLookup[] = [
    ...ISSUES.filter(isAsked).map(({ id }) => ({ ref: { issueId: id, ...all }, answer: ofIssue(id) })),
    ...ofIssue(FIRST_ID).filter(isAsked).map(nearest),
  ];
  return lookups(
    asked,
    (lookup) => lookup,
    (number) => ({ issueId: uuid(10_000 + number), ...all }),
  ).map(({ ref, answer }) => ({ ref, answer: answer ?? [] }));
}

async function expectFound(context: CaseContext, what: string, marks: readonly IssueMark[], step = 2): Promise<void> {
  const asked = lookupsOf(marks, step);
  expectAnswers(what, await read(context, (reader) => reader.findMarks(refsIn(asked))), asked);
}

async function expectLoaded(context: CaseContext, what: string, marks: readonly IssueMark[]): Promise<void> {
  const asked = lookupsOf(marks);
  const loaded = await load(context, { details: () => ({ marks: refsIn(asked) }) });
  expectAnswers(what, loaded.marks, asked);
}

async function expectFixed(context: CaseContext, orderKey: string): Promise<void> {
  const fixedIn = { projectId: SHOP.id, orderKey };
  const idOf = ({ id }: { readonly id: string }): string => id;
  const { issues } = await load(context, { issues: { fixedIn, limit: NO_LIMIT } });
  expectFoundById(`issues with a fix claim at ${orderKey}`, allReadable(issues), ISSUES.slice(1), idOf);
  const some = await load(context, { issues: { fixedIn, limit: 700 } });
  const found = new Set(allReadable(some.issues).map(idOf));
  expectEqual(`how many of 700 issues with a fix claim at ${orderKey}`, found.size, 700);
}

/** Many marks. */
export const largeMarkCases: readonly ConformanceCase[] = [
  {
    id: "many-marks",
    title: "thousands of marks, of one issue or of one release, are saved, replaced, moved, removed and found at once",
    requires: "A batch of any size is accepted: of marks, of moves of them, and of requests; and a limit of any size.",
    async run(context) {
      const [before, after] = [releasesOf("a"), releasesOf("b")];
      const [claims, movedClaims] = [claimsIn(FIXED_IN), claimsIn(MOVED_TO)];
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [...before, ...FIXED_IN]),
        newIssues: ISSUES.map(newIssue),
        marks: shuffled([...marksIn(before), ...claims]),
      });
      await expectFound(context, "marks as they were saved", [...marksIn(before), ...claims]);
      await expectFixed(context, "c");
      await write(context, { marks: shuffled(marksIn(before, 5)) });
      const moves = before.map(({ orderKey: from }, index) => {
        return { projectId: SHOP.id, from, to: index % 5 === 0 ? null : (after[index]?.orderKey ?? null) };
      });
      await write(context, {
        releases: inProject(SHOP.id, shuffled([...after, ...MOVED_TO])),
        movedMarks: shuffled([...moves, { projectId: SHOP.id, from: "c", to: "d" }]),
      });
      const kept = new Set(after.filter((_, index) => index % 5 > 0).map(({ orderKey }) => orderKey));
      const moved = marksIn(after, 5).filter(({ mark }) => kept.has(mark.orderKey));
      await expectLoaded(context, "loaded marks, replaced and moved", [...moved, ...movedClaims]);
      await expectFixed(context, "d");
      const [removed = [], left = []] = [0, 1].map((rest) => moved.filter((_, index) => index % 2 === rest));
      const deletedMarks = shuffled([...removed, ...movedClaims]).map(({ issueId, mark }) => {
        return { issueId, orderKey: mark.orderKey };
      });
      await write(context, { deletedMarks });
      await expectFound(context, "marks that were not removed", left, 10);
    },
  },
];
