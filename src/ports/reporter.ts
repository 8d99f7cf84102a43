/**
 * Passes reports to a host's function. One that fails, at once or later, affects nothing else.
 *
 * @param onError - receives what the function throws, or its promise rejects with
 */
export function reporterTo<Report>(
  listener: ((report: Report) => unknown) | undefined,
  onError: (error: unknown) => void,
): (report: Report) => void {
  return (report) => {
    try {
      Promise.resolve(listener?.(report)).catch(onError);
    } catch (error) {
      onError(error);
    }
  };
}

/** Passes reports to several functions, in their order; `undefined` without any, so that no reports have to be made. */
export function reporterToAll<Report>(
  listeners: readonly ((report: Report) => unknown)[],
  onError: (error: unknown) => void,
): ((report: Report) => void) | undefined {
  if (listeners.length === 0) return undefined;
  const reporters = listeners.map((listener) => reporterTo(listener, onError));
  return (report) => {
    for (const each of reporters) each(report);
  };
}
