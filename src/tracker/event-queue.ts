import { v7 as uuidv7 } from "uuid";
import { IssueLifecycleError } from "../core/errors.ts";
import type { NewEvent } from "../core/event.ts";
import { pluralize } from "../core/text.ts";
import type { Clock } from "../ports/clock.ts";

/** About how many events one call digests: enough to be cheap, and few enough to keep no other call waiting. */
const EVENTS_AT_ONCE = 50;

const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 60_000;

/** How often an event is tried again that fails while others succeed. */
const MORE_ATTEMPTS = 3;

/** The dependencies of a queue. */
export interface EventQueueParts {
  readonly digest: (events: readonly NewEvent[]) => Promise<unknown>;
  readonly setTimer: Required<Clock>["setTimer"];
  /** Receives failures, and the loss of events. */
  readonly onError: (error: unknown) => void;
}

/** Events that were added together. */
interface Waiting {
  readonly events: readonly NewEvent[];
  readonly settle: () => void;
}

/**
 * Digests events that nobody waits for, in batches and in their order. A call that fails and may succeed later, as while the database
 * cannot be reached, is repeated after pauses of 1 second to 1 minute, until it succeeds or the queue ends; events keep their ids, so that one
 * whose commit nobody could confirm is not counted twice. An event that cannot be digested, or fails again and again while others succeed, is
 * lost alone, and reported.
 */
export class EventQueue {
  readonly #digest: EventQueueParts["digest"];
  readonly #setTimer: EventQueueParts["setTimer"];
  readonly #onError: EventQueueParts["onError"];
  readonly #waiting: Waiting[] = [];
  #length = 0;
  #working: Promise<void> | undefined;
  #endPause: () => void = () => undefined;
  /** Whether nothing is tried again. */
  #isOver = false;
  /** Whether all that is left was reported as lost. */
  #isReported = false;

  constructor({ digest, setTimer, onError }: EventQueueParts) {
    this.#digest = digest;
    this.#setTimer = setTimer;
    this.#onError = onError;
  }

  /** How many events are not digested yet. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds events. How many wait is for the caller to limit, by {@link EventQueue.length}.
   *
   * @returns resolves when they are digested, or lost
   */
  add(events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    const named = events.map((event) => (event.id === undefined ? { ...event, id: uuidv7() } : event));
    this.#length += named.length;
    const settled = new Promise<void>((resolve) => {
      this.#waiting.push({ events: named, settle: resolve });
    });
    this.#working ??= this.#work();
    return settled;
  }

