import type { PendingRelease } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { pause, race, RACERS } from "../race.ts";
import { BLOG, MINUTE, NOON, SHOP } from "../samples.ts";

const SAMPLE: PendingRelease = {
  projectId: SHOP.id,
  name: "2.0.0",
  line: "version",
  number: 2,
  at: NOON,
  eventId: "event",
  reached: 500,
};

/** A text of a length that differs from others at its end only, and is damaged easily. */
const textOf = (length: number, end: string): string => `${" \u0000\ud800é".repeat(length).slice(0, length - 1)}${end}`;

async function expectPending(
  context: CaseContext,
  what: string,
  expected: Readonly<Record<string, readonly PendingRelease[]>>,
): Promise<void> {
  for (const [projectId, pending] of Object.entries(expected)) {
    const found = await read(context, (reader) => reader.findPendingReleases([projectId]));
    expectEqual(`${what}: those of ${projectId}`, found, pending);
  }
  const all = await read(context, (reader) => reader.findPendingReleases("all"));
  const both = await read(context, (reader) => reader.findPendingReleases([BLOG.id, "nowhere", SHOP.id]));
  for (const [projectId, pending] of Object.entries(expected)) {
    const ofProject = (each: PendingRelease): boolean => each.projectId === projectId;
    expectEqual(`${what}: those of ${projectId} among all`, all.filter(ofProject), pending);
    expectEqual(`${what}: those of ${projectId} among those of several projects`, both.filter(ofProject), pending);
  }
  expectEqual(
    `${what}: how many there are`,
    [all.length, both.length],
    Array(2).fill(Object.values(expected).flat().length),
  );
}

/** Releases that are applied to issues in steps. */
export const pendingReleaseCases: readonly ConformanceCase[] = [
  {
    id: "pending-releases-kept",
    title:
      "pending releases are returned as they were last saved, by project and in the order of their numbers, until removed",
    requires:
      "write() adds pending releases, replaces those of the same project and number, and removes finished ones; findPendingReleases() returns those of projects, or all.",
    async run(context) {
      await write(context, { projects: [SHOP, BLOG] });
      await expectPending(context, "none", { [SHOP.id]: [], [BLOG.id]: [] });
      const [second, ninth, tenth] = [2, 9, 10].map((number): PendingRelease => {
        const [name, line, eventId] = [260, 260, 200].map((length) => textOf(length, String(number % 8)));
        return { ...SAMPLE, name: name ?? "", line: line ?? "", number, at: NOON + number, eventId: eventId ?? "" };
      });
      if (second === undefined || ninth === undefined || tenth === undefined) return;
      const elsewhere = [
        { ...SAMPLE, projectId: BLOG.id, number: 9, eventId: null },
        { ...SAMPLE, projectId: BLOG.id, number: Number.MAX_SAFE_INTEGER, reached: Number.MAX_SAFE_INTEGER },
      ];
      await write(context, { pendingReleases: [tenth, ...elsewhere, second, ninth] });
      await expectPending(context, "saved", { [SHOP.id]: [second, ninth, tenth], [BLOG.id]: elsewhere });
      const replaced: PendingRelease = {
        projectId: SHOP.id,
        name: "another",
        line: "other",
        number: 9,
        at: NOON - MINUTE,
        eventId: null,
        reached: 1_000,
      };
      await write(context, { pendingReleases: [replaced] });
      await expectPending(context, "replaced", { [SHOP.id]: [second, replaced, tenth], [BLOG.id]: elsewhere });
      const failed = context.store.transaction(async (transaction) => {
        await transaction.write({ finishedReleases: [second], pendingReleases: [{ ...SAMPLE, number: 11 }, ninth] });
        const seen = await transaction.findPendingReleases([SHOP.id]);
        expectEqual("what a transaction sees of its own", seen, [ninth, tenth, { ...SAMPLE, number: 11 }]);
        throw new Error("This transaction fails.");
      });
      await failed.catch(() => undefined);
      await expectPending(context, "rolled back", { [SHOP.id]: [second, replaced, tenth], [BLOG.id]: elsewhere });
      await write(context, {
        finishedReleases: [
          { projectId: SHOP.id, number: 9 },
          { projectId: SHOP.id, number: 8 },
        ],
        pendingReleases: [{ ...second, reached: 2 }],
      });
      await expectPending(context, "removed", { [SHOP.id]: [{ ...second, reached: 2 }, tenth], [BLOG.id]: elsewhere });
      await write(context, { finishedReleases: [second], pendingReleases: [second] });
      await expectPending(context, "removed and added", { [SHOP.id]: [second, tenth], [BLOG.id]: elsewhere });
    },
  },
  {
    id: "race-on-pending-releases",
    title: "no change of a project's pending releases is lost among concurrent ones",
    requires:
      "load(): until the transaction ends, no other can save or remove a pending release in a project whose timeline was returned.",
    needs: ["second-handle"],
    async run(context) {
      await write(context, { projects: [SHOP], pendingReleases: [{ ...SAMPLE, reached: 0 }] });
      await race(context, async (transaction, racer) => {
        await transaction.load({ timelines: [{ projectId: SHOP.id, lines: [] }] });
        const pending = await transaction.findPendingReleases([SHOP.id]);
        const reached = (pending[0]?.reached ?? 0) + 1;
        await pause();
        await transaction.write({
          pendingReleases: [
            ...pending.map((each) => ({ ...each, reached })),
            { ...SAMPLE, number: 3 + racer, reached },
          ],
        });
      });
      const found = await read(context, (reader) => reader.findPendingReleases([SHOP.id]));
      const numbers = Array.from({ length: RACERS + 1 }, (_, index) => 2 + index);
      expectEqual(
        "the numbers",
        found.map(({ number }) => number),
        numbers,
      );
      expectEqual(
        "how often all were raised (updates were lost)",
        new Set(found.map(({ reached }) => reached)),
        new Set([RACERS]),
      );
    },
  },
];
