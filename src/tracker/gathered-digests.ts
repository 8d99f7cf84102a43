import { IssueLifecycleError } from "../core/errors.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { OperationContext } from "./changes.ts";
import type { CallResult, DigestOutcome } from "./digest.ts";

/** How many events of several calls one transaction digests: enough to be cheap, and few enough to keep nobody waiting. */
const MAX_EVENTS = 250;

/** How many characters they may have, about. */
const MAX_CHARACTERS = 1_000_000;

/** How far the times of calls in one transaction may be apart. The transaction has the time of the last call. */
const MAX_APART_MS = 100;

/** How long calls wait for a transaction before them: after that it may wait for a lock that does not concern them. */
const MAX_WAIT_MS = 100;

/** A call of `digest`. */
export interface DigestCall {
  /** Its checked events; at least one. */
  readonly events: readonly CheckedEvent[];
  /** The clock and rules as the call found them. */
  readonly context: OperationContext;
}

/** A call of `digest` with so many events that reading them takes a while. */
export interface LargeDigestCall {
  /** Reads and checks its events, with pauses. May be called again. */
  readonly read: () => Promise<readonly CheckedEvent[]>;
  readonly context: OperationContext;
}

/** Calls for one transaction. */
interface DigestCalls {
  /** The events of each call. */
  readonly calls: readonly (readonly CheckedEvent[])[];
  readonly context: OperationContext;
}

/**
 * Digests calls in one transaction, and returns a result for each. If it fails, nothing of any call was digested.
 *
 * @param begin - returns the calls when the transaction begins; the same if it begins again after a conflict
 */
export type DigestTogether = (begin: () => DigestCalls | Promise<DigestCalls>) => Promise<readonly CallResult[]>;

/** Digests a call in a transaction of its own. */
export async function digestAlone(
  digestTogether: DigestTogether,
  begin: () => DigestCalls | Promise<DigestCalls>,
): Promise<DigestOutcome[]> {
  const [result] = await digestTogether(begin);
  if (result === undefined) throw new IssueLifecycleError("corrupt-data", "A call has no result.");
  if ("error" in result) throw result.error;
  return result.outcomes;
}

/** Digests a call in a transaction of its own, which is requested at once. Its events are read when it has begun. */
export function digestLargeAlone(
  digestTogether: DigestTogether,
  { read, context }: LargeDigestCall,
): Promise<DigestOutcome[]> {
  return digestAlone(digestTogether, async () => ({ calls: [await read()], context }));
}

