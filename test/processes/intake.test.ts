import { describe, expect, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { bundle } from "../support/bundle.ts";
import { rounds } from "../support/effort.ts";
import { temporaryDatabase } from "../support/files.ts";
import { Worker } from "../support/worker.ts";

const PROGRAM = await bundle("intake-worker.ts");
const ENDS = rounds({ quick: 3, full: 20 });
const CLIENTS = 16;

const idOf = (number: number): string => number.toString(16).padStart(32, "0");

/** Sends events, many at a time, until the host does not answer any more; ends the host after some of them. */
async function sendUntilEnd(port: string, first: number, endAfter: number, end: () => void): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  let next = first;
  const client = async (): Promise<void> => {
    for (;;) {
      const id = idOf(next++);
      const event = { event_id: id, exception: { values: [{ type: `E${String(next % 7)}`, value: "x" }] } };
      const url = `http://127.0.0.1:${port}/errors/api/1/store/?sentry_key=2f0c7d`;
      try {
        const answer = await fetch(url, { method: "POST", body: JSON.stringify(event) });
        if (answer.status !== 200) return;
        expect(await answer.json()).toEqual({ id });
      } catch {
        // The host has gone.
        return;
      }
      acknowledged.add(id);
      if (acknowledged.size === endAfter) end();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return acknowledged;
}

describe.each([
  { signal: "SIGKILL" as const, acknowledge: "committed", ended: ["SIGKILL", []] },
  { signal: "SIGTERM" as const, acknowledge: "committed", ended: [0, ["closed"]] },
  { signal: "SIGTERM" as const, acknowledge: "received", ended: [0, ["closed"]] },
])(
  "a host with an intake that gets $signal and acknowledges what is $acknowledge",
  ({ signal, acknowledge, ended }) => {
    test(
      `has lost no event that it acknowledged, and counted none twice: ${String(ENDS)} times`,
      { timeout: 300_000 },
      async () => {
        const filename = temporaryDatabase();
        const acknowledged = new Set<string>();
        let next = 0;
        for (let round = 0; round < ENDS; round++) {
          const worker = new Worker(PROGRAM, filename, acknowledge);
          const lines: string[] = [];
          let sending: Promise<Set<string>> | undefined;
          for await (const line of worker.lines()) {
            if (sending !== undefined) lines.push(line);
            sending ??= sendUntilEnd(line, next, 1 + ((round * 37) % 211), () => {
              worker.end(signal);
            });
          }
          expect([await worker.ended, lines, worker.errors]).toEqual([...ended, ""]);
          for (const id of (await sending) ?? []) acknowledged.add(id);
          next += 10_000;
        }
        const survivor = createIssueTracker({ store: await openSqliteStore({ filename }) });
        for (const id of acknowledged) expect(await survivor.events.get("shop", id)).toMatchObject({ id });
        const { items } = await survivor.issues.list({ projectId: "shop" });
        const { events } = await survivor.stats();
        expect(items.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(events);
        expect(acknowledged.size).toBeGreaterThan(ENDS);
        await survivor.close();
      },
    );
  },
);
