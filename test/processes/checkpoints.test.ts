import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { createIssueTracker, type NewEvent } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { bundle } from "../support/bundle.ts";
import { rounds } from "../support/effort.ts";
import { ROOT } from "../support/examples.ts";
import { temporaryDatabase } from "../support/files.ts";
import { Scenario } from "../support/scenario.ts";
import { Worker } from "../support/worker.ts";

const PROGRAM = await bundle("worker.ts");

const KILLS = rounds({ quick: 3, full: 25 });

/** Where the thread keeps up, the log stays below this: a quarter of what a commit moves to the file by itself. */
const MOST_PAGES_OF_THREAD = 16_000;
const BYTES_PER_PAGE = 4_096 + 24;

/** A program that digests events of more than 4,000 pages. */
const HOST = `
  import { createIssueTracker } from "./src/index.ts";
  import { openSqliteStore } from "./src/sqlite/index.ts";
  async function main(): Promise<void> {
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename: process.argv[2] ?? "" }) });
    const data = { text: "x".repeat(4_000) };
    for (let batch = 0; batch < 16; batch++) {
      await tracker.digest(Array.from({ length: 500 }, () => ({ projectId: "shop", type: "E", data })));
    }
    const { items } = await tracker.issues.list({ projectId: "shop" });
    await tracker.close();
    console.log(items.map(({ eventCount }) => String(eventCount)).join());
  }
  void main();
`;

async function newFile(): Promise<string> {
  const filename = temporaryDatabase();
  const seed = await Scenario.begin(await openSqliteStore({ filename }));
  await seed.tracker.close();
  return filename;
}

/** A batch of more than 500 pages. */
function batch(name: string): NewEvent[] {
  const data = { text: "x".repeat(4_000) };
  return Array.from({ length: 500 }, (_, index) => ({
    projectId: "shop",
    id: `${name}-${String(index)}`,
    type: "E",
    data,
  }));
}

async function linesOf(worker: Worker): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of worker.lines()) lines.push(line);
  return lines;
}

/** Reads how many pages the log has, and how many of them were moved to the file. */
function sizeOfLog(database: Database.Database) {
  return database.prepare<[], { readonly log: number; readonly checkpointed: number }>("pragma wal_checkpoint(noop)");
}

function checked(filename: string): unknown {
  const database = new Database(filename);
  const result = database.pragma("integrity_check", { simple: true });
  database.close();
  return result;
}

describe("the write-ahead log of the embedded store", () => {
  test("is moved to the file by a thread, and begins anew while transactions go on", async () => {
    const filename = await newFile();
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename }), alertSink: "elsewhere" });
    const other = new Database(filename);
    const log = sizeOfLog(other);
    const pages = (): number => log.get()?.log ?? 0;
    for (let index = 0; pages() < 4_000; index++) await tracker.digest(batch(String(index)));
    expect(log.get()?.checkpointed, "what commits have moved").toBe(0);
    let before = pages();
    for (let index = 0; ; index++) {
      await tracker.digest({ projectId: "shop", id: `one-${String(index)}`, type: "E" });
      if (pages() < before) break;
      before = pages();
    }
    expect(before).toBeLessThan(MOST_PAGES_OF_THREAD);
    other.close();
    await tracker.close();
    expect(checked(filename)).toBe("ok");
  });

  test("the commit of a digest of 20,000 pages leaves all of them to the thread", async () => {
    const filename = await newFile();
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename }) });
    const data = { text: "x".repeat(16_000) };
    await tracker.digest(Array.from({ length: 5_000 }, () => ({ projectId: "shop", type: "E", data })));
    const other = new Database(filename);
    const size = sizeOfLog(other).get();
    expect(size?.log).toBeGreaterThan(20_000);
    expect(size?.checkpointed).toBeLessThan(100);
    other.close();
    await tracker.close();
    expect(checked(filename)).toBe("ok");
  });

  test("a process that has not closed its store ends, though it has the thread", async () => {
    const worker = new Worker(PROGRAM, "pages", await newFile(), "0", "12");
    const lines = await linesOf(worker);
    expect([await worker.ended, worker.errors, lines.length]).toEqual([0, "", 12]);
  });

  test("a process that closes its store while the thread copies the rest of the log waits for it", async () => {
    const worker = new Worker(PROGRAM, "move-and-close", await newFile());
    const lines = await linesOf(worker);
    expect([await worker.ended, worker.errors, lines]).toEqual([0, "", ["closed"]]);
  });

  test("is moved by commits in a bundle in the form of CommonJS, which does not know where it is", async () => {
    const filename = await newFile();
    const outfile = join(dirname(PROGRAM), "host.cjs");
    await build({
      stdin: { contents: HOST, resolveDir: ROOT, loader: "ts" },
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["better-sqlite3"],
      logLevel: "silent",
    });
    const worker = new Worker(outfile, filename);
    const lines = await linesOf(worker);
    expect([await worker.ended, worker.errors, lines]).toEqual([0, "", ["8000"]]);
  });

  test("is moved by commits in a process that may not start threads", async () => {
    const permissions = ["--permission", "--allow-fs-read=*", "--allow-fs-write=*", "--allow-addons"];
    const worker = new Worker(...permissions, PROGRAM, "pages", await newFile(), "0", "60");
    const lines = await linesOf(worker);
    expect([await worker.ended, worker.errors, lines.length]).toEqual([0, "", 60]);
    const largest = Math.max(...lines.map((line) => Number(line.split(" ")[1])));
    expect(largest).toBeLessThan((MOST_PAGES_OF_THREAD / 2) * BYTES_PER_PAGE);
  });

  test(`leaves all that was acknowledged after a kill: ${String(KILLS)} times`, { timeout: 300_000 }, async () => {
    const filename = await newFile();
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const worker = new Worker(PROGRAM, "pages", filename, String(next), "1000");
      const killAt = next + 8 + ((kill * 5) % 7);
      for await (const line of worker.lines()) {
        next = Number(line.split(" ")[0]) + 1;
        if (next >= killAt) worker.kill();
      }
      expect([await worker.ended, worker.errors]).toEqual(["SIGKILL", ""]);
      expect(checked(filename)).toBe("ok");
      const survivor = createIssueTracker({ store: await openSqliteStore({ filename }) });
      const missing: string[] = [];
      for (let index = 0; index < next; index++) {
        const id = `${String(index)}-499`;
        if ((await survivor.events.get("shop", id)) === undefined) missing.push(id);
      }
      expect(missing).toEqual([]);
      await survivor.close();
    }
  });
});
