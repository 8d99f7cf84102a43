import type { IssueLifecycleError } from "../core/errors.ts";
import { engineShape, MAX_ATTEMPTS, transactionShape, type KeyValueEngine } from "./engine.ts";
import { engineFailure, Session } from "./session.ts";

/** What a transaction is begun for. */
export type Mode = "read" | "write";

/** For each engine object the end of the last transaction that took a turn. */
const lastTurns = new WeakMap<KeyValueEngine, Promise<unknown>>();

/** Runs work in transactions of an engine: in turns, and again while the engine is busy or reports a conflict. */
export class Transactions {
  readonly #engine: KeyValueEngine;
  readonly #concurrent: "none" | "reads" | "all";

  /** @throws `IssueLifecycleError` `invalid-input` for an engine without the required members */
  constructor(engine: KeyValueEngine) {
    this.#concurrent = engineShape("engine", engine).concurrent;
    this.#engine = engine;
  }

  /** Runs work in a transaction. */
  async run<Result>(mode: Mode, work: (session: Session) => Promise<Result>): Promise<Result> {
    const attempts = (): Promise<Result> => this.#retry(mode, work);
    const takesTurn = this.#concurrent === "none" || (this.#concurrent === "reads" && mode === "write");
    if (!takesTurn) return attempts();
    const result = (lastTurns.get(this.#engine) ?? Promise.resolve()).then(attempts);
    lastTurns.set(
      this.#engine,
      result.catch(() => undefined),
    );
    return result;
  }

  async #retry<Result>(mode: Mode, work: (session: Session) => Promise<Result>): Promise<Result> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let attempts = 1; ; attempts++) {
      const attempt = await this.#attempt(mode, work);
      if ("result" in attempt) return attempt.result;
      if (!attempt.isRetryable || attempts === MAX_ATTEMPTS) throw attempt.error;
      // Random, so that transactions that conflicted do not conflict again.
      await pause(pauseMs * Math.random());
      pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
    }
  }

  async #attempt<Result>(mode: Mode, work: (session: Session) => Promise<Result>): Promise<Attempt<Result>> {
    let session: Session;
    try {
      session = new Session(await this.#begin(mode));
    } catch (error) {
      const failure = engineFailure(error);
      return { error: failure, isRetryable: isWorthRetrying(failure) };
    }
    try {
      const result = await work(session);
      // A failure that the work did not pass on.
      if (session.failure !== undefined) throw session.failure;
      await session.commit();
      return { result };
    } catch (error) {
      const { failure } = session;
      const isRolledBack = await rollBack(session);
      const isRetryable = failure !== undefined && isRolledBack && isWorthRetrying(failure);
      return { error: isRetryable ? failure : error, isRetryable };
    }
  }

  async #begin(mode: Mode) {
    const transaction = await this.#engine.begin(mode);
    transactionShape("engine.begin()", transaction);
    return transaction;
  }
}

/** The result of one attempt, or why it failed. */
type Attempt<Result> = { readonly result: Result } | { readonly error: unknown; readonly isRetryable: boolean };

const FIRST_PAUSE_MS = 2;
const MAX_PAUSE_MS = 250;

function isWorthRetrying({ code }: IssueLifecycleError): boolean {
  return code === "store-busy" || code === "store-conflict";
}

/** Rolls back. Returns whether that succeeded: if not, the error that led here is the one to report, and nothing runs again. */
async function rollBack(session: Session): Promise<boolean> {
  try {
    await session.rollback();
    return true;
  } catch {
    return false;
  }
}

async function pause(durationMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, durationMs));
}
