import { compareReleases, type KnownRelease, type Release, type ReleaseTimeline } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { StoreReader } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { expectAnswers, lookups, MANY, NO_LIMIT, numbersTo, refsIn, shuffled } from "../many.ts";
import { inProject, NOON, refOf, SHOP } from "../samples.ts";

const LINES = 1_100;

/** A release of one of many lines. The order in a line is not that of the numbers; some are announced or retired. */
function releaseOf(number: number, edition: string): Release {
  const lineNumber = ((number - 1) % LINES) + 1;
  const rank = Math.floor((number - 1) / LINES);
  const place = [5, 9, 1][rank] ?? 0;
  const base = {
    version: `version ${String(number)} of ${edition}`,
    name: `name ${String(number)}`,
    line: `line ${String(lineNumber)}`,
    lineNumber,
    number,
    orderKey: `${String(lineNumber).padStart(6, "0")}.${String(place)}${edition}`,
    placedBy: `order/${String(number)}`,
  };
  const at = NOON + ((number * 7_919) % MANY);
  if (number % 7 === 0) return { ...base, standing: "announced", announcedAt: at };
  if (number % 7 === 1) return { ...base, standing: "retired", releasedAt: at };
  return { ...base, standing: "known", releasedAt: at, becameLatest: rank < 2 && number % 3 > 0 };
}

const isKnown = (release: Release): release is KnownRelease => release.standing === "known";

/** The timeline of releases, with all lines. */
function timelineOf(releases: readonly Release[], count: number): ReleaseTimeline {
  const byNumber = releases.toSorted((one, other) => one.number - other.number);
  const lines = new Map<string, { readonly number: number; readonly latest: KnownRelease | undefined }>();
  for (const release of releases.toSorted(compareReleases)) {
    const latest = isKnown(release) ? release : lines.get(release.line)?.latest;
    lines.set(release.line, { number: release.lineNumber, latest });
  }
  const latest = byNumber.filter(isKnown).findLast(({ becameLatest }) => becameLatest);
  return { count, latest, placedBy: byNumber.at(-1)?.placedBy, lines };
}

/** All pages of a project's releases, of at most 1,000 each. */
async function pagesOf(reader: StoreReader): Promise<Release[]> {
  const releases: Release[] = [];
  for (let before: string | null = null; releases.length <= MANY;) {
    const page: readonly Release[] = allReadable(await reader.pageReleases(SHOP.id, before, 1_000));
    releases.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    before = last.orderKey;
  }
  return releases;
}

const LINE_NAMES = shuffled(numbersTo(MANY)).map((number) => `line ${String(number)}`);

/** Compares all that is stored of a project's releases. Those that are not there any more are looked for too. */
async function expectStored(context: CaseContext, what: string, releases: readonly Release[]): Promise<void> {
  const stored = new Map(releases.map((release) => [release.name, release]));
  const asked = lookups(
    numbersTo(MANY).map((number) => releaseOf(number, "")),
    (release) => ({ ref: refOf(SHOP.id, release), answer: stored.get(release.name) }),
    (number) => refOf(SHOP.id, releaseOf(10_000 + number, "")),
  );
  const requests = [{ projectId: SHOP.id, lines: LINE_NAMES }];
  const timeline = timelineOf(releases, MANY);
  const greatestFirst = releases.toSorted(compareReleases).reverse();
  await read(context, async (reader) => {
    expectAnswers(`releases ${what}`, await reader.findReleases(refsIn(asked)), asked);
    const timelines = await reader.findTimelines(requests);
    expectEqual(`the timeline ${what}`, timelines.get(SHOP.id), timeline);
    expectEqual(`all releases ${what}`, await reader.pageReleases(SHOP.id, null, NO_LIMIT), greatestFirst);
    expectEqual(`pages of releases ${what}`, await pagesOf(reader), greatestFirst);
  });
  const loaded = await load(context, { releases: refsIn(asked), timelines: requests });
  expectAnswers(`loaded releases ${what}`, loaded.releases, asked);
  expectEqual(`the loaded timeline ${what}`, loaded.timelines.get(SHOP.id), timeline);
}

/** Many releases. */
export const largeReleaseCases: readonly ConformanceCase[] = [
  {
    id: "many-releases",
    title: "thousands of releases in a thousand lines are saved, replaced, removed, found and listed at once",
    requires: "A batch of any size is accepted: of releases, of references to them, and of lines.",
    async run(context) {
      const first = numbersTo(MANY).map((number) => releaseOf(number, ""));
      await write(context, { projects: [SHOP], releases: inProject(SHOP.id, shuffled(first)) });
      await expectStored(context, "as they were saved", first);
      const second = numbersTo(MANY).map((number) => releaseOf(number, "a"));
      await write(context, { releases: inProject(SHOP.id, shuffled(second)) });
      await expectStored(context, "as they were replaced", second);
      const [removed, left] = [0, 1].map((rest) => second.filter(({ lineNumber }) => lineNumber % 2 === rest));
      const deletedReleases = shuffled(removed ?? []).map((release) => refOf(SHOP.id, release));
      await write(context, { deletedReleases });
      await expectStored(context, "that were not removed", left ?? []);
    },
  },
];
