/**
 * Runs a function when the process has done what else is waiting. Taken when the module is loaded, so that fake timers, which a
 * host's tests may install later, do not keep it from running.
 */
const soon: (resume: () => void) => unknown =
  typeof setImmediate === "function" ? setImmediate : (resume) => setTimeout(resume, 0);

/** Lets the rest of the process run, such as requests and timers, before work goes on: promises alone never do. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    soon(resolve);
  });
}

/** So many events, issues and the like are worked on in some milliseconds. */
export const AT_ONCE = 500;

/** Works on values one after the other, and pauses now and then if there are many. */
export async function eachWithPauses<Value>(values: Iterable<Value>, work: (value: Value) => void): Promise<void> {
  let left = AT_ONCE;
  for (const value of values) {
    if (left-- === 0) {
      await pause();
      left = AT_ONCE;
    }
    work(value);
  }
}
