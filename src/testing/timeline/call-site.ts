/** The place in a test from which a step was added to a timeline. */
export class CallSite {
  /** The lines of the stack, from the test's own down. */
  readonly #frames: string;

  /** @param callee - the method that the test called, which is left out with all that it called itself */
  constructor(callee: unknown) {
    const trace = { stack: "" };
    if ("captureStackTrace" in Error && typeof callee === "function") Error.captureStackTrace(trace, callee);
    this.#frames = trace.stack.slice(trace.stack.indexOf("\n") + 1);
  }

  /** Makes an error's stack begin here, so that test runners show this line. What it was thrown by follows. */
  pointTo(error: Error): void {
    const { name, message, stack = "" } = error;
    const thrownBy = stack.split("\n").filter((line) => /^\s+at /u.test(line));
    error.stack = [`${name}: ${message}`, this.#frames, ...thrownBy].filter((line) => line !== "").join("\n");
  }
}