  /** Waits until all events so far are digested, or lost. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /**
   * Waits for that, at most so long; then nothing is tried again, and all that is not known to be digested is reported as lost.
   *
   * @param timeoutMs - in milliseconds
   * @param others - to wait for first, within the same time: those who may add events
   */
  async end(timeoutMs: number, others: Promise<unknown> = Promise.resolve()): Promise<void> {
    let cancelTimer: () => void = () => undefined;
    const timedOut = new Promise<"timed out">((resolve) => {
      cancelTimer = this.#setTimer(timeoutMs, () => {
        resolve("timed out");
      });
    });
    const ended = await Promise.race([others.then(() => this.settled()), timedOut]);
    cancelTimer();
    if (ended === "timed out" && this.#length > 0) {
      this.#lose(this.#length, new Error(`They were not digested within ${String(timeoutMs)} ms.`));
      this.#isReported = true;
    }
    this.#isOver = true;
    this.#endPause();
    this.#settle(this.#waiting.splice(0));
  }

  async #work(): Promise<void> {
    // Events that are added in the same turn are digested together.
    await Promise.resolve();
    for (let batch = this.#takeBatch(); batch.length > 0; batch = this.#takeBatch()) {
      await this.#digestBatch(batch);
      this.#settle(batch);
    }
    this.#working = undefined;
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    const end = this.#waiting.findIndex(({ events }) => (count += events.length) >= EVENTS_AT_ONCE);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end + 1);
  }

  #settle(done: readonly Waiting[]): void {
    for (const { events, settle } of done) {
      this.#length -= events.length;
      settle();
    }
  }

  /**
   * Digests a batch, as often as a repetition may succeed. Every third time its events are digested one by one, with those that wait behind
   * them: one event that always fails must not keep up all others.
   *
   * @param batch - is extended by what is digested with it
   */
  async #digestBatch(batch: Waiting[]): Promise<void> {
    let left: readonly NewEvent[] = batch.flatMap(({ events }) => events);
    for (let attempt = 1; left.length > 0; attempt++) {
      const error = await this.#failureOf(left);
      if (error === undefined) return;
      if (this.#isOver || isClosed(error) || (left.length === 1 && !isRetryable(error))) {
        this.#lose(left.length, error);
        return;
      }
      if (attempt === 1 && isRetryable(error)) this.#onError(error);
      if (attempt % 3 === 0 || !isRetryable(error)) {
        const more = this.#takeBatch();
        batch.push(...more);
        left = [...left, ...more.flatMap(({ events }) => events)];
        if (left.length > 1) left = await this.#digestAlone(left);
      }
      if (left.length > 0) await this.#pause(pauseAfter(attempt));
    }
  }

  /**
   * Digests events one by one. Where some succeed, those that fail are tried a few times more, and are then lost.
   *
   * @returns the events that failed where none succeeded
   */
  async #digestAlone(events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
    const { failed: failedFirst, succeeded } = await this.#tryEach(events);
    if (succeeded === 0) return failedFirst;
    let failed = failedFirst;
    for (let attempt = 1; attempt <= MORE_ATTEMPTS && failed.length > 0; attempt++) {
      await this.#pause(pauseAfter(attempt));
      ({ failed } = await this.#tryEach(failed, attempt === MORE_ATTEMPTS));
    }
    return [];
  }

  /** Digests events one by one. Those that can never be digested are lost; at the last attempt all that fail are. */
  async #tryEach(
    events: readonly NewEvent[],
    isLast = false,
  ): Promise<{ failed: readonly NewEvent[]; succeeded: number }> {
    const failed: NewEvent[] = [];
    let lost = 0;
    for (const [index, event] of events.entries()) {
      const error = await this.#failureOf([event]);
      if (error === undefined) continue;
      if (isClosed(error)) {
        const left = failed.length + events.length - index;
        this.#lose(left, error);
        return { failed: [], succeeded: 0 };
      }
      if (isRetryable(error) && !isLast && !this.#isOver) failed.push(event);
      else {
        this.#lose(1, error);
        lost++;
      }
    }
    return { failed, succeeded: events.length - failed.length - lost };
  }

  async #failureOf(events: readonly NewEvent[]): Promise<unknown> {
    try {
      await this.#digest(events);
      return undefined;
    } catch (error) {
      return error ?? new Error("The digest failed without an error.");
    }
  }

  /** Waits before another attempt; not once the queue has ended. */
  #pause(durationMs: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const cancelTimer = this.#setTimer(durationMs, resolve);
      this.#endPause = () => {
        cancelTimer();
        resolve();
      };
    });
  }

  #lose(count: number, cause: unknown): void {
    if (!this.#isReported) this.#onError(lossOf(count, cause));
  }
}

function pauseAfter(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 10), LAST_PAUSE_MS);
}

function isRetryable(error: unknown): boolean {
  return IssueLifecycleError.is(error) && error.retryable;
}

/** Whether the tracker is closed: then it digests no event of a batch. */
function isClosed(error: unknown): boolean {
  return IssueLifecycleError.is(error) && error.code === "closed";
}

/** The error that says that events are lost. */
export function lossOf(count: number, cause: unknown): IssueLifecycleError {
  const reason = cause instanceof Error ? ` ${cause.message}` : "";
  return new IssueLifecycleError("events-lost", `${pluralize(count, "event")} could not be digested.${reason}`, {
    cause,
  });
}