/** A call with its promise. */
interface WaitingCall extends DigestCall {
  readonly resolve: (outcomes: DigestOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets calls share transactions: those that are made while a transaction is running are digested together by the next one. The
 * result of each call is the same as if it had been alone, in the order of the calls. After a shared transaction has failed, its calls are
 * digested one by one, which may be after commands that were requested meanwhile.
 */
export class GatheredDigests {
  readonly #digestTogether: DigestTogether;
  readonly #setTimer: Required<Clock>["setTimer"];
  /** The batches whose transactions are not requested yet. */
  readonly #waiting: Batch[] = [];
  /** The batch that the next call joins: the last one, until its transaction begins. */
  #open: Batch | undefined;
  readonly #running = new Set<Promise<void>>();
  #cancelTimer: (() => void) | undefined;
  #isEnding = false;

  constructor(digestTogether: DigestTogether, setTimer: Required<Clock>["setTimer"]) {
    this.#digestTogether = digestTogether;
    this.#setTimer = setTimer;
  }

  /** Digests the events of a call, together with others. */
  digest(call: DigestCall): Promise<DigestOutcome[]> {
    return new Promise((resolve, reject) => {
      this.#add({ ...call, resolve, reject });
    });
  }

  /** Digests a large call after all others so far. */
  digestLarge(call: LargeDigestCall): Promise<DigestOutcome[]> {
    this.flush();
    const digesting = digestLargeAlone(this.#digestTogether, call);
    this.#addRunning(digesting);
    return digesting;
  }

  /** Requests the transactions of all calls so far, so that they come before whatever is requested next. */
  flush(): void {
    this.#open = undefined;
    while (this.#waiting.length > 0) this.#startNext();
  }

  /** Waits for all calls. Later ones wait for no other. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.flush();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #add(call: WaitingCall): void {
    if (this.#open?.add(call) !== true) {
      this.#open = new Batch(call);
      this.#waiting.push(this.#open);
    }
    if (this.#isEnding) this.flush();
    else if (this.#running.size === 0) this.#startNext();
    else if (this.#waiting.length > 0)
      this.#cancelTimer ??= this.#setTimer(MAX_WAIT_MS, () => {
        this.#stopWaiting();
      });
  }

  #stopWaiting(): void {
    this.#cancelTimer = undefined;
    this.flush();
  }

  #startNext(): void {
    const batch = this.#waiting.shift();
    if (this.#waiting.length === 0) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    }
    if (batch !== undefined) this.#addRunning(this.#run(batch));
  }

  #addRunning(work: Promise<unknown>): void {
    const end = (): void => {
      this.#running.delete(running);
      if (this.#running.size === 0) this.#startNext();
    };
    const running = work.then(end, end);
    this.#running.add(running);
  }

  async #run(batch: Batch): Promise<void> {
    const close = (): void => {
      if (this.#open === batch) this.#open = undefined;
    };
    try {
      const results = await this.#digestTogether(() => {
        close();
        return { calls: batch.calls.map(({ events }) => events), context: batch.context };
      });
      settle(batch.calls, results);
    } catch (error) {
      // Also if the transaction has not begun.
      close();
      if (batch.calls.length === 1 || mayBeStored(error)) for (const call of batch.calls) call.reject(error);
      else await this.#runAlone(batch.calls);
    }
  }

  /**
   * Runs the calls of a batch that failed one after the other: each gets what it would have got alone. Where the store cannot be
   * reached, all that are left get the same error, rather than to wait for it one after the other.
   */
  async #runAlone(calls: readonly WaitingCall[]): Promise<void> {
    const failure: { error?: unknown } = {};
    for (const call of calls) {
      if ("error" in failure) {
        call.reject(failure.error);
        continue;
      }
      try {
        settle([call], await this.#digestTogether(() => ({ calls: [call.events], context: call.context })));
      } catch (error) {
        call.reject(error);
        if (IssueLifecycleError.is(error) && error.retryable) failure.error = error;
      }
    }
  }
}

/** Whether nobody knows what became of a transaction: the connection was lost, perhaps while it was committed. */
function mayBeStored(error: unknown): boolean {
  return IssueLifecycleError.is(error) && error.code === "store-failed" && error.retryable;
}

function settle(calls: readonly WaitingCall[], results: readonly CallResult[]): void {
  for (const [index, call] of calls.entries()) {
    const result = results[index];
    if (result === undefined) call.reject(new IssueLifecycleError("corrupt-data", "A call has no result."));
    else if ("error" in result) call.reject(result.error);
    else call.resolve(result.outcomes);
  }
}

/** Calls that are digested by one transaction. */
class Batch {
  readonly calls: WaitingCall[];
  #events: number;
  #characters: number;
  readonly #from: number;
  /** That of the last call. */
  context: OperationContext;

  constructor(first: WaitingCall) {
    this.calls = [first];
    this.#events = first.events.length;
    this.#characters = charactersOf(first);
    this.#from = first.context.now;
    this.context = first.context;
  }

  /** Adds a call, unless there are enough, or its time is too far from that of the others, or before it. */
  add(call: WaitingCall): boolean {
    const events = this.#events + call.events.length;
    const { now } = call.context;
    if (events > MAX_EVENTS || now < this.context.now || now > this.#from + MAX_APART_MS) return false;
    const characters = this.#characters + charactersOf(call);
    if (characters > MAX_CHARACTERS) return false;
    this.calls.push(call);
    this.#events = events;
    this.#characters = characters;
    this.context = call.context;
    return true;
  }
}

/** How many characters of a call's events have no small limit. */
function charactersOf({ events }: DigestCall): number {
  let characters = 0;
  for (const { content, groupingKey, data } of events) {
    characters += content.type.length + content.value.length + groupingKey.length + (data?.length ?? 0);
  }
  return characters;
}
