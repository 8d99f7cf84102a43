import { expect } from "vitest";
import type { Worker } from "./worker.ts";

/** Lets processes begin when all of them are ready. */
export class StartingLine {
  readonly #opened = Promise.withResolvers<undefined>();
  #missing: number;

  constructor(expected: number) {
    this.#missing = expected;
  }

  async wait(): Promise<void> {
    this.#missing--;
    if (this.#missing <= 0) this.#opened.resolve(undefined);
    await this.#opened.promise;
  }
}

/** Lets processes work at once, and waits until all have ended well. */
export async function allAtOnce(workers: readonly Worker[]): Promise<void> {
  const line = new StartingLine(workers.length);
  const ends = workers.map(async (worker) => {
    for await (const _ready of worker.lines()) {
      await line.wait();
      worker.go();
    }
    return [await worker.ended, worker.errors];
  });
  expect(await Promise.all(ends)).toEqual(workers.map(() => [0, ""]));
}
