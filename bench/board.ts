import { createBoard } from "issue-lifecycle/board";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { Files, trackerOn } from "./databases.ts";
import { medianOf, type Figure, type Section } from "./figure.ts";

const PAGES: readonly { id: string; what: string; query: string; goal?: number }[] = [
  { id: "list", what: "a page of 50 issues, with counts and the last 24 hours of each", query: "" },
  { id: "all", what: "the same of all states, by the number of events", query: "?tab=all&sort=event-count" },
  // As long as a search may look at issues one by one, and its counts.
  { id: "search", what: "the same of a search", query: "?q=shop-77", goal: 150 },
  { id: "issue", what: "an issue", query: "?issue=SHOP-77" },
  { id: "mute", what: "the form of a mute, with what it would have done", query: "?issue=SHOP-77&do=mute" },
];

/** How long pages of the board take until their first byte, which comes when all of the page is made. */
export const BOARD: Section = {
  title: "The board, until the first byte of a page",
  floor: "none",
  async run({ isShort, rounds }) {
    const issues = isShort ? 10_000 : 100_000;
    const files = new Files();
    const tracker = trackerOn(await openSqliteStore({ filename: await files.withIssues(issues) }));
    const board = createBoard({ tracker, authorize: () => ({ id: "ann", projects: "all", mayChange: true }) });
    const figures: Figure[] = [];
    for (const { id, what, query, goal = 50 } of PAGES) {
      const times: number[] = [];
      // One round more than counts, to warm up.
      for (let round = -1; round < rounds; round++) {
        const start = performance.now();
        const { status } = await board(new Request(`http://localhost/board${query}`));
        if (status !== 200) throw new Error(`${query} was answered with ${String(status)}.`);
        if (round >= 0) times.push(performance.now() - start);
      }
      const value = medianOf(times);
      figures.push({
        id: `board/${id}`,
        what: `${what} (${issues.toLocaleString("en")} issues there)`,
        value,
        unit: "ms",
        goal,
      });
    }
    await tracker.close();
    files.remove();
    return figures;
  },
};
