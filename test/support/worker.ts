import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const WORKER = fileURLToPath(new URL("../processes/worker.ts", import.meta.url));

/** A process at work. */
export class Worker {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #errors: string[] = [];
  /** Its exit code or the signal that ended it. */
  readonly ended: Promise<number | string>;

  constructor(...work: string[]) {
    this.#process = spawn(process.execPath, ["--no-warnings", WORKER, ...work], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process.stderr.on("data", (data: Buffer) => this.#errors.push(data.toString()));
    this.ended = new Promise((resolve) => {
      this.#process.on("close", (code, signal) => {
        resolve(code ?? signal ?? "unknown");
      });
    });
    onTestFinished(() => {
      this.kill();
    });
  }

  /** What it says, line by line, until it ends. */
  lines(): AsyncIterable<string> {
    return createInterface({ input: this.#process.stdout });
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
