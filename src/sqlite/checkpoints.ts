import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type BetterSqlite3 from "better-sqlite3";

/**
 * The size of the log before it is moved to the file: 16 MB instead of SQLite's 4, so that pages which every event changes
 * are moved less often.
 */
const PAGES_PER_CHECKPOINT = 4_000;

/**
 * The size from which commits move the log themselves, because the thread does not keep up. One digest of 10,000 new issues
 * writes 12,000 pages, and the thread can copy them only after its commit.
 */
const MOST_PAGES = 64_000;

/** After how many changed rows to look at the size of the log. */
const ROWS_PER_LOOK = 1_000;

/** The first version of SQLite that tells the size of the log without a checkpoint. */
const FIRST_WITH_SIZE = { major: 3, minor: 51 } as const;

/**
 * What the thread does: a checkpoint for each message, which it answers; or it ends, whatever else was loaded into it. It may wait
 * for others, which holds up nobody.
 */
const THREAD = `
  const { parentPort, workerData } = require("node:worker_threads");
  const Database = require(workerData.driver);
  const file = new Database(workerData.filename, { timeout: 5_000, fileMustExist: true });
  file.pragma("synchronous = " + workerData.synchronous);
  parentPort.on("message", (what) => {
    if (what === "end") {
      file.close();
      process.exit();
    }
    file.pragma("wal_checkpoint(passive)");
    parentPort.postMessage("done");
  });
`;

/**
 * Moves the write-ahead log to the file in a thread of its own, on a connection of its own. SQLite does it within a commit, which then
 * takes 60 ms instead of 0.1: it copies thousands of pages, and waits for the disk twice. The thread copies what there is, while
 * this connection goes on writing. Then, between two transactions of this connection, it copies what has come since: a
 * log can only begin anew when all of it was copied.
 *
 * Where no thread can be started, or SQLite is older than 3.51, or after a failure of the thread, commits do it as before: a
 * failure of the database is theirs to report.
 */
export class Checkpoints {
  readonly #file: BetterSqlite3.Database;
  readonly #synchronous: string;
  /** Reads the size of the log. */
  #size: BetterSqlite3.Statement<[], { readonly log: number }> | undefined;
  #state: "idle" | "copying" | "copied" | "off" = "off";
  #worker: Worker | undefined;
  #rows = 0;
  #rowsAtLook = 0;
  /** Is called when the thread has answered, or has failed. */
  #onAnswer: () => void = () => undefined;

  /** @param synchronous - how SQLite waits for the disk */
  constructor(file: BetterSqlite3.Database, synchronous: "normal" | "full") {
    this.#file = file;
    this.#synchronous = synchronous;
  }

  /** Takes over the checkpoints of a file with a write-ahead log. */
  begin(): void {
    const isPossible = tellsSize(this.#file);
    this.#file.pragma(`wal_autocheckpoint = ${String(isPossible ? MOST_PAGES : PAGES_PER_CHECKPOINT)}`);
    if (!isPossible) return;
    this.#size = this.#file.prepare("pragma wal_checkpoint(noop)");
    this.#state = "idle";
  }

  /** Notes that this connection has changed rows. */
  noteChanged(rows: number): void {
    this.#rows += rows;
  }

  /** Does what is due, and never fails. To be called, and waited for, between two transactions of this connection. */
  async advance(): Promise<void> {
    try {
      if (this.#state === "copied") await this.#copyRest();
      else if (this.#state === "idle" && this.#rows - this.#rowsAtLook >= ROWS_PER_LOOK) this.#look();
    } catch {
      this.#turnOff();
    }
  }

  /** Ends the thread. To be called when no transaction runs, and {@link Checkpoints.advance} has ended. */
  async end(): Promise<void> {
    const worker = this.#state === "off" ? undefined : this.#worker;
    this.#state = "off";
    if (worker === undefined) return;
    await new Promise<void>((resolve) => {
      worker.once("exit", () => {
        resolve();
      });
      worker.ref();
      worker.postMessage("end");
    });
  }

  #look(): void {
    this.#rowsAtLook = this.#rows;
    const size = this.#size?.get();
    if (size === undefined || size.log < PAGES_PER_CHECKPOINT) return;
    const worker = (this.#worker ??= this.#start());
    this.#state = "copying";
    this.#onAnswer = () => {
      if (this.#state === "copying") this.#state = "copied";
    };
    worker.postMessage("checkpoint");
  }

  async #copyRest(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    // The process must not end while a transaction waits for this.
    worker.ref();
    await new Promise<void>((resolve) => {
      this.#onAnswer = resolve;
      worker.postMessage("checkpoint");
    });
    worker.unref();
    if (this.#state === "copied") this.#state = "idle";
  }

  #start(): Worker {
    const require = createRequire(import.meta.url);
    const driver = require.resolve("better-sqlite3");
    // In a bundle it may be another copy: two copies of SQLite in one process do not see each other's locks.
    if (!(driver in require.cache)) throw new Error(`${driver} is not the copy of this connection.`);
    const workerData = { driver, filename: fullName(this.#file), synchronous: this.#synchronous };
    const worker = new Worker(THREAD, { eval: true, execArgv: [], name: "issue-lifecycle checkpoints", workerData });
    worker.on("message", () => {
      this.#onAnswer();
    });
    worker.on("error", () => {
      this.#turnOff();
      this.#onAnswer();
    });
    worker.unref();
    return worker;
  }

  #turnOff(): void {
    if (this.#state === "off") return;
    this.#state = "off";
    try {
      this.#file.pragma(`wal_autocheckpoint = ${String(PAGES_PER_CHECKPOINT)}`);
    } catch {
      // Then commits move a larger log.
    }
  }
}

/** The name of the file with its folders: the process may have changed its own since it was opened. */
function fullName(file: BetterSqlite3.Database): string {
  const name = file.prepare<[], string>("select file from pragma_database_list where name = 'main'").pluck().get();
  return name ?? file.name;
}

function tellsSize(file: BetterSqlite3.Database): boolean {
  const version = file.prepare<[], string>("select sqlite_version()").pluck().get() ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > FIRST_WITH_SIZE.major || (major === FIRST_WITH_SIZE.major && minor >= FIRST_WITH_SIZE.minor);
}
