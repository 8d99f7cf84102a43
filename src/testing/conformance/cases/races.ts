import { IssueLifecycleError } from "../../../core/errors.ts";
import { registerRelease } from "../../../core/release.ts";
import type { StoreTransaction } from "../../../ports/issue-store.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { pause, persist, race, RACERS } from "../race.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { newIssue, NOON, sampleEvent, sampleGroup, sampleIssue, SHOP, uuid } from "../samples.ts";

const seed = (context: CaseContext): Promise<void> =>
  write(context, async (transaction) => {
    await transaction.saveProject(SHOP);
    await transaction.insertIssues([newIssue(sampleIssue(1, { eventCount: 1 }))]);
  });

/** What several transactions do at once. */
export const raceCases: readonly ConformanceCase[] = [
  {
    id: "race-on-an-issue",
    title: "transactions that count up one issue at once lose no count",
    requires: "lockIssues(): until the transaction ends, no other one is able to change or delete the issues.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      await race(context, async (transaction) => {
        const before = (await transaction.lockIssues([uuid(1)])).get(uuid(1));
        if (before === undefined) throw new Error("the issue is gone");
        await pause();
        await transaction.updateIssues([{ before, after: { ...before, eventCount: before.eventCount + 1 } }]);
      });
      const found = await context.store.read((reader) => reader.findIssues([uuid(1)]));
      expectEqual("the count", found.get(uuid(1))?.eventCount, 1 + RACERS);
    },
  },
  {
    id: "race-on-a-digest",
    title: "digests of one group at once lose no count, and of one event count it once",
    requires:
      "loadForDigest(): until the transaction ends, no other one is able to change an issue given; whoever comes later finds what this one made.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      const group = sampleGroup(sampleIssue(1));
      const outcomes = await race(context, async (transaction, racer) => {
        const id = `event ${String(racer >> 1)}`;
        const { issues, duplicateOf } = await transaction.loadForDigest({
          events: [{ projectId: SHOP.id, id }],
          groups: [group],
          releases: [],
        });
        const [before] = issues;
        if (before === undefined) throw new Error("the issue is gone");
        await pause();
        if (duplicateOf[0] !== undefined) return "duplicate";
        await transaction.updateIssues([{ before, after: { ...before, eventCount: before.eventCount + 1 } }]);
        await transaction.insertEvents([sampleEvent(before, id)]);
        return "counted";
      });
      const counted = outcomes.filter((outcome) => outcome === "counted").length;
      expectEqual("the events that were counted", counted, RACERS / 2);
      const found = await context.store.read((reader) => reader.findIssues([uuid(1)]));
      expectEqual("the count", found.get(uuid(1))?.eventCount, 1 + RACERS / 2);
    },
  },
  {
    id: "race-on-a-new-group",
    title: "the first events of a group at once open one issue, and numbers are given once",
    requires:
      "loadForDigest(): where a group has no issue, no other transaction is able to create it until this one ends.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      const outcomes = await race(context, async (transaction, racer) => {
        const group = { projectId: SHOP.id, strategy: "race/1", key: `key ${String(racer % 3)}` };
        const { issues, projects } = await transaction.loadForDigest({ events: [], groups: [group], releases: [] });
        await pause();
        const [found] = issues;
        if (found !== undefined) return found.number;
        const number = (projects.get(SHOP.id)?.issueCount ?? 0) + 1;
        await transaction.insertIssues([{ issue: sampleIssue(100 + racer, { number }), group }]);
        return number;
      });
      expectEqual(
        "the numbers",
        [...new Set(outcomes)].sort((one, other) => one - other),
        [2, 3, 4],
      );
      const stored = await context.store.read((reader) => reader.findProjects([SHOP.id]));
      expectEqual("the issue count", stored.get(SHOP.id)?.issueCount, 4);
    },
  },
  {
    id: "race-on-an-event",
    title: "digests of one event for different issues at once take it once",
    requires: "Two transactions that touch the same event come out as one of them after the other.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      await write(context, (transaction) => transaction.insertIssues([newIssue(sampleIssue(2))]));
      const outcomes = await race(context, async (transaction, racer) => {
        const issue = sampleIssue(1 + (racer % 2));
        const event = { projectId: SHOP.id, id: "the event" };
        const asked = { events: [event], groups: [sampleGroup(issue)], releases: [] };
        const { duplicateOf } = await transaction.loadForDigest(asked);
        await pause();
        if (duplicateOf[0] !== undefined) return [];
        await transaction.insertEvents([sampleEvent(issue, event.id)]);
        return [issue.id];
      });
      const taken = outcomes.flat();
      expectEqual("how often it was taken", taken.length, 1);
      const stored = await context.store.read((reader) => reader.findEvent({ projectId: SHOP.id, id: "the event" }));
      expectEqual("the issue it belongs to", stored?.issueId, taken[0]);
    },
  },
  {
    id: "race-on-a-slug",
    title: "projects that want one slug at once do not both get it",
    requires: "Two transactions that touch the same project come out as one of them after the other.",
    needs: "second-handle",
    async run(context) {
      const saved = await race(context, async (transaction, racer) => {
        const project = { ...SHOP, id: `project ${String(racer)}`, slug: "wanted" };
        try {
          await transaction.saveProject(project);
          await pause();
        } catch (error) {
          if (IssueLifecycleError.is(error) && error.code === "slug-taken") return [];
          throw error;
        }
        return [project.id];
      });
      const owners = saved.flat();
      expectEqual("how many got it", owners.length, 1);
      const stored = await context.store.read((reader) => reader.findProjectBySlug("WANTED"));
      expectEqual("whose it is", stored?.project.id, owners[0]);
    },
  },
  {
    id: "race-on-releases",
    title: "releases that become known at once each get a number and a place of their own",
    requires: "lockTimelines(): until the transaction ends, no other one is able to save a release there.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      await race(context, async (transaction, racer) => {
        const timeline = (await transaction.lockTimelines([SHOP.id])).get(SHOP.id);
        if (timeline === undefined) throw new Error("no timeline");
        await pause();
        const { release } = registerRelease(timeline, `1.${String(racer)}.0`, NOON);
        await transaction.saveReleases(SHOP.id, [release]);
      });
      const releases = await context.store.read((reader) => reader.pageReleases(SHOP.id, null, 99));
      const numbers = releases.map(({ number }) => number).sort((one, other) => one - other);
      expectEqual(
        "the numbers",
        numbers,
        Array.from({ length: RACERS }, (_, index) => index + 1),
      );
      expectEqual("the last", releases[0]?.version, `1.${String(RACERS - 1)}.0`);
    },
  },
  {
    id: "reads-are-consistent",
    title: "a read sees one state throughout, and never half of a transaction",
    requires: "read() runs reads that all see the same state, and never that of an unfinished transaction.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      await write(context, (transaction) => transaction.insertIssues([newIssue(sampleIssue(2, { eventCount: 1 }))]));
      const second = await context.openSecond();
      const countBothIn = async (transaction: StoreTransaction): Promise<void> => {
        for (const id of [uuid(1), uuid(2)]) {
          const before = (await transaction.lockIssues([id])).get(id);
          if (before === undefined) throw new Error("the issue is gone");
          await transaction.updateIssues([{ before, after: { ...before, eventCount: before.eventCount + 1 } }]);
          await pause();
        }
      };
      const countBoth = async (): Promise<void> => {
        for (let round = 0; round < RACERS; round++) {
          await persist(() => second.transaction(countBothIn));
        }
      };
      const look = async (): Promise<void> => {
        for (let round = 0; round < RACERS; round++) {
          const counts = await persist(() =>
            context.store.read(async (reader) => {
              const first = (await reader.findIssues([uuid(1)])).get(uuid(1))?.eventCount;
              await pause();
              return [first, (await reader.findIssues([uuid(2)])).get(uuid(2))?.eventCount];
            }),
          );
          expectEqual("the two counts that change together", counts[1], counts[0]);
        }
      };
      await Promise.all([countBoth(), look()]);
    },
  },
];
