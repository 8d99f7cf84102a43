import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { createIssueTracker, type IssueStore, type IssueTracker, type IssueTrackerOptions } from "issue-lifecycle";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { openDatabase, type BenchEvent } from "./by-hand.ts";

/** Which issues the events belong to: one, some often and others rarely, or each a new one. */
export type Mode = "hot" | "zipf" | "new";
export const MODES: readonly Mode[] = ["hot", "zipf", "new"];
export const MODE_NAMES = { hot: "one hot issue", zipf: "1,000 issues (zipf)", new: "new issues" } as const;

/** When the issues were seen that are there already: with a later hour, events are no replay. */
const SEEDED_AT = Date.UTC(2026, 10, 23);
const VALUE = "cannot read properties of undefined";

let made = 0;

function typeOf(mode: Mode): string {
  switch (mode) {
    case "hot":
      return "E5x";
    case "zipf":
      return `E${String(Math.floor(Math.exp(Math.random() * Math.log(1_000))))}x`;
    case "new":
      return `New${String(made++)}x`;
  }
}

/** Makes events that follow each other, each 5 ms after the one before. */
export class EventSource {
  readonly #mode: Mode;
  #at = SEEDED_AT + 3_600_000;

  constructor(mode: Mode) {
    this.#mode = mode;
  }

  take(count: number): BenchEvent[] {
    return Array.from({ length: count }, () => ({
      projectId: "shop",
      id: idOf(),
      type: typeOf(this.#mode),
      value: VALUE,
      release: "1.0.0",
      receivedAt: (this.#at += 5),
    }));
  }
}

/** An event's id, as SDKs make it. */
export function idOf(): string {
  return randomBytes(16).toString("hex");
}

/** A tracker whose alerts are stored, and delivered by nobody. */
export function trackerOn(store: IssueStore, options: Partial<IssueTrackerOptions> = {}): IssueTracker {
  return createIssueTracker({ store, alertSink: "elsewhere", alerts: { quietAfterMs: null }, ...options });
}

/** Stores so many issues of one event each. */
export async function seed(store: IssueStore, issues: number): Promise<void> {
  const tracker = trackerOn(store);
  await tracker.projects.save({ id: "shop" });
  const source = { projectId: "shop", value: VALUE, release: "1.0.0", receivedAt: SEEDED_AT };
  for (let start = 0; start < issues; start += 1_000) {
    const size = Math.min(1_000, issues - start);
    await tracker.digest(
      Array.from({ length: size }, (_, index) => ({ ...source, id: idOf(), type: `E${String(start + index)}x` })),
    );
  }
}

/** Files of one benchmark, in a folder that is removed at its end. */
export class Files {
  readonly #folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-bench-"));
  readonly #seeded = new Map<string, Promise<string>>();
  #made = 0;

  /** A new name. */
  name(): string {
    return join(this.#folder, `${String(this.#made++)}.sqlite`);
  }

  /** A file of the library's with so many issues. */
  async withIssues(issues: number): Promise<string> {
    return this.#copyOf(`issues ${String(issues)}`, async (filename) => {
      const store = await openSqliteStore({ filename });
      await seed(store, issues);
      await store.close();
    });
  }

  /** A file of the floor's: ids of events, and rows that are updated. */
  async withFloor(rows: number): Promise<string> {
    return this.#copyOf(`floor ${String(rows)}`, async (filename) => {
      const database = openDatabase(filename);
      database.exec(
        "create table ids (project integer, id text, primary key (project, id)) without rowid; create table issues (id integer primary key, count integer, at integer, more text)",
      );
      const insert = database.prepare("insert into ids values (1, ?)");
      const add = database.prepare("insert into issues values (?, 1, 1, ?)");
      database.transaction(() => {
        for (let index = 0; index < rows; index++) {
          insert.run(idOf());
          add.run(index, "x".repeat(200));
        }
      })();
      database.close();
    });
  }

  async #copyOf(what: string, make: (filename: string) => Promise<void>): Promise<string> {
    let original = this.#seeded.get(what);
    if (original === undefined) {
      const filename = this.name();
      original = make(filename).then(() => filename);
      this.#seeded.set(what, original);
    }
    const copy = this.name();
    copyFileSync(await original, copy);
    return copy;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** The floor: by hand, insert the event's id and update one row. */
export function floorOn(filename: string): { digest(events: readonly BenchEvent[]): void; close(): void } {
  const database: Database.Database = openDatabase(filename);
  const insert = database.prepare("insert into ids values (1, ?)");
  const update = database.prepare("update issues set count = count + 1, at = ? where id = ?");
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  return {
    digest(events) {
      begin.run();
      for (const { id, type, receivedAt } of events) {
        insert.run(id);
        update.run(receivedAt, Number(/\d+/u.exec(type)?.[0]) % 1_000);
      }
      commit.run();
    },
    close: () => {
      database.close();
    },
  };
}
