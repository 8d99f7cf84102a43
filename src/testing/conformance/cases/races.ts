import { IssueLifecycleError } from "../../../core/errors.ts";
import { markSeen } from "../../../core/release-mark.ts";
import { registerRelease } from "../../../core/release.ts";
import { allReadable, requireReadable } from "../../../core/unreadable.ts";
import type { LoadRequest, StoreTransaction } from "../../../ports/issue-store.ts";
import { expectEqual, failureOf } from "../../assertion/assertion.ts";
import { read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { pause, race, RACERS, retry, startAtOnce } from "../race.ts";
import {
  inProject,
  newIssue,
  NOON,
  readSample,
  refOf,
  releasesAt,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  SHOP,
  uuid,
} from "../samples.ts";

const seed = (context: CaseContext): Promise<void> =>
  write(context, { projects: [SHOP], newIssues: [newIssue(sampleIssue(1, { eventCount: 1 }))] });

/** The event counts of some issues, in their order. */
async function eventCounts(context: CaseContext, ...ids: readonly string[]): Promise<(number | undefined)[]> {
  const found = allReadable(await read(context, (reader) => reader.findIssues({ ids })));
  return ids.map((id) => found.find((issue) => issue.id === id)?.eventCount);
}

/** The package of a racer's release: each line has racers of both handles, and of both kinds of requests. */
const packageOf = (racer: number): string => (racer % 8 < 4 ? "web" : "api");

/** Counts one event of an issue that was loaded under a lock. */
async function countUp(transaction: StoreTransaction, id: string): Promise<void> {
  const [before] = allReadable((await transaction.load({ issues: { ids: [id] } })).issues);
  if (before === undefined) throw new Error("The issue is gone.");
  await pause();
  await transaction.write({ updates: [{ before, after: { ...before, eventCount: before.eventCount + 1 } }] });
}

/** Concurrent transactions. */
export const raceCases: readonly ConformanceCase[] = [
  {
    id: "race-on-an-issue",
    title: "concurrent transactions that count up one issue lose no count",
    requires: "load(): until the transaction ends, no other can change or delete an issue that was returned.",
    needs: ["second-handle"],
    async run(context) {
      await seed(context);
      await race(context, (transaction) => countUp(transaction, uuid(1)));
      expectEqual("the count (if it is lower, updates were lost)", await eventCounts(context, uuid(1)), [1 + RACERS]);
    },
  },
  {
    id: "race-on-a-digest",
    title: "concurrent digests of one group lose no count, and count one event once",
    requires: "load(): until the transaction ends, no other can change an issue that was returned.",
    needs: ["second-handle"],
    async run(context) {
      await seed(context);
      const groups = [sampleGroup(sampleIssue(1))];
      const outcomes = await race(context, async (transaction, racer) => {
        const id = `event ${String(racer >> 1)}`;
        const { grouped, duplicateOf } = await transaction.load({ events: [{ projectId: SHOP.id, id }], groups });
        const [before] = allReadable(grouped.filter((issue) => issue !== undefined));
        if (before === undefined) throw new Error("The issue is gone.");
        await pause();
        if (duplicateOf[0] !== undefined) return "duplicate";
        await transaction.write({
          updates: [{ before, after: { ...before, eventCount: before.eventCount + 1 } }],
          events: [sampleEvent(before, id)],
        });
        return "counted";
      });
      const counted = outcomes.filter((outcome) => outcome === "counted").length;
      expectEqual("the events that were counted", counted, RACERS / 2);
      expectEqual("the count (if it is lower, updates were lost)", await eventCounts(context, uuid(1)), [
        1 + RACERS / 2,
      ]);
    },
  },
  {
    id: "race-on-a-new-group",
    title: "concurrent first events of a group open one issue, and each number is given once",
    requires: "load(): where a group has no issue, no other transaction can give it one: a later one finds this one's.",
    needs: ["second-handle"],
    async run(context) {
      await seed(context);
      const outcomes = await race(context, async (transaction, racer) => {
        const group = { projectId: SHOP.id, strategy: "race/1", key: `key ${String(racer % 3)}` };
        const { grouped, projects } = await transaction.load({ groups: [group] });
        await pause();
        const [found] = grouped;
        if (found !== undefined) return requireReadable(found).id;
        const number = (projects.get(SHOP.id)?.issueCount ?? 0) + 1;
        const issue = sampleIssue(100 + racer, { number });
        await transaction.write({ newIssues: [{ issue, group }] });
        return issue.id;
      });
      const ids = [...new Set(outcomes)];
      const issues = allReadable(await read(context, (reader) => reader.findIssues({ ids })));
      const numbers = issues.map(({ number }) => number).sort((one, other) => one - other);
      expectEqual("how many issues there are for three groups", ids.length, 3);
      expectEqual("the numbers", numbers, [2, 3, 4]);
      const [stored] = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }));
      expectEqual("the issue count (if it is lower, updates were lost)", stored?.issueCount, 4);
    },
  },
  {
    id: "race-on-an-event",
    title: "concurrent digests of one event for different issues take it once",
    requires: "Two transactions that touch the same event have the result of running one after the other.",
    needs: ["second-handle"],
    async run(context) {
      await seed(context);
      await write(context, { newIssues: [newIssue(sampleIssue(2))] });
      const event = { projectId: SHOP.id, id: "the event" };
      const outcomes = await race(context, async (transaction, racer) => {
        const issue = sampleIssue(1 + (racer % 2));
        const { duplicateOf } = await transaction.load({ events: [event], groups: [sampleGroup(issue)] });
        await pause();
        if (duplicateOf[0] !== undefined) return [];
        await transaction.write({ events: [sampleEvent(issue, event.id)] });
        return [issue.id];
      });
      const taken = outcomes.flat();
      expectEqual("how often it was taken", taken.length, 1);
      const stored = await read(context, (reader) => reader.findEvent(event));
      expectEqual("the issue it belongs to", stored?.issueId, taken[0]);
    },
  },
  {
    id: "race-on-a-slug",
    title: "of concurrent projects with the same slug, exactly one is saved",
    requires: "Two transactions that touch the same project have the result of running one after the other.",
    needs: ["second-handle"],
    async run(context) {
      const saved = await startAtOnce(context, async (store, racer) => {
        const project = { ...SHOP, id: `project ${String(racer)}`, slug: "wanted" };
        const failure = await failureOf(() =>
          retry(() => store.transaction((each) => each.write({ projects: [project] }))),
        );
        if (failure === undefined) return [project.id];
        expectEqual("whether the slug was taken", IssueLifecycleError.is(failure) && failure.code, "slug-taken");
        return [];
      });
      const owners = saved.flat();
      expectEqual("how many got it", owners.length, 1);
      const [stored] = await read(context, (reader) => reader.findProjects({ slugKey: "WANTED" }));
      expectEqual("the project that has it", stored?.project.id, owners[0]);
    },
  },
  {
    id: "race-on-releases",
    title: "concurrent new releases each get a number and a place of their own",
    requires:
      "load(): until the transaction ends, no other can save a release in a project whose timeline was returned.",
    needs: ["second-handle"],
    async run(context) {
      await seed(context);
      await race(context, async (transaction, racer) => {
        const release = readSample(`${packageOf(racer)}@1.${String(racer)}.0`);
        const { line, name } = release.place;
        // Half of the racers request the timeline, the others a release that is not known.
        const request: LoadRequest =
          racer % 4 < 2
            ? { timelines: [{ projectId: SHOP.id, lines: [line] }] }
            : { releases: [{ projectId: SHOP.id, name, line }] };
        const timeline = (await transaction.load(request)).timelines.get(SHOP.id);
        if (timeline === undefined) throw new Error("There is no timeline.");
        await pause();
        const registered = registerRelease(timeline, release, NOON);
        await transaction.write({ releases: inProject(SHOP.id, [registered.release]) });
      });
      const releases = allReadable(await read(context, (reader) => reader.pageReleases(SHOP.id, null, 99)));
      const numbers = releases.map(({ number }) => number).sort((one, other) => one - other);
      expectEqual(
        "the numbers",
        numbers,
        Array.from({ length: RACERS }, (_, index) => index + 1),
      );
      for (const ofLine of Map.groupBy(releases, ({ line }) => line).values()) {
        const opened = Math.min(...ofLine.map(({ number }) => number));
        const lineNumbers = [...new Set(ofLine.map(({ lineNumber }) => lineNumber))];
        expectEqual("the number of a line: that of the release that opened it", lineNumbers, [opened]);
      }
    },
  },
  {
    id: "race-on-marks",
    title: "no mark is lost that is saved while its release gets another order key",
    requires:
      "load(): until the transaction ends, no other can give a release that was returned another order key, and so move its marks.",
    needs: ["second-handle"],
    async run(context) {
      const [release] = releasesAt("a");
      if (release === undefined) return;
      const issues = Array.from({ length: RACERS }, (_, index) => sampleIssue(index + 1));
      const refs = [refOf(SHOP.id, release)];
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [release]),
        newIssues: issues.map(newIssue),
      });
      await race(context, async (transaction, racer) => {
        // Half of the racers, on both handles, move the release; the others save a mark for it.
        const isMoving = racer % 4 < 2;
        const issueId = uuid(racer + 1);
        const { releases } = await transaction.load({
          releases: refs,
          ...(isMoving
            ? { timelines: [{ projectId: SHOP.id, lines: [] }] }
            : { details: () => ({ marks: [{ issueId, upTo: null, limit: 1 }] }) }),
        });
        const [found] = releases;
        if (found === undefined) throw new Error("The release is gone.");
        await pause();
        const { orderKey: from } = found;
        const to = `${from}a`;
        await transaction.write(
          isMoving
            ? {
                releases: inProject(SHOP.id, [{ ...found, orderKey: to }]),
                movedMarks: [{ projectId: SHOP.id, from, to }],
              }
            : { marks: [{ issueId, mark: markSeen(found, undefined) }] },
        );
      });
      const requests = issues.map(({ id }) => ({ issueId: id, upTo: null, limit: 9 }));
      const marks = await read(context, (reader) => reader.findMarks(requests));
      const moved = markSeen({ ...release, orderKey: "a".repeat(1 + RACERS / 2) }, undefined);
      expectEqual(
        "the marks",
        marks,
        issues.map((_, racer) => (racer % 4 < 2 ? [] : [moved])),
      );
    },
  },
  {
    id: "reads-are-consistent",
    title: "a read sees one state throughout, and never a part of a transaction",
    requires: "The reads of read() all see the same state, and never that of an unfinished transaction.",
    needs: ["second-handle"],
    async run(context) {
      await seed(context);
      await write(context, { newIssues: [newIssue(sampleIssue(2, { eventCount: 1 }))] });
      const second = await context.openSecond();
      const countBoth = async (): Promise<void> => {
        for (let round = 0; round < RACERS; round++) {
          await retry(() =>
            second.transaction(async (transaction) => {
              for (const id of [uuid(1), uuid(2)]) await countUp(transaction, id);
            }),
          );
        }
      };
      const compareBoth = async (): Promise<void> => {
        for (let round = 0; round < RACERS; round++) {
          const counts = await retry(() =>
            context.store.read(async (reader) => {
              const [first] = allReadable(await reader.findIssues({ ids: [uuid(1)] }));
              await pause();
              const [other] = allReadable(await reader.findIssues({ ids: [uuid(2)] }));
              return [first?.eventCount, other?.eventCount];
            }),
          );
          expectEqual("the two counts that change together", counts[1], counts[0]);
        }
      };
      await Promise.all([countBoth(), compareBoth()]);
    },
  },
];
