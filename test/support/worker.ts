import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** A process at work. */
export class Worker {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #errors: string[] = [];
  /** Its exit code or the signal that ended it. */
  readonly ended: Promise<number | string>;

  /** Starts a program with what it is to do. */
  constructor(program: string, ...work: string[]) {
    this.#process = spawn(process.execPath, ["--no-warnings", program, ...work], { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stderr.on("data", (data: Buffer) => this.#errors.push(data.toString()));
    this.ended = new Promise((resolve) => {
      this.#process.on("close", (code, signal) => {
        resolve(code ?? signal ?? "unknown");
      });
    });
    // It may be dead already: how it ended says so.
    this.#process.stdin.on("error", () => undefined);
    onTestFinished(() => {
      this.kill();
    });
  }

  /** What it says, line by line, until it ends. */
  lines(): AsyncIterable<string> {
    return createInterface({ input: this.#process.stdout });
  }

  /** Lets it begin, if it waits for that. */
  go(): void {
    this.#process.stdin.end("go\n");
  }

  /** Ends it without any notice. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** What it said went wrong. */
  get errors(): string {
    return this.#errors.join("");
  }
}
