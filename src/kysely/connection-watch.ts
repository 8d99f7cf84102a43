import { IssueLifecycleError } from "../core/errors.ts";

/**
 * Waits for connections, but not for ever: one that is not to be had for so long, while no work of ours has one, is held by
 * somebody who may be waiting for us.
 */
export class ConnectionWatch {
  readonly #timeoutMs: number;
  /** How many pieces of work have a connection. */
  #connected = 0;
  /** When the last of them ended. */
  #idleSince = performance.now();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Runs work that needs a connection.
   *
   * @param start - starts it, and calls what it is given when there is a connection
   */
  run<Result>(start: (onConnected: () => void) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const waitingSince = performance.now();
      const state = { connected: false, gaveUp: false };
      const check = (): void => {
        const idleMs = this.#connected > 0 ? 0 : performance.now() - Math.max(waitingSince, this.#idleSince);
        if (idleMs < this.#timeoutMs) {
          timer = setTimeout(check, this.#timeoutMs - idleMs);
          return;
        }
        state.gaveUp = true;
        reject(this.#noConnection());
      };
      let timer = setTimeout(check, this.#timeoutMs);
      const onConnected = (): void => {
        if (state.gaveUp) throw this.#noConnection();
        clearTimeout(timer);
        state.connected = true;
        this.#connected++;
      };
      start(onConnected)
        .finally(() => {
          clearTimeout(timer);
          if (!state.connected) return;
          this.#connected--;
          this.#idleSince = performance.now();
        })
        .then(resolve, reject);
    });
  }

  #noConnection(): IssueLifecycleError {
    return new IssueLifecycleError(
      "store-busy",
      `No connection was free for ${String(this.#timeoutMs)} ms. Inside a transaction of the same Kysely instance, ` +
        "use tracker.withTransaction(transaction).",
      { retryable: true },
    );
  }
}
