import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** A child process that runs a test program. */
export class Worker {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #errors: string[] = [];
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;

  /** Starts a program with arguments. What begins with dashes before the program is for Node. */
  constructor(...command: string[]) {
    this.#process = spawn(process.execPath, ["--no-warnings", ...command], { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stderr.on("data", (data: Buffer) => this.#errors.push(data.toString()));
    this.ended = new Promise((resolve) => {
      this.#process.on("close", (code, signal) => {
        resolve(code ?? signal ?? "unknown");
      });
    });
    // It may have ended already: `ended` reports that.
    this.#process.stdin.on("error", () => undefined);
    onTestFinished(() => {
      this.kill();
    });
  }

  /** The lines it writes, until it ends. */
  lines(): AsyncIterable<string> {
    return createInterface({ input: this.#process.stdout });
  }

  /** Lets it start, if it waits for that. */
  go(): void {
    this.#process.stdin.end("go\n");
  }

  /** Kills it. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Ends it by a signal. */
  end(signal: "SIGTERM" | "SIGKILL"): void {
    this.#process.kill(signal);
  }

  /** What it wrote to stderr. */
  get errors(): string {
    return this.#errors.join("");
  }
}
