import { callback } from "../core/shape.ts";

const errorListener = callback<(error: unknown) => unknown>();

/**
 * The shape of a host's function for errors that no caller waits for. What it returns never throws; by default it writes to the console.
 */
export function requireErrorReporter(field: string, value: unknown): (error: unknown) => void {
  return reporterBy(value === undefined ? reportToConsole : errorListener(field, value));
}

/** Reports errors by the host's function. If that fails, at once or later, its own error goes to the console. */
function reporterBy(onError: (error: unknown) => unknown): (error: unknown) => void {
  return (error) => {
    try {
      Promise.resolve(onError(error)).catch(reportToConsole);
    } catch (failure) {
      reportToConsole(failure);
      reportToConsole(error);
    }
  };
}

function reportToConsole(error: unknown): void {
  const heading = "issue-lifecycle: an error that no caller waits for.";
  try {
    console.error(heading, error);
  } catch (unreadable) {
    // Such as an error whose message fails when it is read.
    console.error(heading, "It cannot be shown:", unreadable);
  }
}
