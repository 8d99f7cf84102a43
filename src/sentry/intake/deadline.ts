import type { Clock } from "../../ports/clock.ts";
import type { RefusedRequest } from "./refusal.ts";

/** The end of the time that a request has. */
export class Deadline {
  readonly #waiting = new Set<() => void>();
  readonly #cancelTimer: () => void;
  #isOver = false;

  constructor(durationMs: number, setTimer: Required<Clock>["setTimer"]) {
    this.#cancelTimer = setTimer(durationMs, () => {
      this.#isOver = true;
      for (const end of this.#waiting) end();
    });
  }

  /** Waits for a promise until the deadline; then the request is refused. What becomes of the promise after that is of no interest. */
  async wait<Result>(promise: Promise<Result>, refusal: () => RefusedRequest): Promise<Result> {
    promise.catch(() => undefined);
    if (this.#isOver) throw refusal();
    let end: () => void = () => undefined;
    const over = new Promise<never>((_, reject) => {
      end = () => {
        reject(refusal());
      };
    });
    this.#waiting.add(end);
    try {
      return await Promise.race([promise, over]);
    } finally {
      this.#waiting.delete(end);
    }
  }

  /** Ends it without consequences. */
  cancel(): void {
    this.#cancelTimer();
  }
}
