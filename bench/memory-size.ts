import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
import { idOf } from "./databases.ts";
import type { Section } from "./figure.ts";

const BATCH = 1_000;
const START = Date.UTC(2026, 10, 23);

/** What a process needs for each issue of a store in memory, of which a fifth have two events and the others one, in bytes. */
async function bytesPerIssue(issues: number): Promise<number> {
  const tracker = createIssueTracker({ store: createMemoryStore(), alerts: "none" });
  await tracker.projects.save({ id: "shop" });
  const collect = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().rss;
  };
  let at = START;
  const event = (index: number) => {
    return {
      projectId: "shop",
      id: idOf(),
      type: `E${String(index)}x`,
      value: "x is undefined",
      receivedAt: (at += 5),
    };
  };
  // The code itself, compiled.
  for (let index = 0; index < BATCH; index++) await tracker.digest(event(index));
  const before = collect();
  for (let start = BATCH; start < BATCH + issues; start += BATCH) {
    const ofBatch = Array.from({ length: BATCH }, (_, index) => start + index);
    await tracker.digest(
      ofBatch.flatMap((index) => Array.from({ length: index % 5 === 0 ? 2 : 1 }, () => event(index))),
    );
  }
  const bytes = (collect() - before) / issues;
  await tracker.close();
  return bytes;
}

/** The size of a store in memory, measured in a process of its own. */
export const MEMORY_SIZE: Section = {
  title: "The store in memory, its size",
  floor: "none",
  says:
    "Besides the issue itself: its key and title, its place in three maps, its event, and its first turning point. " +
    "Rows that are packed into typed arrays would be smaller, and every read would build them anew.",
  async run({ isShort }) {
    const issues = isShort ? 20_000 : 1_000_000;
    const program = fileURLToPath(import.meta.url);
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, String(issues)]);
    const what = `an issue of ${issues.toLocaleString("en")}, of which a fifth have two events and the others one`;
    return [{ id: "memory/size", what, value: Number(stdout), unit: "bytes", ...(!isShort && { goal: 1_200 }) }];
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await bytesPerIssue(Number(process.argv[2])));
