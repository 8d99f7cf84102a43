import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueTracker, type NewEvent } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.ts";
import { HOUR, START } from "../support/scenario.ts";

const MANY = 1_600;
const ALL = { filter: { projectId: "shop", status: ["open", "resolved", "muted"] } } as const;

/** Whether the rest of the process came to run while some work went on. */
async function letsOthersRun(work: () => Promise<unknown>): Promise<boolean> {
  let hasRun = false;
  const other = setImmediate(() => {
    hasRun = true;
  });
  await work();
  clearImmediate(other);
  return hasRun;
}

interface Started {
  readonly tracker: IssueTracker;
  readonly clock: VirtualClock;
  readonly ids: readonly string[];
}

const eventsOf = (prefix: string): NewEvent[] =>
  Array.from({ length: MANY }, (_, index) => ({ projectId: "shop", type: `${prefix}${String(index)}x` }));

/** What takes long on many issues. Each is done on a store of its own. */
const WORK: readonly (readonly [what: string, work: (started: Started) => Promise<unknown>])[] = [
  ["a digest of many events", ({ tracker }) => tracker.digest(eventsOf("F"))],
  ["a command on all issues", ({ tracker }) => tracker.issues.bulk(ALL, { kind: "resolve" })],
  [
    "a command on issues by their ids",
    ({ tracker, ids }) => tracker.issues.bulk({ projectId: "shop", ids }, { kind: "mute" }),
  ],
  ["the deletion of all issues", ({ tracker }) => tracker.issues.bulk(ALL, { kind: "delete" })],
  ["the end of many mutes", ({ tracker }) => tracker.tick()],
  ["an eviction of events", ({ tracker }) => tracker.events.evict({ projectId: "shop", receivedBefore: START + HOUR })],
];

describe.each([
  ["memory", async () => createMemoryStore()],
  ["SQLite", () => openSqliteStore({ filename: ":memory:" })],
] as const)("on %s", (name, open) => {
  // A store in memory evicts all events in one step.
  const work = WORK.filter(([what]) => name === "SQLite" || what !== "an eviction of events");

  test.each(work)("%s lets the rest of the process run", async (what, run) => {
    const clock = createVirtualClock(START);
    const tracker = createIssueTracker({ store: await open(), clock });
    await tracker.projects.save({ id: "shop" });
    const outcomes = await tracker.digest(eventsOf("E"));
    const ids = outcomes.flatMap((outcome) => (outcome.kind === "digested" ? [outcome.issue.id] : []));
    if (what === "the end of many mutes") {
      await tracker.issues.bulk(ALL, { kind: "mute", until: START + HOUR, wakeOn: "deadline" });
      clock.advanceBy(2 * HOUR);
    }
    expect(await letsOthersRun(() => run({ tracker, clock, ids }))).toBe(true);
    await tracker.close();
  });
});
