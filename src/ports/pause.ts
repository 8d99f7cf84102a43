/**
 * Runs a function when the process has done what else is waiting. Taken when the module is loaded, so that fake timers, which a
 * host's tests may install later, do not keep it from running.
 */
const soon: (resume: () => void) => unknown =
  typeof setImmediate === "function" ? setImmediate : (resume) => setTimeout(resume, 0);

/** How long a turn of the event loop may last, in milliseconds, before work pauses. */
const LONG_TURN_MS = 10;

/** When the present turn of the event loop was first asked about. */
let turnBegan: number | undefined;

/**
 * Whether the present turn of the event loop has lasted for long: requests and timers wait for its end, and promises alone never
 * end it. Then {@link pause}.
 */
export function isTurnLong(): boolean {
  if (turnBegan !== undefined) return performance.now() - turnBegan > LONG_TURN_MS;
  turnBegan = performance.now();
  soon(() => {
    turnBegan = undefined;
  });
  return false;
}

/** Ends the present turn of the event loop: what else the process has to do runs before work goes on. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    soon(resolve);
  });
}

/** Works on values one after the other, and pauses whenever it has lasted for long. */
export async function eachWithPauses<Value>(values: Iterable<Value>, work: (value: Value) => void): Promise<void> {
  for (const value of values) {
    if (isTurnLong()) await pause();
    work(value);
  }
}
