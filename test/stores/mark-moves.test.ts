import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { markFixed, markSeen, type KnownRelease } from "../../src/core/index.ts";
import type { MarkMove } from "../../src/ports/issue-store.ts";
import { DATABASES_FOR_STORIES } from "../support/databases.ts";
import { START } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

/** The order key of a release. */
function keyOf(number: number): string {
  return `9.${String(number).padStart(4, "0")}`;
}

function releaseAt(number: number): KnownRelease {
  const name = `9.${String(number)}`;
  const place = { line: "nine", lineNumber: 99, orderKey: keyOf(number), placedBy: "test" };
  return { ...place, name, version: name, number, standing: "known", releasedAt: START, becameLatest: false };
}

function moveOf(from: number, to: number | null): MarkMove {
  return { projectId: "shop", from: keyOf(from), to: to === null ? null : keyOf(to) };
}

describe.each(DATABASES_FOR_STORIES)("marks that are moved on $name", ({ makePlace }) => {
  /** Issues with marks in releases of these numbers, of which the last one is a fix claim. */
  const openWorld = async (marked: Readonly<Record<string, readonly number[]>>) => {
    const place = await makePlace();
    onTestFinished(() => place.drop());
    const store = await openStore(tablesIn(place));
    const tracker = createIssueTracker({ store });
    await tracker.projects.save({ id: "shop" });
    const ids = new Map<string, string>();
    for (const type of Object.keys(marked)) {
      const outcome = await tracker.digest({ projectId: "shop", type });
      if (outcome.kind === "digested") ids.set(type, outcome.issue.id);
    }
    const numbers = new Set(Object.values(marked).flat());
    const releases = Array.from(numbers, (number) => ({ projectId: "shop", release: releaseAt(number) }));
    const marks = Object.entries(marked).flatMap(([type, ofIssue]) =>
      ofIssue.map((number) => {
        const isLast = number === ofIssue.at(-1);
        const release = releaseAt(number);
        const mark = isLast ? markFixed(release, undefined, START + number) : markSeen(release, undefined);
        return { issueId: ids.get(type) ?? "", mark };
      }),
    );
    await store.transaction((work) => work.write({ releases, marks }));
    return {
      move: (movedMarks: readonly MarkMove[]) => store.transaction((work) => work.write({ movedMarks })),
      marksOf: async (type: string) => {
        const request = { issueId: ids.get(type) ?? "", upTo: null, limit: 1_000 };
        const [found = []] = await store.read((reader) => reader.findMarks([request]));
        return found.map((mark) => ("error" in mark ? mark : [mark.version, mark.last, mark.fixedAt]));
      },
    };
  };

  test("one after the other are moved on, and one that is left does not stay", async () => {
    const { move, marksOf } = await openWorld({ A: [1, 3], B: [2, 4], C: [1, 2, 4] });
    await move([moveOf(1, 2), moveOf(2, 3), moveOf(4, null)]);
    expect(await marksOf("A")).toEqual([["9.3", "fixed", START + 3]]);
    expect(await marksOf("B")).toEqual([["9.3", "seen", null]]);
    expect(await marksOf("C")).toEqual([["9.3", "seen", null]]);
    await move([moveOf(3, 4), moveOf(4, 1), moveOf(1, 1)]);
    expect(await marksOf("A")).toEqual([["9.1", "fixed", START + 3]]);
  });

  test("of hundreds of releases to one become one mark of each issue", async () => {
    const numbers = Array.from({ length: 450 }, (_, index) => index + 1);
    const { move, marksOf } = await openWorld({ A: numbers, B: [7, 300], C: [450], D: [500], E: [8, 500] });
    await move(numbers.map((number) => moveOf(number, 500)));
    expect(await marksOf("A")).toEqual([["9.500", "fixed", START + 450]]);
    expect(await marksOf("B")).toEqual([["9.500", "fixed", START + 300]]);
    expect(await marksOf("C")).toEqual([["9.500", "fixed", START + 450]]);
    expect(await marksOf("D")).toEqual([["9.500", "fixed", START + 500]]);
    expect(await marksOf("E")).toEqual([["9.500", "fixed", START + 500]]);
  });
});
