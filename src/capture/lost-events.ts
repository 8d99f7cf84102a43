import type { Clock } from "../ports/clock.ts";
import { lossOf } from "../tracker/event-queue.ts";

/** How long lost events are counted before they are reported, if the queue is not empty earlier. */
const REPORT_AFTER_MS = 60_000;

/** Counts the events that found the queue full, and reports them together: an outage loses thousands. */
export class LostEvents {
  readonly #setTimer: Required<Clock>["setTimer"];
  readonly #onError: (error: unknown) => void;
  #count = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(setTimer: Required<Clock>["setTimer"], onError: (error: unknown) => void) {
    this.#setTimer = setTimer;
    this.#onError = onError;
  }

  /**
   * Counts a lost event.
   *
   * @param emptied - resolves when the queue is empty
   */
  add(emptied: () => Promise<void>): void {
    this.#count++;
    if (this.#count > 1) return;
    this.#cancelTimer = this.#setTimer(REPORT_AFTER_MS, () => {
      this.report();
    });
    void emptied().then(() => {
      this.report();
    });
  }

  /** Reports the events that were lost since the last report. */
  report(): void {
    const count = this.#count;
    this.#count = 0;
    this.#cancelTimer();
    if (count > 0) this.#onError(lossOf(count, new Error("The queue was full (maxQueued).")));
  }
}
