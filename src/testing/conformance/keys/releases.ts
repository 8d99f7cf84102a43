import { markFixed } from "../../../core/release-mark.ts";
import { compareReleases, type KnownRelease } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext } from "../case.ts";
import { abbreviated } from "../long-text.ts";
import { inProject, newIssue, NOON, releasesAt } from "../samples.ts";
import { expectByKey, oneByOne, others, stored } from "./key-texts.ts";
import { inBoth, twoProjects, type TwoProjects } from "./two-projects.ts";

/** Releases that differ in what is given only. */
function releasesWith(count: number, textsAt: (index: number) => Partial<KnownRelease>): KnownRelease[] {
  const orderKeys = Array.from({ length: count }, (_, index) => `016000.${String(1_000 + index)}`);
  return releasesAt(...orderKeys).map((release, index) => ({ ...release, ...textsAt(index) }));
}

/** Those of some releases that belong to each of two projects. */
function split({ idAt }: TwoProjects, releases: readonly KnownRelease[]) {
  return releases.map((release, index) => ({ projectId: idAt(index), release }));
}

/** Releases with different names are different releases. */
export async function expectReleaseNamesApart(context: CaseContext, names: readonly string[]): Promise<void> {
  const places = await twoProjects(context, 5);
  const releases = releasesWith(names.length, (index) => ({ name: names[index] ?? "" }));
  await write(context, { releases: split(places, releases) });
  const { refs, expected } = inBoth(places, names, releases);
  const releaseRefs = refs.map(({ projectId, key }) => ({ projectId, name: key, line: "the line" }));
  const find = () => read(context, (reader) => reader.findReleases(releaseRefs));
  expectByKey("releases by name", refs, await find(), expected);
  const loaded = await load(context, { releases: releaseRefs });
  expectByKey("loaded releases by name", refs, loaded.releases, expected);
  await write(context, { deletedReleases: releaseRefs.filter((_, index) => expected[index] === undefined) });
  expectByKey("releases by name, after others were removed", refs, await find(), expected);
}

/** Different lines are different lines. */
export async function expectLinesApart(context: CaseContext, lines: readonly string[]): Promise<void> {
  const places = await twoProjects(context, 6);
  const releases = releasesWith(lines.length, (index) => ({
    line: lines[index] ?? "",
    lineNumber: index + 1,
    becameLatest: true,
  }));
  await write(context, { releases: split(places, releases) });
  const { refs, expected } = inBoth(
    places,
    lines,
    releases.map((latest) => ({ number: latest.lineNumber, latest })),
  );
  const requests = places.ids.map((projectId) => ({ projectId, lines }));
  const found = await read(context, (reader) => reader.findTimelines(requests));
  const { timelines } = await load(context, { timelines: requests });
  const linesIn = (answer: typeof found) => refs.map(({ projectId, key }) => answer.get(projectId)?.lines.get(key));
  expectByKey("lines", refs, linesIn(found), expected);
  expectByKey("loaded lines", refs, linesIn(timelines), expected);
}

/** Releases and marks are found by their order keys, and are in the order of these, compared as ASCII texts. */
export async function expectOrderKeysApart(context: CaseContext, orderKeys: readonly string[]): Promise<void> {
  const { ids, issueAt } = await twoProjects(context, 7);
  const [projectId] = ids;
  const issue = issueAt(0);
  // Not in the order of the keys.
  const releases = releasesAt(...stored(orderKeys), ...others(orderKeys));
  const marks = releases.map((release) => ({ issueId: issue.id, mark: markFixed(release, undefined, NOON) }));
  await write(context, { releases: inProject(projectId, releases), newIssues: [newIssue(issue)], marks });
  const ordered = releases.toSorted(compareReleases).map(({ orderKey }) => orderKey);
  const nearest = async () => {
    const requests = ordered.map((upTo) => ({ issueId: issue.id, upTo, limit: 1 }));
    const found = await read(context, (reader) => reader.findMarks(requests));
    return found.map((each) => allReadable(each).map(({ orderKey }) => orderKey));
  };
  const own = ordered.map((orderKey) => [orderKey]);
  expectByKey("nearest marks by order key", ordered, await nearest(), own);
  await read(context, async (reader) => {
    const pages = await oneByOne(ordered, async (before) => {
      const page = allReadable(await reader.pageReleases(projectId, before, 2));
      return page.map(({ orderKey }) => orderKey);
    });
    const below = ordered.map((_, index) => ordered.slice(Math.max(0, index - 2), index).reverse());
    expectByKey("releases before order keys", ordered, pages, below);
    const all = (await reader.findMarks([{ issueId: issue.id, upTo: null, limit: 9_999 }])).flat();
    const keys = allReadable(all).map(({ orderKey }) => orderKey);
    expectEqual("all marks, in order", abbreviated(keys), abbreviated(ordered.toReversed()));
  });
  await write(context, {
    movedMarks: stored(ordered).map((from) => ({ projectId, from, to: null })),
    deletedMarks: others(ordered)
      .slice(0, -1)
      .map((orderKey) => ({ issueId: issue.id, orderKey })),
  });
  const left = others(ordered).slice(-1);
  const leftAt = ordered.map((orderKey) => left.filter((each) => each <= orderKey));
  expectByKey("marks that were not removed", ordered, await nearest(), leftAt);
  const fixed = await oneByOne(ordered, async (orderKey) => {
    const { issues } = await load(context, { issues: { fixedIn: { projectId, orderKey }, limit: 9 } });
    return issues.length;
  });
  const marked = ordered.map((orderKey) => (left.includes(orderKey) ? 1 : 0));
  expectByKey("issues with a fix claim at an order key", ordered, fixed, marked);
}
