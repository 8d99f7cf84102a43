import type { Clock } from "../ports/clock.ts";

/** What {@link Periodic} depends on. */
export interface PeriodicParts {
  readonly setTimer: Required<Clock>["setTimer"];
  /** A random number from 0 to 1; any other result counts as 0. */
  readonly random: () => number;
  /** Receives what the work throws. Never throws. */
  readonly onError: (error: unknown) => void;
}

/** The part of a period by which a run is early or late, and within which the first one comes. */
const JITTER = 0.1;

/**
 * Runs work again and again until it is ended: first after up to a tenth of the period, then a period after each run has ended, up to a
 * tenth shorter or longer, so that processes that begin together do not stay together. One that fails is reported, and the next one comes
 * at its time.
 */
export class Periodic {
  readonly #parts: PeriodicParts;
  readonly #periodMs: number;
  readonly #work: (isEnded: () => boolean) => Promise<void>;
  #isEnded = false;
  #cancelTimer: () => void = () => undefined;
  #running: Promise<void> | undefined;

  /** @param work - one run, which may end early once it is ended */
  constructor(parts: PeriodicParts, periodMs: number, work: (isEnded: () => boolean) => Promise<void>) {
    this.#parts = parts;
    this.#periodMs = periodMs;
    this.#work = work;
  }

  /** Sets the timer of the first run. */
  begin(): void {
    this.#runAfter(this.#chance() * JITTER);
  }

  /** Waits for the run that is in flight. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Begins no further run, and waits for the one that is in flight. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#try(this.#cancelTimer);
    await this.#running;
  }

  #runAfter(periods: number): void {
    if (this.#isEnded) return;
    this.#try(() => {
      this.#cancelTimer = this.#parts.setTimer(Math.round(periods * this.#periodMs), () => {
        this.#running = this.#run();
      });
    });
  }

  /** Does what the host's clock does. Nobody could catch what it throws. */
  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    try {
      await this.#work(() => this.#isEnded);
    } catch (error) {
      this.#parts.onError(error);
    }
    this.#running = undefined;
    this.#runAfter(1 + JITTER * (2 * this.#chance() - 1));
  }

  #chance(): number {
    const { random, onError } = this.#parts;
    try {
      const chance = random();
      return chance >= 0 && chance <= 1 ? chance : 0;
    } catch (error) {
      onError(error);
      return 0;
    }
  }
}
