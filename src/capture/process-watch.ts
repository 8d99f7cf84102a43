import type { EventLevel } from "../core/event-level.ts";
import { endProcessAfter } from "./process-end.ts";
import { doesHostListen, isOurs, keepListener, ours, type ErrorEventName } from "./process-listeners.ts";
import { rejectionMode } from "./rejection-mode.ts";

/** Receives the errors that nobody handles. */
export interface ProcessWatcher {
  /** Does not throw. */
  capture(error: unknown, mechanism: ErrorEventName, level: EventLevel): void;
  /** Waits before the process ends, for a limited time. Does not reject. */
  settleBeforeEnd(): Promise<void>;
}

/**
 * Watches the process for errors that nobody handles. One for all captures: while it waits for one of them before the process ends, no
 * other may end it.
 *
 * Errors are captured by `uncaughtExceptionMonitor`, which has no influence. The other listeners are there only while their presence changes
 * nothing, because a listener of `uncaughtException` or `unhandledRejection` keeps Node from what it does without one.
 */
class ProcessWatch {
  readonly #watchers = new Set<ProcessWatcher>();
  #isEnding = false;

  /** Adds a watcher, unless it is there already. */
  add(watcher: ProcessWatcher): void {
    if (this.#watchers.size === 0) {
      process.on("uncaughtExceptionMonitor", this.#onMonitor);
      process.on("newListener", this.#onNewListener);
      process.on("removeListener", this.#onRemoveListener);
    }
    this.#watchers.add(watcher);
    this.#update();
  }

  /** Removes a watcher. */
  remove(watcher: ProcessWatcher): void {
    if (this.#watchers.delete(watcher) && this.#watchers.size === 0) this.#stop();
  }

  #stop(): void {
    process.removeListener("uncaughtExceptionMonitor", this.#onMonitor);
    process.removeListener("newListener", this.#onNewListener);
    process.removeListener("removeListener", this.#onRemoveListener);
    this.#update();
  }

  /**
   * Adds and removes listeners so that they change nothing.
   *
   * @param added - the event to which the host is adding a listener just now
   */
  #update(added?: string | symbol): void {
    const isWatching = this.#watchers.size > 0;
    const doesHostHandle = added === "uncaughtException" || doesHostListen("uncaughtException");
    const doesHostHandleRejections = added === "unhandledRejection" || doesHostListen("unhandledRejection");
    const waits = this.#isEnding || (isWatching && !doesHostHandle);
    keepListener("uncaughtException", this.#onUncaught, waits);
    keepListener("unhandledRejection", this.#onRejection, isWatching && mayHear(waits, doesHostHandleRejections));
  }

  readonly #onNewListener = ours((name: string | symbol, listener: object) => {
    if (!isOurs(listener)) this.#update(name);
  });

  readonly #onRemoveListener = ours((_name: string | symbol, listener: object) => {
    if (!isOurs(listener)) this.#update();
  });

  readonly #onMonitor = ours((error: unknown, origin: ErrorEventName) => {
    const isFatal =
      !this.#isEnding && !doesHostListen("uncaughtException") && !process.hasUncaughtExceptionCaptureCallback();
    this.#capture(error, origin, isFatal ? "fatal" : "error");
  });

  readonly #onRejection = ours((reason: unknown) => {
    // In that mode the monitor was called with it, or with an error that stands for it.
    if (currentMode() !== "strict") this.#capture(reason, "unhandledRejection", "error");
  });

  /** Is called where Node would end the process. */
  readonly #onUncaught = ours((error: unknown) => {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const settled = Promise.all([...this.#watchers].map((watcher) => watcher.settleBeforeEnd()));
    void endProcessAfter(error, currentMode(), settled, () => {
      this.#isEnding = false;
      this.#watchers.clear();
      this.#stop();
    });
  });

  #capture(error: unknown, mechanism: ErrorEventName, level: EventLevel): void {
    for (const watcher of this.#watchers) watcher.capture(error, mechanism, level);
  }
}

/** The one watch of this process. */
export const processWatch = new ProcessWatch();

function currentMode() {
  return rejectionMode(process.env["NODE_OPTIONS"], process.execArgv);
}

/**
 * Whether a listener of `unhandledRejection` changes nothing: in the mode `throw` a rejection is an uncaught exception unless there is a
 * listener, in the modes `warn` and `none` listeners have no influence, and in the mode `strict` one is needed to keep Node from a warning
 * while the process waits for its end.
 */
function mayHear(waits: boolean, doesHostHandle: boolean): boolean {
  switch (currentMode()) {
    case "warn":
    case "none":
      return true;
    case "strict":
      return waits;
    case "throw":
    case "warn-with-error-code":
      return doesHostHandle;
  }
}
