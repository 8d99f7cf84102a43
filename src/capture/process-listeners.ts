/** The events of the process by which errors arrive that nobody handles. */
export type ErrorEventName = "uncaughtException" | "unhandledRejection";

/** The same in every copy of this package in a process, so that none takes the listeners of another for the host's. */
const OURS: unique symbol = Symbol.for("issue-lifecycle.listener");

/** Marks a listener as one of this package. */
export function ours<Listener extends (...given: never[]) => void>(listener: Listener): Listener {
  return Object.assign(listener, { [OURS]: true });
}

/** Whether the host listens to an event of the process, or some library of it. */
export function doesHostListen(name: ErrorEventName): boolean {
  return process.rawListeners(name).some((listener) => !isOurs(listener));
}

/** Whether a listener is one of this package. */
export function isOurs(listener: object): boolean {
  return OURS in listener;
}

/** Adds a listener of this package, or removes it, so that it is there exactly once or not at all. */
export function keepListener(name: ErrorEventName, listener: (error: unknown) => void, isWanted: boolean): void {
  const isThere = process.rawListeners(name).includes(listener);
  if (isWanted === isThere) return;
  if (isWanted) process.on(name, listener);
  else process.removeListener(name, listener);
}
