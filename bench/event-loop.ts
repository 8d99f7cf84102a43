import { monitorEventLoopDelay } from "node:perf_hooks";
import { createMemoryStore, type IssueStore } from "issue-lifecycle";
import { createVirtualClock } from "issue-lifecycle/testing";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { EventSource, Files, seed, trackerOn } from "./databases.ts";
import { medianOf, type Figure, type Section } from "./figure.ts";

const START = Date.UTC(2026, 10, 24);
const HOUR = 3_600_000;

/** How long the process did nothing else at most while something was done, in milliseconds. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  // The monitor compares turns of the loop: it needs some before, and one after the work.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await work();
  await new Promise((resolve) => setTimeout(resolve, 5));
  delays.disable();
  return delays.max / 1e6;
}

/** What blocks the event loop on a store with so many issues. */
async function blocksOn(name: string, issues: number, open: () => Promise<IssueStore>): Promise<Figure[]> {
  const store = await open();
  await seed(store, issues);
  const clock = createVirtualClock(START);
  const tracker = trackerOn(store, { clock });
  const all = { filter: { projectId: "shop", status: ["open", "resolved", "muted"] } } as const;
  const measured: [string, string, () => Promise<unknown>][] = [
    [
      "digest-known",
      "digest of 10,000 events of 1,000 issues",
      () => tracker.digest(new EventSource("zipf").take(10_000)),
    ],
    ["digest-new", "digest of 10,000 new issues", () => tracker.digest(new EventSource("new").take(10_000))],
    ["list", "a page of 1,000 issues", () => tracker.issues.list({ projectId: "shop", limit: 1_000 })],
    ["search", "a search that finds nothing", () => tracker.issues.list({ projectId: "shop", search: "nowhere" })],
    [
      "bulk-mute",
      "bulk: all issues are muted for an hour",
      () => tracker.issues.bulk(all, { kind: "mute", until: START + HOUR, wakeOn: "deadline" }),
    ],
    [
      "tick",
      "tick: all of them are woken",
      () => {
        clock.advanceBy(2 * HOUR);
        return tracker.tick();
      },
    ],
    [
      "bulk-resolve",
      "bulk: all issues are resolved by the next release",
      () => tracker.issues.bulk(all, { kind: "resolve", in: "next-release" }),
    ],
    [
      "next",
      "all issues get their next release",
      async () => {
        await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
        // Most get it in the background.
        await tracker.settled();
      },
    ],
    [
      "evict",
      "events.evict: all events but the newest of each issue",
      () => tracker.events.evict({ projectId: "shop", keepPerIssue: 1 }),
    ],
    ["stats", "stats", () => tracker.stats()],
    [
      "erase-user",
      "1,000 events of a user are digested, and erased with the user",
      async () => {
        const events = new EventSource("zipf").take(1_000);
        await tracker.digest(events.map((event) => ({ ...event, userId: "ann" })));
        await tracker.users.erase("shop", "ann");
      },
    ],
    [
      "merge",
      "two issues with 10,000 users each are digested, merged and unmerged",
      async () => {
        const ids: string[] = [];
        for (const type of ["one", "another"]) {
          const events = Array.from({ length: 10_000 }, (_, user) => {
            return { projectId: "shop", type, fingerprint: [type], userId: `user ${String(user)}` };
          });
          const [first] = await tracker.digest(events);
          if (first?.kind === "digested") ids.push(first.issue.id);
        }
        const [into = "", member = ""] = ids;
        await tracker.issues.merge(member, { into });
        await tracker.issues.unmerge(member);
      },
    ],
    ["bulk-reopen", "bulk: all issues are opened again", () => tracker.issues.bulk(all, { kind: "reopen" })],
    [
      "auto-resolve",
      "tick: all of them are resolved, because they were quiet",
      async () => {
        await tracker.projects.save({ id: "shop", autoResolveAfterMs: HOUR });
        clock.advanceBy(2 * HOUR);
        await tracker.tick();
      },
    ],
    ["bulk-delete", "bulk: all issues are deleted", () => tracker.issues.bulk(all, { kind: "delete" })],
  ];
  const figures: Figure[] = [];
  for (const [id, what, work] of measured) {
    const value = await longestBlock(work);
    figures.push({ id: `event-loop/${name}/${id}`, what: `${name}: ${what}`, value, unit: "ms", goal: 50 });
  }
  await tracker.close();
  return figures;
}

/** How long the library keeps a process from doing anything else. */
export const EVENT_LOOP: Section = {
  title: "The longest time in which nothing else can run in the process",
  floor: "none",
  async run({ isShort }) {
    const issues = isShort ? 5_000 : 100_000;
    const files = new Files();
    const runs: Figure[][] = [];
    for (let run = 0; run < (isShort ? 1 : 3); run++) {
      runs.push([
        ...(await blocksOn("SQLite", issues, () => openSqliteStore({ filename: files.name() }))),
        ...(await blocksOn("memory", issues, async () => createMemoryStore())),
      ]);
    }
    files.remove();
    const [first = []] = runs;
    return first.map((figure, index) => ({
      ...figure,
      what: `${figure.what} (${issues.toLocaleString("en")} issues there)`,
      value: medianOf(runs.map((figures) => figures[index]?.value ?? Number.NaN)),
    }));
  },
};
