import type { AlertLease } from "../../ports/alert-outbox.ts";
import type { Clock } from "../../ports/clock.ts";
import { timeIsUp } from "./attempt.ts";

/** A lease, and the signal that says when it is over: by a timer, because a clock may jump. */
export class LeaseTimer {
  readonly lease: AlertLease;
  readonly #controller = new AbortController();
  readonly #callOff: () => void;

  constructor(lease: AlertLease, leaseMs: number, clock: Required<Clock>) {
    this.lease = lease;
    this.#callOff = clock.setTimer(leaseMs, () => {
      this.#controller.abort(timeIsUp(leaseMs));
    });
  }

  /** Is aborted when the lease is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Nobody needs the lease any more. */
  callOff(): void {
    this.#callOff();
  }
}
