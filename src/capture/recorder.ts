import type { NewEvent } from "../core/event.ts";
import type { EventLevel } from "../core/event-level.ts";
import { shorten } from "../core/text.ts";
import { eventFromError } from "../core/thrown-error.ts";
import { systemClock } from "../ports/clock.ts";
import { EventQueue, lossOf } from "../tracker/event-queue.ts";
import { eventWithDetails } from "./capture-details.ts";
import type { CheckedCaptureOptions } from "./capture-options.ts";
import { LostEvents } from "./lost-events.ts";

/** How a handler caught an error. */
export interface Catch {
  readonly mechanism: "express" | "fastify" | "hono" | "uncaughtException" | "unhandledRejection";
  readonly level?: EventLevel;
  readonly transaction?: string | undefined;
  /** Whether the client made the error. Asked where the host does not say which errors are captured. */
  readonly isOfClient?: () => boolean;
}

const MAX_TRANSACTION_LENGTH = 1_000;

/** Makes events of errors, each error once, and has them digested in the background. Its methods never throw. */
export class Recorder {
  readonly #options: CheckedCaptureOptions;
  readonly #queue: EventQueue;
  readonly #lost: LostEvents;
  /** The errors that were recorded: one may pass through several handlers. */
  readonly #recorded = new WeakSet();
  /** When the last event is digested. Events are digested in order. */
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: CheckedCaptureOptions) {
    const { tracker, setTimer, onError } = options;
    this.#options = options;
    this.#queue = new EventQueue({ digest: (events) => tracker.digest(events), setTimer, onError });
    this.#lost = new LostEvents(setTimer, onError);
  }

  /** Records an error that a handler caught, if it is one to capture. */
  recordCaught(error: unknown, { mechanism, level, transaction, isOfClient }: Catch): void {
    if (!this.#shouldCapture(error, isOfClient)) return;
    this.#record(error, (base) => ({
      ...base,
      ...eventFromError(error),
      mechanism,
      ...(level === undefined ? {} : { level }),
      ...(transaction === undefined ? {} : { transaction: shorten(transaction, MAX_TRANSACTION_LENGTH) }),
    }));
  }

  /**
   * Records an error that the host captured by hand.
   *
   * @param details - if they are malformed, the error is recorded without them
   */
  record(error: unknown, details: unknown): void {
    this.#record(error, (base) => {
      try {
        if (details !== undefined) return eventWithDetails(base, error, details);
      } catch (failure) {
        this.#options.onError(failure);
      }
      return { ...base, ...eventFromError(error) };
    });
  }

  /** Waits until all that was recorded so far is digested, or lost. */
  async flush(): Promise<void> {
    await this.#last;
    this.#lost.report();
  }

  /** Waits for the queue, at most so long as the options say; then what is left is lost, and so is what is recorded afterwards. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.end(this.#options.timeoutMs);
    this.#isClosed = true;
    this.#lost.report();
  }

  /** Waits for the queue before the process ends, at most so long as the options say, by the system's clock. */
  async settleBeforeEnd(): Promise<void> {
    const { timeoutMs, onError } = this.#options;
    let cancelTimer: () => void = () => undefined;
    const timedOut = new Promise<void>((resolve) => {
      cancelTimer = systemClock.setTimer(timeoutMs, resolve);
    });
    await Promise.race([this.#queue.settled(), timedOut]);
    cancelTimer();
    this.#lost.report();
    const left = this.#queue.length;
    if (left > 0) onError(lossOf(left, new Error(`The process ended after ${String(timeoutMs)} ms.`)));
  }

  #shouldCapture(error: unknown, isOfClient: (() => boolean) | undefined): boolean {
    const { shouldCapture, onError } = this.#options;
    if (shouldCapture === undefined) return isOfClient?.() !== true;
    try {
      return shouldCapture(error) !== false;
    } catch (failure) {
      onError(failure);
      return true;
    }
  }

  #record(error: unknown, eventOf: (base: NewEvent) => NewEvent): void {
    try {
      if (!this.#isNew(error)) return;
      const { projectId, release, environment, maxQueued, clock, onError } = this.#options;
      if (this.#isClosed) {
        onError(lossOf(1, new Error("The capture is closed.")));
      } else if (this.#queue.length >= maxQueued) {
        this.#lost.add(() => this.#queue.settled());
      } else {
        this.#last = this.#queue.add([eventOf({ projectId, release, environment, receivedAt: clock.now() })]);
      }
    } catch (failure) {
      // Such as one of the clock that the host gave.
      this.#options.onError(lossOf(1, failure));
    }
  }

  /** Whether an error was not recorded before. Values that are no objects are always new. */
  #isNew(error: unknown): boolean {
    if ((typeof error !== "object" && typeof error !== "function") || error === null) return true;
    if (this.#recorded.has(error)) return false;
    this.#recorded.add(error);
    return true;
  }
}
