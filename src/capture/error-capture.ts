import type { CaptureDetails } from "./capture-details.ts";
import { parseCaptureOptions, type ErrorCaptureOptions } from "./capture-options.ts";
import { expressHandler, type ExpressErrorHandler } from "./express.ts";
import { fastifyHook, type FastifyErrorHook } from "./fastify.ts";
import { honoHandler, type HonoContext, type HonoErrorHandler } from "./hono.ts";
import { processWatch, type ProcessWatcher } from "./process-watch.ts";
import { Recorder } from "./recorder.ts";

/**
 * Captures thrown errors as events. All functions can be passed on without the object. None throws or waits because of what was thrown;
 * an error that passes through several handlers is captured once.
 */
export interface ErrorCapture extends AsyncDisposable {
  /**
   * An error handler for Express 4 and 5: `app.use(capture.express)` after the routes and before your own error handlers. It passes each
   * error on.
   */
  readonly express: ExpressErrorHandler;
  /**
   * A hook for Fastify: `app.addHook("onError", capture.fastify)` before the routes and plugins. Error handlers and answers stay as they
   * are.
   */
  readonly fastify: FastifyErrorHook;
  /**
   * Creates an error handler for Hono, which has only one: `app.onError(capture.hono())`.
   *
   * @param handler - your own error handler, which answers. Default: what Hono does without one
   */
  readonly hono: <Context extends HonoContext>(handler?: HonoErrorHandler<Context>) => HonoErrorHandler<Context>;
  /**
   * Captures uncaught exceptions and unhandled rejections of this process, without changing what Node then does. If that is to end
   * the process, the end waits until the events are digested, at most `timeoutMs`. The page `docs/capture.md` says exactly what changes.
   *
   * @returns a function that removes the handlers
   */
  process(): () => void;
  /**
   * Captures an error that you caught.
   *
   * @param details - what you know of it. If they are malformed, `onError` receives the reason, and the error is captured without them
   */
  error(error: unknown, details?: CaptureDetails): void;
  /** Waits until all that was captured so far is digested, or lost. */
  flush(): Promise<void>;
  /**
   * Removes the handlers of the process, and waits for what is not digested yet. What is left after `timeoutMs` is lost, and so is what is
   * captured afterwards; both are reported to `onError`. Close it before the tracker. `await using` closes it too.
   */
  close(): Promise<void>;
}

/**
 * Creates a capture, which gets thrown errors into a tracker: by error handlers for Express, Fastify and Hono, by handlers for the process,
 * and by hand. Events are digested in the background, in batches; while the store cannot be reached they wait.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
 * import { createErrorCapture } from "issue-lifecycle/capture";
 *
 * const tracker = createIssueTracker({ store: createMemoryStore() });
 * await tracker.projects.save({ id: "shop" });
 * const capture = createErrorCapture({ tracker, projectId: "shop", release: "1.4.2" });
 * capture.process();
 *
 * try {
 *   throw new TypeError("cart is undefined");
 * } catch (error) {
 *   capture.error(error, { userId: "ann", transaction: "POST /cart" });
 * }
 * await capture.close();
 * ```
 */
export function createErrorCapture(options: ErrorCaptureOptions): ErrorCapture {
  const recorder = new Recorder(parseCaptureOptions(options));
  const watcher: ProcessWatcher = {
    capture(error, mechanism, level) {
      recorder.recordCaught(error, { mechanism, level });
    },
    settleBeforeEnd: () => recorder.settleBeforeEnd(),
  };
  const stop = (): void => {
    processWatch.remove(watcher);
  };
  const close = async (): Promise<void> => {
    await recorder.close();
    stop();
  };
  return {
    express: expressHandler(recorder),
    fastify: fastifyHook(recorder),
    hono: (handler) => honoHandler(recorder, handler),
    process() {
      processWatch.add(watcher);
      return stop;
    },
    error(error, details) {
      recorder.record(error, details);
    },
    flush: () => recorder.flush(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
