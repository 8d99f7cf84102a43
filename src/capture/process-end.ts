import type { RejectionMode } from "./rejection-mode.ts";

/** The exit code of a process that an uncaught error ended. */
const EXIT_CODE = 1;

/**
 * Ends the process by an error as Node would have done at once, after a wait.
 *
 * @param mode - what Node does about rejections
 * @param wait - does not reject
 * @param release - removes the listeners of this package
 */
export async function endProcessAfter(
  error: unknown,
  mode: RejectionMode,
  wait: Promise<unknown>,
  release: () => void,
): Promise<void> {
  const onExit = (): void => {
    exitByError(error);
  };
  process.prependListener("exit", onExit);
  try {
    await wait;
    process.removeListener("exit", onExit);
    release();
  } finally {
    // Whatever failed: the process must not live on.
    throwUncaught(error, mode);
  }
}

/** The host called `process.exit()` during the wait: it would not have come to that. */
function exitByError(error: unknown): void {
  process.exitCode = EXIT_CODE;
  try {
    console.error(error);
  } catch {
    // An error that cannot be shown.
  }
}

/**
 * Throws an error that no one can catch, so that Node prints it, calls the listeners of `exit`, and ends the process. Listeners that were
 * added during the wait are removed, because the process would not have lived to see them; so are the monitors, which have been called with
 * the error before.
 */
function throwUncaught(error: unknown, mode: RejectionMode): void {
  for (const name of ["uncaughtException", "unhandledRejection", "uncaughtExceptionMonitor"]) {
    process.removeAllListeners(name);
  }
  if (process.hasUncaughtExceptionCaptureCallback()) process.setUncaughtExceptionCaptureCallback(null);
  setImmediate(() => {
    throw error;
  });
  // Node prints an excerpt of the source with it. For a rejection that is a line of its own; else it would show the statement above.
  if ((mode === "throw" || mode === "strict") && hasStack(error)) void rejectWith(error);
}

async function rejectWith(error: unknown): Promise<never> {
  throw error;
}

/** Whether Node prints a rejection's reason as it is. */
function hasStack(error: unknown): boolean {
  try {
    return typeof error === "object" && error !== null && Object.hasOwn(error, "stack");
  } catch {
    // A proxy.
    return false;
  }
}
